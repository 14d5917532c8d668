//! Draws the header: the verdict first, then where and what, then the counts.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::spans::{line, span, spans_width};
use crate::assess::Standing;
use crate::model::CleanText;
use crate::model::words::{count, took};
use crate::repo::Head;
use crate::report::{head_line, ledger_line, wrap};
use crate::tui::known::{Known, Loaded};
use crate::tui::theme::{Badge, Role};

/// A branch longer than this is cut.
const BRANCH: usize = 32;

/// The same where there is little room.
const SHORT_BRANCH: usize = 8;

/// What needs people first comes first.
const ORDER: [Standing; Standing::ALL.len()] = [
    Standing::Errored,
    Standing::Failed,
    Standing::Objected,
    Standing::Undecided,
    Standing::Stale,
    Standing::Unsigned,
    Standing::Pending,
    Standing::Waived,
    Standing::SignedOff,
    Standing::Passed,
    Standing::NotApplicable,
];

/// Draws both lines.
pub(crate) fn draw(frame: &mut Frame<'_>, known: &Known, area: Rect) {
    let width = usize::from(area.width);
    line(frame, area, names(known, width));
    let second = Rect { y: area.y + 1, ..area };
    let right = progress(known, width);
    let mut spans = counts(known, width.saturating_sub(right.width() + 3));
    let gap = width.saturating_sub(spans_width(&spans) + right.width() + 1);
    spans.push(Span::raw(" ".repeat(gap)));
    spans.push(right);
    line(frame, second, spans);
}

fn badge(known: &Known) -> Span<'static> {
    let badge = known.badge();
    let word = format!(" {} ", known.badge_words());
    // without colours, reverse is what makes a badge
    let style = known.theme.style(Role::Badge(badge));
    let style = match (style.bg, badge) {
        (None, Badge::Verdict(_)) => style.reversed(),
        _ => style,
    };
    Span::styled(word, style)
}

fn blocking(known: &Known) -> Span<'static> {
    let others = known.assessed.as_ref().map_or(0, |assessed| assessed.all.blockers.len());
    match known.blocking() + others {
        0 => Span::raw(""),
        many => span(known, Role::Standing(Standing::Failed), format!("{many} blocking")),
    }
}

/// The badge and the names of things, as many as there is room for: the
/// repository always, then the branch, the commit, the checklist.
fn names(known: &Known, width: usize) -> Vec<Span<'static>> {
    let mut spans = vec![Span::raw(" "), badge(known), Span::raw("  ")];
    let blocking = blocking(known);
    if blocking.width() > 0 {
        spans.extend([blocking, Span::raw("  ")]);
    }
    let mut room = width.saturating_sub(spans_width(&spans) + 1);
    let name = match &known.loaded {
        None => &known.folder,
        Some(loaded) => &loaded.name,
    };
    let cut = |text: &str, most: usize| wrap::cut(text, most, known.glyphs.cut);
    let name = cut(name.as_str(), room);
    room -= wrap::width(&name);
    spans.push(span(known, Role::Heading, name));
    let Some(loaded) = &known.loaded else { return spans };
    // each as a whole or, where there is less room, as a shorter one
    let mut part = |role: Role, texts: &[String]| {
        let fitting = texts.iter().find(|text| !text.is_empty() && wrap::width(text) + 2 <= room);
        if let Some(text) = fitting {
            room -= wrap::width(text) + 2;
            spans.push(span(known, role, format!("  {text}")));
        }
        fitting.is_some()
    };
    if part(Role::Text, &whereabouts(known, loaded)) {
        part(Role::Muted, &[sharing(known, loaded)]);
        let checklist = &loaded.checklist.name;
        let shorter = |most| cut(checklist.as_str(), most);
        part(Role::Muted, &[checklist.to_string(), shorter(24), shorter(16)]);
    }
    spans
}

/// `main@a590302 + 3 uncommitted`, and the same shorter.
fn whereabouts(known: &Known, loaded: &Loaded) -> Vec<String> {
    let Loaded { head, basis, .. } = loaded;
    let with_branch = |most| {
        let cut =
            |text: &CleanText| CleanText::line(wrap::cut(text.as_str(), most, known.glyphs.cut));
        let head = Head { branch: head.branch.as_ref().map(cut), ..head.clone() };
        head_line(&head, basis)
    };
    let mut out = vec![with_branch(BRANCH), with_branch(SHORT_BRANCH)];
    if let Some(revision) = &basis.revision {
        for line in &mut out {
            line.push_str(", read-only");
        }
        out.push(revision.to_string());
    }
    out.extend(head.commit.as_ref().map(|commit| commit.short().to_owned()));
    out
}

/// `ledger ↑2 ↓0`, `ledger not shared yet`; nothing without a remote.
fn sharing(known: &Known, loaded: &Loaded) -> String {
    let [up, down, ..] = known.glyphs.arrows;
    let line = ledger_line(&loaded.basis.ledger.sharing).unwrap_or_default();
    match up.is_ascii() {
        true => line.replace('↑', &format!("{up} ")).replace('↓', &format!("{down} ")),
        false => line,
    }
}

/// How many items stand where: with words as far as there is room, for what
/// needs people first.
fn counts(known: &Known, room: usize) -> Vec<Span<'static>> {
    let Some(assessed) = &known.assessed else {
        let text = match known.loaded {
            None => "Reading the repository",
            Some(_) => "Checks begin",
        };
        return vec![Span::raw(" "), span(known, Role::Muted, wrap::cut(text, room, ""))];
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
            let glyph = known.glyphs.standing(*standing);
            let mut text = format!("{glyph} {count}");
            if at < with_words {
                text = format!("{text} {}", standing.word());
            }
            if spans.len() > 1 {
                spans.push(Span::raw("  "));
            }
            spans.push(span(known, Role::Standing(*standing), text));
        }
        spans
    };
    let fitting = (0..=present.len()).rev().map(build).find(|spans| spans_width(spans) <= room);
    fitting.unwrap_or_else(|| build(0))
}

/// How far the checks are; after the run, how long it took.
fn progress(known: &Known, width: usize) -> Span<'static> {
    let Some(loaded) = &known.loaded else { return Span::raw("") };
    let total = loaded.checked.len();
    if known.runs.active.is_empty() {
        let text = match known.runs.took {
            Some(time) if width >= 100 => {
                format!("{total} checked in {}", took(time))
            }
            _ => String::new(),
        };
        return span(known, Role::Muted, text);
    }
    let done = known.results.len().min(total);
    let spinner = known.glyphs.spin(known.beat);
    let text = match width {
        ..60 => format!("{spinner} {done}/{total}"),
        60..120 => format!("{spinner} {} {done}/{total}", bar(known, done, total, 10)),
        _ => {
            let files = files(known.runs.files);
            format!("{files}{spinner} {} {done}/{total} checks", bar(known, done, total, 20))
        }
    };
    span(known, Role::Focused, text)
}

fn bar(known: &Known, done: usize, total: usize, columns: usize) -> String {
    let full = (done * columns).checked_div(total).unwrap_or(columns).min(columns);
    known.glyphs.done.repeat(full) + &known.glyphs.left.repeat(columns - full)
}

fn files(number: u64) -> String {
    match usize::try_from(number).unwrap_or(usize::MAX) {
        0 => String::new(),
        number => format!("{}  ", count(number, "file")),
    }
}
