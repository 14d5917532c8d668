//! What undoes fixes in a later run, kept in the person's state folder for each
//! work tree. Of a fix that wrote a secret it is only kept that there was one.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::undo::{Step, Undo};
use crate::check::fixes::refused;
use crate::model::{CleanText, Digest, FixError, RepoPath};
use crate::repo::{IndexedFile, Repo, StateFolder};

/// The version of the file.
const VERSION: u32 = 1;

/// So many fixes are kept; the oldest are forgotten first.
const MOST: usize = 50;

/// So long the file becomes at most, in bytes.
const LONGEST: usize = 2 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    /// The work tree, for people who look into the file.
    folder: CleanText,
    /// When git's folder was made, as far as the file system tells: another
    /// repository at the same path knows nothing of these fixes. As RFC 3339 has it.
    #[serde(default)]
    made: Option<String>,
    /// The oldest first.
    fixes: Vec<KeptFix>,
}

#[derive(Serialize, Deserialize)]
struct KeptFix {
    id: Digest,
    title: CleanText,
    /// As RFC 3339 has it.
    at: String,
    secret: bool,
    steps: Vec<KeptStep>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptStep {
    File {
        path: String,
        before: Option<Before>,
        after: After,
    },
    Mode {
        path: String,
        /// Where it led, links followed.
        real: Option<String>,
        before: u32,
        after: u32,
    },
    Index {
        before: BTreeMap<String, IndexedFile>,
    },
}

#[derive(Serialize, Deserialize)]
struct Before {
    /// In Base64.
    content: String,
    mode: u32,
}

#[derive(Serialize, Deserialize)]
struct After {
    content: Digest,
    mode: u32,
}

/// The fixes that were applied to this work tree, the oldest first.
///
/// # Errors
/// When the file is there and cannot be read.
pub(crate) fn kept(repo: &Repo, state: &StateFolder) -> Result<Vec<Undo>, FixError> {
    load(repo, state)?.fixes.into_iter().map(|fix| fix.undo(repo, state)).collect()
}

/// Takes a fix back and forgets it; says what should be known about that.
///
/// # Errors
/// When something changed since, or cannot be written.
pub(crate) fn undo(
    repo: &Repo,
    state: Option<&StateFolder>,
    undo: &Undo,
) -> Result<Vec<CleanText>, FixError> {
    undo.run(repo)?;
    // it was taken back, whether or not that can be remembered
    let forgotten = state.map_or(Ok(()), |state| forget(repo, state, undo));
    Ok(forgotten.err().map(|error| CleanText::line(error.to_string())).into_iter().collect())
}

/// Forgets a fix, so that it cannot be undone any more.
///
/// # Errors
/// When the file cannot be read or written.
pub(crate) fn forget(repo: &Repo, state: &StateFolder, undo: &Undo) -> Result<(), FixError> {
    let _held = state.hold(&name(repo)).map_err(refused)?;
    let mut file = load(repo, state)?;
    let before = file.fixes.len();
    file.fixes.retain(|fix| fix.id != undo.id);
    if file.fixes.len() == before { Ok(()) } else { store(repo, state, file) }
}

/// Keeps what undoes a fix.
pub(super) fn keep(repo: &Repo, state: Option<&StateFolder>, undo: &Undo) -> Result<(), FixError> {
    let state = state.ok_or_else(|| FixError::new("this account has no home folder"))?;
    let fix = KeptFix::of(undo)?;
    let _held = state.hold(&name(repo)).map_err(refused)?;
    let mut file = load(repo, state)?;
    file.fixes.push(fix);
    store(repo, state, file)
}

fn load(repo: &Repo, state: &StateFolder) -> Result<File, FixError> {
    let name = name(repo);
    let folder = CleanText::bytes(repo.root().as_os_str().as_encoded_bytes());
    let made = repo.made().map(|made| made.to_string());
    let nothing = File { version: VERSION, folder, made, fixes: Vec::new() };
    let Some(bytes) = state.read(&name).map_err(refused)? else { return Ok(nothing) };
    let file: File =
        serde_json::from_slice(&bytes).map_err(|error| damaged(repo, state).from_source(error))?;
    match file {
        file if file.version != VERSION => Err(damaged(repo, state)),
        file if file.made != nothing.made => Ok(nothing),
        file => Ok(file),
    }
}

fn store(repo: &Repo, state: &StateFolder, mut file: File) -> Result<(), FixError> {
    let surplus = file.fixes.len().saturating_sub(MOST);
    file.fixes.drain(..surplus);
    loop {
        let text = serde_json::to_vec_pretty(&file)
            .map_err(|error| FixError::new(error.to_string()).from_source(error))?;
        if text.len() <= LONGEST {
            return state.write(&name(repo), &text).map_err(refused);
        }
        if file.fixes.len() == 1 {
            return Err(FixError::new("what it replaced is too long to be kept"));
        }
        file.fixes.remove(0);
    }
}

fn damaged(repo: &Repo, state: &StateFolder) -> FixError {
    let path = state.shown(&name(repo));
    FixError::new(format!(
        "`{path}`, where fixes are remembered, cannot be read by this version of gonogo; remove it to start over"
    ))
}

/// Each work tree has its own, since its files are its own.
fn name(repo: &Repo) -> String {
    let parts = [repo.root(), repo.git_dir()].map(|path| path.as_os_str().as_encoded_bytes());
    let digest = Digest::of_bytes(parts);
    format!("undo/{}.json", digest.as_str().get(..32).unwrap_or("repository"))
}

impl KeptFix {
    fn of(undo: &Undo) -> Result<Self, FixError> {
        let Undo { id, title, at, secret, steps } = undo;
        // nothing of a file that holds secrets is kept, not even what it held before
        let steps = match secret {
            true => Vec::new(),
            false => steps.iter().map(KeptStep::of).collect::<Result<_, _>>()?,
        };
        Ok(Self {
            id: id.clone(),
            title: title.clone(),
            at: at.to_string(),
            secret: *secret,
            steps,
        })
    }

    fn undo(self, repo: &Repo, state: &StateFolder) -> Result<Undo, FixError> {
        let Self { id, title, at, secret, steps } = self;
        let steps: Option<Vec<Step>> = steps.into_iter().map(KeptStep::step).collect();
        let at: Option<Timestamp> = at.parse().ok();
        let (Some(steps), Some(at)) = (steps, at) else { return Err(damaged(repo, state)) };
        Ok(Undo { id, title, at, secret, steps })
    }
}

impl KeptStep {
    fn of(step: &Step) -> Result<Self, FixError> {
        Ok(match step {
            Step::File { path, before, after: (content, mode) } => Self::File {
                path: text(path)?,
                before: before.as_ref().map(|(bytes, mode)| Before {
                    content: BASE64.encode(bytes.expose_secret()),
                    mode: *mode,
                }),
                after: After { content: content.clone(), mode: *mode },
            },
            Step::Mode { path, real, before, after } => Self::Mode {
                path: text(path)?,
                real: real.as_ref().map(text).transpose()?,
                before: *before,
                after: *after,
            },
            Step::Index { before } => {
                let entries = before.iter().map(|(path, entry)| Ok((text(path)?, entry.clone())));
                Self::Index { before: entries.collect::<Result<_, FixError>>()? }
            }
        })
    }

    /// None when it is not one that was written by [`KeptStep::of`].
    fn step(self) -> Option<Step> {
        let path = |text: String| RepoPath::new(text).ok();
        Some(match self {
            Self::File { path: at, before, after } => {
                let before = match before {
                    Some(Before { content, mode }) => {
                        Some((BASE64.decode(content.as_bytes()).ok()?.into(), mode))
                    }
                    None => None,
                };
                Step::File { path: path(at)?, before, after: (after.content, after.mode) }
            }
            Self::Mode { path: at, real, before, after } => {
                let real = match real {
                    Some(real) => Some(path(real)?),
                    None => None,
                };
                Step::Mode { path: path(at)?, real, before, after }
            }
            Self::Index { before } => {
                let entries = before.into_iter().map(|(at, entry)| Some((path(at)?, entry)));
                Step::Index { before: entries.collect::<Option<_>>()? }
            }
        })
    }
}

fn text(path: &RepoPath) -> Result<String, FixError> {
    path.as_path().to_str().map(str::to_owned).ok_or_else(|| {
        FixError::new(format!("the name of `{path}` is not UTF-8, so it cannot be written down"))
    })
}
