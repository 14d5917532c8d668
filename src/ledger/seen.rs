//! Whether the ledger still contains what it contained when it was last seen
//! here. What was seen is kept outside the repository, where nobody moves it
//! back together with the ref.

use std::collections::BTreeSet;

use git2::{Oid, Repository};
use jiff::Timestamp;

use super::entry::{Entry, Ledger};
use super::error::LedgerError;
use super::memory::{Acceptance, Memory};
use super::store;
use crate::model::{CleanText, CommitId};
use crate::repo::{Repo, StateFolder};

/// So many missing records are named in one sentence.
const NAMED: usize = 5;

/// What is known of earlier looks at the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Seen {
    /// The ledger lost records since the last look.
    pub rewound: Option<Rewound>,
    /// Losses that a person accepted, the oldest first.
    pub accepted: Vec<Acceptance>,
    /// What should be known: that nothing can be remembered here, say.
    pub notes: Vec<CleanText>,
}

/// The ledger no longer contains the tip that was last seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Rewound {
    /// That tip.
    pub last_seen: CommitId,
    /// The records that are missing, as far as they can still be read.
    pub missing: Vec<Entry>,
    /// Whether there may be more, whose objects are gone.
    pub incomplete: bool,
}

impl Rewound {
    /// Each missing record, for people: `objection on `x` by Ann <ann@…> (1a2b3c4)`.
    pub(crate) fn named(&self) -> impl Iterator<Item = CleanText> + '_ {
        self.missing.iter().map(|entry| {
            CleanText::line(format!(
                "{} on `{}` by {} ({})",
                entry.record.statement.act().word(),
                entry.record.item,
                entry.author,
                entry.id.short()
            ))
        })
    }

    /// What is missing, in short.
    pub(super) fn lost(&self) -> String {
        let named: Vec<String> = self.named().take(NAMED).map(|name| name.to_string()).collect();
        let more = self.missing.len().saturating_sub(NAMED);
        let mut lost = named.join(", ");
        if more > 0 {
            lost.push_str(&format!(" and {more} more"));
        }
        match (lost.is_empty(), self.incomplete) {
            (true, true) => "its records can no longer be read here".to_owned(),
            (true, false) => "no record is missing".to_owned(),
            (false, true) => format!("missing: {lost}, and others that can no longer be read"),
            (false, false) => format!("missing: {lost}"),
        }
    }
}

impl std::fmt::Display for Rewound {
    /// What happened, what is missing, what to do.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let last = self.last_seen.short();
        write!(
            f,
            "the ledger no longer contains {last}, its tip when it was last seen here; {}; get the records back with `gonogo sync`{}, or accept the loss with `gonogo log --accept-rewind`",
            self.lost(),
            if self.incomplete {
                String::new()
            } else {
                format!(" or `git update-ref refs/gonogo/ledger {last}`")
            }
        )
    }
}

/// Compares the ledger, as it was read, with what was last seen, and remembers
/// it as seen unless something is missing.
pub(crate) fn look(repo: &Repo, state: Option<&StateFolder>, ledger: &Ledger) -> Seen {
    let Some(state) = state else {
        return Seen {
            notes: vec![forgetful("this account has no home folder")],
            ..Seen::default()
        };
    };
    match compare(repo, state, ledger) {
        Ok(seen) => seen,
        Err(error) => Seen { notes: vec![forgetful(&error.to_string())], ..Seen::default() },
    }
}

/// Accepts that the ledger lost records, and remembers when and what; none when
/// it lost nothing.
///
/// # Errors
/// When that cannot be remembered.
pub(crate) fn accept_rewind(
    repo: &Repo,
    state: &StateFolder,
    ledger: &Ledger,
    now: Timestamp,
) -> Result<Option<(Rewound, Acceptance)>, LedgerError> {
    let mut memory = Memory::load(repo, state)?;
    let Some(rewound) = rewound(repo, &memory, ledger)? else { return Ok(None) };
    let acceptance = Acceptance {
        at: now,
        last_seen: rewound.last_seen.clone(),
        tip: ledger.tip.clone(),
        missing: rewound.missing.len(),
    };
    memory.accepted.push(acceptance.clone());
    memory.tip.clone_from(&ledger.tip);
    memory.store(repo, state)?;
    Ok(Some((rewound, acceptance)))
}

/// Remembers a record that was just appended, if nothing was missing before it.
pub(crate) fn appended(repo: &Repo, state: Option<&StateFolder>, record: &CommitId) {
    let Some(state) = state else { return };
    // what cannot be remembered is told by the next look
    let _ = Memory::load(repo, state).and_then(|mut memory| {
        let git = repo.git()?;
        let parents = store::load(&git, super::merge::oid(record)?)?.parents;
        let parents: Result<Vec<CommitId>, _> = parents.into_iter().map(store::name).collect();
        let follows = match &memory.tip {
            Some(tip) => parents?.contains(tip),
            None => true,
        };
        if follows {
            memory.tip = Some(record.clone());
            memory.store(repo, state)?;
        }
        Ok(())
    });
}

/// Forgets what was seen: for a repository that the program itself has just made.
///
/// # Errors
/// When the memory cannot be removed.
pub(crate) fn forget(repo: &Repo, state: &StateFolder) -> Result<(), LedgerError> {
    Memory::remove(repo, state)
}

fn forgetful(why: &str) -> CleanText {
    CleanText::line(format!(
        "what was last seen of the ledger cannot be kept here, so that nobody notices records that are gone: {why}"
    ))
}

fn compare(repo: &Repo, state: &StateFolder, ledger: &Ledger) -> Result<Seen, LedgerError> {
    let mut memory = Memory::load(repo, state)?;
    let rewound = rewound(repo, &memory, ledger)?;
    let mut seen = Seen { rewound, accepted: memory.accepted.clone(), notes: Vec::new() };
    if let Some((folder, tip)) = &memory.elsewhere
        && !ledger.contains(tip)
    {
        seen.notes.push(CleanText::line(format!(
            "records of this project were seen in `{folder}`, which is gone, and are not here; `gonogo sync` fetches those that were shared"
        )));
    }
    if seen.rewound.is_none() && memory.tip != ledger.tip {
        memory.tip.clone_from(&ledger.tip);
        if let Err(error) = memory.store(repo, state) {
            seen.notes.push(forgetful(&error.to_string()));
        }
    }
    Ok(seen)
}

fn rewound(repo: &Repo, memory: &Memory, ledger: &Ledger) -> Result<Option<Rewound>, LedgerError> {
    match &memory.tip {
        Some(tip) if !ledger.contains(tip) => Ok(Some(lost(&repo.git()?, tip, ledger)?)),
        _ => Ok(None),
    }
}

/// What hangs on a tip and is not in the ledger.
pub(super) fn lost(
    git: &Repository,
    last_seen: &CommitId,
    ledger: &Ledger,
) -> Result<Rewound, LedgerError> {
    let mut rewound =
        Rewound { last_seen: last_seen.clone(), missing: Vec::new(), incomplete: false };
    let mut met: BTreeSet<Oid> = BTreeSet::new();
    let mut ahead = vec![super::merge::oid(last_seen)?];
    while let Some(oid) = ahead.pop() {
        if !met.insert(oid) || ledger.contains(&store::name(oid)?) {
            continue;
        }
        match store::load(git, oid) {
            Ok(node) => {
                ahead.extend(node.parents);
                rewound.missing.extend(node.entry);
            }
            Err(_) => rewound.incomplete = true,
        }
    }
    rewound.missing.reverse();
    Ok(rewound)
}

#[cfg(test)]
mod tests;
