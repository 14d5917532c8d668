//! The screen of all records.

use super::fixture::{self, press};
use super::screens::text;
use crate::tui::message::{Effect, Question};

#[test]
fn it_names_every_record_and_says_whether_it_counts() {
    for size in super::screens::SIZES {
        let mut state = fixture::done(size);
        press(&mut state, "L");
        insta::assert_snapshot!(format!("ledger_{}x{}", size.0, size.1), text(&state));
    }
    let mut state = fixture::empty((80, 24));
    assert!(press(&mut state, "L").is_empty());
    assert!(state.over.is_empty(), "nothing is read yet");
}

#[test]
fn keys_go_through_the_records_and_back() {
    let mut state = fixture::done((120, 28));
    press(&mut state, "L down");
    assert_eq!(state.item().expect("an item").id.as_str(), "payments-tested");
    assert!(text(&state).contains("Withdrawn by its author"));
    let effects = press(&mut state, "u");
    assert!(matches!(effects[..], [Effect::Ask(_, Question::DraftWithdrawal(_))]), "{effects:?}");
    press(&mut state, "esc enter");
    assert!(state.over.is_empty());
    assert_eq!(state.item().expect("an item").id.as_str(), "payments-tested");
    press(&mut state, "L end pgdn esc");
    assert!(state.over.is_empty());
}

#[test]
fn without_records_it_says_so() {
    let mut state = fixture::running((80, 24));
    press(&mut state, "L down enter");
    assert!(text(&state).contains("Nobody has signed"));
    assert!(press(&mut state, "s").is_empty());
    assert_eq!(state.known.toast.as_ref().expect("said").text, "Select an item first");
}
