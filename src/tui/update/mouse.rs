//! The mouse: a click selects, a second one opens, the wheel scrolls what is below it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::moves;
use crate::tui::keys::Intent;
use crate::tui::message::Effect;
use crate::tui::rows::Row;
use crate::tui::state::{Pane, State};
use crate::tui::{doc, layout};

/// How many lines one notch of the wheel scrolls.
const NOTCH: usize = 3;

/// The mouse did something.
pub fn on_mouse(state: &mut State, event: MouseEvent, effects: &mut Vec<Effect>) {
    let Some(areas) = layout::areas(state) else { return };
    let at = Position::new(event.column, event.row);
    let down = match event.kind {
        MouseEventKind::ScrollDown => Some(true),
        MouseEventKind::ScrollUp => Some(false),
        MouseEventKind::Down(MouseButton::Left) => None,
        _ => return,
    };
    if let Some(dialog) = state.dialogs.last_mut() {
        if let (Some(down), Some(scroll)) = (down, dialog.scroll()) {
            *scroll = shifted(*scroll, down);
        }
        return;
    }
    let inside = |area: Option<Rect>| area.filter(|area| area.contains(at));
    match (inside(areas.list), inside(areas.detail), down) {
        (Some(_), _, Some(down)) => state.list.offset = shifted(state.list.offset, down),
        (_, Some(_), Some(down)) => state.detail.scroll = shifted(state.detail.scroll, down),
        (Some(area), _, None) => click_list(state, usize::from(at.y - area.y), effects),
        (_, Some(area), None) => click_detail(state, area, usize::from(at.y - area.y)),
        _ => {}
    }
}

fn shifted(offset: usize, down: bool) -> usize {
    if down { offset.saturating_add(NOTCH) } else { offset.saturating_sub(NOTCH) }
}

fn click_list(state: &mut State, line: usize, effects: &mut Vec<Effect>) {
    let cursor = state.list.offset + line;
    let Some(&row) = state.list.rows.get(cursor) else { return };
    let again = state.focus == Pane::List && state.list.cursor == cursor;
    state.toast = None;
    state.filter.typing = false;
    state.focus = Pane::List;
    moves::select(state, cursor);
    if again || matches!(row, Row::Section(_)) {
        moves::go(state, Intent::Enter, effects);
    }
}

fn click_detail(state: &mut State, area: Rect, line: usize) {
    state.toast = None;
    state.filter.typing = false;
    state.focus = Pane::Detail;
    let doc = doc::build(state, usize::from(layout::detail_text(area).width));
    let line = state.detail.scroll + line;
    if let Some(at) = doc.findings.iter().position(|lines| lines.contains(&line)) {
        state.detail.finding = Some(at);
    }
}
