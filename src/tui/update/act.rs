//! Acting on the selected item.

use crate::assess::Standing;
use crate::ledger::Act;
use crate::model::Place;
use crate::tui::dialog::Dialog;
use crate::tui::keys::Intent;
use crate::tui::message::{Effect, Reread, Toast};
use crate::tui::state::{Pane, State};

/// Carries out an intent about the selected item, or about all.
pub fn act(state: &mut State, intent: Intent, effects: &mut Vec<Effect>) {
    if intent == Intent::RerunAll {
        state.toast = Some(Toast::good("Reading everything again"));
        return effects.push(Effect::Reopen);
    }
    if intent == Intent::Undo {
        state.toast = Some(Toast::good("Taking the latest fix back"));
        return effects.push(Effect::Undo(state.undos.last().cloned()));
    }
    let Some(item) = state.item() else {
        state.toast = Some(Toast::bad("Select an item first"));
        return;
    };
    let (id, title) = (item.id.clone(), item.title.clone());
    match intent {
        Intent::SignOff | Intent::Object | Intent::Waive | Intent::Withdraw => {
            let ticket = state.take_ticket();
            let item = id.clone();
            let (title_of, effect) = match intent {
                Intent::SignOff => ("Sign off", Effect::Draft(ticket, Act::SignOff, id)),
                Intent::Object => ("Object", Effect::Draft(ticket, Act::Objection, id)),
                Intent::Waive => ("Waive", Effect::Draft(ticket, Act::Waiver, id)),
                _ => ("Withdraw", Effect::DraftWithdrawal(ticket, id)),
            };
            state.dialogs.push(Dialog::Waiting { ticket, item, title: title_of, about: title });
            effects.push(effect);
        }
        Intent::Fix => fix(state, effects),
        Intent::Edit => edit(state, effects),
        Intent::Copy => copy(state, effects),
        Intent::CopyCode => copy_code(state, effects),
        Intent::Rerun => {
            if item.disabled.is_some() {
                state.toast = Some(Toast::bad("This item is switched off: nothing to check"));
                return;
            }
            if item.checks.is_empty() {
                state.toast = Some(Toast::good("No check to run: it waits for people"));
            }
            effects.push(Effect::Refresh(Reread::Item(id)));
        }
        _ => {}
    }
}

fn fix(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(item) = state.item() else { return };
    let (id, title) = (item.id.clone(), item.title.clone());
    let refusal = match state.standing(&id) {
        Standing::Passed | Standing::NotApplicable => "Nothing to fix here",
        _ if !item.checks.is_empty() && !state.results.contains_key(&id) => {
            "Its checks still run; try again when they are done"
        }
        _ if item.fix.is_some() => "gonogo cannot do this by itself; the detail says how to fix it",
        _ => "gonogo cannot do this by itself",
    };
    // of several, the one whose turn is first; the others are offered afterwards
    match state.fixes(item).into_iter().next() {
        Some(fix) => {
            let ticket = state.take_ticket();
            state.dialogs.push(Dialog::Waiting { ticket, item: id, title: "Fix", about: title });
            effects.push(Effect::Plan(ticket, fix));
        }
        None => state.toast = Some(Toast::bad(refusal)),
    }
}

/// The place that is meant: of the selected finding, else of the first.
fn place(state: &State) -> Option<Place> {
    let item = state.item()?;
    let findings = state.findings(&item.id);
    let chosen = state.detail.finding.and_then(|at| findings.get(at));
    match chosen {
        Some(finding) => finding.place().cloned(),
        None => findings.iter().find_map(|finding| finding.place().cloned()),
    }
}

fn edit(state: &mut State, effects: &mut Vec<Effect>) {
    match place(state) {
        Some(Place { path, commit: Some(commit), .. }) => {
            state.toast = Some(Toast::bad(format!(
                "That is in the history: `git show {}:{path}` shows it, `y` copies the place",
                commit.short()
            )));
        }
        Some(place) => effects.push(Effect::Edit(place.path, place.line)),
        None => state.toast = Some(Toast::bad("No finding here names a place to open")),
    }
}

fn copy(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(item) = state.item() else { return };
    let place = place(state).filter(|_| state.focus == Pane::Detail);
    let (what, text) = match place {
        // as `git show` takes it
        Some(Place { path, commit: Some(commit), .. }) => {
            ("the place", format!("{}:{path}", commit.as_str()))
        }
        Some(place) => ("the place", place.to_string()),
        None => ("the id", item.id.to_string()),
    };
    state.toast = Some(Toast::good(format!("Copied {what}: {text}")));
    effects.push(Effect::Copy(text));
}

fn copy_code(state: &mut State, effects: &mut Vec<Effect>) {
    let code = state.item().and_then(|item| item.fix.as_ref()).and_then(|fix| fix.code.clone());
    match code {
        Some(code) => {
            let lines = code.as_str().lines().count();
            let lines = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
            state.toast = Some(Toast::good(format!("Copied the fix's code, {lines}")));
            effects.push(Effect::Copy(code.to_string()));
        }
        None => state.toast = Some(Toast::bad("The fix of this item has no code to copy")),
    }
}
