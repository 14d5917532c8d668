//! The text about an item.

use ratatui::text::Line;

use super::{Writer, count, history};
use crate::assess::Standing;
use crate::checklist::{Item, Policy};
use crate::model::{Finding, ItemResult};
use crate::tui::theme::Role;
use crate::tui::wrap;

/// More findings than this are counted, not shown.
pub const MOST: usize = 300;

/// Writes all about an item.
pub fn write(w: &mut Writer<'_>, item: &Item) {
    w.text(Role::Heading, 0, item.title.as_str());
    standing(w, item);
    findings(w, item);
    w.heading("Why it matters");
    w.text(Role::Text, 0, item.why.as_str());
    fix(w, item);
    history::write(w, item);
    if let Some(policy) = &item.sign_off {
        w.heading("Sign-off");
        w.text(Role::Text, 0, &policy_words(policy));
    }
    checks(w, item);
    if !item.refs.is_empty() {
        w.heading("References");
        for reference in &item.refs {
            w.text(Role::Place, 0, reference.as_str());
        }
    }
    w.blank();
    let (file, line) = &item.defined_at;
    w.text(Role::Muted, 0, &format!("Defined in {file}:{line}"));
}

fn standing(w: &mut Writer<'_>, item: &Item) {
    let state = w.state;
    let standing = state.standing(&item.id);
    let running = state.runs.running.contains(&item.id);
    let glyph = match running {
        true => state.glyphs.spin(state.beat),
        false => state.glyphs.standing(standing),
    };
    let word = if running { "checking" } else { standing.word() };
    w.pieces(vec![
        (Role::Standing(standing), format!("{glyph} {word}")),
        (Role::Severity(item.severity), item.severity.word().to_owned()),
        (Role::Muted, item.mode().word().to_owned()),
    ]);
    let Some(assessed) = state.assessment(&item.id) else { return };
    if running {
        return;
    }
    w.blank();
    w.text(Role::Text, 0, assessed.why.as_str());
    if let Some(reason) =
        item.disabled.as_ref().filter(|reason| !assessed.why.as_str().contains(reason.as_str()))
    {
        w.text(Role::Muted, 0, &format!("Switched off: {reason}"));
    }
    if !assessed.blocks && !standing.is_settled() && standing != Standing::Pending {
        let from = state.loaded.as_ref().map(|loaded| loaded.checklist.gate.blocks_from);
        let from = from.map_or("higher", |severity| severity.word());
        let text = format!("It only warns: this checklist blocks from severity {from} on.");
        w.text(Role::Muted, 0, &text);
    }
    if let Some(looked_at) = state.results.get(&item.id).map(ItemResult::looked_at)
        && !looked_at.is_empty()
        && !assessed.why.as_str().contains(looked_at.as_str())
    {
        w.text(Role::Muted, 0, &format!("Looked at: {looked_at}"));
    }
}

fn findings(w: &mut Writer<'_>, item: &Item) {
    let findings = w.state.findings(&item.id);
    if findings.is_empty() {
        return;
    }
    w.heading(match findings.len() {
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    });
    for (at, finding) in findings.iter().take(MOST).enumerate() {
        let start = w.doc.lines.len();
        write_finding(w, finding, w.state.detail.finding == Some(at));
        w.doc.findings.push(start..w.doc.lines.len());
    }
    if findings.len() > MOST {
        let text =
            format!("and {} more; `gonogo show {}` lists them all", findings.len() - MOST, item.id);
        w.text(Role::Muted, 2, &text);
    }
}

fn write_finding(w: &mut Writer<'_>, finding: &Finding, selected: bool) {
    let state = w.state;
    let mark = if selected { state.glyphs.pointer } else { state.glyphs.dot };
    let mark_role = if selected { Role::Pointer } else { Role::Rule };
    let selection = if w.has_keys() { Role::Selected } else { Role::SelectedElsewhere };
    if let Some(place) = finding.place() {
        let text = place.to_string();
        let role = if selected { selection } else { Role::Place };
        w.hanging(&format!("{mark} "), mark_role, role, &text);
        w.text(Role::Text, 2, finding.message.as_str());
    } else {
        let role = if selected { selection } else { Role::Text };
        w.hanging(&format!("{mark} "), mark_role, role, finding.message.as_str());
    }
    if let Some(excerpt) = &finding.excerpt {
        let text = excerpt.as_str().trim();
        let bar = format!("  {} ", state.glyphs.bar);
        // two lines of it are enough to know it by
        let room = w.columns.saturating_sub(4);
        let text = wrap::cut(text, room * 2, state.glyphs.cut);
        for line in wrap::wrap(&text, room).into_iter().take(3) {
            let spans = vec![w.span(Role::Rule, bar.clone()), w.span(Role::Code, line)];
            w.doc.lines.push(Line::from(spans));
        }
    }
    if let Some(help) = &finding.help {
        let advice = format!("  {} ", state.glyphs.advice);
        w.hanging(&advice, Role::Success, Role::Text, help.as_str());
    }
}

fn fix(w: &mut Writer<'_>, item: &Item) {
    let Some(fix) = &item.fix else { return };
    w.heading("How to fix it");
    if let Some(text) = &fix.text {
        w.text(Role::Text, 0, text.as_str());
    }
    for (at, step) in fix.steps.iter().enumerate() {
        w.hanging(&format!("{:>2}. ", at + 1), Role::Muted, Role::Text, step.as_str());
    }
    if let Some(code) = &fix.code {
        w.code(0, code.as_str());
    }
    if !w.state.fixes(item).is_empty() && !w.state.standing(&item.id).is_settled() {
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
    w.heading(if item.checks.len() == 1 { "Check" } else { "Checks" });
    for check in &item.checks {
        let parameters = parameters(&check.parameters);
        if parameters.is_empty() {
            w.text(Role::Text, 0, check.kind);
        } else {
            w.hanging(&format!("{}: ", check.kind), Role::Text, Role::Muted, &parameters);
        }
    }
}

/// A check's parameters as `name: value`, as far as they are not the default.
fn parameters(value: &serde_json::Value) -> String {
    let serde_json::Value::Object(fields) = value else {
        return plain(value);
    };
    let shown = fields.iter().filter(|(_, value)| !value.is_null());
    let shown: Vec<String> =
        shown.map(|(name, value)| format!("{name}: {}", plain(value))).collect();
    crate::model::CleanText::line(shown.join(", ")).to_string()
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => crate::model::CleanText::line(text).to_string(),
        other => crate::model::CleanText::line(other.to_string()).to_string(),
    }
}

/// A policy in one sentence.
pub fn policy_words(policy: &Policy) -> String {
    let who = match (policy.count, &policy.by) {
        (0 | 1, None) => "Anybody may sign it off".to_owned(),
        (0 | 1, Some(role)) => format!("One person of the role {role} signs it off"),
        (many, None) => format!("{many} different people sign it off"),
        (many, Some(role)) => format!("{many} different people of the role {role} sign it off"),
    };
    let valid = policy.valid.map(|valid| format!("for {}", period(valid.hours())));
    let covers = policy.covers.as_ref().map(|globs| {
        let patterns = crate::model::CleanText::line(globs.patterns().join(", "));
        format!("until one of these files changes: {patterns}")
    });
    let parts: Vec<String> = [valid, covers].into_iter().flatten().collect();
    match parts.is_empty() {
        true => format!("{who}."),
        false => format!("{who}; that holds {}.", parts.join(", and ")),
    }
}

fn period(hours: u32) -> String {
    let (number, unit) =
        if hours.is_multiple_of(24) { (hours / 24, "day") } else { (hours, "hour") };
    count(usize::try_from(number).unwrap_or(usize::MAX), unit)
}
