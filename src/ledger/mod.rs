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
pub mod seen;
mod statement;
mod store;
#[cfg(test)]
mod support;
mod swap;
pub mod sync;

pub use append::{append, append_telling};
pub use entry::{Entry, Ledger};
pub use error::LedgerError;
pub use memory::Acceptance;
pub use merge::merge;
pub use read::{read, tip};
pub use record::{Record, SCHEMA};
pub use rules::{Flaw, SHORTEST_REASON, says_something, state_digest};
pub use seen::{Rewound, Seen};
pub use statement::{Act, Legacy, Statement};
pub use store::REF;
pub use swap::{Tell, Wait, patiently};
pub use sync::{Sharing, Sync, SyncError, Synced, fetch, refused, sharing, sync};
