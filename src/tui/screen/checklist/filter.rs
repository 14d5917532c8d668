//! Typing a filter: the list follows every letter.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::board::ChecklistScreen;
use super::{moves, settle};
use crate::report::wrap;
use crate::tui::keys::intent::{Intent, Scroll};
use crate::tui::known::Known;
use crate::tui::screen::base::Step;
use crate::tui::theme::Role;
use crate::tui::widget::input;
use crate::tui::widget::spans::{line, span};

/// A key while the filter has them.
pub(crate) fn on_key(
    board: &mut ChecklistScreen,
    known: &mut Known,
    area: Rect,
    key: &KeyEvent,
) -> Step {
    let filter = &mut board.filter;
    match key.code {
        KeyCode::Esc => {
            filter.input.reset();
            filter.typing = false;
        }
        KeyCode::Enter | KeyCode::Tab => filter.typing = false,
        KeyCode::Up => moves::scroll_list(board, area, Scroll::Up),
        KeyCode::Down => moves::scroll_list(board, area, Scroll::Down),
        KeyCode::PageUp => moves::scroll_list(board, area, Scroll::PageUp),
        KeyCode::PageDown => moves::scroll_list(board, area, Scroll::PageDown),
        KeyCode::F(1) => {
            filter.typing = false;
            return Step::Open(Intent::Open("help"));
        }
        KeyCode::Backspace if filter.input.value().is_empty() => filter.typing = false,
        _ => {
            let before = filter.input.value().to_owned();
            input::edit(&mut filter.input, key);
            if before != filter.input.value() {
                first_match(board, known);
            }
        }
    }
    board.list.follow = true;
    Step::Done
}

/// Leaves the selection where it is when it still matches, else goes to the
/// first item that does.
pub(crate) fn first_match(board: &mut ChecklistScreen, known: &Known) {
    settle::rebuild(board, known);
    if board.selected(known).is_none() && !board.terms().is_empty() {
        // below the heading of the first section
        board.select(1.min(board.list.rows.len().saturating_sub(1)));
    }
    board.list.follow = true;
}

/// Draws what is typed, in the bottom line.
pub(crate) fn draw(board: &ChecklistScreen, frame: &mut Frame<'_>, known: &Known, area: Rect) {
    let total = known.loaded.as_ref().map_or(0, |loaded| loaded.checklist.items().count());
    let shown = board.list.shown;
    let width = usize::from(area.width);
    let right = match width {
        ..60 => format!("{shown} of {total} "),
        _ => format!("{shown} of {total}   enter keep   esc clear "),
    };
    let room = width.saturating_sub(wrap::width(&right) + 4);
    let input = &board.filter.input;
    let typed = wrap::fit(input.value(), room, known.glyphs.cut);
    let column = (3 + input.visual_cursor()).min(2 + room);
    let spans = vec![
        span(known, Role::Key, " / "),
        span(known, Role::Input, typed),
        span(known, Role::Muted, format!(" {right}")),
    ];
    line(frame, area, spans);
    frame.set_cursor_position((area.x + u16::try_from(column).unwrap_or(0), area.y));
}
