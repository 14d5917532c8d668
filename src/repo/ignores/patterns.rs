//! The patterns of one ignore file (gitignore(5)): read, and the last that
//! matches a path found.
//!
//! Time and memory grow with the file's size alone: patterns without wildcards,
//! and those like `*.log`, are looked up by what they name; only the others are
//! tried one by one, and of those there may be so many.

use std::borrow::Cow;
use std::collections::HashMap;

use super::glob::Glob;

/// Nobody writes longer rules, in bytes.
pub(super) const LONGEST: usize = 16 * 1024 * 1024;

/// So many patterns of a file may need to be tried one by one.
pub(super) const MOST_TRIED: usize = 10_000;

/// The patterns of one file.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    fold: bool,
    lines: Vec<Line>,
    /// By the whole name.
    names: HashMap<Box<[u8]>, Last>,
    /// By the whole path from the file's folder.
    paths: HashMap<Box<[u8]>, Last>,
    /// `*.tar.gz` by `.gz`: which lines, and the end in full.
    ends: HashMap<Box<[u8]>, Vec<End>>,
    /// What must be tried, in order.
    tried: Vec<Tried>,
}

/// A pattern as it was written.
#[derive(Debug)]
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: u32,
    /// Without white space at the end.
    pub(crate) text: Box<[u8]>,
    /// It begins with `!`.
    pub(crate) takes_back: bool,
    folders_only: bool,
}

/// The last lines that name something, by number in the list plus one.
#[derive(Debug, Default, Clone, Copy)]
struct Last {
    any: usize,
    folder: usize,
}

/// The end of a name in full, and the number of its line in the list.
type End = (Box<[u8]>, usize);

#[derive(Debug)]
struct Tried {
    line: usize,
    /// It concerns the last name of a path, not all of it.
    by_name: bool,
    /// What comes before the first wildcard of a whole path.
    prefix: Box<[u8]>,
    glob: Glob,
}

/// Too many patterns that must be tried one by one.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::repo) struct TooMany;

impl Patterns {
    /// Reads a whole file.
    ///
    /// # Errors
    /// When trying its patterns would take too long.
    pub(in crate::repo) fn parse(bytes: &[u8], fold: bool) -> Result<Self, TooMany> {
        let mut patterns = Self { fold, ..Self::default() };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        for (number, line) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            // git takes a line for a text that ends in NUL
            let line = line.split(|&byte| byte == 0).next().unwrap_or_default();
            if line.first() != Some(&b'#') {
                patterns.add(number, trimmed(line))?;
            }
        }
        Ok(patterns)
    }

    fn add(&mut self, number: u32, text: &[u8]) -> Result<(), TooMany> {
        let (takes_back, pattern) = match text.strip_prefix(b"!") {
            Some(pattern) => (true, pattern),
            None => (false, text),
        };
        let (folders_only, pattern) = match pattern.strip_suffix(b"/") {
            Some(pattern) => (true, pattern),
            None => (false, pattern),
        };
        if pattern.is_empty() {
            return Ok(());
        }
        let line = self.lines.len();
        let by_name = !pattern.contains(&b'/');
        let pattern = pattern.strip_prefix(b"/").unwrap_or(pattern);
        let plain = pattern.iter().take_while(|byte| !is_special(**byte)).count();
        let (prefix, wild) = pattern.split_at(plain);
        let end = wild.strip_prefix(b"*").filter(|end| !end.iter().copied().any(is_special));
        if wild.is_empty() {
            let last = match by_name {
                true => self.names.entry(folded(pattern, self.fold).into()),
                false => self.paths.entry(folded(pattern, self.fold).into()),
            };
            let last = last.or_default();
            *(if folders_only { &mut last.folder } else { &mut last.any }) = line + 1;
        } else if let (true, 0, Some(end)) = (by_name, plain, end)
            && let Some(dot) = memchr::memrchr(b'.', end)
        {
            let end = folded(end, self.fold);
            let key = end.get(dot..).unwrap_or_default();
            self.ends.entry(key.into()).or_default().push((end.as_ref().into(), line));
        } else {
            // a name is matched as a whole, a path from its first wildcard on
            let (prefix, rest) = if by_name { (&[][..], pattern) } else { (prefix, wild) };
            let Some(glob) = Glob::new(rest, self.fold) else { return Ok(()) };
            if self.tried.len() >= MOST_TRIED {
                return Err(TooMany);
            }
            let prefix = folded(prefix, self.fold).into();
            self.tried.push(Tried { line, by_name, prefix, glob });
        }
        self.lines.push(Line { number, text: text.into(), takes_back, folders_only });
        Ok(())
    }

    /// The last line that matches a path, which is given from the file's folder.
    pub(in crate::repo) fn last_match(&self, path: &[u8], is_folder: bool) -> Option<&Line> {
        if self.lines.is_empty() {
            return None;
        }
        let path = folded(path, self.fold);
        let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        // the number of a line plus one, or 0
        let mut last = 0;
        let mut named = |found: Option<&Last>| {
            if let Some(found) = found {
                last = last.max(found.any).max(if is_folder { found.folder } else { 0 });
            }
        };
        named(self.names.get(name));
        named(self.paths.get(path.as_ref()));
        let fits =
            |line: usize| self.lines.get(line).is_some_and(|line| is_folder || !line.folders_only);
        if let Some(dot) = memchr::memrchr(b'.', name)
            && let Some(ends) = self.ends.get(name.get(dot..).unwrap_or_default())
        {
            let found = ends.iter().rev().find(|(end, line)| fits(*line) && name.ends_with(end));
            last = last.max(found.map_or(0, |(_, line)| line + 1));
        }
        for tried in self.tried.iter().rev() {
            if tried.line < last {
                break;
            }
            let text = if tried.by_name { name } else { path.as_ref() };
            if let Some(rest) = text.strip_prefix(&*tried.prefix)
                && fits(tried.line)
                && tried.glob.matches(rest)
            {
                last = tried.line + 1;
                break;
            }
        }
        self.lines.get(last.checked_sub(1)?)
    }

    /// Its lines, in their order.
    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    #[cfg(test)]
    pub(super) fn tried(&self) -> usize {
        self.tried.len()
    }
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'*' | b'?' | b'[' | b'\\')
}

fn folded(bytes: &[u8], fold: bool) -> Cow<'_, [u8]> {
    if fold { bytes.to_ascii_lowercase().into() } else { bytes.into() }
}

/// Without the spaces at the end that no backslash quotes.
fn trimmed(line: &[u8]) -> &[u8] {
    let mut kept = 0;
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        at += if byte == b'\\' { 2 } else { 1 };
        if byte == b'\\' && at > line.len() {
            return line;
        }
        if byte != b' ' {
            kept = at;
        }
    }
    line.get(..kept).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(rules: &str, path: &str, is_folder: bool) -> Option<u32> {
        let patterns = Patterns::parse(rules.as_bytes(), false).expect("few");
        patterns.last_match(path.as_bytes(), is_folder).map(|line| line.number)
    }

    #[test]
    fn the_last_line_that_matches_counts() {
        assert_eq!(last("*.log\n!a.log\n*.log\n", "x/a.log", false), Some(3));
        assert_eq!(last("*.log\n!a.log\n", "x/a.log", false), Some(2));
        assert_eq!(last("out/\n", "out", false), None);
        assert_eq!(last("out\nout/\n", "out", true), Some(2));
        assert_eq!(last("out\nout/\n", "out", false), Some(1));
        assert_eq!(last("/a/b\n", "a/b", false), Some(1));
        assert_eq!(last("/a/b\n", "x/a/b", false), None);
        assert_eq!(last("a?\n*.tar.gz\n", "x.tar.gz", false), Some(2));
        assert_eq!(last("*.tar.gz\n", "x.gz", false), None);
        assert_eq!(last("# x\n\na \nb\\ \n", "a", false), Some(3));
        assert_eq!(last("# x\n\na \nb\\ \n", "b ", false), Some(4));
    }

    #[test]
    fn letters_of_either_case() {
        let patterns = Patterns::parse(b"*.LOG\nBuild\na/[X-Z]\n", true).expect("few");
        for (path, line) in [("x.Log", 1), ("BUILD", 2), ("A/y", 3)] {
            let found = patterns.last_match(path.as_bytes(), false).map(|line| line.number);
            assert_eq!(found, Some(line), "{path}");
        }
    }

    #[test]
    fn many_patterns_are_looked_up_and_not_tried() {
        use std::fmt::Write as _;
        let mut text = String::new();
        for n in 0..200_000 {
            let _ = match n % 4 {
                0 => writeln!(text, "name{n}"),
                1 => writeln!(text, "/folder/path{n}"),
                2 => writeln!(text, "*.end{n}"),
                _ => writeln!(text, "folder{n}/"),
            };
        }
        let patterns = Patterns::parse(text.as_bytes(), false).expect("none is tried");
        assert_eq!((patterns.lines.len(), patterns.tried()), (200_000, 0));
        let line = |path: &str| patterns.last_match(path.as_bytes(), true).map(|l| l.number);
        assert_eq!(line("x/name4"), Some(5));
        assert_eq!(line("folder/path5"), Some(6));
        assert_eq!(line("a.end6"), Some(7));
        assert_eq!(line("folder7"), Some(8));
        assert_eq!(line("other"), None);
        let wild = "a*b?\n".repeat(MOST_TRIED);
        assert!(Patterns::parse(wild.as_bytes(), false).is_ok());
        let wilder = wild + "c*d?\n";
        assert_eq!(Patterns::parse(wilder.as_bytes(), false).err(), Some(TooMany));
    }
}
