//! The one walk: every regular file that git tracks or would add.
//!
//! A parallel walk by git's ignore rules sees what is on disk and not ignored.
//! What the index holds beyond that (a tracked file that is also ignored) is
//! looked up afterwards. Links are not followed, `.git` and nested repositories
//! are left alone, hidden files are not special.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};

use super::{Repo, RepoError};
use crate::model::RepoPath;

/// What the walk meets.
#[derive(Debug)]
pub enum Seen<'a> {
    /// A regular file.
    File {
        /// Where it is.
        path: RepoPath,
        /// Where to open it.
        absolute: &'a Path,
    },
    /// A folder that could not be listed.
    UnreadableFolder {
        /// Where it is; none when it is the root itself.
        path: Option<RepoPath>,
        /// Why.
        reason: io::Error,
    },
}

/// One thread's eyes during a walk. Dropped on that thread's end, before
/// [`Repo::walk`] returns.
pub trait Visitor: Send {
    /// Looks at one entry; breaking ends the walk on all threads soon.
    fn see(&mut self, seen: Seen<'_>) -> ControlFlow<()>;
}

impl Repo {
    /// Shows every file of the work tree that git tracks or would add, each
    /// once, in no particular order, on so many threads.
    ///
    /// # Errors
    /// When git cannot read its index: then nothing was shown.
    pub fn walk<V: Visitor>(
        &self,
        threads: usize,
        visitor: &(dyn Fn() -> V + Sync),
    ) -> Result<(), RepoError> {
        let threads = threads.max(1);
        let walk =
            Walk { root: self.root(), tracked: self.tracked()?, over: AtomicBool::new(false) };
        WalkBuilder::new(walk.root)
            .threads(threads)
            .hidden(false)
            .parents(false)
            .ignore(false)
            .follow_links(false)
            .filter_entry(is_of_this_repository)
            .build_parallel()
            .visit(&mut Builder { walk: &walk, visitor });
        walk.rest(threads, visitor);
        Ok(())
    }

    /// The regular files of the index.
    fn tracked(&self) -> Result<HashMap<Box<[u8]>, AtomicBool>, RepoError> {
        const REGULAR: u32 = 0o100_000;
        const TYPE: u32 = 0o170_000;
        let index = self.listing()?;
        let files = index.iter().filter(|entry| entry.mode & TYPE == REGULAR);
        Ok(files.map(|entry| (entry.path.clone(), AtomicBool::new(false))).collect())
    }
}

/// What all threads of a walk share.
struct Walk<'a> {
    root: &'a Path,
    /// The index's files, and whether each was shown.
    tracked: HashMap<Box<[u8]>, AtomicBool>,
    over: AtomicBool,
}

impl Walk<'_> {
    /// Shows one file to a visitor, unless the walk is over.
    fn show(&self, visitor: &mut impl Visitor, absolute: &Path, path: RepoPath) -> WalkState {
        self.pass_on(visitor, Seen::File { path, absolute })
    }

    fn pass_on(&self, visitor: &mut impl Visitor, seen: Seen<'_>) -> WalkState {
        if self.over.load(Ordering::Relaxed) {
            return WalkState::Quit;
        }
        match visitor.see(seen) {
            ControlFlow::Continue(()) => WalkState::Continue,
            ControlFlow::Break(()) => {
                self.over.store(true, Ordering::Relaxed);
                WalkState::Quit
            }
        }
    }

    fn relative(&self, absolute: &Path) -> Option<RepoPath> {
        RepoPath::new(absolute.strip_prefix(self.root).ok()?).ok()
    }

    /// Shows the files of the index that the walk by ignore rules did not meet.
    fn rest<V: Visitor>(&self, threads: usize, visitor: &(dyn Fn() -> V + Sync)) {
        let unseen: Vec<&[u8]> = self
            .tracked
            .iter()
            .filter(|(_, seen)| !seen.load(Ordering::Relaxed))
            .map(|(path, _)| &**path)
            .collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut visitor = visitor();
            while let Some(bytes) = unseen.get(next.fetch_add(1, Ordering::Relaxed)) {
                if self.rest_one(bytes, &mut visitor) == WalkState::Quit {
                    break;
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..threads.min(unseen.len()) {
                scope.spawn(work);
            }
        });
    }

    fn rest_one(&self, bytes: &[u8], visitor: &mut impl Visitor) -> WalkState {
        let Some(path) = from_git(bytes).and_then(|path| RepoPath::new(path).ok()) else {
            return WalkState::Continue;
        };
        let absolute = self.root.join(path.as_path());
        match regular_without_links(self.root, path.as_path()) {
            // what cannot be looked up cannot be opened either: the visitor tells why
            Ok(true) | Err(_) => self.show(visitor, &absolute, path),
            // tracked, but deleted or replaced by something else
            Ok(false) => WalkState::Continue,
        }
    }
}

struct Builder<'a, V> {
    walk: &'a Walk<'a>,
    visitor: &'a (dyn Fn() -> V + Sync),
}

impl<'a, V: Visitor + 'a> ParallelVisitorBuilder<'a> for Builder<'a, V> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(OneThread { walk: self.walk, visitor: (self.visitor)() })
    }
}

struct OneThread<'a, V> {
    walk: &'a Walk<'a>,
    visitor: V,
}

impl<V: Visitor> ParallelVisitor for OneThread<'_, V> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => self.entry(&entry),
            Err(error) => self.failure(error),
        }
    }
}

impl<V: Visitor> OneThread<'_, V> {
    fn entry(&mut self, entry: &DirEntry) -> WalkState {
        if self.walk.over.load(Ordering::Relaxed) {
            return WalkState::Quit;
        }
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            return WalkState::Continue;
        }
        let Some(path) = self.walk.relative(entry.path()) else {
            return WalkState::Continue;
        };
        if let Some(shown) = self.walk.tracked.get(&*to_git(path.as_path())) {
            shown.store(true, Ordering::Relaxed);
        }
        self.walk.show(&mut self.visitor, entry.path(), path)
    }

    fn failure(&mut self, error: ignore::Error) -> WalkState {
        let at = place(&error).map(Path::to_path_buf);
        let path = at.and_then(|at| self.walk.relative(&at));
        match error.into_io_error() {
            // gone since its folder was listed
            Some(reason) if reason.kind() == io::ErrorKind::NotFound => WalkState::Continue,
            Some(reason) => {
                self.walk.pass_on(&mut self.visitor, Seen::UnreadableFolder { path, reason })
            }
            None => WalkState::Continue,
        }
    }
}

pub(super) fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place(err)
        }
        _ => None,
    }
}

/// Leaves out `.git` and folders that are repositories of their own.
fn is_of_this_repository(entry: &DirEntry) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    if entry.file_name() == OsStr::new(".git") {
        return false;
    }
    !(entry.file_type().is_some_and(|kind| kind.is_dir()) && is_repository(entry.path()))
}

/// As git sees it: a `.git` file, or a `.git` folder with a `HEAD`.
pub(super) fn is_repository(folder: &Path) -> bool {
    let git = folder.join(".git");
    match git.symlink_metadata() {
        Ok(meta) if meta.is_dir() => git.join("HEAD").symlink_metadata().is_ok(),
        Ok(_) => true,
        Err(_) => false,
    }
}

/// Whether a path names a regular file, no part of it being a symbolic link.
/// A missing file is none.
fn regular_without_links(root: &Path, path: &Path) -> io::Result<bool> {
    let mut at = root.to_path_buf();
    let mut parts = path.components().peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let kind = match at.symlink_metadata() {
            Ok(meta) => meta.file_type(),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        let expected = if parts.peek().is_some() { kind.is_dir() } else { kind.is_file() };
        if !expected {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A path as git's index spells it.
#[cfg(unix)]
fn to_git(path: &Path) -> std::borrow::Cow<'_, [u8]> {
    path.as_os_str().as_encoded_bytes().into()
}

#[cfg(not(unix))]
fn to_git(path: &Path) -> std::borrow::Cow<'_, [u8]> {
    path.to_string_lossy().replace('\\', "/").into_bytes().into()
}

#[cfg(unix)]
fn from_git(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(PathBuf::from(OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn from_git(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}
