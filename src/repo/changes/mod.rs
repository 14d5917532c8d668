//! What differs from the last commit: staged, in the work tree, not tracked.
//!
//! git's own answer leaves out what the index, the configuration or
//! `.gitmodules` hide, and libgit2's follows it. Here every file is compared:
//! the flags skip-worktree and assume-unchanged, `core.trustctime`,
//! `core.checkStat`, `diff.ignoreSubmodules` and the like are never believed.
//! What is believed is the index's note of size, inode, times of content and of
//! status in full, of a file that no flag hides, when the index was written
//! later; else the content is compared.

mod attributes;
mod believed;
mod change;
mod content;
mod disk;
mod lines;
mod same;
mod staged;

use std::collections::BTreeMap;

pub use self::attributes::OwnAttributes;
pub use self::change::{Change, ChangeKind, Hidden, SubmoduleChange, Untracked};
pub use self::same::Sameness;
use super::untracked::New;
use super::{Repo, RepoError};
use crate::model::RepoPath;

impl Repo {
    /// What of the index and of the work tree differs from the commit `HEAD`, in
    /// order of path, whatever is meant to hide it. Ignored files do not count;
    /// without a commit, every file of the index is new. A submodule is one
    /// entry; one that is not checked out does not differ, and neither does a
    /// file that a sparse checkout left out and that is not on disk.
    ///
    /// Line ends and `$Id$` that git converts are not a difference. A file behind
    /// a filter program, which is not run, is none when the index's note of it
    /// stands; else it is a change with [`Change::filter`].
    ///
    /// # Errors
    /// When the index, the commit, an ignore file or a file of the work tree
    /// cannot be read.
    pub fn uncommitted(&self, untracked: Untracked) -> Result<Vec<Change>, RepoError> {
        let git = self.git()?;
        let index = self.listing()?;
        let mut changes = BTreeMap::new();
        let trees = self.trees.take();
        staged::compare(trees.as_ref().unwrap_or(&git), &index, &mut |path, kind| {
            let change = changes.entry(path).or_insert_with_key(|path| Change::of(path.clone()));
            change.staged = Some(kind);
        })?;
        drop(trees);
        for found in disk::compare(self, &index, untracked)? {
            let change = changes.entry(found.path.clone()).or_insert(Change::of(found.path));
            (change.unstaged, change.filter) = (found.unstaged, found.filter);
            (change.hidden, change.submodule) = (found.hidden, found.submodule);
        }
        if untracked != Untracked::None {
            let by_folder = untracked == Untracked::Folders;
            for New { path, folder } in self.untracked(&git, &index, by_folder)? {
                let new = Change { folder, ..Change::of(path) };
                // a file that was taken out of the index is on disk still
                let change = changes.entry(new.path.clone()).or_insert(new);
                change.unstaged.get_or_insert(ChangeKind::New);
            }
        }
        Ok(changes.into_values().collect())
    }

    /// The files below the root whose path passes `keep` and that differ from
    /// `HEAD` in the index or on disk, in order of path. Files that git does not
    /// track and does not ignore differ too; without a commit, every file does.
    ///
    /// # Errors
    /// When git cannot tell.
    pub fn changed(&self, keep: &dyn Fn(&RepoPath) -> bool) -> Result<Vec<RepoPath>, RepoError> {
        let changes = self.uncommitted(Untracked::Files)?;
        Ok(changes.into_iter().map(|change| change.path).filter(|path| keep(path)).collect())
    }
}

#[cfg(test)]
mod tests;
