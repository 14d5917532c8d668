//! Sessions and runs: what was read, what is checked, what came out.

use std::collections::HashSet;

use super::settle;
use crate::assess::Assessment;
use crate::engine::Event;
use crate::model::ItemId;
use crate::tui::memory::Memory;
use crate::tui::message::{Effect, Loaded, Reread, Toast};
use crate::tui::rows::Row;
use crate::tui::state::{Assessed, Pane, State};
use crate::tui::theme::Theme;

/// The session is open.
pub fn opened(
    state: &mut State,
    loaded: Loaded,
    memory: Option<Memory>,
    effects: &mut Vec<Effect>,
) {
    state.loaded = Some(loaded);
    if let Some(memory) = memory {
        if memory.mouse_off && state.mouse {
            state.mouse = false;
            effects.push(Effect::Mouse(false));
        }
        if let Some(theme) = [Theme::Dark, Theme::Light, Theme::Plain]
            .into_iter()
            .find(|theme| Some(theme.word()) == memory.theme.as_deref())
        {
            state.theme = theme;
            state.theme_chosen = true;
        }
        recall(state, &memory);
    }
    start(state, None, effects);
}

/// Selects and closes as it was, by name, as far as it is still there.
fn recall(state: &mut State, memory: &Memory) {
    let Some(loaded) = &state.loaded else { return };
    let sections = &loaded.checklist.sections;
    state.list.closed = (0..sections.len())
        .filter(|&at| {
            sections
                .get(at)
                .is_some_and(|section| memory.closed.iter().any(|t| t == section.title.as_str()))
        })
        .collect();
    let row = sections.iter().enumerate().find_map(|(at, section)| {
        if let Some(id) = &memory.item {
            let item = section.items.iter().position(|item| item.id.as_str() == id)?;
            return Some(Row::Item { section: at, item });
        }
        let title = memory.section.as_deref()?;
        (section.title.as_str() == title).then_some(Row::Section(at))
    });
    state.list.cursor = 0;
    settle::rebuild(state);
    let at = row.and_then(|row| state.list.rows.iter().position(|&other| other == row));
    state.list.cursor = at.unwrap_or(0);
    state.list.follow = true;
    state.focus = if memory.in_detail { Pane::Detail } else { Pane::List };
}

/// The session was read again.
pub fn reread(state: &mut State, loaded: Loaded, why: Reread, effects: &mut Vec<Effect>) {
    let moved = state.loaded.as_ref().is_none_or(|old| old.head.commit != loaded.head.commit);
    let memory = (why == Reread::All).then(|| state.memory());
    let commit = loaded.head.commit.clone();
    state.loaded = Some(loaded);
    state.unread = false;
    state.assess_due = true;
    if let Some(memory) = memory {
        let detail = (state.detail.scroll, state.detail.finding);
        recall(state, &memory);
        (state.detail.scroll, state.detail.finding) = detail;
    }
    match why {
        Reread::All => start(state, None, effects),
        _ if moved => {
            start(state, None, effects);
            let commit = commit.map_or("no commit".to_owned(), |commit| commit.short().to_owned());
            state.toast = Some(Toast::good(format!("HEAD moved to {commit}: checking all again")));
        }
        Reread::Item(item) => start(state, Some(item), effects),
        Reread::Recorded => {}
    }
}

/// Starts the checks of one item or of all.
fn start(state: &mut State, only: Option<ItemId>, effects: &mut Vec<Effect>) {
    let Some(loaded) = &state.loaded else { return };
    let items: HashSet<ItemId> = match &only {
        Some(item) => loaded.checked.get(item).cloned().into_iter().collect(),
        None => loaded.checked.clone(),
    };
    state.assess_due = true;
    let runs = &mut state.runs;
    if only.is_none() {
        runs.active.clear();
        runs.running.clear();
        runs.of_item.clear();
        runs.files = 0;
        state.results.clear();
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
        state.results.remove(item);
    }
    effects.push(Effect::Run(runs.last, only.map(|item| vec![item])));
}

/// Something happened in a run.
pub fn on_event(state: &mut State, run: u64, event: Event) {
    let runs = &mut state.runs;
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
                state.results.insert(item, result);
                state.assess_due = true;
            }
        }
        Event::Done { took, .. } => {
            runs.active.remove(&run);
            runs.took = Some(took);
            let of_item = &runs.of_item;
            runs.running.retain(|item| of_item.get(item) != Some(&run));
            state.assess_due = true;
        }
    }
}

/// What the results add up to.
pub fn assessed(state: &mut State, assessment: Assessment) {
    state.assessed = Some(Assessed::new(assessment));
    state.assess_due = false;
}
