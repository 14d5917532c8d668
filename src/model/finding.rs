//! One thing that a check saw, and where.

use std::fmt;

use serde::Serialize;

use super::{CleanText, CommitId, Digest, Redacted, RepoPath};

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

/// One thing that a check saw: a sentence, where, and the line without its secrets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What is wrong, in one sentence that names no secret value.
    pub message: CleanText,
    /// Where it was seen.
    pub place: Option<Place>,
    /// The line as it stands there, secrets masked.
    pub excerpt: Option<Redacted>,
    /// What to do about this very finding, when the item's fix does not say it.
    pub help: Option<CleanText>,
}

impl Finding {
    /// A finding that has no place, such as a missing file.
    pub fn new(message: impl AsRef<str>) -> Self {
        Self { message: CleanText::line(message), place: None, excerpt: None, help: None }
    }

    /// Says where.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Shows the line.
    pub fn showing(mut self, excerpt: Redacted) -> Self {
        self.excerpt = Some(excerpt);
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(CleanText::line(help));
        self
    }

    /// By what a sign-off recognises this finding again: its sentence, its file
    /// and its line's text, but no line number, so that code may move.
    pub fn fingerprint(&self) -> Digest {
        let place = self.place.as_ref();
        Digest::of([
            self.message.as_str(),
            &place.map(|p| p.path.to_string()).unwrap_or_default(),
            &place.and_then(|p| p.commit.as_ref()).map(ToString::to_string).unwrap_or_default(),
            self.excerpt.as_ref().map(Redacted::as_str).unwrap_or_default().trim(),
        ])
    }
}

impl Serialize for Finding {
    /// `{"message","path","line","column","commit","excerpt","help"}`; what is
    /// unknown is null.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let place = self.place.as_ref();
        let mut out = serializer.serialize_struct("Finding", 7)?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("path", &place.map(|p| p.path.to_string()))?;
        out.serialize_field("line", &place.and_then(|p| p.line))?;
        out.serialize_field("column", &place.and_then(|p| p.column))?;
        out.serialize_field("commit", &place.and_then(|p| p.commit.as_ref()))?;
        out.serialize_field("excerpt", &self.excerpt.as_ref().map(Redacted::as_str))?;
        out.serialize_field("help", &self.help)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(line: u32, text: &str) -> Finding {
        let path = RepoPath::new("a.py").expect("a plain path");
        Finding::new("TODO")
            .at(Place::at(path, line, 1))
            .showing(Redacted::from_masked(text.into()))
    }

    #[test]
    fn a_fingerprint_survives_a_move_but_not_a_change() {
        assert_eq!(finding(1, "# TODO x").fingerprint(), finding(9, "  # TODO x").fingerprint());
        assert_ne!(finding(1, "# TODO x").fingerprint(), finding(1, "# TODO y").fingerprint());
    }

    #[test]
    fn places_read_as_editors_write_them() {
        assert_eq!(finding(3, "").place.expect("placed").to_string(), "a.py:3:1");
    }
}
