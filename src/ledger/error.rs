//! Why the ledger could not be read or written.

use crate::model::{CleanText, CommitId};
use crate::repo::RepoError;

/// Why the ledger could not be read or written. Says what to do next.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LedgerError {
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
    /// Somebody did not want to wait any longer.
    #[error("it was given up while the ledger was locked; nothing was written")]
    GivenUp,
    /// The record is not one that can be written.
    #[error("the record cannot be written: {0}")]
    Invalid(CleanText),
    /// It is larger than anything that people recorded.
    #[error(
        "the ledger has more than {commits} commits or {bytes} bytes of records, so it is not read; look at it with `git log refs/gonogo/ledger`"
    )]
    TooLarge {
        /// The most commits.
        commits: usize,
        /// The most bytes.
        bytes: usize,
    },
    /// Its merges cannot be compared within bounds.
    #[error(
        "the ledger's merges are so entangled that its records cannot be compared; look at them with `git log --graph refs/gonogo/ledger`"
    )]
    Tangled,
    /// What is remembered of the ledger cannot be read.
    #[error("`{path}` cannot be read ({reason}); look at it, then delete it")]
    Memory {
        /// The file.
        path: CleanText,
        /// What is wrong with it.
        reason: CleanText,
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

impl LedgerError {
    /// git's library failed while doing something: "read refs/gonogo/ledger".
    pub(super) fn git(doing: &str, error: &git2::Error) -> Self {
        Self::Repo(RepoError::Git {
            doing: doing.to_owned(),
            reason: CleanText::line(error.message()),
        })
    }
}
