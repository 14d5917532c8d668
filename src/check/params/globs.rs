//! Patterns of paths: the one type for all kinds and all of their parameters.

mod one;
mod quick;
mod sieve;
mod tokens;
mod walk;
mod wide;
mod written;

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use globset::{GlobSet, GlobSetBuilder};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};

use self::one::{ANY_CASE, check, glob, name_glob, plainly};
use self::sieve::Sieve;
use self::wide::Wide;
pub use self::written::path_as_written;
use crate::model::RepoPath;

/// Patterns of paths, matched against the whole path from the repository's
/// root: `*` stays within a folder, `**` crosses folders, a pattern without a
/// slash matches the name in any folder, one that begins with `./` at the root
/// alone. One that begins with `(?i)` does not tell capital letters from small ones.
///
/// What could match nothing is refused: an empty list, a pattern with a blank at
/// its end, a folder where files are meant (those of a folder are `folder/**`).
///
/// `?` and `[…]` are about characters; a byte that is not UTF-8 is one. Other text
/// is compared byte by byte, so that a name whose accents are characters of their
/// own (decomposed, as macOS may write it) is another name.
#[derive(Clone)]
pub struct Globs(Arc<Sets>);

/// Patterns, compiled. Items of a checklist name the same ones again and again,
/// so that equal ones are compiled once and shared.
struct Sets {
    patterns: Vec<String>,
    /// Those for which bytes and characters are the same thing.
    same: Sorted,
    /// The others, for paths in ASCII.
    in_ascii: Sorted,
    /// The others, for other paths.
    wide: Vec<Wide>,
    /// Their last parts, as far as those can be told apart.
    last_parts: OnceLock<Option<Set>>,
}

/// Patterns by what they look at.
struct Sorted {
    /// Those that a file's name decides alone.
    by_name: Set,
    by_path: Set,
}

/// Some patterns.
#[derive(Default)]
struct Set {
    quick: Sieve,
    /// Those that need a regex.
    rest: GlobSet,
}

/// The parameters of checks that are patterns of paths.
pub const KEYS: [&str; 4] = ["allow", "exclude", "globs", "templates"];

/// Those that are in use.
static IN_USE: Mutex<Vec<Weak<Sets>>> = Mutex::new(Vec::new());

impl Globs {
    /// # Errors
    /// A sentence naming the pattern that is none.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, String> {
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        in_use.retain(|sets| sets.strong_count() > 0);
        let same = |sets: &Arc<Sets>| {
            sets.patterns.iter().map(String::as_str).eq(patterns.iter().map(AsRef::as_ref))
        };
        if let Some(known) = in_use.iter().filter_map(Weak::upgrade).find(same) {
            return Ok(Self(known));
        }
        let sets = Arc::new(Sets::new(patterns)?);
        in_use.push(Arc::downgrade(&sets));
        Ok(Self(sets))
    }

    /// A path as a pattern that matches this file, whatever its name holds.
    pub fn escape(path: &str) -> String {
        written::escape(path)
    }

    /// Whether any pattern matches.
    pub fn matches(&self, path: &RepoPath) -> bool {
        let Sets { same, in_ascii, wide, .. } = &*self.0;
        if same.matches(path) {
            return true;
        }
        if wide.is_empty() {
            return false;
        }
        let bytes = path.as_path().as_os_str().as_encoded_bytes();
        match bytes.is_ascii() {
            true => in_ascii.matches(path),
            false => wide.iter().any(|pattern| pattern.matches(bytes)),
        }
    }

    /// Whether a file of this name may match in some folder. Says yes when it
    /// cannot tell.
    pub fn may_match_name(&self, name: &[u8]) -> bool {
        if !self.0.wide.is_empty() && !name.is_ascii() {
            return true;
        }
        let names = self.0.last_parts.get_or_init(|| last_parts(&self.0.patterns));
        let Some(names) = names else { return true };
        #[cfg(unix)]
        let name: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(name);
        #[cfg(not(unix))]
        let Ok(name) = std::str::from_utf8(name) else {
            return true;
        };
        names.is_name(name.as_ref())
    }

    /// Whether a file below this folder may match. Says yes when it cannot tell.
    pub fn may_match_below(&self, folder: &RepoPath) -> bool {
        let (folder, starts) = (folder.as_path(), self.starts());
        let near = |start: &RepoPath| {
            start.as_path().starts_with(folder) || folder.starts_with(start.as_path())
        };
        starts.iter().any(|start| start.as_ref().is_none_or(near))
    }

    /// Whether these are the very same patterns, in the same order.
    pub fn is_same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Where to look for what they match: for each pattern the folder or file
    /// that its plain beginning names, none for the whole work tree.
    pub fn starts(&self) -> Vec<Option<RepoPath>> {
        let mut starts: Vec<Option<RepoPath>> = self.0.patterns.iter().map(|p| start(p)).collect();
        starts.sort();
        starts.dedup();
        starts
    }

    /// Whether one of them matches whatever there is.
    pub fn match_everything(&self) -> bool {
        self.0.patterns.iter().any(|pattern| is_all(pattern))
    }

    /// As they were written.
    pub fn patterns(&self) -> &[String] {
        &self.0.patterns
    }
}

impl Sets {
    fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, String> {
        let (mut same, mut in_ascii, mut wide) = (Vec::new(), Vec::new(), Vec::new());
        for pattern in patterns {
            let pattern = pattern.as_ref();
            check(pattern)?;
            let tokens = tokens::read(glob(pattern)?.glob());
            match wide::differs(&tokens) {
                true => {
                    wide.push(Wide::new(&tokens, pattern.starts_with(ANY_CASE)));
                    in_ascii.push(pattern);
                }
                false => same.push(pattern),
            }
        }
        Ok(Self {
            patterns: patterns.iter().map(|p| p.as_ref().to_owned()).collect(),
            same: Sorted::new(&same)?,
            in_ascii: Sorted::new(&in_ascii)?,
            wide,
            last_parts: OnceLock::new(),
        })
    }
}

impl Sorted {
    fn new(patterns: &[&str]) -> Result<Self, String> {
        // brackets may match a slash, too
        let (by_path, by_name): (Vec<&str>, Vec<&str>) =
            patterns.iter().partition(|pattern| pattern.contains(['/', '[', '\\']));
        Ok(Self {
            by_name: Set::new(by_name.into_iter(), name_glob)?,
            by_path: Set::new(by_path.into_iter(), glob)?,
        })
    }

    fn matches(&self, path: &RepoPath) -> bool {
        self.by_name.is_name(path.name()) || self.by_path.is_path(path)
    }
}

impl Set {
    fn new<'p>(
        patterns: impl Iterator<Item = &'p str>,
        built: impl Fn(&str) -> Result<globset::Glob, String>,
    ) -> Result<Self, String> {
        let (mut quick, mut rest) = (Vec::new(), GlobSetBuilder::new());
        for pattern in patterns {
            let glob = built(pattern)?;
            let any_case = pattern.starts_with(ANY_CASE);
            match quick::ways(glob.glob(), any_case) {
                Some(ways) => quick.extend(ways),
                None => {
                    rest.add(glob);
                }
            }
        }
        let quick = Sieve::new(quick);
        Ok(Self { quick, rest: rest.build().map_err(|error| error.to_string())? })
    }

    fn is_name(&self, name: &OsStr) -> bool {
        self.quick.matches(&[name.as_encoded_bytes()])
            || (!self.rest.is_empty() && self.rest.is_match(name))
    }

    fn is_path(&self, path: &RepoPath) -> bool {
        if !self.quick.is_empty() {
            let bytes = path.as_path().as_os_str().as_encoded_bytes();
            let mut few = [&[][..]; FEW];
            let mut count = 0;
            for (slot, name) in few.iter_mut().zip(bytes.split(|&byte| byte == b'/')) {
                *slot = name;
                count += 1;
            }
            let all: Vec<&[u8]>;
            let names = match few.get(..count).filter(|_| count < FEW) {
                Some(few) => few,
                None => {
                    all = bytes.split(|&byte| byte == b'/').collect();
                    &all
                }
            };
            if self.quick.matches(names) {
                return true;
            }
        }
        !self.rest.is_empty() && self.rest.is_match(path.as_path())
    }
}

/// A path with fewer names costs no allocation.
const FEW: usize = 16;

/// Patterns that every name matches whose path matches one of these patterns.
fn last_parts(patterns: &[String]) -> Option<Set> {
    let mut names = Vec::new();
    for pattern in patterns {
        let any_case = if pattern.starts_with(ANY_CASE) { ANY_CASE } else { "" };
        let pattern = pattern.strip_prefix(ANY_CASE).unwrap_or(pattern);
        let name = match pattern.rsplit_once('/') {
            None => pattern,
            // a slash within braces or brackets parts no folder from its file
            Some(_) if pattern.contains(['{', '[', '\\']) => return None,
            Some((_, "" | "**")) => return None,
            Some((_, name)) => name,
        };
        names.push(format!("{any_case}{name}"));
    }
    Set::new(names.iter().map(String::as_str), name_glob).ok()
}

/// The plain parts with which a pattern begins.
fn start(pattern: &str) -> Option<RepoPath> {
    // the folder may be spelled in another way
    if !pattern.contains('/') || pattern.starts_with(ANY_CASE) {
        return None;
    }
    let plain: Vec<String> = plainly(pattern).0.split('/').map_while(plain).collect();
    RepoPath::new(plain.join("/")).ok()
}

/// A part of a pattern that stands for one name, as that name.
fn plain(part: &str) -> Option<String> {
    let (mut name, mut chars) = (String::new(), part.chars());
    while let Some(c) = chars.next() {
        name.push(match c {
            '*' | '?' | '[' | ']' | '{' | '}' => return None,
            '\\' => chars.next()?,
            c => c,
        });
    }
    Some(name)
}

/// Whether a pattern matches whatever there is.
fn is_all(pattern: &str) -> bool {
    const ANY: [&str; 4] = ["a", "b/c.txt", ".d/e/f", "g/.h"];
    let matches = |globs: &Globs, path| RepoPath::new(path).is_ok_and(|path| globs.matches(&path));
    Globs::new(&[pattern]).is_ok_and(|globs| ANY.into_iter().all(|path| matches(&globs, path)))
}

/// Patterns of files to leave out; an empty list leaves out none.
///
/// # Errors
/// When one of them leaves out every file: what asks so holds whatever there is.
pub(crate) fn left_out<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Globs>, D::Error> {
    let Some(patterns) = Option::<Vec<Written>>::deserialize(from)? else { return Ok(None) };
    let globs = of_written(patterns).map_err(D::Error::custom)?;
    match globs.patterns().iter().find(|pattern| is_all(pattern)) {
        Some(all) => Err(D::Error::custom(format!(
            "`{all}` leaves out every file, so that nothing is looked at"
        ))),
        None => Ok(Some(globs)),
    }
}

/// Patterns of which there may be none.
pub(crate) fn any_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Globs>, D::Error> {
    let patterns = Option::<Vec<Written>>::deserialize(from)?;
    patterns.map(of_written).transpose().map_err(D::Error::custom)
}

/// One pattern, so that a mistake in it is told at its place.
struct Written(String);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pattern = String::deserialize(deserializer)?;
        check(&pattern).map_err(D::Error::custom)?;
        Ok(Self(pattern))
    }
}

fn of_written(patterns: Vec<Written>) -> Result<Globs, String> {
    let patterns: Vec<String> = patterns.into_iter().map(|Written(pattern)| pattern).collect();
    Globs::new(&patterns)
}

impl fmt::Debug for Globs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.patterns.fmt(f)
    }
}

impl Serialize for Globs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.patterns.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let patterns = Vec::<Written>::deserialize(deserializer)?;
        if patterns.is_empty() {
            return Err(D::Error::custom("the list is empty and names no file; give a pattern"));
        }
        of_written(patterns).map_err(D::Error::custom)
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
            "description": "Patterns of paths from the repository's root: `*` stays within a folder, `**` crosses folders, a pattern without a slash matches the name in any folder, one that begins with `./` at the root alone, one that begins with `(?i)` does not tell capital letters from small ones. They name files: those of a folder are `folder/**`."
        })
    }
}

#[cfg(test)]
mod tests;
