//! The report of `gonogo check --format json` for programs.
//!
//! ```json
//! {"schema": 2, "verdict": "go" | "no_go" | "partial", "of_work_tree": false,
//!  "repository": "shop", "branch": "main" | null, "commit": "…" | null,
//!  "tree": "work" | "v1.2",
//!  "uncommitted": [{"path": "app.py", "how": "modified"}],
//!  "checklist": {"name": "…", "origin": "builtin:general",
//!                "files": [{"name": "…", "state": "committed"}]},
//!  "ledger": {"state": "synced", "remote": "origin", "ahead": 2, "behind": 0, "synced_at": "…"},
//!  "counts": {"passed": 12, "failed": 1, …},
//!  "undecided": ["env-complete"],
//!  "blockers": [{"rule": "uncommitted", "item": "…" | null, "why": "…"}], "notes": ["…"],
//!  "items": [{"id", "title", "failing", "section", "severity", "mode", "standing",
//!             "blocks": true, "why_not": "…" | null, "why": "…" | null,
//!             "looked_at": "…" | null,
//!             "checks": [{"kind", "outcome": "holds" | … | "error"}],
//!             "findings": [{"rule", "message", "path", "line", "column", "commit",
//!                           "places", "excerpt", "help"}],
//!             "undecided": [{"rule", "message", "places", "help"}],
//!             "errors": ["…"], "notes": [{"message", "place"}],
//!             "rests_on": ["…"], "only_here": ["…"],
//!             "records": [{"id", "act", "legacy", "of", "author": {"name", "email"},
//!                          "committer", "by_another", "at", "commit", "note", "until",
//!                          "state", "reasons"}]}]}
//! ```
//! `counts` names all standings. `undecided` names the items that wait for
//! something that is not here. `why_not` says why an unsettled item is unsettled,
//! `why` on what grounds a settled one is; the other is null. An author is a
//! claim. `schema` rises when a field changes its meaning or goes; fields may be
//! added.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use crate::assess::{Anchored, AssessedRecord, RecordState, Sharing, Standing};
use crate::model::{
    CheckResult, CleanText, Finding, ItemResult, Need, Note, Observation, RepoPath,
};
use crate::report::page::{Page, Row};

/// The version of the form.
const SCHEMA: u32 = 2;

#[derive(Serialize)]
struct ReportItem<'a> {
    id: &'a str,
    title: &'a CleanText,
    failing: Option<&'a CleanText>,
    section: &'a CleanText,
    severity: &'static str,
    mode: &'static str,
    standing: Standing,
    blocks: bool,
    why_not: Option<&'a CleanText>,
    why: Option<&'a CleanText>,
    looked_at: Option<CleanText>,
    checks: Vec<serde_json::Value>,
    findings: Vec<&'a Finding>,
    undecided: Vec<&'a Need>,
    errors: Vec<CleanText>,
    notes: Vec<&'a Note>,
    rests_on: BTreeSet<String>,
    only_here: BTreeSet<String>,
    records: Vec<serde_json::Value>,
}

/// Writes the report as one JSON document and a line feed.
///
/// # Errors
/// When writing fails.
pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let basis = page.basis;
    let counts: serde_json::Map<String, serde_json::Value> = page
        .counts()
        .map(|(standing, number)| (standing.word().replace(' ', "_"), number.into()))
        .collect();
    let uncommitted: Vec<_> = basis
        .uncommitted
        .tracked
        .iter()
        .map(|(path, how)| json!({"path": path.to_string(), "how": how}))
        .collect();
    let undecided: Vec<&str> = page
        .rows()
        .filter(|row| row.assessed.standing == Standing::Undecided)
        .map(|row| row.item.id.as_str())
        .collect();
    let report = json!({
        "schema": SCHEMA,
        "verdict": page.assessment.verdict,
        "of_work_tree": page.assessment.of_work_tree,
        "repository": page.repository,
        "branch": page.head.branch,
        "commit": page.head.commit,
        "tree": basis.revision.as_ref().map_or("work", CleanText::as_str),
        "uncommitted": uncommitted,
        "checklist": {
            "name": page.checklist.name,
            "origin": page.checklist.origin,
            "files": basis.checklist.iter().map(file).collect::<Vec<_>>(),
        },
        "ledger": ledger(&basis.ledger.sharing),
        "counts": counts,
        "undecided": undecided,
        "blockers": page
            .assessment
            .against()
            .map(|one| json!({"rule": one.rule, "item": one.item, "why": one.message}))
            .collect::<Vec<_>>(),
        "notes": page.notes().collect::<Vec<_>>(),
        "items": page.rows().map(item).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn file((name, anchored): &(CleanText, Anchored)) -> serde_json::Value {
    let (state, how) = match anchored {
        Anchored::BuiltIn => ("built_in", None),
        Anchored::Committed => ("committed", None),
        Anchored::Outside => ("outside", None),
        Anchored::Not(how) => ("not_committed", Some(how)),
    };
    json!({"name": name, "state": state, "how": how})
}

fn ledger(sharing: &Sharing) -> serde_json::Value {
    match sharing {
        Sharing::NoRemote => json!({"state": "no_remote"}),
        Sharing::Gone(remote) => json!({"state": "remote_gone", "remote": remote}),
        Sharing::Never(remote) => json!({"state": "never_synced", "remote": remote}),
        Sharing::Synced { remote, ahead, behind, at } => json!({
            "state": "synced", "remote": remote, "ahead": ahead, "behind": behind,
            "synced_at": at.map(|at| at.to_string()),
        }),
        Sharing::Unknown(why) => json!({"state": "unknown", "why": why}),
    }
}

fn item(row: Row<'_>) -> ReportItem<'_> {
    let Row { section, item, assessed, result } = row;
    let settled = assessed.standing.is_settled();
    let results = || result.into_iter();
    ReportItem {
        id: item.id.as_str(),
        title: &item.title,
        failing: item.failing.as_ref(),
        section: &section.title,
        severity: item.severity.word(),
        mode: assessed.mode.word(),
        standing: assessed.standing,
        blocks: assessed.blocks,
        why_not: (!settled).then_some(&assessed.why),
        why: settled.then_some(&assessed.why),
        looked_at: result.map(ItemResult::looked_at),
        checks: results().flat_map(|result| &result.0).map(check).collect(),
        findings: results().flat_map(ItemResult::findings).collect(),
        undecided: results().flat_map(ItemResult::needs).collect(),
        errors: results()
            .flat_map(ItemResult::errors)
            .map(|error| CleanText::line(error.to_string()))
            .collect(),
        notes: results().flat_map(ItemResult::notes).collect(),
        rests_on: paths(result, |seen| &seen.rests_on),
        only_here: paths(result, |seen| &seen.only_here),
        records: assessed.records.iter().map(record).collect(),
    }
}

/// The files that observations name.
fn paths(
    result: Option<&ItemResult>,
    of: impl Fn(&Observation) -> &Vec<RepoPath>,
) -> BTreeSet<String> {
    let seen = result.into_iter().flat_map(ItemResult::observations);
    seen.flat_map(of).map(ToString::to_string).collect()
}

fn check(check: &CheckResult) -> serde_json::Value {
    match &check.seen {
        Ok(seen) => json!({"kind": check.kind, "outcome": seen.outcome()}),
        Err(_) => json!({"kind": check.kind, "outcome": "error"}),
    }
}

/// Writes records as one JSON list, the newest first, each as in a report with
/// its `item` added.
///
/// # Errors
/// When writing fails.
pub fn records(records: &[&AssessedRecord], out: &mut dyn Write) -> io::Result<()> {
    let list: Vec<serde_json::Value> = records
        .iter()
        .rev()
        .map(|one| {
            let mut value = record(one);
            if let Some(fields) = value.as_object_mut() {
                fields.insert("item".to_owned(), one.entry.record.item.as_str().into());
            }
            value
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &list)?;
    writeln!(out)
}

fn record(record: &AssessedRecord) -> serde_json::Value {
    let entry = &record.entry;
    let (state, reasons): (&str, Vec<&CleanText>) = match &record.state {
        RecordState::Counts => ("counts", Vec::new()),
        RecordState::Stale(reasons) => ("stale", reasons.iter().collect()),
        RecordState::Withdrawn => ("withdrawn", Vec::new()),
        RecordState::Superseded => ("superseded", Vec::new()),
        RecordState::NotCounted(reason) => ("not_counted", vec![reason]),
        RecordState::Overruled(by) => ("overruled", vec![by]),
        RecordState::Withdrawal => ("withdrawal", Vec::new()),
    };
    json!({
        "id": entry.id,
        "act": entry.record.statement.act(),
        "legacy": entry.is_legacy(),
        "of": entry.record.statement.of(),
        "author": entry.author,
        "committer": entry.committer,
        "by_another": entry.is_by_another(),
        "at": entry.at.to_string(),
        "commit": entry.record.commit,
        "note": entry.record.statement.words(),
        "until": entry.record.statement.until(),
        "state": state,
        "reasons": reasons,
    })
}
