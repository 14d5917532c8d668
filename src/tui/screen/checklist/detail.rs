//! The text of the detail: built in lines for a width, so that a part of it can
//! be shown and keys know how long it is and where findings are.

use super::board::{ChecklistScreen, Pane};
use super::item::{self, Selection};
use super::overview;
use super::rows::Row;
use crate::tui::known::Known;
use crate::tui::theme::Role;
use crate::tui::widget::writer::{Doc, Writer};

/// The text about the selected row.
pub(crate) fn build(board: &ChecklistScreen, known: &Known, columns: usize) -> Doc {
    let mut writer = Writer::new(known, columns);
    match board.row() {
        Some(Row::Overview) => overview::write(&mut writer),
        Some(Row::Section(at)) => overview::write_section(&mut writer, at),
        Some(Row::Item { .. }) => {
            if let Some(item) = board.selected(known) {
                let has_keys = board.focus == Pane::Detail;
                item::write(&mut writer, item, Selection { at: board.detail.finding, has_keys });
            }
        }
        None if known.loaded.is_some() => {
            writer.text(Role::Muted, 0, "No item matches the filter.");
        }
        None => {}
    }
    writer.doc
}
