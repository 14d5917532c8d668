//! What git tracks: the index, read once for all who ask.

use std::ops::Range;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use git2::{Index, IndexEntry, IndexEntryExtendedFlag, IndexEntryFlag, Oid, Repository};

use super::names::path_from_git;
use super::{Repo, RepoError, Source};
use crate::model::RepoPath;

/// A tracked file, and a way to its content as the index has it.
#[derive(Debug)]
pub struct Tracked<'a> {
    /// Where it is.
    pub path: RepoPath,
    /// Whether it is a symbolic link, whose content is where it leads.
    pub is_link: bool,
    pub(super) source: Source<'a>,
}

/// One entry of the index.
#[derive(Debug)]
pub(super) struct Entry {
    /// As git spells it.
    pub(super) path: Box<[u8]>,
    pub(super) oid: Oid,
    /// The file's type and permission, as in a tree.
    pub(super) mode: u32,
    /// 0, or which side of a conflict it is.
    pub(super) stage: u16,
    /// A sparse checkout left it out of the work tree (skip-worktree).
    pub(super) left_out: bool,
    /// Git is told to take it for unchanged (assume-unchanged).
    pub(super) assumed: bool,
    pub(super) noted: Noted,
}

/// A moment as the file system tells it: seconds and nanoseconds.
pub(super) type Moment = (i64, i64);

/// What the index keeps of a file that git last saw as its entry says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Noted {
    /// The low 32 bits of each.
    size: u32,
    ino: u32,
    modified: Short,
    changed: Short,
}

/// A moment as the index keeps it; there is one list of all tracked files in memory.
type Short = (i32, u32);

impl Noted {
    fn of(entry: &IndexEntry) -> Self {
        let moment = |at: git2::IndexTime| (at.seconds(), at.nanoseconds());
        let (modified, changed) = (moment(entry.mtime), moment(entry.ctime));
        Self { size: entry.file_size, ino: entry.ino, modified, changed }
    }

    /// Whether a file's size, inode and times are in full what was noted, and
    /// the note was made when a later change would have shown (racy git): the
    /// index was written after the file.
    pub(super) fn stands(&self, meta: &std::fs::Metadata, written: Option<Moment>) -> bool {
        #[allow(clippy::cast_possible_truncation, reason = "the index keeps 32 bits")]
        let (size, ino) = (meta.len() as u32, meta.ino() as u32);
        let full = |(seconds, nanoseconds): Short| (i64::from(seconds), i64::from(nanoseconds));
        (self.size, self.ino) == (size, ino)
            && full(self.modified) == (meta.mtime(), meta.mtime_nsec())
            && full(self.changed) == (meta.ctime(), meta.ctime_nsec())
            && written.is_some_and(|written| full(self.modified) < written)
    }
}

impl Entry {
    pub(super) fn is_file(&self) -> bool {
        self.mode & TYPE == REGULAR
    }

    pub(super) fn is_link(&self) -> bool {
        self.mode & TYPE == LINK
    }

    pub(super) fn is_submodule(&self) -> bool {
        self.mode & TYPE == SUBMODULE
    }
}

/// What a mode says of a file's type, as trees and the index hold it.
pub(super) const TYPE: u32 = 0o170_000;
pub(super) const REGULAR: u32 = 0o100_000;
pub(super) const LINK: u32 = 0o120_000;
pub(super) const SUBMODULE: u32 = 0o160_000;

/// All entries of the index, in order of their bytes.
#[derive(Debug, Default)]
pub(super) struct Entries {
    all: Vec<Entry>,
    sparse: bool,
    written: Option<Moment>,
}

impl Entries {
    fn of(index: &Index, written: Option<Moment>) -> Self {
        let left_out = |flags| IndexEntryExtendedFlag::from_bits_retain(flags).is_skip_worktree();
        // the iterator does not say how many come
        let mut all: Vec<Entry> = Vec::with_capacity(index.len());
        all.extend(index.iter().map(|entry| Entry {
            noted: Noted::of(&entry),
            path: entry.path.into_boxed_slice(),
            oid: entry.id,
            mode: entry.mode,
            stage: (entry.flags >> 12) & 3,
            left_out: left_out(entry.flags_extended),
            assumed: IndexEntryFlag::from_bits_retain(entry.flags).is_valid(),
        }));
        // with `core.ignoreCase` libgit2 has another order
        if !all.is_sorted_by(|a, b| a.path <= b.path) {
            all.sort_by(|a, b| a.path.cmp(&b.path));
        }
        let sparse = all.iter().any(|entry| entry.left_out);
        Self { all, sparse, written }
    }

    /// All, by their numbers.
    pub(super) fn all(&self) -> &[Entry] {
        &self.all
    }

    /// When the index was written, as far as was known before it was read.
    pub(super) fn written(&self) -> Option<Moment> {
        self.written
    }

    /// Each; a file in conflict has up to three.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.all.iter()
    }

    /// Whether any file was left out of the work tree.
    pub(super) fn is_sparse(&self) -> bool {
        self.sparse
    }

    /// The entry of a path, as git spells it.
    pub(super) fn get(&self, path: &[u8]) -> Option<&Entry> {
        self.all.get(self.number_in(0..self.all.len(), path)?)
    }

    /// The numbers of the entries below a folder.
    pub(super) fn below(&self, folder: &Path) -> Range<usize> {
        if folder.as_os_str().is_empty() {
            return 0..self.all.len();
        }
        let prefix = [folder.as_os_str().as_encoded_bytes(), b"/"].concat();
        let from = self.all.partition_point(|entry| *entry.path < *prefix);
        let rest = self.all.get(from..).unwrap_or_default();
        from..from + rest.partition_point(|entry| entry.path.starts_with(&prefix))
    }

    /// The number of the first entry of a path, among those of these numbers.
    pub(super) fn number_in(&self, among: Range<usize>, path: &[u8]) -> Option<usize> {
        let from = among.start;
        let among = self.all.get(among)?;
        let at = among.partition_point(|entry| *entry.path < *path);
        among.get(at).filter(|entry| *entry.path == *path)?;
        Some(from + at)
    }
}

/// The entries below the folder that was asked about last: who asks about files
/// goes from folder to folder.
#[derive(Debug, Default)]
pub(super) struct Near(Option<(Box<Path>, Range<usize>)>);

impl Near {
    /// The number of the first entry of a path.
    pub(super) fn number(&mut self, entries: &Entries, path: &Path) -> Option<usize> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let among = match &self.0 {
            Some((known, among)) if known.as_os_str() == folder.as_os_str() => among.clone(),
            _ => {
                let among = entries.below(folder);
                self.0 = Some((folder.into(), among.clone()));
                among
            }
        };
        entries.number_in(among, path.as_os_str().as_encoded_bytes())
    }
}

/// What the index held when it was last read; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing(Arc<Mutex<Last>>);

type Last = Option<(Option<Stamp>, Arc<Entries>)>;

/// By what a file that was written is known: when, how long, and, since git
/// renames a new index into place, which file it is.
type Stamp = (Moment, u64, u64);

fn stamp(file: &Path) -> Option<Stamp> {
    let meta = file.metadata().ok()?;
    Some(((meta.mtime(), meta.mtime_nsec()), meta.len(), meta.ino()))
}

impl Repo {
    /// Shows each tracked file whose path passes `keep`, in git's order (one in
    /// conflict once for each side), and says how many files are tracked. Submodules are none.
    ///
    /// # Errors
    /// When git cannot read its index, and whatever `see` answers.
    pub fn each_tracked<E: From<RepoError>>(
        &self,
        keep: &dyn Fn(&RepoPath) -> bool,
        mut see: impl FnMut(&Tracked<'_>) -> Result<(), E>,
    ) -> Result<usize, E> {
        let index = self.listing()?;
        let git = self.git()?;
        let mut count = 0;
        let mut before: &[u8] = &[];
        for entry in index.iter() {
            if entry.is_submodule() {
                continue;
            }
            // a file in conflict has up to three entries
            count += usize::from(*entry.path != *before);
            if let Some(path) = path_from_git(&entry.path).filter(|path| keep(path)) {
                let source = Source::blob(&git, entry.oid);
                see(&Tracked { path, is_link: entry.is_link(), source })?;
            }
            before = &entry.path;
        }
        Ok(count)
    }

    /// What the index holds now. It is read again only when it was written since.
    ///
    /// # Errors
    /// When it is of a kind that libgit2 cannot read.
    pub(super) fn listing(&self) -> Result<Arc<Entries>, RepoError> {
        let mut last = self.listing.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.git_dir.join("index"));
        if let Some((then, entries)) = last.as_ref()
            && stamp.is_some()
            && *then == stamp
        {
            return Ok(Arc::clone(entries));
        }
        let (_git, index) = self.index()?;
        // a note that may be older than the index is not believed: its time is
        // the one from before it was read
        let entries = Arc::new(Entries::of(&index, stamp.map(|(written, ..)| written)));
        *last = Some((stamp, Arc::clone(&entries)));
        Ok(entries)
    }

    /// The index as it is now.
    ///
    /// # Errors
    /// When it is of a kind that libgit2 cannot read.
    pub(super) fn index(&self) -> Result<(Repository, Index), RepoError> {
        let git = self.git()?;
        match git.index() {
            Ok(index) => Ok((git, index)),
            // git's library says of a file that is too short that there is none
            Err(_) if self.git_dir.join("index").metadata().is_ok_and(|meta| meta.len() < 32) => {
                Err(RepoError::Unsupported {
                    what: "git's index (`.git/index`) is there and is cut short or empty".into(),
                    next: "remove it and run `git reset`, which makes it again from the last commit and leaves your files as they are".into(),
                })
            }
            Err(error) => Err(RepoError::git("read its index")(error)),
        }
    }
}

impl Tracked<'_> {
    /// The name of its blob.
    pub fn id(&self) -> Option<String> {
        self.source.id()
    }

    /// The content, or nothing when it has more bytes than that.
    ///
    /// # Errors
    /// When the object is not there, as in a partial clone.
    pub fn content(&self, most: usize) -> Result<Option<Vec<u8>>, RepoError> {
        self.source.content(most)
    }
}
