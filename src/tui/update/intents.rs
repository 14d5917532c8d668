//! Carries out what a person wants; every kind of it is matched in full.

use super::{act, open, runs, step};
use crate::tui::keys::intent::{Command, Intent};
use crate::tui::known::Toast;
use crate::tui::layout;
use crate::tui::message::Effect;
use crate::tui::registry;
use crate::tui::state::State;

/// Does it.
pub(crate) fn on_intent(state: &mut State, intent: Intent, effects: &mut Vec<Effect>) {
    let is_read = state.known.loaded.is_some();
    match intent {
        Intent::Program(command) => on_command(state, command, effects),
        Intent::Open(_) => open::open(state, intent),
        _ if !is_read => {
            state.known.toast = Some(Toast::good("The repository is still being read"));
        }
        Intent::Show(_) => {
            if let Some(shown) = registry::shown(intent) {
                state.over.push((shown.show)(&state.known));
            }
        }
        Intent::Item(action) => act::act(state, action, effects),
        Intent::Move(way) => {
            let Some(parts) = layout::parts(&state.known) else { return };
            let (front, known) = state.front_and_known();
            let step = front.go(known, parts.body, way);
            step::take(state, step, effects);
        }
    }
}

fn on_command(state: &mut State, command: Command, effects: &mut Vec<Effect>) {
    let known = &mut state.known;
    match command {
        Command::Quit => effects.push(Effect::Quit),
        Command::Suspend => effects.push(Effect::Suspend),
        Command::Theme => {
            known.theme = known.theme.next();
            known.theme_chosen = true;
            known.toast = Some(Toast::good(format!("Theme: {}", known.theme.word())));
        }
        Command::Mouse => {
            known.mouse = !known.mouse;
            effects.push(Effect::Mouse(known.mouse));
            known.toast = Some(Toast::good(match known.mouse {
                true => "Mouse on",
                false => "Mouse off: the terminal selects text now",
            }));
        }
        Command::Undo if known.loaded.is_some() => act::undo(state, effects),
        Command::RerunAll | Command::Undo if known.loaded.is_none() => {
            known.toast = Some(Toast::good("The repository is still being read"));
        }
        Command::RerunAll | Command::Undo => {
            known.toast = Some(Toast::good(runs::READING));
            effects.push(Effect::Reopen);
        }
    }
}
