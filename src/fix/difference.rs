//! The lines in which two contents of a file differ, for people.

use crate::model::CleanText;
use crate::secret::redact;

/// So many lines are shown at most.
const MOST: usize = 40;

/// The lines that go, with `-`, and those that come, with `+`; the common
/// beginning and end are left out. Secrets are masked.
pub(super) fn lines(path: &str, before: &[u8], after: &[u8]) -> Vec<CleanText> {
    let (before, after) = (split(before), split(after));
    let start = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let (before, after) = (&before[start..], &after[start..]);
    let tail = before.iter().rev().zip(after.iter().rev());
    let end = tail.take_while(|(one, other)| one == other).count();
    let gone = before.iter().take(before.len() - end).map(|line| ('-', line));
    let come = after.iter().take(after.len() - end).map(|line| ('+', line));
    let changed: Vec<(char, &String)> = gone.chain(come).collect();
    let mut all = vec![CleanText::line(format!("  {path}"))];
    all.extend(changed.iter().take(MOST).map(|(sign, line)| {
        CleanText::line(format!("{sign} {}", redact::line(line, &[]).as_str()))
    }));
    if let Some(more @ 1..) = changed.len().checked_sub(MOST) {
        all.push(CleanText::line(format!("  and {more} more lines")));
    }
    all
}

fn split(content: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(content).lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let shown = |before: &str, after: &str| -> Vec<String> {
            lines("f", before.as_bytes(), after.as_bytes())
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        assert_eq!(shown("a\nb\nc\n", "a\nc\n"), ["  f", "- b"]);
        assert_eq!(shown("a\n", "a\nb\n"), ["  f", "+ b"]);
        assert_eq!(shown("a\nb\nc\n", "a\nd\nc\n"), ["  f", "- b", "+ d"]);
        assert_eq!(shown("", ""), ["  f"]);
        let long = "x\n".repeat(60);
        assert_eq!(shown(&long, "").len(), 42);
    }

    #[test]
    fn secrets_are_masked() {
        let shown = lines(".env", b"API_TOKEN=hunter2-is-not-a-good-one\n", b"");
        assert!(!shown.iter().any(|line| line.as_str().contains("hunter2")), "{shown:?}");
    }
}
