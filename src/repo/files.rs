//! Opens files of the work tree, and none that lies outside it.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::{Repo, RepoError, reader};
use crate::model::RepoPath;

/// More than anybody keeps in a file that is read whole, in bytes.
pub(super) const LARGEST_WHOLE: usize = 64 * 1024 * 1024;

/// As many links as Linux follows in one path (path_resolution(7)).
const MOST_LINKS: usize = 40;

impl Repo {
    /// The absolute path of a file, symbolic links followed. The file, or the
    /// folders above it, need not be there yet.
    ///
    /// # Errors
    /// [`RepoError::Outside`] when a link leads out of the repository.
    pub fn absolute(&self, path: &RepoPath) -> Result<PathBuf, RepoError> {
        let resolved = resolve(self.root(), path.as_path())
            .map_err(RepoError::file("find", path.as_path()))?;
        if resolved.starts_with(self.root()) {
            Ok(resolved)
        } else {
            Err(RepoError::Outside(path.clone()))
        }
    }

    /// The content of a file, or nothing when there is no such file.
    ///
    /// # Errors
    /// When it leads outside, is not a regular file, is larger than 64 MiB, or
    /// cannot be read.
    pub fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, RepoError> {
        let absolute = self.absolute(path)?;
        match read_whole(&absolute) {
            Ok(content) => Ok(Some(content)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(RepoError::file("read", path.as_path())(error)),
        }
    }
}

/// Whether an error says that there is no such file.
pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn read_whole(path: &Path) -> io::Result<Vec<u8>> {
    let mut file: File = reader::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        let what = if meta.is_dir() { "it is a folder" } else { "it is not a regular file" };
        return Err(io::Error::other(what));
    }
    let mut content = Vec::new();
    file.by_ref().take(LARGEST_WHOLE as u64 + 1).read_to_end(&mut content)?;
    if content.len() > LARGEST_WHOLE {
        return Err(io::Error::other("it is larger than 64 MiB"));
    }
    Ok(content)
}

/// Follows every link of a path below `root`, which is resolved already. Parts
/// that are not there are taken as they are written.
pub(super) fn resolve(root: &Path, path: &Path) -> io::Result<PathBuf> {
    let mut at = root.to_path_buf();
    let mut ahead: VecDeque<OsString> = parts(path);
    let mut links = 0;
    while let Some(part) = ahead.pop_front() {
        if part == ".." {
            at.pop();
            continue;
        }
        at.push(part);
        match at.symlink_metadata() {
            Ok(meta) if meta.file_type().is_symlink() => {
                links += 1;
                if links > MOST_LINKS {
                    return Err(io::Error::other("its symbolic links lead in a circle"));
                }
                let target = at.read_link()?;
                at.pop();
                if target.has_root() {
                    at = target.ancestors().last().map(Path::to_path_buf).unwrap_or_default();
                }
                for part in parts(&target).into_iter().rev() {
                    ahead.push_front(part);
                }
            }
            Ok(_) => {}
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(at)
}

/// The names of a path, `..` among them, without its root.
fn parts(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir))
        .map(|part| part.as_os_str().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::{Sandbox, path};

    #[test]
    fn links_may_not_lead_outside() {
        let sandbox = Sandbox::new();
        let outside = tempfile::tempdir().expect("a folder");
        std::fs::write(outside.path().join("secret"), "s").expect("written");
        let target = outside.path().to_string_lossy().into_owned();
        sandbox.write("in/real.txt", "here").link("good", "in/real.txt").link("folder", "in");
        sandbox.link("out", &target).link("file", &format!("{target}/secret"));
        sandbox.link("up", "../../../../../../etc/passwd").link("dangling", "/nowhere/at/all");
        sandbox.link("in/chain", "../out").link("later", "in/not-yet").link("self", "self");
        let repo = sandbox.repo();
        for outside in ["out", "out/secret", "out/new", "file", "up", "dangling", "in/chain/secret"]
        {
            let error = repo.absolute(&path(outside)).expect_err(outside);
            assert!(matches!(error, RepoError::Outside(_)), "{outside}: {error}");
            assert!(repo.read(&path(outside)).is_err(), "{outside}");
            assert!(repo.write_atomically(&path(outside), b"x", 0o600).is_err(), "{outside}");
        }
        assert!(repo.absolute(&path("self")).is_err());
        let inside = [
            ("good", "in/real.txt"),
            ("folder/real.txt", "in/real.txt"),
            ("later", "in/not-yet"),
            ("new", "new"),
            ("in/new", "in/new"),
            ("new/new", "new/new"),
        ];
        for (given, expected) in inside {
            let found = repo.absolute(&path(given)).expect(given);
            assert_eq!(found, sandbox.path().join(expected));
        }
        assert_eq!(std::fs::read(outside.path().join("secret")).expect("untouched"), b"s");
    }

    #[test]
    fn reading() {
        let sandbox = Sandbox::new();
        sandbox.write("a.txt", "text").write("folder/b", "").link("good", "a.txt");
        let repo = sandbox.repo();
        assert_eq!(repo.read(&path("a.txt")).expect("read"), Some(b"text".to_vec()));
        assert_eq!(repo.read(&path("good")).expect("read"), Some(b"text".to_vec()));
        assert_eq!(repo.read(&path("none")).expect("asked"), None);
        assert_eq!(repo.read(&path("a.txt/none")).expect("asked"), None);
        let error = repo.read(&path("folder")).expect_err("a folder");
        assert_eq!(error.to_string(), "could not read `folder`: it is a folder");
    }

    #[test]
    fn a_pipe_holds_nobody_up() {
        let sandbox = Sandbox::new();
        let pipe = sandbox.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).expect("a pipe");
        let error = sandbox.repo().read(&path("pipe")).expect_err("no file");
        assert!(error.to_string().contains("not a regular file"), "{error}");
    }
}
