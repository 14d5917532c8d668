//! Where something stands.

use std::fmt;

use serde::Serialize;

use super::{CommitId, RepoPath};

/// Where something stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The file.
    pub path: RepoPath,
    /// Its line, counted from 1.
    pub line: Option<u32>,
    /// The column in characters, counted from 1.
    pub column: Option<u32>,
    /// The commit, when the place is in the history and not in the work tree.
    pub commit: Option<CommitId>,
}

impl Place {
    /// A whole file.
    pub fn file(path: RepoPath) -> Self {
        Self { path, line: None, column: None, commit: None }
    }

    /// A line and a column in characters, both counted from 1.
    pub fn at(path: RepoPath, line: u32, column: u32) -> Self {
        Self { path, line: Some(line), column: Some(column), commit: None }
    }

    /// The same place as it was in a commit.
    pub fn in_commit(mut self, commit: CommitId) -> Self {
        self.commit = Some(commit);
        self
    }
}

impl fmt::Display for Place {
    /// `src/app.py:189:1`, with `commit 1a2b3c4 ` before it for the history.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(commit) = &self.commit {
            write!(f, "commit {} ", commit.short())?;
        }
        write!(f, "{}", self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        Ok(())
    }
}

impl Serialize for Place {
    /// `{"path","line","column","commit"}`; what is unknown is null.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Place", 4)?;
        out.serialize_field("path", &self.path.to_string())?;
        out.serialize_field("line", &self.line)?;
        out.serialize_field("column", &self.column)?;
        out.serialize_field("commit", &self.commit)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_as_editors_write_them() {
        let place = Place::at(RepoPath::new("a.py").expect("a plain path"), 3, 1);
        assert_eq!(place.to_string(), "a.py:3:1");
    }
}
