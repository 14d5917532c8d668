//! What a fix will do, as plain values: edits, and their words for people.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use secrecy::SecretSlice;

use super::{CleanText, Digest, RepoPath};

/// What a fix will do to the files. It is made for the files as they are, and is
/// applied exactly as it was shown or not at all: each edit names what it expects.
///
/// `Debug`, diff and sentences never show the content of a file that holds secrets.
#[derive(Debug)]
pub struct Plan {
    /// The edits, in the order in which they are made.
    pub edits: Vec<Edit>,
    /// A sentence for each thing that will change.
    pub changes: Vec<CleanText>,
    /// The lines that change, each with `+`, `-` or a space in front.
    pub diff: Vec<CleanText>,
    /// What is lost for good; whoever applies the plan asks about it by itself.
    pub loses: Option<Loss>,
}

/// What a plan destroys and no undo brings back in a later run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loss {
    /// What is lost, in one sentence without a full stop.
    pub what: CleanText,
    /// What a person types to agree: the name of what is lost.
    pub typed: CleanText,
}

/// One change to one file. A line added to a file is a [`Edit::Write`] too: the
/// plan was made for known bytes, so that what comes after them is known as well.
#[derive(Debug)]
pub enum Edit {
    /// Replaces or creates a file in one step.
    Write {
        /// Which.
        path: RepoPath,
        /// What it holds now; nothing when it is not there.
        before: Option<Digest>,
        /// What it will hold.
        bytes: SecretSlice<u8>,
        /// The permission bits that it has at most; none is added to a file that
        /// is there.
        mode: u32,
        /// The new bytes hold a secret: git must not get them, and they are
        /// never kept for an undo in a later run.
        secret: bool,
    },
    /// Takes permission bits away.
    Chmod {
        /// From which file or folder.
        path: RepoPath,
        /// Which one that is, links followed: another one at the same path by then
        /// is not touched.
        inode: Inode,
        /// What it has now.
        from: u32,
        /// What it will have.
        to: u32,
    },
    /// Takes files out of git's index, all in one step; the files themselves stay.
    Untrack {
        /// Each with the blob that the index holds for it now.
        files: Vec<(RepoPath, String)>,
    },
}

/// By what the file system knows a file, whatever it is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inode {
    /// On which device it is.
    pub device: u64,
    /// Its number there.
    pub number: u64,
}

impl Plan {
    /// Nothing is left to do, and why: a plan without edits.
    pub fn nothing(why: impl AsRef<str>) -> Self {
        let why = CleanText::line(why);
        Self { edits: Vec::new(), changes: vec![why], diff: Vec::new(), loses: None }
    }

    /// Whether nothing is left to do; the one sentence in it says why.
    pub fn is_nothing(&self) -> bool {
        self.edits.is_empty()
    }

    /// Whether it writes a secret.
    pub fn writes_secret(&self) -> bool {
        self.edits.iter().any(|edit| matches!(edit, Edit::Write { secret: true, .. }))
    }
}

/// Why something was not fixed or not undone: what is in the way, and what
/// to do next.
#[derive(Clone)]
pub struct FixError {
    said: CleanText,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl FixError {
    /// In one sentence.
    pub fn new(said: impl AsRef<str>) -> Self {
        Self { said: CleanText::line(said), source: None }
    }

    /// The same with what it came from.
    pub fn from_source(mut self, error: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(error));
        self
    }
}

impl fmt::Display for FixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.said, f)
    }
}

impl fmt::Debug for FixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FixError").field(&self.said).finish()
    }
}

impl Error for FixError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_bytes() {
        let edit = Edit::Write {
            path: RepoPath::new(".env").expect("a path"),
            before: None,
            bytes: b"SECRET_KEY=hunter2".to_vec().into(),
            mode: 0o600,
            secret: true,
        };
        let plan = Plan { edits: vec![edit], changes: vec![], diff: vec![], loses: None };
        let told = format!("{plan:?}");
        assert!(plan.writes_secret() && told.contains(".env"));
        // neither as text nor as a list of numbers
        assert!(!told.contains("hunter2") && !told.contains("104, 117, 110"), "{told}");
    }
}
