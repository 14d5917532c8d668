//! The phrases of which reasons are made. All that goes in is already safe.

use jiff::Timestamp;

use super::RecordState;
use crate::ledger::Entry;
use crate::model::words::{count, joined};
use crate::model::{CleanText, Date, Finding};

/// The longest note that is quoted in a reason, in characters.
const LONGEST_NOTE: usize = 120;

/// `app.py:3:1: the sentence`.
pub(super) fn finding(finding: &Finding) -> String {
    match finding.place() {
        Some(place) => format!("{place}: {}", finding.message),
        None => finding.message.to_string(),
    }
}

/// `1 finding: …` or `3 new findings since, the first: …`; `what` is the noun,
/// `when` follows it.
pub(super) fn findings(found: &[&Finding], what: &str, when: &str) -> String {
    let number = count(found.len(), what);
    match found {
        [] => format!("{number}{when}"),
        [only] => format!("{number}{when}: {}", finding(only)),
        [first, ..] => format!("{number}{when}, the first: {}", finding(first)),
    }
}

/// `ann@example.com on 2026-01-02`.
pub(super) fn who_when(entry: &Entry) -> String {
    format!("{} on {}", entry.author.email, Date::of(entry.at))
}

/// `: the note's first line`, or nothing.
pub(super) fn quoted(note: &CleanText) -> String {
    let mut lines = note.as_str().lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return String::new() };
    let cut = first.char_indices().nth(LONGEST_NOTE).map(|(at, _)| at);
    let shown = cut.and_then(|at| first.get(..at)).unwrap_or(first);
    let more = if cut.is_some() || lines.next().is_some() { "…" } else { "" };
    format!(": {shown}{more}")
}

/// To the minute, since a period may be of hours.
pub(super) fn moment(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Whether a record counts, in words; nothing for one that only takes back another.
pub(crate) fn state(state: &RecordState) -> Option<String> {
    match state {
        RecordState::Counts => Some("counts".to_owned()),
        RecordState::Stale(reasons) => Some(format!("stale: {}", joined(reasons))),
        RecordState::Withdrawn => Some("withdrawn by its author".to_owned()),
        RecordState::Superseded => Some("replaced by a later one of the same person".to_owned()),
        RecordState::NotCounted(reason) => Some(format!("does not count: {reason}")),
        RecordState::Overruled(by) => Some(format!("overruled by {by}")),
        RecordState::Withdrawal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_quoted_by_their_first_line() {
        let cases = [
            ("", String::new()),
            (" \n ", String::new()),
            ("done", ": done".to_owned()),
            ("\n  done\nand dusted", ": done…".to_owned()),
            (&"é".repeat(121), format!(": {}…", "é".repeat(120))),
            (&"é".repeat(120), format!(": {}", "é".repeat(120))),
        ];
        for (note, expected) in cases {
            assert_eq!(quoted(&CleanText::block(note)), expected);
        }
    }

    #[test]
    fn moments_are_utc() {
        let at = "2026-04-02T23:30:00-02:00".parse().expect("a moment");
        assert_eq!(moment(at), "2026-04-03 01:30 UTC");
    }
}
