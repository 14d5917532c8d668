//! What a dialog shows: text that scrolls, and fixed lines below it with the
//! fields and what the keys do.

mod forms;
mod help;

use ratatui::text::{Line, Span};
use tui_input::Input;

use super::dialog::{Dialog, Form};
use super::doc::Writer;
use super::layout;
use super::state::State;
use super::theme::Role;
use super::wrap;
use crate::model::CleanText;

/// A dialog, laid out.
#[derive(Debug, Default)]
pub struct Sheet {
    /// In its upper border.
    pub title: String,
    /// The text.
    pub text: Vec<Line<'static>>,
    /// The fixed lines below it.
    pub foot: Vec<Line<'static>>,
    /// Where in the fixed lines the cursor blinks: column and line.
    pub cursor: Option<(usize, usize)>,
}

/// The dialog on top.
pub fn sheet(state: &State) -> Option<Sheet> {
    let dialog = state.dialogs.last()?;
    let columns = layout::dialog_columns(state.size);
    Some(match dialog {
        Dialog::Help(help) => help::sheet(state, help, columns),
        Dialog::Waiting { title, about, .. } => {
            let mut w = Writer::new(state, columns);
            w.text(Role::Heading, 0, about.as_str());
            w.blank();
            w.text(Role::Text, 0, &format!("{} Looking…", state.glyphs.spin(state.beat)));
            let foot = vec![keys(state, columns, &[("esc", "cancel")])];
            Sheet { title: (*title).to_owned(), text: w.doc.lines, foot, cursor: None }
        }
        Dialog::Notice(notice) => {
            let mut w = Writer::new(state, columns);
            w.text(Role::Text, 0, CleanText::block(&notice.text).as_str());
            let foot = vec![Line::default(), keys(state, columns, &[("enter", "close")])];
            Sheet { title: notice.title.to_owned(), text: w.doc.lines, foot, cursor: None }
        }
        Dialog::Record(form) => forms::record(state, form, columns),
        Dialog::Withdrawal(form) => forms::withdrawal(state, form, columns),
        Dialog::Fix(form) => forms::fix(state, form, columns),
    })
}

/// How many lines of its text the dialog on top shows.
pub fn height(state: &State) -> usize {
    sheet(state).map_or(1, |sheet| visible(state, &sheet))
}

/// The last line at which the text of the dialog on top may begin.
pub fn bottom(state: &State) -> usize {
    sheet(state).map_or(0, |sheet| sheet.text.len().saturating_sub(visible(state, &sheet)))
}

fn visible(state: &State, sheet: &Sheet) -> usize {
    let area = layout::dialog(state.size, sheet.text.len(), sheet.foot.len());
    usize::from(area.height).saturating_sub(2 + sheet.foot.len())
}

/// Keys and what they do, on one line: as many as fit.
fn keys(state: &State, columns: usize, pairs: &[(&str, &str)]) -> Line<'static> {
    let mut spans = Vec::new();
    let mut room = columns;
    for (key, what) in pairs {
        let gap = if spans.is_empty() { "" } else { "   " };
        let needed = gap.len() + wrap::width(key) + 1 + wrap::width(what);
        if needed > room {
            continue;
        }
        room -= needed;
        spans.push(Span::raw(gap));
        spans.push(Span::styled((*key).to_owned(), state.theme.style(Role::Key)));
        spans.push(Span::styled(format!(" {what}"), state.theme.style(Role::Muted)));
    }
    Line::from(spans)
}

impl Sheet {
    /// A field with its label above; the cursor stands in it when it has the keys.
    fn field(&mut self, state: &State, columns: usize, label: &str, input: &Input, has_keys: bool) {
        let role = if has_keys { Role::Focused } else { Role::Muted };
        let mark = if has_keys { state.glyphs.pointer } else { " " };
        let style = |role| state.theme.style(role);
        if self.foot.is_empty() && state.size.1 >= 20 {
            self.foot.push(Line::default());
        }
        for line in wrap::wrap(label, columns) {
            self.foot.push(Line::from(Span::styled(line, style(role))));
        }
        let room = columns.saturating_sub(3);
        let scroll = input.visual_scroll(room);
        let shown = skip(input.value(), scroll);
        let shown = wrap::fit(&wrap::cut(&shown, room, ""), room + 1, "");
        if has_keys {
            let column = 2 + input.visual_cursor().saturating_sub(scroll);
            self.cursor = Some((column.min(columns), self.foot.len()));
        }
        self.foot.push(Line::from(vec![
            Span::styled(format!("{mark} "), style(Role::Pointer)),
            Span::styled(shown, style(Role::Input)),
        ]));
    }

    /// What is wrong, and what the keys do.
    fn end(&mut self, state: &State, columns: usize, form: &Form, pairs: &[(&str, &str)]) {
        if let Some(error) = &form.error {
            let mut w = Writer::new(state, columns);
            let mark = format!("{} ", state.glyphs.warning);
            w.hanging(&mark, Role::Error, Role::Error, CleanText::line(error).as_str());
            // the fields must stay on the smallest screen
            w.doc.lines.truncate(if state.size.1 < 20 { 3 } else { 8 });
            self.foot.append(&mut w.doc.lines);
        }
        self.foot.push(Line::default());
        self.foot.push(match form.working {
            Some(_) => Line::from(Span::styled(
                format!("{} Working…", state.glyphs.spin(state.beat)),
                state.theme.style(Role::Muted),
            )),
            None => keys(state, columns, pairs),
        });
    }
}

/// The text without its first columns.
fn skip(text: &str, columns: usize) -> String {
    let mut gone = 0;
    let rest = text.char_indices().find(|(_, letter)| {
        let stays = gone >= columns;
        gone += wrap::width(letter.encode_utf8(&mut [0; 4]));
        stays
    });
    rest.map_or(String::new(), |(at, _)| text.get(at..).unwrap_or_default().to_owned())
}
