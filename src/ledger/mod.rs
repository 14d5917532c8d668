//! All records of a repository: commits on `refs/gonogo/ledger`.
//!
//! A record is one commit. Its author and time are the signer's, its tree
//! holds `record.json`, its message is a summary for people who read
//! `git log refs/gonogo/ledger`. Nothing is edited, nothing is deleted.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{CleanText, CommitId, Date, Digest, ItemId, Person, Role};
use crate::repo::{Repo, RepoError};

/// The ref that the records hang on.
pub const REF: &str = "refs/gonogo/ledger";

/// The version of `record.json` that this program writes.
pub const SCHEMA: u32 = 1;

/// What a person did about an item. This is `record.json`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this form.
    pub schema: u32,
    /// What was done.
    pub act: Act,
    /// About which item.
    pub item: ItemId,
    /// The item as it was read, [`crate::checklist::Item::digest`].
    pub item_digest: Digest,
    /// On which commit.
    pub commit: CommitId,
    /// The covered files at that commit, each with its blob's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub covered: BTreeMap<String, String>,
    /// The findings that were accepted, [`crate::model::Finding::fingerprint`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Digest>,
    /// In which role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The person's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The record that a withdrawal takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdraws: Option<CommitId>,
}

/// What can be done about an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// It holds, says the signer.
    SignOff,
    /// It does not, says the signer.
    Objection,
    /// It may be ignored until a day, for a reason.
    Waiver,
    /// An own record no longer counts.
    Withdrawal,
}

impl Act {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignOff => "sign-off",
            Self::Objection => "objection",
            Self::Waiver => "waiver",
            Self::Withdrawal => "withdrawal",
        }
    }
}

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

/// Why the ledger could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The repository did not answer.
    #[error(transparent)]
    Repo(#[from] RepoError),
    /// A commit of the ledger is not what this program can read.
    #[error("the ledger's commit {} cannot be read: {reason}; {next}", commit.short())]
    Unreadable {
        /// Which.
        commit: CommitId,
        /// What is wrong with it.
        reason: CleanText,
        /// What to do.
        next: &'static str,
    },
    /// Others kept writing, or a lock was left behind.
    #[error(
        "the ledger stayed locked for {seconds} seconds; if no other git or gonogo process runs, delete `{lock}`"
    )]
    Locked {
        /// How long it was tried.
        seconds: u64,
        /// The lock file.
        lock: CleanText,
    },
}

/// Reads the whole ledger.
///
/// # Errors
/// When a commit of it cannot be read: nothing is skipped in silence.
pub fn read(_repo: &Repo) -> Result<Ledger, LedgerError> {
    todo!()
}

/// Appends a record by compare-and-swap: nobody else's record is lost.
///
/// # Errors
/// When the identity is missing, there is no commit to stand on, or the ref
/// stayed locked.
pub fn append(_repo: &Repo, _record: &Record, _author: &Person) -> Result<CommitId, LedgerError> {
    todo!()
}
