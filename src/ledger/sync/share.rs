//! Whether the ledger is shared, for the header: what the remote had when it
//! was last asked, and when that was.

use std::fmt;

use git2::{Oid, Repository};
use jiff::Timestamp;

use super::super::entry::Ledger;
use super::super::error::LedgerError;
use super::super::memory::Memory;
use super::super::read::read_at;
use super::super::store;
use super::remote::{obvious, remotes, tracking};
use crate::model::CleanText;
use crate::repo::{Repo, StateFolder};

/// Whether others can know what is in the ledger. Nobody was asked for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sharing {
    /// There is nobody to share it with.
    NoRemote,
    /// It was never fetched from this remote nor pushed there.
    NotShared {
        /// The remote.
        remote: CleanText,
    },
    /// It was.
    Shared {
        /// The remote.
        remote: CleanText,
        /// Records that the remote did not have.
        ahead: usize,
        /// Records of the remote that are not here.
        behind: usize,
        /// When it was last synced; none when that was not remembered.
        synced_at: Option<Timestamp>,
    },
}

impl Sharing {
    /// What somebody who decides by the ledger should know; nothing when it is
    /// shared and holds all that the remote had.
    pub fn note(&self) -> Option<CleanText> {
        let text = match self {
            Self::NotShared { remote } => format!(
                "the ledger was never compared with that of `{remote}`, which may hold objections; run `gonogo sync`"
            ),
            Self::Shared { remote, behind, .. } if *behind > 0 => {
                let (records, are) =
                    if *behind == 1 { ("record", "is") } else { ("records", "are") };
                format!("{behind} {records} of `{remote}` {are} not here; run `gonogo sync`")
            }
            Self::NoRemote | Self::Shared { .. } => return None,
        };
        Some(CleanText::line(text))
    }
}

impl fmt::Display for Sharing {
    /// `ledger ↑2 ↓0`, `ledger not shared yet`; nothing without a remote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRemote => Ok(()),
            Self::NotShared { .. } => f.write_str("ledger not shared yet"),
            Self::Shared { ahead, behind, .. } => write!(f, "ledger ↑{ahead} ↓{behind}"),
        }
    }
}

/// Whether the ledger, as it was read, is shared with the remote that
/// `gonogo sync` would take.
///
/// # Errors
/// When git or what is known of the remote's ledger cannot be read.
pub fn sharing(
    repo: &Repo,
    state: Option<&StateFolder>,
    ledger: &Ledger,
) -> Result<Sharing, LedgerError> {
    let known = remotes(repo)?;
    let git = repo.git()?;
    let Some(name) = obvious(&git, &known).or_else(|| known.first().cloned()) else {
        return Ok(Sharing::NoRemote);
    };
    let remote = CleanText::line(&name);
    let memory = state.and_then(|state| Memory::load(repo, state).ok());
    let seen = memory.and_then(|mut memory| memory.remotes.remove(&name));
    let tip = tracking(&git, &name)?;
    if tip.is_none() && seen.is_none() {
        return Ok(Sharing::NotShared { remote });
    }
    let (ahead, behind) = apart(&git, tip, ledger)?;
    Ok(Sharing::Shared { remote, ahead, behind, synced_at: seen.map(|seen| seen.synced_at) })
}

/// How many records only we have, and how many only they had.
fn apart(
    git: &Repository,
    theirs: Option<Oid>,
    ledger: &Ledger,
) -> Result<(usize, usize), LedgerError> {
    let Some(theirs) = theirs else { return Ok((ledger.entries.len(), 0)) };
    if ledger.tip.as_ref() == Some(&store::name(theirs)?) {
        return Ok((0, 0));
    }
    let theirs = read_at(git, theirs)?;
    let only = |one: &Ledger, other: &Ledger| {
        one.entries.iter().filter(|entry| !other.contains(&entry.id)).count()
    };
    Ok((only(ledger, &theirs), only(&theirs, ledger)))
}
