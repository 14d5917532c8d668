//! What differs from the last commit: staged, in the work tree, not tracked.

use std::collections::BTreeMap;
use std::io;

use git2::{AttrCheckFlags, AttrValue, Repository, Status, StatusOptions};
use sha2::{Digest as _, Sha256};

use super::git::path_from_git;
use super::untracked::New;
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
        let (git, index) = self.index()?;
        let mut options = StatusOptions::new();
        // what is new is looked for apart, since libgit2 misreads some ignore rules
        options.include_ignored(false).include_untracked(false);
        let statuses =
            git.statuses(Some(&mut options)).map_err(RepoError::git("compare the work tree"))?;
        let mut changes = BTreeMap::new();
        for entry in statuses.iter() {
            let Some(path) = path_from_git(entry.path_bytes()) else { continue };
            let (staged, unstaged) = kinds(entry.status());
            let mut change = Change { path, staged, unstaged, folder: false, filter: None };
            if change.unstaged == Some(ChangeKind::Modified) {
                self.see_filter(&git, &mut change);
            }
            if change.staged.is_some() || change.unstaged.is_some() {
                changes.insert(change.path.clone(), change);
            }
        }
        if untracked != Untracked::None {
            let by_folder = untracked == Untracked::Folders;
            for New { path, folder } in self.untracked(&git, &index, by_folder)? {
                let new = Change { path, staged: None, unstaged: None, folder, filter: None };
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
        (Status::WT_DELETED, ChangeKind::Deleted),
        (Status::WT_TYPECHANGE, ChangeKind::Retyped),
        (Status::WT_MODIFIED | Status::WT_UNREADABLE, ChangeKind::Modified),
    ]);
    (staged, unstaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::{Sandbox, path};

    fn said(sandbox: &Sandbox, untracked: Untracked) -> Vec<String> {
        let changes = sandbox.repo().status(untracked).expect("compared");
        let said = changes.iter().map(|change| {
            let folder = if change.folder { "/" } else { "" };
            format!("{}{folder} {:?} {:?}", change.path, change.staged, change.unstaged)
        });
        said.collect()
    }

    #[test]
    fn as_git_status_has_it() {
        let sandbox = Sandbox::new();
        sandbox.write(".gitignore", "*.log\nout/\n.env\n").write("sub/a", "1").write("kept", "1");
        sandbox.commit("first");
        sandbox.write("new", "1").write("sub/b", "1").write("a.log", "1").write("out/x", "1");
        sandbox.write("fresh/deep/c", "1").write("fresh/d.log", "1").write("only/e.log", "1");
        sandbox.write("sub/.gitignore", "!.env\n").write("sub/.env", "1").write(".env", "1");
        sandbox.git(&["rm", "-q", "--cached", "kept"]);
        sandbox.git(&["init", "-q", "nested"]);
        std::fs::create_dir(sandbox.path().join("empty")).expect("a folder");
        let files = [
            "fresh/deep/c None Some(New)",
            "kept Some(Deleted) Some(New)",
            "nested/ None Some(New)",
            "new None Some(New)",
            "sub/.env None Some(New)",
            "sub/.gitignore None Some(New)",
            "sub/b None Some(New)",
        ];
        assert_eq!(said(&sandbox, Untracked::Files), files);
        let mut folders = files.map(str::to_owned);
        folders[0] = "fresh/ None Some(New)".to_owned();
        assert_eq!(said(&sandbox, Untracked::Folders), folders);
        assert_eq!(said(&sandbox, Untracked::None), ["kept Some(Deleted) None"]);
        let git = sandbox.git(&["status", "--porcelain", "--no-renames"]);
        let mut git: Vec<&str> =
            git.lines().filter_map(|line| line.split(' ').next_back()).collect();
        git.sort_unstable();
        git.dedup();
        let ours = folders.iter().filter_map(|line| line.split(' ').next());
        assert_eq!(ours.collect::<Vec<_>>(), git);
    }

    #[test]
    fn a_submodule_is_no_new_folder() {
        let inner = Sandbox::new();
        inner.write("inner.txt", "1").commit("inner");
        let outer = Sandbox::new();
        outer.git(&["submodule", "--quiet", "add", &inner.path().to_string_lossy(), "sub"]);
        outer.commit("with a submodule");
        assert_eq!(said(&outer, Untracked::Files), [""; 0]);
        outer.write("sub/inner.txt", "2");
        assert_eq!(said(&outer, Untracked::Files), ["sub None Some(Modified)"]);
    }

    #[test]
    fn lfs_pointers_are_compared_and_other_filters_named() {
        let sandbox = Sandbox::new();
        // sha256 of "content", as `git lfs` writes it
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:\
                       ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73\nsize 7\n";
        sandbox.write("big.bin", pointer).write("other.dat", "1").commit("first");
        sandbox.write(".gitattributes", "*.bin filter=lfs\n*.dat filter=crypt\n");
        sandbox.git(&["add", ".gitattributes"]);
        sandbox.git(&["commit", "-q", "-m", "attributes"]);
        sandbox.write("big.bin", "content").write("other.dat", "22");
        let changes = sandbox.repo().status(Untracked::Files).expect("compared");
        assert_eq!(changes.len(), 1, "{changes:?}");
        assert_eq!(changes[0].path, path("other.dat"));
        assert_eq!(changes[0].filter.as_ref().map(CleanText::as_str), Some("crypt"));
        sandbox.write("big.bin", "CONTENT");
        assert_eq!(sandbox.repo().status(Untracked::Files).expect("compared").len(), 2);
    }
}
