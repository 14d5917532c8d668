//! Whether the ledger is shared, for the header: what the remote had when it
//! was last asked, and when that was.

use git2::{Oid, Repository};
use jiff::Timestamp;

use super::super::entry::Ledger;
use super::super::error::LedgerError;
use super::super::memory::{Memory, Refusal};
use super::super::read::read_at;
use super::super::seen;
use super::super::store;
use super::address;
use super::remote::{obvious, remotes, tracking};
use crate::model::CleanText;
use crate::repo::{Repo, StateFolder};

/// Whether others can know what is in the ledger. Nobody was asked for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Sharing {
    /// There is nobody to share it with.
    NoRemote,
    /// It was shared with a remote that is none any more, and there is no other.
    Gone {
        /// That remote.
        remote: CleanText,
    },
    /// It was never fetched from this remote nor pushed there, as far as its
    /// address is the one of then.
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

/// Whether the ledger, as it was read, is shared with the remote that
/// `gonogo sync` would take.
///
/// # Errors
/// When git or what is known of the remote's ledger cannot be read.
pub(crate) fn sharing(
    repo: &Repo,
    state: Option<&StateFolder>,
    ledger: &Ledger,
) -> Result<Sharing, LedgerError> {
    let known = remotes(repo)?;
    let git = repo.git()?;
    let memory = state.and_then(|state| Memory::load(repo, state).ok());
    let Some(name) = obvious(&git, &known).or_else(|| known.first().cloned()) else {
        let before = memory.and_then(|memory| memory.remotes.into_keys().next());
        let before = match before {
            Some(before) => Some(before),
            None => tracked(&git)?,
        };
        return Ok(match before {
            Some(name) => Sharing::Gone { remote: CleanText::line(name) },
            None => Sharing::NoRemote,
        });
    };
    let remote = CleanText::line(&name);
    let seen = memory.and_then(|mut memory| memory.remotes.remove(&name));
    let tip = tracking(&git, &name)?;
    // what was synced lay elsewhere, also where nothing says where
    let elsewhere = match &seen {
        Some(seen) => seen.address.as_ref() != Some(&address::of(&git, &name)?),
        None => tip.is_none(),
    };
    if elsewhere {
        return Ok(Sharing::NotShared { remote });
    }
    let (ahead, behind) = apart(&git, tip, ledger)?;
    Ok(Sharing::Shared { remote, ahead, behind, synced_at: seen.map(|seen| seen.synced_at) })
}

/// Why remotes' ledgers were refused, and not taken since: each a sentence.
///
/// # Errors
/// When git cannot read its configuration.
pub(crate) fn refused(
    repo: &Repo,
    state: Option<&StateFolder>,
) -> Result<Vec<CleanText>, LedgerError> {
    let Some(memory) = state.and_then(|state| Memory::load(repo, state).ok()) else {
        return Ok(Vec::new());
    };
    let known = remotes(repo)?;
    let told = |(name, refusal): (String, Refusal)| match known.contains(&name) {
        true => refusal.why,
        // what lies there is still not known here
        false => CleanText::line(format!(
            "{}. `{name}` is not a remote any more: add it again with `git remote add`, or name where the ledger lies now, and run `gonogo sync`",
            refusal.why
        )),
    };
    Ok(memory.refused.into_iter().map(told).collect())
}

/// Whether records that a fetch of git's brought are known here no longer, as when
/// its ref was pruned: a sentence. What is known now is remembered.
///
/// # Errors
/// When git or the memory cannot be read.
pub(crate) fn vanished(
    repo: &Repo,
    state: Option<&StateFolder>,
    ledger: &Ledger,
) -> Result<Option<CleanText>, LedgerError> {
    let Some(state) = state else { return Ok(None) };
    let mut memory = Memory::load(repo, state)?;
    let git = repo.git()?;
    let mut told = None;
    let mut now = std::collections::BTreeMap::new();
    let names = remotes(repo)?.into_iter().chain(memory.tracked.keys().cloned());
    for name in names.collect::<std::collections::BTreeSet<_>>() {
        let tip = tracking(&git, &name)?;
        let theirs = match tip {
            Some(tip) => Some(read_at(&git, tip)?),
            None => None,
        };
        let before = memory.tracked.get(&name).filter(|before| {
            let there = theirs.as_ref().is_some_and(|theirs| theirs.contains(before));
            !there && !ledger.contains(before)
        });
        match (before, tip) {
            (Some(before), _) => {
                let lost = seen::lost(&git, before, ledger)?.lost();
                told.get_or_insert_with(|| CleanText::line(format!(
                    "records of `{name}` that were seen here are gone, as after `git fetch --prune`; {lost}; run `gonogo sync {name}`"
                )));
                now.insert(name, before.clone());
            }
            (None, Some(tip)) => drop(now.insert(name, store::name(tip)?)),
            (None, None) => {}
        }
    }
    if memory.tracked != now {
        memory.tracked = now;
        memory.store(repo, state)?;
    }
    Ok(told)
}

/// A remote whose ledger was fetched once.
fn tracked(git: &Repository) -> Result<Option<String>, LedgerError> {
    let failed = |error: git2::Error| LedgerError::git("list the refs of remotes' ledgers", &error);
    let references = git.references_glob("refs/gonogo/remotes/*/ledger").map_err(failed)?;
    for reference in references {
        let reference = reference.map_err(failed)?;
        let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
        let name = name.strip_prefix("refs/gonogo/remotes/");
        if let Some(name) = name.and_then(|name| name.strip_suffix("/ledger")) {
            return Ok(Some(name.to_owned()));
        }
    }
    Ok(None)
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
