//! One record: who, when, on what, and whether it counts.

use super::writer::Writer;
use crate::assess::{AssessedRecord, RecordState, words};
use crate::ledger::Act;
use crate::model::words::{ago, count, sentence};
use crate::model::{CleanText, Date};
use crate::tui::theme::Role;

/// Writes it.
pub(crate) fn write(w: &mut Writer<'_>, assessed: &AssessedRecord) {
    let entry = &assessed.entry;
    let record = &entry.record;
    let counts = matches!(assessed.state, RecordState::Counts);
    let mut head = vec![
        (
            if counts { Role::Heading } else { Role::Muted },
            record.statement.act().word().to_owned(),
        ),
        (Role::Text, entry.author.to_string()),
    ];
    if entry.is_by_another() {
        head.push((Role::Warning, format!("commit made by {}", entry.committer)));
    }
    if let Some(role) = record.statement.role() {
        head.push((Role::Muted, format!("as {role}")));
    }
    w.pieces(head);
    let now = w.known.now;
    let mut when = vec![
        (Role::Muted, format!("{} ({})", ago(entry.at, now), Date::of(entry.at))),
        (Role::Muted, format!("on {}", record.commit.short())),
    ];
    if let Some(until) = record.statement.until() {
        when.push((Role::Muted, format!("until {until}")));
    }
    let accepted = record.statement.accepted().len();
    if accepted > 0 {
        when.push((Role::Muted, format!("{} accepted", count(accepted, "finding"))));
    }
    if let Some(of) = record.statement.of() {
        let verb = match record.statement.act() {
            Act::Overruling => "overrules",
            _ => "takes back",
        };
        when.push((Role::Muted, format!("{verb} {}", of.short())));
    }
    when.push((Role::Muted, format!("record {}", entry.id.short())));
    w.pieces(when);
    let said = record.statement.words();
    if !said.is_empty() {
        let note = CleanText::block(said);
        w.hanging("  ", Role::Text, Role::Text, note.as_str());
    }
    if let Some(words) = words::state(&assessed.state) {
        let role = match &assessed.state {
            RecordState::Counts => Role::Success,
            RecordState::Stale(_) | RecordState::NotCounted(_) => Role::Warning,
            RecordState::Withdrawn
            | RecordState::Superseded
            | RecordState::Overruled(_)
            | RecordState::Withdrawal => Role::Muted,
        };
        w.text(role, 0, &sentence(&words));
    }
}
