//! Draws the header: the verdict first, then where and what, then the counts.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::{line, span, spans_width};
use crate::assess::Standing;
use crate::tui::layout::Areas;
use crate::tui::rows::Row;
use crate::tui::state::{Pane, State};
use crate::tui::theme::{Badge, Role};
use crate::tui::wrap;

/// What needs people first comes first.
const ORDER: [Standing; 10] = [
    Standing::Errored,
    Standing::Failed,
    Standing::Objected,
    Standing::Stale,
    Standing::Unsigned,
    Standing::Pending,
    Standing::Waived,
    Standing::SignedOff,
    Standing::Passed,
    Standing::NotApplicable,
];

/// Draws both lines.
pub fn draw(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let width = usize::from(area.width);
    line(frame, area, names(state, width));
    let second = Rect { y: area.y + 1, ..area };
    let right = progress(state, width);
    let mut spans = counts(state, width.saturating_sub(right.width() + 3));
    let gap = width.saturating_sub(spans_width(&spans) + right.width() + 1);
    spans.push(Span::raw(" ".repeat(gap)));
    spans.push(right);
    line(frame, second, spans);
}

fn badge(state: &State) -> Span<'static> {
    let badge = state.badge();
    let word = match badge {
        Badge::Go => " GO ",
        Badge::NoGo => " NO-GO ",
        Badge::Checking => " CHECKING ",
    };
    // without colours, reverse is what makes a badge
    let style = state.theme.style(Role::Badge(badge));
    let style = match (style.bg, badge) {
        (None, Badge::Go | Badge::NoGo) => style.reversed(),
        _ => style,
    };
    Span::styled(word, style)
}

fn blocking(state: &State) -> Span<'static> {
    let others = state.assessed.as_ref().map_or(0, |assessed| assessed.all.blockers.len());
    match state.blocking() + others {
        0 => Span::raw(""),
        many => span(state, Role::Standing(Standing::Failed), format!("{many} blocking")),
    }
}

/// The badge and the names of things, as many as there is room for: the
/// repository always, then the branch, the commit, the checklist.
fn names(state: &State, width: usize) -> Vec<Span<'static>> {
    let mut spans = vec![Span::raw(" "), badge(state), Span::raw("  ")];
    let blocking = blocking(state);
    if blocking.width() > 0 {
        spans.extend([blocking, Span::raw("  ")]);
    }
    let mut room = width.saturating_sub(spans_width(&spans) + 1);
    let (name, branch, commit, checklist) = match &state.loaded {
        None => (state.folder.to_string(), String::new(), String::new(), String::new()),
        Some(loaded) => {
            let head = &loaded.head;
            let branch = head.branch.as_ref().map_or("detached".to_owned(), ToString::to_string);
            let commit = match &head.commit {
                Some(commit) => commit.short().to_owned(),
                None => "no commit yet".to_owned(),
            };
            (loaded.name.to_string(), branch, commit, loaded.checklist.name.to_string())
        }
    };
    let cut = |text: &str, most: usize| wrap::cut(text, most, state.glyphs.cut);
    let name = cut(&name, room);
    room -= wrap::width(&name);
    spans.push(span(state, Role::Heading, name));
    let mut part = |role: Role, text: &str, least: usize| {
        let columns = wrap::width(text);
        if columns > 0 && room >= least.min(columns) + 2 {
            let text = cut(text, room - 2);
            room -= wrap::width(&text) + 2;
            spans.push(span(state, role, format!("  {text}")));
        }
    };
    // a branch may be cut, a commit not
    part(Role::Text, &cut(&branch, 32), 8);
    part(Role::Muted, &commit, commit.len());
    part(Role::Muted, &checklist, 16);
    spans
}

/// How many items stand where: with words as far as there is room, for what
/// needs people first.
fn counts(state: &State, room: usize) -> Vec<Span<'static>> {
    let Some(assessed) = &state.assessed else {
        let text = match state.loaded {
            None => "Reading the repository",
            Some(_) => "Checks begin",
        };
        return vec![Span::raw(" "), span(state, Role::Muted, wrap::cut(text, room, ""))];
    };
    let counts = &assessed.all.counts;
    let present: Vec<(Standing, usize)> = ORDER
        .iter()
        .filter_map(|standing| Some((*standing, *counts.get(standing)?)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let build = |with_words: usize| -> Vec<Span<'static>> {
        let mut spans = vec![Span::raw(" ")];
        for (at, (standing, count)) in present.iter().enumerate() {
            let glyph = state.glyphs.standing(*standing);
            let mut text = format!("{glyph} {count}");
            if at < with_words {
                text = format!("{text} {}", standing.word());
            }
            if spans.len() > 1 {
                spans.push(Span::raw("  "));
            }
            spans.push(span(state, Role::Standing(*standing), text));
        }
        spans
    };
    let fitting = (0..=present.len()).rev().map(build).find(|spans| spans_width(spans) <= room);
    fitting.unwrap_or_else(|| build(0))
}

/// How far the checks are; after the run, how long it took.
fn progress(state: &State, width: usize) -> Span<'static> {
    let Some(loaded) = &state.loaded else { return Span::raw("") };
    let total = loaded.checked.len();
    if state.runs.active.is_empty() {
        let text = match state.runs.took {
            Some(took) if width >= 100 => {
                format!("{total} checked in {}", seconds(took))
            }
            _ => String::new(),
        };
        return span(state, Role::Muted, text);
    }
    let done = state.results.len().min(total);
    let spinner = state.glyphs.spin(state.beat);
    let text = match width {
        ..60 => format!("{spinner} {done}/{total}"),
        60..120 => format!("{spinner} {} {done}/{total}", bar(state, done, total, 10)),
        _ => {
            let files = files(state.runs.files);
            format!("{files}{spinner} {} {done}/{total} checks", bar(state, done, total, 20))
        }
    };
    span(state, Role::Focused, text)
}

fn bar(state: &State, done: usize, total: usize, columns: usize) -> String {
    let full = (done * columns).checked_div(total).unwrap_or(columns).min(columns);
    state.glyphs.done.repeat(full) + &state.glyphs.left.repeat(columns - full)
}

fn files(number: u64) -> String {
    if number == 0 { String::new() } else { format!("{number} files  ") }
}

fn seconds(took: std::time::Duration) -> String {
    match took.as_millis() {
        ms @ ..1000 => format!("{ms} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

/// Draws the line below the header, with the panes' titles in it.
pub fn draw_rule(frame: &mut Frame<'_>, state: &State, areas: &Areas) {
    let title = |pane: Pane| {
        let text = match pane {
            Pane::List => list_title(state),
            Pane::Detail => detail_title(state),
        };
        let role = if state.focus == pane { Role::Focused } else { Role::Muted };
        (role, text)
    };
    let mut spans = Vec::new();
    let rule = |columns: usize| span(state, Role::Rule, state.glyphs.rule.repeat(columns));
    let mut piece = |width: usize, (role, text): (Role, String)| {
        let text = wrap::cut(&text, width.saturating_sub(4), state.glyphs.cut);
        let text = if text.is_empty() { text } else { format!(" {text} ") };
        spans.push(rule(1.min(width)));
        let used = 1 + wrap::width(&text);
        spans.push(span(state, role, text));
        spans.push(rule(width.saturating_sub(used)));
    };
    let whole = usize::from(areas.rule.width);
    match (areas.list, areas.detail) {
        (Some(list), Some(_)) => {
            let left = usize::from(list.width);
            piece(left, title(Pane::List));
            piece(whole - left, title(Pane::Detail));
            // the divider hangs on the rule
            if let Some(first) = spans.get_mut(3) {
                *first = span(state, Role::Rule, state.glyphs.tee);
            }
        }
        (Some(_), None) => piece(whole, title(Pane::List)),
        _ => piece(whole, title(Pane::Detail)),
    }
    line(frame, areas.rule, spans);
}

fn list_title(state: &State) -> String {
    let Some(loaded) = &state.loaded else { return String::new() };
    let total = loaded.checklist.items().count();
    match state.filter.input.value() {
        "" => crate::tui::doc::count(total, "item"),
        typed => format!("{} of {total}, filter: {typed}", state.list.shown),
    }
}

fn detail_title(state: &State) -> String {
    match (state.row(), state.item()) {
        (_, Some(item)) => item.id.to_string(),
        (Some(Row::Section(_)), None) => "section".to_owned(),
        (Some(_), None) => "overview".to_owned(),
        (None, None) => String::new(),
    }
}
