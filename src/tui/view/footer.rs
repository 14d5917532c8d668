//! Draws the bottom line: what is typed, what was said, or what the keys do here.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::{line, span};
use crate::checklist::Mode;
use crate::tui::keys::{self, Intent};
use crate::tui::state::{Pane, State};
use crate::tui::theme::Role;
use crate::tui::wrap;

/// Draws it.
pub fn draw(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let width = usize::from(area.width);
    if state.filter.typing && state.dialogs.is_empty() {
        return filter(frame, state, area);
    }
    let spans = match &state.toast {
        Some(toast) => {
            let role = if toast.bad { Role::Warning } else { Role::Success };
            let text = wrap::cut(&toast.text, width.saturating_sub(2), state.glyphs.cut);
            vec![Span::raw(" "), span(state, role, text)]
        }
        // a dialog says what its own keys do
        None if !state.dialogs.is_empty() => Vec::new(),
        None => hints(state, width),
    };
    line(frame, area, spans);
}

fn filter(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let total = state.loaded.as_ref().map_or(0, |loaded| loaded.checklist.items().count());
    let right = format!("{} of {total}   enter keep   esc clear ", state.list.shown);
    let width = usize::from(area.width);
    let right = if width >= 60 { right } else { format!("{} of {total} ", state.list.shown) };
    let room = width.saturating_sub(wrap::width(&right) + 4);
    let input = &state.filter.input;
    let shown = wrap::fit(input.value(), room, state.glyphs.cut);
    let column = (3 + input.visual_cursor()).min(2 + room);
    line(
        frame,
        area,
        vec![
            span(state, Role::Key, " / "),
            span(state, Role::Input, shown),
            span(state, Role::Muted, format!(" {right}")),
        ],
    );
    frame.set_cursor_position((area.x + u16::try_from(column).unwrap_or(0), area.y));
}

/// The keys that matter here, the most useful first, as many as fit.
fn hints(state: &State, width: usize) -> Vec<Span<'static>> {
    let mut spans = vec![Span::raw(" ")];
    // help and leave are always there
    let last = [Intent::Help, Intent::Quit];
    let reserved: usize = last.iter().map(|&intent| hint_width(state, intent)).sum();
    let mut room = width.saturating_sub(2 + reserved);
    for intent in useful(state) {
        let columns = hint_width(state, intent);
        if columns <= room {
            room -= columns;
            push_hint(state, &mut spans, intent);
        }
    }
    for intent in last {
        push_hint(state, &mut spans, intent);
    }
    spans
}

fn useful(state: &State) -> Vec<Intent> {
    let mut out = Vec::new();
    if state.focus == Pane::Detail {
        out.push(Intent::Back);
    }
    if let Some(item) = state.item() {
        let settled = state.standing(&item.id).is_settled();
        let fixable = !state.fixes(item).is_empty();
        let placed = state.findings(&item.id).iter().any(|finding| finding.place().is_some());
        if state.focus == Pane::List {
            out.push(Intent::Enter);
        }
        if fixable && !settled {
            out.push(Intent::Fix);
        }
        if item.mode() != Mode::Automatic && !settled {
            out.push(Intent::SignOff);
        }
        if placed {
            out.push(Intent::Edit);
        }
        if !settled {
            out.push(Intent::Waive);
        }
        if item.mode() != Mode::Automatic {
            out.push(Intent::Object);
        }
        if state.assessment(&item.id).is_some_and(|item| !item.records.is_empty()) {
            out.push(Intent::Withdraw);
        }
        out.push(Intent::NextBlocker);
        out.extend([Intent::Filter, Intent::Rerun, Intent::Copy]);
    } else if state.loaded.is_some() {
        out.push(Intent::NextBlocker);
        if state.focus == Pane::List {
            out.push(Intent::Enter);
        }
        out.extend([Intent::Filter, Intent::RerunAll, Intent::Down]);
    }
    out
}

fn hint_width(state: &State, intent: Intent) -> usize {
    keys::binding_of(intent).map_or(0, |binding| {
        let name = binding.chords.first().map(|chord| chord.name(state.glyphs)).unwrap_or_default();
        wrap::width(&name) + 1 + wrap::width(binding.hint) + 2
    })
}

fn push_hint(state: &State, spans: &mut Vec<Span<'static>>, intent: Intent) {
    let Some(binding) = keys::binding_of(intent) else { return };
    let name = binding.chords.first().map(|chord| chord.name(state.glyphs)).unwrap_or_default();
    spans.push(span(state, Role::Key, name));
    spans.push(span(state, Role::Muted, format!(" {}  ", binding.hint)));
}
