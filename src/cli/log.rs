//! `gonogo log`: the records, the newest first.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::assess::{AssessedRecord, RecordState};
use crate::model::CleanText;
use crate::report;
use crate::session::Session;

use super::args::{Format, Global, Log};
use super::failure::Failure;
use super::{Ending, print, run};

pub fn run(global: &Global, args: &Log) -> Result<Ending, Failure> {
    let session = run::open(global)?;
    if let Some(id) = &args.item {
        let known = session.ledger.entries.iter().any(|entry| &entry.record.item == id);
        if !known {
            session.item(id)?;
        }
    }
    // whether a record on findings is stale needs the findings
    let items: BTreeSet<_> =
        session.ledger.entries.iter().map(|entry| entry.record.item.clone()).collect();
    let items: Vec<_> = items
        .into_iter()
        .filter(|id| args.item.as_ref().is_none_or(|wanted| wanted == id))
        .collect();
    let results = if items.is_empty() {
        HashMap::new()
    } else {
        run::checks(&session, Some(&items), global.offline)?
    };
    let now = Timestamp::now();
    let assessment = session.assess(&results, now);
    let order: HashMap<_, _> = session
        .ledger
        .entries
        .iter()
        .enumerate()
        .map(|(index, entry)| (&entry.id, index))
        .collect();
    let gone = gone(&session);
    let mut records: Vec<&AssessedRecord> = assessment
        .items
        .iter()
        .flat_map(|item| &item.records)
        .chain(&gone)
        .filter(|record| args.item.as_ref().is_none_or(|id| &record.entry.record.item == id))
        .collect();
    records.sort_by_key(|record| order.get(&record.entry.id));
    print(|out| match args.format {
        Format::Text if records.is_empty() => writeln!(out, "no records yet"),
        Format::Text => report::records(&records, args.item.is_none(), now, out),
        Format::Json => report::records_json(&records, out),
    })?;
    Ok(Ending::Good)
}

/// Records on items that the checklist no longer has.
fn gone(session: &Session) -> Vec<AssessedRecord> {
    let reason = CleanText::line("its item is not in the checklist");
    session
        .ledger
        .entries
        .iter()
        .filter(|entry| session.checklist.item(&entry.record.item).is_none())
        .map(|entry| AssessedRecord {
            entry: entry.clone(),
            state: RecordState::NotCounted(reason.clone()),
        })
        .collect()
}
