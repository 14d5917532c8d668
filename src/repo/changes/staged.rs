//! The index against the commit `HEAD`.

use git2::{ErrorCode, ObjectType, Oid, Repository, Tree};

use super::change::ChangeKind;
use crate::model::RepoPath;
use crate::repo::index::{Entries, Entry, REGULAR, TYPE};
use crate::repo::names::path_from_git;
use crate::repo::{RepoError, objects};

/// What a commit or the index says of a path.
#[derive(Clone, Copy, PartialEq, Eq)]
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
    index: &Entries,
    tell: &mut dyn FnMut(RepoPath, ChangeKind),
) -> Result<(), RepoError> {
    let failed = |error| objects::missing(git, error, "read HEAD");
    let top = match git.head().and_then(|head| head.peel_to_tree()) {
        Ok(tree) => Some(tree),
        Err(error) if error.code() == ErrorCode::UnbornBranch => None,
        Err(error) => return Err(failed(error)),
    };
    let mut tell = |path: &[u8], kind| {
        if let Some(path) = path_from_git(path) {
            tell(path, kind);
        }
    };
    let mut side = Side { left: index.all(), tell: &mut tell };
    if let Some(top) = top {
        below(git, top, &mut side).map_err(failed)?;
    }
    while let Some((entry, rest)) = side.left.split_first() {
        side.left = rest;
        side.added(entry);
    }
    Ok(())
}

/// The index, in the order in which a tree's files come: that of their bytes.
struct Side<'a> {
    left: &'a [Entry],
    tell: &'a mut dyn FnMut(&[u8], ChangeKind),
}

impl Side<'_> {
    fn added(&mut self, entry: &Entry) {
        if entry.stage == 0 {
            (self.tell)(&entry.path, ChangeKind::New);
        }
    }

    /// Takes in the next file of the commit. In a tree that is not in order, as
    /// only a damaged one is, more differs and nothing less.
    fn file(&mut self, path: &[u8], before: State) {
        while let Some((entry, rest)) = self.left.split_first()
            && *entry.path < *path
        {
            self.left = rest;
            self.added(entry);
        }
        let mut found = false;
        // a file in conflict has up to three entries
        while let Some((entry, rest)) = self.left.split_first()
            && *entry.path == *path
        {
            (self.left, found) = (rest, true);
            let now = State::new(entry.mode, entry.oid);
            if entry.stage != 0 || now == before {
                continue;
            }
            let retyped = before.mode & TYPE != now.mode & TYPE;
            let kind = if retyped { ChangeKind::Retyped } else { ChangeKind::Modified };
            (self.tell)(path, kind);
        }
        if !found {
            (self.tell)(path, ChangeKind::Deleted);
        }
    }
}

/// Takes in all files of a tree.
fn below(git: &Repository, top: Tree<'_>, side: &mut Side<'_>) -> Result<(), git2::Error> {
    let mut path = Vec::new();
    // each with the number of its next entry, and how long its path is
    let mut open = vec![(top, 0, 0)];
    while let Some((tree, next, length)) = open.last_mut() {
        path.truncate(*length);
        let mut folder = None;
        let over = match tree.get(*next) {
            Some(entry) => {
                *next += 1;
                path.extend_from_slice(entry.name_bytes());
                if entry.kind() == Some(ObjectType::Tree) {
                    path.push(b'/');
                    folder = Some(git.find_tree(entry.id())?);
                } else {
                    side.file(&path, State::new(entry.filemode().cast_unsigned(), entry.id()));
                }
                false
            }
            None => true,
        };
        if over {
            open.pop();
        }
        open.extend(folder.map(|folder| (folder, 0, path.len())));
    }
    Ok(())
}
