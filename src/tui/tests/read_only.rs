//! The screen on a revision: everything can be looked at, nothing recorded or fixed.

use super::fixture::{self, press};
use crate::tui::state::State;

fn on_revision() -> State {
    let mut state = fixture::done((120, 28));
    let loaded = state.known.loaded.as_mut().expect("loaded");
    loaded.read_only = Some("`v1.2` is judged as it is".into());
    state
}

#[test]
fn what_would_write_says_why_not() {
    for keys in ["n s", "n o", "n w", "/ payments enter u", "/ strong enter f"] {
        let mut state = on_revision();
        assert!(press(&mut state, keys).is_empty(), "{keys}");
        assert!(state.dialogs.is_empty(), "{keys}");
        let toast = state.known.toast.as_ref().expect(keys);
        assert!(toast.bad && toast.text.contains("`v1.2` is judged as it is"), "{keys}: {toast:?}");
    }
}

#[test]
fn what_only_reads_works() {
    for keys in ["n r", "n e", "n y", "n Y", "R"] {
        assert_eq!(press(&mut on_revision(), keys).len(), 1, "{keys}");
    }
}

#[test]
fn the_bottom_line_offers_nothing_that_is_refused() {
    for keys in ["/ restore enter", "/ payments enter", "/ strong enter"] {
        let mut state = on_revision();
        press(&mut state, keys);
        let text = super::screens::text(&state);
        let bottom = text.lines().last().expect("a line");
        for refused in ["sign off", "waive", "object", "withdraw", "f fix"] {
            assert!(!bottom.contains(refused), "{keys}: {bottom}");
        }
    }
}
