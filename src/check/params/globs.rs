//! Patterns of paths: the one type for all kinds and all of their parameters.

mod tokens;
mod walk;
mod wide;
mod written;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};

use self::wide::Wide;
use self::written::ANY_CASE;
pub use self::written::path_as_written;
use crate::model::RepoPath;

/// Patterns of paths, matched against the whole path from the repository's
/// root: `*` stays within a folder, `**` crosses folders, a pattern without a
/// slash matches the name in any folder. One that begins with `(?i)` does not
/// tell capital letters from small ones. They name files: a folder's are
/// `folder/**`.
///
/// `?`, `[…]` and `(?i)` are about characters; a byte that is not UTF-8 is one.
/// Other text is compared byte by byte, so that a name whose accents are
/// characters of their own (decomposed, as macOS may write it) is another name.
#[derive(Clone)]
pub struct Globs(Arc<Sets>);

/// Patterns, compiled. Items of a checklist name the same ones again and again,
/// so that equal ones are compiled once and shared.
struct Sets {
    written: Vec<String>,
    /// In normal form.
    patterns: Vec<String>,
    /// For any path those that are about bytes as well as characters; for paths
    /// in ASCII also the others.
    same: Set,
    in_ascii: Set,
    /// The others for paths that are not all ASCII.
    wide: Vec<Wide>,
    /// Their last parts, as far as those can be told apart.
    last_parts: OnceLock<Option<GlobSet>>,
}

struct Set {
    /// Those that a file's name decides alone.
    by_name: GlobSet,
    by_path: GlobSet,
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
            sets.written.iter().map(String::as_str).eq(patterns.iter().map(AsRef::as_ref))
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
        let bytes = path.as_path().as_os_str().as_encoded_bytes();
        match bytes.is_ascii() {
            true => in_ascii.matches(path),
            false => wide.iter().any(|pattern| pattern.matches(bytes)),
        }
    }

    /// Whether they match whatever there is.
    pub fn match_all(&self) -> bool {
        const ANY: [&str; 5] = ["a", "b/c.txt", ".d/e/f", "g/.h", "\u{e9}/i.py"];
        ANY.into_iter().all(|path| RepoPath::new(path).is_ok_and(|path| self.matches(&path)))
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
        let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(name);
        #[cfg(not(unix))]
        let Ok(name) = std::str::from_utf8(name) else {
            return true;
        };
        names.is_match(name)
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

    /// In normal form: without `./` and doubled slashes.
    pub fn patterns(&self) -> &[String] {
        &self.0.patterns
    }
}

impl Sets {
    fn new<S: AsRef<str>>(written: &[S]) -> Result<Self, String> {
        let (mut same, mut in_ascii) = (Builder::new(), Builder::new());
        let (mut patterns, mut wide) = (Vec::with_capacity(written.len()), Vec::new());
        for pattern in written {
            let pattern = written::normal(pattern.as_ref())?;
            let in_any_folder = glob(&pattern)?;
            let any_case = pattern.starts_with(ANY_CASE);
            let plain = pattern.strip_prefix(ANY_CASE).unwrap_or(&pattern);
            if let Some(wrong) = walk::impossible(&tokens::read(plain), plain) {
                return Err(format!("the pattern `{}` {wrong}", written::shown(&pattern)));
            }
            let tokens = tokens::read(&anywhere(plain));
            let set = match wide::differs(&tokens, any_case) {
                true => {
                    wide.push(Wide::new(&tokens, any_case));
                    &mut in_ascii
                }
                false => &mut same,
            };
            match plain.contains(['/', '[', '\\']) {
                // brackets may match a slash, too
                true => set.by_path.add(in_any_folder),
                false => set.by_name.add(name_glob(&pattern)?),
            };
            patterns.push(pattern);
        }
        Ok(Self {
            written: written.iter().map(|p| p.as_ref().to_owned()).collect(),
            patterns,
            same: same.build()?,
            in_ascii: in_ascii.build()?,
            wide,
            last_parts: OnceLock::new(),
        })
    }
}

struct Builder {
    by_name: GlobSetBuilder,
    by_path: GlobSetBuilder,
}

impl Builder {
    fn new() -> Self {
        Self { by_name: GlobSetBuilder::new(), by_path: GlobSetBuilder::new() }
    }

    fn build(self) -> Result<Set, String> {
        let build = |set: GlobSetBuilder| set.build().map_err(|error| error.to_string());
        Ok(Set { by_name: build(self.by_name)?, by_path: build(self.by_path)? })
    }
}

impl Set {
    fn matches(&self, path: &RepoPath) -> bool {
        self.by_name.is_match(path.name()) || self.by_path.is_match(path.as_path())
    }
}

/// Patterns that every name matches whose path matches one of these patterns.
fn last_parts(patterns: &[String]) -> Option<GlobSet> {
    let mut set = GlobSetBuilder::new();
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
        set.add(glob(&format!("{any_case}{name}")).ok()?);
    }
    set.build().ok()
}

/// The plain parts with which a pattern begins.
fn start(pattern: &str) -> Option<RepoPath> {
    // the folder may be spelled in another way
    if !pattern.contains('/') || pattern.starts_with(ANY_CASE) {
        return None;
    }
    let plain: Vec<String> = pattern.split('/').map_while(plain).collect();
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

/// Builds one pattern by the rules of [`Globs`].
fn glob(written: &str) -> Result<globset::Glob, String> {
    let any_case = written.strip_prefix(ANY_CASE);
    let pattern = any_case.unwrap_or(written);
    built(&anywhere(pattern), pattern, any_case.is_some())
}

/// A pattern without a slash is one of names in any folder.
fn anywhere(pattern: &str) -> Cow<'_, str> {
    match pattern.contains('/') {
        true => Cow::Borrowed(pattern),
        false => Cow::Owned(format!("**/{pattern}")),
    }
}

/// Builds a pattern without a slash, to be matched against names.
fn name_glob(written: &str) -> Result<globset::Glob, String> {
    let any_case = written.strip_prefix(ANY_CASE);
    let pattern = any_case.unwrap_or(written);
    built(pattern, pattern, any_case.is_some())
}

fn built(glob: &str, shown: &str, any_case: bool) -> Result<globset::Glob, String> {
    GlobBuilder::new(glob)
        .literal_separator(true)
        .empty_alternates(true)
        .case_insensitive(any_case)
        .build()
        .map_err(|error| {
            let shown = written::shown(shown);
            format!("`{shown}` is not a valid pattern of paths: {}", error.kind())
        })
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
        let patterns = Vec::<String>::deserialize(deserializer)?;
        if patterns.is_empty() {
            return Err(D::Error::custom(
                "this list of patterns is empty; name files, or leave the key out",
            ));
        }
        Self::new(&patterns).map_err(D::Error::custom)
    }
}

/// Reads patterns of files that do not count: an empty list leaves none out,
/// and one that leaves out all of them is refused.
pub fn except<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Globs>, D::Error> {
    let patterns = Vec::<String>::deserialize(deserializer)?;
    let globs = Globs::new(&patterns).map_err(D::Error::custom)?;
    if globs.match_all() {
        return Err(D::Error::custom(
            "every file is left out, so that nothing can be found; name fewer, or say `disabled: why` if the item is to be switched off",
        ));
    }
    Ok(Some(globs))
}

impl JsonSchema for Globs {
    fn schema_name() -> Cow<'static, str> {
        "Globs".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": { "type": "string" },
            "description": "Patterns of paths from the repository's root: `*` stays within a folder, `**` crosses folders, a pattern without a slash matches the name in any folder, one that begins with `(?i)` does not tell capital letters from small ones. They name files: those of a folder are `folder/**`."
        })
    }
}

#[cfg(test)]
mod tests;
