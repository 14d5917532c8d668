//! Asks git: which repository, where `HEAD` is, who works here, what a commit holds.
//!
//! All of it goes through libgit2, which knows no hooks on reading, no
//! fsmonitor and no filter program: nothing of the repository's runs.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use git2::{ErrorCode, ObjectType, Oid, Repository, RepositoryOpenFlags};

use super::error::shown;
use super::names::{name, path_from_git};
use super::{Head, Repo, RepoError, config};
use crate::model::{CleanText, CommitId, Person, RepoPath, words};
use jiff::Timestamp;

impl Repo {
    /// Finds the repository that a folder belongs to.
    ///
    /// The search goes up as git's does, `GIT_CEILING_DIRECTORIES` respected.
    ///
    /// # Errors
    /// When there is none, it is bare, or git cannot read it.
    pub fn discover(start: &Path) -> Result<Self, RepoError> {
        let start = start.canonicalize().map_err(RepoError::file("open", start))?;
        let ceilings: Vec<PathBuf> = env::var_os("GIT_CEILING_DIRECTORIES")
            .map(|list| env::split_paths(&list).collect())
            .unwrap_or_default();
        let git = Repository::open_ext(&start, RepositoryOpenFlags::empty(), ceilings)
            .map_err(|error| refused(error, &start))?;
        // git's library says no more than that an object is not there
        if let Err(error) = git.commondir().join("objects").read_dir() {
            unreadable_at(&git.commondir().join("objects"), error).map_or(Ok(()), Err)?;
        }
        super::intact::check(git.commondir())?;
        let Some(root) = git.workdir() else {
            return Err(RepoError::Bare(shown(git.path())));
        };
        let resolved = |path: &Path| path.canonicalize().map_err(RepoError::file("open", path));
        Ok(Self {
            root: resolved(root)?,
            git_dir: resolved(git.path())?,
            listing: super::Listing::default(),
            trees: Trees::default(),
        })
    }

    /// The work tree, when `core.worktree` put it elsewhere than around git's folder.
    pub fn work_tree_elsewhere(&self) -> Option<CleanText> {
        (!self.root.join(".git").exists()).then(|| shown(&self.root))
    }

    /// A handle of its own to ask git with; it runs no hook, filter or fsmonitor.
    ///
    /// # Errors
    /// When git cannot open it.
    pub fn git(&self) -> Result<Repository, RepoError> {
        // a linked worktree is known by its `.git` file alone; a work tree that
        // `core.worktree` put elsewhere has none
        let by = if self.root.join(".git").exists() { &self.root } else { &self.git_dir };
        let open = |by: &Path| {
            let nothing_above: [&OsStr; 0] = [];
            Repository::open_ext(by, RepositoryOpenFlags::NO_SEARCH, nothing_above)
                .map_err(|error| refused(error, &self.root))
        };
        let mut git = open(by)?;
        // `core.worktree` may lead into the work tree of another repository
        let own = |git: &Repository| {
            let path = git.path();
            path == self.git_dir || path.canonicalize().is_ok_and(|path| path == self.git_dir)
        };
        if !own(&git) {
            git = open(&self.git_dir)?;
        }
        super::intact::check(git.commondir())?;
        if let Some(config) = config::from_environment(&git, &config::process)
            .map_err(RepoError::git("read its configuration"))?
        {
            git.set_config(&config).map_err(RepoError::git("read its configuration"))?;
        }
        Ok(git)
    }

    /// Where `HEAD` points.
    ///
    /// # Errors
    /// When git cannot read it. A repository without commits is not an error.
    pub fn head(&self) -> Result<Head, RepoError> {
        let git = self.git()?;
        let doing = || RepoError::git("read HEAD");
        let head = git.find_reference("HEAD").map_err(doing())?;
        let branch = head
            .symbolic_target_bytes()
            .map(|target| CleanText::bytes(target.strip_prefix(b"refs/heads/").unwrap_or(target)));
        let commit = match git.head() {
            Ok(head) => Some(head.peel_to_commit().map_err(doing())?.id()),
            Err(error) if error.code() == ErrorCode::UnbornBranch => None,
            Err(error) => return Err(doing()(error)),
        };
        Ok(Head { branch, commit: commit.map(name).transpose()? })
    }

    /// What git is in the middle of: `a merge`; nothing as a rule.
    ///
    /// # Errors
    /// When git cannot open it.
    pub fn operation(&self) -> Result<Option<&'static str>, RepoError> {
        use git2::RepositoryState as State;
        Ok(match self.git()?.state() {
            State::Clean => None,
            State::Merge => Some("a merge"),
            State::Revert | State::RevertSequence => Some("a revert"),
            State::CherryPick | State::CherryPickSequence => Some("a cherry-pick"),
            State::Bisect => Some("a bisection"),
            State::Rebase | State::RebaseInteractive | State::RebaseMerge => Some("a rebase"),
            State::ApplyMailbox | State::ApplyMailboxOrRebase => Some("`git am` or a rebase"),
        })
    }

    /// When a commit was made, by its committer's clock.
    ///
    /// # Errors
    /// When the commit is not here.
    pub fn committed_at(&self, commit: &CommitId) -> Result<Timestamp, RepoError> {
        let failed = || RepoError::git(format!("read commit {}", commit.short()));
        let git = self.git()?;
        let oid = Oid::from_str(commit.as_str()).map_err(failed())?;
        let seconds = git.find_commit(oid).map_err(failed())?.time().seconds();
        Ok(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
    }

    /// Whether the one commit has the other among its ancestors.
    ///
    /// # Errors
    /// When one of them, or one between them, is not here.
    pub fn descends(&self, commit: &CommitId, ancestor: &CommitId) -> Result<bool, RepoError> {
        let failed = || RepoError::git(format!("compare {} with its history", commit.short()));
        let git = self.git()?;
        super::objects::ungrafted(&git)?;
        let oid = |id: &CommitId| Oid::from_str(id.as_str());
        let (commit, ancestor) = (oid(commit).map_err(failed())?, oid(ancestor).map_err(failed())?);
        git.graph_descendant_of(commit, ancestor).map_err(failed())
    }

    /// The person that git would name as author here.
    ///
    /// # Errors
    /// [`RepoError::NoIdentity`] when name or email is not configured.
    pub fn identity(&self) -> Result<Person, RepoError> {
        config::author(&self.configuration()?, &config::process).ok_or(RepoError::NoIdentity)
    }

    /// The person that git would name as committer here.
    ///
    /// # Errors
    /// [`RepoError::NoIdentity`] when name or email is not configured.
    pub fn committer(&self) -> Result<Person, RepoError> {
        config::committer(&self.configuration()?, &config::process).ok_or(RepoError::NoIdentity)
    }

    /// Whether git compares permissions of files here.
    ///
    /// # Errors
    /// When git cannot read its configuration.
    pub fn compares_modes(&self) -> Result<bool, RepoError> {
        Ok(self.configuration()?.get_bool("core.filemode").unwrap_or(true))
    }

    fn configuration(&self) -> Result<git2::Config, RepoError> {
        self.git()?
            .config()
            .and_then(|mut config| config.snapshot())
            .map_err(RepoError::git("read its configuration"))
    }

    /// The files of a commit's tree whose path passes `keep`, with the
    /// hexadecimal name of each blob and its mode (`1a2b… 100644`), in order of path. A submodule counts with
    /// the name of the commit that it stands on.
    ///
    /// # Errors
    /// When the commit is not there.
    pub fn blobs(
        &self,
        commit: &CommitId,
        keep: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<Vec<(RepoPath, String)>, RepoError> {
        let git = self.git()?;
        let failed = || RepoError::git(format!("read commit {}", commit.short()));
        let oid = Oid::from_str(commit.as_str()).map_err(failed())?;
        let top = git.find_commit(oid).and_then(|commit| commit.tree()).map_err(failed())?;
        let mut kept = Vec::new();
        let mut path = Vec::new();
        // each with the number of its next entry, and how long its path is
        let mut open = vec![(top, 0, 0)];
        while let Some((tree, next, length)) = open.last_mut() {
            path.truncate(*length);
            let Some(entry) = tree.get(*next) else {
                open.pop();
                continue;
            };
            *next += 1;
            path.extend_from_slice(entry.name_bytes());
            match entry.kind() {
                Some(ObjectType::Tree) => {
                    path.push(b'/');
                    let tree = git.find_tree(entry.id()).map_err(failed())?;
                    drop(entry);
                    open.push((tree, 0, path.len()));
                }
                Some(ObjectType::Blob | ObjectType::Commit) => {
                    if let Some(path) = path_from_git(&path).filter(|path| keep(path)) {
                        kept.push((path, format!("{} {:06o}", entry.id(), entry.filemode())));
                    }
                }
                _ => {}
            }
        }
        drop(open);
        // as a rule they are in order
        kept.sort();
        self.trees.keep(git);
        Ok(kept)
    }

    /// Gives back the memory of what [`blobs`](Self::blobs) read, where nobody asks
    /// what differs from that commit.
    pub fn forget_trees(&self) {
        drop(self.trees.take());
    }
}

/// A handle of git's that has read the trees of a commit and keeps them, for who
/// reads them next: what differs from the commit. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Trees(Arc<Mutex<Option<Repository>>>);

impl Trees {
    fn keep(&self, git: Repository) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(git);
    }

    /// Takes it, so that its memory is given back with it.
    pub(super) fn take(&self) -> Option<Repository> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl std::fmt::Debug for Trees {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trees")
    }
}

/// Why git's library would not open it.
fn refused(error: git2::Error, at: &Path) -> RepoError {
    match error.code() {
        ErrorCode::NotFound => unreadable(at).unwrap_or_else(|| RepoError::NotFound(shown(at))),
        ErrorCode::Owner => RepoError::Unsupported {
            what: CleanText::line(format!(
                "the repository around `{}` belongs to another user, and git trusts no such repository",
                shown(at)
            )),
            next: CleanText::line(
                "run gonogo as its owner, or `git config --global --add safe.directory` with the absolute path of its top folder (a path with `/*` is not understood)",
            ),
        },
        _ => RepoError::git("open the repository")(error),
    }
}

/// git's folder, or the file that names it, at a folder or above, when it is there
/// and this person may not look into it: git's library takes it for none.
fn unreadable(at: &Path) -> Option<RepoError> {
    at.ancestors().map(|folder| folder.join(".git")).find_map(|git| {
        // a link that leads nowhere is no repository
        let seen = match git.is_file() {
            true => File::open(&git).map(drop),
            false => git.join("HEAD").metadata().map(drop),
        };
        unreadable_at(&git, seen.err()?)
    })
}

fn unreadable_at(path: &Path, error: io::Error) -> Option<RepoError> {
    let reason = words::system(&error);
    let what = format!("git's folder `{}` is there and could not be read ({reason})", shown(path));
    (error.kind() == io::ErrorKind::PermissionDenied).then(|| RepoError::Unsupported {
        what: CleanText::line(what),
        next: "run gonogo as its owner, or give yourself permission to read it".into(),
    })
}

#[cfg(test)]
mod tests;
