//! What could not be read, so that an answer is not proven.

use crate::model::{CleanText, RepoPath};

/// Files at or below a path that could not be read, so that nothing is known of
/// them: an answer that they could have changed is not proven.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unread {
    /// Where they would be.
    pub path: RepoPath,
    /// What is in the way, as a sentence that names the path.
    pub what: CleanText,
    /// What to do.
    pub next: CleanText,
    /// Which content that is: the name of a file's blob, or of a submodule's
    /// commit. None where there is nothing to tell one content from another.
    pub id: Option<String>,
}
