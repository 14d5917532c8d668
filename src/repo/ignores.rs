//! git's ignore rules (gitignore(5)).
//!
//! libgit2's own reading of them drops a rule such as `!.env` when nothing in
//! the same file precedes it, and so takes a file for ignored that a deeper
//! `.gitignore` takes back. The rules are therefore put together here.

use std::collections::HashMap;
use std::env;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use git2::Repository;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::files::is_missing;
use super::{Repo, RepoError, reader};
use crate::model::RepoPath;

/// Nobody writes longer rules, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

/// All rules that count in a work tree; a folder's are read when they are needed.
pub(super) struct Rules {
    root: PathBuf,
    ignore_case: bool,
    /// `.git/info/exclude`, then the person's own: the first that says anything counts.
    everywhere: Vec<Gitignore>,
    /// What the `.gitignore` of a folder says, if it has one.
    folders: HashMap<PathBuf, Option<Gitignore>>,
}

impl Repo {
    /// Whether a rule of git's ignores the path, whether or not it is tracked
    /// or there, as `git check-ignore --no-index` has it. Rules that end in a
    /// slash concern folders: for a path that is not there, `folder` says
    /// whether it would be one.
    ///
    /// # Errors
    /// When the rules cannot be read.
    pub fn is_ignored(&self, path: &RepoPath, folder: bool) -> Result<bool, RepoError> {
        let mut rules = Rules::of(&self.git()?, self.root())?;
        let mut above: Vec<&Path> = path.as_path().ancestors().skip(1).collect();
        // the root itself
        above.pop();
        for folder in above.into_iter().rev() {
            if rules.ignores(folder, true)? {
                return Ok(true);
            }
        }
        let on_disk = self.root().join(path.as_path()).symlink_metadata();
        rules.ignores(path.as_path(), folder || on_disk.is_ok_and(|meta| meta.is_dir()))
    }
}

impl Rules {
    pub(super) fn of(git: &Repository, root: &Path) -> Result<Self, RepoError> {
        let config = git.config().map_err(RepoError::git("read its configuration"))?;
        let own = match config.get_path("core.excludesfile") {
            Ok(path) => Some(path).filter(|path| !path.as_os_str().is_empty()),
            Err(_) => default_excludes(),
        };
        let mut rules = Self {
            root: root.to_owned(),
            ignore_case: config.get_bool("core.ignorecase").unwrap_or(false),
            everywhere: Vec::new(),
            folders: HashMap::new(),
        };
        let shared = git.commondir().join("info/exclude");
        for file in std::iter::once(shared).chain(own) {
            // these may be links, as people keep them elsewhere
            let file = root.join(file);
            let file = file.canonicalize().unwrap_or(file);
            rules.everywhere.extend(rules.read(&file, root)?);
        }
        Ok(rules)
    }

    /// Whether a path is ignored, given that no folder above it is.
    pub(super) fn ignores(&mut self, path: &Path, is_folder: bool) -> Result<bool, RepoError> {
        let absolute = self.root.join(path);
        for folder in path.ancestors().skip(1) {
            if !self.folders.contains_key(folder) {
                let at = self.root.join(folder);
                let rules = self.read(&at.join(".gitignore"), &at)?;
                self.folders.insert(folder.to_owned(), rules);
            }
            if let Some(Some(rules)) = self.folders.get(folder)
                && let Some(said) = said(rules, &absolute, is_folder)
            {
                return Ok(said);
            }
        }
        let mut rules = self.everywhere.iter();
        Ok(rules.find_map(|rules| said(rules, &absolute, is_folder)).unwrap_or(false))
    }

    /// The rules of a file, if there is one; like git, no link is followed.
    fn read(&self, file: &Path, root: &Path) -> Result<Option<Gitignore>, RepoError> {
        let failed = RepoError::file("read", file.strip_prefix(&self.root).unwrap_or(file));
        let opened = match file.symlink_metadata() {
            Ok(meta) if meta.is_file() => reader::open(file),
            Ok(_) => return Ok(None),
            Err(error) => Err(error),
        };
        let mut bytes = Vec::new();
        match opened.and_then(|file| file.take(LONGEST).read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
        let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
        let mut builder = GitignoreBuilder::new(root);
        // only an invalid pattern could fail here, and there is none yet
        let _ = builder.case_insensitive(self.ignore_case);
        for line in text.lines() {
            // a pattern that is none matches nothing, for git as well
            let _ = builder.add_line(None, &without_braces(line));
        }
        Ok(builder.build().ok())
    }
}

/// Braces mean nothing to git; the `ignore` crate takes them for alternatives.
fn without_braces(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(std::iter::once(c).chain(chars.next())),
            '{' | '}' if !in_class => out.extend(['[', c, ']']),
            _ => {
                in_class = (in_class || c == '[') && c != ']';
                out.push(c);
            }
        }
    }
    out
}

fn said(rules: &Gitignore, absolute: &Path, is_folder: bool) -> Option<bool> {
    match rules.matched(absolute, is_folder) {
        Match::None => None,
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
    }
}

/// Where git looks when `core.excludesFile` is not set.
fn default_excludes() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    Some(config.join("git/ignore"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::process::{Command, Stdio};

    use proptest::strategy::{Strategy as _, ValueTree as _};
    use proptest::test_runner::{Config, TestRunner};

    use crate::repo::support::{Sandbox, path};

    /// Which of the paths `git check-ignore --no-index` names.
    fn as_git_has_it(sandbox: &Sandbox, paths: &[String]) -> BTreeSet<String> {
        use std::io::Write as _;
        let mut child = Command::new("git")
            .current_dir(sandbox.path())
            .args(["check-ignore", "--no-index", "--stdin", "-z"])
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("git runs");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(paths.join("\0").as_bytes()).expect("written");
        drop(input);
        let out = child.wait_with_output().expect("git ends").stdout;
        let out = String::from_utf8(out).expect("plain names");
        out.split_terminator('\0').map(str::to_owned).collect()
    }

    #[test]
    fn rules_mean_what_git_takes_them_for() {
        const PATTERNS: &[&str] = &[
            ".env",
            "!.env",
            "/.env",
            "*.db",
            "!keep.db",
            "a/",
            "a",
            "!a/",
            "/a/b",
            "a/b/",
            "**/b",
            "a/**",
            "!a/**/.env",
            "b/*",
            "!b/x.db",
            "*",
            "!*/",
            "x?db",
            "[ab]/.env",
            "a/*/.env",
            "#x",
            "\\#x",
            "**/a/.env",
            "keep.db ",
            "keep.db\\ ",
            "/*",
            "!/b",
            "b/**/c",
            ".*",
            "!.gitignore",
            "[!a].db",
            "a/b",
            "**",
            "*/.env",
            "x.[dt]b",
            "\\!x",
            "{a,b}",
            "a//b",
            "/",
            "b/",
            "[",
        ];
        let name =
            || proptest::sample::select(vec!["a", "b", "c", ".env", "x.db", "keep.db", "#x"]);
        let rules = || {
            let lines = proptest::collection::vec(proptest::sample::select(PATTERNS), 0..5);
            lines.prop_map(|lines| lines.join("\n"))
        };
        let paths = proptest::collection::vec(proptest::collection::vec(name(), 1..5), 60)
            .prop_map(|paths| paths.into_iter().map(|parts| parts.join("/")).collect::<Vec<_>>());
        let all = (rules(), rules(), rules(), rules(), paths);
        let mut runner = TestRunner::new_with_rng(
            Config::default(),
            proptest::test_runner::TestRng::deterministic_rng(
                proptest::test_runner::RngAlgorithm::ChaCha,
            ),
        );
        for _ in 0..30 {
            let (top, a, b, exclude, paths) = all.new_tree(&mut runner).expect("made").current();
            let sandbox = Sandbox::new();
            sandbox.write(".gitignore", &top).write("a/.gitignore", &a).write("a/b/.gitignore", &b);
            sandbox.write(".git/info/exclude", &exclude);
            let repo = sandbox.repo();
            let ours: BTreeSet<String> = paths
                .iter()
                .filter(|text| repo.is_ignored(&path(text), false).expect("readable"))
                .cloned()
                .collect();
            assert_eq!(
                ours,
                as_git_has_it(&sandbox, &paths),
                "top {top:?}, a {a:?}, a/b {b:?}, exclude {exclude:?}"
            );
        }
    }

    #[test]
    fn a_deeper_file_takes_back() {
        let sandbox = Sandbox::new();
        sandbox.write(".gitignore", ".env\n").write("a/.gitignore", "\u{feff}!.env\r\n");
        let repo = sandbox.repo();
        assert!(repo.is_ignored(&path(".env"), false).expect("readable"));
        assert!(!repo.is_ignored(&path("a/.env"), false).expect("readable"));
    }

    #[test]
    fn the_persons_own_rules_count() {
        let sandbox = Sandbox::new();
        sandbox.write("own", "*.db\n").write(".gitignore", "!keep.db\n");
        let own = sandbox.path().join("own");
        sandbox.git(&["config", "core.excludesFile", &own.to_string_lossy()]);
        let repo = sandbox.repo();
        assert!(repo.is_ignored(&path("x.db"), false).expect("readable"));
        assert!(!repo.is_ignored(&path("keep.db"), false).expect("readable"));
    }

    #[test]
    fn a_link_is_no_file_of_rules() {
        let sandbox = Sandbox::new();
        sandbox.write("rules", ".env\n").link(".gitignore", "rules");
        assert!(!sandbox.repo().is_ignored(&path(".env"), false).expect("readable"));
    }
}
