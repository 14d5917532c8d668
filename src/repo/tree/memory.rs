//! Files in memory, for tests: no disk, no git.

use std::path::Path;

use git2::{ObjectType, Oid};

use super::Tree;
use super::list::{Door, Held, Item, List};
use super::seen::{Kind, Meta, Origin, Stored};
use super::submodule::unread;
use crate::model::{PathError, RepoPath};
use crate::repo::index::{REGULAR, SUBMODULE, TYPE};
use crate::repo::{Ignored, RepoError, Rules};

/// Files that a test made up. All are tracked and committed unless it says
/// otherwise; the rules of `.gitignore` files count as they do in git.
#[derive(Debug, Default)]
pub struct Memory {
    list: List,
    contents: Vec<Vec<u8>>,
}

impl Memory {
    /// Tracked files with mode 0644, each by its path and its content.
    ///
    /// # Errors
    /// When a path leads outside.
    pub fn new<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self, PathError> {
        let mut files = files.into_iter();
        files.try_fold(Self::default(), |tree, (path, content)| tree.with(path, content, 0o644))
    }

    /// The same and a tracked file (in place of the one that was at its path),
    /// with its mode: permission bits alone, or with git's bits for the type,
    /// 0120777 for a link whose content is its target, 0160000 for a submodule
    /// that is not checked out.
    ///
    /// # Errors
    /// When the path leads outside.
    pub fn with(self, path: &str, content: impl AsRef<[u8]>, mode: u32) -> Result<Self, PathError> {
        self.add(path, content.as_ref(), mode, true)
    }

    /// The same and a file that git does not track.
    ///
    /// # Errors
    /// When the path leads outside.
    pub fn with_untracked(
        self,
        path: &str,
        content: impl AsRef<[u8]>,
        mode: u32,
    ) -> Result<Self, PathError> {
        self.add(path, content.as_ref(), mode, false)
    }

    fn add(
        mut self,
        path: &str,
        content: &[u8],
        mode: u32,
        tracked: bool,
    ) -> Result<Self, PathError> {
        let path = RepoPath::new(path)?;
        let mode = if mode & TYPE == 0 { REGULAR | mode } else { mode };
        let oid = Oid::hash_object(ObjectType::Blob, content).unwrap_or(Oid::ZERO_SHA1);
        if mode & TYPE == SUBMODULE {
            self.list.unread.push(unread(&path, "is not checked out", oid));
            self.list.modules.push((path, oid));
        } else {
            let at = self.contents.len();
            self.contents.push(content.to_vec());
            self.list.items.push(Item { path, mode, oid, at, tracked, shown: true });
        }
        self.list.sort();
        self.judge_shown();
        Ok(self)
    }

    /// Says of each file whether git would add it. A file whose rules cannot be
    /// read would.
    fn judge_shown(&mut self) {
        let ignored: Vec<bool> = {
            let rules = self.rules(false);
            let ignored = |item: &Item| {
                let rule = rules.decided(item.path.as_path(), false);
                !item.tracked && rule.is_ok_and(|rule| rule.is_some())
            };
            self.list.items.iter().map(ignored).collect()
        };
        for (item, ignored) in self.list.items.iter_mut().zip(ignored) {
            item.shown = !ignored;
        }
    }

    fn rules(&self, tracked_only: bool) -> Rules<'_> {
        Rules::of_files(move |folder: &Path| {
            let path = folder.join(".gitignore");
            let found = self.list.items.iter().find(|item| {
                item.path.as_path() == path
                    && item.mode & TYPE == REGULAR
                    && (item.tracked || !tracked_only)
            });
            Ok(found.and_then(|item| self.contents.get(item.at)).cloned())
        })
    }
}

impl Held for Memory {
    fn origin(&self) -> Origin {
        Origin::Memory
    }

    fn list(&self) -> &List {
        &self.list
    }

    fn door(&self) -> Result<Door<'_>, RepoError> {
        Ok(Door::Memory(&self.contents))
    }

    fn meta(&self, mode: u32, len: u64) -> Meta {
        let kind = if mode & TYPE == REGULAR { Kind::File } else { Kind::Special };
        Meta { kind, len, mode: mode & 0o7777, stored: Stored::Disk }
    }

    fn ignored(&self, path: &RepoPath, folder: bool) -> Result<Ignored, RepoError> {
        let looked = self.look(Some(path)).ok().flatten();
        let folder = folder || looked.is_some_and(|meta| meta.kind == Kind::Folder);
        let shared = self.rules(false).ignored(path.as_path(), folder)?;
        let committed = self.rules(true).ignored(path.as_path(), folder)?;
        Ok(Ignored { here: shared.clone(), shared, committed })
    }
}
