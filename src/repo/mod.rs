//! The doors to the world: git, files, env files, randomness. No opinion about
//! what is right lives here, and nothing outside this folder and the ledger's
//! store talks to git.

mod atomic;
mod blame;
mod changes;
mod command;
mod config;
mod disk;
mod durable;
mod edit;
mod error;
mod files;
mod folder;
mod git;
mod glob;
mod history;
mod ignores;
mod index;
mod intact;
mod names;
mod objects;
mod reader;
mod remote;
mod state;
#[cfg(test)]
pub(crate) mod support;
mod tree;
mod unread;
mod untracked;
mod variables;

pub use blame::Written;
pub use changes::{
    Change, ChangeKind, Hidden, OwnAttributes, Sameness, SubmoduleChange, Untracked,
};
pub use command::{CommandError, Ended, Manners};
pub use disk::{Entry, EntryKind, Folder, Located};
pub(crate) use durable::{age, keep};
pub use edit::{IndexedFile, IndexedFiles};
pub use error::RepoError;
pub use history::{
    Gap, Held, HeldVersion, History, Holder, Nameless, ObjectKind, RefFault, Searched, TooLarge,
    Wanted,
};
use ignores::Rules;
pub use ignores::{Ignored, Rule, RuleFile};
use index::Listing;
pub use index::Tracked;
pub(crate) use objects::is_intact;
pub use reader::{Content, LARGEST, Reader, Source, decoded};
pub use remote::{Doubt, Pushed, Upstream};
pub use state::StateFolder;
pub use tree::{
    Commit, Counted, Found, Kind, Matched, Memory, Meta, Origin, Query, Seen, Stored, Tree,
    Visitor, Visitors, Worktree,
};
pub use unread::Unread;
pub use variables::process_variables;

use std::path::{Path, PathBuf};

use crate::model::{CleanText, CommitId};

/// A repository with a work tree. Cheap to share between threads: every
/// question to git opens a handle of its own.
#[derive(Clone, Debug)]
pub struct Repo {
    root: PathBuf,
    git_dir: PathBuf,
    /// What the index held when it was last read: checks run in parallel, and
    /// that of a large repository is large.
    listing: Listing,
    trees: git::Trees,
}

/// What `HEAD` is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The branch, unless `HEAD` is detached.
    pub branch: Option<CleanText>,
    /// The commit, unless there is none yet.
    pub commit: Option<CommitId>,
}

impl Repo {
    /// The top of the work tree, absolute, symbolic links resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that git keeps for this work tree (a worktree's own).
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// When git's folder was made; nothing where the file system does not say.
    pub fn made(&self) -> Option<jiff::Timestamp> {
        let made = self.git_dir.metadata().and_then(|meta| meta.created()).ok()?;
        jiff::Timestamp::try_from(made).ok()
    }
}
