//! A tree that is a list of files: what a commit and files in memory share.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use git2::{Oid, Repository};

use super::Tree;
use super::links;
use super::seen::{Counted, Found, Kind, Matched, Meta, Origin, Query, Seen, Stored, Visitors};
use crate::model::RepoPath;
use crate::repo::files::LARGEST_WHOLE;
use crate::repo::index::{LINK, TYPE};
use crate::repo::{Ignored, RepoError, Source, Tracked, Unread, objects};

/// A file.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) path: RepoPath,
    /// The file's type and permission, as in a tree; other permissions than
    /// git's only of files in memory.
    pub(super) mode: u32,
    pub(super) oid: Oid,
    /// Which repository or which of the contents in memory holds it.
    pub(super) at: usize,
    pub(super) tracked: bool,
    /// Git tracks it or would add it.
    pub(super) shown: bool,
}

/// All files, in order of path.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) items: Vec<Item>,
    /// Submodules, and the commit that each stands on.
    pub(super) modules: Vec<(RepoPath, Oid)>,
    pub(super) unread: Vec<Unread>,
}

/// One thread's way to the files' contents.
pub(super) enum Door<'a> {
    Git(Vec<Repository>),
    Memory(&'a [Vec<u8>]),
}

impl Door<'_> {
    fn source(&self, item: &Item) -> Source<'_> {
        match self {
            Self::Git(all) => match all.get(item.at) {
                Some(git) => Source::blob(git, item.oid),
                None => Source::memory(&[]),
            },
            Self::Memory(all) => {
                Source::memory(all.get(item.at).map(Vec::as_slice).unwrap_or_default())
            }
        }
    }

    fn len(&self, item: &Item) -> Result<u64, RepoError> {
        match self {
            Self::Git(all) => {
                let Some(git) = all.get(item.at) else { return Ok(0) };
                let failed = |error| objects::missing(git, error, "look at a file's content");
                let header = git.odb().and_then(|odb| odb.read_header(item.oid));
                Ok(header.map_err(failed)?.0 as u64)
            }
            Self::Memory(all) => Ok(all.get(item.at).map_or(0, Vec::len) as u64),
        }
    }
}

impl Item {
    fn is_link(&self) -> bool {
        self.mode & TYPE == LINK
    }
}

/// A tree with its list.
pub(super) trait Held: Debug + Send + Sync {
    /// Which files these are, to be named to people.
    fn origin(&self) -> Origin;

    /// Its files.
    fn list(&self) -> &List;

    /// A way to their contents, for one thread.
    fn door(&self) -> Result<Door<'_>, RepoError>;

    /// What a mode means here.
    fn meta(&self, mode: u32, len: u64) -> Meta;

    /// [`Tree::ignored`]
    fn ignored(&self, path: &RepoPath, folder: bool) -> Result<Ignored, RepoError>;
}

impl<H: Held> Tree for H {
    fn origin(&self) -> Origin {
        Held::origin(self)
    }

    fn walk(&self, threads: usize, visitors: Visitors<'_, '_>) -> Result<(), RepoError> {
        walk(self, threads, visitors)
    }

    fn find(&self, wanted: &Query<'_>) -> Result<Option<Found>, RepoError> {
        find(self, wanted)
    }

    fn tracked(
        &self,
        keep: &dyn Fn(&RepoPath) -> bool,
        see: &mut dyn FnMut(&Tracked<'_>) -> ControlFlow<()>,
    ) -> Result<Counted, RepoError> {
        tracked(self, keep, see)
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, RepoError> {
        read(self, path)
    }

    fn look(&self, path: Option<&RepoPath>) -> Result<Option<Meta>, RepoError> {
        match path {
            Some(path) => look_at(self, &self.door()?, path),
            None => Ok(Some(folder())),
        }
    }

    fn real(&self, path: &RepoPath) -> Result<RepoPath, RepoError> {
        let resolved = resolved(self, &self.door()?, path)?;
        RepoPath::new(resolved).map_err(|_| RepoError::Outside(path.clone()))
    }

    fn names_in(&self, folder: Option<&RepoPath>) -> Result<Vec<RepoPath>, RepoError> {
        names_in(self, folder)
    }

    fn ignored(&self, path: &RepoPath, folder: bool) -> Result<Ignored, RepoError> {
        Held::ignored(self, path, folder)
    }

    fn blobs(
        &self,
        keep: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<Vec<(RepoPath, String)>, RepoError> {
        Ok(blobs(self.list(), keep))
    }

    fn submodules(&self) -> Result<Vec<RepoPath>, RepoError> {
        Ok(self.list().modules.iter().map(|(path, _)| path.clone()).collect())
    }
}

impl List {
    /// Puts the files in order, the last of equal paths kept.
    pub(super) fn sort(&mut self) {
        self.items.sort_by(|a, b| a.path.cmp(&b.path));
        self.items.dedup_by(|later, earlier| {
            let same = later.path == earlier.path;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        self.modules.sort();
        self.unread.sort();
    }

    fn get(&self, path: &Path) -> Option<&Item> {
        let found = self.items.binary_search_by(|item| item.path.as_path().cmp(path));
        found.ok().and_then(|at| self.items.get(at))
    }

    /// The files below a folder; of the top, all.
    fn below(&self, folder: &Path) -> &[Item] {
        let from = self.items.partition_point(|item| item.path.as_path() <= folder);
        let rest = self.items.get(from..).unwrap_or_default();
        let count = rest.partition_point(|item| item.path.as_path().starts_with(folder));
        rest.get(..count).unwrap_or_default()
    }

    fn unread_at(&self, path: &Path) -> Result<(), RepoError> {
        match self.unread.iter().find(|unread| path.starts_with(unread.path.as_path())) {
            Some(unread) => Err(RepoError::Unread(unread.clone())),
            None => Ok(()),
        }
    }
}

/// Where a path leads, links followed: empty for the top.
fn resolved(held: &impl Held, door: &Door<'_>, path: &RepoPath) -> Result<PathBuf, RepoError> {
    let list = held.list();
    let resolved = links::resolve(path, |at| {
        let Some(item) = list.get(at).filter(|item| item.is_link()) else { return Ok(None) };
        let content = door.source(item).content(LARGEST_WHOLE)?.unwrap_or_default();
        Ok(Some(target(&content)))
    })?;
    list.unread_at(&resolved)?;
    Ok(resolved)
}

#[cfg(unix)]
fn target(content: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(content))
}

#[cfg(not(unix))]
fn target(content: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(content).into_owned())
}

fn walk(held: &impl Held, threads: usize, visitors: Visitors<'_, '_>) -> Result<(), RepoError> {
    const AT_ONCE: usize = 64;
    let list = held.list();
    let next = AtomicUsize::new(0);
    let over = AtomicBool::new(false);
    let failed = Mutex::new(None);
    let work = || -> Result<(), RepoError> {
        let door = held.door()?;
        let mut visitor = visitors();
        loop {
            let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
            let Some(rest) = list.items.get(from..).filter(|rest| !rest.is_empty()) else {
                return Ok(());
            };
            for item in rest.iter().take(AT_ONCE).filter(|item| item.shown) {
                if over.load(Ordering::Relaxed) {
                    return Ok(());
                }
                let path = item.path.clone();
                let seen = match item.is_link() {
                    true => Seen::Link(path),
                    false => Seen::File { path, source: door.source(item) },
                };
                if visitor.see(seen).is_break() {
                    over.store(true, Ordering::Relaxed);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, list.items.len().div_ceil(AT_ONCE).max(1)) {
            scope.spawn(|| {
                if let Err(error) = work() {
                    over.store(true, Ordering::Relaxed);
                    let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                    failed.get_or_insert(error);
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let mut visitor = visitors();
    for unread in &list.unread {
        if over.load(Ordering::Relaxed) || visitor.see(Seen::Unread(unread.clone())).is_break() {
            break;
        }
    }
    Ok(())
}

fn find(held: &impl Held, wanted: &Query<'_>) -> Result<Option<Found>, RepoError> {
    let list = held.list();
    let door = held.door()?;
    // a start may lead through a link to a folder
    let mut paths = BTreeSet::new();
    for start in wanted.starts {
        let (named, real) = match start {
            Some(start) => match resolved(held, &door, start) {
                Ok(real) => (start.as_path(), real),
                // its last part may be a link that leads out, which is a match then
                Err(RepoError::Outside(_)) if list.get(start.as_path()).is_some() => {
                    paths.extend(Some(start.clone()).filter(|start| (wanted.keep)(start)));
                    continue;
                }
                Err(_) if list.unread_at(start.as_path()).is_err() => continue,
                Err(error) => return Err(error),
            },
            None => (Path::new(""), PathBuf::new()),
        };
        if let Some(start) = start.as_ref().filter(|start| (wanted.keep)(start)) {
            paths.insert(start.clone());
        }
        for item in list.below(&real) {
            if !(wanted.go_on)() {
                return Ok(None);
            }
            let within = item.path.as_path().strip_prefix(&real).unwrap_or(item.path.as_path());
            let path = RepoPath::new(named.join(within)).ok();
            paths.extend(path.filter(|path| (wanted.keep)(path)));
        }
    }
    let (mut files, mut links) = (Vec::new(), Vec::new());
    for path in paths {
        match look_at(held, &door, &path) {
            Ok(Some(meta)) if meta.kind != Kind::Folder => {
                files.push(Matched { path, meta: Ok(meta) });
            }
            Ok(_) if list.get(path.as_path()).is_some_and(Item::is_link) => links.push(path),
            Ok(_) => {}
            Err(error) => files.push(Matched { path, meta: Err(error) }),
        }
    }
    if !(wanted.go_on)() {
        return Ok(None);
    }
    let unread = list.unread.iter().filter(|unread| wanted.concerns(&unread.path)).cloned();
    Ok(Some(Found { files, links, unread: unread.collect() }))
}

fn tracked(
    held: &impl Held,
    keep: &dyn Fn(&RepoPath) -> bool,
    see: &mut dyn FnMut(&Tracked<'_>) -> ControlFlow<()>,
) -> Result<Counted, RepoError> {
    let list = held.list();
    let door = held.door()?;
    let mut counted = Counted { files: 0, unread: list.unread.clone() };
    for item in list.items.iter().filter(|item| item.tracked) {
        counted.files += 1;
        if keep(&item.path) {
            let (path, source) = (item.path.clone(), door.source(item));
            if see(&Tracked { path, is_link: item.is_link(), source }).is_break() {
                break;
            }
        }
    }
    Ok(counted)
}

fn read(held: &impl Held, path: &RepoPath) -> Result<Option<Vec<u8>>, RepoError> {
    let door = held.door()?;
    let refused = |reason: &str| {
        RepoError::file("read", path.as_path())(std::io::Error::other(reason.to_owned()))
    };
    let resolved = resolved(held, &door, path)?;
    match held.list().get(&resolved) {
        Some(item) => match door.source(item).content(LARGEST_WHOLE)? {
            Some(content) => Ok(Some(content)),
            None => Err(refused("it is larger than 64 MiB")),
        },
        None if is_folder(held.list(), &resolved) => Err(refused("it is a folder")),
        None => Ok(None),
    }
}

fn look_at(held: &impl Held, door: &Door<'_>, path: &RepoPath) -> Result<Option<Meta>, RepoError> {
    let resolved = resolved(held, door, path)?;
    match held.list().get(&resolved) {
        Some(item) => Ok(Some(held.meta(item.mode, door.len(item)?))),
        None => Ok(is_folder(held.list(), &resolved).then(folder)),
    }
}

fn folder() -> Meta {
    Meta { kind: Kind::Folder, len: 0, mode: 0o755, stored: Stored::Git }
}

fn is_folder(list: &List, path: &Path) -> bool {
    path.as_os_str().is_empty() || !list.below(path).is_empty()
}

fn names_in(held: &impl Held, folder: Option<&RepoPath>) -> Result<Vec<RepoPath>, RepoError> {
    let (named, real) = match folder {
        Some(folder) => (folder.as_path(), resolved(held, &held.door()?, folder)?),
        None => (Path::new(""), PathBuf::new()),
    };
    let mut names = BTreeSet::new();
    let unread = held.list().unread.iter().map(|unread| &unread.path);
    for path in held.list().below(&real).iter().map(|item| &item.path).chain(unread) {
        let Ok(within) = path.as_path().strip_prefix(&real) else { continue };
        let name = within.components().next().map(|name| named.join(name));
        names.extend(name.and_then(|name| RepoPath::new(name).ok()));
    }
    Ok(names.into_iter().collect())
}

fn blobs(list: &List, keep: &dyn Fn(&RepoPath) -> bool) -> Vec<(RepoPath, String)> {
    let within = |path: &RepoPath| {
        let mut modules = list.modules.iter();
        modules.any(|(module, _)| path != module && path.as_path().starts_with(module.as_path()))
    };
    let files = list.items.iter().filter(|item| item.tracked).map(|item| (&item.path, item.oid));
    let modules = list.modules.iter().map(|(path, oid)| (path, *oid));
    let kept = files.chain(modules).filter(|(path, _)| keep(path) && !within(path));
    let mut kept: Vec<_> = kept.map(|(path, oid)| (path.clone(), oid.to_string())).collect();
    kept.sort();
    kept
}
