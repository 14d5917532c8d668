//! Git's objects: reading one, and why one is not here.

use git2::{Oid, Repository};

use super::RepoError;

/// Refuses to compare histories where `info/grafts` gives commits other parents
/// than they name: git's library believes it.
pub(super) fn ungrafted(git: &Repository) -> Result<(), RepoError> {
    let grafts = std::fs::read(git.commondir().join("info/grafts")).unwrap_or_default();
    let mut lines = grafts.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    match lines.any(|line| !line.is_empty() && !line.starts_with(b"#")) {
        true => Err(RepoError::Unsupported {
            what: "`.git/info/grafts` gives commits of this clone other parents than they have, so that their order is not known".into(),
            next: "take the file away: git itself gave it up long ago".into(),
        }),
        false => Ok(()),
    }
}

/// A blob's content, or nothing when it has more bytes than that.
pub(super) fn content(
    git: &Repository,
    oid: Oid,
    most: usize,
) -> Result<Option<Vec<u8>>, RepoError> {
    let failed = |error: git2::Error| missing(git, error, "read a file's content");
    let odb = git.odb().map_err(failed)?;
    if odb.read_header(oid).map_err(failed)?.0 > most {
        return Ok(None);
    }
    let object = odb.read(oid).map_err(failed)?;
    Ok(Some(object.data().to_vec()))
}

/// An object that is not there: in a partial clone it was never fetched, and
/// nothing is fetched here.
pub(super) fn missing(git: &Repository, error: git2::Error, doing: &str) -> RepoError {
    if error.code() == git2::ErrorCode::NotFound && is_partial(git) {
        return RepoError::Unsupported {
            what: "this is a partial clone, and an object that is needed was not fetched".into(),
            next: "run `git fetch --refetch --no-filter`, or use a full clone".into(),
        };
    }
    RepoError::git(doing)(error)
}

/// Whether some remote promised objects that are not here (gitremote-helpers,
/// "partial-clone" of git's technical documentation).
pub(super) fn is_partial(git: &Repository) -> bool {
    let Ok(config) = git.config() else { return false };
    if config.get_string("extensions.partialclone").is_ok() {
        return true;
    }
    let Ok(mut entries) = config.entries(Some(r"^remote\..*\.promisor$")) else { return false };
    while let Some(Ok(entry)) = entries.next() {
        if entry.value().is_ok_and(|value| git2::Config::parse_bool(value).unwrap_or(false)) {
            return true;
        }
    }
    false
}

/// Whether an object's bytes are those that its name says. libgit2 is told not to
/// look for the sake of the history's search, as `git` does not.
pub(crate) fn is_intact(git: &Repository, oid: Oid) -> Result<bool, git2::Error> {
    let odb = git.odb()?;
    let object = odb.read(oid)?;
    Ok(Oid::hash_object(object.kind(), object.data())? == oid)
}
