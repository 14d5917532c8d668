//! The files of code and deployment that mention certain words, whichever check's
//! globs they match.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;

use super::{Fact, Facts};
use crate::lang::SourceFile;
use crate::model::{CheckError, CleanText, RepoPath, RuleId, Subject};
use crate::repo::{Content, Reader, Seen, Unread, Visitor};

const COULD_NOT_LOOK: RuleId = RuleId::new("mentions.could_not_look");

/// So many threads read: other checks run beside.
const THREADS: usize = 4;

/// The files that mention at least one of the key's words, and where all such
/// files are.
pub struct Mentions {
    /// The files, ordered by path.
    pub files: Vec<SourceFile>,
    /// The paths of all files of code and deployment, in order.
    pub paths: Vec<RepoPath>,
    /// What could not be read, in order.
    pub unread: Vec<Unread>,
}

impl Fact for Mentions {
    type Key = Vec<String>;

    fn derive(words: &Vec<String>, cx: &Facts<'_>) -> Result<Self, CheckError> {
        let failed = |what: String| {
            CheckError::could_not_look(
                COULD_NOT_LOOK,
                Subject::whole(),
                what,
                "run the check again; if it stays, look at the repository with git status",
            )
        };
        let search = AhoCorasick::new(words).map_err(|error| failed(error.to_string()))?;
        let all = Mutex::new(Self { files: Vec::new(), paths: Vec::new(), unread: Vec::new() });
        let visitor = || -> Box<dyn Visitor + '_> {
            Box::new(Eyes { search: &search, all: &all, reader: Reader::new(), cx })
        };
        cx.tree.walk(THREADS, &visitor).map_err(|error| failed(error.to_string()))?;
        cx.cancel.check()?;
        let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.files.sort_by(|a, b| a.path().cmp(b.path()));
        all.paths.sort();
        all.unread.sort();
        Ok(all)
    }
}

struct Eyes<'a, 'r> {
    search: &'a AhoCorasick,
    all: &'a Mutex<Mentions>,
    reader: Reader,
    cx: &'a Facts<'r>,
}

impl Visitor for Eyes<'_, '_> {
    fn see(&mut self, seen: Seen<'_>) -> ControlFlow<()> {
        if self.cx.cancel.check().is_err() {
            return ControlFlow::Break(());
        }
        let (path, source) = match seen {
            Seen::File { path, source } => (path, source),
            Seen::UnreadableFolder { path, reason } => {
                // the top itself cannot be unreadable: its index was read
                let folder = path.map(|path| unread(path, &reason.to_string()));
                self.all.lock().unwrap_or_else(PoisonError::into_inner).unread.extend(folder);
                return ControlFlow::Continue(());
            }
            Seen::Unread(what) => {
                self.all.lock().unwrap_or_else(PoisonError::into_inner).unread.push(what);
                return ControlFlow::Continue(());
            }
        };
        if !runs_or_starts(&path) {
            return ControlFlow::Continue(());
        }
        let read = match self.reader.read(&source) {
            Ok(Content::Text(bytes)) if self.search.is_match(bytes) => {
                Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
            }
            Ok(Content::Text(_) | Content::Binary) => Ok(None),
            Ok(Content::TooLarge) => Err("it is too large".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(Some(text)) => all.files.push(SourceFile::new(path.clone(), text)),
            Ok(None) => {}
            Err(reason) => all.unread.push(unread(path.clone(), &reason)),
        }
        all.paths.push(path);
        ControlFlow::Continue(())
    }
}

fn unread(path: RepoPath, reason: &str) -> Unread {
    let what = CleanText::line(format!("`{path}` was not looked at ({reason})"));
    Unread { path, what, next: CleanText::line("make it readable and smaller") }
}

/// Whether a file of this name is Python code, or says how an app is started.
pub fn runs_or_starts(path: &RepoPath) -> bool {
    const ENDINGS: &[&str] = &[
        ".py",
        ".wsgi",
        ".sh",
        ".toml",
        ".cfg",
        ".ini",
        ".yml",
        ".yaml",
        ".service",
        ".conf",
        ".dockerfile",
        ".flaskenv",
    ];
    let name = path.name().to_string_lossy().to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
        || name == "app.json"
        || ["procfile", "dockerfile", "containerfile"].iter().any(|start| name.starts_with(start))
}
