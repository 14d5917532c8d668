//! Sessions and runs: what was read, what is checked, what came out.

use std::collections::HashSet;

use crate::assess::Assessment;
use crate::engine::Event;
use crate::model::ItemId;
use crate::tui::known::{Assessed, Known, Loaded, Toast};
use crate::tui::memory::Memory;
use crate::tui::message::{Effect, Reread};
use crate::tui::screen::checklist::board::{ChecklistScreen, Pane};
use crate::tui::screen::checklist::settle;
use crate::tui::state::State;
use crate::tui::theme::Theme;

/// What is said while everything is read again.
pub(crate) const READING: &str = "Reading everything again";

/// The session is open.
pub(crate) fn opened(
    state: &mut State,
    loaded: Loaded,
    memory: Option<Memory>,
    effects: &mut Vec<Effect>,
) {
    state.known.loaded = Some(loaded);
    if let Some(memory) = memory {
        if memory.mouse_off && state.known.mouse {
            state.known.mouse = false;
            effects.push(Effect::Mouse(false));
        }
        if let Some(theme) = [Theme::Dark, Theme::Light, Theme::Plain]
            .into_iter()
            .find(|theme| Some(theme.word()) == memory.theme.as_deref())
        {
            state.known.theme = theme;
            state.known.theme_chosen = true;
        }
        recall(state, &memory);
    }
    start(&mut state.known, None, effects);
}

/// Selects and closes as it was, by name, as far as it is still there.
fn recall(state: &mut State, memory: &Memory) {
    let Some(loaded) = &state.known.loaded else { return };
    let (closed, row) = ChecklistScreen::recalled(loaded, memory);
    let board = &mut state.main;
    board.list.closed = closed;
    board.list.cursor = 0;
    settle::rebuild(board, &state.known);
    let at = row.and_then(|row| board.list.rows.iter().position(|&other| other == row));
    board.select(at.unwrap_or(0));
    board.focus = if memory.in_detail { Pane::Detail } else { Pane::List };
}

/// The session was read again.
pub(crate) fn reread(state: &mut State, loaded: Loaded, why: Reread, effects: &mut Vec<Effect>) {
    let moved = state.known.loaded.as_ref().is_none_or(|old| old.head.commit != loaded.head.commit);
    let memory = (why == Reread::All).then(|| state.memory());
    let commit = loaded.head.commit.clone();
    state.known.loaded = Some(loaded);
    state.known.unread = false;
    state.known.assess_due = true;
    if state.known.toast.as_ref().is_some_and(|toast| toast.text == READING) {
        state.known.toast = None;
    }
    if let Some(memory) = memory {
        let detail = (state.main.detail.scroll, state.main.detail.finding);
        recall(state, &memory);
        (state.main.detail.scroll, state.main.detail.finding) = detail;
    }
    match why {
        Reread::All => start(&mut state.known, None, effects),
        _ if moved => {
            start(&mut state.known, None, effects);
            let commit = commit.map_or("no commit".to_owned(), |commit| commit.short().to_owned());
            state.known.toast =
                Some(Toast::good(format!("HEAD moved to {commit}: checking all again")));
        }
        Reread::Item(item) => start(&mut state.known, Some(item), effects),
        Reread::Recorded => {}
    }
}

/// Starts the checks of one item or of all.
fn start(known: &mut Known, only: Option<ItemId>, effects: &mut Vec<Effect>) {
    let Some(loaded) = &known.loaded else { return };
    let items: HashSet<ItemId> = match &only {
        Some(item) => loaded.checked.get(item).cloned().into_iter().collect(),
        None => loaded.checked.clone(),
    };
    known.assess_due = true;
    let runs = &mut known.runs;
    if only.is_none() {
        runs.active.clear();
        runs.running.clear();
        runs.of_item.clear();
        runs.files = 0;
        known.results.clear();
        effects.push(Effect::CancelRuns);
    }
    if items.is_empty() {
        return;
    }
    runs.last += 1;
    runs.active.insert(runs.last);
    for item in &items {
        runs.of_item.insert(item.clone(), runs.last);
        runs.running.remove(item);
        known.results.remove(item);
    }
    effects.push(Effect::Run(runs.last, only.map(|item| vec![item])));
}

/// Something happened in a run.
pub(crate) fn on_event(known: &mut Known, run: u64, event: Event) {
    let runs = &mut known.runs;
    if !runs.active.contains(&run) {
        return;
    }
    let counts = |item: &ItemId| runs.of_item.get(item) == Some(&run);
    match event {
        Event::Started(item) => {
            if counts(&item) {
                runs.running.insert(item);
            }
        }
        Event::Progress { files } => runs.files = files,
        Event::Finished { item, result } => {
            if counts(&item) {
                runs.running.remove(&item);
                known.results.insert(item, result);
                known.assess_due = true;
            }
        }
        Event::Done { took, .. } => {
            runs.active.remove(&run);
            runs.took = Some(took);
            let of_item = &runs.of_item;
            runs.running.retain(|item| of_item.get(item) != Some(&run));
            known.assess_due = true;
        }
    }
}

/// What the results add up to.
pub(crate) fn assessed(known: &mut Known, assessment: Assessment) {
    known.assessed = Some(Assessed::new(assessment));
    known.assess_due = false;
}
