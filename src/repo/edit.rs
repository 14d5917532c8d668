//! The doors through which fixes change what is not a file's content: an entry of
//! git's index, a file that a fix had created. Modes are in `modes`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use git2::{IndexEntry, IndexTime, ObjectType, Oid};
use serde::{Deserialize, Serialize};

use super::files::is_missing;
use super::index::{LINK, TYPE};
use super::tree::walk::regular_or_folder;
use super::{Repo, RepoError};
use crate::lang::shell;
use crate::model::{CleanText, RepoPath};

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

    fn is_link(&self) -> bool {
        self.mode & TYPE == LINK
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
    /// Whether the path itself is a symbolic link.
    pub fn is_link(&self, path: &RepoPath) -> bool {
        self.root().join(path.as_path()).is_symlink()
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

    /// Whether a tracked file is in the work tree: itself, by no link on the way.
    ///
    /// # Errors
    /// When that cannot be looked at.
    pub fn is_checked_out(&self, path: &RepoPath, entry: &IndexedFile) -> Result<bool, RepoError> {
        let failed = || RepoError::file("look for", path.as_path());
        let above = path.as_path().parent().unwrap_or(Path::new(""));
        if !regular_or_folder(self.root(), above, true).map_err(failed())? {
            return Ok(false);
        }
        let absolute = self.root().join(path.as_path());
        match absolute.symlink_metadata() {
            Ok(meta) if meta.is_symlink() => Ok(entry.is_link() || absolute.exists()),
            Ok(meta) => Ok(meta.is_file()),
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(failed()(error)),
        }
    }

    /// Whether what the index holds for a file is neither in the work tree nor in
    /// the last commit.
    ///
    /// # Errors
    /// When the file cannot be read, or git does not answer.
    pub fn is_only_staged(&self, path: &RepoPath, entry: &IndexedFile) -> Result<bool, RepoError> {
        let doing = || RepoError::git(format!("look for `{path}` in the last commit"));
        let git = self.git()?;
        let id = Oid::from_str(&entry.blob).map_err(doing())?;
        let committed = match git.head() {
            Ok(head) => head.peel_to_tree().map_err(doing())?.get_path(path.as_path()).ok(),
            Err(_) => None,
        };
        if entry.is_link() || committed.is_some_and(|committed| committed.id() == id) {
            return Ok(false);
        }
        let here = self.read(path)?.unwrap_or_default();
        Ok(Oid::hash_object(ObjectType::Blob, &here).map_err(doing())? != id)
    }

    /// The submodule that a path lies in, if it lies in one; the outermost.
    ///
    /// # Errors
    /// When git cannot read its index.
    pub fn submodule_of(&self, path: &RepoPath) -> Result<Option<RepoPath>, RepoError> {
        let listing = self.listing()?;
        let mut above: Vec<&Path> = path.as_path().ancestors().skip(1).collect();
        above.reverse();
        let above = above.into_iter().filter_map(|folder| RepoPath::new(folder).ok());
        let is_module = |folder: &RepoPath| {
            listing.get(&in_git(folder)).is_some_and(|entry| entry.is_submodule())
        };
        Ok(above.into_iter().find(is_module))
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
        self.can_track(files)?;
        let (_git, mut index) = self.index()?;
        for (path, file) in files {
            let doing = || RepoError::git(format!("put `{path}` back into its index"));
            let entry = file.entry(path).map_err(doing())?;
            index.add(&entry).map_err(doing())?;
        }
        index.write().map_err(RepoError::git("write its index"))
    }

    /// Whether entries could be put back into the index: their contents are
    /// still there, and nothing else took their place.
    ///
    /// # Errors
    /// Why not.
    pub fn can_track(&self, files: &IndexedFiles) -> Result<(), RepoError> {
        let (git, index) = self.index()?;
        let unsupported = |what: String, next: String| RepoError::Unsupported {
            what: CleanText::line(what),
            next: CleanText::line(next),
        };
        for (path, file) in files {
            let id = file.entry(path).map_err(RepoError::git("read an entry"))?.id;
            if !git.odb().map_err(RepoError::git("read its objects"))?.exists(id) {
                let word = shell::word(path);
                return Err(unsupported(
                    format!(
                        "what git's index held for `{path}` is no longer in the repository: no commit has it, and git has cleaned up since"
                    ),
                    format!("`git add -f {word}` makes git track the file as it is now"),
                ));
            }
            let name = in_git(path);
            let stands_in_its_way = |other: &[u8]| {
                let below = |above: &[u8], path: &[u8]| {
                    path.strip_prefix(above).is_some_and(|rest| rest.first() == Some(&b'/'))
                };
                below(&name, other) || below(other, &name)
            };
            if let Some(other) = index.iter().find(|entry| stands_in_its_way(&entry.path)) {
                return Err(unsupported(
                    format!(
                        "git tracks `{}` by now, so `{path}` cannot be put back into its index",
                        String::from_utf8_lossy(&other.path)
                    ),
                    "undo it by hand".to_owned(),
                ));
            }
        }
        Ok(())
    }

    pub(super) fn own_file(
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
    fn files_of_the_person_alone_are_removed() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").link("link", "a").link("out", "/etc/passwd");
        let repo = sandbox.repo();
        assert!(repo.is_link(&path("link")) && !repo.is_link(&path("a")));
        for bad in ["out", ".git/config", "none", ".git"] {
            assert!(repo.remove(&path(bad)).is_err(), "{bad}");
        }
        repo.remove(&path("link")).expect("removed");
        assert!(!sandbox.path().join("a").exists());
    }
}
