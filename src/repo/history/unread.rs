//! What of a history could not be read, and why.

use std::fmt;

use crate::model::CleanText;

/// A part of the history that is not here or cannot be read. Facts only: what
/// they mean for a verdict is for others to say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// A ref, a `HEAD`, an entry of the stash, or a file that lists refs.
    Ref {
        /// Its name, as `refs/heads/main`, `stash@{1}`, `worktrees/x/HEAD`.
        name: CleanText,
        /// What is wrong with it.
        why: RefFault,
    },
    /// The clone is shallow, and ends at this many commits.
    Shallow {
        /// How many commits have a parent that is not here.
        commits: usize,
    },
    /// The clone is partial, and lacks objects that were needed.
    Partial {
        /// How many.
        objects: usize,
    },
    /// An object that is missing, damaged, or of the wrong kind.
    Object {
        /// Its name.
        id: String,
        /// What it should have been.
        what: ObjectKind,
    },
    /// A file whose path no checkout would make, such as `../x`.
    Path(CleanText),
}

/// What is wrong with a ref.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefFault {
    /// The file system does not let it be read.
    Inaccessible,
    /// It holds something else than an object's name.
    Junk,
    /// It names an object that is missing or damaged.
    Object,
}

/// What an object should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// A commit.
    Commit,
    /// A folder.
    Tree,
    /// A file's content.
    Blob,
}

impl Gap {
    /// The parts that stay the same while this part stays unread. Numbers take
    /// no part: a shallow clone is the same gap after a fetch.
    pub fn subject(&self) -> Vec<String> {
        match self {
            Self::Ref { name, .. } => vec!["ref".into(), name.to_string()],
            Self::Shallow { .. } => vec!["shallow".into()],
            Self::Partial { .. } => vec!["partial".into()],
            Self::Object { id, .. } => vec!["object".into(), id.clone()],
            Self::Path(path) => vec!["path".into(), path.to_string()],
        }
    }

    /// What to do about it.
    pub fn next(&self) -> &'static str {
        match self {
            Self::Ref { .. } => {
                "run `git fsck` and `git show-ref` to see what git says, then fetch the ref again or delete it"
            }
            Self::Shallow { .. } => {
                "run `git fetch --unshallow` (in CI, check out with `fetch-depth: 0`)"
            }
            Self::Partial { .. } => "run `git fetch --refetch --no-filter`, or use a full clone",
            Self::Object { .. } => "run `git fsck`, then clone the repository again",
            Self::Path(_) => "run `git fsck` to see which tree names it",
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ref { name, why } => {
                write!(f, "`{name}` ")?;
                f.write_str(match why {
                    RefFault::Inaccessible => "cannot be read",
                    RefFault::Junk => "does not hold an object's name",
                    RefFault::Object => "names an object that is missing or damaged",
                })
            }
            Self::Shallow { commits: 1 } => {
                f.write_str("this is a shallow clone: what came before 1 commit is not here")
            }
            Self::Shallow { commits } => {
                write!(f, "this is a shallow clone: what came before {commits} commits is not here")
            }
            Self::Partial { objects: 1 } => {
                f.write_str("this is a partial clone: 1 object that is needed was not fetched")
            }
            Self::Partial { objects } => write!(
                f,
                "this is a partial clone: {objects} objects that are needed were not fetched"
            ),
            Self::Object { id, what } => {
                let short = id.get(..7).unwrap_or(id);
                let what = match what {
                    ObjectKind::Commit => "commit",
                    ObjectKind::Tree => "folder",
                    ObjectKind::Blob => "file content",
                };
                write!(f, "the {what} {short} is missing or damaged")
            }
            Self::Path(path) => {
                write!(f, "a tree names a file `{path}`, which no checkout would make")
            }
        }
    }
}
