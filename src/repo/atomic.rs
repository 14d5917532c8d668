//! Writes a file in one step: it holds the old bytes or the new ones, never a part.

use std::fs::{self, File, Metadata};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::files::is_missing;
use super::{Repo, RepoError};
use crate::model::RepoPath;

impl Repo {
    /// Replaces or creates a file: a temporary one beside it is written, synced
    /// and renamed. Its permissions are `mode` without any bit that the file
    /// lacked before; its owner stays. Where the path is a symbolic link, the
    /// file that it leads to is replaced.
    ///
    /// # Errors
    /// When the path leads outside, belongs to git's own files, is not a regular
    /// file, or cannot be written; the old file is then untouched.
    pub fn write_atomically(
        &self,
        path: &RepoPath,
        bytes: &[u8],
        mode: u32,
    ) -> Result<(), RepoError> {
        let absolute = self.absolute(path)?;
        if self.is_git_own(&absolute) {
            let reason = io::Error::other("it is one of git's own files");
            return Err(RepoError::file("write", path.as_path())(reason));
        }
        replace(&absolute, bytes, mode).map_err(RepoError::file("write", path.as_path()))
    }

    pub(super) fn is_git_own(&self, absolute: &Path) -> bool {
        let below = absolute.strip_prefix(self.root()).unwrap_or(absolute);
        absolute.starts_with(self.git_dir())
            || below.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git"))
    }
}

fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let old = match path.symlink_metadata() {
        Ok(meta) if meta.is_file() => Some(meta),
        Ok(_) => return Err(io::Error::other("it is not a regular file")),
        Err(error) if is_missing(&error) => None,
        Err(error) => return Err(error),
    };
    let folder = path.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    // made with mode 0600
    let mut new = tempfile::Builder::new().prefix(".gonogo-").suffix(".tmp").tempfile_in(folder)?;
    new.write_all(bytes)?;
    if let Some(old) = &old {
        keep_owner(new.as_file(), old)?;
    }
    let before = old.map_or(0o777, |meta| meta.permissions().mode());
    new.as_file().set_permissions(fs::Permissions::from_mode(mode & before & 0o777))?;
    new.as_file().sync_all()?;
    new.persist(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

fn keep_owner(new: &File, old: &Metadata) -> io::Result<()> {
    let now = new.metadata()?;
    if (now.uid(), now.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    std::os::unix::fs::fchown(new, Some(old.uid()), Some(old.gid())).map_err(|_| {
        io::Error::other(
            "it belongs to another user or group, which cannot be kept; write it as that user",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::{Sandbox, path};

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).expect("a file").permissions().mode() & 0o777
    }

    #[test]
    fn a_mode_is_never_widened() {
        let sandbox = Sandbox::new();
        let repo = sandbox.repo();
        let file = sandbox.path().join(".env");
        for (before, given, after) in [
            (None, 0o600, 0o600),
            (None, 0o644, 0o644),
            (Some(0o644), 0o600, 0o600),
            (Some(0o400), 0o644, 0o400),
        ] {
            let _ = fs::remove_file(&file);
            if let Some(before) = before {
                fs::write(&file, "old").expect("written");
                fs::set_permissions(&file, fs::Permissions::from_mode(before)).expect("a mode");
            }
            repo.write_atomically(&path(".env"), b"new", given).expect("written");
            assert_eq!(mode(&file), after, "{before:?} {given:o}");
            assert_eq!(fs::read(&file).expect("read"), b"new");
        }
        let names: Vec<_> = fs::read_dir(sandbox.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(names.len(), 2, "nothing but .git and .env: {names:?}");
    }

    #[test]
    fn a_link_stays_a_link() {
        let sandbox = Sandbox::new();
        sandbox.write("config/env", "old").link(".env", "config/env");
        sandbox.repo().write_atomically(&path(".env"), b"new", 0o600).expect("written");
        assert!(sandbox.path().join(".env").is_symlink());
        assert_eq!(fs::read(sandbox.path().join("config/env")).expect("read"), b"new");
    }

    #[test]
    fn what_is_no_file_of_the_person_is_refused() {
        let sandbox = Sandbox::new();
        sandbox.write("folder/a", "").link("hooks", ".git/hooks");
        let repo = sandbox.repo();
        for bad in [".git/config", ".GIT/x", "hooks/pre-commit", "folder", "none/x", "folder/a/b"] {
            assert!(repo.write_atomically(&path(bad), b"x", 0o600).is_err(), "{bad}");
        }
        assert!(!sandbox.path().join(".git/hooks/pre-commit").exists());
    }
}
