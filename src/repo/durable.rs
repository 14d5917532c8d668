//! Sees to it that what was written is on the disk, and how old a file is.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

/// Keeps a file and its name. As far as the file system can: one that cannot is
/// no reason to refuse what was written.
pub(crate) fn keep(path: &Path) {
    for path in [Some(path), path.parent()].into_iter().flatten() {
        let _ = File::open(path).and_then(|file| file.sync_all());
    }
}

/// For how long a file has been there, by the file system's clock.
pub(crate) fn age(path: &Path) -> Option<Duration> {
    fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}
