//! The mouse: a click selects, a second one opens, the wheel scrolls what is below it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::board::{ChecklistScreen, Pane};
use super::rows::Row;
use super::{detail, moves, panes};
use crate::tui::keys::intent::Move;
use crate::tui::known::Known;
use crate::tui::screen::base::Step;
use crate::tui::widget::wheel;

/// The mouse did something.
pub(crate) fn on_mouse(
    board: &mut ChecklistScreen,
    known: &mut Known,
    area: Rect,
    event: MouseEvent,
) -> Step {
    let panes = panes::panes(area, board.focus);
    let at = Position::new(event.column, event.row);
    let inside = |area: Option<Rect>| area.filter(|area| area.contains(at));
    let (list, detail) = (inside(panes.list), inside(panes.detail));
    if let Some(way) = wheel::notch(event) {
        if list.is_some() {
            board.list.offset = way.from(board.list.offset);
        } else if detail.is_some() {
            board.detail.scroll = way.from(board.detail.scroll);
        }
        return Step::Done;
    }
    if !matches!(event.kind, MouseEventKind::Down(MouseButton::Left)) {
        return Step::Done;
    }
    match (list, detail) {
        (Some(list), _) => click_list(board, known, area, usize::from(at.y - list.y)),
        (None, Some(detail)) => {
            click_detail(board, known, detail, usize::from(at.y - detail.y));
            Step::Done
        }
        (None, None) => Step::Done,
    }
}

fn click_list(board: &mut ChecklistScreen, known: &mut Known, area: Rect, line: usize) -> Step {
    let cursor = board.list.offset + line;
    let Some(&row) = board.list.rows.get(cursor) else { return Step::Done };
    let again = board.focus == Pane::List && board.list.cursor == cursor;
    known.toast = None;
    board.filter.typing = false;
    board.focus = Pane::List;
    board.select(cursor);
    match again || matches!(row, Row::Section(_)) {
        true => moves::go(board, known, area, Move::Enter),
        false => Step::Done,
    }
}

fn click_detail(board: &mut ChecklistScreen, known: &mut Known, area: Rect, line: usize) {
    known.toast = None;
    board.filter.typing = false;
    board.focus = Pane::Detail;
    let columns = usize::from(panes::detail_text(area).width);
    let doc = detail::build(board, known, columns);
    let line = board.detail.scroll + line;
    if let Some(at) = doc.findings.iter().position(|lines| lines.contains(&line)) {
        board.detail.finding = Some(at);
    }
}
