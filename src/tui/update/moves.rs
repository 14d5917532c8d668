//! Moving about: in the list, in the detail, between both.

use super::{act, settle};
use crate::tui::doc;
use crate::tui::keys::Intent;
use crate::tui::layout;
use crate::tui::message::{Effect, Toast};
use crate::tui::rows::Row;
use crate::tui::state::{Pane, State};

/// Carries out an intent that moves.
pub fn go(state: &mut State, intent: Intent, effects: &mut Vec<Effect>) {
    match intent {
        Intent::NextBlocker => to_blocker(state, true),
        Intent::PreviousBlocker => to_blocker(state, false),
        Intent::OtherPane => {
            state.focus = match state.focus {
                Pane::List => Pane::Detail,
                Pane::Detail => Pane::List,
            };
            state.list.follow = true;
        }
        _ if state.focus == Pane::List => in_list(state, intent),
        Intent::Left | Intent::Back => {
            state.focus = Pane::List;
            state.list.follow = true;
        }
        Intent::Enter if state.detail.finding.is_some() => act::act(state, Intent::Edit, effects),
        _ => in_detail(state, intent),
    }
}

/// How many rows the list shows.
fn list_height(state: &State) -> usize {
    let areas = layout::areas(state);
    areas.and_then(|areas| areas.list).map_or(1, |area| usize::from(area.height).max(1))
}

/// Moves in the list.
pub fn in_list(state: &mut State, intent: Intent) {
    let height = list_height(state);
    let last = state.list.rows.len().saturating_sub(1);
    let cursor = state.list.cursor;
    let to = match intent {
        Intent::Up => cursor.saturating_sub(1),
        Intent::Down => cursor + 1,
        Intent::PageUp => cursor.saturating_sub(height.saturating_sub(1).max(1)),
        Intent::PageDown => cursor + height.saturating_sub(1).max(1),
        Intent::HalfUp => cursor.saturating_sub((height / 2).max(1)),
        Intent::HalfDown => cursor + (height / 2).max(1),
        Intent::First => 0,
        Intent::Last => last,
        Intent::Left => return close(state),
        Intent::Right => return open(state, false),
        Intent::Enter => return open(state, true),
        Intent::Back => {
            if !state.filter.input.value().is_empty() {
                state.filter.input.reset();
                state.list.follow = true;
            }
            return;
        }
        _ => return,
    };
    select(state, to.min(last));
}

/// Selects a row.
pub fn select(state: &mut State, cursor: usize) {
    state.list.cursor = cursor;
    state.list.follow = true;
}

/// Closes the section of the selected row; on a closed one nothing happens.
fn close(state: &mut State) {
    let section = match state.row() {
        Some(Row::Section(section)) => section,
        Some(Row::Item { section, .. }) => {
            if let Some(at) = state.list.rows.iter().position(|&row| row == Row::Section(section)) {
                select(state, at);
            }
            return;
        }
        _ => return,
    };
    if state.terms().is_empty() {
        state.list.closed.insert(section);
    }
}

/// Opens what is selected: an item's detail, a closed section. `toggle` closes
/// an open section.
fn open(state: &mut State, toggle: bool) {
    match state.row() {
        Some(Row::Section(section)) if state.terms().is_empty() => {
            let was_closed = state.list.closed.remove(&section);
            if !was_closed && toggle {
                state.list.closed.insert(section);
            } else if !was_closed {
                state.focus = Pane::Detail;
            }
        }
        Some(_) => state.focus = Pane::Detail,
        None => {}
    }
}

/// To the next item that stands against a GO, round the end.
fn to_blocker(state: &mut State, forwards: bool) {
    let rows = if state.terms().is_empty() { all_rows(state) } else { state.list.rows.clone() };
    let here = state.row().and_then(|row| rows.iter().position(|&other| other == row)).unwrap_or(0);
    let count = rows.len();
    let found = (1..=count)
        .map(|step| if forwards { here + step } else { here + count - step })
        .filter_map(|at| rows.get(at % count).copied())
        .find(|&row| {
            let item = state.item_at(row).and_then(|item| state.assessment(&item.id));
            item.is_some_and(|item| state.blocks(item))
        });
    let Some(row) = found else {
        state.toast = Some(Toast::good(match state.runs.active.is_empty() {
            _ if state.blocking() > 0 => "None of the filtered items blocks; esc clears the filter",
            true => "No item stands against a GO",
            false => "No item stands against a GO so far",
        }));
        return;
    };
    if let Row::Item { section, .. } = row {
        state.list.closed.remove(&section);
    }
    settle::rebuild(state);
    if let Some(at) = state.list.rows.iter().position(|&other| other == row) {
        select(state, at);
    }
}

/// All rows as if no section were closed.
fn all_rows(state: &State) -> Vec<Row> {
    let Some(loaded) = &state.loaded else { return Vec::new() };
    let mut rows = vec![Row::Overview];
    for (at, section) in loaded.checklist.sections.iter().enumerate() {
        rows.push(Row::Section(at));
        rows.extend((0..section.items.len()).map(|item| Row::Item { section: at, item }));
    }
    rows
}

/// Moves in the detail: from finding to finding, and line by line where there is none.
pub fn in_detail(state: &mut State, intent: Intent) {
    let Some(area) = layout::areas(state).and_then(|areas| areas.detail) else { return };
    let area = layout::detail_text(area);
    let height = usize::from(area.height).max(1);
    let doc = doc::build(state, usize::from(area.width));
    let bottom = doc.lines.len().saturating_sub(height);
    let scroll = state.detail.scroll;
    let page = height.saturating_sub(2).max(1);
    state.detail.scroll = match intent {
        Intent::Up | Intent::Down => {
            return step(state, &doc, height, intent == Intent::Down);
        }
        Intent::PageUp => scroll.saturating_sub(page),
        Intent::PageDown => scroll + page,
        Intent::HalfUp => scroll.saturating_sub((height / 2).max(1)),
        Intent::HalfDown => scroll + (height / 2).max(1),
        Intent::First => 0,
        Intent::Last => bottom,
        _ => return,
    }
    .min(bottom);
    // a finding that is out of sight gives its selection to one in sight
    let view = state.detail.scroll..state.detail.scroll + height;
    let seen = |at: usize| doc.findings.get(at).is_some_and(|lines| view.contains(&lines.start));
    if !state.detail.finding.is_some_and(seen) {
        state.detail.finding = (0..doc.findings.len()).find(|&at| seen(at));
    }
}

fn step(state: &mut State, doc: &doc::Doc, height: usize, down: bool) {
    let scroll = state.detail.scroll;
    let bottom = doc.lines.len().saturating_sub(height);
    let next = match (state.detail.finding, down) {
        (None, true) => (!doc.findings.is_empty()).then_some(0),
        (Some(at), true) => Some(at + 1).filter(|&at| at < doc.findings.len()),
        (Some(at), false) => at.checked_sub(1),
        (None, false) => None,
    };
    let target = next.and_then(|at| Some((at, doc.findings.get(at)?)));
    match target {
        // the neighbour is in sight, or the next line brings it there
        Some((at, lines)) if down && lines.start <= scroll + height => {
            state.detail.finding = Some(at);
            let needed = lines.end.saturating_sub(height).min(lines.start);
            state.detail.scroll = scroll.max(needed).min(bottom);
        }
        Some((at, lines)) if !down && lines.end >= scroll => {
            state.detail.finding = Some(at);
            state.detail.scroll = scroll.min(lines.start);
        }
        _ if down => state.detail.scroll = (scroll + 1).min(bottom),
        _ => {
            state.detail.scroll = scroll.saturating_sub(1);
            if scroll == 0 {
                state.detail.finding = None;
            }
        }
    }
}
