//! What differs from the last commit: staged, in the work tree, not tracked.

use std::io;

use git2::{AttrCheckFlags, AttrValue, Repository, Status, StatusOptions};
use sha2::{Digest as _, Sha256};

use super::git::path_from_git;
use super::{Repo, RepoError, reader};
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

impl Repo {
    /// What differs from `HEAD`, in order of path. Ignored files do not count;
    /// without a commit, every file of the index is new.
    ///
    /// # Errors
    /// When git cannot tell.
    pub fn status(&self, untracked: Untracked) -> Result<Vec<Change>, RepoError> {
        let (git, _) = self.index()?;
        let mut options = StatusOptions::new();
        options
            .include_ignored(false)
            .include_untracked(untracked != Untracked::None)
            .recurse_untracked_dirs(untracked == Untracked::Files);
        let statuses =
            git.statuses(Some(&mut options)).map_err(RepoError::git("compare the work tree"))?;
        let mut changes = Vec::new();
        for entry in statuses.iter() {
            let bytes = entry.path_bytes();
            let Some(path) = path_from_git(bytes) else { continue };
            let (staged, unstaged) = kinds(entry.status());
            if staged.is_none() && unstaged.is_none() {
                continue;
            }
            let folder = bytes.ends_with(b"/");
            let mut change = Change { path, staged, unstaged, folder, filter: None };
            if change.unstaged == Some(ChangeKind::Modified) {
                self.see_filter(&git, &mut change);
            }
            if change.staged.is_some() || change.unstaged.is_some() {
                changes.push(change);
            }
        }
        changes.sort();
        Ok(changes)
    }

    /// The files below the root whose path passes `keep` and that differ from
    /// `HEAD` in the index or on disk, in order of path. Files that git does not
    /// track and does not ignore differ too; without a commit, every file does.
    ///
    /// # Errors
    /// When git cannot tell.
    pub fn changed(&self, keep: &dyn Fn(&RepoPath) -> bool) -> Result<Vec<RepoPath>, RepoError> {
        let changes = self.status(Untracked::Files)?;
        Ok(changes.into_iter().map(|change| change.path).filter(|path| keep(path)).collect())
    }

    /// libgit2 compares the bytes on disk with those in the index. Where a
    /// filter stands between them, that says nothing: Git LFS's pointers are
    /// compared here, any other filter is named.
    fn see_filter(&self, git: &Repository, change: &mut Change) {
        let attribute = |name: &str| {
            let path = change.path.as_path();
            let value = git.get_attr_bytes(path, name, AttrCheckFlags::FILE_THEN_INDEX).ok()?;
            match AttrValue::always_bytes(value) {
                AttrValue::Bytes(name) => Some(CleanText::bytes(name)),
                _ => None,
            }
        };
        let Some(filter) = attribute("filter").or_else(|| attribute("working-tree-encoding"))
        else {
            return;
        };
        if filter.as_str() == "lfs" && self.is_as_its_pointer_says(git, &change.path) {
            change.unstaged = None;
        } else {
            change.filter = Some(filter);
        }
    }

    /// Whether a file holds what its Git LFS pointer in the index promises.
    fn is_as_its_pointer_says(&self, git: &Repository, path: &RepoPath) -> bool {
        let compare = || -> Option<bool> {
            let entry = git.index().ok()?.get_path(path.as_path(), 0)?;
            let blob = git.find_blob(entry.id).ok()?;
            let (digest, size) = pointer(std::str::from_utf8(blob.content()).ok()?)?;
            let absolute = self.root().join(path.as_path());
            let mut file = reader::open(&absolute).ok()?;
            let meta = file.metadata().ok()?;
            if !meta.is_file() || meta.len() != size {
                return Some(false);
            }
            Some(sha256(&mut file).ok()? == digest)
        };
        compare().unwrap_or(false)
    }
}

/// The SHA-256 and the size that a Git LFS pointer names (its spec, version 1).
fn pointer(text: &str) -> Option<(&str, u64)> {
    if text.len() > 1024 || !text.starts_with("version https://git-lfs.github.com/spec/v1\n") {
        return None;
    }
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    Some((value("oid sha256:")?, value("size ")?.parse().ok()?))
}

fn sha256(file: &mut impl io::Read) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(data_encoding::HEXLOWER.encode(&hasher.finalize())),
            Ok(count) => hasher.update(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// What libgit2 says of a path, told apart: in the index, in the work tree.
fn kinds(status: Status) -> (Option<ChangeKind>, Option<ChangeKind>) {
    let first = |table: &[(Status, ChangeKind)]| {
        table.iter().find(|(bit, _)| status.intersects(*bit)).map(|(_, kind)| *kind)
    };
    let staged = first(&[
        (Status::INDEX_NEW | Status::INDEX_RENAMED, ChangeKind::New),
        (Status::INDEX_DELETED, ChangeKind::Deleted),
        (Status::INDEX_TYPECHANGE, ChangeKind::Retyped),
        (Status::INDEX_MODIFIED, ChangeKind::Modified),
    ]);
    let unstaged = first(&[
        (Status::CONFLICTED, ChangeKind::Conflicted),
        (Status::WT_NEW | Status::WT_RENAMED, ChangeKind::New),
        (Status::WT_DELETED, ChangeKind::Deleted),
        (Status::WT_TYPECHANGE, ChangeKind::Retyped),
        (Status::WT_MODIFIED | Status::WT_UNREADABLE, ChangeKind::Modified),
    ]);
    (staged, unstaged)
}
