//! Acting on an item: what is asked for, what a dialog lets through, what an
//! error leaves standing.

use super::fixture::{self, press};
use crate::ledger::Act;
use crate::tui::message::{Answer, Effect, Message, Question, Reread};
use crate::tui::state::State;
use crate::tui::update::update;

fn toast(state: &State) -> &str {
    state.known.toast.as_ref().map_or("", |toast| toast.text.as_str())
}

/// Opens the dialog for an act about the selected item.
fn open(state: &mut State, key: &str, act: Act, item: &str) {
    press(state, &format!("/ {item} enter"));
    let effects = press(state, key);
    assert!(matches!(effects[..], [Effect::Ask(_, Question::Draft(..))]), "{effects:?}");
    let ticket = state.ticket;
    update(
        state,
        Message::Answered(ticket, Ok(Answer::Drafted(Box::new(fixture::draft(act, item))))),
    );
}

fn committed(effects: &[Effect]) -> Option<(&crate::ledger::Record, &str)> {
    match effects {
        [Effect::Ask(_, Question::Commit(draft, note))] => Some((&draft.record, note)),
        _ => None,
    }
}

fn error(state: &mut State) -> Option<String> {
    state.dialogs.last_mut()?.error.clone()
}

#[test]
fn a_sign_off_needs_no_words_and_takes_them() {
    let mut state = fixture::done((80, 24));
    open(&mut state, "s", Act::SignOff, "restore-rehearsed");
    let effects = press(&mut state, "q space and space q? enter");
    let (record, note) = committed(&effects).expect("committed");
    assert_eq!(
        (record.statement.act(), note),
        (Act::SignOff, "q and q?"),
        "letters are text here, not keys"
    );
    assert!(press(&mut state, "enter x").is_empty(), "nothing twice while it is written");
    let ticket = state.ticket;
    let effects = update(
        &mut state,
        Message::Answered(ticket, Ok(Answer::Committed(Act::SignOff, "abc1234".into()))),
    );
    assert!(matches!(effects[..], [Effect::Refresh(Reread::Recorded)]));
    assert!(state.dialogs.is_empty());
    assert_eq!(toast(&state), "The sign-off is recorded as abc1234");
}

#[test]
fn an_error_leaves_what_was_typed() {
    let mut state = fixture::done((80, 24));
    open(&mut state, "s", Act::SignOff, "restore-rehearsed");
    press(&mut state, "tested enter");
    let ticket = state.ticket;
    update(&mut state, Message::Answered(ticket, Err("the ledger stayed locked".into())));
    assert_eq!(error(&mut state).as_deref(), Some("the ledger stayed locked"));
    let effects = press(&mut state, "enter");
    assert_eq!(committed(&effects).expect("again").1, "tested");
}

#[test]
fn an_objection_needs_words() {
    let mut state = fixture::done((80, 24));
    open(&mut state, "o", Act::Objection, "restore-rehearsed");
    assert!(press(&mut state, "space enter").is_empty());
    assert!(error(&mut state).expect("an error").contains("An objection needs a reason"));
    assert!(committed(&press(&mut state, "no space spare space disk enter")).is_some());
}

#[test]
fn a_waiver_needs_a_day_and_a_reason() {
    let cases = [
        ("enter", "needs its last day"),
        ("2015/10/21 enter", "a day is written `2026-03-31`"),
        ("2026-02-30 enter", "no such day"),
        ("2026-03-30 enter", "is past; today is 2026-03-31"),
        ("2026-06-30 enter", "the checklist allows 2026-06-29 at most"),
        ("100d enter", "2026-07-09 is too late"),
        ("2026-03-31 enter enter", "needs a reason"),
        ("tab because enter", "needs its last day"),
    ];
    for (keys, expected) in cases {
        let mut state = fixture::done((80, 24));
        open(&mut state, "w", Act::Waiver, "restore-rehearsed");
        assert!(press(&mut state, keys).is_empty(), "{keys}");
        let error = error(&mut state).expect(keys);
        assert!(error.contains(expected), "{keys}: {error}");
    }
    let mut state = fixture::done((80, 24));
    open(&mut state, "w", Act::Waiver, "restore-rehearsed");
    let effects = press(&mut state, "2026-03-31 enter because space of space May enter");
    let (record, note) = committed(&effects).expect("committed");
    assert_eq!(record.statement.until().expect("a day").to_string(), "2026-03-31");
    assert_eq!(note, "because of May");
    let mut state = fixture::done((80, 24));
    open(&mut state, "w", Act::Waiver, "restore-rehearsed");
    let effects = press(&mut state, "2w enter because space of space May enter");
    let (record, _) = committed(&effects).expect("committed");
    assert_eq!(record.statement.until().expect("a day").to_string(), "2026-04-14");
}

#[test]
fn an_answer_that_nobody_waits_for_is_dropped() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "n s esc");
    let draft = fixture::draft(Act::SignOff, "restore-rehearsed");
    update(&mut state, Message::Answered(1, Ok(Answer::Drafted(Box::new(draft)))));
    assert!(state.dialogs.is_empty());
    press(&mut state, "s");
    update(&mut state, Message::Answered(1, Err("late".into())));
    assert!(state.dialogs.len() == 1 && state.dialogs[0].waits_for(2));
    update(&mut state, Message::Answered(2, Err("this item takes no sign-off".into())));
    assert!(super::screens::text(&state).contains("this item takes no sign-off"));
    press(&mut state, "enter");
    assert!(state.dialogs.is_empty());
}

#[test]
fn withdrawing_shows_which_and_asks() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "/ payments enter");
    let effects = press(&mut state, "u");
    assert!(matches!(effects[..], [Effect::Ask(_, Question::DraftWithdrawal(_))]));
    let answer = Answer::WithdrawalDrafted(Box::new(fixture::withdrawal("payments-tested")));
    update(&mut state, Message::Answered(1, Ok(answer)));
    let effects = press(&mut state, "enter");
    assert_eq!(committed(&effects).expect("committed").0.statement.act(), Act::Withdrawal);
}

#[test]
fn keys_without_an_object_say_so() {
    let cases = [
        ("s", "Select an item first"),
        ("j e", "Select an item first"),
        ("n f", "gonogo cannot do this by itself; the detail says how to fix it"),
        ("/ waived enter n", "None of the filtered items blocks; esc clears the filter"),
        ("/ stale enter e", "No finding here names a place to open"),
        ("/ stale enter r", "No check to run: it waits for people"),
        ("m", "Mouse off: the terminal selects text now"),
        ("T", "Theme: light"),
    ];
    for (keys, expected) in cases {
        let mut state = fixture::done((80, 24));
        press(&mut state, keys);
        assert_eq!(toast(&state), expected, "{keys}");
    }
    let mut state = fixture::empty((80, 24));
    assert!(press(&mut state, "s n r /").is_empty());
    assert_eq!(toast(&state), "The repository is still being read");
}

#[test]
fn copying_and_opening_take_what_is_selected() {
    let cases = [
        ("n y", "secret-key-not-hardcoded"),
        ("n enter y", "shop/app.py:189:1"),
        ("n enter j j y", "shop/config.py:9:14"),
        ("n Y", "app.config[\"SECRET_KEY\"] = os.environ[\"SECRET_KEY\"]\n"),
    ];
    for (keys, expected) in cases {
        let mut state = fixture::done((80, 24));
        let effects = press(&mut state, keys);
        assert!(
            matches!(&effects[..], [Effect::Copy(text)] if text == expected),
            "{keys} {effects:?}"
        );
        assert!(toast(&state).starts_with("Copied"));
    }
    for (keys, expected) in [("n e", 189), ("n enter j j e", 9), ("n enter j j enter", 9)] {
        let mut state = fixture::done((80, 24));
        let effects = press(&mut state, keys);
        assert!(matches!(effects[..], [Effect::Edit(_, Some(line))] if line == expected), "{keys}");
    }
}

#[test]
fn leaving_works_from_everywhere() {
    for keys in ["", "?", "/ abc", "n enter", "n s"] {
        let mut state = fixture::done((80, 24));
        press(&mut state, keys);
        assert!(matches!(press(&mut state, "ctrl-c")[..], [Effect::Quit]), "{keys}");
        assert!(matches!(press(&mut state, "ctrl-z")[..], [Effect::Suspend]), "{keys}");
    }
    let mut small = fixture::done((20, 5));
    assert!(press(&mut small, "s n ?").is_empty());
    assert!(matches!(press(&mut small, "q")[..], [Effect::Quit]));
}

#[test]
fn pasted_text_goes_into_a_field_or_nowhere() {
    let mut state = fixture::done((80, 24));
    assert!(update(&mut state, Message::Paste("qqq\nsss".into())).is_empty());
    assert!(state.dialogs.is_empty());
    open(&mut state, "s", Act::SignOff, "restore-rehearsed");
    assert!(update(&mut state, Message::Paste("one\ntwo".into())).is_empty());
    let effects = press(&mut state, "enter");
    assert_eq!(committed(&effects).expect("committed").1, "one two");
}

#[test]
fn esc_gives_up_what_is_asked() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "/ restore enter");
    let effects = press(&mut state, "s esc");
    let [Effect::Ask(job, _)] = &effects[..] else { panic!("{effects:?}") };
    assert!(job.cancel.is_cancelled() && state.dialogs.is_empty(), "nothing was written");

    press(&mut state, "esc");
    open(&mut state, "s", Act::SignOff, "restore-rehearsed");
    let effects = press(&mut state, "tested enter");
    let [Effect::Ask(job, _)] = &effects[..] else { panic!("{effects:?}") };
    update(&mut state, Message::Waits(job.ticket, "waiting for `ledger.lock`, 2 s".into()));
    assert!(super::screens::text(&state).contains("waiting for `ledger.lock`, 2 s"));
    press(&mut state, "esc");
    assert!(job.cancel.is_cancelled());
    assert!(super::screens::text(&state).contains("Giving up"), "it says what became of it");
    let (ticket, late) = (job.ticket, Answer::Committed(Act::SignOff, "abc1234".into()));
    press(&mut state, "esc");
    assert!(state.dialogs.is_empty(), "who does not want to wait need not");
    let effects = update(&mut state, Message::Answered(ticket, Ok(late)));
    assert!(matches!(effects[..], [Effect::Refresh(Reread::Recorded)]), "it was written");
    assert_eq!(toast(&state), "The sign-off is recorded as abc1234");
}

#[test]
fn an_item_that_is_gone_is_told() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "n s");
    let draft = fixture::draft(Act::SignOff, "an-item-that-is-gone");
    let ticket = state.ticket;
    update(&mut state, Message::Answered(ticket, Ok(Answer::Drafted(Box::new(draft)))));
    assert!(super::screens::text(&state).contains("is not in the checklist any more"));
}
