//! After every change: rows rebuilt, selection kept, scrolling within bounds.

use crate::tui::rows::{self, Row};
use crate::tui::state::State;
use crate::tui::{doc, layout, sheet};

/// Brings everything that depends on something else in order.
pub fn settle(state: &mut State) {
    rebuild(state);
    if state.detail.of != state.row() {
        state.detail = crate::tui::state::Detail { of: state.row(), ..Default::default() };
    }
    let Some(areas) = layout::areas(state) else { return };
    if let Some(area) = areas.list {
        let height = usize::from(area.height).max(1);
        let list = &mut state.list;
        if list.follow {
            // a heading above the selection stays in sight with it
            list.offset = list.offset.min(list.cursor.saturating_sub(usize::from(height > 2)));
            list.offset = list.offset.max((list.cursor + 1).saturating_sub(height));
            list.follow = false;
        }
        list.offset = list.offset.min(list.rows.len().saturating_sub(height));
    }
    if let Some(area) = areas.detail {
        let area = layout::detail_text(area);
        let lines = doc::build(state, usize::from(area.width)).lines.len();
        let bottom = lines.saturating_sub(usize::from(area.height));
        state.detail.scroll = state.detail.scroll.min(bottom);
        // while its checks run again, the selected finding is kept
        if let Some(result) = state.item().and_then(|item| state.results.get(&item.id)) {
            let findings = result.findings().count();
            state.detail.finding = state.detail.finding.filter(|&at| at < findings);
        }
    }
    if !state.dialogs.is_empty() {
        let bottom = sheet::bottom(state);
        if let Some(scroll) = state.dialogs.last_mut().and_then(|dialog| dialog.scroll()) {
            *scroll = (*scroll).min(bottom);
        }
    }
}

/// Lists the rows anew; what was selected stays so, else its section, else
/// what stands where it stood.
pub fn rebuild(state: &mut State) {
    let Some(loaded) = &state.loaded else { return };
    let was = state.row();
    let terms = state.terms();
    let (rows, shown) =
        rows::rows(&loaded.checklist, &state.list.closed, &terms, |id| state.standing(id));
    let find = |row: Row| rows.iter().position(|&other| other == row);
    let cursor = was
        .and_then(|row| {
            find(row).or_else(|| match row {
                Row::Item { section, .. } => find(Row::Section(section)),
                _ => None,
            })
        })
        .unwrap_or(state.list.cursor);
    state.list.cursor = cursor.min(rows.len().saturating_sub(1));
    state.list.rows = rows;
    state.list.shown = shown;
}
