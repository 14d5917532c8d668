//! The index against the commit `HEAD`.

use std::collections::HashMap;

use git2::{ErrorCode, Index, ObjectType, Oid, Repository};

use super::change::ChangeKind;
use crate::model::RepoPath;
use crate::repo::index::{REGULAR, TYPE};
use crate::repo::names::{joined, path_from_git};
use crate::repo::{RepoError, objects};

/// What a commit or the index says of a path.
#[derive(Clone, Copy)]
struct State {
    mode: u32,
    oid: Oid,
}

impl State {
    /// Of a regular file's permissions git keeps whether it may be run.
    fn new(mode: u32, oid: Oid) -> Self {
        let mode = match mode & TYPE {
            REGULAR if mode & 0o100 != 0 => 0o100_755,
            REGULAR => 0o100_644,
            other => other,
        };
        Self { mode, oid }
    }
}

/// Tells each path at which the index differs from `HEAD`. Those in conflict
/// are not told.
pub(super) fn compare(
    git: &Repository,
    index: &Index,
    tell: &mut dyn FnMut(RepoPath, ChangeKind),
) -> Result<(), RepoError> {
    let mut committed = match git.head().and_then(|head| head.peel_to_tree()) {
        Ok(tree) => {
            flat(git, tree.id()).map_err(|error| objects::missing(git, error, "read HEAD"))?
        }
        Err(error) if error.code() == ErrorCode::UnbornBranch => HashMap::new(),
        Err(error) => return Err(objects::missing(git, error, "read HEAD")),
    };
    let mut tell = |path: &[u8], kind| {
        if let Some(path) = path_from_git(path) {
            tell(path, kind);
        }
    };
    for entry in index.iter() {
        let now = State::new(entry.mode, entry.id);
        let before = committed.remove(&entry.path);
        if super::disk::stage(&entry) != 0 {
            continue;
        }
        match before {
            None => tell(&entry.path, ChangeKind::New),
            Some(before) if before.mode & TYPE != now.mode & TYPE => {
                tell(&entry.path, ChangeKind::Retyped);
            }
            Some(before) if (before.mode, before.oid) != (now.mode, now.oid) => {
                tell(&entry.path, ChangeKind::Modified);
            }
            Some(_) => {}
        }
    }
    committed.keys().for_each(|path| tell(path, ChangeKind::Deleted));
    Ok(())
}

/// All files of a tree.
fn flat(git: &Repository, top: Oid) -> Result<HashMap<Vec<u8>, State>, git2::Error> {
    let mut files = HashMap::new();
    let mut ahead = vec![(Vec::new(), top)];
    while let Some((folder, oid)) = ahead.pop() {
        let tree = git.find_tree(oid)?;
        for entry in &tree {
            let path = joined(&folder, entry.name_bytes());
            match entry.kind() {
                Some(ObjectType::Tree) => ahead.push((path, entry.id())),
                _ => {
                    let state = State::new(entry.filemode().cast_unsigned(), entry.id());
                    files.insert(path, state);
                }
            }
        }
    }
    Ok(files)
}
