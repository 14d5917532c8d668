//! Symbolic links of a tree that is not on disk.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::model::RepoPath;
use crate::repo::RepoError;

/// As many links as Linux follows in one path (path_resolution(7)).
const MOST_LINKS: usize = 40;

/// Follows every link of a path. `target` says where a path leads if it is a
/// link. Parts that are not there are taken as they are written. The answer is
/// empty for the tree's top.
///
/// # Errors
/// [`RepoError::Outside`] when a link leads out of the tree, and what `target`
/// answers.
pub(in crate::repo) fn resolve(
    path: &RepoPath,
    mut target: impl FnMut(&Path) -> Result<Option<PathBuf>, RepoError>,
) -> Result<PathBuf, RepoError> {
    let mut at = PathBuf::new();
    let mut ahead: VecDeque<OsString> =
        path.as_path().components().map(|part| part.as_os_str().to_owned()).collect();
    let mut links = 0;
    while let Some(part) = ahead.pop_front() {
        if part == ".." {
            if !at.pop() {
                return Err(RepoError::Outside(path.clone()));
            }
            continue;
        }
        at.push(part);
        let Some(target) = target(&at)? else { continue };
        links += 1;
        if links > MOST_LINKS {
            let circle = io::Error::other("its symbolic links lead in a circle");
            return Err(RepoError::file("find", path.as_path())(circle));
        }
        at.pop();
        for part in target.components().rev() {
            match part {
                Component::Normal(_) | Component::ParentDir => {
                    ahead.push_front(part.as_os_str().to_owned());
                }
                Component::CurDir => {}
                Component::RootDir | Component::Prefix(_) => {
                    return Err(RepoError::Outside(path.clone()));
                }
            }
        }
    }
    Ok(at)
}
