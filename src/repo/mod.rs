//! The doors to the world: git, files, env files, randomness. No opinion about
//! what is right lives here, and nothing outside this folder and the ledger's
//! store talks to git.

mod dotenv;
mod folder;
mod reader;
mod source;
mod walk;

pub use dotenv::{EnvChange, EnvEdit, EnvEntry, EnvFile, EnvProblem};
pub use reader::{Content, LARGEST, Reader};
pub use source::SourceFile;
pub use walk::{Seen, Visitor};

use std::path::{Path, PathBuf};

use crate::model::{CleanText, CommitId, Person, RepoPath};

/// A repository with a work tree. Cheap to share between threads: every
/// question to git opens a handle of its own.
#[derive(Clone, Debug)]
pub struct Repo {
    root: PathBuf,
    git_dir: PathBuf,
}

/// What `HEAD` is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The branch, unless `HEAD` is detached.
    pub branch: Option<CleanText>,
    /// The commit, unless there is none yet.
    pub commit: Option<CommitId>,
}

/// Why the repository did not answer. Says what happened, where, and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum RepoError {
    /// There is none here.
    #[error(
        "no git repository at `{0}` or above; run `git init` there, or name a folder inside a repository with `-C`"
    )]
    NotFound(CleanText),
    /// It has no work tree.
    #[error(
        "`{0}` is a bare repository, which has no files to check; run gonogo in a clone or a worktree of it"
    )]
    Bare(CleanText),
    /// It has no commit yet.
    #[error(
        "this repository has no commit yet, so a sign-off has nothing to stand on; make the first commit, then sign"
    )]
    Unborn,
    /// git does not know who the person is.
    #[error(
        "git does not know who you are, and a record needs a name; run `git config --global user.name \"Your Name\"` and `git config --global user.email you@example.com`"
    )]
    NoIdentity,
    /// A path leads outside, through a symbolic link.
    #[error("`{0}` leads outside the repository; gonogo follows no link that does")]
    Outside(RepoPath),
    /// A kind of repository that libgit2 cannot read.
    #[error("{what}; {next}")]
    Unsupported {
        /// What was met.
        what: CleanText,
        /// What to do.
        next: CleanText,
    },
    /// git's library failed.
    #[error("git could not {doing}: {reason}")]
    Git {
        /// What was being done.
        doing: String,
        /// What it said.
        reason: CleanText,
    },
    /// A file could not be read or written.
    #[error("could not {doing} `{path}`: {reason}")]
    File {
        /// `read`, `write`, …
        doing: &'static str,
        /// Which.
        path: CleanText,
        /// Why.
        reason: String,
    },
}

impl Repo {
    /// Finds the repository that a folder belongs to.
    ///
    /// # Errors
    /// When there is none, it is bare, or git cannot read it.
    pub fn discover(_start: &Path) -> Result<Self, RepoError> {
        todo!()
    }

    /// The top of the work tree, absolute.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that git keeps for this work tree (a worktree's own).
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// A handle of its own to ask git with; it runs no hook, filter or fsmonitor.
    ///
    /// # Errors
    /// When git cannot open it.
    pub fn git(&self) -> Result<git2::Repository, RepoError> {
        todo!()
    }

    /// Where `HEAD` points.
    ///
    /// # Errors
    /// When git cannot read it. A repository without commits is no error.
    pub fn head(&self) -> Result<Head, RepoError> {
        todo!()
    }

    /// The person that git would name as author here.
    ///
    /// # Errors
    /// [`RepoError::NoIdentity`] when name or email is not configured.
    pub fn identity(&self) -> Result<Person, RepoError> {
        todo!()
    }

    /// The files of a commit's tree whose path passes `keep`, with the
    /// hexadecimal name of each blob, in order of path.
    ///
    /// # Errors
    /// When the commit is not there.
    pub fn blobs(
        &self,
        _commit: &CommitId,
        _keep: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<Vec<(RepoPath, String)>, RepoError> {
        todo!()
    }

    /// The files below the root whose path passes `keep` and that differ from
    /// `HEAD` in the index or on disk.
    ///
    /// # Errors
    /// When git cannot tell.
    pub fn changed(&self, _keep: &dyn Fn(&RepoPath) -> bool) -> Result<Vec<RepoPath>, RepoError> {
        todo!()
    }

    /// The absolute path of a file, symbolic links followed.
    ///
    /// # Errors
    /// [`RepoError::Outside`] when a link leads out of the repository.
    pub fn absolute(&self, _path: &RepoPath) -> Result<PathBuf, RepoError> {
        todo!()
    }

    /// The content of a file, or nothing when there is no such file.
    ///
    /// # Errors
    /// When it leads outside, is no regular file, or cannot be read.
    pub fn read(&self, _path: &RepoPath) -> Result<Option<Vec<u8>>, RepoError> {
        todo!()
    }
}
