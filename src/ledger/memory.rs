//! What is remembered of a repository's ledger outside of the repository: the
//! tip that was last seen, which losses were accepted, when which remote was
//! synced.
//!
//! A memory belongs to the folder that all worktrees share, and follows it when it
//! is moved, also where a link is left in its old place. It also names the
//! repository's first commit: where neither that commit nor the last tip is
//! there, another repository was put at the same path, and nothing is known of
//! that one.

use std::collections::BTreeMap;
use std::path::Path;

use git2::{ErrorCode, ObjectType, Oid, Repository};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use super::store;
use crate::model::{CleanText, CommitId, Digest};
use crate::repo::{Repo, StateFolder};

/// The version of the file.
const VERSION: u32 = 1;

/// So many accepted losses are kept; the oldest are forgotten first.
const MOST_ACCEPTED: usize = 100;

/// What is remembered of one ledger.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Memory {
    version: u32,
    /// The repository's folder, for people who look into the file.
    folder: CleanText,
    /// The first commit of the history that was checked out.
    root: Option<CommitId>,
    /// The tip of the ledger when it was last seen.
    pub tip: Option<CommitId>,
    /// Losses that a person accepted.
    #[serde(default)]
    pub accepted: Vec<Acceptance>,
    /// By name of the remote.
    #[serde(default)]
    pub remotes: BTreeMap<String, RemoteMemory>,
    /// By name of the remote, the tip that a fetch of git's brought, as last seen.
    #[serde(default)]
    pub tracked: BTreeMap<String, CommitId>,
    /// Which folder on disk the repository's is: it stays so when it is moved.
    #[serde(default)]
    place: Option<Place>,
    /// What is known of the same project in a folder that is gone.
    #[serde(skip)]
    pub elsewhere: Option<(CleanText, CommitId)>,
    /// The file under whose name it was found, when that is another folder's: it goes
    /// when this one is written.
    #[serde(skip)]
    was: Option<String>,
    /// By name of the remote, why its ledger was refused; nothing once it was
    /// taken again.
    #[serde(default)]
    pub refused: BTreeMap<String, Refusal>,
}

/// A folder by device, number and when it was made, in nanoseconds.
type Place = (u64, u64, i128);

/// What became of the folder that something is remembered of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Left {
    /// It is this repository's.
    Here,
    /// It is there no more.
    Gone,
}

/// A person accepted that the ledger no longer contains what it did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Acceptance {
    /// When.
    #[serde(with = "seconds")]
    pub at: Timestamp,
    /// The tip that was last seen before.
    pub last_seen: CommitId,
    /// The tip that was accepted; none when the ledger was gone.
    pub tip: Option<CommitId>,
    /// How many records were missing, as far as they could still be read.
    pub missing: usize,
}

/// What is remembered of a remote's ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct RemoteMemory {
    /// Its tip; none when it had no ledger.
    pub tip: Option<CommitId>,
    /// When it was last fetched.
    #[serde(with = "seconds")]
    pub synced_at: Timestamp,
    /// A digest of where it lay then: its name may stand for another place now.
    #[serde(default)]
    pub address: Option<Digest>,
}

/// A remote's ledger was refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Refusal {
    /// When.
    #[serde(with = "seconds")]
    pub at: Timestamp,
    /// Why.
    pub why: CleanText,
}

impl Memory {
    /// Reads what is remembered of this repository's ledger.
    pub(super) fn load(repo: &Repo, state: &StateFolder) -> Result<Self, LedgerError> {
        let git = repo.git()?;
        let name = name(&git);
        let nothing = || {
            let folder = CleanText::bytes(git.commondir().as_os_str().as_encoded_bytes());
            let (version, place) = (VERSION, place(git.commondir()));
            let new = Self { version, folder: folder.clone(), place, ..Self::default() };
            match Self::left_behind(&git, state) {
                Some((Left::Here, moved)) => Self { folder, ..moved },
                Some((Left::Gone, Self { folder, tip: Some(tip), .. })) => {
                    Self { elsewhere: Some((folder, tip)), ..new }
                }
                _ => new,
            }
        };
        let Some(bytes) = state.read(&name)? else { return Ok(nothing()) };
        let unreadable = |what: &str| LedgerError::Memory {
            path: state.shown(&name),
            reason: CleanText::line(what),
        };
        let memory: Self =
            serde_json::from_slice(&bytes).map_err(|error| unreadable(&error.to_string()))?;
        if memory.version != VERSION {
            return Err(unreadable("another version of gonogo wrote it"));
        }
        if !memory.is_of(&git)? {
            return Ok(nothing());
        }
        let own = place(git.commondir());
        if own.is_none() || memory.place == own {
            return Ok(memory);
        }
        // another folder than the one that was here: perhaps one that was moved here
        Ok(match Self::left_behind(&git, state) {
            Some((Left::Here, moved)) if moved.place == own => {
                let elsewhere = memory.tip.map(|tip| (memory.folder.clone(), tip));
                Self { folder: memory.folder, elsewhere, ..moved }
            }
            _ => memory,
        })
    }

    /// Writes it.
    pub(super) fn store(mut self, repo: &Repo, state: &StateFolder) -> Result<(), LedgerError> {
        let git = repo.git()?;
        let stays = match &self.root {
            Some(root) => is_there(&git, root)?,
            None => false,
        };
        if !stays {
            self.root = first_commit(&git);
        }
        self.place = place(git.commondir());
        let surplus = self.accepted.len().saturating_sub(MOST_ACCEPTED);
        self.accepted.drain(..surplus);
        let mut text = serde_json::to_string_pretty(&self).map_err(|error| {
            LedgerError::git("remember the ledger", &git2::Error::from_str(&error.to_string()))
        })?;
        text.push('\n');
        state.write(&name(&git), text.as_bytes())?;
        // an older memory of the same folder would come back when it is moved again
        Ok(self.was.map_or(Ok(()), |was| state.remove(&was))?)
    }

    /// What is remembered under another name of a repository with the same first
    /// commit: of this very folder, which was moved or whose old path leads here, else
    /// of one whose folder is gone.
    fn left_behind(git: &Repository, state: &StateFolder) -> Option<(Left, Self)> {
        let (own, own_name) = (place(git.commondir()), name(git));
        let here = git.commondir().canonicalize().ok();
        let mut found: Option<(Left, Self)> = None;
        for name in state.names("ledgers") {
            let name = format!("ledgers/{name}");
            if name == own_name {
                continue;
            }
            let Some(bytes) = state.read(&name).ok().flatten() else { continue };
            let Ok(memory) = serde_json::from_slice::<Self>(&bytes) else { continue };
            let same =
                memory.root.as_ref().is_some_and(|root| is_there(git, root).unwrap_or(false));
            if memory.version != VERSION || !same {
                continue;
            }
            if own.is_some() && memory.place == own {
                return Some((Left::Here, Self { was: Some(name), ..memory }));
            }
            let folder = Path::new(memory.folder.as_str());
            let leads_here = here.is_some() && folder.canonicalize().ok() == here;
            let left = match (leads_here, memory.place) {
                (true, _) => Left::Here,
                (false, Some(was)) if place(folder) == Some(was) => continue,
                (false, None) if folder.is_dir() => continue,
                (false, _) => Left::Gone,
            };
            if leads_here || found.is_none() {
                let was = (left == Left::Here).then_some(name);
                found = Some((left, Self { was, ..memory }));
            }
        }
        found
    }

    /// Forgets all of it, for a repository that was made again.
    pub(super) fn remove(repo: &Repo, state: &StateFolder) -> Result<(), LedgerError> {
        Ok(state.remove(&name(&repo.git()?))?)
    }

    fn is_of(&self, git: &Repository) -> Result<bool, LedgerError> {
        for commit in [&self.root, &self.tip].into_iter().flatten() {
            if is_there(git, commit)? {
                return Ok(true);
            }
        }
        Ok(self.root.is_none() && self.tip.is_none())
    }
}

/// The name of a repository's file.
fn name(git: &Repository) -> String {
    let folder = git.commondir();
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let digest = Digest::of([&*String::from_utf8_lossy(folder.as_os_str().as_encoded_bytes())]);
    format!("ledgers/{}.json", digest.as_str())
}

/// Which folder on disk that is; none where there is none, or where the file system
/// does not say when one was made, since numbers are used again.
fn place(folder: &Path) -> Option<Place> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = folder.metadata().ok()?;
    let made = jiff::Timestamp::try_from(meta.created().ok()?).ok()?;
    Some((meta.dev(), meta.ino(), made.as_nanosecond()))
}

/// Whether the repository has that commit.
fn is_there(git: &Repository, commit: &CommitId) -> Result<bool, LedgerError> {
    let failed = |error: git2::Error| LedgerError::git("look for a commit", &error);
    let oid = Oid::from_str(commit.as_str()).map_err(failed)?;
    match git.odb().and_then(|odb| odb.read_header(oid)) {
        Ok((_, kind)) => Ok(kind == ObjectType::Commit),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(false),
        // damaged is there
        Err(_) => Ok(true),
    }
}

/// The oldest commit along first parents from `HEAD`.
fn first_commit(git: &Repository) -> Option<CommitId> {
    let mut walk = git.revwalk().ok()?;
    walk.simplify_first_parent().ok()?;
    walk.push_head().ok()?;
    let last = walk.filter_map(Result::ok).last()?;
    store::name(last).ok()
}

/// A moment as whole seconds, so that what is written is what is read.
mod seconds {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(at.as_second())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        let seconds = i64::deserialize(from)?;
        Timestamp::from_second(seconds).map_err(serde::de::Error::custom)
    }
}
