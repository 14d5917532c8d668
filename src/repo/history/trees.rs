//! Reads the trees of a history, each at each path once.

use std::collections::{HashMap, HashSet};

use git2::{ObjectType, Oid, Repository};

use super::super::git::{joined, path_from_git};
use super::super::objects::missing;
use super::{RepoError, Wanted};
use crate::model::RepoPath;

/// No honest history has so many folders; one that does was made to be
/// unpacked without end.
const MOST_FOLDERS: usize = 300_000;

/// So many trees between two questions whether to go on.
const STEP: usize = 4096;

/// The folders of all commits, and what was read of them.
pub(super) struct Trees {
    folders: Vec<Folder>,
    /// The wanted paths, by number.
    paths: Vec<RepoPath>,
    /// Which of them were found.
    found: Vec<bool>,
    /// The trees that were read, and at which folder.
    seen: HashSet<(Oid, u32)>,
}

/// A folder at any time of the history.
struct Folder {
    path: Vec<u8>,
    names: HashMap<Box<[u8]>, Name>,
}

/// What a name in a folder was found to be; a name may be both in time.
#[derive(Clone, Copy, Default)]
struct Name {
    folder: Option<u32>,
    file: Option<File>,
}

#[derive(Clone, Copy)]
enum File {
    Unwanted,
    Wanted(u32),
}

impl Default for Trees {
    fn default() -> Self {
        let root = Folder { path: Vec::new(), names: HashMap::new() };
        Self { folders: vec![root], paths: Vec::new(), found: Vec::new(), seen: HashSet::new() }
    }
}

impl Trees {
    /// The path of a number, unless it was found before.
    pub(super) fn unfound(&self, number: u32) -> Option<RepoPath> {
        let found = self.found.get(number as usize).copied().unwrap_or(true);
        self.paths.get(number as usize).filter(|_| !found).cloned()
    }

    pub(super) fn mark_found(&mut self, number: u32) {
        if let Some(found) = self.found.get_mut(number as usize) {
            *found = true;
        }
    }

    /// The wanted files below a root tree, as far as no earlier root tree had
    /// their folders in the same state. Nothing when the search was given up.
    pub(super) fn new_files(
        &mut self,
        git: &Repository,
        root: Oid,
        wanted: &dyn Wanted,
    ) -> Result<Option<Vec<(u32, Oid)>>, RepoError> {
        let mut new = Vec::new();
        let mut ahead = vec![(root, 0_u32)];
        let mut read = 0_usize;
        while let Some((oid, folder)) = ahead.pop() {
            if !self.seen.insert((oid, folder)) {
                continue;
            }
            read += 1;
            if read.is_multiple_of(STEP) && !wanted.go_on() {
                return Ok(None);
            }
            let tree = git.find_tree(oid).map_err(|error| missing(git, error, "read a folder"))?;
            for entry in &tree {
                match entry.kind() {
                    Some(ObjectType::Tree) => {
                        let below = self.folder(folder, entry.name_bytes())?;
                        if !self.seen.contains(&(entry.id(), below)) {
                            ahead.push((entry.id(), below));
                        }
                    }
                    Some(ObjectType::Blob) => {
                        if let Some(path) = self.file(folder, entry.name_bytes(), wanted) {
                            new.push((path, entry.id()));
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(Some(new))
    }

    /// The number of a folder in a folder.
    fn folder(&mut self, parent: u32, name: &[u8]) -> Result<u32, RepoError> {
        let next = self.folders.len();
        let Some(folder) = self.folders.get_mut(parent as usize) else { return Ok(parent) };
        let Some(known) = known(&mut folder.names, name) else { return Ok(parent) };
        if let Some(number) = known.folder {
            return Ok(number);
        }
        if next >= MOST_FOLDERS {
            return Err(RepoError::Unsupported {
                what: "the history holds more than 300,000 folders".into(),
                next: "look for a commit that was made to exhaust its readers".into(),
            });
        }
        let number = u32::try_from(next).unwrap_or(u32::MAX);
        known.folder = Some(number);
        let path = joined(&folder.path, name);
        self.folders.push(Folder { path, names: HashMap::new() });
        Ok(number)
    }

    /// The number of a file in a folder, if it is wanted.
    fn file(&mut self, parent: u32, name: &[u8], wanted: &dyn Wanted) -> Option<u32> {
        let folder = self.folders.get_mut(parent as usize)?;
        let known = known(&mut folder.names, name)?;
        let file = *known.file.get_or_insert_with(|| {
            let path = path_from_git(&joined(&folder.path, name));
            match path.filter(|path| wanted.wants(path)) {
                Some(path) => {
                    let number = u32::try_from(self.paths.len()).unwrap_or(u32::MAX);
                    self.paths.push(path);
                    self.found.push(false);
                    File::Wanted(number)
                }
                None => File::Unwanted,
            }
        });
        match file {
            File::Wanted(number) => Some(number),
            File::Unwanted => None,
        }
    }
}

/// What is known of a name. Looks first, so that only a new name is copied.
fn known<'a>(names: &'a mut HashMap<Box<[u8]>, Name>, name: &[u8]) -> Option<&'a mut Name> {
    if !names.contains_key(name) {
        names.insert(name.into(), Name::default());
    }
    names.get_mut(name)
}
