//! The one place that takes secrets out of a line before anybody sees it.

mod assignment;
mod first_look;
mod remarks;
mod shapes;

use std::ops::Range;

use crate::model::{CleanText, Redacted};

/// What stands where a secret stood.
pub(crate) const MASK: &str = "•••";

/// Longer lines are cut here, in characters: minified code is not for reading.
const LONGEST: usize = 200;

/// No more of a line is looked at, in bytes; what lies behind is not shown.
const WINDOW: usize = 2 * 1024;

/// A known secret of at least so many bytes is masked wherever the line has it.
const AGAIN: usize = 4;

/// Masks `secrets` (byte ranges of `line`; those off a character boundary are
/// widened to it) and whatever else looks like a secret: vendors' token formats,
/// what is assigned to a name that says so, passwords in URLs, authorization
/// headers, long runs of random letters.
pub(crate) fn line(line: &str, secrets: &[Range<usize>]) -> Redacted {
    let line = line.trim_end_matches(['\n', '\r']);
    let seen = window(line);
    let known = secrets.iter().map(|range| widen(line, range));
    let known: Vec<Range<usize>> = known.filter(|range| range.start < seen.len()).collect();
    let mut texts: Vec<&str> = known.iter().filter_map(|range| line.get(range.clone())).collect();
    texts.sort_unstable();
    texts.dedup();
    let mut ranges = known;
    for text in texts.iter().filter(|text| text.len() >= AGAIN) {
        ranges.extend(seen.match_indices(text).map(|(at, text)| at..at + text.len()));
    }
    ranges.extend(shapes::find(seen));
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut out = masked(seen, &ranges);
    if seen.len() < line.len() {
        out.push('…');
    }
    Redacted::from_masked(CleanText::line(cut(out)))
}

/// Masks what people wrote to each other, such as a comment: as [`line()`], and
/// where it speaks of secrets, whatever stands in quotes or mixes letters with
/// digits is masked, since prose has no shape to know it by. `beside` is the
/// line that it stands on, which may say what it speaks of.
pub(crate) fn remark(text: &str, beside: &str) -> Redacted {
    line(text, &remarks::find(text, beside))
}

/// The line with the ranges, ordered by their start, masked.
fn masked(line: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(line.len());
    let mut end = 0;
    for range in ranges {
        if range.end <= end {
            continue;
        }
        if range.start >= end {
            out.push_str(line.get(end..range.start).unwrap_or_default());
            out.push_str(MASK);
        }
        end = range.end;
    }
    out.push_str(line.get(end..).unwrap_or_default());
    out
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

/// As much of a line as is looked at. The last word of it is left out when the
/// line goes on, since a secret that is cut in two has no shape any more.
fn window(line: &str) -> &str {
    if line.len() <= WINDOW {
        return line;
    }
    let Range { end, .. } = widen(line, &(0..WINDOW));
    let head = line.get(..end).unwrap_or_default();
    head.rfind(char::is_whitespace).and_then(|at| head.get(..at)).unwrap_or_default()
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests;
