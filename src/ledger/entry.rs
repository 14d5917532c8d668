//! A record in its place, and all records together.

use std::collections::HashMap;

use jiff::Timestamp;

use super::ancestry::Ancestry;
use super::record::Record;
use super::statement::Statement;
use crate::model::{CommitId, Person};

/// A record in the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The commit that holds it.
    pub id: CommitId,
    /// Who made it, as the commit claims.
    pub author: Person,
    /// Who wrote the commit, as it claims too.
    pub committer: Person,
    /// When, by the author's clock. Order comes from the chain, not from here.
    pub at: Timestamp,
    /// What it says.
    pub record: Record,
}

impl Entry {
    /// Whether somebody else than the author wrote the commit, which people are
    /// told wherever the record is shown.
    pub fn is_by_another(&self) -> bool {
        !self.author.is(self.committer.email.as_str())
    }

    /// Whether it is of schema 1: shown, and counting nowhere.
    pub fn is_legacy(&self) -> bool {
        matches!(self.record.statement, Statement::Legacy(_))
    }
}

/// All records. A record stands after all that it could know of; the order of
/// two that could not know of each other is the same in every clone, whoever
/// merged when, and means nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ledger {
    /// The records.
    pub entries: Vec<Entry>,
    /// The commit that the ref pointed at; none when there is no ledger yet.
    pub tip: Option<CommitId>,
    ancestry: Ancestry,
    positions: HashMap<CommitId, usize>,
}

impl Ledger {
    pub(super) fn new(entries: Vec<Entry>, tip: CommitId, ancestry: Ancestry) -> Self {
        let positions = entries.iter().enumerate().map(|(at, entry)| (entry.id.clone(), at));
        let positions = positions.collect();
        Self { entries, tip: Some(tip), ancestry, positions }
    }

    /// Whether `later` was made by somebody whose ledger held `earlier`. Of two
    /// records neither of which precedes the other, none replaces the other.
    pub fn precedes(&self, earlier: &CommitId, later: &CommitId) -> bool {
        self.ancestry.precedes(earlier, later)
    }

    /// Whether that commit is part of it, records and joints alike.
    pub fn contains(&self, commit: &CommitId) -> bool {
        self.ancestry.contains(commit)
    }

    /// The record of that name.
    pub fn entry(&self, id: &CommitId) -> Option<&Entry> {
        self.entries.get(*self.positions.get(id)?).filter(|entry| &entry.id == id)
    }

    /// The record of that name, if it precedes the other.
    pub fn before(&self, id: &CommitId, later: &CommitId) -> Option<&Entry> {
        if self.precedes(id, later) { self.entry(id) } else { None }
    }
}

#[cfg(test)]
impl Ledger {
    /// Adds a record after all that are there.
    pub(crate) fn push(&mut self, entry: Entry) {
        let after: Vec<CommitId> = self.tip.clone().into_iter().collect();
        self.push_after(entry, &after);
    }

    /// Adds a record that knows of these and of what they know of.
    pub(crate) fn push_after(&mut self, entry: Entry, parents: &[CommitId]) {
        self.ancestry.add(entry.id.clone(), parents).expect("not tangled");
        self.tip = Some(entry.id.clone());
        self.positions.insert(entry.id.clone(), self.entries.len());
        self.entries.push(entry);
    }
}
