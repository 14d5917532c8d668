//! The files of code and deployment that mention certain words, whichever check's
//! globs they match.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::AhoCorasick;

use super::gather::{each_text, failed};
use super::{Fact, Facts};
use crate::lang::SourceFile;
use crate::model::{CheckError, RepoPath};
use crate::repo::Unread;

/// Of a project with more code than this, the files are read for each question,
/// in bytes.
const MOST_KEPT: usize = 32 * 1024 * 1024;

/// The files that mention at least one of the key's words, and where all such
/// files are.
pub struct Mentions {
    /// The files, ordered by path.
    pub files: Vec<Arc<SourceFile>>,
    /// The paths of all files of code and deployment, in order.
    pub paths: Vec<RepoPath>,
    /// What could not be read, in order.
    pub unread: Vec<Unread>,
}

impl Fact for Mentions {
    type Key = Vec<String>;

    fn derive(words: &Vec<String>, cx: &Facts<'_>) -> Result<Self, CheckError> {
        let search = AhoCorasick::new(words).map_err(|error| failed(error.to_string()))?;
        match &*cx.get::<Sources>(&())? {
            Sources::Kept(all) => {
                let files = all.files.iter().filter(|file| search.is_match(file.text()));
                let (paths, unread) = (all.paths.clone(), all.unread.clone());
                Ok(Self { files: files.cloned().collect(), paths, unread })
            }
            Sources::TooMany => {
                let read = read(cx, usize::MAX, &|text| search.is_match(text))?;
                read.ok_or_else(|| failed("there is too much code".to_owned()))
            }
        }
    }
}

/// All code of the project, read once for all questions when it is not too much.
enum Sources {
    Kept(Mentions),
    TooMany,
}

impl Fact for Sources {
    type Key = ();

    fn derive((): &(), cx: &Facts<'_>) -> Result<Self, CheckError> {
        Ok(read(cx, MOST_KEPT, &|_| true)?.map_or(Self::TooMany, Self::Kept))
    }
}

/// Reads the files that pass. None when they have more bytes than that.
fn read(
    cx: &Facts<'_>,
    most: usize,
    keep: &(dyn Fn(&[u8]) -> bool + Sync),
) -> Result<Option<Mentions>, CheckError> {
    let (paths, kept) = (Mutex::new(Vec::new()), Mutex::new((0, Vec::new())));
    let wants = |path: &RepoPath| {
        let wanted = runs_or_starts(path);
        if wanted {
            paths.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
        }
        wanted
    };
    let look = |path: &RepoPath, text: &[u8]| {
        if !keep(text) || (is_unnamed(path) && !is_script(text)) {
            return ControlFlow::Continue(());
        }
        let file = SourceFile::new(path.clone(), String::from_utf8_lossy(text).into_owned());
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0 += text.len();
        kept.1.push(Arc::new(file));
        if kept.0 > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let unread = each_text(cx, &wants, &look)?;
    let (bytes, mut files) = kept.into_inner().unwrap_or_else(PoisonError::into_inner);
    if bytes > most {
        return Ok(None);
    }
    let mut paths = paths.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.sort_by(|a, b| a.path().cmp(b.path()));
    paths.sort();
    Ok(Some(Mentions { files, paths, unread }))
}

/// Whether a file of this name is Python code, or says how an app is started.
pub fn runs_or_starts(path: &RepoPath) -> bool {
    const ENDINGS: &[&str] = &[
        ".py",
        ".pyw",
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
    let name = path.name().as_encoded_bytes();
    let starts = |start: &str| {
        name.get(..start.len()).is_some_and(|name| name.eq_ignore_ascii_case(start.as_bytes()))
    };
    let ends = |end: &str| {
        let rest = name.len().checked_sub(end.len()).and_then(|from| name.get(from..));
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(end.as_bytes()))
    };
    ENDINGS.iter().any(|ending| ends(ending))
        || ["app.json", "package.json"].iter().any(|own| name.eq_ignore_ascii_case(own.as_bytes()))
        || is_unnamed(path)
        || ["procfile", "dockerfile", "containerfile"].iter().any(|start| starts(start))
}

/// Whether a name tells nothing of what a file holds: `bin/start`. Names that a
/// program made up are none that start anything.
fn is_unnamed(path: &RepoPath) -> bool {
    let name = path.name().as_encoded_bytes();
    let known = ["procfile", "dockerfile", "containerfile"];
    name.len() <= 32
        && name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
        && !known.iter().any(|known| {
            name.get(..known.len()).is_some_and(|own| own.eq_ignore_ascii_case(known.as_bytes()))
        })
}

/// Whether a text says by what it is to be run.
fn is_script(text: &[u8]) -> bool {
    text.starts_with(b"#!")
}
