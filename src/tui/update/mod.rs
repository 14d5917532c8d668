//! From a message to the next state and to what is to be done: pure functions.

mod act;
mod answers;
mod intents;
mod open;
mod runs;
mod step;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use self::intents::on_intent;
use super::keys::intent::{Command, Intent};
use super::layout;
use super::message::{Effect, Message, Reread};
use super::registry;
use super::state::State;

/// Takes a message in and says what is to be done.
pub(crate) fn update(state: &mut State, message: Message) -> Vec<Effect> {
    let mut effects = Vec::new();
    match message {
        Message::Tick => {
            state.known.beat = state.known.beat.wrapping_add(1);
            return effects;
        }
        Message::Time(now) => {
            state.known.now = now;
            return effects;
        }
        Message::Key(key) => on_key(state, &key, &mut effects),
        Message::Paste(text) => step::paste(state, &text),
        Message::Mouse(event) => step::on_mouse(state, event, &mut effects),
        // meanwhile somebody may have committed or signed
        Message::Focused if state.known.loaded.is_some() => {
            effects.push(Effect::Refresh(Reread::Recorded));
        }
        Message::Focused => {}
        Message::Resize(columns, rows) => {
            state.known.size = layout::drawn((columns, rows));
            state.main.list.follow = true;
        }
        Message::Opened(loaded, memory) => runs::opened(state, loaded, memory, &mut effects),
        Message::Reread(loaded, why) => runs::reread(state, loaded, why, &mut effects),
        Message::Run(run, event) => {
            // there may be thousands; what they change comes with the assessment
            runs::on_event(&mut state.known, run, event);
            return effects;
        }
        Message::Assessed(assessment) => runs::assessed(&mut state.known, assessment),
        Message::Waits(ticket, text) => answers::waits(state, ticket, text),
        Message::Answered(ticket, answer) => {
            answers::answered(state, ticket, answer, &mut effects);
        }
        Message::Edited(Ok(())) => {
            // what was opened has probably changed
            if let Some(id) = state.item().map(|item| item.id.clone()) {
                effects.push(Effect::Refresh(Reread::Item(id)));
            }
        }
        Message::Edited(Err(text)) => answers::notice(state, "The editor did not start", text),
        Message::Say(toast) => state.known.toast = Some(toast),
        Message::Failed { title, text } => answers::notice(state, title, text),
        Message::Defect(text) => {
            answers::stop_waiting(state);
            answers::notice(state, "A defect", text);
        }
    }
    settle(state);
    effects
}

/// Brings everything that depends on something else in order.
fn settle(state: &mut State) {
    if let Some(parts) = layout::parts(&state.known) {
        let (front, known) = state.front_and_known();
        front.settle(known, parts.body);
    }
    if let Some(open) = state.dialogs.last_mut() {
        open.settle(&state.known);
    }
}

fn on_key(state: &mut State, key: &KeyEvent, effects: &mut Vec<Effect>) {
    if key.kind == KeyEventKind::Release {
        return;
    }
    state.known.toast = None;
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c') if ctrl => return effects.push(Effect::Quit),
        KeyCode::Char('z') if ctrl => return effects.push(Effect::Suspend),
        _ => {}
    }
    let Some(parts) = layout::parts(&state.known) else {
        if registry::intent(key) == Some(Intent::Program(Command::Quit)) {
            effects.push(Effect::Quit);
        }
        return;
    };
    if !state.dialogs.is_empty() {
        step::on_dialog_key(state, key, effects);
    } else if state.front().is_typing() {
        let (front, known) = state.front_and_known();
        let step = front.on_typed(known, parts.body, key);
        step::take(state, step, effects);
    } else if let Some(intent) = registry::intent(key) {
        on_intent(state, intent, effects);
    }
}
