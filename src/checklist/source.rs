//! One checklist file as text: where its lines begin, and how a place in it is shown.

use std::ops::Range;

use super::diagnostic::Spot;
use crate::model::CleanText;

/// A file's text and its name, for people.
#[derive(Debug)]
pub(super) struct Source {
    pub name: CleanText,
    pub text: String,
    /// The byte at which each line begins. Files are small: 32 bits will do.
    lines: Vec<u32>,
    /// Character offset of each line's beginning; empty for ASCII, where
    /// characters are bytes.
    line_chars: Vec<u32>,
    /// The byte offset of every 128th character; empty for ASCII.
    marks: Vec<u32>,
}

const MARK_EVERY: usize = 128;

impl Source {
    /// Takes a text; a byte order mark at its start is left out.
    pub(super) fn new(name: CleanText, text: String) -> Self {
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        };
        let mut lines = Vec::with_capacity(line_starts(text.as_bytes()).count());
        lines.extend(line_starts(text.as_bytes()).map(small));
        let mut source = Self { name, lines, line_chars: Vec::new(), marks: Vec::new(), text };
        if !source.text.is_ascii() {
            source.measure();
        }
        source
    }

    fn measure(&mut self) {
        self.line_chars.reserve_exact(self.lines.len());
        let end = std::iter::once(self.text.len());
        let bytes = self.text.char_indices().map(|(byte, _)| byte).chain(end);
        for (count, byte) in bytes.enumerate() {
            if count % MARK_EVERY == 0 {
                self.marks.push(small(byte));
            }
            if self.lines.get(self.line_chars.len()) == Some(&small(byte)) {
                self.line_chars.push(small(count));
            }
        }
    }

    /// The byte of a line (from 1) and a column in characters (from 0); beyond
    /// the end, the end.
    pub(super) fn byte(&self, line: usize, column: usize) -> usize {
        let index = line.saturating_sub(1);
        let Some(&start) = self.lines.get(index) else {
            return self.text.len();
        };
        if self.marks.is_empty() {
            return (start as usize + column).min(self.text.len());
        }
        let count = self.line_chars.get(index).copied().unwrap_or(0) as usize + column;
        let Some(&mark) = self.marks.get(count / MARK_EVERY) else {
            return self.text.len();
        };
        let mark = mark as usize;
        let rest = self.text.get(mark..).unwrap_or_default();
        rest.char_indices().nth(count % MARK_EVERY).map_or(self.text.len(), |(at, _)| mark + at)
    }

    /// The number (from 1) of the line that holds a byte.
    pub(super) fn line_number(&self, byte: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|&start| start as usize <= byte))
            .unwrap_or(u32::MAX)
    }

    /// A line by its number (from 1), without its break; empty beyond the end.
    pub(super) fn line(&self, number: u32) -> &str {
        self.text.get(self.line_range(number)).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    fn line_range(&self, number: u32) -> Range<usize> {
        let index = (number as usize).saturating_sub(1);
        let start = |index| self.lines.get(index).map_or(self.text.len(), |&at| at as usize);
        start(index)..start(index + 1)
    }

    /// How a range of bytes is shown: its first line, the caret under it.
    pub(super) fn spot(&self, range: &Range<usize>, label: impl Into<String>) -> Spot {
        let at = range.start.min(self.text.len());
        let number = self.line_number(at);
        let start = self.line_range(number).start;
        let line = self.line(number);
        // a place off a character boundary moves back to it
        let from = line.floor_char_boundary((at - start).min(line.len()));
        let to = line.ceil_char_boundary(range.end.saturating_sub(start).clamp(from, line.len()));
        Spot::new(self.name.clone(), number, line, from..to, label.into())
    }
}

/// The bytes at which a line begins: 0, and behind `\n`, `\r\n` and a lone `\r`,
/// as YAML counts them.
fn line_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let starts = memchr::memchr2_iter(b'\n', b'\r', bytes)
        .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
        .map(|at| at + 1);
    std::iter::once(0).chain(starts)
}

fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        for text in ["ab\ncd\r\nef\rgh", "äb\ncü\r\n→f\rgh", "ä\n", "a\n", ""] {
            let source = Source::new("x".into(), text.to_owned());
            let mut lines: Vec<String> = Vec::new();
            for (byte, c) in text.char_indices() {
                let number = source.line_number(byte) as usize;
                lines.resize(lines.len().max(number), String::new());
                let column = lines[number - 1].chars().count();
                assert_eq!(source.byte(number, column), byte, "{text:?} {c:?}");
                lines[number - 1].push(c);
            }
            for (index, line) in lines.iter().enumerate() {
                let shown = source.line(index as u32 + 1);
                assert_eq!(shown, line.trim_end_matches(['\n', '\r']), "{text:?}");
            }
            assert_eq!(source.byte(99, 0), text.len());
            assert_eq!(source.line(99), "");
        }
    }

    #[test]
    fn a_byte_order_mark_is_left_out() {
        assert_eq!(Source::new("x".into(), "\u{feff}a: 1".into()).text, "a: 1");
    }

    #[test]
    fn long_lines_of_any_script_are_measured() {
        let text = "ä".repeat(1000);
        let source = Source::new("x".into(), text);
        assert_eq!(source.byte(1, 999), 1998);
        assert_eq!(source.byte(1, 1000), 2000);
    }
}
