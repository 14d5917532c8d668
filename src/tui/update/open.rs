//! Opens the dialogs that a key opens.

use crate::tui::dialog::base::Opening;
use crate::tui::dialog::open::Open;
use crate::tui::keys::intent::Intent;
use crate::tui::known::Toast;
use crate::tui::registry;
use crate::tui::state::State;

/// Opens the dialog that is registered for this.
pub fn open(state: &mut State, intent: Intent) {
    let Some(opener) = registry::opener(intent) else { return };
    let opening = Opening {
        known: &state.known,
        item: state.front().item(&state.known),
        keys: registry::bindings().collect(),
    };
    match (opener.open)(&opening) {
        Some(dialog) => state.dialogs.push(Open::new(dialog)),
        None => state.known.toast = Some(Toast::bad("There is nothing to show")),
    }
}
