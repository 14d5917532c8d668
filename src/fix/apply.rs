//! Carries a plan out: all of it, and only on the files that it was made for.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::ExposeSecret as _;

use super::kept;
use super::undo::{Step, Undo, take_back};
use crate::check::fixes::{digest, out_of_git, refused};
use crate::model::{CleanText, Digest, Edit, FixError, Plan, RepoPath};
use crate::repo::{Repo, StateFolder};

/// A plan that was carried out.
#[derive(Debug)]
pub(crate) struct Applied {
    /// Takes it back.
    pub undo: Arc<Undo>,
    /// What should be known: that it cannot be undone in a later run, say.
    pub notes: Vec<CleanText>,
}

/// Carries a plan out. The caller has asked the person, also about what it
/// [loses](Plan::loses).
///
/// What undoes it is kept in the person's state folder, except for secrets: they
/// are only in the returned [`Undo`].
///
/// # Errors
/// When a file is not as it was when the plan was made, git would get a secret,
/// or something cannot be written. Nothing is changed then; if something could
/// not be put back, the error says so.
pub(crate) fn apply(
    repo: &Repo,
    state: Option<&StateFolder>,
    title: &CleanText,
    plan: &Plan,
    now: Timestamp,
) -> Result<Applied, FixError> {
    for edit in &plan.edits {
        expected(repo, edit)?;
    }
    let mut steps = Vec::new();
    for edit in &plan.edits {
        match perform(repo, edit) {
            Ok(step) => steps.push(step),
            Err(error) => {
                return Err(match take_back(repo, &steps) {
                    Ok(()) => error,
                    Err(second) => FixError::new(format!(
                        "{error}; what was done before it could not be put back: {second}"
                    ))
                    .from_source(error),
                });
            }
        }
    }
    let stamp = now.as_nanosecond().to_string();
    let undo = Undo {
        id: Digest::of([title.as_str(), &stamp]),
        title: title.clone(),
        at: now,
        secret: plan.writes_secret(),
        steps,
    };
    let mut notes = Vec::new();
    if undo.secret {
        notes.push("what it replaced is not kept, so it cannot be undone in a later run".into());
    }
    if let Err(error) = kept::keep(repo, state, &undo) {
        notes.push(CleanText::line(format!("it cannot be undone in a later run: {error}")));
    }
    Ok(Applied { undo: Arc::new(undo), notes })
}

/// Refuses an edit that was planned for something else than what is there.
fn expected(repo: &Repo, edit: &Edit) -> Result<(), FixError> {
    let changed = match edit {
        Edit::Write { path, before, secret, .. } => {
            if *secret {
                out_of_git(repo, path)?;
            }
            let now = repo.read(path).map_err(refused)?.as_deref().map(digest);
            Some(path).filter(|_| now != *before)
        }
        Edit::Chmod { path, inode, from, to } => {
            if to & !from != 0 {
                return Err(FixError::new(format!(
                    "`{path}` would get permissions that it does not have; no fix may do that"
                )));
            }
            let now = repo.on_disk(path).map_err(refused)?;
            let is_same = now.is_some_and(|now| now.inode == *inode && now.mode == *from);
            Some(path).filter(|_| !is_same)
        }
        Edit::Untrack { files } => {
            let now = repo.indexed(&paths(files)).map_err(refused)?;
            let mut changed = None;
            for (path, blob) in files {
                let is_same = match now.get(path) {
                    Some(entry) if entry.blob() == blob => {
                        // git must not have the only copy
                        repo.is_checked_out(path, entry).map_err(refused)?
                    }
                    Some(_) | None => false,
                };
                if !is_same {
                    changed = Some(path);
                    break;
                }
            }
            changed
        }
    };
    changed.map_or(Ok(()), |path| Err(changed_since(path)))
}

fn changed_since(path: &RepoPath) -> FixError {
    FixError::new(format!(
        "`{path}` changed since this was planned, and nothing was touched; try again to see what would be done now"
    ))
}

fn paths(files: &[(RepoPath, String)]) -> Vec<RepoPath> {
    files.iter().map(|(path, _)| path.clone()).collect()
}

fn perform(repo: &Repo, edit: &Edit) -> Result<Step, FixError> {
    // again, as shortly before as can be
    expected(repo, edit)?;
    match edit {
        Edit::Write { path, bytes, mode, .. } => {
            let before = match repo.read(path).map_err(refused)? {
                Some(old) => {
                    let mode = repo.mode(path).map_err(refused)?.unwrap_or(*mode);
                    Some((old.into(), mode))
                }
                None => None,
            };
            let bytes = bytes.expose_secret();
            repo.write_atomically(path, bytes, *mode).map_err(refused)?;
            let mode = repo.mode(path).map_err(refused)?.unwrap_or(*mode);
            Ok(Step::File { path: path.clone(), before, after: (digest(bytes), mode) })
        }
        Edit::Chmod { path, inode, from, to } => {
            let found = repo.on_disk(path).map_err(refused)?;
            let found = found.filter(|found| found.inode == *inode && found.mode == *from);
            let found = found.ok_or_else(|| changed_since(path))?;
            repo.set_mode(path, &found, *to).map_err(refused)?;
            let real = RepoPath::new(&found.real).ok();
            Ok(Step::Mode { path: path.clone(), real, before: *from, after: *to })
        }
        Edit::Untrack { files } => {
            let paths = paths(files);
            let before = repo.indexed(&paths).map_err(refused)?;
            repo.untrack(&paths).map_err(refused)?;
            Ok(Step::Index { before })
        }
    }
}
