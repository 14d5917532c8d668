//! Files that a sparse checkout left out of the work tree: the index has them.
//!
//! Only the flag of a file that is not on disk is believed; what is on disk is
//! read there, whatever the index says of it.

use std::io;
use std::path::Path;

use git2::ObjectType;

use super::seen::{Kind, Meta, Stored};
use crate::model::RepoPath;
use crate::repo::index::Entry;
use crate::repo::names::path_from_git;
use crate::repo::objects;
use crate::repo::{Repo, RepoError};

impl Repo {
    /// The content of a file that was left out; nothing for any other path.
    ///
    /// # Errors
    /// When it has more bytes than that, is a link, or its object is not here.
    pub(in crate::repo) fn left_out(
        &self,
        path: &Path,
        most: usize,
    ) -> Result<Option<Vec<u8>>, RepoError> {
        let read = |entry: &Entry| match objects::content(&self.git()?, entry.oid, most)? {
            Some(bytes) => Ok(bytes),
            None => Err(refused(path, "it is too large")),
        };
        self.with_left_out(path, read)
    }

    /// What is known of a file or folder that was left out; nothing for any
    /// other path.
    ///
    /// # Errors
    /// When it is a link, or its object is not here.
    pub(in crate::repo) fn look_left_out(&self, path: &Path) -> Result<Option<Meta>, RepoError> {
        let look = |entry: &Entry| {
            let git = self.git()?;
            let failed = |error| objects::missing(&git, error, "look at a file's content");
            let (len, kind) =
                git.odb().and_then(|odb| odb.read_header(entry.oid)).map_err(failed)?;
            match kind {
                ObjectType::Blob => Ok(Meta::in_git(entry.mode, len as u64)),
                _ => Err(refused(path, "it is not a file")),
            }
        };
        if let Some(meta) = self.with_left_out(path, look)? {
            return Ok(Some(meta));
        }
        let folder = !self.left_out_below(path)?.is_empty();
        let meta = Meta { kind: Kind::Folder, len: 0, mode: 0o755, stored: Stored::Git };
        Ok(folder.then_some(meta))
    }

    /// The files below a folder that were left out, in order of the index.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(in crate::repo) fn left_out_below(
        &self,
        folder: &Path,
    ) -> Result<Vec<RepoPath>, RepoError> {
        let listing = self.listing()?;
        if !listing.is_sparse() {
            return Ok(Vec::new());
        }
        let below = listing.iter().filter(|entry| entry.left_out && !entry.is_submodule());
        let paths = below.filter_map(|entry| path_from_git(&entry.path));
        let paths = paths.filter(|path| {
            path.as_path() != folder && path.as_path().starts_with(folder) && self.is_absent(path)
        });
        Ok(paths.collect())
    }

    fn is_absent(&self, path: &RepoPath) -> bool {
        self.root().join(path.as_path()).symlink_metadata().is_err()
    }

    fn with_left_out<T>(
        &self,
        path: &Path,
        ask: impl FnOnce(&Entry) -> Result<T, RepoError>,
    ) -> Result<Option<T>, RepoError> {
        let listing = self.listing()?;
        if !listing.is_sparse() {
            return Ok(None);
        }
        let found = listing.get(path.as_os_str().as_encoded_bytes());
        let Some(entry) = found.filter(|entry| entry.left_out && !entry.is_submodule()) else {
            return Ok(None);
        };
        if self.root().join(path).symlink_metadata().is_ok() {
            return Ok(None);
        }
        if entry.is_link() {
            return Err(refused(path, "it is a link that a sparse checkout left out"));
        }
        ask(entry).map(Some)
    }
}

fn refused(path: &Path, reason: &str) -> RepoError {
    RepoError::file("read", path)(io::Error::other(reason))
}
