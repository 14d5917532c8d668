//! Which files a check is about.

use super::globs::Globs;
use crate::model::RepoPath;

/// Files by patterns, less those that are left out.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// Every file when there are none.
    globs: Option<Globs>,
    exclude: Option<Globs>,
}

impl Selection {
    /// The files that `globs` names, or every file.
    pub(crate) fn new(globs: Option<Globs>, exclude: Option<Globs>) -> Self {
        Self { globs, exclude }
    }

    /// Whether a file is selected.
    pub(crate) fn matches(&self, path: &RepoPath) -> bool {
        self.globs.as_ref().is_none_or(|globs| globs.matches(path)) && !self.leaves_out(path)
    }

    /// Whether a file is selected by a pattern, which was given.
    pub(crate) fn names(&self, path: &RepoPath) -> bool {
        self.globs.is_some() && self.matches(path)
    }

    /// Whether patterns say which files; otherwise every file is selected.
    pub(crate) fn has_globs(&self) -> bool {
        self.globs.is_some()
    }

    /// Whether a file is left out.
    pub(crate) fn leaves_out(&self, path: &RepoPath) -> bool {
        self.exclude.as_ref().is_some_and(|exclude| exclude.matches(path))
    }

    /// Whether a file below this folder may be selected. Says yes when it cannot
    /// tell.
    pub(crate) fn may_match_below(&self, folder: &RepoPath) -> bool {
        let inside = RepoPath::new(folder.as_path().join("a"));
        self.globs.as_ref().is_none_or(|globs| globs.may_match_below(folder))
            && !inside.is_ok_and(|inside| self.leaves_out(&inside))
    }

    /// Whether a file of this name may be selected in some folder. Says yes when
    /// it cannot tell.
    pub(crate) fn may_match_name(&self, name: &[u8]) -> bool {
        self.globs.as_ref().is_none_or(|globs| globs.may_match_name(name))
    }

    /// Where to look for the files: see [`Globs::starts`].
    pub(crate) fn starts(&self) -> Vec<Option<RepoPath>> {
        self.globs.as_ref().map_or_else(|| vec![None], Globs::starts)
    }

    /// The patterns as they were written, and those of what is left out.
    pub(crate) fn patterns(&self) -> [&[String]; 2] {
        [&self.globs, &self.exclude].map(|globs| globs.as_ref().map_or(&[][..], Globs::patterns))
    }

    /// The patterns, for people.
    pub(crate) fn named(&self) -> String {
        let mut quoted: Vec<String> = Vec::new();
        for pattern in self.patterns()[0].iter().map(|pattern| format!("`{pattern}`")) {
            if !quoted.contains(&pattern) {
                quoted.push(pattern);
            }
        }
        quoted.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(patterns: &[&str]) -> Option<Globs> {
        (patterns != [""]).then(|| Globs::new(patterns).expect("patterns"))
    }

    #[test]
    fn what_is_left_out_is_not_selected() {
        // globs, exclude, path, selected, selected by name
        for (wanted, exclude, path, selected, named) in [
            ("*.py", "", "a/b.py", true, true),
            ("*.py", "a/**", "a/b.py", false, false),
            ("*.py", "a/**", "b.py", true, true),
            ("*.py", "", "b.rs", false, false),
            ("", "a/**", "a/b", false, false),
            ("", "a/**", "b", true, false),
            ("", "", "b", true, false),
        ] {
            let selection = Selection::new(globs(&[wanted]), globs(&[exclude]));
            let path = RepoPath::new(path).expect("a path");
            assert_eq!(selection.matches(&path), selected, "{selection:?} {path}");
            assert_eq!(selection.names(&path), named, "{selection:?} {path}");
        }
    }

    #[test]
    fn a_folder_that_is_left_out_as_a_whole_has_nothing_selected() {
        let folder = |path: &str| RepoPath::new(path).expect("a path");
        let selection = Selection::new(globs(&["src/**/*.py"]), globs(&["src/old/**"]));
        assert!(selection.may_match_below(&folder("src")));
        assert!(selection.may_match_below(&folder("src/new")));
        assert!(!selection.may_match_below(&folder("src/old")));
        assert!(!selection.may_match_below(&folder("docs")));
    }

    #[test]
    fn a_pattern_that_is_written_twice_is_told_once() {
        let selection = Selection::new(globs(&["*.a", "b", "*.a"]), None);
        assert_eq!(selection.named(), "`*.a`, `b`");
        assert_eq!(selection.starts(), [None]);
    }
}
