//! Acting on the selected item.

use std::sync::Arc;

use crate::assess::Standing;
use crate::check::Fix;
use crate::ledger::Act;
use crate::model::words::count;
use crate::model::{Cancel, ItemId, Place};
use crate::tui::dialog::open::Open;
use crate::tui::dialog::waiting::Waiting;
use crate::tui::keys::intent::Action;
use crate::tui::known::Toast;
use crate::tui::message::{Effect, Job, Question, Reread};
use crate::tui::state::State;

/// Does it.
pub(crate) fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    let Some(item) = state.item() else {
        state.known.toast = Some(Toast::bad("Select an item first"));
        return;
    };
    let id = item.id.clone();
    let about =
        Waiting { title: "", about: item.title.clone(), refusal: "That cannot be recorded" };
    match action {
        Action::SignOff => {
            let about = Waiting { title: "Sign off", ..about };
            ask(state, about, Question::Draft(Act::SignOff, id), effects);
        }
        Action::Object => {
            let about = Waiting { title: "Object", ..about };
            ask(state, about, Question::Draft(Act::Objection, id), effects);
        }
        Action::Waive => {
            let about = Waiting { title: "Waive", ..about };
            ask(state, about, Question::Draft(Act::Waiver, id), effects);
        }
        Action::Withdraw => {
            let refusal = "There is nothing to withdraw";
            let about = Waiting { title: "Withdraw", refusal, ..about };
            ask(state, about, Question::DraftWithdrawal(id), effects);
        }
        Action::Fix => fix(state, effects),
        Action::Rerun => rerun(state, effects),
        Action::Edit => edit(state, effects),
        Action::Copy => copy(state, effects),
        Action::CopyCode => copy_code(state, effects),
    }
}

/// Asks for what a dialog will show; one that says so stands there meanwhile.
fn ask(state: &mut State, about: Waiting, question: Question, effects: &mut Vec<Effect>) {
    if let Some(why) = state.known.read_only() {
        state.known.toast = Some(Toast::bad(why));
        return;
    }
    let job = Job { ticket: state.take_ticket(), cancel: Cancel::default() };
    state.dialogs.push(Open::waiting(Box::new(about), job.clone()));
    effects.push(Effect::Ask(job, question));
}

/// Asks what taking the latest fix back would do.
pub(crate) fn undo(state: &mut State, effects: &mut Vec<Effect>) {
    let about =
        Waiting { title: "Undo", about: "The latest fix".into(), refusal: "Nothing can be undone" };
    let latest = state.undos.last().cloned();
    ask(state, about, Question::PlanUndo(latest), effects);
}

/// Asks what a fix of an item would do.
pub(crate) fn plan(state: &mut State, id: ItemId, fix: Arc<dyn Fix>, effects: &mut Vec<Effect>) {
    let about = state.known.item(&id).map(|item| item.title.clone()).unwrap_or_default();
    let about = Waiting { title: "Fix", about, refusal: "That cannot be fixed from here" };
    ask(state, about, Question::Plan(id, fix), effects);
}

fn fix(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(item) = state.item() else { return };
    let id = item.id.clone();
    let known = &state.known;
    let refusal = match known.standing(&id) {
        Standing::Passed | Standing::NotApplicable => "Nothing to fix here",
        _ if !item.checks.is_empty() && !known.results.contains_key(&id) => {
            "Its checks still run; try again when they are done"
        }
        _ if item.fix.is_some() => "gonogo cannot do this by itself; the detail says how to fix it",
        _ => "gonogo cannot do this by itself",
    };
    // of several, the one whose turn is first; the others are offered afterwards
    match known.fixes(item).into_iter().next() {
        Some(fix) => plan(state, id, fix, effects),
        None => state.known.toast = Some(Toast::bad(refusal)),
    }
}

fn rerun(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(item) = state.item() else { return };
    let (id, disabled, checks) = (item.id.clone(), item.disabled.is_some(), item.checks.len());
    if disabled {
        state.known.toast = Some(Toast::bad("This item is switched off: nothing to check"));
        return;
    }
    if checks == 0 {
        state.known.toast = Some(Toast::good("No check to run: it waits for people"));
    }
    effects.push(Effect::Refresh(Reread::Item(id)));
}

fn edit(state: &mut State, effects: &mut Vec<Effect>) {
    match state.front().place(&state.known) {
        Some(Place { path, commit: Some(commit), .. }) => {
            state.known.toast = Some(Toast::bad(format!(
                "That is in the history: `git show {}:{path}` shows it, `y` copies the place",
                commit.short()
            )));
        }
        Some(place) => effects.push(Effect::Edit(place.path, place.line)),
        None => state.known.toast = Some(Toast::bad("No finding here names a place to open")),
    }
}

fn copy(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(item) = state.item() else { return };
    let place = state.front().place(&state.known).filter(|_| state.front().copies_place());
    let (what, text) = match place {
        // as `git show` takes it
        Some(Place { path, commit: Some(commit), .. }) => {
            ("the place", format!("{}:{path}", commit.as_str()))
        }
        Some(place) => ("the place", place.to_string()),
        None => ("the id", item.id.to_string()),
    };
    state.known.toast = Some(Toast::good(format!("Copied {what}: {text}")));
    effects.push(Effect::Copy(text));
}

fn copy_code(state: &mut State, effects: &mut Vec<Effect>) {
    let code = state.item().and_then(|item| item.fix.as_ref()).and_then(|fix| fix.code.clone());
    match code {
        Some(code) => {
            let lines = count(code.as_str().lines().count(), "line");
            state.known.toast = Some(Toast::good(format!("Copied the fix's code, {lines}")));
            effects.push(Effect::Copy(code.to_string()));
        }
        None => state.known.toast = Some(Toast::bad("The fix of this item has no code to copy")),
    }
}
