//! What a dialog shows: text that scrolls, and fixed lines below it with the
//! fields and what the keys do.

use ratatui::text::{Line, Span};
use tui_input::Input;

use super::spans::span;
use super::writer::Writer;
use crate::model::CleanText;
use crate::report::wrap;
use crate::tui::known::Known;
use crate::tui::layout;
use crate::tui::theme::Role;

/// For what a sheet is laid out.
#[derive(Clone, Copy)]
pub(crate) struct Page<'a> {
    /// What is known.
    pub(crate) known: &'a Known,
    /// How wide it is.
    pub(crate) columns: usize,
    /// Nothing is waited for: the fields take keys.
    pub(crate) free: bool,
}

/// A dialog, laid out.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// In its upper border.
    pub(crate) title: String,
    /// The text.
    pub(crate) text: Vec<Line<'static>>,
    /// The fixed lines below it.
    pub(crate) foot: Vec<Line<'static>>,
    /// Where in the fixed lines the cursor blinks: column and line.
    pub(crate) cursor: Option<(usize, usize)>,
    /// What the keys do.
    keys: Vec<(String, String)>,
}

impl Sheet {
    /// A sheet with the text that was written.
    pub(crate) fn new(title: impl Into<String>, w: Writer<'_>) -> Self {
        Self { title: title.into(), text: w.doc.lines, ..Self::default() }
    }

    /// With these keys at its end, the most useful first.
    pub(crate) fn with_keys(mut self, keys: &[(&str, &str)]) -> Self {
        self.keys = keys.iter().map(|(key, what)| ((*key).into(), (*what).into())).collect();
        self
    }

    /// How many lines of the text are on the screen.
    pub(crate) fn height(&self, size: (u16, u16)) -> usize {
        let area = layout::dialog(size, self.text.len(), self.foot.len());
        usize::from(area.height).saturating_sub(2 + self.foot.len())
    }

    /// A field with its label above; the cursor stands in it when it has the keys.
    pub(crate) fn field(&mut self, page: &Page<'_>, label: &str, input: &Input, has_keys: bool) {
        let (known, columns) = (page.known, page.columns);
        let has_keys = has_keys && page.free;
        let role = if has_keys { Role::Focused } else { Role::Muted };
        let mark = if has_keys { known.glyphs.pointer } else { " " };
        if self.foot.is_empty() && known.size.1 >= 20 {
            self.foot.push(Line::default());
        }
        for line in wrap::wrap(label, columns) {
            self.foot.push(Line::from(span(known, role, line)));
        }
        let room = columns.saturating_sub(3);
        let scroll = input.visual_scroll(room);
        let shown = wrap::skip(input.value(), scroll);
        let shown = wrap::fit(&wrap::cut(&shown, room, ""), room + 1, "");
        if has_keys {
            let column = 2 + input.visual_cursor().saturating_sub(scroll);
            self.cursor = Some((column.min(columns), self.foot.len()));
        }
        self.foot.push(Line::from(vec![
            span(known, Role::Pointer, format!("{mark} ")),
            span(known, Role::Input, shown),
        ]));
    }

    /// A field on one line with its label.
    pub(crate) fn inline_field(&mut self, page: &Page<'_>, label: &str, input: &Input) {
        let (known, columns) = (page.known, page.columns);
        let room = columns.saturating_sub(wrap::width(label) + 1);
        let shown = wrap::fit(&wrap::cut(input.value(), room, known.glyphs.cut), room, "");
        let column = wrap::width(label) + input.visual_cursor();
        if known.size.1 >= 20 {
            self.foot.push(Line::default());
        }
        self.cursor = Some((column.min(columns), self.foot.len()));
        self.foot.push(Line::from(vec![
            span(known, Role::Focused, label.to_owned()),
            span(known, Role::Input, shown),
        ]));
    }

    /// What is wrong.
    pub(crate) fn error(&mut self, page: &Page<'_>, error: &str) {
        let mut w = Writer::new(page.known, page.columns);
        w.warning(Role::Error, Role::Error, CleanText::line(error).as_str());
        // the fields must stay on the smallest screen
        w.doc.lines.truncate(if page.known.size.1 < 20 { 3 } else { 8 });
        self.foot.append(&mut w.doc.lines);
    }

    /// What the keys do.
    pub(crate) fn end(&mut self, page: &Page<'_>) {
        self.foot.push(Line::default());
        self.foot.push(keys(page, &self.keys));
    }

    /// What goes on, and how to give it up.
    pub(crate) fn working(&mut self, page: &Page<'_>, doing: &str) {
        let mut w = Writer::new(page.known, page.columns);
        let spinner = format!("{} ", page.known.glyphs.spin(page.known.beat));
        w.hanging(&spinner, Role::Muted, Role::Muted, doing);
        self.foot.push(Line::default());
        self.foot.append(&mut w.doc.lines);
        self.foot.push(keys(page, &[("esc".to_owned(), "cancel".to_owned())]));
    }
}

/// Keys and what they do, on one line: as many as fit.
fn keys(page: &Page<'_>, pairs: &[(String, String)]) -> Line<'static> {
    let mut spans = Vec::new();
    let mut room = page.columns;
    for (key, what) in pairs {
        let gap = if spans.is_empty() { "" } else { "   " };
        let needed = gap.len() + wrap::width(key) + 1 + wrap::width(what);
        if needed > room {
            continue;
        }
        room -= needed;
        spans.push(Span::raw(gap));
        spans.push(span(page.known, Role::Key, key.clone()));
        spans.push(span(page.known, Role::Muted, format!(" {what}")));
    }
    Line::from(spans)
}
