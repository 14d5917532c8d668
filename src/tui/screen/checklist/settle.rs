//! After every change: rows rebuilt, selection kept, scrolling within bounds.

use ratatui::layout::Rect;

use super::board::{ChecklistScreen, Detail};
use super::rows::{self, Row};
use super::{detail, panes, seen};
use crate::tui::known::Known;

/// Brings everything that depends on something else in order.
pub(crate) fn settle(board: &mut ChecklistScreen, known: &Known, area: Rect) {
    rebuild(board, known);
    if board.detail.of != board.row() {
        board.detail = Detail { of: board.row(), ..Default::default() };
    }
    let panes = panes::panes(area, board.focus);
    if let Some(area) = panes.list {
        let height = usize::from(area.height).max(1);
        let list = &mut board.list;
        if list.follow {
            // a heading above the selection stays in sight with it
            list.offset = list.offset.min(list.cursor.saturating_sub(usize::from(height > 2)));
            list.offset = list.offset.max((list.cursor + 1).saturating_sub(height));
            list.follow = false;
        }
        list.offset = list.offset.min(list.rows.len().saturating_sub(height));
    }
    if let Some(area) = panes.detail {
        let area = panes::detail_text(area);
        let lines = detail::build(board, known, usize::from(area.width)).lines.len();
        let bottom = lines.saturating_sub(usize::from(area.height));
        board.detail.scroll = board.detail.scroll.min(bottom);
        // while its checks run again, the selected finding is kept
        if let Some(item) =
            board.selected(known).filter(|item| known.results.contains_key(&item.id))
        {
            let number = seen::against(known, item).len();
            board.detail.finding = board.detail.finding.filter(|&at| at < number);
        }
    }
}

/// Lists the rows again; what was selected stays so, else its section, else
/// what stands where it stood.
pub(crate) fn rebuild(board: &mut ChecklistScreen, known: &Known) {
    let Some(loaded) = &known.loaded else { return };
    let was = board.row();
    let terms = board.terms();
    let (rows, shown) =
        rows::rows(&loaded.checklist, &board.list.closed, &terms, |id| known.standing(id));
    let find = |row: Row| rows.iter().position(|&other| other == row);
    let cursor = was
        .and_then(|row| {
            find(row).or_else(|| match row {
                Row::Item { section, .. } => find(Row::Section(section)),
                _ => None,
            })
        })
        .unwrap_or(board.list.cursor);
    board.list.cursor = cursor.min(rows.len().saturating_sub(1));
    board.list.rows = rows;
    board.list.shown = shown;
}
