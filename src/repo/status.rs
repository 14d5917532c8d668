//! What differs from the last commit: staged, in the work tree, not tracked.

use git2::{Status, StatusOptions};

use super::git::path_from_git;
use super::{Repo, RepoError};
use crate::model::RepoPath;

impl Repo {
    /// The files below the root whose path passes `keep` and that differ from
    /// `HEAD` in the index or on disk, in order of path. Files that git does not
    /// track and does not ignore differ too; without a commit, every file does.
    ///
    /// # Errors
    /// When git cannot tell.
    pub fn changed(&self, keep: &dyn Fn(&RepoPath) -> bool) -> Result<Vec<RepoPath>, RepoError> {
        let (git, _) = self.index()?;
        let mut options = StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false);
        let statuses =
            git.statuses(Some(&mut options)).map_err(RepoError::git("compare the work tree"))?;
        let mut changed: Vec<RepoPath> = statuses
            .iter()
            .filter(|entry| !entry.status().is_empty() && !entry.status().contains(Status::IGNORED))
            .filter_map(|entry| path_from_git(entry.path_bytes()))
            .filter(|path| keep(path))
            .collect();
        changed.sort();
        Ok(changed)
    }
}
