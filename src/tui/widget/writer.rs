//! Text in lines for a width: wrapped, indented, each piece in its role.

use std::ops::Range;

use ratatui::text::{Line, Span};

use super::spans;
use crate::report::wrap;
use crate::tui::known::Known;
use crate::tui::theme::Role;

/// A text in lines.
#[derive(Debug, Default)]
pub(crate) struct Doc {
    /// The lines, none wider than asked.
    pub(crate) lines: Vec<Line<'static>>,
    /// The lines of each finding.
    pub(crate) findings: Vec<Range<usize>>,
}

/// Writes wrapped and styled lines.
pub(crate) struct Writer<'a> {
    /// What is shown.
    pub(crate) known: &'a Known,
    /// How wide.
    pub(crate) columns: usize,
    /// What was written so far.
    pub(crate) doc: Doc,
}

impl<'a> Writer<'a> {
    /// A writer for a width of at least 10 columns.
    pub(crate) fn new(known: &'a Known, columns: usize) -> Self {
        Self { known, columns: columns.max(10), doc: Doc::default() }
    }

    /// A piece of text in a role.
    pub(crate) fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        spans::span(self.known, role, text)
    }

    /// An empty line, unless nothing stands above.
    pub(crate) fn blank(&mut self) {
        if !self.doc.lines.is_empty() {
            self.doc.lines.push(Line::default());
        }
    }

    /// A heading, with air above.
    pub(crate) fn heading(&mut self, text: impl Into<String>) {
        self.blank();
        let text: String = text.into();
        self.text(Role::Heading, 0, &text);
    }

    /// Wrapped text, indented.
    pub(crate) fn text(&mut self, role: Role, indent: usize, text: &str) {
        self.hanging(&" ".repeat(indent), Role::Text, role, text);
    }

    /// Wrapped text after a mark; further lines stand below the text's beginning.
    pub(crate) fn hanging(&mut self, mark: &str, mark_role: Role, role: Role, text: &str) {
        let indent = wrap::width(mark);
        for (at, line) in
            wrap::wrap(text, self.columns.saturating_sub(indent)).into_iter().enumerate()
        {
            let before = if at == 0 { mark.to_owned() } else { " ".repeat(indent) };
            let spans = vec![self.span(mark_role, before), self.span(role, line)];
            self.doc.lines.push(Line::from(spans));
        }
    }

    /// Lines that keep their own breaks, behind a bar.
    pub(crate) fn code(&mut self, indent: usize, text: &str) {
        let bar = format!("{}{} ", " ".repeat(indent), self.known.glyphs.bar);
        let columns = self.columns.saturating_sub(wrap::width(&bar));
        for line in wrap::wrap(text, columns) {
            let spans = vec![self.span(Role::Rule, bar.clone()), self.span(Role::Code, line)];
            self.doc.lines.push(Line::from(spans));
        }
    }

    /// Pieces on one line after another, separated by dots, never split inside.
    pub(crate) fn pieces(&mut self, pieces: Vec<(Role, String)>) {
        let dot = format!(" {} ", self.known.glyphs.dot);
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut used = 0;
        for (role, text) in pieces {
            let text = wrap::cut(&text, self.columns, self.known.glyphs.cut);
            let width = wrap::width(&text);
            if used > 0 && used + 3 + width > self.columns {
                self.doc.lines.push(Line::from(std::mem::take(&mut spans)));
                used = 0;
            }
            if used > 0 {
                spans.push(self.span(Role::Rule, dot.clone()));
                used += 3;
            }
            spans.push(self.span(role, text));
            used += width;
        }
        self.doc.lines.push(Line::from(spans));
    }

    /// Wrapped text after the sign of a warning.
    pub(crate) fn warning(&mut self, sign: Role, role: Role, text: &str) {
        self.hanging(&format!("{} ", self.known.glyphs.warning), sign, role, text);
    }
}
