//! Typing a filter: the list follows every letter.

use crossterm::event::{KeyCode, KeyEvent};

use super::moves;
use crate::tui::dialog;
use crate::tui::keys::{self, Intent};
use crate::tui::state::State;

/// A key while the filter has them.
pub fn on_key(state: &mut State, key: &KeyEvent) {
    match key.code {
        KeyCode::Esc => {
            state.filter.input.reset();
            state.filter.typing = false;
        }
        KeyCode::Enter | KeyCode::Tab => state.filter.typing = false,
        KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
            if let Some(intent) = keys::intent(key) {
                moves::in_list(state, intent);
            }
            return;
        }
        KeyCode::F(1) => {
            state.filter.typing = false;
            state.dialogs.push(crate::tui::dialog::Dialog::Help(Default::default()));
        }
        KeyCode::Backspace if state.filter.input.value().is_empty() => state.filter.typing = false,
        _ => {
            let before = state.filter.input.value().to_owned();
            dialog::edit(&mut state.filter.input, key);
            if before != state.filter.input.value() {
                first_match(state);
            }
            return;
        }
    }
    state.list.follow = true;
}

/// Leaves the selection where it is when it still matches, else goes to the
/// first item that does.
fn first_match(state: &mut State) {
    super::settle::rebuild(state);
    if state.item().is_none() && !state.terms().is_empty() {
        moves::in_list(state, Intent::First);
        moves::in_list(state, Intent::Down);
    }
    state.list.follow = true;
}
