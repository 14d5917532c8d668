//! The doors through which fixes change what is not a file's content: a mode, an
//! entry of git's index, a file that a fix had created.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;

use git2::{IndexEntry, IndexTime, Oid};
use serde::{Deserialize, Serialize};

use super::files::is_missing;
use super::{Repo, RepoError};
use crate::model::RepoPath;

/// The bits of a mode that `chmod` changes.
const MODE_BITS: u32 = 0o7777;

/// Where an entry's flags hold the stage of a merge conflict (`cache.h` of git).
const STAGE_MASK: u16 = 0x3000;

/// All that git's index holds about one file, so that the entry can be put back
/// as it was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IndexedFile {
    blob: String,
    mode: u32,
    flags: u16,
    flags_extended: u16,
    file_size: u32,
    ctime: (i32, u32),
    mtime: (i32, u32),
    dev: u32,
    ino: u32,
    uid: u32,
    gid: u32,
}

/// What the index holds about several files.
pub type IndexedFiles = BTreeMap<RepoPath, IndexedFile>;

impl IndexedFile {
    /// The hexadecimal name of the file's content.
    pub fn blob(&self) -> &str {
        &self.blob
    }

    fn of(entry: &IndexEntry) -> Self {
        Self {
            blob: entry.id.to_string(),
            mode: entry.mode,
            flags: entry.flags,
            flags_extended: entry.flags_extended,
            file_size: entry.file_size,
            ctime: (entry.ctime.seconds(), entry.ctime.nanoseconds()),
            mtime: (entry.mtime.seconds(), entry.mtime.nanoseconds()),
            dev: entry.dev,
            ino: entry.ino,
            uid: entry.uid,
            gid: entry.gid,
        }
    }

    fn entry(&self, path: &RepoPath) -> Result<IndexEntry, git2::Error> {
        Ok(IndexEntry {
            ctime: IndexTime::new(self.ctime.0, self.ctime.1),
            mtime: IndexTime::new(self.mtime.0, self.mtime.1),
            dev: self.dev,
            ino: self.ino,
            mode: self.mode,
            uid: self.uid,
            gid: self.gid,
            file_size: self.file_size,
            id: Oid::from_str(&self.blob)?,
            flags: self.flags,
            flags_extended: self.flags_extended,
            path: in_git(path),
        })
    }
}

impl Repo {
    /// The permission bits of a file or folder, links followed; nothing when it
    /// is not there.
    ///
    /// # Errors
    /// When it leads outside or cannot be looked at.
    pub fn mode(&self, path: &RepoPath) -> Result<Option<u32>, RepoError> {
        match self.absolute(path)?.symlink_metadata() {
            Ok(meta) => Ok(Some(meta.permissions().mode() & MODE_BITS)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(RepoError::file("look at", path.as_path())(error)),
        }
    }

    /// Whether the path itself is a symbolic link.
    pub fn is_link(&self, path: &RepoPath) -> bool {
        self.root().join(path.as_path()).is_symlink()
    }

    /// Sets the permission bits of a file or folder, links followed.
    ///
    /// # Errors
    /// When it leads outside, belongs to git's own files, or the system refuses.
    pub fn set_mode(&self, path: &RepoPath, mode: u32) -> Result<(), RepoError> {
        let absolute = self.own_file(path, "change the mode of")?;
        fs::set_permissions(&absolute, fs::Permissions::from_mode(mode & MODE_BITS))
            .map_err(RepoError::file("change the mode of", path.as_path()))
    }

    /// Removes a regular file, where a path is a link the one that it leads to.
    ///
    /// # Errors
    /// When it leads outside, belongs to git's own files, or the system refuses.
    pub fn remove(&self, path: &RepoPath) -> Result<(), RepoError> {
        let absolute = self.own_file(path, "remove")?;
        let removed = match absolute.symlink_metadata() {
            Ok(meta) if meta.is_file() => fs::remove_file(&absolute),
            Ok(_) => Err(io::Error::other("it is not a regular file")),
            Err(error) => Err(error),
        };
        removed.map_err(RepoError::file("remove", path.as_path()))
    }

    /// What the index holds about these files; those that git does not track are
    /// left out.
    ///
    /// # Errors
    /// When git cannot read its index, or a file is in a merge conflict.
    pub fn indexed(&self, paths: &[RepoPath]) -> Result<IndexedFiles, RepoError> {
        let (_git, index) = self.index()?;
        let mut wanted: BTreeMap<Vec<u8>, &RepoPath> = BTreeMap::new();
        wanted.extend(paths.iter().map(|path| (in_git(path), path)));
        let mut found = IndexedFiles::new();
        for entry in index.iter() {
            let Some(&path) = wanted.get(&entry.path) else { continue };
            if entry.flags & STAGE_MASK != 0 {
                return Err(RepoError::git(format!("read what its index holds for `{path}`"))(
                    git2::Error::from_str("the file is in a merge conflict"),
                ));
            }
            found.insert(path.clone(), IndexedFile::of(&entry));
        }
        Ok(found)
    }

    /// Takes files out of the index, as `git rm --cached` does; the files stay.
    /// All of them or none.
    ///
    /// # Errors
    /// When one is not there, or the index is locked or cannot be written.
    pub fn untrack(&self, paths: &[RepoPath]) -> Result<(), RepoError> {
        let (_git, mut index) = self.index()?;
        let doing = || RepoError::git("take files out of its index");
        for path in paths {
            index.remove(path.as_path(), 0).map_err(doing())?;
        }
        index.write().map_err(doing())
    }

    /// Puts entries back into the index, all of them or none.
    ///
    /// # Errors
    /// When the content of one is no longer in the repository, or the index is
    /// locked or cannot be written.
    pub fn track(&self, files: &IndexedFiles) -> Result<(), RepoError> {
        let (git, mut index) = self.index()?;
        for (path, file) in files {
            let doing = || RepoError::git(format!("put `{path}` back into its index"));
            let entry = file.entry(path).map_err(doing())?;
            git.find_blob(entry.id).map_err(doing())?;
            index.add(&entry).map_err(doing())?;
        }
        index.write().map_err(RepoError::git("write its index"))
    }

    fn own_file(
        &self,
        path: &RepoPath,
        doing: &'static str,
    ) -> Result<std::path::PathBuf, RepoError> {
        let absolute = self.absolute(path)?;
        if self.is_git_own(&absolute) {
            let reason = io::Error::other("it is one of git's own files");
            return Err(RepoError::file(doing, path.as_path())(reason));
        }
        Ok(absolute)
    }
}

/// A path as git spells it.
fn in_git(path: &RepoPath) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt as _;
    let parts: Vec<&[u8]> = path.as_path().iter().map(|part| part.as_bytes()).collect();
    parts.join(&b'/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::{Sandbox, path};

    #[test]
    fn entries_go_and_come_back_as_they_were() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").write("in/b.sh", "2").write("c", "3").commit("one");
        sandbox.git(&["update-index", "--chmod=+x", "in/b.sh"]);
        let before = sandbox.git(&["ls-files", "--stage", "--debug"]);
        let repo = sandbox.repo();
        let paths = [path("in/b.sh"), path("c")];
        let entries = repo.indexed(&[path("in/b.sh"), path("c"), path("none")]).expect("read");
        assert_eq!(entries.len(), 2);
        repo.untrack(&paths).expect("taken out");
        assert_eq!(sandbox.git(&["ls-files"]), "a");
        assert!(repo.indexed(&paths).expect("read").is_empty());
        assert!(sandbox.path().join("in/b.sh").exists(), "the file stays");
        assert!(repo.untrack(&[path("a"), path("c")]).is_err(), "not there");
        assert_eq!(sandbox.git(&["ls-files"]), "a", "all or none");
        // as it comes back from a file
        let text = serde_json::to_string(&entries[&path("c")]).expect("JSON");
        assert_eq!(
            serde_json::from_str::<IndexedFile>(&text).expect("an entry"),
            entries[&path("c")]
        );
        repo.track(&entries).expect("put back");
        assert_eq!(sandbox.git(&["ls-files", "--stage", "--debug"]), before);
    }

    #[test]
    fn a_conflict_is_not_taken_apart() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").commit("one");
        sandbox.git(&["switch", "-q", "-c", "other"]);
        sandbox.write("a", "2").commit("two");
        sandbox.git(&["switch", "-q", "main"]);
        sandbox.write("a", "3").commit("three");
        let merged = std::process::Command::new("git")
            .current_dir(sandbox.path())
            .args(["-c", "user.name=A", "-c", "user.email=a@example.com", "merge", "-q", "other"])
            .output()
            .expect("git runs");
        assert!(!merged.status.success());
        let error = sandbox.repo().indexed(&[path("a")]).expect_err("a conflict").to_string();
        assert!(error.contains("conflict"), "{error}");
        assert!(sandbox.repo().untrack(&[path("a")]).is_err());
    }

    #[test]
    fn a_locked_index_is_told() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").commit("one").write(".git/index.lock", "");
        let error = sandbox.repo().untrack(&[path("a")]).expect_err("locked").to_string();
        assert!(error.contains("could not") && error.contains("lock"), "{error}");
        assert_eq!(sandbox.git(&["ls-files"]), "a");
    }

    #[test]
    fn modes_and_files_of_the_person_alone() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").link("link", "a").link("out", "/etc/passwd");
        let repo = sandbox.repo();
        repo.set_mode(&path("link"), 0o640).expect("set");
        assert_eq!(repo.mode(&path("a")).expect("asked"), Some(0o640));
        assert_eq!(repo.mode(&path("none")).expect("asked"), None);
        assert!(repo.is_link(&path("link")) && !repo.is_link(&path("a")));
        assert!(repo.mode(&path("out")).is_err());
        for bad in ["out", ".git/config", "none"] {
            assert!(repo.set_mode(&path(bad), 0o600).is_err(), "{bad}");
            assert!(repo.remove(&path(bad)).is_err(), "{bad}");
        }
        assert!(repo.remove(&path(".git")).is_err());
        repo.remove(&path("link")).expect("removed");
        assert!(!sandbox.path().join("a").exists());
    }
}
