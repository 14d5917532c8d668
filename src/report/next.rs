//! What a person can do next about an item, as commands.

use std::io::{self, Write};

use super::page::{Page, Row};
use super::style::{BOLD, paint};
use super::{words, wrap};
use crate::assess::{AssessedRecord, RecordState, Sharing, Standing};
use crate::ledger::Act;

/// One thing to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Next {
    /// What is typed.
    pub command: String,
    /// What it does, and who may.
    pub does: String,
}

impl Next {
    fn new(command: String, does: impl Into<String>) -> Self {
        Self { command, does: does.into() }
    }
}

/// What can be done about an item that is not settled, the best first. Nothing
/// while a revision is judged, which changes nothing.
pub(crate) fn next(page: &Page<'_>, row: &Row<'_>) -> Vec<Next> {
    let Row { item, assessed, .. } = row;
    let id = &item.id;
    if assessed.standing.is_settled() || page.basis.revision.is_some() {
        return Vec::new();
    }
    match assessed.standing {
        Standing::Pending => {
            let command = format!("gonogo check --only {id}");
            return vec![Next::new(command, "runs its checks to their end")];
        }
        Standing::Objected => return objected(page, row),
        _ => {}
    }
    let mut all = Vec::new();
    if is_fixable(row) {
        let does = "shows what gonogo can change by itself, and asks";
        all.push(Next::new(format!("gonogo fix {id}"), does));
    }
    if item.takes_sign_off(row.result) {
        let policy = item.sign_off.as_ref().or(item.when_undecided.as_ref());
        let does = policy.map(words::policy).unwrap_or_default();
        all.push(Next::new(format!("gonogo sign {id} -m \"WHAT YOU LOOKED AT\""), does));
    }
    if let Some(limits) = page.checklist.waiver_limits(item) {
        let does = format!("accepts it as it is for a time; {}", words::waiver(&limits));
        let command = format!("gonogo waive {id} --until {} -m \"REASON\"", limits.longest);
        all.push(Next::new(command, does));
    }
    all
}

/// Whether gonogo can do something about it by itself.
pub(crate) fn is_fixable(row: &Row<'_>) -> bool {
    let settled = row.assessed.standing.is_settled();
    !settled && row.result.is_some_and(|result| !row.item.fixes(result).is_empty())
}

fn objected(page: &Page<'_>, row: &Row<'_>) -> Vec<Next> {
    let id = &row.item.id;
    let mut all = Vec::new();
    for record in objections(&row.assessed.records) {
        let author = &record.entry.author;
        let command = format!("gonogo withdraw {id}");
        all.push(Next::new(command, format!("by {author} alone, who objected")));
        let who = match &page.checklist.gate.overrule {
            Some(role) => format!("by the role {role}, but not by {author}"),
            None => format!("by anybody but {author}"),
        };
        let short = record.entry.id.short();
        all.push(Next::new(format!("gonogo overrule {id} {short} -m \"REASON\""), who));
    }
    all
}

/// The objections that stand.
fn objections(records: &[AssessedRecord]) -> impl Iterator<Item = &AssessedRecord> {
    records.iter().filter(|record| {
        record.entry.record.statement.act() == Act::Objection && record.state == RecordState::Counts
    })
}

/// Writes each command with what it does below it.
pub(super) fn write(all: &[Next], columns: usize, out: &mut dyn Write) -> io::Result<()> {
    for next in all {
        writeln!(out, "  {}", paint(BOLD, &next.command))?;
        for line in wrap::wrap(&next.does, columns.saturating_sub(4)) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

/// What comes after a record was made: who else is asked, how it reaches others,
/// and what to look at.
///
/// # Errors
/// When writing fails.
pub fn after_record(page: &Page<'_>, row: Option<&Row<'_>>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(Row { item, assessed, .. }) = row {
        let (id, why, word) = (&item.id, assessed.why.as_str(), assessed.standing.word());
        match assessed.standing {
            Standing::Objected => match why.strip_prefix("objection of ") {
                Some(by) => writeln!(out, "an objection to `{id}` stands now, by {by}")?,
                None => writeln!(out, "objections to `{id}` stand now: {why}")?,
            },
            _ if why.starts_with(word) => writeln!(out, "`{id}` is now {why}")?,
            _ => writeln!(out, "`{id}` is {word} now: {why}")?,
        }
    }
    if let Some(remote) = unshared(page) {
        writeln!(out, "next: `gonogo sync` shares the record with `{remote}`")?;
    }
    let all = row.map(|row| next(page, row)).unwrap_or_default();
    match (row, all.is_empty()) {
        (Some(row), false) => {
            writeln!(out, "next: `gonogo show {}` says what it still needs", row.item.id)
        }
        _ => writeln!(out, "next: `gonogo check` says what else blocks a GO"),
    }
}

/// The remote that does not have all records, where they are to be shared.
fn unshared<'a>(page: &Page<'a>) -> Option<&'a str> {
    match &page.basis.ledger.sharing {
        Sharing::Never(remote) => Some(remote.as_str()),
        Sharing::Synced { remote, ahead, .. } if *ahead > 0 => Some(remote.as_str()),
        _ => None,
    }
}
