//! A path that stays inside the repository.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Component, Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::CleanText;

/// A path relative to the root of the work tree, without `.` or `..`.
///
/// Whether a symbolic link leads outside is for the door that opens it to see.
#[derive(Clone, Debug)]
pub struct RepoPath(PathBuf);

/// Why a text is not a path inside the repository.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PathError {
    /// `/etc/passwd`
    #[error("`{0}` is absolute; a path is relative to the repository's root")]
    Absolute(CleanText),
    /// `../other`
    #[error("`{0}` leaves the repository")]
    Leaves(CleanText),
    /// The empty text, or only dots.
    #[error("a path cannot be empty")]
    Empty,
}

impl RepoPath {
    /// Takes a path as a checklist or a person writes it.
    ///
    /// # Errors
    /// When it is empty, absolute, or climbs out with `..`.
    pub fn new(path: impl AsRef<Path>) -> Result<Self, PathError> {
        let path = path.as_ref();
        if cfg!(unix) && is_plain(path.as_os_str().as_encoded_bytes()) {
            return Ok(Self(path.to_path_buf()));
        }
        let shown = || CleanText::bytes(path.as_os_str().as_encoded_bytes());
        let mut kept = PathBuf::new();
        for part in path.components() {
            match part {
                Component::Normal(name) if name.as_encoded_bytes().contains(&0) => {
                    return Err(PathError::Leaves(shown()));
                }
                Component::Normal(name) => kept.push(name),
                Component::CurDir => {}
                Component::ParentDir if kept.pop() => {}
                Component::ParentDir => return Err(PathError::Leaves(shown())),
                Component::RootDir | Component::Prefix(_) => {
                    return Err(PathError::Absolute(shown()));
                }
            }
        }
        if kept.as_os_str().is_empty() {
            return Err(PathError::Empty);
        }
        Ok(Self(kept))
    }

    /// The path as the file system takes it, relative to the root.
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// The last part.
    pub fn name(&self) -> &OsStr {
        self.0.file_name().unwrap_or_default()
    }

    /// What follows the last dot of the name, if anything.
    pub fn extension(&self) -> Option<&str> {
        self.0.extension().and_then(OsStr::to_str)
    }
}

/// Whether nothing is to be left out or refused: what git and the disk give is
/// so, for each file of a repository.
fn is_plain(path: &[u8]) -> bool {
    !path.contains(&0)
        && path.split(|&byte| byte == b'/').all(|part| !matches!(part, b"" | b"." | b".."))
}

// As a `Path` compares, part by part, and many times faster: what is kept has no
// part that does not count.

impl PartialEq for RepoPath {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_os_str() == other.0.as_os_str()
    }
}

impl Eq for RepoPath {}

impl Hash for RepoPath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_os_str().hash(state);
    }
}

impl PartialOrd for RepoPath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RepoPath {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) =
            (self.0.as_os_str().as_encoded_bytes(), other.0.as_os_str().as_encoded_bytes());
        let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        match (a.get(same), b.get(same)) {
            // the end of a part comes before whatever goes on
            (Some(&a), Some(&b)) => (a != SEPARATOR, a).cmp(&(b != SEPARATOR, b)),
            _ => a.len().cmp(&b.len()),
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "it is a character of ASCII")]
const SEPARATOR: u8 = std::path::MAIN_SEPARATOR as u8;

impl<'de> Deserialize<'de> for RepoPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match super::miswritten(&text) {
            Some(why) => Err(D::Error::custom(why)),
            None => Self::new(text).map_err(D::Error::custom),
        }
    }
}

impl JsonSchema for RepoPath {
    fn schema_name() -> Cow<'static, str> {
        "RepoPath".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A path relative to the repository's root, with `/` between its parts."
        })
    }
}

impl fmt::Display for RepoPath {
    /// With `/` between the parts, and safe to show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = CleanText::bytes(self.0.as_os_str().as_encoded_bytes());
        f.pad(text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{PathError, RepoPath};

    #[test]
    fn paths_stay_inside() {
        let good = [("a/b", "a/b"), ("./a", "a"), ("a/../b", "b"), ("a//b/", "a/b")];
        for (given, expected) in good {
            assert_eq!(RepoPath::new(given).expect(given).to_string(), expected);
        }
        assert!(matches!(RepoPath::new("/etc"), Err(PathError::Absolute(_))));
        for bad in ["..", "a/../../b", "../a"] {
            assert!(matches!(RepoPath::new(bad), Err(PathError::Leaves(_))), "{bad}");
        }
        for empty in ["", ".", "a/.."] {
            assert_eq!(RepoPath::new(empty), Err(PathError::Empty), "{empty}");
        }
    }

    #[test]
    fn the_order_is_that_of_paths() {
        let names = ["a", "a.b", "a/b", "a-b/c", "a/b/c", "a/b.c", "A", "a0", "ab/a", "é/a", "!/z"];
        for a in names {
            for b in names {
                let (one, two) = (RepoPath::new(a).expect(a), RepoPath::new(b).expect(b));
                assert_eq!(one.cmp(&two), one.as_path().cmp(two.as_path()), "{a} {b}");
                assert_eq!(one == two, a == b);
            }
        }
    }

    #[test]
    fn a_hostile_name_is_shown_safely() {
        let path = RepoPath::new("a\u{1b}[2J").expect("relative");
        assert_eq!(path.to_string(), "a␛[2J");
    }
}
