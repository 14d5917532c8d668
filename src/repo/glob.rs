//! Finds files of the work tree whether or not git knows or ignores them.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::files::is_missing;
use super::tree::seen::{Found, Matched, Meta, Query};
use super::tree::submodule::Modules;
use super::tree::walk::is_repository;
use super::{Repo, RepoError};
use crate::model::RepoPath;

impl Repo {
    /// The files at or below some folders or files (the whole work tree when
    /// one is none) whose path passes `keep`, ignored ones included, each once,
    /// in order of path. Nothing when `go_on` said no on the way.
    ///
    /// Left out are `.git`, nested repositories that are not submodules, `node_modules`, `__pycache__`
    /// and virtual environments, unless a start lies within one. Links to
    /// files count as files; links to folders are followed only as a start.
    ///
    /// # Errors
    /// When a start leads outside, or a folder cannot be listed.
    pub fn find(
        &self,
        starts: &[Option<RepoPath>],
        keep: &(dyn Fn(&RepoPath) -> bool + Sync),
        go_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Vec<Matched>>, RepoError> {
        let found = self.find_all(&Query { starts, keep, go_on })?;
        Ok(found.map(|found| found.files))
    }

    /// What [`Tree::find`](super::Tree::find) asks of a work tree.
    pub(super) fn find_all(&self, wanted: &Query<'_>) -> Result<Option<Found>, RepoError> {
        let modules = self.modules()?;
        let roots: HashSet<PathBuf> =
            modules.open.iter().map(|module| module.repo.root().to_owned()).collect();
        let roots = Arc::new(roots);
        let mut paths: Vec<RepoPath> = Vec::new();
        for start in wanted.starts {
            match self.below(start.as_ref(), wanted, &roots)? {
                Some(found) => paths.extend(found),
                None => return Ok(None),
            }
        }
        paths.sort();
        paths.dedup();
        let (mut files, mut links) = (Vec::new(), Vec::new());
        for path in paths {
            match self.matched(&path) {
                Some(meta) => files.push(Matched { path, meta }),
                // every path that was listed is not a folder itself
                None if self.is_link(&path) => links.push(path),
                None => {}
            }
        }
        self.add_left_out(Path::new(""), wanted, &mut files)?;
        for module in &modules.open {
            module.repo.add_left_out(module.path.as_path(), wanted, &mut files)?;
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        let Modules { unread, .. } = modules;
        let unread = unread.into_iter().filter(|unread| wanted.concerns(&unread.path)).collect();
        Ok(Some(Found { files, links, unread }))
    }

    /// What is known of a path that was listed; nothing when it is not a file.
    fn matched(&self, path: &RepoPath) -> Option<Result<Meta, RepoError>> {
        Some(match self.absolute(path) {
            Ok(absolute) => match absolute.symlink_metadata() {
                Ok(meta) if meta.is_dir() => return None,
                Ok(meta) => Ok(Meta::of(&meta)),
                Err(error) if is_missing(&error) => return None,
                Err(error) => Err(RepoError::file("look at", path.as_path())(error)),
            },
            Err(error) => Err(error),
        })
    }

    /// Adds the files that a sparse checkout left out of the work tree.
    fn add_left_out(
        &self,
        prefix: &Path,
        wanted: &Query<'_>,
        files: &mut Vec<Matched>,
    ) -> Result<(), RepoError> {
        for within in self.left_out_below(Path::new(""))? {
            let Ok(path) = RepoPath::new(prefix.join(within.as_path())) else { continue };
            if wanted.starts_at(&path) && (wanted.keep)(&path) {
                let meta = self.look_left_out(within.as_path());
                files.extend(match meta {
                    Ok(None) => None,
                    Ok(Some(meta)) => Some(Matched { path, meta: Ok(meta) }),
                    Err(error) => Some(Matched { path, meta: Err(error) }),
                });
            }
        }
        Ok(())
    }

    /// The permission bits of the folder that a file lies in, with the folder's
    /// path unless it is the root.
    ///
    /// # Errors
    /// When it leads outside or cannot be looked at.
    pub fn folder_mode(&self, path: &RepoPath) -> Result<(Option<RepoPath>, u32), RepoError> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = path.as_path().parent().and_then(|folder| RepoPath::new(folder).ok());
        let meta = match &folder {
            Some(folder) => self
                .absolute(folder)?
                .symlink_metadata()
                .map_err(RepoError::file("look at", folder.as_path()))?,
            None => self.root().metadata().map_err(RepoError::file("look at", self.root()))?,
        };
        Ok((folder, meta.permissions().mode() & 0o7777))
    }

    fn below(
        &self,
        start: Option<&RepoPath>,
        wanted: &Query<'_>,
        modules: &Arc<HashSet<PathBuf>>,
    ) -> Result<Option<Vec<RepoPath>>, RepoError> {
        let (keep, go_on) = (wanted.keep, wanted.go_on);
        let modules = Arc::clone(modules);
        let mut top = match start {
            // the last part may be a link itself, which is then what is looked for
            Some(start) => match start.as_path().parent().and_then(|p| RepoPath::new(p).ok()) {
                Some(folder) => self.absolute(&folder)?.join(start.name()),
                None => self.root().join(start.name()),
            },
            None => self.root().to_path_buf(),
        };
        match top.symlink_metadata() {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => {
                let Some(start) = start else { return Ok(Some(Vec::new())) };
                let kept = Some(start.clone()).filter(|start| keep(start));
                // perhaps a link to a folder
                top = match (self.absolute(start), kept) {
                    (Ok(real), _) if real.is_dir() => real,
                    (_, Some(kept)) => return Ok(Some(vec![kept])),
                    (Err(error), None) => return Err(error),
                    (Ok(_), None) => return Ok(Some(Vec::new())),
                };
            }
            Err(error) if is_missing(&error) => return Ok(Some(Vec::new())),
            Err(error) => return Err(RepoError::file("look at", &top)(error)),
        }
        let walk = Below {
            top: &top,
            prefix: start.map(|start| start.as_path().to_path_buf()).unwrap_or_default(),
            found: Mutex::new(Vec::new()),
            failed: Mutex::new(None),
            stopped: AtomicBool::new(false),
        };
        WalkBuilder::new(&top)
            .standard_filters(false)
            .follow_links(false)
            .threads(std::thread::available_parallelism().map_or(1, |n| n.get().min(4)))
            .filter_entry(move |entry| is_looked_into(entry, &modules))
            .build_parallel()
            .run(|| {
                Box::new(|entry| {
                    if !go_on() {
                        walk.stopped.store(true, Ordering::Relaxed);
                        return WalkState::Quit;
                    }
                    walk.see(entry, keep)
                })
            });
        walk.ended()
    }
}

/// A walk below one folder.
struct Below<'a> {
    top: &'a Path,
    /// The folder as it was named.
    prefix: PathBuf,
    found: Mutex<Vec<RepoPath>>,
    failed: Mutex<Option<RepoError>>,
    stopped: AtomicBool,
}

impl Below<'_> {
    fn see(
        &self,
        entry: Result<DirEntry, ignore::Error>,
        keep: &(dyn Fn(&RepoPath) -> bool + Sync),
    ) -> WalkState {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| !kind.is_dir()) => {
                let below = entry.path().strip_prefix(self.top).unwrap_or(entry.path());
                let path = match self.prefix.as_os_str().is_empty() {
                    true => RepoPath::new(below),
                    false => RepoPath::new(self.prefix.join(below)),
                };
                if let Ok(path) = path
                    && keep(&path)
                {
                    lock(&self.found).push(path);
                }
                WalkState::Continue
            }
            Ok(_) => WalkState::Continue,
            Err(error) => self.failure(error),
        }
    }

    fn failure(&self, error: ignore::Error) -> WalkState {
        let at =
            super::tree::walk::place(&error).map_or_else(|| self.top.to_owned(), Path::to_path_buf);
        let Some(reason) = error.into_io_error() else { return WalkState::Continue };
        // gone since its folder was listed
        if is_missing(&reason) {
            return WalkState::Continue;
        }
        let below = at.strip_prefix(self.top).map(|below| self.prefix.join(below)).unwrap_or(at);
        lock(&self.failed).get_or_insert_with(|| RepoError::file("list", &below)(reason));
        WalkState::Quit
    }

    fn ended(self) -> Result<Option<Vec<RepoPath>>, RepoError> {
        if let Some(error) = into(self.failed) {
            return Err(error);
        }
        Ok((!self.stopped.into_inner()).then(|| into(self.found)))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn into<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Leaves out what is not the project's own.
fn is_looked_into(entry: &DirEntry, modules: &HashSet<PathBuf>) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let name = entry.file_name();
    if name == OsStr::new(".git") {
        return false;
    }
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    name != OsStr::new("node_modules")
        && name != OsStr::new("__pycache__")
        && entry.path().join("pyvenv.cfg").symlink_metadata().is_err()
        && (!is_repository(entry.path()) || modules.contains(entry.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::{Sandbox, path};

    fn found(sandbox: &Sandbox, starts: &[Option<RepoPath>]) -> Result<Vec<String>, RepoError> {
        let keep = |path: &RepoPath| path.extension() == Some("db");
        let found = sandbox.repo().find(starts, &keep, &|| true)?.expect("to the end");
        let told = found.iter().map(|file| match &file.meta {
            Ok(_) => file.path.to_string(),
            Err(error) => error.to_string(),
        });
        Ok(told.collect())
    }

    #[test]
    fn ignored_files_are_found_and_others_code_is_not() {
        let sandbox = Sandbox::new();
        sandbox.write(".gitignore", "*\n").write("b.db", "1").write("in/a.db", "1");
        sandbox.write("node_modules/x.db", "1").write("env/pyvenv.cfg", "").write("env/x.db", "1");
        sandbox.write("in/__pycache__/x.db", "1").write(".git/x.db", "1").write("folder.db/x", "1");
        sandbox.git(&["init", "-q", "nested"]);
        sandbox.write("nested/x.db", "1").link("out.db", "/etc/passwd").link("link.db", "in/a.db");
        sandbox.link("gone.db", "nowhere").link("self", ".").link("to-folder.db", "in");
        let all = ["b.db", "in/a.db", "link.db"];
        let mut told = found(&sandbox, &[None, Some(path("in"))]).expect("listed");
        assert!(told.pop().expect("the last").contains("`out.db` leads outside"), "{told:?}");
        assert_eq!(told, all);
        // a start may lie within what is left out otherwise
        let starts = ["env/x.db", "node_modules", "none", "b.db", "in/a.db/x"];
        let starts = starts.map(|start| Some(path(start)));
        let told = found(&sandbox, &starts).expect("listed");
        assert_eq!(told, ["b.db", "env/x.db", "node_modules/x.db"]);
    }

    #[test]
    fn a_start_may_be_a_link_within_but_not_out() {
        let sandbox = Sandbox::new();
        sandbox.write("real/a.db", "1").link("in", "real").link("out", "/etc");
        assert_eq!(found(&sandbox, &[Some(path("in/a.db"))]).expect("listed"), ["in/a.db"]);
        assert_eq!(found(&sandbox, &[Some(path("in"))]).expect("listed"), ["in/a.db"]);
        for outside in ["out", "out/x.db"] {
            let error = found(&sandbox, &[Some(path(outside))]).expect_err("outside");
            assert!(matches!(error, RepoError::Outside(_)), "{error}");
        }
    }

    #[test]
    fn it_can_be_given_up() {
        let sandbox = Sandbox::new();
        let found = sandbox.repo().find(&[None], &|_| true, &|| false).expect("no error");
        assert!(found.is_none());
    }
}
