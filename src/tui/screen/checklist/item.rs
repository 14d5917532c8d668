//! The text about an item.

use ratatui::text::Line;

use super::seen::{self, Seen};
use crate::assess::Standing;
use crate::checklist::Item;
use crate::model::words::count;
use crate::model::{CheckError, Finding, ItemResult, Need};
use crate::report::words::heading;
use crate::report::{words, wrap};
use crate::tui::theme::Role;
use crate::tui::widget::record;
use crate::tui::widget::writer::Writer;

/// More findings than this are counted, not shown.
const MOST: usize = 300;

/// Which of the findings, needs and errors is selected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selection {
    /// Its number.
    pub(crate) at: Option<usize>,
    /// The detail has the keys.
    pub(crate) has_keys: bool,
}

/// Writes all about an item.
pub(crate) fn write(w: &mut Writer<'_>, item: &Item, selection: Selection) {
    let headline = w.known.standing(&item.id).headline(item);
    w.text(Role::Heading, 0, headline.as_str());
    if headline != &item.title {
        w.text(Role::Muted, 0, &format!("What must hold: {}", item.title));
    }
    standing(w, item);
    against(w, item, selection);
    notes(w, item);
    w.heading(heading::WHY);
    w.text(Role::Text, 0, item.why.as_str());
    fix(w, item);
    history(w, item);
    if let Some(policy) = &item.sign_off {
        w.heading(heading::SIGNS);
        w.text(Role::Text, 0, &words::policy(policy));
    }
    if let Some(policy) = &item.when_undecided {
        w.heading(heading::SIGNS_UNDECIDED);
        w.text(Role::Text, 0, &words::policy(policy));
    }
    checks(w, item);
    if !item.refs.is_empty() {
        w.heading(heading::REFS);
        for reference in &item.refs {
            w.text(Role::Place, 0, reference.as_str());
        }
    }
    w.blank();
    let (file, line) = &item.defined_at;
    w.text(Role::Muted, 0, &format!("Defined in {file}:{line}"));
}

fn standing(w: &mut Writer<'_>, item: &Item) {
    let known = w.known;
    let standing = known.standing(&item.id);
    let running = known.runs.running.contains(&item.id);
    let glyph = match running {
        true => known.glyphs.spin(known.beat),
        false => known.glyphs.standing(standing),
    };
    let word = if running { "checking" } else { standing.word() };
    w.pieces(vec![
        (Role::Standing(standing), format!("{glyph} {word}")),
        (Role::Severity(item.severity), item.severity.word().to_owned()),
        (Role::Muted, item.mode().word().to_owned()),
    ]);
    let Some(assessed) = known.assessment(&item.id) else { return };
    if running {
        return;
    }
    w.blank();
    if !assessed.short.is_empty() {
        w.text(Role::Text, 0, assessed.short.as_str());
    }
    if let Some(reason) =
        item.disabled.as_ref().filter(|reason| !assessed.short.as_str().contains(reason.as_str()))
    {
        w.text(Role::Muted, 0, &format!("Switched off: {reason}"));
    }
    if !assessed.blocks && !standing.is_settled() && standing != Standing::Pending {
        let from = known.loaded.as_ref().map(|loaded| loaded.checklist.gate.blocks_from);
        let from = from.map_or("higher", |severity| severity.word());
        let text = format!("It only warns: this checklist blocks from severity {from} on.");
        w.text(Role::Muted, 0, &text);
    }
    if let Some(looked_at) = known.results.get(&item.id).map(ItemResult::looked_at)
        && !looked_at.is_empty()
        && !assessed.short.as_str().contains(looked_at.as_str())
    {
        w.text(Role::Muted, 0, &format!("Looked at: {looked_at}"));
    }
}

fn against(w: &mut Writer<'_>, item: &Item, selection: Selection) {
    let all = seen::against(w.known, item);
    let mut last = "";
    for (at, seen) in all.iter().take(MOST).enumerate() {
        let kind = match seen {
            Seen::Finding(_) => "finding",
            Seen::Need(_) => "not known",
            Seen::Error(_) => "error",
        };
        if kind != last {
            last = kind;
            let number = all.iter().filter(|other| same_kind(seen, other)).count();
            w.heading(match seen {
                Seen::Finding(_) | Seen::Error(_) => count(number, kind),
                Seen::Need(_) => format!("What would be needed to decide, {number}"),
            });
        }
        let start = w.doc.lines.len();
        let selected = (selection.at == Some(at)).then_some(match selection.has_keys {
            true => Role::Selected,
            false => Role::SelectedElsewhere,
        });
        match seen {
            Seen::Finding(finding) => write_finding(w, finding, selected),
            Seen::Need(need) => write_need(w, need, selected),
            Seen::Error(error) => write_error(w, error, selected),
        }
        w.doc.findings.push(start..w.doc.lines.len());
    }
    if all.len() > MOST {
        let text =
            format!("and {} more; `gonogo show {}` lists them all", all.len() - MOST, item.id);
        w.text(Role::Muted, 2, &text);
    }
}

fn same_kind(one: &Seen<'_>, other: &Seen<'_>) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// The mark before something that can be selected, and the role of its first line.
fn mark(w: &Writer<'_>, selected: Option<Role>) -> (String, Role) {
    match selected {
        Some(_) => (format!("{} ", w.known.glyphs.pointer), Role::Pointer),
        None => (format!("{} ", w.known.glyphs.dot), Role::Rule),
    }
}

/// Where, then what; without a place only what.
fn at_place(w: &mut Writer<'_>, place: Option<String>, what: &str, selected: Option<Role>) {
    let (mark, mark_role) = mark(w, selected);
    match place {
        Some(place) => {
            w.hanging(&mark, mark_role, selected.unwrap_or(Role::Place), &place);
            w.text(Role::Text, 2, what);
        }
        None => w.hanging(&mark, mark_role, selected.unwrap_or(Role::Text), what),
    }
}

fn help(w: &mut Writer<'_>, help: &str) {
    let advice = format!("  {} ", w.known.glyphs.advice);
    w.hanging(&advice, Role::Success, Role::Text, help);
}

fn write_finding(w: &mut Writer<'_>, finding: &Finding, selected: Option<Role>) {
    let place = finding.place().map(ToString::to_string);
    at_place(w, place, finding.message.as_str(), selected);
    if let Some(text) = finding.telling_excerpt() {
        let bar = format!("  {} ", w.known.glyphs.bar);
        // two lines of it are enough to know it by
        let room = w.columns.saturating_sub(4);
        let text = wrap::cut(text, room * 2, w.known.glyphs.cut);
        for line in wrap::wrap(&text, room).into_iter().take(3) {
            let spans = vec![w.span(Role::Rule, bar.clone()), w.span(Role::Code, line)];
            w.doc.lines.push(Line::from(spans));
        }
    }
    if let Some(text) = &finding.help {
        help(w, text.as_str());
    }
}

fn write_need(w: &mut Writer<'_>, need: &Need, selected: Option<Role>) {
    let place = need.place().map(ToString::to_string);
    at_place(w, place, need.message.as_str(), selected);
    if let Some(text) = &need.help {
        help(w, text.as_str());
    }
}

fn write_error(w: &mut Writer<'_>, error: &CheckError, selected: Option<Role>) {
    let (mark, mark_role) = mark(w, selected);
    match error {
        CheckError::Cancelled => {
            w.hanging(&mark, mark_role, selected.unwrap_or(Role::Text), &error.to_string());
        }
        CheckError::CouldNotLook { what, next, .. } => {
            w.hanging(&mark, mark_role, selected.unwrap_or(Role::Text), what.as_str());
            help(w, next.as_str());
        }
    }
}

fn notes(w: &mut Writer<'_>, item: &Item) {
    let notes: Vec<String> = w.known.results.get(&item.id).map_or(Vec::new(), |result| {
        let at = |place: &Option<crate::model::Place>| {
            place.as_ref().map(|place| format!("{place}  ")).unwrap_or_default()
        };
        result.notes().map(|note| format!("{}{}", at(&note.place), note.message)).collect()
    });
    if notes.is_empty() {
        return;
    }
    w.heading("To know");
    for note in notes {
        w.hanging(&format!("{} ", w.known.glyphs.dot), Role::Rule, Role::Text, &note);
    }
}

fn history(w: &mut Writer<'_>, item: &Item) {
    let Some(assessed) = w.known.assessment(&item.id) else { return };
    if assessed.records.is_empty() {
        return;
    }
    w.heading(format!("{}, {}", heading::RECORDS, assessed.records.len()));
    for (at, assessed) in assessed.records.iter().rev().enumerate() {
        if at > 0 {
            w.blank();
        }
        record::write(w, assessed);
    }
}

fn fix(w: &mut Writer<'_>, item: &Item) {
    let Some(fix) = &item.fix else { return };
    w.heading(heading::FIX);
    if let Some(text) = &fix.text {
        w.text(Role::Text, 0, text.as_str());
    }
    for (at, step) in fix.steps.iter().enumerate() {
        w.hanging(&format!("{:>2}. ", at + 1), Role::Muted, Role::Text, step.as_str());
    }
    if let Some(code) = &fix.code {
        w.code(0, code.as_str());
    }
    if !w.known.fixes(item).is_empty() && !w.known.standing(&item.id).is_settled() {
        let spans = vec![
            w.span(Role::Muted, "Press "),
            w.span(Role::Key, "f"),
            w.span(Role::Muted, " and gonogo does it, after you agree."),
        ];
        w.doc.lines.push(Line::from(spans));
    }
}

fn checks(w: &mut Writer<'_>, item: &Item) {
    if item.checks.is_empty() {
        return;
    }
    w.heading(heading::CHECKS);
    for check in &item.checks {
        let parameters: Vec<String> = words::parameters(&check.parameters)
            .into_iter()
            .map(|(name, value)| match name.is_empty() {
                true => value.to_string(),
                false => format!("{name}: {value}"),
            })
            .collect();
        let parameters = parameters.join("; ");
        if parameters.is_empty() {
            w.text(Role::Text, 0, check.kind);
        } else {
            w.hanging(&format!("{}: ", check.kind), Role::Text, Role::Muted, &parameters);
        }
    }
}
