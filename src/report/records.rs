//! Records in words, for `gonogo show`, `gonogo log` and the screen.

use std::io::{self, Write};

use jiff::Timestamp;

use crate::assess::{AssessedRecord, words};
use crate::ledger::{Entry, Synced};
use crate::model::words::{ago, count};

use super::style::{BOLD, DIM, paint};

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

/// `ledger of `origin`: received 2 records, sent nothing`.
pub fn synced_line(done: &Synced) -> String {
    let number = |number: usize| match number {
        0 => "nothing".to_owned(),
        number => count(number, "record"),
    };
    let sent = match (done.sent, done.ahead) {
        (0, 0) => ", sent nothing".to_owned(),
        (0, ahead) => format!("; {} not sent, see `gonogo sync`", number(ahead)),
        (sent, _) => format!(", sent {}", number(sent)),
    };
    format!("ledger of `{}`: received {}{sent}", done.remote, number(done.received.len()))
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
            words::state(&record.state).map(|words| format!("[{words}]")).unwrap_or_default()
        )?;
        for line in entry.record.statement.words().as_str().lines() {
            writeln!(out, "         “{line}”")?;
        }
    }
    Ok(())
}
