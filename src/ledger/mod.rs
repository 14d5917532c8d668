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
mod entry;
mod error;
mod memory;
mod merge;
mod read;
mod record;
mod rules;
pub(crate) mod seen;
mod statement;
mod store;
#[cfg(test)]
mod support;
mod swap;
pub(crate) mod sync;

pub(crate) use append::append;
pub(crate) use entry::{Entry, Ledger};
pub(crate) use error::LedgerError;
pub(crate) use read::{read, tip};
pub(crate) use record::Record;
pub(crate) use rules::{Flaw, state_digest};
pub(crate) use seen::{Rewound, Seen};
pub(crate) use statement::{Act, Statement};
pub(crate) use swap::{Tell, Wait, patiently};
pub(crate) use sync::{Sharing, Sync, SyncError, Synced, fetch, refused, sharing, sync, vanished};
#[cfg(test)]
pub(crate) use {rules::says_something, statement::Legacy};
