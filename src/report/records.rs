//! Records in words, for `gonogo show`, `gonogo log` and the screen.

use std::io::{self, Write};

use jiff::Timestamp;

use crate::assess::{AssessedRecord, RecordState};
use crate::ledger::Entry;

use super::style::{BOLD, DIM, paint};

/// How long ago something was, in the largest unit that fits: `3 days ago`.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(at.as_second());
    let (n, unit) = match seconds {
        s if s < -60 => return "in the future, by its author's clock".to_owned(),
        s if s < 60 => return "just now".to_owned(),
        s if s < 3_600 => (s / 60, "minute"),
        s if s < 86_400 => (s / 3_600, "hour"),
        s => (s / 86_400, "day"),
    };
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {unit}{plural} ago")
}

/// `sign-off by Ada <ada@example.com> on 1a2b3c4, 3 days ago`.
pub fn record_line(entry: &Entry, now: Timestamp) -> String {
    let record = &entry.record;
    let role = record.statement.role().map(|role| format!(" as {role}")).unwrap_or_default();
    let until = record.statement.until().map(|day| format!(", until {day}")).unwrap_or_default();
    let other = if entry.is_by_another() {
        format!(" (the commit was made by {})", entry.committer)
    } else {
        String::new()
    };
    format!(
        "{} by {}{other}{role} on {}, {}{until}",
        record.statement.act().word(),
        entry.author,
        record.commit.short(),
        ago(entry.at, now)
    )
}

/// What everybody who reads a name in the ledger should know.
pub const CLAIM: &str = "An author is a claim: git takes any name that is configured.";

/// Writes records, the newest first, each with whether it counts.
///
/// # Errors
/// When writing fails.
pub fn records(
    records: &[&AssessedRecord],
    with_item: bool,
    now: Timestamp,
    out: &mut dyn Write,
) -> io::Result<()> {
    for record in records.iter().rev() {
        let entry = &record.entry;
        let item = if with_item { format!("{}  ", entry.record.item) } else { String::new() };
        writeln!(
            out,
            "{}  {}{}  {}",
            paint(DIM, entry.id.short()),
            paint(BOLD, item),
            record_line(entry, now),
            state_words(&record.state)
        )?;
        for line in entry.record.statement.words().as_str().lines() {
            writeln!(out, "         “{line}”")?;
        }
    }
    Ok(())
}

/// Whether a record counts, in words.
fn state_words(state: &RecordState) -> String {
    match state {
        RecordState::Counts => "[counts]".to_owned(),
        RecordState::Stale(reasons) => {
            let reasons: Vec<&str> = reasons.iter().map(|reason| reason.as_str()).collect();
            format!("[stale: {}]", reasons.join("; "))
        }
        RecordState::Withdrawn => "[withdrawn]".to_owned(),
        RecordState::Superseded => "[replaced by a later one]".to_owned(),
        RecordState::NotCounted(reason) => format!("[does not count: {reason}]"),
        RecordState::Overruled(by) => format!("[overruled by {by}]"),
        RecordState::Withdrawal => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn the_largest_unit_is_told() {
        let now: jiff::Timestamp = "2026-06-10T12:00:00Z".parse().expect("a moment");
        let cases = [
            ("2026-06-10T11:59:30Z", "just now"),
            ("2026-06-10T11:59:00Z", "1 minute ago"),
            ("2026-06-10T09:00:00Z", "3 hours ago"),
            ("2026-06-09T11:00:00Z", "1 day ago"),
            ("2026-03-01T12:00:00Z", "101 days ago"),
            ("2026-06-11T12:00:00Z", "in the future, by its author's clock"),
        ];
        for (at, expected) in cases {
            assert_eq!(ago(at.parse().expect("a moment"), now), expected);
        }
    }
}
