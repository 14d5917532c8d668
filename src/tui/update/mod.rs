//! From a message to the next state and to what is to be done: pure functions.

mod act;
mod dialogs;
mod filter;
mod mouse;
mod moves;
mod runs;
mod settle;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::dialog::{self, Dialog, Notice};
use super::keys::{self, Intent};
use super::layout;
use super::message::{Effect, Message, Reread, Toast};
use super::state::{Pane, State};

/// Takes a message in and says what is to be done.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    let mut effects = Vec::new();
    match message {
        Message::Tick => {
            state.beat = state.beat.wrapping_add(1);
            return effects;
        }
        Message::Time(now) => {
            state.now = now;
            return effects;
        }
        Message::Key(key) => on_key(state, &key, &mut effects),
        Message::Paste(text) => paste(state, &text),
        Message::Mouse(event) => mouse::on_mouse(state, event, &mut effects),
        // meanwhile somebody may have committed or signed
        Message::Focused if state.loaded.is_some() => {
            effects.push(Effect::Refresh(Reread::Recorded));
        }
        Message::Focused => {}
        Message::Resize(columns, rows) => {
            state.size = (columns, rows);
            state.list.follow = true;
        }
        Message::Opened(loaded, memory) => runs::opened(state, loaded, memory, &mut effects),
        Message::Reread(loaded, why) => runs::reread(state, loaded, why, &mut effects),
        Message::Run(run, event) => {
            // there may be thousands; what they change comes with the assessment
            runs::on_event(state, run, event);
            return effects;
        }
        Message::Assessed(assessment) => runs::assessed(state, assessment),
        Message::Drafted(ticket, result) => dialogs::drafted(state, ticket, result),
        Message::WithdrawalDrafted(ticket, result) => {
            dialogs::withdrawal_drafted(state, ticket, result);
        }
        Message::Committed(ticket, result) => {
            dialogs::committed(state, ticket, result, &mut effects);
        }
        Message::Planned(ticket, result) => dialogs::planned(state, ticket, result),
        Message::Fixed(ticket, result) => dialogs::fixed(state, ticket, result, &mut effects),
        Message::Undone(result) => dialogs::undone(state, result, &mut effects),
        Message::Edited(Ok(())) => {
            // what was opened has probably changed
            if let Some(id) = state.item().map(|item| item.id.clone()) {
                effects.push(Effect::Refresh(Reread::Item(id)));
            }
        }
        Message::Edited(Err(text)) => notice(state, "The editor did not start", text),
        Message::Say(toast) => state.toast = Some(toast),
        Message::Failed { title, text } => notice(state, title, text),
        Message::Defect(text) => {
            dialogs::stop_waiting(state);
            notice(state, "A defect", text);
        }
    }
    settle::settle(state);
    effects
}

/// Shows something to read.
fn notice(state: &mut State, title: &'static str, text: String) {
    state.dialogs.push(Dialog::Notice(Notice { title, text, scroll: 0 }));
}

fn on_key(state: &mut State, key: &KeyEvent, effects: &mut Vec<Effect>) {
    if key.kind == KeyEventKind::Release {
        return;
    }
    state.toast = None;
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c') if ctrl => return effects.push(Effect::Quit),
        KeyCode::Char('z') if ctrl => return effects.push(Effect::Suspend),
        _ => {}
    }
    if layout::areas(state).is_none() {
        if keys::intent(key) == Some(Intent::Quit) {
            effects.push(Effect::Quit);
        }
    } else if !state.dialogs.is_empty() {
        dialogs::on_key(state, key, effects);
    } else if state.filter.typing {
        filter::on_key(state, key);
    } else if let Some(intent) = keys::intent(key) {
        on_intent(state, intent, effects);
    }
}

fn paste(state: &mut State, text: &str) {
    if let Some(dialog) = state.dialogs.last_mut() {
        let busy = dialog.form().is_some_and(|form| form.working.is_some());
        if let Some(field) = dialog.field().filter(|_| !busy) {
            dialog::insert(field, text);
        }
    } else if state.filter.typing {
        dialog::insert(&mut state.filter.input, text);
    }
}

/// Does what a person wants on the main screen.
fn on_intent(state: &mut State, intent: Intent, effects: &mut Vec<Effect>) {
    match intent {
        Intent::Quit => effects.push(Effect::Quit),
        Intent::Suspend => effects.push(Effect::Suspend),
        Intent::Help => state.dialogs.push(Dialog::Help(Default::default())),
        Intent::Theme => {
            state.theme = state.theme.next();
            state.theme_chosen = true;
            state.toast = Some(Toast::good(format!("Theme: {}", state.theme.word())));
        }
        Intent::Mouse => {
            state.mouse = !state.mouse;
            effects.push(Effect::Mouse(state.mouse));
            state.toast = Some(Toast::good(match state.mouse {
                true => "Mouse on",
                false => "Mouse off: the terminal selects text now",
            }));
        }
        _ if state.loaded.is_none() => {
            state.toast = Some(Toast::good("The repository is still being read"));
        }
        Intent::Filter => {
            state.focus = Pane::List;
            state.filter.typing = true;
        }
        Intent::SignOff
        | Intent::Object
        | Intent::Waive
        | Intent::Withdraw
        | Intent::Fix
        | Intent::Undo
        | Intent::Edit
        | Intent::Copy
        | Intent::CopyCode
        | Intent::Rerun
        | Intent::RerunAll => act::act(state, intent, effects),
        _ => moves::go(state, intent, effects),
    }
}
