//! The work tree against the index.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use git2::{Oid, Repository, SubmoduleIgnore};

use super::attributes::Own;
use super::change::{Change, ChangeKind, Hidden, SubmoduleChange, Untracked};
use super::content::{self, Compared};
use crate::model::RepoPath;
use crate::repo::files::is_missing;
use crate::repo::index::{Entries, Entry, LINK, REGULAR, SUBMODULE, TYPE};
use crate::repo::names::path_from_git;
use crate::repo::tree::walk::{is_repository, regular_or_folder};
use crate::repo::{Repo, RepoError};

/// The files on disk that differ from the index.
pub(super) fn compare(
    repo: &Repo,
    index: &Entries,
    untracked: Untracked,
) -> Result<Vec<Change>, RepoError> {
    const AT_ONCE: usize = 256;
    let entries = index.all();
    let git = repo.git()?;
    let config = git.config().and_then(|mut config| config.snapshot());
    let config = config.map_err(RepoError::git("read its configuration"))?;
    let work = Work {
        repo,
        index,
        untracked,
        modes: config.get_bool("core.filemode").unwrap_or(true),
        links: config.get_bool("core.symlinks").unwrap_or(true),
        ignored: ignored_everywhere(&config),
        own: Own::read(repo, &git, index, &folders(index))?,
        replaced: replaced(&git),
    };
    let next = AtomicUsize::new(0);
    let found = Mutex::new((Vec::new(), None));
    let one_thread = || -> Result<Vec<Change>, RepoError> {
        let mut eyes = Eyes { work: &work, git: None, folder: None };
        let mut changes = Vec::new();
        loop {
            let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
            let Some(rest) = entries.get(from..).filter(|rest| !rest.is_empty()) else {
                return Ok(changes);
            };
            for entry in rest.iter().take(AT_ONCE) {
                changes.extend(eyes.entry(entry)?);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(4));
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, entries.len().div_ceil(AT_ONCE).max(1)) {
            scope.spawn(|| {
                let seen = one_thread();
                let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                match seen {
                    Ok(changes) => found.0.extend(changes),
                    Err(error) => {
                        found.1.get_or_insert(error);
                    }
                }
            });
        }
    });
    match found.into_inner().unwrap_or_else(PoisonError::into_inner) {
        (_, Some(error)) => Err(error),
        (changes, None) => Ok(changes),
    }
}

/// The folders of what is tracked, and those above.
fn folders(index: &Entries) -> BTreeSet<&Path> {
    let mut folders = BTreeSet::from([Path::new("")]);
    let mut before = Path::new("");
    for entry in index.iter() {
        let path = Path::new(OsStr::from_bytes(&entry.path));
        let folder = path.parent().unwrap_or(Path::new(""));
        if folder != before {
            folders.extend(folder.ancestors());
            before = folder;
        }
    }
    folders
}

/// Whether a setting leaves out all submodules.
fn ignored_everywhere(config: &git2::Config) -> bool {
    let value = config.get_string("diff.ignoresubmodules").unwrap_or_default();
    !value.is_empty() && !value.eq_ignore_ascii_case("none")
}

/// The objects that a ref below `refs/replace/` stands in for: where git checked
/// out such a file, it noted another content than the commit has.
fn replaced(git: &Repository) -> HashSet<Oid> {
    let Ok(mut refs) = git.references_glob("refs/replace/*") else { return HashSet::new() };
    let names = refs.names().filter_map(Result::ok);
    names.filter_map(|name| Oid::from_str(name.strip_prefix("refs/replace/")?).ok()).collect()
}

/// What all threads share.
struct Work<'a> {
    repo: &'a Repo,
    index: &'a Entries,
    untracked: Untracked,
    /// Whether permissions on disk mean anything.
    modes: bool,
    /// Whether the disk has symbolic links.
    links: bool,
    /// Whether submodules' changes are left out by git.
    ignored: bool,
    /// Attributes that only this clone knows.
    own: Own,
    /// What git checks out another object for.
    replaced: HashSet<Oid>,
}

/// One thread.
struct Eyes<'a> {
    work: &'a Work<'a>,
    git: Option<Repository>,
    /// The folder that was looked at last, and whether it is one, without links.
    folder: Option<(PathBuf, bool)>,
}

impl Eyes<'_> {
    fn entry(&mut self, entry: &Entry) -> Result<Option<Change>, RepoError> {
        let Some(path) = path_from_git(&entry.path) else { return Ok(None) };
        let mut change = Change::of(path);
        if entry.stage != 0 {
            change.unstaged = Some(ChangeKind::Conflicted);
            return Ok(Some(change));
        }
        let left_out = entry.left_out;
        change.hidden = match (left_out, entry.assumed) {
            (true, _) => Some(Hidden::SkipWorktree),
            (false, true) => Some(Hidden::AssumeUnchanged),
            (false, false) => None,
        };
        let absolute = self.work.repo.root().join(change.path.as_path());
        let in_a_folder = self.is_in_a_folder(&change.path)?;
        let meta = match in_a_folder {
            true => absolute.symlink_metadata(),
            false => Err(io::ErrorKind::NotFound.into()),
        };
        let meta = match meta {
            Ok(meta) => meta,
            Err(error) if is_missing(&error) => {
                // beyond a link that stands in the folder's place there may be another
                let replaced = !in_a_folder && absolute.metadata().is_ok();
                change.unstaged = (!left_out || replaced).then_some(ChangeKind::Deleted);
                return Ok(change.unstaged.is_some().then_some(change));
            }
            Err(error) => return Err(RepoError::file("look at", change.path.as_path())(error)),
        };
        match entry.mode & TYPE {
            SUBMODULE if meta.is_dir() => self.submodule(entry, &mut change)?,
            LINK if meta.is_symlink() => {
                let target = absolute.read_link();
                let target = target.map_err(RepoError::file("read", change.path.as_path()))?;
                if !content::is_blob(entry.oid, target.as_os_str().as_encoded_bytes())? {
                    change.unstaged = Some(ChangeKind::Modified);
                }
            }
            kind if meta.is_file() && (kind == REGULAR || kind == LINK && !self.work.links) => {
                self.file(entry, &meta, &mut change)?;
            }
            _ if meta.is_dir() => change.unstaged = Some(ChangeKind::Deleted),
            _ => change.unstaged = Some(ChangeKind::Retyped),
        }
        Ok(change.unstaged.is_some().then_some(change))
    }

    fn file(
        &mut self,
        entry: &Entry,
        meta: &std::fs::Metadata,
        change: &mut Change,
    ) -> Result<(), RepoError> {
        let runs = meta.mode() & 0o100 != 0;
        if self.work.modes && entry.mode & TYPE == REGULAR && runs != (entry.mode & 0o100 != 0) {
            change.unstaged = Some(ChangeKind::Modified);
            return Ok(());
        }
        let stands = entry.noted.stands(meta, self.work.index.written())
            && !self.work.replaced.contains(&entry.oid);
        // a flag may have kept git from looking when it made the note, and an attribute
        // of one's own may have led it
        let work = self.work;
        if stands && change.hidden.is_none() && work.own.concerns(&change.path).is_none() {
            return Ok(());
        }
        match content::compare(work.repo, self.git()?, &work.own, &change.path, entry.oid)? {
            Compared::Same => {}
            Compared::Hidden(from) => {
                change.unstaged = Some(ChangeKind::Modified);
                if stands {
                    change.hidden.get_or_insert(Hidden::Attributes(from));
                }
            }
            Compared::Differs => change.unstaged = Some(ChangeKind::Modified),
            // what no flag hides was believed above
            Compared::Filtered(_) if stands => {}
            Compared::Filtered(filter) => {
                change.unstaged = Some(ChangeKind::Modified);
                change.filter = Some(filter);
            }
        }
        Ok(())
    }

    fn submodule(&mut self, entry: &Entry, change: &mut Change) -> Result<(), RepoError> {
        let folder = self.work.repo.root().join(change.path.as_path());
        if !is_repository(&folder) {
            // not checked out: git leaves an empty folder
            let listed = folder.read_dir().map_err(RepoError::file("list", change.path.as_path()));
            let empty = listed?.next().is_none();
            change.unstaged = (!empty).then_some(ChangeKind::Modified);
            return Ok(());
        }
        let mut differs = SubmoduleChange::default();
        match self.work.repo.submodule(&change.path) {
            Ok(inner) => {
                let head = inner.head()?.commit;
                differs.other_commit =
                    head.is_none_or(|commit| commit.as_str() != entry.oid.to_string());
                for inside in inner.uncommitted(self.work.untracked)? {
                    match inside.is_untracked() {
                        true => differs.untracked = true,
                        false => differs.modified = true,
                    }
                }
            }
            // what cannot be opened cannot be compared
            Err(_) => differs.modified = true,
        }
        if differs != SubmoduleChange::default() {
            change.unstaged = Some(ChangeKind::Modified);
            change.submodule = Some(differs);
            if change.hidden.is_none() && self.is_ignored(&change.path)? {
                change.hidden = Some(Hidden::IgnoredSubmodule);
            }
        }
        Ok(())
    }

    /// Whether git is told to leave out a submodule's changes.
    fn is_ignored(&mut self, path: &RepoPath) -> Result<bool, RepoError> {
        if self.work.ignored {
            return Ok(true);
        }
        let Some(name) = path.as_path().to_str() else { return Ok(false) };
        let rule = self.git()?.find_submodule(name).map(|module| module.ignore_rule());
        Ok(!matches!(rule, Err(_) | Ok(SubmoduleIgnore::None | SubmoduleIgnore::Unspecified)))
    }

    /// Whether the folder of a path is one, and no link to another.
    fn is_in_a_folder(&mut self, path: &RepoPath) -> Result<bool, RepoError> {
        let folder = path.as_path().parent().unwrap_or(Path::new(""));
        if folder.as_os_str().is_empty() {
            return Ok(true);
        }
        if let Some((known, is_one)) = &self.folder
            && known == folder
        {
            return Ok(*is_one);
        }
        let is_one = regular_or_folder(self.work.repo.root(), folder, true)
            .map_err(RepoError::file("look at", folder))?;
        self.folder = Some((folder.to_owned(), is_one));
        Ok(is_one)
    }

    fn git(&mut self) -> Result<&Repository, RepoError> {
        let git = match self.git.take() {
            Some(git) => git,
            None => self.work.repo.git()?,
        };
        Ok(self.git.insert(git))
    }
}
