//! What is looked for in a history, and what was found.

use crate::model::{CleanText, CommitId, Date, RepoPath};

use super::unread::Gap;

/// What is looked for in the history. Several threads may ask at once.
pub trait Wanted: Sync {
    /// All that decides what counts, as text: two searches that ask the same
    /// may share one answer.
    fn question(&self) -> Vec<String>;
    /// Whether a file of this name may matter in any folder. A false yes costs
    /// time, a false no hides files.
    fn wants_name(&self, name: &[u8]) -> bool;
    /// Whether files at this path matter.
    fn wants(&self, path: &RepoPath) -> bool;
    /// How many bytes of content the judgement needs; with none, the file
    /// counts whatever it holds. No path: a file that only a tag names.
    fn needs(&self, path: Option<&RepoPath>) -> Option<usize>;
    /// Whether a file with this content counts.
    fn counts(&self, path: Option<&RepoPath>, content: &[u8]) -> bool;
    /// Whether anybody still waits for the answer.
    fn go_on(&self) -> bool;
}

/// What the history holds of what was looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// How many commits were looked at.
    pub commits: usize,
    /// The files that count, in order of path.
    pub held: Vec<Held>,
    /// Files that count and have no path, in order of the ref.
    pub nameless: Vec<Nameless>,
    /// Contents with more bytes than were asked for, which were not judged.
    pub too_large: Vec<TooLarge>,
    /// What could not be read. Unless it is empty, the rest is not everything.
    pub unread: Vec<Gap>,
}

/// A file that counts, in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Where it was.
    pub path: RepoPath,
    /// How many commits have it.
    pub commits: usize,
    /// The different contents that count, the oldest first.
    pub versions: Vec<HeldVersion>,
    /// `HEAD` has one of them.
    pub in_head: bool,
}

impl Held {
    /// What had it first.
    pub fn origin(&self) -> Option<&Holder> {
        self.versions.first().map(|version| &version.origin)
    }
}

/// One of the contents that a file had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldVersion {
    /// The name of its blob.
    pub blob: String,
    /// What had it first.
    pub origin: Holder,
}

/// What has a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The oldest commit that does.
    Commit {
        /// Its name.
        id: CommitId,
        /// When it was committed, in UTC.
        date: Date,
    },
    /// No commit does, but a folder that this ref names.
    Ref {
        /// The ref.
        name: CleanText,
        /// The name of the object that it names.
        object: String,
    },
}

/// A file that counts and that a ref names directly, so that it has no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nameless {
    /// The ref.
    pub reference: CleanText,
    /// The name of its blob.
    pub blob: String,
}

/// A content that was not judged for its size.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TooLarge {
    /// Where it was; of a file without a path, the ref.
    pub path: RepoPath,
    /// The name of its blob.
    pub blob: String,
}
