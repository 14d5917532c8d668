//! Parameter types that several kinds share. Each refuses what it cannot use
//! while the file is loaded, so that a run meets no bad pattern.

use std::borrow::Cow;
use std::fmt;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};

use crate::model::RepoPath;

/// Patterns of paths, matched against the whole path from the repository's
/// root: `*` stays within a folder, `**` crosses folders, a pattern without a
/// slash matches the name in any folder. One that begins with `(?i)` does not
/// tell capital letters from small ones.
#[derive(Clone)]
pub struct Globs {
    patterns: Vec<String>,
    set: GlobSet,
    /// Their last parts, as far as those can be told apart.
    names: Option<GlobSet>,
}

impl Globs {
    /// # Errors
    /// A sentence naming the pattern that is none.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            set.add(glob(pattern.as_ref())?);
        }
        Ok(Self {
            patterns: patterns.iter().map(|p| p.as_ref().to_owned()).collect(),
            set: set.build().map_err(|error| error.to_string())?,
            names: names(patterns),
        })
    }

    /// Whether any pattern matches.
    pub fn matches(&self, path: &RepoPath) -> bool {
        self.set.is_match(path.as_path())
    }

    /// Whether a file of this name may match in some folder. Says yes when it
    /// cannot tell.
    pub fn may_match_name(&self, name: &[u8]) -> bool {
        let Some(names) = &self.names else { return true };
        #[cfg(unix)]
        let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(name);
        #[cfg(not(unix))]
        let Ok(name) = std::str::from_utf8(name) else {
            return true;
        };
        names.is_match(name)
    }

    /// Where to look for what they match: for each pattern the folder or file
    /// that its plain beginning names, none for the whole work tree.
    pub fn starts(&self) -> Vec<Option<RepoPath>> {
        let mut starts: Vec<Option<RepoPath>> = self.patterns.iter().map(|p| start(p)).collect();
        starts.sort();
        starts.dedup();
        starts
    }

    /// As they were written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }
}

/// Patterns that every name matches whose path matches one of these patterns.
fn names<S: AsRef<str>>(patterns: &[S]) -> Option<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.as_ref();
        let any_case = if pattern.starts_with(ANY_CASE) { ANY_CASE } else { "" };
        let pattern = pattern.strip_prefix(ANY_CASE).unwrap_or(pattern);
        let name = match pattern.rsplit_once('/') {
            None => pattern,
            // a slash within braces or brackets parts no folder from its file
            Some(_) if pattern.contains(['{', '[', '\\']) => return None,
            Some((_, "" | "**")) => return None,
            Some((_, name)) => name,
        };
        set.add(glob(&format!("{any_case}{name}")).ok()?);
    }
    set.build().ok()
}
/// Before a pattern that does not tell capital letters from small ones.
const ANY_CASE: &str = "(?i)";

/// The plain parts with which a pattern begins.
fn start(pattern: &str) -> Option<RepoPath> {
    const SPECIAL: &[char] = &['*', '?', '[', ']', '{', '}', '\\'];
    // the folder may be spelled in another way
    if !pattern.contains('/') || pattern.starts_with(ANY_CASE) {
        return None;
    }
    let plain: Vec<&str> = pattern.split('/').take_while(|part| !part.contains(SPECIAL)).collect();
    RepoPath::new(plain.join("/")).ok()
}

/// Builds one pattern by the rules of [`Globs`].
fn glob(written: &str) -> Result<globset::Glob, String> {
    let any_case = written.strip_prefix(ANY_CASE);
    let pattern = any_case.unwrap_or(written);
    if pattern.starts_with('/') || pattern.split('/').any(|part| part == "..") {
        return Err(format!(
            "the pattern `{pattern}` leaves the repository; patterns are relative to its root"
        ));
    }
    let anywhere = if pattern.contains('/') {
        Cow::Borrowed(pattern)
    } else {
        Cow::Owned(format!("**/{pattern}"))
    };
    GlobBuilder::new(&anywhere)
        .literal_separator(true)
        .empty_alternates(true)
        .case_insensitive(any_case.is_some())
        .build()
        .map_err(|error| format!("`{pattern}` is not a valid pattern of paths: {}", error.kind()))
}

impl fmt::Debug for Globs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.patterns.fmt(f)
    }
}

impl Serialize for Globs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.patterns.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let patterns = Vec::<String>::deserialize(deserializer)?;
        Self::new(&patterns).map_err(D::Error::custom)
    }
}

impl JsonSchema for Globs {
    fn schema_name() -> Cow<'static, str> {
        "Globs".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": { "type": "string" },
            "description": "Patterns of paths from the repository's root: `*` stays within a folder, `**` crosses folders, a pattern without a slash matches the name in any folder, one that begins with `(?i)` does not tell capital letters from small ones."
        })
    }
}

/// A regular expression, of the `regex` crate's syntax.
#[derive(Clone)]
pub struct Pattern(pub Regex);

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_str().fmt(f)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        regex::RegexBuilder::new(&text)
            .multi_line(true)
            .crlf(true)
            .size_limit(1 << 20)
            .build()
            .map(Self)
            .map_err(|error| {
                let reason = error.to_string();
                let reason =
                    reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
                D::Error::custom(format!("`{text}` is not a valid regular expression: {reason}"))
            })
    }
}

impl JsonSchema for Pattern {
    fn schema_name() -> Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "regex",
            "description": "A regular expression; `^` and `$` match at line ends."
        })
    }
}

/// Permission bits of a file, written as an octal number in quotes: `"0600"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FileMode(pub u32);

impl fmt::Display for FileMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

impl<'de> Deserialize<'de> for FileMode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const HOW: &str = "a mode is an octal number in quotes, such as \"0600\"";
        let text = String::deserialize(deserializer).map_err(|_| D::Error::custom(HOW))?;
        match u32::from_str_radix(&text, 8) {
            Ok(mode) if mode <= 0o7777 && (3..=4).contains(&text.len()) => Ok(Self(mode)),
            _ => Err(D::Error::custom(HOW)),
        }
    }
}

impl JsonSchema for FileMode {
    fn schema_name() -> Cow<'static, str> {
        "FileMode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-7]{3,4}$",
            "description": "Permission bits as an octal number in quotes, such as \"0600\"."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_people_expect() {
        let cases = [
            (".env", ".env", true),
            (".env", "sub/.env", true),
            ("/.env", "", false),
            ("a/*.py", "a/b.py", true),
            ("a/*.py", "a/b/c.py", false),
            ("a/**", "a/b/c.py", true),
            ("**/*.py", "c.py", true),
            ("scripts/backup*", "scripts/backup.sh", true),
            ("*.py", "a/b/c.py", true),
            ("*.py", "a/C.PY", false),
            ("(?i)*.py", "a/C.PY", true),
            ("(?i){a,{b,c}}/x[._-]{y,}", "B/X_Y", true),
            ("(?i){a,b}/x", "c/B/x", false),
            ("a{,.bak}", "b/a", true),
            ("a{,.bak}", "b/a.bak", true),
        ];
        for (pattern, path, expected) in cases {
            match (Globs::new(&[pattern]), RepoPath::new(path)) {
                (Ok(globs), Ok(path)) => {
                    assert_eq!(globs.matches(&path), expected, "{pattern} {path}")
                }
                (globs, _) => assert!(globs.is_err() && !expected, "{pattern}"),
            }
        }
        assert!(Globs::new(&["../x"]).is_err());
        assert!(Globs::new(&["a[b"]).is_err());
    }

    #[test]
    fn looking_starts_at_the_plain_part() {
        let cases = [
            (".env", None),
            ("*.db", None),
            ("**/x", None),
            ("docs/a.md", Some("docs/a.md")),
            ("docs/*.md", Some("docs")),
            ("a/b/**", Some("a/b")),
            ("a/{b,c}/d", Some("a")),
            ("a\\*/b", None),
            ("(?i)docs/a.md", None),
        ];
        for (pattern, expected) in cases {
            let starts = Globs::new(&[pattern]).expect(pattern).starts();
            let expected = expected.map(|path| RepoPath::new(path).expect(path));
            assert_eq!(starts, [expected], "{pattern}");
        }
    }

    #[test]
    fn modes_are_octal_text() {
        let read = |yaml: &str| {
            crate::check::decode::decode::<FileMode>(&serde_yaml::from_str(yaml).expect("YAML"))
                .map(|mode| mode.0)
        };
        assert_eq!(read("\"0600\"").expect("octal"), 0o600);
        assert_eq!(read("\"755\"").expect("octal"), 0o755);
        for bad in ["600", "\"999\"", "\"06\"", "\"u=rw\""] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
