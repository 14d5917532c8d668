//! The text of the detail: built in lines for a width, so that the view can
//! show a part of it and `update` knows how long it is and where findings are.

mod history;
mod item;
mod overview;

pub use history::ago;

use std::ops::Range;

use ratatui::text::{Line, Span};

use super::rows::Row;
use super::state::{Pane, State};
use super::theme::Role;
use super::wrap;

/// A text in lines.
#[derive(Debug, Default)]
pub struct Doc {
    /// The lines, none wider than asked.
    pub lines: Vec<Line<'static>>,
    /// The lines of each finding.
    pub findings: Vec<Range<usize>>,
}

/// The text about the selected row.
pub fn build(state: &State, columns: usize) -> Doc {
    let mut writer = Writer::new(state, columns);
    match state.row() {
        Some(Row::Overview) => overview::write(&mut writer),
        Some(Row::Section(at)) => overview::write_section(&mut writer, at),
        Some(row) => {
            if let Some(item) = state.item_at(row) {
                item::write(&mut writer, item);
            }
        }
        None if state.loaded.is_some() => {
            writer.text(Role::Muted, 0, "No item matches the filter.")
        }
        None => {}
    }
    writer.doc
}

/// Writes wrapped and styled lines.
pub struct Writer<'a> {
    /// What is shown.
    pub state: &'a State,
    /// How wide.
    pub columns: usize,
    /// What was written so far.
    pub doc: Doc,
}

impl<'a> Writer<'a> {
    /// A writer for a width of at least 10 columns.
    pub fn new(state: &'a State, columns: usize) -> Self {
        Self { state, columns: columns.max(10), doc: Doc::default() }
    }

    /// A piece of text in a role.
    pub fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.state.theme.style(role))
    }

    /// An empty line, unless nothing stands above.
    pub fn blank(&mut self) {
        if !self.doc.lines.is_empty() {
            self.doc.lines.push(Line::default());
        }
    }

    /// A heading, with air above.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.blank();
        let text: String = text.into();
        self.text(Role::Heading, 0, &text);
    }

    /// Wrapped text, indented.
    pub fn text(&mut self, role: Role, indent: usize, text: &str) {
        self.hanging(&" ".repeat(indent), Role::Text, role, text);
    }

    /// Wrapped text after a mark; further lines stand below the text's beginning.
    pub fn hanging(&mut self, mark: &str, mark_role: Role, role: Role, text: &str) {
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
    pub fn code(&mut self, indent: usize, text: &str) {
        let bar = format!("{}{} ", " ".repeat(indent), self.state.glyphs.bar);
        let columns = self.columns.saturating_sub(wrap::width(&bar));
        for line in wrap::wrap(text, columns) {
            let spans = vec![self.span(Role::Rule, bar.clone()), self.span(Role::Code, line)];
            self.doc.lines.push(Line::from(spans));
        }
    }

    /// Pieces on one line after another, separated by dots, never split inside.
    pub fn pieces(&mut self, pieces: Vec<(Role, String)>) {
        let dot = format!(" {} ", self.state.glyphs.dot);
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut used = 0;
        for (role, text) in pieces {
            let text = wrap::cut(&text, self.columns, self.state.glyphs.cut);
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

    /// Whether the detail has the keys.
    pub fn has_keys(&self) -> bool {
        self.state.focus == Pane::Detail
    }
}

/// `1 item`, `3 items`
pub fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
