//! Moving about: in the list, in the detail, between both.

use ratatui::layout::Rect;

use super::board::{ChecklistScreen, Pane, item_at};
use super::rows::Row;
use super::{detail, panes, settle};
use crate::tui::keys::intent::{Action, Move, Scroll};
use crate::tui::known::{Known, Toast};
use crate::tui::screen::base::Step;
use crate::tui::widget::writer::Doc;

/// Moves.
pub(crate) fn go(board: &mut ChecklistScreen, known: &mut Known, area: Rect, way: Move) -> Step {
    let in_list = board.focus == Pane::List;
    match way {
        Move::NextBlocker => to_blocker(board, known, true),
        Move::PreviousBlocker => to_blocker(board, known, false),
        Move::OtherPane => {
            focus(board, if in_list { Pane::Detail } else { Pane::List });
        }
        Move::Filter => {
            board.focus = Pane::List;
            board.filter.typing = true;
        }
        Move::Scroll(way) if in_list => scroll_list(board, area, way),
        Move::Scroll(way) => scroll_detail(board, known, area, way),
        Move::Left if in_list => close(board),
        Move::Right if in_list => open(board, false),
        Move::Enter if in_list => open(board, true),
        Move::Back if in_list => {
            if !board.filter.input.value().is_empty() {
                board.filter.input.reset();
                board.list.follow = true;
            }
        }
        Move::Left | Move::Back => focus(board, Pane::List),
        Move::Enter if board.detail.finding.is_some() => return Step::Do(Action::Edit),
        Move::Enter | Move::Right => {}
    }
    Step::Done
}

fn focus(board: &mut ChecklistScreen, pane: Pane) {
    board.focus = pane;
    board.list.follow = true;
}

/// Moves the selection in the list.
pub(crate) fn scroll_list(board: &mut ChecklistScreen, area: Rect, way: Scroll) {
    let list = panes::panes(area, board.focus).list;
    let height = list.map_or(1, |area| usize::from(area.height).max(1));
    let last = board.list.rows.len().saturating_sub(1);
    board.select(way.from(board.list.cursor, height, last));
}

/// Closes the section of the selected row; on a closed one nothing happens.
fn close(board: &mut ChecklistScreen) {
    let section = match board.row() {
        Some(Row::Section(section)) => section,
        Some(Row::Item { section, .. }) => {
            if let Some(at) = board.list.rows.iter().position(|&row| row == Row::Section(section)) {
                board.select(at);
            }
            return;
        }
        _ => return,
    };
    if board.terms().is_empty() {
        board.list.closed.insert(section);
    }
}

/// Opens what is selected: an item's detail, a closed section. `toggle` closes
/// an open section.
fn open(board: &mut ChecklistScreen, toggle: bool) {
    match board.row() {
        Some(Row::Section(section)) if board.terms().is_empty() => {
            let was_closed = board.list.closed.remove(&section);
            if !was_closed && toggle {
                board.list.closed.insert(section);
            } else if !was_closed {
                board.focus = Pane::Detail;
            }
        }
        Some(_) => board.focus = Pane::Detail,
        None => {}
    }
}

/// To the next item that blocks a GO, round the end.
fn to_blocker(board: &mut ChecklistScreen, known: &mut Known, forwards: bool) {
    let rows = if board.terms().is_empty() { all_rows(known) } else { board.list.rows.clone() };
    let here = board.row().and_then(|row| rows.iter().position(|&other| other == row)).unwrap_or(0);
    let count = rows.len();
    let found = (1..=count)
        .map(|step| if forwards { here + step } else { here + count - step })
        .filter_map(|at| rows.get(at % count).copied())
        .find(|&row| {
            let item = item_at(known, row).and_then(|item| known.assessment(&item.id));
            item.is_some_and(|item| known.blocks(item))
        });
    let Some(row) = found else {
        // what blocks besides items stands there
        if known.assessed.as_ref().is_some_and(|assessed| !assessed.all.blockers.is_empty())
            && known.blocking() == 0
        {
            to_row(board, known, Row::Overview);
            return;
        }
        known.toast = Some(Toast::good(match known.runs.active.is_empty() {
            _ if known.blocking() > 0 => "None of the filtered items blocks; esc clears the filter",
            true => "No item blocks a GO",
            false => "No item blocks a GO so far",
        }));
        return;
    };
    to_row(board, known, row);
}

/// Selects a row, its section opened; nothing when a filter keeps it out.
pub(crate) fn to_row(board: &mut ChecklistScreen, known: &Known, row: Row) {
    if let Row::Item { section, .. } = row {
        board.list.closed.remove(&section);
    }
    settle::rebuild(board, known);
    if let Some(at) = board.list.rows.iter().position(|&other| other == row) {
        board.select(at);
    }
}

/// All rows as if no section were closed.
fn all_rows(known: &Known) -> Vec<Row> {
    let Some(loaded) = &known.loaded else { return Vec::new() };
    let mut rows = vec![Row::Overview];
    for (at, section) in loaded.checklist.sections.iter().enumerate() {
        rows.push(Row::Section(at));
        rows.extend((0..section.items.len()).map(|item| Row::Item { section: at, item }));
    }
    rows
}

/// Moves in the detail: from finding to finding, and line by line where there is none.
fn scroll_detail(board: &mut ChecklistScreen, known: &Known, area: Rect, way: Scroll) {
    let Some(area) = panes::panes(area, board.focus).detail else { return };
    let area = panes::detail_text(area);
    let height = usize::from(area.height).max(1);
    let doc = detail::build(board, known, usize::from(area.width));
    let bottom = doc.lines.len().saturating_sub(height);
    match way {
        Scroll::Up => return step(board, &doc, height, false),
        Scroll::Down => return step(board, &doc, height, true),
        Scroll::PageUp
        | Scroll::PageDown
        | Scroll::HalfUp
        | Scroll::HalfDown
        | Scroll::First
        | Scroll::Last => {
            board.detail.scroll = way.from(board.detail.scroll, height - 1, bottom);
        }
    }
    // a finding that is out of sight gives its selection to one in sight
    let view = board.detail.scroll..board.detail.scroll + height;
    let seen = |at: usize| doc.findings.get(at).is_some_and(|lines| view.contains(&lines.start));
    if !board.detail.finding.is_some_and(seen) {
        board.detail.finding = (0..doc.findings.len()).find(|&at| seen(at));
    }
}

fn step(board: &mut ChecklistScreen, doc: &Doc, height: usize, down: bool) {
    let scroll = board.detail.scroll;
    let bottom = doc.lines.len().saturating_sub(height);
    let next = match (board.detail.finding, down) {
        (None, true) => (!doc.findings.is_empty()).then_some(0),
        (Some(at), true) => Some(at + 1).filter(|&at| at < doc.findings.len()),
        (Some(at), false) => at.checked_sub(1),
        (None, false) => None,
    };
    let target = next.and_then(|at| Some((at, doc.findings.get(at)?)));
    match target {
        // the neighbour is in sight, or the next line brings it there
        Some((at, lines)) if down && lines.start <= scroll + height => {
            board.detail.finding = Some(at);
            let needed = lines.end.saturating_sub(height).min(lines.start);
            board.detail.scroll = scroll.max(needed).min(bottom);
        }
        Some((at, lines)) if !down && lines.end >= scroll => {
            board.detail.finding = Some(at);
            board.detail.scroll = scroll.min(lines.start);
        }
        _ if down => board.detail.scroll = (scroll + 1).min(bottom),
        _ => {
            board.detail.scroll = scroll.saturating_sub(1);
            if scroll == 0 {
                board.detail.finding = None;
            }
        }
    }
}
