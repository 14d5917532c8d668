//! What git tracks: the index, read once for all who ask.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use git2::{Index, Oid, Repository};

use super::names::path_from_git;
use super::{Repo, RepoError, Source};
use crate::model::RepoPath;

/// A tracked file, and a way to its content as the index has it.
#[derive(Debug)]
pub struct Tracked<'a> {
    /// Where it is.
    pub path: RepoPath,
    pub(super) source: Source<'a>,
}

/// One entry of the index.
#[derive(Debug)]
pub(super) struct Entry {
    /// As git spells it.
    pub(super) path: Box<[u8]>,
    pub(super) oid: Oid,
    /// The file's type and permission, as in a tree.
    pub(super) mode: u32,
    /// A sparse checkout left it out of the work tree (skip-worktree).
    pub(super) left_out: bool,
}

impl Entry {
    pub(super) fn is_file(&self) -> bool {
        self.mode & TYPE == REGULAR
    }

    pub(super) fn is_link(&self) -> bool {
        self.mode & TYPE == LINK
    }

    pub(super) fn is_submodule(&self) -> bool {
        self.mode & TYPE == SUBMODULE
    }
}

/// What a mode says of a file's type, as trees and the index hold it.
pub(super) const TYPE: u32 = 0o170_000;
pub(super) const REGULAR: u32 = 0o100_000;
pub(super) const LINK: u32 = 0o120_000;
pub(super) const SUBMODULE: u32 = 0o160_000;

/// All entries of the index, in order of their bytes.
#[derive(Debug, Default)]
pub(super) struct Entries {
    all: Vec<Entry>,
    sparse: bool,
}

impl Entries {
    fn of(index: &Index) -> Self {
        let left_out =
            |flags| git2::IndexEntryExtendedFlag::from_bits_retain(flags).is_skip_worktree();
        let all: Vec<Entry> = index
            .iter()
            .map(|entry| Entry {
                path: entry.path.into_boxed_slice(),
                oid: entry.id,
                mode: entry.mode,
                left_out: left_out(entry.flags_extended),
            })
            .collect();
        let sparse = all.iter().any(|entry| entry.left_out);
        Self { all, sparse }
    }

    /// Each; a file in conflict has up to three.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.all.iter()
    }

    /// Whether any file was left out of the work tree.
    pub(super) fn is_sparse(&self) -> bool {
        self.sparse
    }

    /// The entry of a path, as git spells it.
    pub(super) fn get(&self, path: &[u8]) -> Option<&Entry> {
        let at = self.all.partition_point(|entry| *entry.path < *path);
        self.all.get(at).filter(|entry| *entry.path == *path)
    }
}

/// What the index held when it was last read; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing(Arc<Mutex<Last>>);

type Last = Option<(Option<Stamp>, Arc<Entries>)>;

/// By what a file that was written is known: when, how long, and, since git
/// renames a new index into place, which file it is.
type Stamp = (SystemTime, u64, u64);

fn stamp(file: &Path) -> Option<Stamp> {
    let meta = file.metadata().ok()?;
    #[cfg(unix)]
    let which = std::os::unix::fs::MetadataExt::ino(&meta);
    #[cfg(not(unix))]
    let which = 0;
    Some((meta.modified().ok()?, meta.len(), which))
}

impl Repo {
    /// Shows each tracked file whose path passes `keep`, in git's order, and
    /// says how many files are tracked. Submodules are none.
    ///
    /// # Errors
    /// When git cannot read its index, and whatever `see` answers.
    pub fn each_tracked<E: From<RepoError>>(
        &self,
        keep: &dyn Fn(&RepoPath) -> bool,
        mut see: impl FnMut(&Tracked<'_>) -> Result<(), E>,
    ) -> Result<usize, E> {
        let index = self.listing()?;
        let git = self.git()?;
        let mut count = 0;
        let mut before: &[u8] = &[];
        for entry in index.iter() {
            // a file in conflict has up to three entries
            if entry.is_submodule() || *entry.path == *before {
                continue;
            }
            count += 1;
            if let Some(path) = path_from_git(&entry.path).filter(|path| keep(path)) {
                see(&Tracked { path, source: Source::blob(&git, entry.oid) })?;
            }
            before = &entry.path;
        }
        Ok(count)
    }

    /// What the index holds now. It is read anew only when it was written since.
    ///
    /// # Errors
    /// When it is of a kind that libgit2 cannot read.
    pub(super) fn listing(&self) -> Result<Arc<Entries>, RepoError> {
        let mut last = self.listing.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.git_dir.join("index"));
        if let Some((then, entries)) = last.as_ref()
            && stamp.is_some()
            && *then == stamp
        {
            return Ok(Arc::clone(entries));
        }
        let (_git, index) = self.index()?;
        let entries = Arc::new(Entries::of(&index));
        *last = Some((stamp, Arc::clone(&entries)));
        Ok(entries)
    }

    /// The index as it is now.
    ///
    /// # Errors
    /// When it is of a kind that libgit2 cannot read.
    pub(super) fn index(&self) -> Result<(Repository, Index), RepoError> {
        let git = self.git()?;
        let index = git.index().map_err(RepoError::git("read its index"))?;
        Ok((git, index))
    }
}

impl Tracked<'_> {
    /// The content, or nothing when it has more bytes than that.
    ///
    /// # Errors
    /// When the object is not there, as in a partial clone.
    pub fn content(&self, most: usize) -> Result<Option<Vec<u8>>, RepoError> {
        self.source.content(most)
    }
}
