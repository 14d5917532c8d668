//! Whether one file is as a commit has it.

use std::path::Path;

use git2::{ErrorCode, ObjectType, Oid, Repository, Tree};

use super::attributes::Own;
use super::content::{self, Compared};
use crate::model::{CleanText, CommitId, RepoPath};
use crate::repo::files::is_missing;
use crate::repo::index::{LINK, REGULAR, TYPE};
use crate::repo::tree::links;
use crate::repo::{Repo, RepoError, objects};

/// How a file of the work tree compares with a commit's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sameness {
    /// The commit has it, with the same content.
    Same,
    /// The commit has it, with another content or as something else.
    Differs,
    /// The commit has no such file: it is new, ignored, in a submodule, or the
    /// tree has a folder of that name.
    NotInCommit,
    /// There is no such file on disk.
    NotHere,
    /// It leads out of the repository, through a symbolic link, or is reached by
    /// a link with an absolute path, which leads elsewhere in every clone.
    Outside,
    /// This filter stands between the two. It was not run, and what the index
    /// notes is not enough: with a filter of one's own, any file is unchanged.
    Filtered(CleanText),
}

impl Repo {
    /// Whether the file that is read at a path is the commit's: tracked there,
    /// with the same content, and every symbolic link on the way too. Line ends
    /// that git converts are not a difference, and neither are permissions. What
    /// the index says of it does not matter.
    ///
    /// # Errors
    /// When the commit or the file cannot be read.
    pub fn same_as_commit(
        &self,
        path: &RepoPath,
        commit: &CommitId,
    ) -> Result<Sameness, RepoError> {
        let git = self.git()?;
        let failed =
            |error| objects::missing(&git, error, &format!("read commit {}", commit.short()));
        let oid = Oid::from_str(commit.as_str()).map_err(failed)?;
        let tree = git.find_commit(oid).and_then(|commit| commit.tree()).map_err(failed)?;
        let mut links_same = true;
        let resolved = links::resolve(path, |at| {
            let absolute = self.root().join(at);
            match absolute.symlink_metadata() {
                Ok(meta) if meta.is_symlink() => {
                    let target = absolute.read_link().map_err(RepoError::file("read", at))?;
                    let committed = entry(&tree, at).map_err(failed)?;
                    links_same &= match committed {
                        Some((mode, oid)) if mode & TYPE == LINK => {
                            content::is_blob(oid, target.as_os_str().as_encoded_bytes())?
                        }
                        _ => false,
                    };
                    Ok(Some(target))
                }
                Ok(_) => Ok(None),
                Err(error) if is_missing(&error) => Ok(None),
                Err(error) => Err(RepoError::file("look at", at)(error)),
            }
        });
        let resolved = match resolved {
            Ok(resolved) => resolved,
            Err(RepoError::Outside(_)) => return Ok(Sameness::Outside),
            Err(error) => return Err(error),
        };
        let Ok(resolved) = RepoPath::new(resolved) else { return Ok(Sameness::NotHere) };
        let committed = entry(&tree, resolved.as_path()).map_err(failed)?;
        let same = self.compared(&git, &resolved, committed)?;
        Ok(if same == Sameness::Same && !links_same { Sameness::Differs } else { same })
    }

    /// Whether a commit has a file or link of this name, on disk or not.
    ///
    /// # Errors
    /// When the commit cannot be read.
    pub fn is_in_commit(&self, path: &RepoPath, commit: &CommitId) -> Result<bool, RepoError> {
        let git = self.git()?;
        let failed =
            |error| objects::missing(&git, error, &format!("read commit {}", commit.short()));
        let oid = Oid::from_str(commit.as_str()).map_err(failed)?;
        let tree = git.find_commit(oid).and_then(|commit| commit.tree()).map_err(failed)?;
        Ok(entry(&tree, path.as_path()).map_err(failed)?.is_some())
    }

    fn compared(
        &self,
        git: &Repository,
        path: &RepoPath,
        committed: Option<(u32, Oid)>,
    ) -> Result<Sameness, RepoError> {
        let absolute = self.root().join(path.as_path());
        let meta = match absolute.symlink_metadata() {
            Ok(meta) => meta,
            Err(error) if is_missing(&error) => return Ok(Sameness::NotHere),
            Err(error) => return Err(RepoError::file("look at", path.as_path())(error)),
        };
        let Some((mode, oid)) = committed else { return Ok(Sameness::NotInCommit) };
        if !meta.is_file() || mode & TYPE != REGULAR {
            return Ok(Sameness::Differs);
        }
        let folders = path.as_path().ancestors().skip(1).collect();
        let own = Own::read(self, git, &*self.listing()?, &folders)?;
        Ok(match content::compare(self, git, &own, path, oid)? {
            Compared::Same => Sameness::Same,
            Compared::Differs | Compared::Hidden(_) => Sameness::Differs,
            Compared::Filtered(filter) => Sameness::Filtered(filter),
        })
    }
}

/// Mode and object of a file in a tree; none for a folder or a submodule.
fn entry(tree: &Tree<'_>, path: &Path) -> Result<Option<(u32, Oid)>, git2::Error> {
    match tree.get_path(path) {
        Ok(entry) if entry.kind() == Some(ObjectType::Blob) => {
            Ok(Some((entry.filemode().cast_unsigned(), entry.id())))
        }
        Ok(_) => Ok(None),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
