//! The one place that takes secrets out of a line before anybody sees it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::CleanText;

/// A line of a file with every secret replaced by `•••`, safe to show.
///
/// What the check knows to be secret is masked by its byte ranges; whatever
/// else looks like a secret on the same line is masked too.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Redacted(CleanText);

/// What stands where a secret stood.
pub const MASK: &str = "•••";

/// Longer lines are cut here, in characters: minified code is not for reading.
const LONGEST: usize = 200;

impl Redacted {
    /// Masks `secrets` (byte ranges of `line`; those off a character boundary
    /// are widened to it) and whatever else looks like a secret.
    pub fn line(line: &str, secrets: &[Range<usize>]) -> Self {
        let line = line.trim_end_matches(['\n', '\r']);
        let mut ranges: Vec<Range<usize>> = secrets
            .iter()
            .map(|range| widen(line, range))
            .chain(suspicious(line))
            .filter(|range| !range.is_empty())
            .collect();
        ranges.sort_by_key(|range| (range.start, range.end));
        let mut out = String::with_capacity(line.len());
        let mut end = 0;
        for range in ranges {
            if range.end <= end {
                continue;
            }
            if range.start >= end {
                out.push_str(&line[end..range.start]);
                out.push_str(MASK);
            }
            end = range.end;
        }
        out.push_str(&line[end..]);
        Self(CleanText::line(cut(out)))
    }

    /// The safe text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl std::fmt::Debug for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.0.as_str())
    }
}

fn widen(line: &str, range: &Range<usize>) -> Range<usize> {
    let mut start = range.start.min(line.len());
    let mut end = range.end.clamp(start, line.len());
    while !line.is_char_boundary(start) {
        start -= 1;
    }
    while !line.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Values by their shape alone; group 1 is what gets masked.
static SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // the password of a URL
        r"[A-Za-z][A-Za-z0-9+.-]*://[^\s:/@]*:([^\s/@]+)@",
        // an assignment to a name that says so
        r#"(?i)[\w.-]*(?:secret|passw|pwd|token|api_?key|private_?key|credential|auth)[\w.-]*["']?\]?\s*(?::\s*\w+\s*)?(?:=>|:=|=|:)\s*["']?([^\s"',;)}\]]{4,})"#,
        // vendors' token formats
        r"\b((?:[sr]k|pk|whsec)_(?:live|test)?_?[A-Za-z0-9]{8,})",
        r"\b(gh[opusr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}|xox[a-z]-[\w-]{10,}|gsk_\w{16,}|AIza[\w-]{20,}|A[KS]IA[0-9A-Z]{12,}|SG\.[\w-]{10,}\.[\w-]{10,})",
        r"\b(eyJ[\w-]{8,}\.[\w-]{8,}\.?[\w-]*)",
        // long runs that only a machine writes
        r"\b([0-9a-fA-F]{32,})\b",
        r"([A-Za-z0-9+/_-]{40,}={0,2})",
    ]
    .iter()
    .filter_map(|shape| Regex::new(shape).ok())
    .collect()
});

fn suspicious(line: &str) -> Vec<Range<usize>> {
    SHAPES
        .iter()
        .flat_map(|shape| shape.captures_iter(line))
        .filter_map(|found| found.get(1).map(|value| value.range()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Redacted, SHAPES};

    #[test]
    fn every_shape_compiles() {
        assert_eq!(SHAPES.len(), 7);
    }

    #[test]
    fn known_ranges_are_masked() {
        let line = r#"KEY = "hunter2"; b = "x""#;
        assert_eq!(Redacted::line(line, &[7..14]).as_str(), r#"KEY = "•••"; b = "x""#);
        assert_eq!(Redacted::line("aébc", &[2..3]).as_str(), "a•••bc");
        assert_eq!(Redacted::line("abcdef", &[1..3, 2..5]).as_str(), "a•••f");
        assert_eq!(Redacted::line("ab", &[1..99]).as_str(), "a•••");
    }

    #[test]
    fn neighbours_that_look_like_secrets_are_masked() {
        let cases = [
            ("postgres://u:hunter2@db/x", "postgres://u:•••@db/x"),
            ("MAIL_PASSWORD=hunter2 X=1", "MAIL_PASSWORD=••• X=1"),
            (r#"app.config["SECRET_KEY"] = "hunter2""#, r#"app.config["SECRET_KEY"] = "•••""#),
            (r#"{"api_key": "abcd1234"}"#, r#"{"api_key": "•••"}"#),
            ("stripe.api = sk_live_abcdefgh1234", "stripe.api = •••"),
            ("x = 0123456789abcdef0123456789abcdef", "x = •••"),
            ("# TODO: rotate the key", "# TODO: rotate the key"),
        ];
        for (given, expected) in cases {
            assert_eq!(Redacted::line(given, &[]).as_str(), expected);
        }
    }

    #[test]
    fn long_lines_are_cut() {
        assert_eq!(Redacted::line(&"ab ".repeat(500), &[]).as_str().chars().count(), 201);
    }
}
