//! The files below one folder of the disk, and none that lies outside it: of a
//! repository, or of a folder that a person named.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::files::{is_missing, resolve};
use super::{Repo, RepoError, reader};
use crate::model::RepoPath;

/// Names in one folder.
const MOST_NAMES: usize = 100_000;

/// A folder of the disk, symbolic links of its path resolved.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

/// One name in a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    /// From the top.
    pub path: RepoPath,
    /// What it is, links not followed.
    pub kind: EntryKind,
}

/// What a name in a folder stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, a pipe, a submodule, …
    Other,
}

/// Where a path that a person named leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Located {
    /// Into the repository.
    Inside(RepoPath),
    /// To a file elsewhere.
    Outside {
        /// Its folder, links resolved.
        folder: PathBuf,
        /// Its name in it.
        name: RepoPath,
    },
}

impl Repo {
    /// The files of the work tree as they are on disk.
    pub fn folder(&self) -> Folder {
        Folder { root: self.root().to_path_buf() }
    }
}

impl Folder {
    /// A folder by its path.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(path: &Path) -> Result<Self, RepoError> {
        let root = path.canonicalize().map_err(RepoError::file("open", path))?;
        Ok(Self { root })
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The beginning of a file, at most so many bytes, symbolic links followed;
    /// nothing when there is no such file.
    ///
    /// # Errors
    /// When it leads outside, is not a regular file, or cannot be read.
    pub fn read(&self, path: &RepoPath, most: u64) -> Result<Option<Vec<u8>>, RepoError> {
        let absolute = self.absolute(path)?;
        let start = || -> io::Result<Vec<u8>> {
            let file = reader::open(&absolute)?;
            if !file.metadata()?.is_file() {
                return Err(io::Error::other("it is not a regular file"));
            }
            let mut content = Vec::new();
            file.take(most).read_to_end(&mut content)?;
            Ok(content)
        };
        match start() {
            Ok(content) => Ok(Some(content)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(RepoError::file("read", path.as_path())(error)),
        }
    }

    /// What lies directly in a folder (the top, when it is none), in order;
    /// nothing when there is no such folder.
    ///
    /// # Errors
    /// When it leads outside, cannot be listed, or is very large.
    pub fn list(&self, folder: Option<&RepoPath>) -> Result<Vec<Entry>, RepoError> {
        let absolute = match folder {
            Some(path) => self.absolute(path)?,
            None => self.root.clone(),
        };
        let shown = folder.map_or(Path::new("."), RepoPath::as_path);
        let failed = || RepoError::file("list", shown);
        let listed = match fs::read_dir(&absolute) {
            Ok(listed) => listed,
            Err(error) if is_missing(&error) => return Ok(Vec::new()),
            Err(error) => return Err(failed()(error)),
        };
        let mut entries = Vec::new();
        for entry in listed {
            let entry = entry.map_err(failed())?;
            let within = match folder {
                Some(folder) => folder.as_path().join(entry.file_name()),
                None => entry.file_name().into(),
            };
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_file() => EntryKind::File,
                Ok(kind) if kind.is_dir() => EntryKind::Folder,
                _ => EntryKind::Other,
            };
            entries.extend(RepoPath::new(within).map(|path| Entry { path, kind }));
            if entries.len() > MOST_NAMES {
                let reason = format!("it holds more than {MOST_NAMES} entries");
                return Err(failed()(io::Error::other(reason)));
            }
        }
        entries.sort();
        Ok(entries)
    }

    /// Where a path that a person named leads, links followed. What is not there
    /// is taken as it is written.
    ///
    /// # Errors
    /// When it cannot be followed, or names no file at all.
    pub fn locate(inside: Option<&Path>, path: &Path) -> Result<Located, RepoError> {
        let failed = || RepoError::file("find", path);
        let (there, rest) = existing(path);
        let mut at = there.canonicalize().map_err(failed())?;
        for part in rest.components() {
            match part {
                Component::ParentDir => {
                    at.pop();
                }
                Component::Normal(name) => at.push(name),
                _ => {}
            }
        }
        let root = inside.map(|root| root.canonicalize().unwrap_or_else(|_| root.to_path_buf()));
        let within = root.and_then(|root| at.strip_prefix(root).ok());
        if let Some(Ok(path)) = within.map(RepoPath::new) {
            return Ok(Located::Inside(path));
        }
        let no_file = || failed()(io::Error::other("it names no file"));
        let name = at.file_name().and_then(|name| RepoPath::new(name).ok()).ok_or_else(no_file)?;
        let folder = at.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(Located::Outside { folder, name })
    }

    fn absolute(&self, path: &RepoPath) -> Result<PathBuf, RepoError> {
        let resolved =
            resolve(&self.root, path.as_path()).map_err(RepoError::file("find", path.as_path()))?;
        if resolved.starts_with(&self.root) {
            Ok(resolved)
        } else {
            Err(RepoError::Outside(path.clone()))
        }
    }
}

/// The longest beginning of a path that is there, and the rest.
fn existing(path: &Path) -> (&Path, &Path) {
    for above in path.ancestors() {
        if above.exists() {
            return (above, path.strip_prefix(above).unwrap_or(Path::new("")));
        }
    }
    (path, Path::new(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::{Sandbox, path};

    #[test]
    fn reading_and_listing() {
        let sandbox = Sandbox::new();
        sandbox.write("a.txt", "text").write("in/b", "").link("good", "a.txt").link("out", "/etc");
        let folder = sandbox.repo().folder();
        assert_eq!(folder.read(&path("good"), 3).expect("read"), Some(b"tex".to_vec()));
        assert_eq!(folder.read(&path("a.txt/none"), 3).expect("asked"), None);
        assert!(matches!(folder.read(&path("out/passwd"), 3), Err(RepoError::Outside(_))));
        assert!(folder.read(&path("in"), 3).expect_err("a folder").to_string().contains("regular"));
        let listed = |at: Option<&RepoPath>| -> Vec<(String, EntryKind)> {
            let entries = folder.list(at).expect("listed").into_iter();
            entries.map(|entry| (entry.path.to_string(), entry.kind)).collect()
        };
        let expected = [
            (".git", EntryKind::Folder),
            ("a.txt", EntryKind::File),
            ("good", EntryKind::Other),
            ("in", EntryKind::Folder),
            ("out", EntryKind::Other),
        ];
        assert_eq!(listed(None), expected.map(|(name, kind)| (name.to_owned(), kind)));
        assert_eq!(listed(Some(&path("in"))), [("in/b".to_owned(), EntryKind::File)]);
        assert_eq!(listed(Some(&path("nowhere"))), []);
        assert!(matches!(folder.list(Some(&path("out"))), Err(RepoError::Outside(_))));
    }

    #[test]
    fn where_a_named_path_leads() {
        let sandbox = Sandbox::new();
        let other = tempfile::tempdir().expect("a folder");
        let outside = other.path().canonicalize().expect("there");
        std::fs::write(outside.join("list.yaml"), "").expect("written");
        let target = outside.join("list.yaml").to_string_lossy().into_owned();
        sandbox.write("in/list.yaml", "").link("link.yaml", "in/list.yaml");
        sandbox.link("out.yaml", &target);
        let root = sandbox.path();
        let inside = |name: &str| Located::Inside(path(name));
        let elsewhere = Located::Outside { folder: outside.clone(), name: path("list.yaml") };
        let cases = [
            (root.join("in/list.yaml"), inside("in/list.yaml")),
            (root.join("in/../link.yaml"), inside("in/list.yaml")),
            (root.join("in/../none/../new.yaml"), inside("new.yaml")),
            (root.join("out.yaml"), elsewhere.clone()),
            (outside.join("list.yaml"), elsewhere),
        ];
        for (named, expected) in cases {
            let found = Folder::locate(Some(&root), &named).expect("followed");
            assert_eq!(found, expected, "{named:?}");
        }
        let found = Folder::locate(None, &root.join("in/list.yaml")).expect("followed");
        assert!(matches!(found, Located::Outside { .. }));
    }
}
