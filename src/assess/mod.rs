//! Observations and records make standings, standings make the verdict: pure
//! functions, the clock passed in.
//!
//! `basis.rs` holds what goes in, `assessment.rs` what comes out. `records.rs`
//! says whether a record counts, `standing.rs` what an item's checks and records
//! add up to, `blocker.rs` which other rules of a GO are broken, `verdict.rs`
//! what all of it comes to.

mod assessment;
mod basis;
mod blocker;
mod clock;
mod gathered;
mod notes;
mod people;
mod records;
mod rule;
mod standing;
mod verdict;
pub(crate) mod words;

#[cfg(test)]
mod invariants;
#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod support;

use std::collections::{BTreeMap, HashMap};

use crate::checklist::Item;
use crate::ledger::Entry;
use crate::model::{CleanText, ItemId};

pub use assessment::{AssessedRecord, Assessment, ItemAssessment, RecordState, Standing, Verdict};
pub use basis::{Anchored, Basis, Evidence, LedgerState, Sharing, Uncommitted};
pub use people::People;
pub use rule::{Blocker, Rule};

/// Assesses a checklist.
///
/// In short: an objection stands until its author withdraws it or somebody
/// overrules it, also when its item was disabled or removed; a waiver only helps
/// what would not be settled without it; a check that has not ended, could not
/// look or cannot say is never a pass; and a rule of a GO that is broken is a
/// blocker, whatever the items say.
pub fn assess(evidence: &Evidence<'_>) -> Assessment {
    let mut entries: HashMap<&ItemId, Vec<&Entry>> = HashMap::new();
    for entry in &evidence.ledger.entries {
        entries.entry(&entry.record.item).or_default().push(entry);
    }
    let mut assessed = Vec::new();
    let mut noticed = Vec::new();
    let mut objections = Vec::new();
    for (_, item) in evidence.checklist.items() {
        let entries = entries.remove(&item.id).unwrap_or_default();
        let grounds = grounds(evidence, Some(item));
        let one = assess_item(evidence, item, &grounds, &entries);
        noticed.extend(notes::on_item(evidence, &grounds, &one));
        objections.extend(verdict::silenced(item, &one.records));
        assessed.push(one);
    }
    let mut gone = Vec::new();
    // in a stable order
    for (id, entries) in entries.into_iter().collect::<BTreeMap<_, _>>() {
        let grounds = grounds(evidence, None);
        let records = records::assess(&grounds, &entries);
        noticed.extend(notes::on_records(&grounds, id, &records));
        match verdict::removed(id, &records) {
            Some(blocker) => objections.push(blocker),
            None => noticed.push(notes::on_removed(id, &records)),
        }
        gone.extend(records);
    }
    let concluded = verdict::conclude(evidence, assessed, objections, noticed);
    Assessment { gone, ..concluded }
}

fn grounds<'a>(evidence: &Evidence<'a>, item: Option<&'a Item>) -> records::Grounds<'a> {
    records::Grounds {
        item,
        checklist: evidence.checklist,
        ledger: evidence.ledger,
        covered: item.and_then(|item| evidence.covered.get(&item.id)),
        deployed: match evidence.checklist.gate.uncommitted {
            crate::checklist::Uncommitted::Block => None,
            crate::checklist::Uncommitted::Warn => Some(&evidence.basis.uncommitted),
        },
        people: &evidence.basis.people,
        ancestors: evidence.ancestors,
        result: item.and_then(|item| evidence.result(item)),
        now: evidence.now,
    }
}

fn assess_item(
    evidence: &Evidence<'_>,
    item: &Item,
    grounds: &records::Grounds<'_>,
    entries: &[&Entry],
) -> ItemAssessment {
    let records = records::assess(grounds, entries);
    let (standing, why) = standing::stand(item, grounds, &records);
    ItemAssessment {
        id: item.id.clone(),
        mode: item.mode(),
        severity: item.severity,
        standing,
        why: CleanText::line(&why.full),
        short: CleanText::line(&why.short),
        blocks: verdict::blocks(standing, item.severity, &evidence.checklist.gate),
        records,
    }
}
