//! Whether a record counts: `chain` says which records stand, `grounds` compares
//! those with what is there now.

mod chain;
mod grounds;

use std::collections::HashMap;

use crate::assess::assessment::{AssessedRecord, RecordState};
use crate::assess::words;
use crate::ledger::{Entry, Statement};
use crate::model::CommitId;

pub(super) use grounds::{Grounds, last_day};

/// Assesses an item's records, given in the order of the chain.
pub(super) fn assess(grounds: &Grounds<'_>, entries: &[&Entry]) -> Vec<AssessedRecord> {
    let mut states: Vec<RecordState> = chain::standing(grounds, entries)
        .into_iter()
        .zip(entries)
        .map(|(state, &entry)| {
            state.unwrap_or_else(|| match grounds.reasons(entry) {
                reasons if reasons.is_empty() => RecordState::Counts,
                reasons => RecordState::Stale(reasons),
            })
        })
        .collect();
    overrule(entries, &mut states);
    let states = states.into_iter().zip(entries);
    states.map(|(state, &entry)| AssessedRecord { entry: entry.clone(), state }).collect()
}

/// Lets the overrulings that count silence their objections. Both stay visible.
fn overrule(entries: &[&Entry], states: &mut [RecordState]) {
    let mut overruled: HashMap<&CommitId, &Entry> = HashMap::new();
    for (entry, state) in entries.iter().zip(&*states) {
        if let (Statement::Overruling { of, .. }, RecordState::Counts) =
            (&entry.record.statement, state)
        {
            overruled.insert(of, entry);
        }
    }
    for (entry, state) in entries.iter().zip(states) {
        if let (Some(by), RecordState::Counts) = (overruled.get(&entry.id), &*state) {
            let quoted = words::quoted(by.record.statement.words());
            *state = RecordState::Overruled(format!("{}{quoted}", words::who_when(by)).into());
        }
    }
}

#[cfg(test)]
mod concurrent_tests;
#[cfg(test)]
mod overruling_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod waiver_tests;
