//! One file of the shared pass.

use std::ops::Range;
use std::sync::OnceLock;

use crate::model::{Place, Redacted, RepoPath};
use crate::secret::redact;

/// Of longer lines only so many bytes are looked at for an excerpt, which shows
/// far less: a secret that begins in what is shown is still masked.
const LONGEST_LINE: usize = 4096;

/// A text file as the shared pass hands it to every check that wants it: read
/// once, its lines counted once, its Python syntax tree parsed at most once.
#[derive(Debug)]
pub struct SourceFile {
    path: RepoPath,
    text: String,
    line_starts: OnceLock<Vec<usize>>,
    python: OnceLock<Option<tree_sitter::Tree>>,
}

impl SourceFile {
    /// A file with this content.
    pub fn new(path: RepoPath, text: String) -> Self {
        Self { path, text, line_starts: OnceLock::new(), python: OnceLock::new() }
    }

    /// Where it is.
    pub fn path(&self) -> &RepoPath {
        &self.path
    }

    /// All of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number (from 1) of the line that holds a byte offset.
    pub fn line_number(&self, offset: usize) -> u32 {
        let index = self.starts().partition_point(|&start| start <= offset);
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// The byte offset at which the line around an offset begins, and its text
    /// without the line break.
    pub fn line_around(&self, offset: usize) -> (usize, &str) {
        let starts = self.starts();
        let index = starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = starts.get(index).copied().unwrap_or(0);
        let end = starts.get(index + 1).copied().unwrap_or(self.text.len());
        (start, self.text[start..end].trim_end_matches(['\n', '\r']))
    }

    /// The place of a byte offset: line and column in characters, from 1.
    pub fn place(&self, offset: usize) -> Place {
        let (start, _) = self.line_around(offset);
        let before = self.text.get(start..offset).unwrap_or_default();
        let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
        Place::at(self.path.clone(), self.line_number(offset), column)
    }

    /// The line around a byte offset, safe to show. `secrets` are byte ranges of
    /// the file to mask beside whatever looks like a secret.
    pub fn excerpt(&self, offset: usize, secrets: &[Range<usize>]) -> Redacted {
        let (start, line) = self.line_around(offset);
        let line = match line.char_indices().find(|(at, _)| *at >= LONGEST_LINE) {
            Some((end, _)) => line.get(..end).unwrap_or_default(),
            None => line,
        };
        let within: Vec<Range<usize>> = secrets
            .iter()
            .filter(|secret| secret.end > start)
            .map(|secret| secret.start.saturating_sub(start)..secret.end - start)
            .collect();
        redact::line(line, &within)
    }

    /// The syntax tree of a Python file; none when the parser gave up, or would:
    /// deeper or longer than any program that people write.
    pub fn python(&self) -> Option<&tree_sitter::Tree> {
        self.python
            .get_or_init(|| {
                if too_deep(&self.text) {
                    return None;
                }
                let mut parser = tree_sitter::Parser::new();
                parser.set_language(&tree_sitter_python::LANGUAGE.into()).ok()?;
                parser.parse(&self.text, None)
            })
            .as_ref()
    }

    fn starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let breaks = memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at + 1);
            std::iter::once(0).chain(breaks.filter(|&at| at < self.text.len())).collect()
        })
    }
}

/// So many levels of indentation, or branches of conditions, are not a program
/// that people wrote; Python itself takes at most 100 levels.
const DEEPEST: usize = 200;
const MOST_BRANCHES: usize = 1_000;

/// Whether a Python text would make the parser end the process (its scanner
/// keeps at most 1,024 bytes of state, two for each level of indentation) or
/// cost time and memory beyond measure.
fn too_deep(text: &str) -> bool {
    if memchr::memmem::find_iter(text.as_bytes(), b"elif").nth(MOST_BRANCHES).is_some() {
        return true;
    }
    let mut levels: Vec<usize> = Vec::new();
    for line in text.lines() {
        let code = line.trim_start_matches([' ', '\t', '\u{c}']);
        if code.is_empty() {
            continue;
        }
        let indent = &line.as_bytes()[..line.len() - code.len()];
        let width = indent.iter().map(|&byte| if byte == b'\t' { 8 } else { 1 }).sum();
        while levels.last().is_some_and(|&level| level >= width) {
            levels.pop();
        }
        levels.push(width);
        if levels.len() > DEEPEST {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::new(RepoPath::new("a.py").expect("a plain path"), text.to_owned())
    }

    #[test]
    fn places_count_characters_from_one() {
        let file = file("é = 1\r\nsecond = 2\n");
        let place = |offset| {
            let place = file.place(offset);
            (place.line, place.column)
        };
        assert_eq!(place(0), (Some(1), Some(1)));
        assert_eq!(place(3), (Some(1), Some(3)));
        assert_eq!(place(8), (Some(2), Some(1)));
        assert_eq!(file.line_around(10), (8, "second = 2"));
        assert_eq!(file.line_around(0), (0, "é = 1"));
    }

    #[test]
    #[allow(clippy::single_range_in_vec_init, reason = "one secret is what is meant")]
    fn an_excerpt_masks_what_it_is_told_to() {
        let file = file("one\nx = \"hunter2\" # y\nanother }\n");
        assert_eq!(file.excerpt(6, &[9..16]).as_str(), "x = \"•••\" # y");
        // a secret of several lines is masked on each
        assert_eq!(file.excerpt(6, &[9..29]).as_str(), "x = \"•••");
        assert_eq!(file.excerpt(24, &[9..29]).as_str(), "••• }");
        assert_eq!(file.excerpt(1, &[9..29]).as_str(), "one");
    }

    #[test]
    fn what_would_end_the_parser_is_not_given_to_it() {
        let levels = |n: usize| {
            let ifs: String = (0..n).map(|n| format!("{}if x:\n", " ".repeat(n))).collect();
            file(&format!("{ifs}{}SECRET_KEY = 'a'\n", " ".repeat(n)))
        };
        assert!(levels(90).python().is_some());
        assert!(levels(512).python().is_none());
        let chain = format!("if x: pass\n{}", "elif y: pass\n".repeat(30_000));
        assert!(file(&chain).python().is_none());
    }

    #[test]
    fn python_is_parsed() {
        let tree = file("x = 1\n");
        assert_eq!(tree.python().expect("a tree").root_node().kind(), "module");
    }
}
