//! Sees to it that what was written is on the disk, which libgit2 leaves to the
//! system. As far as the file system can: one that cannot is not a reason to
//! refuse a record.

use git2::{Oid, Repository};

use crate::repo::keep;

/// Keeps a loose object. One that was there before may be in a pack, which git
/// has kept.
pub(super) fn keep_object(git: &Repository, oid: Oid) {
    let name = oid.to_string();
    if let Some((start, rest)) = name.split_at_checked(2) {
        keep(&git.commondir().join("objects").join(start).join(rest));
    }
}
