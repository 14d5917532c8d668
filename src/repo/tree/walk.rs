//! The walk over a work tree: every regular file that git tracks or would add.
//!
//! A parallel walk by git's ignore rules sees what is on disk and not ignored.
//! What the index holds beyond that (a tracked file that is also ignored, one
//! that a sparse checkout left out) is looked up afterwards. Links are shown and
//! not followed, `.git` and nested repositories are left alone, hidden files are
//! not special. Submodules are walked one after the other.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::FileType;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use git2::Repository;
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};

use super::seen::{Seen, Visitor, Visitors};
use crate::model::RepoPath;
use crate::repo::ignores::{Chain, Rules};
use crate::repo::index::{Entries, Entry, Near};
use crate::repo::names::path_from_git;
use crate::repo::{Repo, RepoError, Source};

/// Walks over a work tree and its submodules.
pub(super) fn all(
    repo: &Repo,
    threads: usize,
    visitors: Visitors<'_, '_>,
) -> Result<(), RepoError> {
    let threads = threads.max(1);
    let modules = repo.modules()?;
    let over = AtomicBool::new(false);
    one(repo, Path::new(""), threads, visitors, &over)?;
    for module in &modules.open {
        if !over.load(Ordering::Relaxed) {
            one(&module.repo, module.path.as_path(), threads, visitors, &over)?;
        }
    }
    if !modules.unread.is_empty() {
        let mut visitor = visitors();
        for unread in modules.unread {
            if over.load(Ordering::Relaxed) || visitor.see(Seen::Unread(unread)).is_break() {
                break;
            }
        }
    }
    Ok(())
}

/// Walks over one work tree without its submodules.
fn one(
    repo: &Repo,
    prefix: &Path,
    threads: usize,
    visitors: Visitors<'_, '_>,
    over: &AtomicBool,
) -> Result<(), RepoError> {
    let gate = Arc::new(Gate::new(repo)?);
    let index = repo.listing()?;
    let shown = index.all().iter().map(|_| AtomicBool::new(false)).collect();
    let walk = Walk { repo, prefix, index: &index, shown, over, gate: &gate };
    let filter = Arc::clone(&gate);
    WalkBuilder::new(repo.root())
        .threads(threads)
        .standard_filters(false)
        .follow_links(false)
        .filter_entry(move |entry| filter.lets_in(entry))
        .build_parallel()
        .visit(&mut Builder { walk: &walk, visitors });
    if let Some(error) = gate.failed() {
        return Err(error);
    }
    walk.rest(threads, visitors)
}

/// What the walk goes into and shows: git's ignore rules, for all threads.
struct Gate {
    /// One walk's chains are not taken for another's.
    number: u64,
    root: PathBuf,
    rules: Rules<'static>,
    failed: Mutex<Option<RepoError>>,
    closed: AtomicBool,
}

thread_local! {
    /// The rules of the folder whose entry was asked about last: entries of one
    /// folder come one after the other.
    static LAST: RefCell<Option<(u64, PathBuf, Arc<Chain>)>> = const { RefCell::new(None) };
}

impl Gate {
    fn new(repo: &Repo) -> Result<Self, RepoError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Ok(Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            root: repo.root().to_owned(),
            rules: repo.rules(&repo.git()?)?,
            failed: Mutex::default(),
            closed: AtomicBool::new(false),
        })
    }

    /// Leaves out `.git`, folders that are repositories of their own, and what
    /// git ignores.
    fn lets_in(&self, entry: &DirEntry) -> bool {
        if entry.depth() == 0 {
            return true;
        }
        let known = |kind: &FileType| kind.is_dir() || kind.is_file() || kind.is_symlink();
        let Some(kind) = entry.file_type().filter(known) else { return false };
        let path = entry.path();
        if entry.file_name() == OsStr::new(".git") || self.closed.load(Ordering::Relaxed) {
            return false;
        }
        match self.ignores(path, kind.is_dir()) {
            Ok(true) => false,
            Ok(false) => !(kind.is_dir() && is_repository(path)),
            Err(error) => {
                self.closed.store(true, Ordering::Relaxed);
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.get_or_insert(error);
                false
            }
        }
    }

    fn ignores(&self, absolute: &Path, is_folder: bool) -> Result<bool, RepoError> {
        let Ok(path) = absolute.strip_prefix(&self.root) else { return Ok(false) };
        let folder = path.parent().unwrap_or(Path::new(""));
        LAST.with_borrow_mut(|last| {
            if let Some((number, known, chain)) = last
                && *number == self.number
                && known.as_os_str() == folder.as_os_str()
            {
                return Ok(self.rules.ignores_in(chain, path, is_folder));
            }
            let chain = self.rules.chain(folder)?;
            let ignored = self.rules.ignores_in(&chain, path, is_folder);
            *last = Some((self.number, folder.to_owned(), chain));
            Ok(ignored)
        })
    }

    fn failed(&self) -> Option<RepoError> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What all threads of a walk share.
struct Walk<'a> {
    repo: &'a Repo,
    /// Where the work tree is in the outermost one.
    prefix: &'a Path,
    index: &'a Entries,
    /// By the number of a path's first entry, whether the file was shown.
    shown: Vec<AtomicBool>,
    over: &'a AtomicBool,
    gate: &'a Gate,
}

impl Walk<'_> {
    /// Shows something to a visitor, unless the walk is over.
    fn pass_on(&self, visitor: &mut (dyn Visitor + '_), seen: Seen<'_>) -> WalkState {
        if self.is_over() {
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

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed) || self.gate.closed.load(Ordering::Relaxed)
    }

    /// A path below the top as the outermost tree has it.
    fn path(&self, below: &Path) -> Option<RepoPath> {
        match self.prefix.as_os_str().is_empty() {
            true => RepoPath::new(below).ok(),
            false => RepoPath::new(self.prefix.join(below)).ok(),
        }
    }

    /// Shows the files of the index that the walk by ignore rules did not meet.
    fn rest(&self, threads: usize, visitors: Visitors<'_, '_>) -> Result<(), RepoError> {
        let mut unseen: Vec<(&[u8], Option<&Entry>)> = Vec::new();
        let mut number = 0;
        // a file in conflict has up to three entries
        for entries in self.index.all().chunk_by(|a, b| a.path == b.path) {
            let shown = self.shown.get(number).is_some_and(|shown| shown.load(Ordering::Relaxed));
            number += entries.len();
            let kept = |entry: &&Entry| entry.is_file() || entry.is_link();
            let file = entries.iter().find(kept).filter(|_| !shown);
            unseen.extend(file.map(|file| (&*file.path, file.left_out.then_some(file))));
        }
        let next = AtomicUsize::new(0);
        let failed = Mutex::new(None);
        let work = || {
            let mut visitor = visitors();
            let mut git = None;
            while let Some((bytes, left_out)) = unseen.get(next.fetch_add(1, Ordering::Relaxed)) {
                match self.rest_one(bytes, *left_out, &mut git, visitor.as_mut()) {
                    Ok(WalkState::Quit) => break,
                    Ok(_) => {}
                    Err(error) => {
                        self.over.store(true, Ordering::Relaxed);
                        let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                        failed.get_or_insert(error);
                        break;
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..threads.min(unseen.len()) {
                scope.spawn(work);
            }
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    fn rest_one(
        &self,
        bytes: &[u8],
        left_out: Option<&Entry>,
        git: &mut Option<Repository>,
        visitor: &mut (dyn Visitor + '_),
    ) -> Result<WalkState, RepoError> {
        let Some(within) = path_from_git(bytes) else { return Ok(WalkState::Continue) };
        let Some(path) = self.path(within.as_path()) else { return Ok(WalkState::Continue) };
        let root = self.repo.root();
        let absolute = root.join(within.as_path());
        let on_disk = absolute.symlink_metadata();
        let left_out = left_out.filter(|_| on_disk.is_err());
        let is_link = match (&on_disk, left_out) {
            (Ok(on_disk), _) => on_disk.file_type().is_symlink(),
            (Err(_), left_out) => left_out.is_some_and(Entry::is_link),
        };
        let folder = within.as_path().parent().unwrap_or(Path::new(""));
        if is_link && (left_out.is_some() || regular_or_folder(root, folder, true).unwrap_or(false))
        {
            return Ok(self.pass_on(visitor, Seen::Link(path)));
        }
        Ok(match (regular_or_folder(root, within.as_path(), false), left_out) {
            // what cannot be looked up cannot be opened either: the visitor tells why
            (Ok(true) | Err(_), _) => {
                self.pass_on(visitor, Seen::File { path, source: Source::disk(&absolute) })
            }
            (Ok(false), Some(entry)) => {
                if git.is_none() {
                    *git = Some(self.repo.git()?);
                }
                match git {
                    Some(git) => {
                        let source = Source::blob(git, entry.oid);
                        self.pass_on(visitor, Seen::File { path, source })
                    }
                    None => WalkState::Continue,
                }
            }
            // tracked, but deleted or replaced by something else
            (Ok(false), _) => WalkState::Continue,
        })
    }
}

struct Builder<'a, 'v> {
    walk: &'a Walk<'a>,
    visitors: Visitors<'a, 'v>,
}

impl<'a, 'v: 'a> ParallelVisitorBuilder<'a> for Builder<'a, 'v> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(OneThread { walk: self.walk, near: Near::default(), visitor: (self.visitors)() })
    }
}

struct OneThread<'a, 'v> {
    walk: &'a Walk<'a>,
    near: Near,
    visitor: Box<dyn Visitor + 'v>,
}

impl ParallelVisitor for OneThread<'_, '_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => self.entry(&entry),
            Err(error) => self.failure(error),
        }
    }
}

impl OneThread<'_, '_> {
    fn entry(&mut self, entry: &DirEntry) -> WalkState {
        if self.walk.is_over() {
            return WalkState::Quit;
        }
        let kind = entry.file_type();
        let is_link = kind.is_some_and(|kind| kind.is_symlink());
        if !is_link && !kind.is_some_and(|kind| kind.is_file()) {
            return WalkState::Continue;
        }
        let Some(within) = self.within(entry.path()) else { return WalkState::Continue };
        let Some(path) = self.walk.path(within) else { return WalkState::Continue };
        let number = self.near.number(self.walk.index, within);
        if let Some(shown) = number.and_then(|number| self.walk.shown.get(number)) {
            shown.store(true, Ordering::Relaxed);
        }
        let seen = match is_link {
            true => Seen::Link(path),
            false => Seen::File { path, source: Source::disk(entry.path()) },
        };
        self.walk.pass_on(self.visitor.as_mut(), seen)
    }

    fn within<'p>(&self, absolute: &'p Path) -> Option<&'p Path> {
        absolute.strip_prefix(self.walk.repo.root()).ok()
    }

    fn failure(&mut self, error: ignore::Error) -> WalkState {
        let at = place(&error).map(Path::to_path_buf);
        let within = at.as_deref().and_then(|at| self.within(at));
        let path = within.and_then(|within| self.walk.path(within));
        match error.into_io_error() {
            // gone since its folder was listed
            Some(reason) if reason.kind() == io::ErrorKind::NotFound => WalkState::Continue,
            Some(reason) => {
                let seen = Seen::UnreadableFolder { path, reason };
                self.walk.pass_on(self.visitor.as_mut(), seen)
            }
            None => WalkState::Continue,
        }
    }
}

pub(in crate::repo) fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place(err)
        }
        _ => None,
    }
}

/// As git sees it: a `.git` file, or a `.git` folder with a `HEAD`.
pub(in crate::repo) fn is_repository(folder: &Path) -> bool {
    let git = folder.join(".git");
    match git.symlink_metadata() {
        Ok(meta) if meta.is_dir() => git.join("HEAD").symlink_metadata().is_ok(),
        Ok(_) => true,
        Err(_) => false,
    }
}

/// Whether a path names a regular file (or a folder, if that is asked), no part
/// of it being a symbolic link. What is missing is neither.
pub(in crate::repo) fn regular_or_folder(
    root: &Path,
    path: &Path,
    folder: bool,
) -> io::Result<bool> {
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
        let expected =
            if folder || parts.peek().is_some() { kind.is_dir() } else { kind.is_file() };
        if !expected {
            return Ok(false);
        }
    }
    Ok(true)
}
