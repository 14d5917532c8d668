//! Why a ledger could not be shared.

use super::super::error::LedgerError;
use super::super::seen::Rewound;
use crate::model::CleanText;
use crate::repo::CommandError;

/// Why a ledger could not be shared. Says what to do next.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    /// The repository has no remote.
    #[error(
        "this repository has no remote to share the ledger with; add one with `git remote add origin URL`"
    )]
    NoRemote,
    /// No remote of that name.
    #[error("there is no remote `{given}` here; there is {}", listed(known))]
    NoSuchRemote {
        /// What was asked for.
        given: CleanText,
        /// Those that there are.
        known: Vec<CleanText>,
    },
    /// None of several remotes is the obvious one.
    #[error("there are several remotes ({}); say which: `gonogo sync REMOTE`", listed(known))]
    Which {
        /// Those that there are.
        known: Vec<CleanText>,
    },
    /// git could not fetch.
    #[error("the ledger of `{remote}` could not be fetched: {said}")]
    NotFetched {
        /// From which remote.
        remote: CleanText,
        /// What git said.
        said: CleanText,
    },
    /// git could not push, and nobody else was faster.
    #[error(
        "the ledger of `{remote}` was fetched and joined here, but could not be pushed: {said}"
    )]
    NotPushed {
        /// To which remote.
        remote: CleanText,
        /// What git said.
        said: CleanText,
    },
    /// The remote's ledger cannot be read.
    #[error(
        "the ledger of `{remote}` was refused, and nothing changed here: {source}; whoever can write to `{remote}` should see who moved its refs/gonogo/ledger"
    )]
    Damaged {
        /// Of which remote.
        remote: CleanText,
        /// What is wrong with it.
        source: LedgerError,
    },
    /// The remote's ledger lost records.
    #[error(
        "the ledger of `{remote}` was refused, and nothing changed here: it no longer contains {}, its tip when it was last seen; {}; ask who moved it, and put the records back with `gonogo sync --accept-rewind`",
        rewound.last_seen.short(),
        rewound.lost()
    )]
    Rewound {
        /// Of which remote.
        remote: CleanText,
        /// What is missing.
        rewound: Rewound,
    },
    /// Others kept being faster.
    #[error("others pushed to the ledger of `{remote}` {tries} times meanwhile; try again")]
    Busy {
        /// Which remote.
        remote: CleanText,
        /// How often it was tried.
        tries: usize,
    },
    /// git did not run to its end.
    #[error("the ledger was not synced: {0}")]
    Command(#[from] CommandError),
    /// The own ledger could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl SyncError {
    /// Whether the person gave it up.
    pub(crate) fn is_given_up(&self) -> bool {
        matches!(self, Self::Command(CommandError::Cancelled) | Self::Ledger(LedgerError::GivenUp))
    }

    /// Whether the person asked for something that is not there.
    pub(crate) fn is_usage(&self) -> bool {
        matches!(self, Self::NoRemote | Self::NoSuchRemote { .. } | Self::Which { .. })
    }
}

fn listed(names: &[CleanText]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
