//! What the shared pass gathers for facts while it reads: no file is read twice.
//!
//! When a run has no pass, whoever asks first walks over the tree.

use std::any::Any;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;

use super::Facts;
use crate::lang::SourceFile;
use crate::model::{CheckError, CleanText, RepoPath, RuleId, Subject, words};
use crate::repo::{Content, Reader, Seen, Unread, Visitor};

const COULD_NOT_LOOK: RuleId = RuleId::new("facts.could_not_look");

/// So many threads read: other checks run beside.
const THREADS: usize = 4;

/// A fact that follows from pieces of many files.
pub(super) trait Gather: 'static {
    /// What is noted in a file.
    type Piece: Send + Sync + 'static;

    /// Whether a file may hold a piece; see `Scan::wants`.
    fn wants(path: &RepoPath) -> bool;

    /// A file without any of these holds no piece; with none given, any may.
    fn literals() -> &'static [&'static str];

    /// Looks into a wanted file.
    fn look(file: &SourceFile) -> Option<Self::Piece>;
}

/// What was gathered.
pub(super) struct Pieces<G: Gather> {
    /// By file, in order of path.
    pub(super) all: Vec<(RepoPath, G::Piece)>,
    /// What could not be read, in order.
    pub(super) unread: Vec<Unread>,
}

/// A piece whose type is forgotten.
pub struct Piece(Box<dyn Any + Send>);

/// Pieces in order of path and what was not read; or why nothing was.
pub(super) type Noted = Result<(Vec<(RepoPath, Piece)>, Vec<Unread>), CheckError>;

/// What the shared pass does for a fact.
pub trait Gathered: Sync {
    /// Whether a file may hold a piece.
    fn wants(&self, path: &RepoPath) -> bool;

    /// A file without any of these holds no piece.
    fn literals(&self) -> Vec<String>;

    /// Looks into a wanted file.
    fn look(&self, file: &SourceFile) -> Option<Piece>;

    /// Keeps what was gathered, in order of path, or why it was not; the first
    /// answer counts.
    fn keep(&self, cx: &Facts<'_>, noted: Noted);
}

/// A fact's gathering, its type forgotten.
pub(super) struct Of<G>(PhantomData<fn() -> G>);

impl<G> Of<G> {
    pub(super) const THIS: Self = Self(PhantomData);
}

impl<G: Gather> Gathered for Of<G> {
    fn wants(&self, path: &RepoPath) -> bool {
        G::wants(path)
    }

    fn literals(&self) -> Vec<String> {
        G::literals().iter().map(|&literal| literal.to_owned()).collect()
    }

    fn look(&self, file: &SourceFile) -> Option<Piece> {
        G::look(file).map(|piece| Piece(Box::new(piece)))
    }

    fn keep(&self, cx: &Facts<'_>, noted: Noted) {
        let pieces = noted.map(|(all, unread)| {
            let all = all.into_iter().filter_map(|(path, piece)| {
                let piece = piece.0.downcast::<G::Piece>().ok()?;
                Some((path, *piece))
            });
            Pieces::<G> { all: all.collect(), unread }
        });
        cx.memo.put(pieces);
    }
}

/// Walks over the tree for a fact of which the pass brought nothing.
pub(super) fn walk<G: Gather>(cx: &Facts<'_>) -> Result<Pieces<G>, CheckError> {
    let search = AhoCorasick::new(G::literals()).map_err(|error| failed(error.to_string()))?;
    let all = Mutex::new(Vec::new());
    let look = |path: &RepoPath, text: &[u8]| {
        if G::literals().is_empty() || search.is_match(text) {
            let file = SourceFile::new(path.clone(), String::from_utf8_lossy(text).into_owned());
            let piece = G::look(&file);
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            all.extend(piece.map(|piece| (path.clone(), piece)));
        }
        ControlFlow::Continue(())
    };
    let unread = each_text(cx, &G::wants, &look)?;
    let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Pieces { all, unread })
}

/// Looks at a wanted file; breaking ends the walk.
type Look<'a> = &'a (dyn Fn(&RepoPath, &[u8]) -> ControlFlow<()> + Sync);

/// Shows each wanted text file of the tree, on several threads; gives what could
/// not be read, in order.
///
/// # Errors
/// When the tree cannot be walked over, or nobody waits any more.
pub(super) fn each_text(
    cx: &Facts<'_>,
    wants: &(dyn Fn(&RepoPath) -> bool + Sync),
    look: Look<'_>,
) -> Result<Vec<Unread>, CheckError> {
    let unread = Mutex::new(Vec::new());
    let visitor = || -> Box<dyn Visitor + '_> {
        Box::new(Eyes { cx, wants, look, unread: &unread, reader: Reader::new() })
    };
    cx.tree.walk(THREADS, &visitor).map_err(|error| failed(error.to_string()))?;
    cx.cancel.check()?;
    let mut unread = unread.into_inner().unwrap_or_else(PoisonError::into_inner);
    unread.sort();
    Ok(unread)
}

/// An error of a walk.
pub(super) fn failed(what: String) -> CheckError {
    CheckError::could_not_look(
        COULD_NOT_LOOK,
        Subject::whole(),
        what,
        "run the check again; if it stays, look at the repository with git status",
    )
}

struct Eyes<'a, 'r> {
    cx: &'a Facts<'r>,
    wants: &'a (dyn Fn(&RepoPath) -> bool + Sync),
    look: Look<'a>,
    unread: &'a Mutex<Vec<Unread>>,
    reader: Reader,
}

impl Eyes<'_, '_> {
    fn miss(&self, unread: Unread) {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).push(unread);
    }
}

impl Visitor for Eyes<'_, '_> {
    fn see(&mut self, seen: Seen<'_>) -> ControlFlow<()> {
        if self.cx.cancel.check().is_err() {
            return ControlFlow::Break(());
        }
        match seen {
            Seen::File { path, source } if (self.wants)(&path) => {
                let (reason, next, id) = match self.reader.read(&source) {
                    Ok(Content::Text(text)) => return (self.look)(&path, text),
                    Ok(Content::Binary) => return ControlFlow::Continue(()),
                    Ok(Content::TooLarge) => {
                        ("it is too large".to_owned(), "make it smaller", source.id())
                    }
                    Err(error) => (words::system(&error), words::after_system(&error), None),
                };
                self.miss(Unread { id, ..unread(path, &reason, next) });
            }
            Seen::File { .. } | Seen::Link(_) => {}
            // the top itself cannot be unreadable: its index was read
            Seen::UnreadableFolder { path: None, .. } => {}
            Seen::UnreadableFolder { path: Some(path), reason } => {
                self.miss(unread(path, &words::system(&reason), words::after_system(&reason)));
            }
            Seen::Unread(what) => self.miss(what),
        }
        ControlFlow::Continue(())
    }
}

fn unread(path: RepoPath, reason: &str, next: &str) -> Unread {
    let what = CleanText::line(format!("`{path}` was not looked at ({reason})"));
    Unread { path, what, next: CleanText::line(next), id: None }
}
