//! Where a pattern matches, and what a text must hold for that.

use std::ops::Range;

use regex::Regex;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};
use regex_syntax::hir::{Hir, HirKind};

/// All matches, in order. A line break of the pattern is one of the text,
/// however its lines end.
pub(super) fn all(pattern: &Regex, text: &str) -> Vec<Range<usize>> {
    let found: Vec<Range<usize>> = pattern.find_iter(text).map(|found| found.range()).collect();
    if !text.contains("\r\n") {
        return found;
    }
    // by offset in the text without them, how many were left out up to there
    let mut short = String::with_capacity(text.len());
    let mut left_out: Vec<usize> = Vec::new();
    for (nth, line) in text.split("\r\n").enumerate() {
        if nth > 0 {
            left_out.push(short.len());
            short.push('\n');
        }
        short.push_str(line);
    }
    let whole = |at: usize| at + left_out.partition_point(|&before| before < at);
    let more = pattern.find_iter(&short).map(|more| whole(more.start())..whole(more.end()));
    let is_new = |more: &Range<usize>| {
        let after = found.partition_point(|known| known.end <= more.start);
        found.get(after).is_none_or(|known| known.start >= more.end)
    };
    let more: Vec<Range<usize>> = more.filter(is_new).collect();
    let mut all = found;
    all.extend(more);
    all.sort_by_key(|range| range.start);
    all
}

/// Literals of which every match of the pattern holds at least one; none when
/// there are no good ones. Looks at the beginning and the end of the pattern
/// and, where it is a sequence, at what begins at each of its parts.
pub(super) fn literals(hir: &Hir) -> Vec<String> {
    let mut best = Seq::infinite();
    let mut consider = |part: &Hir, kind: ExtractKind| {
        let mut found = Extractor::new().kind(kind.clone()).extract(part);
        match kind {
            ExtractKind::Suffix => found.optimize_for_suffix_by_preference(),
            _ => found.optimize_for_prefix_by_preference(),
        }
        if found.min_literal_len().unwrap_or(0) > best.min_literal_len().unwrap_or(0) {
            best = found;
        }
    };
    consider(hir, ExtractKind::Prefix);
    consider(hir, ExtractKind::Suffix);
    if let HirKind::Concat(parts) = hir.kind() {
        for start in 1..parts.len() {
            let rest = parts.get(start..).unwrap_or_default().to_vec();
            consider(&Hir::concat(rest), ExtractKind::Prefix);
        }
    }
    let found = best.literals().unwrap_or_default();
    let texts: Option<Vec<String>> =
        found.iter().map(|literal| String::from_utf8(literal.as_bytes().to_vec()).ok()).collect();
    let texts = texts.unwrap_or_default();
    // a line may end in two characters, and another encoding has other bytes
    let plain = |text: &String| {
        let parts = text.split(['\n', '\r']).flat_map(|part| part.split(|c: char| !c.is_ascii()));
        parts.max_by_key(|part| part.len()).unwrap_or_default().to_owned()
    };
    let texts: Vec<String> = texts.iter().map(plain).collect();
    if texts.iter().any(String::is_empty) { Vec::new() } else { texts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_match_however_lines_end() {
        let cases = [
            (r"foo\(\n\s*DEBUG", "foo(\r\n  DEBUG)\r\n", vec!["foo(\r\n  DEBUG"]),
            (r"a\nb", "a\nb a\r\nb", vec!["a\nb", "a\r\nb"]),
            (r"a\r\nb", "a\r\nb", vec!["a\r\nb"]),
            (r"(?m)x$", "x\r\ny x\r\n", vec!["x", "x"]),
            (r"é\n\nb", "é\r\n\r\nb", vec!["é\r\n\r\nb"]),
            (r"a\nb", "a\rb", vec![]),
        ];
        for (pattern, text, expected) in cases {
            let pattern = Regex::new(pattern).expect("valid");
            let found: Vec<&str> = all(&pattern, text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, expected, "{pattern} {text:?}");
        }
    }
}
