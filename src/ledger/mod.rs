//! All records of a repository: commits on `refs/gonogo/ledger`.
//!
//! A record is one commit. Its author and time are the signer's, its tree
//! holds `record.json`, its message is a summary for people who read
//! `git log refs/gonogo/ledger`. Nothing is edited, nothing is deleted.
//!
//! Two ledgers that grew apart are joined by a commit with two parents. It
//! says nothing itself: it has no `record.json`.

mod append;
mod durable;
mod error;
mod read;
mod record;
mod store;
#[cfg(test)]
mod support;

pub use append::append;
pub use error::LedgerError;
pub use read::{read, tip};
pub use record::{Act, Record};

use jiff::Timestamp;

use crate::model::{CommitId, Person};

/// The ref that the records hang on. All worktrees of a repository share it.
pub const REF: &str = "refs/gonogo/ledger";

/// The version of `record.json` that this program writes.
pub const SCHEMA: u32 = 1;

/// A record in the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The commit that holds it.
    pub id: CommitId,
    /// Who made it.
    pub author: Person,
    /// When, by the author's clock. Order comes from the chain, not from here.
    pub at: Timestamp,
    /// What it says.
    pub record: Record,
}

/// All records, in the order of the chain, the oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ledger {
    /// The records.
    pub entries: Vec<Entry>,
    /// The commit that the ref pointed at; none when there is no ledger yet.
    pub tip: Option<CommitId>,
}
