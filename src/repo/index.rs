//! What git tracks, and what it ignores.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use git2::{Index, Oid, Repository};

use super::git::path_from_git;
use super::{Repo, RepoError};
use crate::model::RepoPath;

/// A tracked file, and a way to its content as the index has it.
pub struct Tracked<'a> {
    /// Where it is.
    pub path: RepoPath,
    git: &'a Repository,
    oid: Oid,
}

/// One entry of the index.
#[derive(Debug)]
pub(super) struct Entry {
    /// As git spells it.
    pub(super) path: Box<[u8]>,
    oid: Oid,
    /// The file's type and permission, as in a tree.
    pub(super) mode: u32,
}

/// What the index held when it was last read; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing(Arc<Mutex<Last>>);

type Last = Option<(Option<Stamp>, Arc<Vec<Entry>>)>;

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
        const SUBMODULE: u32 = 0o160_000;
        let index = self.listing()?;
        let git = self.git()?;
        let mut count = 0;
        let mut before: &[u8] = &[];
        for entry in index.iter() {
            // a file in conflict has up to three entries
            if entry.mode == SUBMODULE || *entry.path == *before {
                continue;
            }
            count += 1;
            if let Some(path) = path_from_git(&entry.path).filter(|path| keep(path)) {
                see(&Tracked { path, git: &git, oid: entry.oid })?;
            }
            before = &entry.path;
        }
        Ok(count)
    }

    /// What the index holds now. It is read anew only when it was written since.
    ///
    /// # Errors
    /// When it is of a kind that libgit2 cannot read.
    pub(super) fn listing(&self) -> Result<Arc<Vec<Entry>>, RepoError> {
        let mut last = self.listing.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.git_dir.join("index"));
        if let Some((then, entries)) = last.as_ref()
            && stamp.is_some()
            && *then == stamp
        {
            return Ok(Arc::clone(entries));
        }
        let (_git, index) = self.index()?;
        let entries = index.iter().map(|entry| Entry {
            path: entry.path.into_boxed_slice(),
            oid: entry.id,
            mode: entry.mode,
        });
        let entries = Arc::new(entries.collect::<Vec<_>>());
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
        content(self.git, self.oid, most)
    }
}

/// A blob's content, or nothing when it has more bytes than that.
pub(super) fn content(
    git: &Repository,
    oid: Oid,
    most: usize,
) -> Result<Option<Vec<u8>>, RepoError> {
    let failed = |error: git2::Error| missing(git, error, "read a file's content");
    let odb = git.odb().map_err(failed)?;
    if odb.read_header(oid).map_err(failed)?.0 > most {
        return Ok(None);
    }
    let object = odb.read(oid).map_err(failed)?;
    Ok(Some(object.data().to_vec()))
}

/// Whether an object's bytes are those that its name says. libgit2 is told not to
/// look for the sake of the history's search, as `git` does not.
pub(crate) fn is_intact(git: &Repository, oid: Oid) -> Result<bool, git2::Error> {
    let odb = git.odb()?;
    let object = odb.read(oid)?;
    Ok(Oid::hash_object(object.kind(), object.data())? == oid)
}

/// An object that is not there: in a partial clone it was never fetched, and
/// nothing is fetched here.
pub(super) fn missing(git: &Repository, error: git2::Error, doing: &str) -> RepoError {
    if error.code() == git2::ErrorCode::NotFound && is_partial(git) {
        return RepoError::Unsupported {
            what: "this is a partial clone, and an object that is needed was not fetched".into(),
            next: "run `git fetch --refetch --no-filter`, or use a full clone".into(),
        };
    }
    RepoError::git(doing)(error)
}

/// Whether some remote promised objects that are not here (gitremote-helpers,
/// "partial-clone" of git's technical documentation).
pub(super) fn is_partial(git: &Repository) -> bool {
    let Ok(config) = git.config() else { return false };
    if config.get_string("extensions.partialclone").is_ok() {
        return true;
    }
    let Ok(mut entries) = config.entries(Some(r"^remote\..*\.promisor$")) else { return false };
    while let Some(Ok(entry)) = entries.next() {
        if entry.value().is_ok_and(|value| git2::Config::parse_bool(value).unwrap_or(false)) {
            return true;
        }
    }
    false
}
