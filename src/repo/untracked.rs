//! Files that git neither tracks nor ignores.

use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use git2::Repository;

use super::files::is_missing;
use super::ignores::Rules;
use super::index::{Entries, Near};
use super::tree::walk::is_repository;
use super::{Repo, RepoError};
use crate::model::RepoPath;

/// What git would add, and whether it stands for a whole folder.
pub(super) struct New {
    pub(super) path: RepoPath,
    pub(super) folder: bool,
}

impl Repo {
    /// What `git status` names as untracked: each file, or with `by_folder` one
    /// entry for a folder in which nothing is tracked. A repository in the work
    /// tree is one entry at any rate.
    pub(super) fn untracked(
        &self,
        git: &Repository,
        index: &Entries,
        by_folder: bool,
    ) -> Result<Vec<New>, RepoError> {
        let mut search = Search {
            root: self.root(),
            index,
            near: Near::default(),
            rules: self.rules(git)?,
            by_folder,
        };
        search.all()
    }
}

struct Search<'a> {
    root: &'a Path,
    index: &'a Entries,
    near: Near,
    rules: Rules<'static>,
    by_folder: bool,
}

/// What an entry of a folder means.
enum Seen {
    Nothing,
    File,
    /// A folder to look into.
    Folder,
    /// A repository of its own.
    Repository,
}

impl Search<'_> {
    fn all(&mut self) -> Result<Vec<New>, RepoError> {
        let mut new = Vec::new();
        let mut ahead = vec![PathBuf::new()];
        while let Some(folder) = ahead.pop() {
            for (path, kind) in self.listed(&folder)? {
                let folder = match self.seen(&path, kind)? {
                    Seen::Nothing => continue,
                    Seen::File => false,
                    Seen::Repository => true,
                    Seen::Folder if self.by_folder && !self.tracks_below(&path) => {
                        if !self.holds_anything_new(&path)? {
                            continue;
                        }
                        true
                    }
                    Seen::Folder => {
                        ahead.push(path);
                        continue;
                    }
                };
                new.extend(RepoPath::new(path).ok().map(|path| New { path, folder }));
            }
        }
        Ok(new)
    }

    fn holds_anything_new(&mut self, folder: &Path) -> Result<bool, RepoError> {
        let mut ahead = vec![folder.to_path_buf()];
        while let Some(folder) = ahead.pop() {
            for (path, kind) in self.listed(&folder)? {
                match self.seen(&path, kind)? {
                    Seen::Nothing => {}
                    Seen::File | Seen::Repository => return Ok(true),
                    Seen::Folder => ahead.push(path),
                }
            }
        }
        Ok(false)
    }

    fn seen(&mut self, path: &Path, kind: FileType) -> Result<Seen, RepoError> {
        let is_folder = kind.is_dir();
        // neither a pipe nor a socket can be added
        if !(is_folder || kind.is_file() || kind.is_symlink()) || self.tracks(path, is_folder) {
            return Ok(Seen::Nothing);
        }
        if self.rules.ignores(path, is_folder)? {
            return Ok(Seen::Nothing);
        }
        Ok(match is_folder {
            true if is_repository(&self.root.join(path)) => Seen::Repository,
            true => Seen::Folder,
            false => Seen::File,
        })
    }

    /// Whether the index has the path. A folder must be a submodule there: one
    /// that took a file's place is new.
    fn tracks(&mut self, path: &Path, is_folder: bool) -> bool {
        let found = self.near.number(self.index, path).and_then(|at| self.index.all().get(at));
        found.is_some_and(|entry| !is_folder || entry.is_submodule())
    }

    fn tracks_below(&self, folder: &Path) -> bool {
        !self.index.below(folder).is_empty()
    }

    /// The entries of a folder but `.git`, with their paths from the root.
    fn listed(&self, folder: &Path) -> Result<Vec<(PathBuf, FileType)>, RepoError> {
        let list = || -> io::Result<Vec<(PathBuf, FileType)>> {
            let mut entries = Vec::new();
            for entry in fs::read_dir(self.root.join(folder))? {
                let entry = entry?;
                if entry.file_name() != OsStr::new(".git") {
                    entries.push((folder.join(entry.file_name()), entry.file_type()?));
                }
            }
            Ok(entries)
        };
        match list() {
            Ok(entries) => Ok(entries),
            // gone since it was listed
            Err(error) if is_missing(&error) && !folder.as_os_str().is_empty() => Ok(Vec::new()),
            Err(error) => Err(RepoError::file("list", folder)(error)),
        }
    }
}
