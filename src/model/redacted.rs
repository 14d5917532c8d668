//! A line that is safe to show.

use super::CleanText;

/// A line of a file with every secret masked. Only `secret::redact` makes one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Redacted(CleanText);

impl Redacted {
    /// Takes a line in which every secret is masked already.
    pub(crate) fn from_masked(line: CleanText) -> Self {
        Self(line)
    }

    /// The safe text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl std::fmt::Debug for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.0.as_str())
    }
}
