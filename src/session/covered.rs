//! Which files each sign-off covers, as the judged commit has them.

use std::collections::{BTreeMap, HashMap};

use crate::check::params::Globs;
use crate::checklist::{Checklist, Item, Policy};
use crate::model::{CommitId, ItemId};
use crate::repo::{Repo, RepoError};

/// For each item whose policy covers files: path → blob name and mode.
pub(crate) type Covered = HashMap<ItemId, BTreeMap<String, String>>;

/// The policy by which people sign an item: its own, or the one for when its
/// checks cannot decide.
pub(super) fn policy(item: &Item) -> Option<&Policy> {
    item.sign_off.as_ref().or(item.when_undecided.as_ref())
}

/// Finds the files of all policies in one go.
pub(super) fn covered(
    repo: &Repo,
    commit: Option<&CommitId>,
    checklist: &Checklist,
) -> Result<Covered, RepoError> {
    let Some(commit) = commit else { return Ok(Covered::new()) };
    let policies: Vec<(&ItemId, &Globs)> = checklist
        .items()
        .filter_map(|(_, item)| Some((&item.id, policy(item)?.covers.as_ref()?)))
        .collect();
    let mut covered: Covered =
        policies.iter().map(|(id, _)| ((*id).clone(), BTreeMap::new())).collect();
    if policies.is_empty() {
        return Ok(covered);
    }
    // many items cover the same files: each set of patterns is asked once
    let mut sets: Vec<(&Globs, Vec<&ItemId>)> = Vec::new();
    for &(id, globs) in &policies {
        match sets.iter_mut().find(|(known, _)| known.is_same_as(globs)) {
            Some((_, ids)) => ids.push(id),
            None => sets.push((globs, vec![id])),
        }
    }
    let wanted = |path: &_| sets.iter().any(|(globs, _)| globs.matches(path));
    for (path, blob) in repo.blobs(commit, &wanted)? {
        for id in sets.iter().filter(|(globs, _)| globs.matches(&path)).flat_map(|(_, ids)| ids) {
            if let Some(files) = covered.get_mut(*id) {
                files.insert(path.to_string(), blob.clone());
            }
        }
    }
    Ok(covered)
}
