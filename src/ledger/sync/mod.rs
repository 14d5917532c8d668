//! Shares the ledger with a remote: fetch, look at what came, join by union,
//! push with a lease, again when somebody else was faster.
//!
//! What came is looked at before any ref of ours moves. A remote's ledger that
//! cannot be read whole, or that no longer contains what it contained before, is
//! refused, and nothing here changes.

mod address;
mod error;
mod remote;
mod share;

pub(crate) use error::SyncError;
pub(crate) use remote::configure;
pub(crate) use share::{Sharing, refused, sharing, vanished};

use std::time::Duration;

use git2::{Oid, Repository};
use jiff::Timestamp;

use super::entry::{Entry, Ledger};
use super::error::LedgerError;
use super::memory::{Memory, Refusal, RemoteMemory};
use super::read::read_at;
use super::store;
use super::swap::{self, PATIENCE, Tell};
use super::{merge, seen};
use crate::model::{CleanText, CommitId};
use crate::repo::{Manners, Repo, StateFolder};
use remote::{Remote, remotes, tracking};

/// So often somebody else may be faster.
const TRIES: usize = 8;

/// How to sync.
#[derive(Clone, Copy)]
pub(crate) struct Sync<'a> {
    /// The repository.
    pub repo: &'a Repo,
    /// Where it is remembered what was seen; nowhere when there is none.
    pub state: Option<&'a StateFolder>,
    /// A person sits at a terminal, and git may ask for a password there.
    pub terminal: bool,
    /// Each run of git is ended after so long.
    pub limit: Duration,
    /// Gives up when this says so.
    pub cancelled: &'a dyn Fn() -> bool,
    /// Is told each second for what it waits.
    pub waiting: Tell<'a>,
    /// The person knows that the remote's ledger was moved back.
    pub accept_rewind: bool,
    /// The moment that is remembered.
    pub now: Timestamp,
}

/// What a sync did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Synced {
    /// With which remote.
    pub remote: CleanText,
    /// The records that came.
    pub received: Vec<Entry>,
    /// How many records went there.
    pub sent: usize,
    /// How many records the remote does not have, when nothing was pushed.
    pub ahead: usize,
    /// The tip of the ledger now; none when nobody has made a record yet.
    pub tip: Option<CommitId>,
    /// What should be known.
    pub notes: Vec<CleanText>,
}

/// Fetches, joins and pushes. Without a name the remote is the one of the
/// current branch, else `origin`, else the only one.
///
/// # Errors
/// See [`SyncError`]; the local ledger holds every record that it held before.
pub(crate) fn sync(sync: &Sync<'_>, remote: Option<&str>) -> Result<Synced, SyncError> {
    let remote = Remote::choose(sync.repo, remote)?;
    let mut received = Vec::new();
    let mut notes = Vec::new();
    let mut refused: Option<(Option<Oid>, CleanText)> = None;
    for _ in 0..TRIES {
        let mut round = take(sync, &remote)?;
        received.append(&mut round.received);
        notes.append(&mut round.notes);
        if let Some((expected, said)) = refused
            && expected == round.theirs
            && round.ahead > 0
        {
            return Err(SyncError::NotPushed { remote: remote.shown(), said });
        }
        let done = |tip: Option<Oid>, sent: usize, notes: Vec<CleanText>| {
            let tip = tip.map(store::name).transpose()?;
            let remote = remote.shown();
            Ok(Synced { remote, received: received.clone(), sent, ahead: 0, tip, notes })
        };
        let Some(tip) = round.tip.filter(|_| round.tip != round.theirs) else {
            return done(round.tip, 0, notes);
        };
        let ended = remote.push(sync.repo, round.theirs, tip, manners(sync))?;
        if ended.good {
            remote.track(sync.repo, tip)?;
            notes.extend(remember(sync, &remote, Some(tip)));
            return done(Some(tip), round.ahead, notes);
        }
        refused = Some((round.theirs, ended.said));
    }
    Err(SyncError::Busy { remote: remote.shown(), tries: TRIES })
}

/// Fetches and joins, and pushes nothing.
///
/// # Errors
/// As [`sync`].
pub(crate) fn fetch(sync: &Sync<'_>, remote: Option<&str>) -> Result<Synced, SyncError> {
    let remote = Remote::choose(sync.repo, remote)?;
    let round = take(sync, &remote)?;
    Ok(Synced {
        remote: remote.shown(),
        received: round.received,
        sent: 0,
        ahead: round.ahead,
        tip: round.tip.map(store::name).transpose()?,
        notes: round.notes,
    })
}

/// What one fetch led to.
struct Round {
    /// The remote's tip.
    theirs: Option<Oid>,
    /// Ours, after joining.
    tip: Option<Oid>,
    received: Vec<Entry>,
    /// How many records the remote does not have.
    ahead: usize,
    notes: Vec<CleanText>,
}

/// Fetches the remote's ledger and joins it to ours. That it was refused is
/// remembered, until it is taken.
fn take(sync: &Sync<'_>, remote: &Remote) -> Result<Round, SyncError> {
    let taken = join(sync, remote);
    if let Err(error @ (SyncError::Damaged { .. } | SyncError::Rewound { .. })) = &taken
        && let Some(state) = sync.state
    {
        let refusal = Refusal { at: sync.now, why: CleanText::line(error.to_string()) };
        // the error itself says it; without a memory the next look has a note
        let _ = Memory::load(sync.repo, state).and_then(|mut memory| {
            memory.refused.insert(remote.name().to_owned(), refusal);
            memory.store(sync.repo, state)
        });
    }
    taken
}

/// Fetches the remote's ledger, looks at it, and joins it to ours.
fn join(sync: &Sync<'_>, remote: &Remote) -> Result<Round, SyncError> {
    let incoming = remote.fetch(sync.repo, manners(sync))?;
    let git = sync.repo.git().map_err(LedgerError::from)?;
    let theirs = match incoming.tip {
        Some(tip) => read_at(&git, tip)
            .map_err(|source| SyncError::Damaged { remote: remote.shown(), source })?,
        None => Ledger::default(),
    };
    if !sync.accept_rewind {
        refuse_rewound(sync, &git, remote, &theirs)?;
    }
    let before = match store::tip(&git)? {
        Some(tip) => read_at(&git, tip)?,
        None => Ledger::default(),
    };
    let tip = match incoming.tip {
        Some(their_tip) => {
            let reflog = format!("sync with {}", remote.shown());
            let joined = swap::advance(&git, &reflog, PATIENCE, sync.waiting, |ours| {
                let joined = merge::join(&git, ours, their_tip, &theirs)?;
                merge::keep(&git, joined)?;
                Ok(joined)
            })?;
            remote.track(sync.repo, their_tip)?;
            Some(joined)
        }
        None => store::tip(&git)?,
    };
    let notes = remember(sync, remote, incoming.tip);
    let ours = match tip {
        Some(tip) => read_at(&git, tip)?,
        None => Ledger::default(),
    };
    let ahead = ours.entries.iter().filter(|entry| !theirs.contains(&entry.id)).count();
    let received = theirs.entries.into_iter().filter(|entry| !before.contains(&entry.id));
    Ok(Round { theirs: incoming.tip, tip, received: received.collect(), ahead, notes })
}

/// Refuses a remote's ledger that no longer contains what was last seen of it:
/// by what is remembered outside the repository, and by the ref that a fetch of
/// git's may have moved on. Where the name stands for another place now, nothing
/// was seen of that one.
fn refuse_rewound(
    sync: &Sync<'_>,
    git: &Repository,
    remote: &Remote,
    theirs: &Ledger,
) -> Result<(), SyncError> {
    let address = address::of(git, remote.name())?;
    let seen = sync.state.and_then(|state| {
        let mut memory = Memory::load(sync.repo, state).ok()?;
        memory.remotes.remove(remote.name())
    });
    let before = seen.as_ref().and_then(|seen| seen.address.as_ref());
    if before.is_some_and(|before| *before != address) {
        return Ok(());
    }
    let remembered = seen.and_then(|seen| seen.tip);
    let brought = sync
        .state
        .and_then(|state| Memory::load(sync.repo, state).ok()?.tracked.remove(remote.name()));
    let tracked = tracking(git, remote.name())?.map(store::name).transpose()?;
    for last_seen in [remembered, tracked, brought].into_iter().flatten() {
        if !theirs.contains(&last_seen) {
            let rewound = seen::lost(git, &last_seen, theirs)?;
            return Err(SyncError::Rewound { remote: remote.shown(), rewound });
        }
    }
    Ok(())
}

/// Remembers the remote's tip and when it was seen. What keeps it from that.
fn remember(sync: &Sync<'_>, remote: &Remote, tip: Option<Oid>) -> Vec<CleanText> {
    let kept = sync.state.map(|state| {
        let mut memory = Memory::load(sync.repo, state)?;
        let tip = tip.map(store::name).transpose()?;
        let address = Some(address::of(&sync.repo.git()?, remote.name())?);
        let seen = RemoteMemory { tip, synced_at: sync.now, address };
        // of a remote that is gone too, since this one is synced in its place
        let known = remotes(sync.repo)?;
        memory.refused.retain(|name, _| name != remote.name() && known.contains(name));
        memory.remotes.insert(remote.name().to_owned(), seen);
        memory.tracked.remove(remote.name());
        memory.store(sync.repo, state)
    });
    let why = match kept {
        Some(Ok(())) => return Vec::new(),
        Some(Err(error)) => error.to_string(),
        None => "this account has no home folder".to_owned(),
    };
    vec![CleanText::line(format!("when the ledger was synced cannot be remembered: {why}"))]
}

fn manners<'a>(sync: &Sync<'a>) -> Manners<'a> {
    Manners { terminal: sync.terminal, limit: sync.limit, cancelled: sync.cancelled }
}

#[cfg(test)]
mod tests;
