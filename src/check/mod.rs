//! The automatic part of an item: what a kind of check is.
//!
//! One kind is one file in this folder and one line in [`kinds`]. Read the
//! methods of [`Check`] in the order in which the engine calls them.

mod bounds;
pub mod decode;
mod kinds;
pub mod params;
pub mod table;

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use crate::lang::SourceFile;
use crate::model::{CleanText, Finding, Observation, RepoPath};
use crate::repo::{Repo, RepoError};

/// A kind of automatic check. The struct of its YAML parameters is the check.
///
/// A kind that reads many files says which in [`wants`](Check::wants) and looks
/// at each in [`visit`](Check::visit): the engine reads every file once for all
/// checks. A kind that asks git or looks at a few named files does all of its
/// work in [`conclude`](Check::conclude), and says so in
/// [`joins_pass`](Check::joins_pass).
///
/// No method but `conclude` can fail. A panic in any of them becomes the
/// check's error, without the panic's text.
pub trait Check: Debug + Send + Sync {
    /// Whether it takes part in the shared pass. A check that does not is
    /// concluded at once, while the pass still goes on. Asked once for a run.
    fn joins_pass(&self) -> bool {
        true
    }

    /// Whether it wants to see this file in the shared pass. Asked for every
    /// regular file that git tracks or would add, from many threads and before
    /// the file is opened, so it must be cheap.
    fn wants(&self, _path: &RepoPath) -> bool {
        false
    }

    /// A wanted file is only shown when it contains at least one of these, to
    /// the letter; with none given (or an empty one) it is always shown. All
    /// checks' literals are searched for together, and a file without any is
    /// never decoded: the rarer the literals, the cheaper the check. Asked once
    /// for a run.
    fn literals(&self) -> Vec<String> {
        Vec::new()
    }

    /// Looks at one wanted text file. Runs on many threads; each file comes
    /// once. Binary files (a NUL among the first 8,000 bytes) are never shown.
    fn visit(&self, _file: &SourceFile) -> Vec<Finding> {
        Vec::new()
    }

    /// Concludes, after the pass if it joined that, from what was found and
    /// from the repository's own doors. May take long, so it asks
    /// [`Cancel::check`] now and then.
    ///
    /// # Errors
    /// When it could not look; that is never an observation.
    fn conclude(&self, cx: &Context<'_>, found: Found) -> Result<Observation, CheckError>;

    /// What it needs beyond reading files and asking git. An offline run does
    /// not conclude a check that needs the network; its error says so.
    fn needs(&self) -> Needs {
        Needs::Nothing
    }

    /// What gonogo can do about it when the person agrees.
    fn remedy(&self) -> Option<Remedy> {
        None
    }
}

/// What the shared pass brought together for one check.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// From every [`Check::visit`], ordered by path and place. Of more than
    /// [`Found::MOST`] only the first are kept.
    pub findings: Vec<Finding>,
    /// How many more there were.
    pub left_off: usize,
    /// How many wanted text files were read.
    pub files: usize,
    /// Wanted files that could not be looked at, each with the reason (too
    /// large, not readable), and folders that could not be listed, ordered by
    /// path. Binary files are not among them.
    pub skipped: Vec<(RepoPath, CleanText)>,
}

impl Found {
    /// So many findings of one check are kept.
    pub const MOST: usize = 10_000;
}

/// What a check may ask while it concludes.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The doors to the repository.
    pub repo: &'a Repo,
    /// When the run began.
    pub now: Timestamp,
    /// No network may be asked.
    pub offline: bool,
    /// Whether anybody still waits for the answer.
    pub cancel: &'a Cancel,
}

/// Lets a run be given up. Clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks all who hold a clone to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// For use with `?` in long loops.
    ///
    /// # Errors
    /// [`CheckError::Cancelled`], when it was.
    pub fn check(&self) -> Result<(), CheckError> {
        if self.is_cancelled() { Err(CheckError::Cancelled) } else { Ok(()) }
    }
}

/// What a check needs beyond reading files and asking git.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// The network; skipped with an error when the run is offline.
    Network,
}

/// What gonogo can do about a failing item when the person agrees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Remedy {
    /// Put a fresh random secret under this name into the env file.
    GenerateSecret {
        /// The env file.
        file: RepoPath,
        /// The variable.
        key: String,
    },
}

/// Why a check could not look. An error is not a pass.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// The run was given up.
    #[error("the run was cancelled")]
    Cancelled,
    /// Something stood in the way.
    #[error("{what}; {next}")]
    CouldNotLook {
        /// What happened, and where.
        what: CleanText,
        /// What to do next.
        next: CleanText,
    },
}

impl CheckError {
    /// Says what happened and where, and what to do next.
    pub fn could_not_look(what: impl AsRef<str>, next: impl AsRef<str>) -> Self {
        Self::CouldNotLook { what: CleanText::line(what), next: CleanText::line(next) }
    }
}

impl From<RepoError> for CheckError {
    fn from(error: RepoError) -> Self {
        Self::from(&error)
    }
}

impl From<&RepoError> for CheckError {
    fn from(error: &RepoError) -> Self {
        let next = match error {
            // says itself what to do
            RepoError::Unsupported { what, next } => {
                return Self::CouldNotLook { what: what.clone(), next: next.clone() };
            }
            RepoError::Outside(_) => {
                "replace the link by a file inside, or check the file it leads to where it is"
            }
            RepoError::File { .. } => "see that it can be read by you, then run again",
            _ => "run `git fsck` and `git status` to see what git says, then run again",
        };
        Self::could_not_look(error.to_string(), next)
    }
}
