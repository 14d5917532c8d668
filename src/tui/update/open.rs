//! Opens the dialogs that a key opens.

use crate::tui::dialog::open::Open;
use crate::tui::keys::intent::Intent;
use crate::tui::known::Toast;
use crate::tui::registry;
use crate::tui::state::State;

/// Opens the dialog that is registered for this.
pub(crate) fn open(state: &mut State, intent: Intent) {
    let Some(opener) = registry::opener(intent) else { return };
    let keys: Vec<_> = registry::bindings().collect();
    match (opener.open)(&state.known, state.item(), &keys) {
        Some(dialog) => state.dialogs.push(Open::new(dialog)),
        None => state.known.toast = Some(Toast::bad("There is nothing to show")),
    }
}
