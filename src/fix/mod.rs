//! Applies the plans of fixes, and undoes them: at once, or in a later run.

mod apply;
mod difference;
mod exposed;
mod kept;
mod undo;

use std::sync::Arc;

use jiff::Timestamp;

use crate::check::Fix;
use crate::facts::{Doors, Facts};
use crate::model::{Cancel, FixError, Loss, Plan, RepoPath};
use crate::repo::Repo;

pub(crate) use apply::apply;
pub(crate) use kept::{forget, kept, undo};
pub(crate) use undo::Undo;

/// What a fix would do to the files as they are now.
///
/// # Errors
/// See [`Fix::plan`].
pub(crate) fn plan(repo: &Repo, fix: &dyn Fix) -> Result<Plan, FixError> {
    // facts are kept for one run: the files may have changed since the last plan
    let cancel = Cancel::default();
    let doors = Doors::of_worktree(Arc::new(repo.clone()));
    fix.plan(&Facts::new(&doors, Timestamp::now(), true, &cancel))
}

/// What is left of a fix as the files are now; see [`Fix::narrowed`].
///
/// # Errors
/// See [`Fix::narrowed`].
pub(crate) fn narrowed(
    repo: &Repo,
    fix: &Arc<dyn Fix>,
    planned: &mut Vec<RepoPath>,
) -> Result<Arc<dyn Fix>, FixError> {
    let cancel = Cancel::default();
    let doors = Doors::of_worktree(Arc::new(repo.clone()));
    let narrowed = fix.narrowed(&Facts::new(&doors, Timestamp::now(), true, &cancel), planned)?;
    Ok(narrowed.unwrap_or_else(|| Arc::clone(fix)))
}

/// The chosen fix, preceded by those that must come first as the files are now.
/// Plan and apply them one after the other: each plan is made for the files as
/// the one before leaves them.
///
/// # Errors
/// See [`Fix::first`].
pub(crate) fn steps(repo: &Repo, chosen: &Arc<dyn Fix>) -> Result<Vec<Arc<dyn Fix>>, FixError> {
    let cancel = Cancel::default();
    let doors = Doors::of_worktree(Arc::new(repo.clone()));
    let mut steps = chosen.first(&Facts::new(&doors, Timestamp::now(), true, &cancel))?;
    steps.push(Arc::clone(chosen));
    Ok(steps)
}

/// What the fixes would lose, the later ones as far as it is known before the
/// earlier ones are done. Ask before the first change: what refuses one of them
/// is told here.
///
/// # Errors
/// See [`Fix::foreseen`].
pub(crate) fn foreseen(repo: &Repo, steps: &[Arc<dyn Fix>]) -> Result<Vec<Loss>, FixError> {
    let cancel = Cancel::default();
    let doors = Doors::of_worktree(Arc::new(repo.clone()));
    let facts = Facts::new(&doors, Timestamp::now(), true, &cancel);
    let losses = steps.iter().map(|step| step.foreseen(&facts));
    Ok(losses.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The fixes of several items in the order in which they are to be done.
pub(crate) fn ordered<T>(mut fixes: Vec<(T, Arc<dyn Fix>)>) -> Vec<(T, Arc<dyn Fix>)> {
    fixes.sort_by_key(|(_, fix)| fix.order());
    fixes
}

#[cfg(test)]
mod tests;
