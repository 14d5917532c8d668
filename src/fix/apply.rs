//! Carries a plan out: all of it, and only on the files that it was made for.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::ExposeSecret as _;

use super::kept;
use super::undo::{Step, Undo, take_back};
use crate::check::fixes::{digest, out_of_git, refused};
use crate::model::{CleanText, Digest, Edit, FixError, Plan};
use crate::repo::{Repo, StateFolder};

/// A plan that was carried out.
#[derive(Debug)]
pub struct Applied {
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
pub fn apply(
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
    let path = edit.path();
    let same = match edit {
        Edit::Write { before, secret, .. } => {
            if *secret {
                out_of_git(repo, path)?;
            }
            repo.read(path).map_err(refused)?.as_deref().map(digest) == *before
        }
        Edit::Chmod { from, to, .. } => {
            if to & !from != 0 {
                return Err(FixError::new(format!(
                    "`{path}` would get permissions that it does not have; no fix may do that"
                )));
            }
            repo.mode(path).map_err(refused)? == Some(*from)
        }
        Edit::Untrack { blob, .. } => {
            repo.indexed(path).map_err(refused)?.is_some_and(|entry| entry.blob() == blob)
        }
    };
    if same {
        return Ok(());
    }
    Err(FixError::new(format!(
        "`{path}` changed since this was planned, and nothing was touched; try again to see what would be done now"
    )))
}

fn perform(repo: &Repo, edit: &Edit) -> Result<Step, FixError> {
    // again, as shortly before as can be
    expected(repo, edit)?;
    let path = edit.path().clone();
    match edit {
        Edit::Write { bytes, mode, .. } => {
            let before = match repo.read(&path).map_err(refused)? {
                Some(old) => {
                    let mode = repo.mode(&path).map_err(refused)?.unwrap_or(*mode);
                    Some((old.into(), mode))
                }
                None => None,
            };
            let bytes = bytes.expose_secret();
            repo.write_atomically(&path, bytes, *mode).map_err(refused)?;
            let mode = repo.mode(&path).map_err(refused)?.unwrap_or(*mode);
            Ok(Step::File { path, before, after: (digest(bytes), mode) })
        }
        Edit::Chmod { from, to, .. } => {
            repo.set_mode(&path, *to).map_err(refused)?;
            Ok(Step::Mode { path, before: *from, after: *to })
        }
        Edit::Untrack { .. } => {
            let before = repo.untrack(&path).map_err(refused)?;
            Ok(Step::Index { path, before })
        }
    }
}
