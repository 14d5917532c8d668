//! Fixes: shown first, done in their order, taken back, for the item that they
//! were asked for.

use std::sync::Arc;

use super::fixture::{self, press};
use super::screens::text;
use crate::check::Fix;
use crate::check::fixes::Ignore;

use crate::fix::{self, Undo};
use crate::ledger::Act;
use crate::model::Loss;
use crate::repo::support::{Sandbox, path};
use crate::tui::message::{Answer, Effect, Message, Planned, Question, Reread};
use crate::tui::state::State;
use crate::tui::update::update;

/// Asks for the fix and shows what it would do.
fn plan(state: &mut State, loses: Option<&str>, ahead: &[&str]) {
    press(state, "/ strong enter");
    let effects = press(state, "f");
    let [Effect::Ask(job, Question::Plan(item, _))] = &effects[..] else { panic!("{effects:?}") };
    let loss = |what: &str| Loss { what: what.into(), typed: "SECRET_KEY".into() };
    let planned = fixture::planned(loses.map(loss), ahead);
    update(state, Message::Answered(job.ticket, Ok(Answer::Planned(item.clone(), planned))));
}

/// What takes a fix back, from a real one in a repository of its own.
fn undo() -> Arc<Undo> {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo();
    let fix = Ignore { paths: vec![(path(".env"), false)], untrack: false };
    let plan = fix::plan(&repo, &fix).expect("a plan");
    fix::apply(&repo, None, &fix.title(), &plan, fixture::now()).expect("applied").undo
}

/// Agrees, and is told that it was done.
fn agree(state: &mut State, done: Arc<Undo>) -> Vec<Effect> {
    let mut effects = press(state, "enter");
    let Some(Effect::Ask(job, Question::Fix { next, .. })) = effects.pop() else {
        panic!("nothing asked")
    };
    update(state, Message::Answered(job.ticket, Ok(Answer::Fixed(done, next))))
}

#[test]
fn a_fix_asks_first_and_checks_again_afterwards() {
    let mut state = fixture::done((80, 24));
    plan(&mut state, None, &[]);
    assert!(press(&mut state, "y").is_empty());
    let effects = agree(&mut state, undo());
    assert!(matches!(effects[..], [Effect::Refresh(Reread::All)]));
    assert!(state.dialogs.is_empty());
}

#[test]
fn what_must_come_first_is_done_first_and_then_the_fix_is_offered() {
    let mut state = fixture::done((80, 24));
    plan(&mut state, None, &["put a fresh secret"]);
    assert!(text(&state).contains("After that: put a fresh secret"));
    let effects = agree(&mut state, undo());
    let [Effect::Ask(job, Question::Plan(item, _)), Effect::Refresh(Reread::All)] = &effects[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!(item.as_str(), "secret-key-strong");
    let planned = Answer::Planned(item.clone(), fixture::planned(None, &[]));
    update(&mut state, Message::Answered(job.ticket, Ok(planned)));
    let effects = press(&mut state, "enter");
    assert!(matches!(effects[..], [Effect::Ask(_, Question::Fix { next: None, .. })]));
}

#[test]
fn a_fix_is_taken_back_after_it_was_shown() {
    let mut state = fixture::done((80, 24));
    let effects = press(&mut state, "U");
    let [Effect::Ask(job, Question::PlanUndo(None))] = &effects[..] else { panic!("{effects:?}") };
    let error = Err("no fix is remembered here".to_owned());
    update(&mut state, Message::Answered(job.ticket, error));
    assert!(text(&state).contains("no fix is remembered here"));
    press(&mut state, "enter");
    plan(&mut state, None, &[]);
    let done = undo();
    agree(&mut state, done.clone());
    let effects = press(&mut state, "U");
    let [Effect::Ask(job, Question::PlanUndo(Some(latest)))] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert!(Arc::ptr_eq(latest, &done));
    let lines = vec!["  .gitignore".into(), "- .env".into()];
    let planned = Answer::UndoPlanned(done.clone(), lines, Vec::new());
    assert!(update(&mut state, Message::Answered(job.ticket, Ok(planned))).is_empty());
    let shown = text(&state);
    assert!(shown.contains("- .env") && shown.contains("enter undo it"), "{shown}");
    let effects = press(&mut state, "enter");
    let [Effect::Ask(job, Question::Undo(asked))] = &effects[..] else { panic!("{effects:?}") };
    assert!(Arc::ptr_eq(asked, &done));
    let effects = update(&mut state, Message::Answered(job.ticket, Ok(Answer::Undone(done))));
    assert!(matches!(effects[..], [Effect::Refresh(Reread::All)]));
    let toast = state.known.toast.as_ref().expect("said");
    assert_eq!(toast.text, "Undone: add `.env` to `.gitignore`; checking again");
    assert!(matches!(press(&mut state, "U")[..], [Effect::Ask(_, Question::PlanUndo(None))]));
}

#[test]
fn a_fix_that_loses_a_value_wants_its_name_typed() {
    let mut state = fixture::done((80, 24));
    plan(&mut state, Some("it holds a value"), &[]);
    assert!(press(&mut state, "enter").is_empty());
    assert!(state.dialogs[0].error.as_ref().expect("an error").contains("SECRET_KEY"));
    let effects = press(&mut state, "SECRET_KEY enter");
    let [Effect::Ask(job, Question::Fix { .. })] = &effects[..] else { panic!("{effects:?}") };
    let error = Err("git would track the file".to_owned());
    update(&mut state, Message::Answered(job.ticket, error));
    assert!(state.dialogs[0].error.as_ref().expect("an error").contains("git would track"));
}

#[test]
fn a_dialog_is_about_the_item_that_it_was_opened_for() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "/ strong enter");
    let effects = press(&mut state, "f");
    let [Effect::Ask(job, Question::Plan(item, _))] = &effects[..] else { panic!("{effects:?}") };
    // the selection moves while the answer is on its way
    state.main.filter.input.reset();
    state.main.select(0);
    let answer = Answer::Planned(item.clone(), fixture::planned(None, &[]));
    update(&mut state, Message::Answered(job.ticket, Ok(answer)));
    assert!(text(&state).contains("secret-key-strong"));
}

#[test]
fn an_item_that_went_away_meanwhile_is_told() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "/ strong enter");
    let effects = press(&mut state, "f");
    let [Effect::Ask(job, Question::Plan(item, _))] = &effects[..] else { panic!("{effects:?}") };
    let mut loaded = fixture::loaded();
    let mut checklist = fixture::checklist();
    for section in &mut checklist.sections {
        section.items.retain(|item| item.id.as_str() != "secret-key-strong");
    }
    loaded.checklist = Arc::new(checklist);
    update(&mut state, Message::Reread(loaded, Reread::All));
    let answer = Answer::Planned(item.clone(), fixture::planned(None, &[]));
    update(&mut state, Message::Answered(job.ticket, Ok(answer)));
    assert!(text(&state).contains("is not in the checklist any more"), "{}", text(&state));
}

#[test]
fn what_an_undo_shows_to_git_is_seen_before_it_is_agreed_to() {
    for size in [(80, 24), (40, 12)] {
        let mut state = fixture::done(size);
        let effects = press(&mut state, "U");
        let [Effect::Ask(job, _)] = &effects[..] else { panic!("{effects:?}") };
        let lines: Vec<_> = (0..60).map(|nth| format!("- {nth}.env").into()).collect();
        let warnings = vec!["`.env` holds a secret".into()];
        let planned = Answer::UndoPlanned(undo(), lines, warnings);
        update(&mut state, Message::Answered(job.ticket, Ok(planned)));
        let shown = text(&state);
        assert!(shown.contains("`.env` holds a secret"), "{shown}");
        assert!(matches!(press(&mut state, "enter")[..], [Effect::Ask(_, Question::Undo(_))]));
    }
}

#[test]
fn a_fix_is_named_as_it_is_planned_now() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "/ strong enter");
    let effects = press(&mut state, "f");
    let [Effect::Ask(job, Question::Plan(item, _))] = &effects[..] else { panic!("{effects:?}") };
    let planned = Planned {
        title: "add `instance` to `.gitignore`".into(),
        ..fixture::planned(None, &["put a fresh secret"])
    };
    let answer = Answer::Planned(item.clone(), planned);
    update(&mut state, Message::Answered(job.ticket, Ok(answer)));
    assert!(text(&state).contains("To add `instance` to `.gitignore`:"), "{}", text(&state));
    let effects = press(&mut state, "enter");
    let [Effect::Ask(_, Question::Fix { title, next: Some((next, _)), .. })] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((title.as_str(), next), ("add `instance` to `.gitignore`", item));
}

/// Another item is selected while an answer is on its way.
fn select_another(state: &mut State) -> String {
    let selected = |state: &State| {
        state.main.selected(&state.known).map(|item| item.id.to_string()).unwrap_or_default()
    };
    let before = selected(state);
    state.main.filter.input.reset();
    update(state, Message::Tick);
    for row in 0..20 {
        state.main.select(row);
        update(state, Message::Tick);
        if !selected(state).is_empty() && selected(state) != before {
            break;
        }
    }
    selected(state)
}

#[test]
fn what_was_done_goes_on_with_the_item_that_it_was_asked_for() {
    let mut state = fixture::done((80, 24));
    plan(&mut state, None, &["put a fresh secret"]);
    let effects = press(&mut state, "enter");
    let [Effect::Ask(job, Question::Fix { next, .. })] = &effects[..] else {
        panic!("{effects:?}")
    };
    let (ticket, next) = (job.ticket, next.clone());
    assert_ne!(select_another(&mut state), "secret-key-strong");
    let done = Answer::Fixed(undo(), next);
    let effects = update(&mut state, Message::Answered(ticket, Ok(done)));
    let Some(Effect::Ask(_, Question::Plan(item, _))) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!(item.as_str(), "secret-key-strong");
}

#[test]
fn a_record_is_about_the_item_that_it_was_opened_for() {
    for (key, act) in [("s", Act::SignOff), ("o", Act::Objection), ("w", Act::Waiver)] {
        let mut state = fixture::done((100, 30));
        press(&mut state, "/ restore-rehearsed enter");
        let effects = press(&mut state, key);
        let [Effect::Ask(job, Question::Draft(_, item))] = &effects[..] else {
            panic!("{effects:?}")
        };
        let (ticket, item) = (job.ticket, item.to_string());
        assert_eq!(item, "restore-rehearsed");
        assert_ne!(select_another(&mut state), item);
        let draft = Answer::Drafted(Box::new(fixture::draft(act, &item)));
        update(&mut state, Message::Answered(ticket, Ok(draft)));
        assert!(text(&state).contains(&item), "{}", text(&state));
        // and once more while the dialog is open
        select_another(&mut state);
        let keys = match act {
            Act::Waiver => "2w enter because space of space May enter",
            _ => "because space of space May enter",
        };
        let effects = press(&mut state, keys);
        let [Effect::Ask(_, Question::Commit(draft, _))] = &effects[..] else {
            panic!("{key}: {effects:?}")
        };
        assert_eq!((draft.record.item.as_str(), draft.act()), (item.as_str(), act));
    }
}
