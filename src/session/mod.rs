//! One repository with its checklist and its ledger: what both the screen and
//! the command line do with it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::assess::Assessment;
use crate::checklist::{Checklist, Choice};
use crate::engine::{Job, JobResult};
use crate::ledger::{Act, Entry, Ledger, Record};
use crate::model::{CleanText, CommitId, Date, ItemId, Person};
use crate::repo::{Head, Repo};

/// A repository, its checklist and its ledger, as read at one moment.
#[derive(Debug, Clone)]
pub struct Session {
    /// The repository.
    pub repo: Arc<Repo>,
    /// Where `HEAD` was.
    pub head: Head,
    /// What must hold.
    pub checklist: Arc<Checklist>,
    /// Who said what.
    pub ledger: Arc<Ledger>,
    /// For each item whose policy covers files: these files at `HEAD`.
    pub covered: Arc<HashMap<ItemId, BTreeMap<String, String>>>,
}

/// A record that is about to be made: what a person is asked to confirm.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What will be written; the note may still be empty.
    pub record: Record,
    /// Who makes it.
    pub author: Person,
    /// What the person should know first: covered files that have uncommitted
    /// changes, a pattern that covers no file, a role they do not have.
    pub warnings: Vec<CleanText>,
}

/// Why a session could not be opened or a record not be made, for people: what
/// happened, where, what to do next.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The checklist is mistaken; the text shows every mistake with its line.
    #[error("{0}")]
    Checklist(String),
    /// What was asked for cannot be done as asked, such as an item that is not there.
    #[error("{0}")]
    Usage(String),
    /// The repository or the ledger did not answer.
    #[error("{0}")]
    Failed(String),
}

impl Session {
    /// Opens the repository around a folder and loads everything.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub fn open(_folder: &Path, _choice: &Choice) -> Result<Self, SessionError> {
        todo!()
    }

    /// The same session with `HEAD`, ledger and covered files read again; the
    /// checklist stays.
    ///
    /// # Errors
    /// When the repository or the ledger did not answer.
    pub fn refreshed(&self) -> Result<Self, SessionError> {
        todo!()
    }

    /// The checks to run, of all items or of some. Manual and disabled items have none.
    pub fn jobs(&self, _only: Option<&[ItemId]>) -> Vec<Job> {
        todo!()
    }

    /// What these results add up to.
    pub fn assess(&self, _results: &HashMap<ItemId, JobResult>, _now: Timestamp) -> Assessment {
        todo!()
    }

    /// Prepares a sign-off, an objection or a waiver about an item.
    ///
    /// # Errors
    /// When the item is not there, takes no sign-off, its checks have not
    /// ended, git knows no identity, or there is no commit yet.
    pub fn draft(
        &self,
        _act: Act,
        _item: &ItemId,
        _results: &HashMap<ItemId, JobResult>,
        _until: Option<Date>,
    ) -> Result<Draft, SessionError> {
        todo!()
    }

    /// Prepares the withdrawal of the person's own latest standing record about an item.
    ///
    /// # Errors
    /// When there is none.
    pub fn draft_withdrawal(&self, _item: &ItemId) -> Result<(Draft, Entry), SessionError> {
        todo!()
    }

    /// Writes the record with the person's words.
    ///
    /// # Errors
    /// When a waiver or an objection has no words, or the ledger cannot be written.
    pub fn commit(&self, _draft: Draft, _note: &str) -> Result<CommitId, SessionError> {
        todo!()
    }
}
