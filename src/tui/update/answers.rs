//! Answers of the session: the dialog that waits for one goes on with it.

use std::sync::Arc;

use super::act;
use crate::model::CleanText;
use crate::model::words::sentence;
use crate::report;
use crate::tui::dialog::base::Dialog;
use crate::tui::dialog::fix::FixDialog;
use crate::tui::dialog::notice::Notice;
use crate::tui::dialog::open::Open;
use crate::tui::dialog::record::RecordDialog;
use crate::tui::dialog::undo::UndoDialog;
use crate::tui::dialog::withdrawal::WithdrawalDialog;
use crate::tui::known::{Ticket, Toast};
use crate::tui::message::{Answer, Effect, Reread};
use crate::tui::state::State;

/// Shows something to read.
pub(crate) fn notice(state: &mut State, title: &'static str, text: String) {
    state.dialogs.push(Open::new(Box::new(Notice { title, text })));
}

/// Takes the dialog away that waits for this answer.
fn take(state: &mut State, ticket: Ticket) -> Option<Open> {
    let at = state.dialogs.iter().position(|open| open.waits_for(ticket))?;
    Some(state.dialogs.remove(at))
}

/// A question's work waits for something.
pub(crate) fn waits(state: &mut State, ticket: Ticket, text: CleanText) {
    if let Some(open) = state.dialogs.iter_mut().find(|open| open.waits_for(ticket)) {
        open.waits = Some(text);
    }
}

/// A question was answered, or why not.
pub(crate) fn answered(
    state: &mut State,
    ticket: Ticket,
    answer: Result<Answer, String>,
    effects: &mut Vec<Effect>,
) {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return failed(state, ticket, error),
    };
    let waited = take(state, ticket).is_some();
    let known = &state.known;
    let next: Option<Box<dyn Dialog>> = match answer {
        // what was given up is dropped
        Answer::Drafted(_)
        | Answer::WithdrawalDrafted(_)
        | Answer::Planned(..)
        | Answer::UndoPlanned(..)
            if !waited =>
        {
            None
        }
        Answer::Drafted(draft) => match known.item(&draft.record.item) {
            Some(item) => Some(Box::new(RecordDialog::new(known, item, *draft))),
            None => Some(Box::new(Notice {
                title: "That cannot be recorded",
                text: format!("`{}` is not in the checklist any more", draft.record.item),
            })),
        },
        Answer::WithdrawalDrafted(both) => {
            let (draft, entry) = *both;
            Some(Box::new(WithdrawalDialog::new(known, draft, entry)))
        }
        Answer::Planned(item, planned) => match known.item(&item) {
            Some(_) => Some(Box::new(FixDialog::new(known, item, planned))),
            None => Some(Box::new(Notice {
                title: "The item is gone",
                text: format!("`{item}` is not in the checklist any more; nothing was done"),
            })),
        },
        // what was written is told, whether somebody waits or not
        Answer::Committed(act, record) => {
            let text = format!("The {} is recorded as {record}", act.word());
            state.known.toast = Some(Toast::good(text));
            effects.push(Effect::Refresh(Reread::Recorded));
            None
        }
        Answer::Fixed(undo, next) => {
            state.undos.push(undo);
            state.known.toast = Some(Toast::good("Done, U undoes it; checking again"));
            if let Some((item, fix)) = next {
                act::plan(state, item, fix, effects);
            }
            // one file changed, which several items may look at
            effects.push(Effect::Refresh(Reread::All));
            None
        }
        Answer::UndoPlanned(undo, diff, warnings) => {
            Some(Box::new(UndoDialog::new(undo, diff, warnings)))
        }
        Answer::Synced(synced) => {
            state.known.toast = Some(Toast::good(sentence(&report::synced_line(&synced))));
            effects.push(Effect::Refresh(Reread::Recorded));
            let notes: Vec<&str> = synced.notes.iter().map(CleanText::as_str).collect();
            match notes.is_empty() {
                true => None,
                false => Some(Box::new(Notice { title: "Synced", text: notes.join("\n\n") })),
            }
        }
        Answer::Undone(undo) => {
            state.undos.retain(|other| !Arc::ptr_eq(other, &undo));
            let text = format!("Undone: {}; checking again", undo.title());
            state.known.toast = Some(Toast::good(text));
            effects.push(Effect::Refresh(Reread::All));
            None
        }
    };
    state.dialogs.extend(next.map(Open::new));
}

/// The error stands in the dialog that waits, or takes the place of one that
/// only prepared something.
fn failed(state: &mut State, ticket: Ticket, error: String) {
    let Some(at) = state.dialogs.iter().position(|open| open.waits_for(ticket)) else { return };
    let refusal = state.dialogs.get(at).and_then(|open| open.dialog.refusal());
    match refusal {
        Some(title) => {
            state.dialogs.remove(at);
            notice(state, title, error);
        }
        None => {
            if let Some(open) = state.dialogs.get_mut(at) {
                open.fail(error);
            }
        }
    }
}

/// Whoever was to answer may be gone: nothing waits any longer, and all that
/// was typed stays.
pub(crate) fn stop_waiting(state: &mut State) {
    state.dialogs.retain(|open| open.job.is_none() || open.dialog.refusal().is_none());
    for open in state.dialogs.iter_mut().filter(|open| open.job.is_some()) {
        open.fail("It is not known whether this was done".to_owned());
    }
}
