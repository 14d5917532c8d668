//! Names as git spells them: of commits, of paths.

use std::ffi::OsStr;

use git2::Oid;

use super::RepoError;
use crate::model::{CleanText, CommitId, RepoPath};

/// A commit's name as the model has it.
pub(super) fn name(oid: Oid) -> Result<CommitId, RepoError> {
    CommitId::try_from(oid.to_string()).map_err(|reason| RepoError::Git {
        doing: "name a commit".to_owned(),
        reason: CleanText::line(reason),
    })
}

/// A path of git's, one name further.
pub(super) fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(folder.len() + name.len() + 1);
    if !folder.is_empty() {
        path.extend_from_slice(folder);
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// A path as git spells it. None for one that no checkout would make, such as `..`.
#[cfg(unix)]
pub(super) fn path_from_git(bytes: &[u8]) -> Option<RepoPath> {
    use std::os::unix::ffi::OsStrExt as _;
    RepoPath::new(OsStr::from_bytes(bytes)).ok()
}

/// A path as git spells it. None for one that no checkout would make, such as `..`.
#[cfg(not(unix))]
pub(super) fn path_from_git(bytes: &[u8]) -> Option<RepoPath> {
    RepoPath::new(std::str::from_utf8(bytes).ok()?).ok()
}
