//! git's ignore rules (gitignore(5)).
//!
//! libgit2's own reading of them drops a rule such as `!.env` when nothing in
//! the same file precedes it, and the `ignore` crate compiles all patterns of a
//! file into one automaton, which for a long file costs gigabytes. The rules
//! are therefore read and put together here.

mod below;
mod glob;
mod patterns;
mod rules;

use std::collections::BTreeMap;
use std::env;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use git2::{ErrorCode, Oid, Repository};

pub(super) use self::patterns::Patterns;
pub(super) use self::rules::{Chain, Rules};
pub use self::rules::{Ignored, Rule, RuleFile};
use super::error::shown;
use super::files::is_missing;
use super::index::{REGULAR, TYPE};
use super::{Repo, RepoError, objects, reader};
use crate::model::RepoPath;

impl Repo {
    /// Whether a rule of git's ignores the path, whether or not it is tracked
    /// or there, as `git check-ignore --no-index` has it. Rules that end in a
    /// slash concern folders: for a path that is not there, `folder` says
    /// whether it would be one.
    ///
    /// # Errors
    /// When the rules cannot be read.
    pub fn is_ignored(&self, path: &RepoPath, folder: bool) -> Result<bool, RepoError> {
        let rules = self.rules(&self.git()?)?;
        Ok(rules.decided(path.as_path(), folder || self.is_folder(path))?.is_some())
    }

    /// Which rule ignores the path, by how far the rules reach; see [`Ignored`].
    ///
    /// # Errors
    /// When the rules cannot be read, or the commit's cannot.
    pub fn ignored(&self, path: &RepoPath, folder: bool) -> Result<Ignored, RepoError> {
        let git = self.git()?;
        let folder = folder || self.is_folder(path);
        let decided = |rules: &Rules<'_>| rules.ignored(path.as_path(), folder);
        let all = self.rules(&git)?;
        let head = match git.head().and_then(|head| head.peel_to_tree()) {
            Ok(tree) => Some(tree.id()),
            Err(error) if error.code() == ErrorCode::UnbornBranch => None,
            Err(error) => return Err(RepoError::git("read HEAD")(error)),
        };
        let committed = match head {
            Some(tree) => decided(&committed_rules(git, tree, false))?,
            None => None,
        };
        let here = decided(&all)?;
        // that letters of either case are the same is this clone's own setting
        let shared = match all.fold() {
            true => {
                let sparse = self.listing()?.is_sparse();
                decided(&Rules::new(false, |folder: &Path| self.gitignore(folder, sparse)))?
            }
            false => decided(&all.without_personal())?,
        };
        Ok(Ignored { here, shared, committed })
    }

    /// Which rule would ignore a path if these files of rules held these bytes,
    /// by the `.gitignore` files alone; see [`Ignored::shared`].
    ///
    /// # Errors
    /// When the rules cannot be read.
    pub fn would_ignore(
        &self,
        files: &BTreeMap<RepoPath, Vec<u8>>,
        path: &RepoPath,
        folder: bool,
    ) -> Result<Option<Rule>, RepoError> {
        let fold = self.rules(&self.git()?)?.fold();
        let sparse = self.listing()?.is_sparse();
        let rules = Rules::new(fold, |at| {
            match files.iter().find(|(file, _)| file.as_path() == at.join(".gitignore")) {
                Some((_, bytes)) => Ok(Some(bytes.clone())),
                None => self.gitignore(at, sparse),
            }
        });
        rules.ignored(path.as_path(), folder || self.is_folder(path))
    }

    fn is_folder(&self, path: &RepoPath) -> bool {
        self.root().join(path.as_path()).symlink_metadata().is_ok_and(|meta| meta.is_dir())
    }

    /// The rules of the work tree, the person's own among them.
    pub(super) fn rules(&self, git: &Repository) -> Result<Rules<'static>, RepoError> {
        let config = git.config().map_err(RepoError::git("read its configuration"))?;
        let own = match config.get_path("core.excludesfile") {
            Ok(path) => Some(path).filter(|path| !path.as_os_str().is_empty()),
            Err(_) => default_excludes(),
        };
        let fold = config.get_bool("core.ignorecase").unwrap_or(false);
        // asked once for all folders
        let sparse = self.listing()?.is_sparse();
        let repo = self.clone();
        let mut rules = Rules::new(fold, move |folder| repo.gitignore(folder, sparse));
        let shared = git.commondir().join("info/exclude");
        let own = own.map(|path| {
            let file = RuleFile::Personal(shown(&path));
            (path, file)
        });
        for (path, file) in std::iter::once((shared, RuleFile::Exclude)).chain(own) {
            // these may be links, as people keep them elsewhere
            let path = self.root().join(path);
            let path = path.canonicalize().unwrap_or(path);
            if let Some(bytes) = read(&path, &path)? {
                rules.everywhere(file, &bytes, &path)?;
            }
        }
        Ok(rules)
    }

    /// What the `.gitignore` of a folder holds, if it has one. One that a sparse
    /// checkout left out is read from the index, as git does.
    fn gitignore(&self, folder: &Path, sparse: bool) -> Result<Option<Vec<u8>>, RepoError> {
        let path = folder.join(".gitignore");
        match read(&self.root().join(&path), &path)? {
            None if sparse => self.left_out(&path, patterns::LONGEST),
            bytes => Ok(bytes),
        }
    }
}

/// The rules that a tree among git's objects holds.
pub(super) fn committed_rules(git: Repository, tree: Oid, fold: bool) -> Rules<'static> {
    let git = Mutex::new(git);
    Rules::new(fold, move |folder| {
        let git = git.lock().unwrap_or_else(PoisonError::into_inner);
        let path = folder.join(".gitignore");
        let tree = git.find_tree(tree);
        match tree.and_then(|tree| tree.get_path(&path)) {
            Ok(entry) if entry.filemode().cast_unsigned() & TYPE == REGULAR => {
                match objects::content(&git, entry.id(), patterns::LONGEST)? {
                    Some(bytes) => Ok(Some(bytes)),
                    None => Err(rules::too_long(&path)),
                }
            }
            Ok(_) => Ok(None),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(objects::missing(&git, error, "read ignore rules")),
        }
    })
}

/// The bytes of a file of rules, if there is one; like git, no link is followed.
fn read(file: &Path, named: &Path) -> Result<Option<Vec<u8>>, RepoError> {
    let opened = match file.symlink_metadata() {
        Ok(meta) if meta.is_file() => reader::open(file),
        Ok(_) => return Ok(None),
        Err(error) => Err(error),
    };
    let mut bytes = Vec::new();
    let most = patterns::LONGEST as u64 + 1;
    match opened.and_then(|file| file.take(most).read_to_end(&mut bytes)) {
        Ok(read) if read > patterns::LONGEST => Err(rules::too_long(named)),
        Ok(_) => Ok(Some(bytes)),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(RepoError::file("read", named)(error)),
    }
}

/// Where git looks when `core.excludesFile` is not set.
fn default_excludes() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    Some(config.join("git/ignore"))
}

#[cfg(test)]
mod tests;
