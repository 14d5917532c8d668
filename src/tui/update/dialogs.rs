//! Dialogs: opening, typing, confirming, answers.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::check::Fix;
use crate::checklist::Item;
use crate::fix::Undo;
use crate::ledger::{Act, Entry};
use crate::model::{CleanText, Date, ItemId};
use crate::session::Draft;
use crate::tui::dialog::{self, Dialog, FixForm, Form, Help, RecordForm, WithdrawalForm};
use crate::tui::message::{Effect, Planned, Reread, Ticket, Toast};
use crate::tui::sheet;
use crate::tui::state::State;

/// A key while a dialog has them.
pub fn on_key(state: &mut State, key: &KeyEvent, effects: &mut Vec<Effect>) {
    let page = isize::try_from(sheet::height(state).saturating_sub(1).max(1)).unwrap_or(1);
    let Some(dialog) = state.dialogs.last_mut() else { return };
    if dialog.form().is_some_and(|form| form.working.is_some()) {
        return;
    }
    if let Dialog::Help(help) = dialog {
        match help_key(help, key) {
            HelpKey::Close => {
                state.dialogs.pop();
                return;
            }
            HelpKey::Done => return,
            HelpKey::Other => {}
        }
    }
    let one_field = !matches!(dialog, Dialog::Record(record) if record.draft.act() == Act::Waiver);
    match key.code {
        KeyCode::Esc => {
            state.dialogs.pop();
        }
        KeyCode::Enter => enter(state, effects),
        KeyCode::F(1) => state.dialogs.push(Dialog::Help(Help::default())),
        KeyCode::PageUp => scroll(dialog, page.wrapping_neg()),
        KeyCode::PageDown => scroll(dialog, page),
        KeyCode::Tab | KeyCode::BackTab | KeyCode::Up | KeyCode::Down if !one_field => {
            if let Dialog::Record(record) = dialog {
                record.on_date = !record.on_date;
            }
        }
        KeyCode::Up => scroll(dialog, -1),
        KeyCode::Down => scroll(dialog, 1),
        _ => typed(dialog, key),
    }
}

/// What a key does in the help besides scrolling and typing.
enum HelpKey {
    Close,
    Done,
    Other,
}

/// `esc` clears the search first; `?` closes while nothing is searched for.
fn help_key(help: &mut Help, key: &KeyEvent) -> HelpKey {
    let empty = help.search.value().is_empty();
    match key.code {
        KeyCode::F(1) | KeyCode::Enter => HelpKey::Close,
        KeyCode::Char('?') if empty => HelpKey::Close,
        KeyCode::Esc if !empty => {
            help.search.reset();
            HelpKey::Done
        }
        _ => HelpKey::Other,
    }
}

fn scroll(dialog: &mut Dialog, by: isize) {
    if let Some(scroll) = dialog.scroll() {
        *scroll = scroll.saturating_add_signed(by);
    }
}

/// A key for the field, or, where there is none, one that scrolls as in the panes.
fn typed(dialog: &mut Dialog, key: &KeyEvent) {
    let held = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    if let Some(field) = dialog.field() {
        let before = field.value().to_owned();
        dialog::edit(field, key);
        let changed = before != field.value();
        if let Some(form) = dialog.form().filter(|_| changed) {
            form.error = None;
        } else if let Dialog::Help(help) = dialog {
            help.scroll = if changed { 0 } else { help.scroll };
        }
        return;
    }
    match key.code {
        KeyCode::Char('j') if !held => scroll(dialog, 1),
        KeyCode::Char('k') if !held => scroll(dialog, -1),
        _ => {}
    }
}

/// Confirms what is on top.
fn enter(state: &mut State, effects: &mut Vec<Effect>) {
    let ticket = state.take_ticket();
    let today = Date::of(state.now);
    match state.dialogs.last_mut() {
        Some(Dialog::Notice(_)) => {
            state.dialogs.pop();
        }
        Some(Dialog::Record(record)) => match ready(record, today) {
            Ok(draft) => {
                record.form = Form { working: Some(ticket), ..Form::default() };
                let note = record.note.value().trim().to_owned();
                effects.push(Effect::Commit(ticket, Box::new(draft), note));
            }
            Err(error) => record.form.error = error,
        },
        Some(Dialog::Withdrawal(form)) => {
            form.form = Form { working: Some(ticket), ..Form::default() };
            let note = form.note.value().trim().to_owned();
            effects.push(Effect::Commit(ticket, Box::new(form.draft.clone()), note));
        }
        Some(Dialog::Fix(fix)) => {
            let Planned { title, plan, .. } = &fix.planned;
            if let Some(loss) = &plan.loses
                && fix.confirm.value().trim() != loss.typed.as_str()
            {
                fix.form.error =
                    Some(format!("Type {} to confirm that its value is lost", loss.typed));
                return;
            }
            fix.form = Form { working: Some(ticket), ..Form::default() };
            effects.push(Effect::Fix { ticket, title: title.clone(), plan: plan.clone() });
        }
        _ => {}
    }
}

/// The draft with what was typed; else what is missing, or nothing to say when
/// only the other field comes next.
fn ready(record: &mut RecordForm, today: Date) -> Result<Draft, Option<String>> {
    let mut draft = record.draft.clone();
    let words = record.note.value().trim().to_owned();
    if draft.act() == Act::Waiver {
        let typed = record.until.value().trim();
        let was_on_date = record.on_date;
        record.on_date = true;
        if typed.is_empty() {
            return Err(Some("A waiver needs its last day, such as 2026-03-31".to_owned()));
        }
        let until: Date = typed.parse().map_err(|how| Some(format!("`{typed}`: {how}")))?;
        if until < today {
            return Err(Some(format!("{until} is past; today is {today} (UTC)")));
        }
        record.on_date = false;
        draft.record.statement.set_until(until);
        if words.is_empty() && was_on_date {
            return Err(None);
        }
    }
    match draft.flaw(&words, today) {
        Some(flaw) => Err(Some(sentence(&flaw.to_string()))),
        None => Ok(draft),
    }
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Takes the dialog that waits for this ticket away, and says for which item it
/// was opened; none when nobody waits any more.
fn take_waiting(state: &mut State, ticket: Ticket) -> Option<ItemId> {
    let at = state
        .dialogs
        .iter()
        .position(|open| matches!(open, Dialog::Waiting { ticket: of, .. } if *of == ticket))?;
    match state.dialogs.remove(at) {
        Dialog::Waiting { item, .. } => Some(item),
        _ => None,
    }
}

/// The item that a dialog was opened for, whatever is selected now. When it is
/// no longer in the checklist, that is said.
fn opened_for<'a>(state: &'a mut State, id: &ItemId) -> Option<&'a Item> {
    let there = state.loaded.as_ref().is_some_and(|loaded| loaded.checklist.item(id).is_some());
    if !there {
        let text = format!("`{id}` is no longer in the checklist, so nothing was done.");
        super::notice(state, "The item is gone", text);
    }
    state.loaded.as_ref()?.checklist.item(id)
}

/// A record was prepared.
pub fn drafted(state: &mut State, ticket: Ticket, result: Result<Box<Draft>, String>) {
    let Some(id) = take_waiting(state, ticket) else { return };
    let draft = match result {
        Ok(draft) => *draft,
        Err(text) => return super::notice(state, "That cannot be recorded", text),
    };
    let Some(item) = opened_for(state, &id) else { return };
    let title = item.title.clone();
    let valid = item.sign_off.as_ref().and_then(|policy| policy.valid);
    let accepted = state
        .findings(&id)
        .iter()
        .filter(|finding| draft.record.statement.accepted().contains(&finding.identity()))
        .map(|finding| match finding.place() {
            Some(place) => format!("{place}  {}", finding.message),
            None => finding.message.to_string(),
        })
        .collect();
    let form = RecordForm {
        title,
        accepted,
        valid_until: valid
            .filter(|_| draft.act() == Act::SignOff)
            .map(|valid| Date::of(valid.after(state.now))),
        note: Default::default(),
        until: Default::default(),
        on_date: draft.act() == Act::Waiver,
        form: Form::default(),
        draft,
    };
    state.dialogs.push(Dialog::Record(Box::new(form)));
}

/// A withdrawal was prepared.
pub fn withdrawal_drafted(
    state: &mut State,
    ticket: Ticket,
    result: Result<Box<(Draft, Entry)>, String>,
) {
    let Some(id) = take_waiting(state, ticket) else { return };
    match result {
        Err(text) => super::notice(state, "There is nothing to withdraw", text),
        Ok(both) => {
            let (draft, entry) = *both;
            let Some(item) = opened_for(state, &id) else { return };
            let title = item.title.clone();
            state.dialogs.push(Dialog::Withdrawal(Box::new(WithdrawalForm {
                title,
                draft,
                entry,
                note: Default::default(),
                form: Form::default(),
            })));
        }
    }
}

/// Ends the form that waits for this ticket: away with it when all went well,
/// else the error stands in it and all that was typed stays.
fn end_form(state: &mut State, ticket: Ticket, error: Option<String>) {
    let at = state
        .dialogs
        .iter_mut()
        .position(|open| open.form().is_some_and(|form| form.working == Some(ticket)));
    match (at, error) {
        (Some(at), None) => {
            state.dialogs.remove(at);
        }
        (Some(at), Some(error)) => {
            if let Some(form) = state.dialogs.get_mut(at).and_then(Dialog::form) {
                form.working = None;
                form.error = Some(error);
            }
        }
        (None, Some(error)) => super::notice(state, "It could not be done", error),
        (None, None) => {}
    }
}

/// Whoever was to answer may be gone: nothing waits any longer, and all that
/// was typed stays.
pub fn stop_waiting(state: &mut State) {
    state.dialogs.retain(|open| !matches!(open, Dialog::Waiting { .. }));
    for form in state.dialogs.iter_mut().filter_map(Dialog::form) {
        if form.working.take().is_some() {
            form.error = Some("It is not known whether this was done".to_owned());
        }
    }
}

/// A record was written, or not.
pub fn committed(
    state: &mut State,
    ticket: Ticket,
    result: Result<String, String>,
    effects: &mut Vec<Effect>,
) {
    let word = state.dialogs.iter_mut().find_map(|open| match open {
        Dialog::Record(record) if record.form.working == Some(ticket) => {
            Some(record.draft.act().word())
        }
        Dialog::Withdrawal(form) if form.form.working == Some(ticket) => {
            Some(form.draft.act().word())
        }
        _ => None,
    });
    match result {
        Ok(record) => {
            end_form(state, ticket, None);
            let word = word.unwrap_or("record");
            state.toast = Some(Toast::good(format!("The {word} is recorded as {record}")));
            effects.push(Effect::Refresh(Reread::Recorded));
        }
        Err(error) => end_form(state, ticket, Some(error)),
    }
}

/// What a fix would do.
pub fn planned(state: &mut State, ticket: Ticket, result: Result<Planned, String>) {
    let Some(id) = take_waiting(state, ticket) else { return };
    match result {
        Ok(planned) => {
            let Some(item) = opened_for(state, &id) else { return };
            let title = item.title.clone();
            state.dialogs.push(Dialog::Fix(Box::new(FixForm {
                item: id,
                planned,
                title,
                confirm: Default::default(),
                form: Form::default(),
            })));
        }
        Err(text) => super::notice(state, "That cannot be fixed from here", text),
    }
}

/// A fix was carried out, or not.
pub fn fixed(
    state: &mut State,
    ticket: Ticket,
    result: Result<Arc<Undo>, String>,
    effects: &mut Vec<Effect>,
) {
    match result {
        Ok(undo) => {
            state.undos.push(undo);
            let after = ahead(state, ticket);
            end_form(state, ticket, None);
            state.toast = Some(Toast::good("Done, U takes it back; checking again"));
            if let Some((item, about, chosen)) = after {
                let ticket = state.take_ticket();
                state.dialogs.push(Dialog::Waiting { ticket, item, title: "Fix", about });
                effects.push(Effect::Plan(ticket, chosen));
            }
            // one file changed, which several items may look at
            effects.push(Effect::Refresh(Reread::All));
        }
        Err(error) => end_form(state, ticket, Some(error)),
    }
}

/// When a fix was done that had to come before the chosen one: the item, its
/// title, and the chosen one.
fn ahead(state: &State, ticket: Ticket) -> Option<(ItemId, CleanText, Arc<dyn Fix>)> {
    state.dialogs.iter().find_map(|open| match open {
        Dialog::Fix(fix) if fix.form.working == Some(ticket) && !fix.planned.ahead.is_empty() => {
            Some((fix.item.clone(), fix.title.clone(), fix.planned.chosen.clone()))
        }
        _ => None,
    })
}

/// A fix was taken back, or not.
pub fn undone(state: &mut State, result: Result<Arc<Undo>, String>, effects: &mut Vec<Effect>) {
    match result {
        Ok(undo) => {
            state.undos.retain(|other| !Arc::ptr_eq(other, &undo));
            state.toast = Some(Toast::good(format!("Undone: {}; checking again", undo.title())));
            effects.push(Effect::Refresh(Reread::All));
        }
        Err(text) => {
            state.toast = None;
            super::notice(state, "Nothing was undone", text);
        }
    }
}
