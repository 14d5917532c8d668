//! The records of an item: who, when, on what, and whether it counts.

use jiff::Timestamp;

use super::{Writer, count};
use crate::assess::{AssessedRecord, RecordState};
use crate::checklist::Item;
use crate::ledger::Act;
use crate::model::{CleanText, Date};
use crate::tui::theme::Role;

/// Writes the records, the latest first.
pub fn write(w: &mut Writer<'_>, item: &Item) {
    let Some(assessed) = w.state.assessment(&item.id) else { return };
    if assessed.records.is_empty() {
        return;
    }
    w.heading(format!("History, {}", count(assessed.records.len(), "record")));
    for (at, record) in assessed.records.iter().rev().enumerate() {
        if at > 0 {
            w.blank();
        }
        write_record(w, record);
    }
}

fn write_record(w: &mut Writer<'_>, assessed: &AssessedRecord) {
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
    let now = w.state.now;
    let mut when = vec![
        (Role::Muted, format!("{} ({})", ago(now, entry.at), Date::of(entry.at))),
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
    let words = record.statement.words();
    if !words.is_empty() {
        let note = CleanText::block(words);
        w.hanging("  ", Role::Text, Role::Text, note.as_str());
    }
    match &assessed.state {
        RecordState::Counts => w.text(Role::Success, 0, "It counts."),
        RecordState::Stale(reasons) => {
            for reason in reasons {
                let text = format!("No longer holds: {reason}");
                w.text(Role::Warning, 0, &text);
            }
        }
        RecordState::Withdrawn => w.text(Role::Muted, 0, "Its author withdrew it."),
        RecordState::Superseded => {
            w.text(Role::Muted, 0, "A later record of the same person stands in its place.");
        }
        RecordState::NotCounted(reason) => {
            w.text(Role::Warning, 0, &format!("It does not count: {reason}"));
        }
        RecordState::Overruled(by) => w.text(Role::Muted, 0, &format!("Overruled by {by}")),
        RecordState::Withdrawal => {}
    }
}

/// How long ago, in the largest whole unit.
pub fn ago(now: Timestamp, then: Timestamp) -> String {
    let seconds = now.as_second() - then.as_second();
    // clocks of different machines differ a little
    if seconds < -60 {
        return "in the future, by its author's clock".to_owned();
    }
    let minutes = seconds / 60;
    let (number, unit) = match minutes {
        ..1 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        1440..86_400 => (minutes / 1440, "day"),
        86_400..1_051_200 => (minutes / 43_800, "month"),
        _ => (minutes / 525_600, "year"),
    };
    format!("{} ago", count(usize::try_from(number).unwrap_or_default(), unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_read_naturally() {
        let now: Timestamp = "2026-03-31T12:00:00Z".parse().expect("a moment");
        let cases = [
            ("2026-03-31T12:00:30Z", "just now"),
            ("2026-03-31T13:00:00Z", "in the future, by its author's clock"),
            ("2026-03-31T11:59:01Z", "just now"),
            ("2026-03-31T11:59:00Z", "1 minute ago"),
            ("2026-03-31T10:00:00Z", "2 hours ago"),
            ("2026-03-30T11:00:00Z", "1 day ago"),
            ("2026-01-01T12:00:00Z", "2 months ago"),
            ("2020-03-31T12:00:00Z", "6 years ago"),
        ];
        for (then, expected) in cases {
            assert_eq!(ago(now, then.parse().expect(then)), expected, "{then}");
        }
    }
}
