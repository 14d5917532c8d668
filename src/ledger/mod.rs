//! All records of a repository: commits on `refs/gonogo/ledger`.
//!
//! A record is one commit. Its author and time are the signer's, its tree
//! holds `record.json`, its message is a summary for people who read
//! `git log refs/gonogo/ledger`. Nothing is edited, nothing is deleted.
//!
//! Two ledgers that grew apart are joined by a commit with two parents. It
//! says nothing itself: it has no `record.json`.

mod ancestry;
mod append;
mod durable;
mod error;
mod read;
mod record;
mod rules;
mod statement;
mod store;
#[cfg(test)]
mod support;

pub use append::append;
pub use error::LedgerError;
pub use read::{read, tip};
pub use record::Record;
pub use rules::{Flaw, SHORTEST_REASON, says_something, state_digest};
pub use statement::{Act, Legacy, Statement};

use std::collections::HashMap;

use jiff::Timestamp;

use crate::model::{CommitId, Person};
use ancestry::Ancestry;

/// The ref that the records hang on. All worktrees of a repository share it.
pub const REF: &str = "refs/gonogo/ledger";

/// The version of `record.json` that this program writes.
pub const SCHEMA: u32 = 2;

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
    fn new(entries: Vec<Entry>, tip: CommitId, ancestry: Ancestry) -> Self {
        let positions = entries.iter().enumerate().map(|(at, entry)| (entry.id.clone(), at));
        let positions = positions.collect();
        Self { entries, tip: Some(tip), ancestry, positions }
    }

    /// Whether `later` was made by somebody whose ledger held `earlier`. Of two
    /// records neither of which precedes the other, none replaces the other.
    pub fn precedes(&self, earlier: &CommitId, later: &CommitId) -> bool {
        self.ancestry.precedes(earlier, later)
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
