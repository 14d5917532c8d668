//! Whether the rules ignore all that could be put into a folder, though not the
//! folder itself: `secrets/*` with `!secrets/.gitkeep`, as people write it to keep
//! an empty folder in git.

use std::path::Path;

use super::patterns::Line;
use super::rules::{Chain, Rule, RuleFile, Rules};
use crate::lang::gitignore::KEEPERS;
use crate::repo::RepoError;

/// Names that no rule was written for, each of another form: a rule that ignores
/// all of them ignores every name.
const ANY: [&str; 4] = ["\u{7f}", ".\u{7f}", "\u{7f}.\u{7f}", "\u{7f}\u{7f}~"];

impl Rules<'_> {
    /// The rule that ignores a path; of a folder also the one that ignores
    /// whatever lies in it, apart from files that keep the folder in git.
    ///
    /// # Errors
    /// When rules cannot be read.
    pub(in crate::repo) fn ignored(
        &self,
        path: &Path,
        is_folder: bool,
    ) -> Result<Option<Rule>, RepoError> {
        match self.decided(path, is_folder)? {
            None if is_folder => self.ignoring_all_in(path),
            decided => Ok(decided),
        }
    }

    fn ignoring_all_in(&self, folder: &Path) -> Result<Option<Rule>, RepoError> {
        let mut by: Option<Rule> = None;
        for (name, is_folder) in ANY.iter().flat_map(|name| [(name, false), (name, true)]) {
            let Some(rule) = self.decided(&folder.join(name), is_folder)? else { return Ok(None) };
            if by.get_or_insert_with(|| rule.clone()) != &rule {
                return Ok(None);
            }
        }
        let Some(by) = by else { return Ok(None) };
        let chain = self.chain(folder)?;
        let mut at = Some(chain.as_ref());
        while let Some(chain) = at {
            let is_its_file = chain.file.as_ref() == Some(&by.file);
            // what stands before it, or in a file above, it overrules
            let after = if is_its_file { by.line } else { 0 };
            let lines = chain.own.lines().iter();
            let mut lines = lines.filter(|line| line.takes_back && line.number > after);
            if lines.any(|line| lets_in(line, chain, folder)) {
                return Ok(None);
            }
            if is_its_file {
                return Ok(Some(by));
            }
            at = chain.above.as_deref();
        }
        // a file for the whole tree, which all others overrule
        let everywhere = !matches!(by.file, RuleFile::Gitignore(_));
        Ok(Some(by).filter(|_| everywhere && self.everywhere_takes_nothing_back()))
    }
}

/// Whether a line may take back something that lies directly in a folder, other
/// than a file that keeps it in git. What lies deeper is in a folder that is
/// ignored, which no line opens again.
fn lets_in(line: &Line, chain: &Chain, folder: &Path) -> bool {
    let text = String::from_utf8_lossy(&line.text).to_lowercase();
    let pattern = text.strip_prefix('!').unwrap_or(&text);
    let (pattern, folders_only) = match pattern.strip_suffix('/') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let name = pattern.rsplit('/').next().unwrap_or_default();
    if KEEPERS.contains(&name) && !folders_only {
        return false;
    }
    if !pattern.contains('/') {
        return true;
    }
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
    let folder = folder.as_os_str().as_encoded_bytes();
    let inside = String::from_utf8_lossy(folder.get(chain.depth..).unwrap_or_default());
    let inside = match inside.is_empty() {
        true => String::new(),
        false => format!("{}/", inside.to_lowercase()),
    };
    match pattern.find(['*', '?', '[', '\\']) {
        None => pattern.strip_prefix(&inside).is_some_and(|name| !name.contains('/')),
        Some(wild) => {
            let plain = pattern.get(..wild).unwrap_or_default();
            plain.starts_with(&inside) || inside.starts_with(plain)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether all that could lie in `a/s` is ignored.
    fn holds(top: &str, above: &str, own: &str) -> bool {
        let rules = Rules::of_files(|folder| {
            let text = match folder.to_str() {
                Some("") => top,
                Some("a") => above,
                Some("a/s") => own,
                _ => "",
            };
            Ok(Some(text.as_bytes().to_vec()))
        });
        rules.ignored(Path::new("a/s"), true).expect("rules").is_some()
    }

    #[test]
    fn a_folder_of_which_nothing_gets_in_is_ignored() {
        let cases: [(&str, &str, &str); 18] = [
            ("a/s/\n", "", ""),
            ("a/s/*\n", "", ""),
            ("a/s/**\n", "", ""),
            ("/a/s/*\n!/a/s/.gitkeep\n", "", ""),
            ("a/s/*\n!.gitkeep\n", "", ""),
            ("a/s/*\n!**/.gitkeep\n", "", ""),
            ("a/s/*\n!a/s/.gitignore\n!a/s/.keep\n", "", ""),
            ("**/s/*\n", "", ""),
            ("s/*\na/s/*\n", "", ""),
            ("!a/s/x\na/s/*\n", "", ""),
            ("!x.key\na/s/*\n", "", ""),
            ("a/s/*\n!b/x\n!a/t/x\n!a/s2/x\n!a/s/x/y\n!a/s/\n", "", ""),
            ("a/s/*\n!b/*.x\n", "", ""),
            ("", "s/*\n!s/.gitkeep\n", ""),
            ("!a/s/x\n", "s/*\n", ""),
            ("", "", "*\n!.gitignore\n"),
            ("!x\n", "!y\n", "/*\n"),
            ("", "", "**\n!/.gitkeep\n"),
        ];
        for (top, above, own) in cases {
            assert!(holds(top, above, own), "{top:?} {above:?} {own:?}");
        }
    }

    #[test]
    fn a_folder_that_something_gets_into_is_not() {
        let cases: [(&str, &str, &str); 27] = [
            ("", "", ""),
            ("s/*\n", "", ""),
            ("a/s/*\n!a/s/x\n", "", ""),
            ("a/s/*\n!a/s/x/\n", "", ""),
            ("a/s/*\n!x\n", "", ""),
            ("a/s/*\n!*.key\n", "", ""),
            ("a/s/*\n!a/s/*.key\n", "", ""),
            ("a/s/*\n!a/*/x\n", "", ""),
            ("a/s/*\n!**/x\n", "", ""),
            ("a/s/*\n!/a/s/[a-z]\n", "", ""),
            ("a/s/*\n!a/s/\\x\n", "", ""),
            ("a/s/*\n!.gitkeep*\n", "", ""),
            ("a/s/*\n!*.gitkeep\n", "", ""),
            ("a/s/*\n!a/s/.gitkeep/\n", "", ""),
            ("a/s/*\n!A/S/X\n", "", ""),
            ("a/s/**\n!a/s/**/\n", "", ""),
            ("a/s/*\n!*/\n", "", ""),
            ("a/s/*\n", "!s/x\n", ""),
            ("a/s/*\n", "!x\n", ""),
            ("a/s/*\n", "", "!x\n"),
            ("a/s/*\n", "", "!*\n"),
            ("a/s/*/\n", "", ""),
            ("a/s/*.*\n", "", ""),
            ("a/s/.*\n", "", ""),
            ("a/s/[a-z]*\n", "", ""),
            ("a/s/[!.]*\na/s/.[a-z]*\n", "", ""),
            ("a/s/*\n!a/s/*\n", "", ""),
        ];
        for (top, above, own) in cases {
            assert!(!holds(top, above, own), "{top:?} {above:?} {own:?}");
        }
    }
}
