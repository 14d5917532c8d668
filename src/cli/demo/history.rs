//! Makes commits out of [`super::files`].

use std::fs;
use std::path::Path;

use git2::{Repository, RepositoryInitOptions, Signature, Time};

use super::files::{self, Commit, Content, File};
use super::{DemoError, shown};
use crate::model::Person;

/// An empty repository on branch `main`, without hooks of a template.
pub(super) fn init(dir: &Path) -> Result<Repository, DemoError> {
    let mut options = RepositoryInitOptions::new();
    options.initial_head("main").external_template(false).no_reinit(true);
    Ok(Repository::init_opts(dir, &options)?)
}

/// Writes a commit's files to disk, and the commit.
pub(super) fn add(
    git: &Repository,
    dir: &Path,
    commit: &Commit,
    person: &Person,
) -> Result<(), DemoError> {
    let mut index = git.index()?;
    for file in &commit.files {
        put(dir, file, person)?;
        index.add_path(Path::new(file.path))?;
    }
    for path in commit.untracks {
        index.remove_path(Path::new(path))?;
    }
    index.write()?;
    let tree = git.find_tree(index.write_tree()?)?;

    let (name, email) = commit.author;
    let author = Signature::new(name, email, &Time::new(commit.at, 0))?;
    let parent = match git.head() {
        Ok(head) => Some(head.peel_to_commit()?),
        Err(_) => None,
    };
    let parents: Vec<_> = parent.iter().collect();
    git.commit(Some("HEAD"), &author, &author, commit.message, &tree, &parents)?;
    Ok(())
}

/// Writes a file with its mode, and the folders above it.
pub(super) fn put(dir: &Path, file: &File, person: &Person) -> Result<(), DemoError> {
    let path = dir.join(file.path);
    let failed = |reason| DemoError::File { path: shown(&path), reason };
    if let Some(folder) = path.parent()
        && !folder.is_dir()
    {
        fs::create_dir_all(folder).map_err(failed)?;
        set_mode(folder, 0o755).map_err(failed)?;
    }
    match file.content {
        Content::Text(stored) => fs::write(&path, files::fill(stored, person.email.as_str())),
        Content::Bytes(bytes) => fs::write(&path, bytes),
    }
    .and_then(|()| set_mode(&path, file.mode))
    .map_err(failed)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}
