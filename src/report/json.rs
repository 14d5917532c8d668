//! The report of `gonogo check --format json` for programs.
//!
//! ```json
//! {"schema": 1, "verdict": "go" | "no_go",
//!  "repository": "shop", "branch": "main" | null, "commit": "…" | null,
//!  "checklist": {"name": "…", "origin": "builtin:general"},
//!  "partial": false,
//!  "counts": {"passed": 12, "failed": 1, …},
//!  "blockers": [{"item": "…" | null, "why": "…"}], "notes": ["…"],
//!  "items": [{"id", "title", "section", "severity", "mode", "standing",
//!             "blocks": true, "why_not": "…" | null, "why": "…" | null,
//!             "looked_at": "…" | null,
//!             "findings": [{"message", "path", "line", "column", "commit", "excerpt", "help"}],
//!             "records": [{"id", "act", "author": {"name", "email"}, "at", "commit",
//!                          "note", "until", "state", "reasons"}]}]}
//! ```
//! `counts` names all ten standings. `why_not` says why an unsettled item is
//! unsettled, `why` on what grounds a settled one is; the other is null.
//! `schema` rises when a field changes its meaning or goes; fields may be added.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use crate::assess::{AssessedRecord, Assessment, ItemAssessment, RecordState, Standing};
use crate::checklist::{Item, Section};
use crate::model::{CleanText, Finding, ItemResult, Need, Note};

use super::View;

/// The version of the form.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct ReportItem<'a> {
    id: &'a str,
    title: &'a CleanText,
    section: &'a CleanText,
    severity: &'static str,
    mode: &'static str,
    standing: Standing,
    blocks: bool,
    why_not: Option<&'a CleanText>,
    why: Option<&'a CleanText>,
    looked_at: Option<CleanText>,
    findings: Vec<&'a Finding>,
    undecided: Vec<&'a Need>,
    errors: Vec<CleanText>,
    seen: Vec<&'a Note>,
    records: Vec<serde_json::Value>,
}

/// Writes the report as one JSON document and a line feed.
///
/// # Errors
/// When writing fails.
pub fn json(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let assessment = view.assessment;
    let counts: serde_json::Map<String, serde_json::Value> = Standing::ALL
        .iter()
        .map(|standing| {
            let n = assessment.counts.get(standing).copied().unwrap_or(0);
            (standing.word().replace(' ', "_"), n.into())
        })
        .collect();
    let notes: Vec<&CleanText> = view.warnings.iter().chain(&assessment.notes).collect();
    let report = json!({
        "schema": SCHEMA,
        "verdict": assessment.verdict,
        "repository": view.repository,
        "branch": view.head.branch,
        "commit": view.head.commit,
        "checklist": {"name": view.checklist.name, "origin": view.checklist.origin},
        "partial": view.partial,
        "counts": counts,
        "blockers": blockers(assessment),
        "notes": notes,
        "items": items(view),
    });
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

/// Everything that stands against a GO; what is about no item names none.
fn blockers(assessment: &Assessment) -> Vec<serde_json::Value> {
    let of_items = assessment.items.iter().filter(|item| item.blocks);
    let none: Option<&str> = None;
    of_items
        .map(|item| json!({"item": item.id, "why": item.why}))
        .chain(assessment.blockers.iter().map(|why| json!({"item": none, "why": why})))
        .collect()
}

fn items<'a>(view: &View<'a>) -> Vec<ReportItem<'a>> {
    let mut assessed = view.assessment.items.iter().peekable();
    view.checklist
        .items()
        .filter_map(|(section, item)| {
            let assessed = assessed.next_if(|assessed| assessed.id == item.id)?;
            Some(one(view, section, item, assessed))
        })
        .collect()
}

fn one<'a>(
    view: &View<'a>,
    section: &'a Section,
    item: &'a Item,
    assessed: &'a ItemAssessment,
) -> ReportItem<'a> {
    let settled = assessed.standing.is_settled();
    let result = view.results.get(&item.id);
    ReportItem {
        id: item.id.as_str(),
        title: &item.title,
        section: &section.title,
        severity: item.severity.word(),
        mode: assessed.mode.word(),
        standing: assessed.standing,
        blocks: assessed.blocks,
        why_not: (!settled).then_some(&assessed.why),
        why: settled.then_some(&assessed.why),
        looked_at: result.map(ItemResult::looked_at),
        findings: result.into_iter().flat_map(ItemResult::findings).collect(),
        undecided: result.into_iter().flat_map(ItemResult::needs).collect(),
        errors: result
            .into_iter()
            .flat_map(ItemResult::errors)
            .map(|error| CleanText::line(error.to_string()))
            .collect(),
        seen: result.into_iter().flat_map(ItemResult::notes).collect(),
        records: assessed.records.iter().map(record).collect(),
    }
}

/// Writes records as one JSON list, the newest first, each as in [`json()`] with
/// its `item` added.
///
/// # Errors
/// When writing fails.
pub fn records_json(records: &[&AssessedRecord], out: &mut dyn Write) -> io::Result<()> {
    let list: Vec<serde_json::Value> = records
        .iter()
        .rev()
        .map(|one| {
            let mut value = record(one);
            value["item"] = one.entry.record.item.as_str().into();
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
        RecordState::Withdrawal => ("withdrawal", Vec::new()),
    };
    json!({
        "id": entry.id,
        "act": entry.record.statement.act(),
        "author": entry.author,
        "at": entry.at.to_string(),
        "commit": entry.record.commit,
        "note": entry.record.statement.words(),
        "until": entry.record.statement.until(),
        "state": state,
        "reasons": reasons,
    })
}
