//! What in the repository loads an env file, and which.

use std::collections::{BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};

use super::gather::Gather;
use super::{Fact, Facts};
use crate::lang::SourceFile;
use crate::lang::env_loads::{
    IN_CODE, Language, Load, is_reader, language, loads, may_load, requires,
};
use crate::model::{CheckError, RepoPath};

/// The usual name of an env file.
const USUAL: &str = ".env";
/// Larger files are not looked into, in bytes.
const LARGEST: usize = 512 * 1024;
/// So many places are kept, of a file and of all.
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
    /// Some files could not be read or listed.
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
        let (code, rest) = (cx.gathered::<Code>()?, cx.gathered::<Configuration>()?);
        let said: HashMap<&RepoPath, &Said> =
            code.all.iter().chain(&rest.all).map(|(path, said)| (path, said)).collect();
        let mut unread: Vec<&RepoPath> = Vec::new();
        unread.extend(code.unread.iter().chain(&rest.unread).map(|unread| &unread.path));
        unread.dedup();
        let is_unread = |path: &RepoPath| {
            let below = |folder: &&RepoPath| path.as_path().starts_with(folder.as_path());
            !unread.is_empty() && kind(path).is_some() && unread.iter().any(below)
        };
        let (mut tops, mut tracked, mut cut) = (BTreeSet::new(), Vec::new(), false);
        let counted = cx.tree.each_tracked(
            &|path| is_mark(path) || said.contains_key(path) || is_unread(path),
            |file| {
                cx.cancel.check()?;
                if is_mark(&file.path) {
                    tops.insert(top_of(&file.path));
                }
                cut |= is_unread(&file.path);
                tracked.push(file.path.clone());
                Ok::<(), CheckError>(())
            },
        )?;
        let mut seen = Seen::default();
        for path in &tracked {
            if let Some(said) = said.get(path).filter(|_| seen.by.len() < KEPT) {
                seen.file(&tops, path, said);
            }
        }
        Ok(Self { by: seen.done(), cut: cut || !counted.unread.is_empty() })
    }
}

/// What one file says.
#[derive(Debug)]
pub(super) struct Said {
    kind: Language,
    loads: Vec<Load>,
    /// Where requirements name Flask, and what loads env files for it.
    flask: Option<u32>,
    dotenv: Option<u32>,
    /// It is a reader of env files itself.
    reader: bool,
}

/// Gathers what code and scripts say.
pub(super) struct Code;

/// Gathers what other files say, of which there are few.
pub(super) struct Configuration;

impl Gather for Code {
    type Piece = Said;

    fn wants(path: &RepoPath) -> bool {
        kind(path).is_some_and(Language::is_code)
    }

    fn literals() -> &'static [&'static str] {
        IN_CODE
    }

    fn look(file: &SourceFile) -> Option<Said> {
        said(file)
    }
}

impl Gather for Configuration {
    type Piece = Said;

    fn wants(path: &RepoPath) -> bool {
        kind(path).is_some_and(|kind| !kind.is_code())
    }

    fn literals() -> &'static [&'static str] {
        &[]
    }

    fn look(file: &SourceFile) -> Option<Said> {
        said(file)
    }
}

fn said(file: &SourceFile) -> Option<Said> {
    let (kind, text) = (kind(file.path())?, file.text());
    if text.len() > LARGEST || !may_load(kind, text) {
        return None;
    }
    let (mut flask, mut dotenv, mut found) = (None, None, Vec::new());
    if kind == Language::Requirements {
        (flask, dotenv) = (requires(text, "flask"), requires(text, "python-dotenv"));
    } else {
        found = loads(kind, text);
        found.truncate(KEPT);
    }
    let reader = kind == Language::Python && is_reader(text);
    let says = reader || !found.is_empty() || flask.is_some() || dotenv.is_some();
    says.then_some(Said { kind, loads: found, flask, dotenv, reader })
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
    fn file(&mut self, tops: &BTreeSet<PathBuf>, path: &RepoPath, said: &Said) {
        let top = project(tops, path);
        self.flask |= said.flask.is_some();
        self.reader |= said.reader;
        self.dotenv.extend(said.dotenv.and_then(|line| loader(path, line, &top, None)));
        // paths in a compose file are relative to it
        let base = match said.kind {
            Language::Compose => path.as_path().parent().unwrap_or(Path::new("")),
            _ => &top,
        };
        let by = if said.kind == Language::Python { &mut self.python } else { &mut self.by };
        for load in &said.loads {
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
    let name = path.name().as_encoded_bytes();
    let folder = || path.as_path().parent().and_then(Path::file_name);
    MARKS.iter().any(|mark| name.eq_ignore_ascii_case(mark.as_bytes()))
        || folder().is_some_and(|folder| folder == "requirements")
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
        .any(|folder| ASIDE.iter().any(|aside| folder.eq_ignore_ascii_case(aside)));
    (!test && !aside).then_some(kind)
}
