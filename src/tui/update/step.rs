//! What came of a key, a click or pasted text in a dialog or a screen.

use crossterm::event::{KeyEvent, MouseEvent};

use super::{act, open};
use crate::model::Cancel;
use crate::tui::dialog::open::Reaction;
use crate::tui::keys::intent::Intent;
use crate::tui::layout;
use crate::tui::message::{Effect, Job};
use crate::tui::screen::base::Step;
use crate::tui::screen::checklist::moves;
use crate::tui::screen::checklist::rows::Row;
use crate::tui::state::State;
use crate::tui::widget::wheel;

/// Goes on with what a screen came to.
pub(crate) fn take(state: &mut State, step: Step, effects: &mut Vec<Effect>) {
    match step {
        Step::Done => {}
        Step::Do(action) => act::act(state, action, effects),
        Step::Open(intent) => open::open(state, intent),
        Step::Close => {
            state.over.pop();
        }
        Step::Select(section, item) => {
            state.over.clear();
            state.main.filter.input.reset();
            moves::to_row(&mut state.main, &state.known, Row::Item { section, item });
        }
    }
}

/// A key while a dialog has them.
pub(crate) fn on_dialog_key(state: &mut State, key: &KeyEvent, effects: &mut Vec<Effect>) {
    let Some(open) = state.dialogs.last_mut() else { return };
    match open.on_key(key, &state.known) {
        Reaction::Stay => {}
        Reaction::Close => {
            state.dialogs.pop();
        }
        Reaction::Help => open::open(state, Intent::Open("help")),
        Reaction::Ask(question) => {
            let job = Job { ticket: state.take_ticket(), cancel: Cancel::default() };
            if let Some(waits) = state.dialogs.last_mut() {
                waits.error = None;
                waits.job = Some(job.clone());
            }
            effects.push(Effect::Ask(job, question));
        }
    }
}

/// The mouse did something.
pub(crate) fn on_mouse(state: &mut State, event: MouseEvent, effects: &mut Vec<Effect>) {
    let Some(parts) = layout::parts(&state.known) else { return };
    if let Some(open) = state.dialogs.last_mut() {
        if let Some(way) = wheel::notch(event) {
            open.scroll = way.from(open.scroll);
        }
        return;
    }
    let (front, known) = state.front_and_known();
    let step = front.on_mouse(known, parts.body, event);
    take(state, step, effects);
}

/// Text was pasted: it goes into a field or nowhere.
pub(crate) fn paste(state: &mut State, text: &str) {
    let Some(parts) = layout::parts(&state.known) else { return };
    if let Some(open) = state.dialogs.last_mut() {
        open.paste(text);
    } else if state.front().is_typing() {
        let (front, known) = state.front_and_known();
        front.on_paste(known, parts.body, text);
    }
}
