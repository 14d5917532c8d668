//! Checks that look into many files, in the one shared pass.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use super::{Fix, rests};
use crate::facts::Facts;
use crate::lang::SourceFile;
use crate::model::{CheckError, Observation, Outcome, RepoPath};
use crate::repo::Unread;

/// A kind of check that looks at each file in the one shared pass.
///
/// A panic in a method becomes the check's error, without the panic's text.
pub trait Scan: Debug + Send + Sync {
    /// What it notes in a file: a finding, or what findings follow from once all
    /// files were seen.
    type Hit: Send + 'static;

    /// Whether it wants to see this file. Asked for every regular file that git
    /// tracks or would add, from many threads and before the file is opened, so
    /// it must be cheap.
    fn wants(&self, path: &RepoPath) -> bool;

    /// A wanted file is only shown when it contains at least one of these, to
    /// the letter; with none given (or an empty one) it is always shown. All
    /// scans' literals are searched for together, and a file without any is
    /// never decoded: the rarer the literals, the cheaper the scan. Asked once
    /// for a run.
    fn literals(&self) -> Vec<String> {
        Vec::new()
    }

    /// What the files that the checklist itself was read from are to it.
    fn own_list(&self) -> OwnList {
        OwnList::Read
    }

    /// Whether a wanted file is one of those that a pass speaks of; the others are
    /// looked at and not counted.
    fn counts(&self, path: &RepoPath) -> bool {
        let _ = path;
        true
    }

    /// Whether it cannot decide while nothing is known of what lies at this path
    /// or below, for this reason.
    fn needs(&self, path: &RepoPath, gap: Gap) -> bool {
        let _ = (path, gap);
        false
    }

    /// The literals of this run, where they follow from facts: a value of an
    /// env file, say. None when nothing is sought: then no file is shown. The
    /// pass has gathered nothing yet when it asks.
    ///
    /// # Errors
    /// When what they follow from could not be looked at.
    fn sought(&self, cx: &Facts<'_>) -> Result<Option<Vec<String>>, CheckError> {
        let _ = cx;
        Ok(Some(self.literals()))
    }

    /// Looks at one wanted text file. Runs on many threads; each file comes
    /// once; one that only a link's name makes wanted comes under that name.
    /// Binary files (a NUL among the first 8,000 bytes) are never shown.
    fn look(&self, file: &SourceFile, hits: &mut Vec<Self::Hit>);

    /// Judges what was noted in all files.
    ///
    /// # Errors
    /// When it could not look; that is never an observation.
    fn judge(&self, cx: &Facts<'_>, hits: Hits<Self::Hit>) -> Result<Observation, CheckError>;

    /// Whether a pass depends on each file in which something was noted: without
    /// one of them another file's hit could have counted.
    fn rests_on_hits(&self) -> bool {
        false
    }

    /// What gonogo can do by itself about what was seen, when the person agrees.
    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        let _ = seen;
        Vec::new()
    }
}

/// What the files of the checklist that asks are to a scan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnList {
    /// Files like any other.
    Read,
    /// Looked at, and nothing that a pass could be said of.
    NotCounted,
    /// Not looked at: they hold what is asked.
    LeftOut,
}

/// Why nothing is known of a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gap {
    /// A symbolic link that leads out of the repository, to a file or a folder.
    Outside,
    /// A symbolic link to what git ignores.
    Ignored,
    /// A symbolic link that leads to nothing, or cannot be followed.
    Nowhere,
    /// A file whose name says text and that is binary.
    Binary,
}

/// What the shared pass brought together for one scan.
#[derive(Clone, Debug)]
pub struct Hits<T> {
    /// What was noted, in the order of the files' paths, and within a file in
    /// the order in which it was noted.
    pub all: Vec<T>,
    /// How many wanted text files were read.
    pub files: usize,
    /// What was not looked at, ordered by path. Binary files are not among them.
    pub unread: Vec<Unread>,
}

/// A scan whose type of hit is forgotten, as the engine runs it.
pub trait AnyScan: Debug + Send + Sync {
    /// See [`Scan::wants`].
    fn wants(&self, path: &RepoPath) -> bool;

    /// See [`Scan::sought`].
    ///
    /// # Errors
    /// See [`Scan::sought`].
    fn sought(&self, cx: &Facts<'_>) -> Result<Option<Vec<String>>, CheckError>;

    /// See [`Scan::own_list`].
    fn own_list(&self) -> OwnList;

    /// See [`Scan::counts`].
    fn counts(&self, path: &RepoPath) -> bool;

    /// See [`Scan::needs`].
    fn needs(&self, path: &RepoPath, gap: Gap) -> bool;

    /// Looks at one file and puts what it notes into the bag; says how much that was.
    fn look(&self, file: &SourceFile, bag: &mut Bag) -> usize;

    /// An empty bag for one thread.
    fn bag(&self) -> Bag;

    /// Judges what all threads noted.
    ///
    /// # Errors
    /// See [`Scan::judge`].
    fn judge(
        &self,
        cx: &Facts<'_>,
        bags: Vec<Bag>,
        files: usize,
        unread: Vec<Unread>,
    ) -> Result<Observation, CheckError>;

    /// See [`Scan::fixes`].
    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>>;
}

/// What one thread noted for one scan, by file.
pub struct Bag(Box<dyn Any + Send>);

impl Debug for Bag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bag")
    }
}

type ByFile<T> = Vec<(RepoPath, Vec<T>)>;

impl<S: Scan> AnyScan for S {
    fn wants(&self, path: &RepoPath) -> bool {
        Scan::wants(self, path)
    }

    fn sought(&self, cx: &Facts<'_>) -> Result<Option<Vec<String>>, CheckError> {
        Scan::sought(self, cx)
    }

    fn own_list(&self) -> OwnList {
        Scan::own_list(self)
    }

    fn counts(&self, path: &RepoPath) -> bool {
        Scan::counts(self, path)
    }

    fn needs(&self, path: &RepoPath, gap: Gap) -> bool {
        Scan::needs(self, path, gap)
    }

    fn look(&self, file: &SourceFile, bag: &mut Bag) -> usize {
        let mut hits = Vec::new();
        Scan::look(self, file, &mut hits);
        let noted = hits.len();
        if let (true, Some(by_file)) = (noted > 0, bag.0.downcast_mut::<ByFile<S::Hit>>()) {
            by_file.push((file.path().clone(), hits));
        }
        noted
    }

    fn bag(&self) -> Bag {
        Bag(Box::new(ByFile::<S::Hit>::new()))
    }

    fn judge(
        &self,
        cx: &Facts<'_>,
        bags: Vec<Bag>,
        files: usize,
        unread: Vec<Unread>,
    ) -> Result<Observation, CheckError> {
        let bags = bags.into_iter().filter_map(|bag| bag.0.downcast::<ByFile<S::Hit>>().ok());
        let mut by_file: ByFile<S::Hit> = bags.flat_map(|bag| *bag).collect();
        by_file.sort_by(|a, b| a.0.cmp(&b.0));
        let noted: Vec<RepoPath> = by_file.iter().map(|(path, _)| path.clone()).collect();
        let all = by_file.into_iter().flat_map(|(_, hits)| hits).collect();
        let seen = Scan::judge(self, cx, Hits { all, files, unread })?;
        if !self.rests_on_hits() || seen.outcome() == Outcome::Fails {
            return Ok(seen);
        }
        let here = rests::not_tracked(cx, &noted.iter().collect())?;
        Ok(seen.resting_on_here(here))
    }

    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        Scan::fixes(self, seen)
    }
}
