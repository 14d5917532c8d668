//! What a change is.

use super::attributes::OwnAttributes;
use crate::model::{CleanText, RepoPath};

/// A path that is not as the last commit has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Change {
    /// Which.
    pub path: RepoPath,
    /// How the index differs from `HEAD`.
    pub staged: Option<ChangeKind>,
    /// How the work tree differs from the index.
    pub unstaged: Option<ChangeKind>,
    /// It stands for all that is in a folder of which git knows nothing.
    pub folder: bool,
    /// A filter of the repository's that changes the file between work tree and
    /// index. It was not run, so that the file may be unchanged after all.
    pub filter: Option<CleanText>,
    /// Why `git status` does not show the change of the work tree.
    pub hidden: Option<Hidden>,
    /// What differs, when it is a submodule that is checked out.
    pub submodule: Option<SubmoduleChange>,
}

/// How one state of a file differs from the state before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ChangeKind {
    /// It was not there.
    New,
    /// Its content or its mode differs.
    Modified,
    /// It is gone.
    Deleted,
    /// It became something else, such as a symbolic link.
    Retyped,
    /// A merge left it undecided.
    Conflicted,
}

impl ChangeKind {
    /// The words for it, for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Modified => "modified",
            Self::Deleted => "deleted",
            Self::Retyped => "of another type",
            Self::Conflicted => "in conflict",
        }
    }
}

/// What makes git look away from a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Hidden {
    /// The index's flag skip-worktree, which a sparse checkout sets too.
    SkipWorktree,
    /// The index's flag assume-unchanged.
    AssumeUnchanged,
    /// A setting that leaves out changes of submodules: `ignore` in
    /// `.gitmodules` or the configuration, or `diff.ignoreSubmodules`.
    IgnoredSubmodule,
    /// An attribute that git does not track, by where it stands.
    Attributes(OwnAttributes),
}

/// How a submodule is not as the index has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct SubmoduleChange {
    /// It stands on another commit.
    pub other_commit: bool,
    /// A file that it tracks differs from its own commit.
    pub modified: bool,
    /// It holds files that it neither tracks nor ignores.
    pub untracked: bool,
}

/// What of the files that git does not track is of interest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Untracked {
    /// Nothing.
    None,
    /// Each file, but a folder of which git knows nothing is one entry.
    Folders,
    /// Each file.
    Files,
}

impl Change {
    pub(super) fn of(path: RepoPath) -> Self {
        let (filter, hidden, submodule) = (None, None, None);
        Self { path, staged: None, unstaged: None, folder: false, filter, hidden, submodule }
    }

    /// Whether git does not track it, so that no commit's file differs.
    pub fn is_untracked(&self) -> bool {
        self.staged.is_none() && self.unstaged == Some(ChangeKind::New)
    }
}
