//! Why a session could not be opened or a record not be made.

use crate::ledger::LedgerError;
use crate::repo::RepoError;

/// Why a session could not be opened or a record not be made, for people: what
/// happened, where, what to do next.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    /// The checklist is mistaken; the text shows every mistake with its line.
    #[error("{0}")]
    Checklist(String),
    /// What was asked for cannot be done as asked, such as an item that is not there.
    #[error("{0}")]
    Usage(String),
    /// The repository did not answer.
    #[error(transparent)]
    Repo(#[from] RepoError),
    /// The ledger could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

pub(super) fn usage(text: impl Into<String>) -> SessionError {
    SessionError::Usage(text.into())
}
