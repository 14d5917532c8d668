//! What a tree tells of its files.

use std::io;
use std::ops::ControlFlow;

use crate::model::{CommitId, RepoPath};
use crate::repo::{RepoError, Source, Unread};

/// Which files a tree holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Those on disk.
    Worktree,
    /// Those of a commit.
    Commit(CommitId),
    /// Those that a test made up.
    Memory,
}

/// What a walk meets.
#[derive(Debug)]
pub enum Seen<'a> {
    /// A regular file.
    File {
        /// Where it is.
        path: RepoPath,
        /// Where its content is; [`Reader::read`](crate::repo::Reader::read) reads it.
        source: Source<'a>,
    },
    /// A symbolic link; it is not followed.
    Link(RepoPath),
    /// A folder that could not be listed.
    UnreadableFolder {
        /// Where it is; none when it is the top itself.
        path: Option<RepoPath>,
        /// Why.
        reason: io::Error,
    },
    /// Files that should have been shown and could not be.
    Unread(Unread),
}

/// One thread's eyes during a walk.
pub trait Visitor: Send {
    /// Looks at one entry; breaking ends the walk on all threads soon.
    fn see(&mut self, seen: Seen<'_>) -> ControlFlow<()>;
}

/// Makes a visitor for each thread of a walk.
pub type Visitors<'a, 'v> = &'a (dyn Fn() -> Box<dyn Visitor + 'v> + Sync);

/// What to look for in [`Tree::find`](super::Tree::find).
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// Files or folders at or below which to look; the whole tree when one is
    /// none.
    pub starts: &'a [Option<RepoPath>],
    /// Whether a file is one.
    pub keep: &'a (dyn Fn(&RepoPath) -> bool + Sync),
    /// Whether to go on; asked now and then.
    pub go_on: &'a (dyn Fn() -> bool + Sync),
}

impl Query<'_> {
    /// Whether a file lies at or below a start.
    pub(in crate::repo) fn starts_at(&self, path: &RepoPath) -> bool {
        let below = |start: &RepoPath| path.as_path().starts_with(start.as_path());
        self.starts.iter().any(|start| start.as_ref().is_none_or(below))
    }

    /// Whether a folder may hold what is looked for, or lies around a start.
    pub(in crate::repo) fn concerns(&self, folder: &RepoPath) -> bool {
        let around = |start: &RepoPath| start.as_path().starts_with(folder.as_path());
        self.starts_at(folder) || self.starts.iter().flatten().any(around)
    }
}

/// A file that was looked for: no folder, and no link that leads nowhere.
#[derive(Debug)]
pub struct Matched {
    /// Where it is.
    pub path: RepoPath,
    /// What is known of it, links followed; or why that is not known, such as
    /// [`RepoError::Outside`].
    pub meta: Result<Meta, RepoError>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, in order of path.
    pub files: Vec<Matched>,
    /// Links that lead to no file, in order of path: nowhere, or to a folder.
    pub links: Vec<RepoPath>,
    /// What lies at or below the starts and could not be looked into.
    pub unread: Vec<Unread>,
}

/// How many files are tracked.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Counted {
    /// Of those that could be listed.
    pub files: usize,
    /// Submodules that could not be.
    pub unread: Vec<Unread>,
}

/// What is known of a file without reading it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Meta {
    /// What it is, links followed.
    pub kind: Kind,
    /// The bytes of a file.
    pub len: u64,
    /// The permission bits. Git keeps of these only whether a file may be run,
    /// as 0644 or 0755.
    pub mode: u32,
    /// Who says so.
    pub stored: Stored,
}

/// What a path names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A pipe, a socket, a device.
    Special,
}

/// Where a file is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stored {
    /// On disk: its mode is what the system goes by.
    Disk,
    /// Among git's objects only: in a commit, or left out by a sparse checkout.
    Git,
}

impl Meta {
    /// Whether it is a regular file.
    pub fn is_file(&self) -> bool {
        self.kind == Kind::File
    }

    /// Whether it is a folder.
    pub fn is_dir(&self) -> bool {
        self.kind == Kind::Folder
    }

    #[cfg(unix)]
    pub(in crate::repo) fn of(meta: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let kind = match meta.file_type() {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Folder,
            _ => Kind::Special,
        };
        let mode = meta.permissions().mode() & 0o7777;
        Self { kind, len: meta.len(), mode, stored: Stored::Disk }
    }

    /// A file by its mode in a tree or in the index.
    pub(in crate::repo) fn in_git(mode: u32, len: u64) -> Self {
        let mode = if mode & 0o111 == 0 { 0o644 } else { 0o755 };
        Self { kind: Kind::File, len, mode, stored: Stored::Git }
    }
}
