//! Lines of a report: whole where a program or a pager reads them, wrapped where
//! a terminal is known.

use std::fmt::Display;
use std::io::{self, Write};

use anstyle::Style;

use super::style::paint;
use super::wrap::{hanging, width};

/// In fewer columns nothing is wrapped: the terminal does it as well.
const LEAST: usize = 40;

/// Where lines are written, and how wide they may be.
pub(super) struct Lines<'a> {
    out: &'a mut dyn Write,
    columns: Option<usize>,
    /// The column that was reached.
    used: usize,
    /// The column from which text continues below.
    hang: usize,
}

impl<'a> Lines<'a> {
    /// Lines of at most so many columns; whole without a number.
    pub(super) fn new(columns: Option<usize>, out: &'a mut dyn Write) -> Self {
        Self { out, columns: columns.filter(|columns| *columns >= LEAST), used: 0, hang: 0 }
    }

    /// Begins a line after so many spaces; what has no room continues `deeper`
    /// than that.
    pub(super) fn begin(&mut self, indent: usize, deeper: usize) -> io::Result<()> {
        self.used = indent;
        let hang = indent + deeper;
        // where almost nothing would be left of the line, the margin serves
        let narrow = self.columns.is_some_and(|columns| hang + LEAST / 2 > columns);
        self.hang = if narrow { 2 } else { hang };
        write!(self.out, "{:indent$}", "")
    }

    /// Adds text after so many spaces; none of them where a line breaks before it.
    pub(super) fn add(&mut self, gap: usize, style: Style, text: impl Display) -> io::Result<()> {
        let text = text.to_string();
        let end = self.used + gap + width(&text);
        let fits = |columns| end <= columns && !text.contains('\n');
        let Some(columns) = self.columns.filter(|columns| !fits(*columns)) else {
            self.used = end;
            return write!(self.out, "{:gap$}{}", "", paint(style, text));
        };
        let mut first = true;
        for line in hanging(&text, self.used + gap, self.hang, columns) {
            if !first {
                write!(self.out, "\n{:1$}", "", self.hang)?;
                self.used = self.hang;
            } else if !line.is_empty() {
                write!(self.out, "{:gap$}", "")?;
                self.used += gap;
            }
            first = false;
            self.used += width(&line);
            write!(self.out, "{}", paint(style, line))?;
        }
        Ok(())
    }

    /// Ends the line.
    pub(super) fn end(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A line of its own after so many spaces, continued from where it begins.
    pub(super) fn line(&mut self, indent: usize, text: impl Display) -> io::Result<()> {
        self.begin(indent, 0)?;
        self.add(0, Style::new(), text)?;
        self.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(columns: Option<usize>) -> String {
        let mut out = Vec::new();
        let mut lines = Lines::new(columns, &mut out);
        lines.begin(4, 2).expect("written");
        lines.add(0, Style::new(), "kiosk/shop.py:3:1").expect("written");
        lines.add(2, Style::new(), "two people can take the last seat").expect("written");
        lines.end().expect("written");
        lines.line(2, "the next line").expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_pipe_gets_whole_lines_and_a_terminal_wrapped_ones() {
        let whole = "    kiosk/shop.py:3:1  two people can take the last seat\n  the next line\n";
        assert_eq!(written(None), whole);
        assert_eq!(written(Some(56)), whole, "it fits exactly");
        assert_eq!(written(Some(39)), whole, "too narrow to do better than the terminal");
        assert_eq!(
            written(Some(55)),
            "    kiosk/shop.py:3:1  two people can take the last\n      seat\n  the next line\n"
        );
        assert_eq!(
            written(Some(40)),
            "    kiosk/shop.py:3:1  two people can\n      take the last seat\n  the next line\n"
        );
    }
}
