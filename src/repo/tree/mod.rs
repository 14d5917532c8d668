//! A set of files with one way to list and read them.
//!
//! Checks, facts and the shared pass ask a [`Tree`], and need not know which it
//! is: the [`Worktree`] on disk, a [`Commit`] from git's objects, or files in
//! [`Memory`] (tests). Questions about the history, the remotes, the author of
//! a line, and about what of the work tree differs from a commit are no
//! questions to a tree; [`Repo`](super::Repo) answers those.
//!
//! # What no tree does in silence
//! A file that should have been read and could not be is told as [`Unread`](super::Unread),
//! with its path: a submodule that is not checked out, a commit's submodule
//! whose objects are not here. Whoever asked then knows that an answer
//! such as "there is none" is not proven. A file that a sparse checkout left
//! out is read from the index; it is a file of the work tree like any other. A
//! tracked file that was deleted is not there, which is a change and no gap.

mod commit;
pub(super) mod links;
mod list;
mod memory;
pub(super) mod seen;
mod sparse;
pub(super) mod submodule;
#[cfg(test)]
mod tests;
pub(super) mod walk;
mod worktree;

use std::fmt::Debug;
use std::ops::ControlFlow;

pub use self::commit::Commit;
pub use self::memory::Memory;
pub use self::seen::{
    Counted, Found, Kind, Matched, Meta, Origin, Query, Seen, Stored, Visitor, Visitors,
};
pub use self::worktree::Worktree;
use super::{Ignored, RepoError, Tracked};
use crate::model::RepoPath;

/// A set of files with one way to list and read them. Cheap to share between
/// threads. Every method may be asked at any time, and a work tree answers with
/// what is on disk at that moment; a commit and files in memory never change.
///
/// Paths are relative to the tree's top. Files of submodules are files of the
/// tree, at their path in it. `.git`, and repositories that are not submodules,
/// are in no tree.
pub trait Tree: Debug + Send + Sync {
    /// Which files these are, to be named to people.
    fn origin(&self) -> Origin;

    /// Shows each regular file once, in no particular order, on so many
    /// threads: of a work tree what git tracks or would add (the index, and
    /// what is on disk and not ignored), of a commit all. Symbolic links are
    /// shown as such and not followed. This is for the shared pass; a check that
    /// looks for few files asks [`find`](Self::find) or [`read`](Self::read).
    ///
    /// Each thread has a visitor of its own, or several one after the other,
    /// and drops it before `walk` returns.
    ///
    /// # Errors
    /// When the index, the commit or an ignore file cannot be read. Files may
    /// have been shown by then, so that nothing can be concluded.
    fn walk(&self, threads: usize, visitors: Visitors<'_, '_>) -> Result<(), RepoError>;

    /// The files that were looked for, in order of path, whether or not git
    /// ignores or tracks them; [`Query`] says where and which. Nothing when
    /// `go_on` said no on the way. A link to a file counts as a file, with what
    /// is known of the file that it leads to; one that leads nowhere or to a
    /// folder is none and told as [`Found::links`], and one that leads out of the tree has the error
    /// [`RepoError::Outside`] in place of what is known.
    ///
    /// In a work tree `node_modules`, `__pycache__` and virtual environments are
    /// left out, unless a start lies within one. Of a commit nothing is.
    ///
    /// # Errors
    /// When a start leads outside, or a folder cannot be listed.
    fn find(&self, wanted: &Query<'_>) -> Result<Option<Found>, RepoError>;

    /// Shows each file that git tracks whose path passes `keep`, links among
    /// them, with its content as git has it (the index's, of a work tree; of a file
    /// in conflict each side), until `see` breaks. Says how many files are tracked, and what could not be
    /// listed. [`each_tracked`](#method.each_tracked) is the same for a `see`
    /// that may fail.
    ///
    /// # Errors
    /// When git cannot read its index or the commit.
    fn tracked(
        &self,
        keep: &dyn Fn(&RepoPath) -> bool,
        see: &mut dyn FnMut(&Tracked<'_>) -> ControlFlow<()>,
    ) -> Result<Counted, RepoError>;

    /// The content of a file, links followed, or nothing when there is no such
    /// file; tracked and ignored do not matter.
    ///
    /// # Errors
    /// When it leads outside, is not a regular file, is larger than 64 MiB, cannot
    /// be read, or lies in a submodule that cannot.
    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, RepoError>;

    /// What is known of a path without reading it (of the tree's top, when it
    /// is none), links followed; nothing when it is not there.
    ///
    /// # Errors
    /// When it leads outside, cannot be looked at, or lies in a submodule that
    /// cannot.
    fn look(&self, path: Option<&RepoPath>) -> Result<Option<Meta>, RepoError>;

    /// Where a path leads, links followed: itself when none is on the way. Parts
    /// that are not there are taken as they are written.
    ///
    /// # Errors
    /// When it leads outside, or a link cannot be read.
    fn real(&self, path: &RepoPath) -> Result<RepoPath, RepoError>;

    /// What lies directly in a folder (the top, when it is none), in order of
    /// path: files, links and folders, ignored ones too. None when there is no
    /// such folder.
    ///
    /// # Errors
    /// When the folder leads outside, cannot be listed, holds more than 10,000
    /// names, or is a submodule that cannot be read.
    fn names_in(&self, folder: Option<&RepoPath>) -> Result<Vec<RepoPath>, RepoError>;

    /// Which rule of git's ignores a path, by how far the rules reach. Whether
    /// the path is tracked, or there, does not matter. Rules that end in a slash
    /// concern folders: for a path that is not there, `folder` says whether it
    /// would be one.
    ///
    /// # Errors
    /// When rules cannot be read.
    fn ignored(&self, path: &RepoPath, folder: bool) -> Result<Ignored, RepoError>;

    /// The tracked files whose path passes `keep`, with the hexadecimal name of
    /// each blob, in order of path; of a work tree the index's, which say
    /// nothing of what is on disk. A submodule counts once, with the name of the
    /// commit that it stands on; its files do not.
    ///
    /// # Errors
    /// When git cannot read its index or the commit.
    fn blobs(&self, keep: &dyn Fn(&RepoPath) -> bool)
    -> Result<Vec<(RepoPath, String)>, RepoError>;

    /// The submodules, in order of path, checked out or not.
    ///
    /// # Errors
    /// When git cannot read its index.
    fn submodules(&self) -> Result<Vec<RepoPath>, RepoError>;
}

impl dyn Tree + '_ {
    /// [`Tree::tracked`] for a `see` that may fail, which ends it.
    ///
    /// # Errors
    /// Those of [`Tree::tracked`], and whatever `see` answers.
    pub fn each_tracked<E: From<RepoError>>(
        &self,
        keep: &dyn Fn(&RepoPath) -> bool,
        mut see: impl FnMut(&Tracked<'_>) -> Result<(), E>,
    ) -> Result<Counted, E> {
        let mut failed = None;
        let counted = self.tracked(keep, &mut |file| match see(file) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        match failed {
            Some(error) => Err(error),
            None => Ok(counted),
        }
    }
}
