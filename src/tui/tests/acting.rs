//! Acting on an item: what is asked for, what a dialog lets through, what an
//! error leaves standing.

use std::sync::Arc;

use super::fixture::{self, press};
use crate::check::Fix as _;
use crate::check::fixes::Ignore;
use crate::fix::{self, Undo};
use crate::ledger::Act;
use crate::model::Loss;
use crate::repo::support::{Sandbox, path};
use crate::tui::dialog::Dialog;
use crate::tui::message::{Effect, Message, Reread};
use crate::tui::state::State;
use crate::tui::update::update;

fn toast(state: &State) -> &str {
    state.toast.as_ref().map_or("", |toast| toast.text.as_str())
}

/// Opens the dialog for an act about the selected item.
fn open(state: &mut State, key: &str, act: Act, item: &str) {
    press(state, &format!("/ {item} enter"));
    let effects = press(state, key);
    assert!(matches!(effects[..], [Effect::Draft(..)]), "{effects:?}");
    let ticket = state.ticket;
    update(state, Message::Drafted(ticket, Ok(Box::new(fixture::draft(act, item)))));
}

fn committed(effects: &[Effect]) -> Option<(&crate::ledger::Record, &str)> {
    match effects {
        [Effect::Commit(_, draft, note)] => Some((&draft.record, note)),
        _ => None,
    }
}

fn error(state: &mut State) -> Option<String> {
    state.dialogs.last_mut()?.form()?.error.clone()
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
    assert!(press(&mut state, "esc enter x").is_empty(), "nothing twice while it is written");
    let ticket = state.ticket;
    let effects = update(&mut state, Message::Committed(ticket, Ok("abc1234".into())));
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
    update(&mut state, Message::Committed(ticket, Err("the ledger stayed locked".into())));
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
        ("2015/10/21 enter", "year-month-day"),
        ("2026-02-30 enter", "no such day"),
        ("2026-03-30 enter", "is past; today is 2026-03-31"),
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
}

#[test]
fn an_answer_that_nobody_waits_for_is_dropped() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "n s esc");
    let draft = fixture::draft(Act::SignOff, "restore-rehearsed");
    update(&mut state, Message::Drafted(1, Ok(Box::new(draft))));
    assert!(state.dialogs.is_empty());
    press(&mut state, "s");
    update(&mut state, Message::Drafted(1, Err("late".into())));
    assert!(matches!(state.dialogs[..], [Dialog::Waiting { ticket: 2, .. }]));
    update(&mut state, Message::Drafted(2, Err("this item takes no sign-off".into())));
    assert!(
        matches!(&state.dialogs[..], [Dialog::Notice(notice)] if notice.text.contains("takes no"))
    );
    press(&mut state, "enter");
    assert!(state.dialogs.is_empty());
}

#[test]
fn withdrawing_shows_which_and_asks() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "/ payments enter");
    let effects = press(&mut state, "u");
    assert!(matches!(effects[..], [Effect::DraftWithdrawal(1, _)]));
    let answer = Ok(Box::new(fixture::withdrawal("payments-tested")));
    update(&mut state, Message::WithdrawalDrafted(1, answer));
    let effects = press(&mut state, "enter");
    assert_eq!(committed(&effects).expect("committed").0.statement.act(), Act::Withdrawal);
}

/// Asks for the fix of `secret-key-strong` and answers with what it would do.
fn plan(state: &mut State, loses: Option<&str>, ahead: &[&str]) {
    press(state, "/ strong enter");
    let effects = press(state, "f");
    assert!(matches!(effects[..], [Effect::Plan(..)]));
    let loss = |what: &str| Loss { what: what.into(), typed: "SECRET_KEY".into() };
    let planned = fixture::planned(loses.map(loss), ahead);
    update(state, Message::Planned(state.ticket, Ok(planned)));
}

/// What takes a fix back, from a real one in a repository of its own.
fn undo() -> Arc<Undo> {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo();
    let fix = Ignore { paths: vec![(path(".env"), false)] };
    let plan = fix::plan(&repo, &fix).expect("a plan");
    fix::apply(&repo, None, &fix.title(), &plan, fixture::now()).expect("applied").undo
}

#[test]
fn a_fix_asks_first_and_checks_again_afterwards() {
    let mut state = fixture::done((80, 24));
    plan(&mut state, None, &[]);
    assert!(press(&mut state, "y").is_empty());
    let effects = press(&mut state, "enter");
    assert!(matches!(effects[..], [Effect::Fix { .. }]));
    let ticket = state.ticket;
    let effects = update(&mut state, Message::Fixed(ticket, Ok(undo())));
    assert!(matches!(effects[..], [Effect::Refresh(Reread::All)]));
    assert!(state.dialogs.is_empty());
}

#[test]
fn what_must_come_first_is_done_first_and_then_the_fix_is_offered() {
    let mut state = fixture::done((80, 24));
    plan(&mut state, None, &["put a fresh secret"]);
    press(&mut state, "enter");
    let ticket = state.ticket;
    let effects = update(&mut state, Message::Fixed(ticket, Ok(undo())));
    let [Effect::Plan(next, _), Effect::Refresh(Reread::All)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_ne!(*next, ticket);
    assert!(matches!(&state.dialogs[..], [Dialog::Waiting { item, .. }]
        if item.as_str() == "secret-key-strong"));
    update(&mut state, Message::Planned(*next, Ok(fixture::planned(None, &[]))));
    assert!(matches!(press(&mut state, "enter")[..], [Effect::Fix { .. }]));
}

#[test]
fn a_fix_is_taken_back_by_one_key() {
    let mut state = fixture::done((80, 24));
    assert!(matches!(press(&mut state, "U")[..], [Effect::Undo(None)]), "of an earlier run");
    update(&mut state, Message::Undone(Err("no fix is remembered here".into())));
    assert!(matches!(&state.dialogs[..], [Dialog::Notice(_)]));
    press(&mut state, "enter");
    plan(&mut state, None, &[]);
    press(&mut state, "enter");
    let (ticket, done) = (state.ticket, undo());
    update(&mut state, Message::Fixed(ticket, Ok(done.clone())));
    let effects = press(&mut state, "U");
    let [Effect::Undo(Some(latest))] = &effects[..] else { panic!("{effects:?}") };
    assert!(Arc::ptr_eq(latest, &done));
    let effects = update(&mut state, Message::Undone(Ok(done)));
    assert!(matches!(effects[..], [Effect::Refresh(Reread::All)]));
    assert_eq!(toast(&state), "Undone: add `.env` to `.gitignore`; checking again");
    assert!(matches!(press(&mut state, "U")[..], [Effect::Undo(None)]));
}

#[test]
fn a_fix_that_loses_a_value_wants_its_name_typed() {
    let mut state = fixture::done((80, 24));
    plan(&mut state, Some("it holds a value"), &[]);
    assert!(press(&mut state, "enter").is_empty());
    assert!(error(&mut state).expect("an error").contains("SECRET_KEY"));
    let effects = press(&mut state, "SECRET_KEY enter");
    assert!(matches!(effects[..], [Effect::Fix { .. }]));
    let ticket = state.ticket;
    update(&mut state, Message::Fixed(ticket, Err("git would track the file".into())));
    assert!(error(&mut state).expect("an error").contains("git would track"));
}

#[test]
fn a_dialog_is_about_the_item_that_it_was_opened_for() {
    // the selection moves while the answer is on its way
    let move_away = |state: &mut State| {
        state.list.cursor = (state.list.cursor + 1) % state.list.rows.len();
    };
    let title = |state: &State, id: &str| {
        let loaded = state.loaded.as_ref().expect("loaded");
        loaded.checklist.item(&fixture::id(id)).expect("an item").title.clone()
    };
    let select = |state: &mut State, id: &str| {
        let at = state
            .list
            .rows
            .iter()
            .position(|&row| state.item_at(row).is_some_and(|item| item.id.as_str() == id));
        state.list.cursor = at.expect("a row");
    };
    let mut state = fixture::done((80, 24));
    select(&mut state, "secret-key-strong");
    press(&mut state, "f");
    move_away(&mut state);
    let ticket = state.ticket;
    update(&mut state, Message::Planned(ticket, Ok(fixture::planned(None, &[]))));
    let Some(Dialog::Fix(form)) = state.dialogs.last() else { panic!("{:?}", state.dialogs) };
    assert_eq!(form.item.as_str(), "secret-key-strong");
    assert_eq!(form.title, title(&state, "secret-key-strong"));
    press(&mut state, "esc");

    select(&mut state, "payments-tested");
    press(&mut state, "s");
    move_away(&mut state);
    let draft = fixture::draft(Act::SignOff, "payments-tested");
    let ticket = state.ticket;
    update(&mut state, Message::Drafted(ticket, Ok(Box::new(draft))));
    let Some(Dialog::Record(form)) = state.dialogs.last() else { panic!("{:?}", state.dialogs) };
    assert_eq!(form.title, title(&state, "payments-tested"));
    press(&mut state, "esc");

    select(&mut state, "payments-tested");
    press(&mut state, "u");
    move_away(&mut state);
    let answer = Ok(Box::new(fixture::withdrawal("payments-tested")));
    let ticket = state.ticket;
    update(&mut state, Message::WithdrawalDrafted(ticket, answer));
    let Some(Dialog::Withdrawal(form)) = state.dialogs.last() else { panic!() };
    assert_eq!(form.title, title(&state, "payments-tested"));
}

#[test]
fn an_item_that_went_away_meanwhile_is_told() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "/ strong enter f");
    let ticket = state.ticket;
    let mut loaded = fixture::loaded();
    let mut checklist = fixture::checklist();
    for section in &mut checklist.sections {
        section.items.retain(|item| item.id.as_str() != "secret-key-strong");
    }
    loaded.checklist = Arc::new(checklist);
    update(&mut state, Message::Reread(loaded, Reread::All));
    update(&mut state, Message::Planned(ticket, Ok(fixture::planned(None, &[]))));
    assert!(matches!(&state.dialogs[..], [Dialog::Notice(notice)]
        if notice.text.contains("`secret-key-strong` is no longer in the checklist")));
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
