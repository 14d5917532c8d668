//! What takes a fix back: the bytes, the mode, the index entry from before.

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretSlice};

use super::difference;
use crate::check::fixes::{digest, refused};
use crate::model::{CleanText, Digest, FixError, RepoPath};
use crate::repo::{IndexedFiles, Repo, RepoError};

/// Takes one fix back, as long as all is as the fix left it.
#[derive(Debug)]
pub(crate) struct Undo {
    pub(super) id: Digest,
    pub(super) title: CleanText,
    pub(super) at: Timestamp,
    pub(super) secret: bool,
    /// In the order in which the edits were made. One that was read back and
    /// wrote a secret has none.
    pub(super) steps: Vec<Step>,
}

/// Takes one edit back.
#[derive(Debug)]
pub(super) enum Step {
    /// A file was written.
    File {
        path: RepoPath,
        /// Its content and mode; nothing when it was not there.
        before: Option<(SecretSlice<u8>, u32)>,
        after: (Digest, u32),
    },
    /// A mode was changed.
    Mode {
        path: RepoPath,
        /// Where that led, links followed; nothing for the repository's top.
        real: Option<RepoPath>,
        before: u32,
        after: u32,
    },
    /// Files were taken out of the index.
    Index { before: IndexedFiles },
}

impl Undo {
    /// What the fix was.
    pub(crate) fn title(&self) -> &CleanText {
        &self.title
    }

    /// When it was applied.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// Whether it can be taken back: what a fix that wrote a secret replaced is
    /// known only to the run that did it.
    pub(crate) fn is_possible(&self) -> bool {
        !self.steps.is_empty()
    }

    /// What it does, a sentence for each file.
    pub(crate) fn changes(&self) -> Vec<CleanText> {
        self.steps.iter().rev().map(Step::change).collect()
    }

    /// The lines that change, each with `+`, `-` or a space in front; of a fix
    /// that wrote a secret no line of a file.
    pub(crate) fn diff(&self, repo: &Repo) -> Vec<CleanText> {
        self.steps.iter().rev().flat_map(|step| step.diff(repo, self.secret)).collect()
    }

    /// Takes the fix back.
    ///
    /// # Errors
    /// When something changed since, or cannot be put back or written. Nothing is
    /// changed then; if something could not be done again, the error says so.
    pub(super) fn run(&self, repo: &Repo) -> Result<(), FixError> {
        if !self.is_possible() {
            return Err(FixError::new(format!(
                "`{}` wrote a secret, and what was there before was not kept",
                self.title
            )));
        }
        for step in &self.steps {
            step.unchanged(repo)?;
        }
        take_back(repo, &self.steps)
    }
}

/// Takes edits back: all of them or none. What was taken out of git's index comes
/// back first, so that no file is ever neither tracked nor ignored; the others
/// the last one first.
pub(super) fn take_back(repo: &Repo, steps: &[Step]) -> Result<(), FixError> {
    let is_index = |step: &&Step| matches!(step, Step::Index { .. });
    let index = steps.iter().rev().filter(is_index);
    let others = steps.iter().rev().filter(|step| !is_index(step));
    let mut done: Vec<Back> = Vec::new();
    for step in index.chain(others) {
        let back = step.back(repo).and_then(|back| step.take_back(repo).map(|()| back));
        match back {
            Ok(back) => done.push(back),
            Err(error) => {
                let again = done.iter().rev().try_for_each(|back| back.run(repo));
                return Err(match again {
                    Ok(()) => error,
                    Err(second) => FixError::new(format!(
                        "{error}; what was taken back before it could not be done again: {second}"
                    ))
                    .from_source(error),
                });
            }
        }
    }
    Ok(())
}

/// Does again what was taken back.
enum Back {
    /// As taking this one back would.
    Step(Step),
    /// Takes files out of the index.
    Untrack(Vec<RepoPath>),
}

impl Back {
    fn run(&self, repo: &Repo) -> Result<(), FixError> {
        match self {
            Self::Step(step) => step.take_back(repo),
            Self::Untrack(paths) => repo.untrack(paths).map_err(refused),
        }
    }
}

impl Step {
    fn change(&self) -> CleanText {
        CleanText::line(match self {
            Self::File { path, before: None, .. } => format!("removes `{path}`"),
            Self::File { path, .. } => format!("gives `{path}` its former content"),
            Self::Mode { path, before, .. } => format!("gives `{path}` the mode {before:04o}"),
            Self::Index { before } => {
                let names: Vec<String> =
                    before.keys().take(3).map(|path| format!("`{path}`")).collect();
                let more = match before.len().saturating_sub(3) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!("puts {}{more} back into git's index", names.join(", "))
            }
        })
    }

    fn diff(&self, repo: &Repo, secret: bool) -> Vec<CleanText> {
        match self {
            Self::File { path, before, .. } if !secret => {
                let before = before.as_ref().map(|(bytes, _)| bytes.expose_secret());
                // a file that cannot be read is refused when the fix is taken back
                let now = repo.read(path).ok().flatten().unwrap_or_default();
                difference::lines(&path.to_string(), &now, before.unwrap_or_default())
            }
            Self::File { .. } => Vec::new(),
            Self::Mode { path, before, after, .. } => vec![
                CleanText::line(format!("- {after:04o} {path}")),
                CleanText::line(format!("+ {before:04o} {path}")),
            ],
            Self::Index { before } => {
                before.keys().map(|path| CleanText::line(format!("+ {path} (tracked)"))).collect()
            }
        }
    }

    /// Refuses what is not as the fix left it, or cannot be put back.
    fn unchanged(&self, repo: &Repo) -> Result<(), FixError> {
        let (path, same) = match self {
            Self::Index { before } => {
                let paths: Vec<RepoPath> = before.keys().cloned().collect();
                match repo.indexed(&paths).map_err(refused)?.into_keys().next() {
                    Some(path) => (path, false),
                    None => {
                        return repo.can_track(before).map_err(|error| {
                            FixError::new(format!("nothing was undone: {error}")).from_source(error)
                        });
                    }
                }
            }
            Self::File { path, after: (content, mode), .. } => {
                let now = repo.read(path).map_err(refused)?;
                let same = now.is_some_and(|bytes| digest(&bytes) == *content);
                (path.clone(), same && repo.mode(path).map_err(refused)? == Some(*mode))
            }
            Self::Mode { path, real, after, .. } => {
                let now = repo.on_disk(path).map_err(refused)?;
                let same = now.is_some_and(|now| {
                    now.mode == *after && RepoPath::new(&now.real).ok() == *real
                });
                (path.clone(), same)
            }
        };
        if same {
            return Ok(());
        }
        let what = match self {
            Self::File { .. } => "content or mode",
            Self::Mode { .. } => "mode, or where it leads",
            Self::Index { .. } => "entry in git's index",
        };
        Err(FixError::new(format!(
            "`{path}` changed since the fix (its {what}), so it was not undone and nothing was touched; change it by hand"
        )))
    }

    /// What does it again, as the files are now.
    fn back(&self, repo: &Repo) -> Result<Back, FixError> {
        Ok(match self {
            Self::Index { before } => Back::Untrack(before.keys().cloned().collect()),
            Self::Mode { path, real, before, after } => Back::Step(Self::Mode {
                path: path.clone(),
                real: real.clone(),
                before: *after,
                after: *before,
            }),
            Self::File { path, after, .. } => {
                let now = repo.read(path).map_err(refused)?;
                let before = match now {
                    Some(bytes) => {
                        let mode = repo.mode(path).map_err(refused)?.unwrap_or(after.1);
                        Some((bytes.into(), mode))
                    }
                    None => None,
                };
                Back::Step(Self::File { path: path.clone(), before, after: after.clone() })
            }
        })
    }

    fn take_back(&self, repo: &Repo) -> Result<(), FixError> {
        match self {
            Self::File { path, before: None, .. } => repo.remove(path),
            Self::File { path, before: Some((bytes, mode)), .. } => {
                let written = repo.write_atomically(path, bytes.expose_secret(), *mode);
                // the door widens no mode; here it was wider before
                written.and_then(|()| set_mode(repo, path, None, *mode))
            }
            Self::Mode { path, before, after, .. } => set_mode(repo, path, Some(*after), *before),
            Self::Index { before } => repo.track(before),
        }
        .map_err(refused)
    }
}

/// Sets a mode where it is another, or only where it is this one.
fn set_mode(repo: &Repo, path: &RepoPath, from: Option<u32>, to: u32) -> Result<(), RepoError> {
    let Some(mut now) = repo.on_disk(path)? else { return Ok(()) };
    now.mode = from.unwrap_or(now.mode);
    if now.mode == to { Ok(()) } else { repo.set_mode(path, &now, to) }
}
