//! What in the repository loads an env file, and which.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::{Fact, Facts};
use crate::lang::env_loads::{Language, is_reader, language, loads, requires};
use crate::model::{CheckError, RepoPath};

/// The usual name of an env file.
const USUAL: &str = ".env";
/// Larger files are not looked into, in bytes.
const LARGEST: usize = 512 * 1024;
/// So many files are looked into.
const MOST: usize = 5_000;
/// So many places are kept.
const KEPT: usize = 100;

/// Folders of what does not run in production.
const ASIDE: &[&str] = &[
    "test",
    "tests",
    "testing",
    "__tests__",
    "spec",
    "specs",
    "e2e",
    "fixtures",
    "docs",
    "doc",
    "examples",
    "example",
    "samples",
    "vendor",
    "third_party",
    "node_modules",
    "site-packages",
    "bower_components",
    ".github",
    ".circleci",
    ".gitlab",
    ".devcontainer",
    "cypress",
];

/// Files that stand at the top of a project.
const MARKS: &[&str] = &[
    "pyproject.toml",
    "pipfile",
    "setup.py",
    "requirements.txt",
    "manage.py",
    "package.json",
    ".flaskenv",
    "procfile",
    "gemfile",
    "go.mod",
    "composer.json",
    "cargo.toml",
    "wsgi.py",
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    ".gitignore",
];

/// What loads env files, as far as tracked files say.
#[derive(Debug)]
pub struct EnvLoading {
    /// Each place, in order of path.
    pub by: Vec<Loader>,
    /// There were more files than are looked into, or some could not be listed.
    pub cut: bool,
}

/// A place that loads an env file.
#[derive(Clone, Debug)]
pub struct Loader {
    /// The file of it.
    pub file: RepoPath,
    /// The line, from 1.
    pub line: u32,
    /// The env file that it loads.
    pub env: RepoPath,
}

impl Fact for EnvLoading {
    type Key = ();

    fn derive((): &(), cx: &Facts<'_>) -> Result<Self, CheckError> {
        let mut tops = BTreeSet::new();
        let mut seen = Seen::default();
        let mut looked = 0;
        // the tops first, since what is loaded depends on them
        cx.tree.each_tracked(&|path| is_mark(path), |file| {
            tops.insert(top_of(&file.path));
            Ok::<(), CheckError>(())
        })?;
        let counted = cx.tree.each_tracked(&|path| kind(path).is_some(), |file| {
            cx.cancel.check()?;
            looked += 1;
            if looked > MOST || seen.by.len() >= KEPT {
                return Ok(());
            }
            let Some(kind) = kind(&file.path) else { return Ok(()) };
            if let Some(content) = file.content(LARGEST)? {
                seen.file(&tops, &file.path, kind, &String::from_utf8_lossy(&content));
            }
            Ok::<(), CheckError>(())
        })?;
        let cut = looked > MOST || !counted.unread.is_empty();
        Ok(Self { by: seen.done(), cut })
    }
}

#[derive(Default)]
struct Seen {
    by: Vec<Loader>,
    flask: bool,
    /// The project is a library that reads env files for others.
    reader: bool,
    python: Vec<Loader>,
    dotenv: Vec<Loader>,
}

impl Seen {
    fn file(&mut self, tops: &BTreeSet<PathBuf>, path: &RepoPath, kind: Language, text: &str) {
        let top = project(tops, path);
        if kind == Language::Requirements {
            self.flask |= requires(text, "flask").is_some();
            if let Some(line) = requires(text, "python-dotenv") {
                self.dotenv.extend(loader(path, line, &top, None));
            }
            return;
        }
        // paths in a compose file are relative to it
        let base = match kind {
            Language::Compose => path.as_path().parent().unwrap_or(Path::new("")),
            _ => &top,
        };
        self.reader |= kind == Language::Python && is_reader(text);
        let by = if kind == Language::Python { &mut self.python } else { &mut self.by };
        for load in loads(kind, text) {
            by.extend(loader(path, load.line, base, load.path.as_deref()));
        }
    }

    /// `flask run` loads the env file when python-dotenv is there.
    fn done(mut self) -> Vec<Loader> {
        if self.flask && !self.reader {
            self.by.append(&mut self.dotenv);
        }
        if !self.reader {
            self.by.append(&mut self.python);
        }
        self.by
    }
}

fn loader(file: &RepoPath, line: u32, base: &Path, written: Option<&str>) -> Option<Loader> {
    let env = written.and_then(|written| joined(base, written)).or_else(|| joined(base, USUAL))?;
    Some(Loader { file: file.clone(), line, env })
}

/// A path below a folder, `..` resolved; none when it leaves the repository.
fn joined(base: &Path, written: &str) -> Option<RepoPath> {
    let mut path = base.to_path_buf();
    for part in Path::new(written).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !path.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    RepoPath::new(path).ok()
}

/// The nearest folder above a file that is the top of a project.
fn project(tops: &BTreeSet<PathBuf>, path: &RepoPath) -> PathBuf {
    let mut above = path.as_path().ancestors().skip(1);
    above.find(|folder| tops.contains(*folder)).unwrap_or(Path::new("")).to_path_buf()
}

fn is_mark(path: &RepoPath) -> bool {
    let name = path.name().to_string_lossy().to_lowercase();
    let folder = path.as_path().parent().and_then(Path::file_name);
    MARKS.contains(&name.as_str()) || folder.is_some_and(|folder| folder == "requirements")
}

/// The top of the project that a mark stands for.
fn top_of(path: &RepoPath) -> PathBuf {
    let folder = path.as_path().parent().unwrap_or(Path::new(""));
    match folder.file_name() {
        Some(name) if name == "requirements" => {
            folder.parent().unwrap_or(Path::new("")).to_path_buf()
        }
        _ => folder.to_path_buf(),
    }
}

/// What a file is, when it may load an env file where the app runs.
fn kind(path: &RepoPath) -> Option<Language> {
    let name = path.name().to_str()?;
    let kind = language(name)?;
    let lower = name.to_lowercase();
    let test = lower.starts_with("test_")
        || lower.starts_with("conftest")
        || [".test.", ".spec.", "_test.", ".min."].iter().any(|mark| lower.contains(mark));
    let folders = path.as_path().parent().into_iter().flat_map(Path::components);
    let aside = folders
        .filter_map(|folder| folder.as_os_str().to_str())
        .any(|folder| ASIDE.contains(&folder.to_lowercase().as_str()));
    (!test && !aside).then_some(kind)
}
