//! What gonogo remembers outside of repositories: small files in the person's
//! state folder, `$XDG_STATE_HOME/gonogo` on Linux, that nobody else reads.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::RepoError;
use super::files::is_missing;
use crate::model::CleanText;

/// A file larger than this is not one of ours.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The person's state folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateFolder(PathBuf);

impl StateFolder {
    /// That of the person who runs the program; none when they have no home.
    pub fn of_person() -> Option<Self> {
        let user = directories::ProjectDirs::from("", "", "gonogo")?;
        Some(Self(user.state_dir().unwrap_or_else(|| user.data_local_dir()).to_owned()))
    }

    /// Any other folder; it need not be there yet.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Where a file of it lies, for people.
    pub fn shown(&self, name: &str) -> CleanText {
        super::error::shown(&self.0.join(name))
    }

    /// The content of a file, or nothing when there is none.
    ///
    /// # Errors
    /// When it is not an ordinary file, is too large or cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, RepoError> {
        let path = self.0.join(name);
        match read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(RepoError::file("read", &path)(error)),
        }
    }

    /// The names of the files in a folder of it, in order; none when it cannot be
    /// listed. Of very many the first ones.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        const MOST: usize = 2000;
        let Ok(entries) = fs::read_dir(self.0.join(folder)) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.take(MOST).collect();
        names.sort();
        names
    }

    /// Writes a file in one step, for the person alone.
    ///
    /// # Errors
    /// When it cannot be written; what was there is untouched.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), RepoError> {
        let path = self.0.join(name);
        write(&path, bytes).map_err(RepoError::file("write", &path))
    }

    /// Waits until nobody else holds a file, and holds it until the answer is
    /// dropped: between reading and writing it, another process changes nothing.
    ///
    /// # Errors
    /// When the lock beside the file cannot be made or taken.
    pub(crate) fn hold(&self, name: &str) -> Result<Held, RepoError> {
        let path = self.0.join(format!("{name}.lock"));
        hold(&path).map_err(RepoError::file("lock", &path))
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), RepoError> {
        let path = self.0.join(name);
        match fs::remove_file(&path) {
            Err(error) if !is_missing(&error) => Err(RepoError::file("remove", &path)(error)),
            _ => Ok(()),
        }
    }
}

/// A file of the state folder that nobody else may hold meanwhile.
#[derive(Debug)]
pub(crate) struct Held {
    // the lock goes with the open file
    _lock: fs::File,
}

fn hold(path: &Path) -> io::Result<Held> {
    make_folder_of(path)?;
    let file =
        fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
    rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive)?;
    Ok(Held { _lock: file })
}

fn make_folder_of(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    Ok(folder)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    // a FIFO would keep whoever opens it waiting
    let about = fs::metadata(path)?;
    if !about.is_file() || about.len() > LARGEST {
        return Err(io::Error::other("it is not a file that gonogo wrote"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = make_folder_of(path)?;
    // made with mode 0600
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o600))?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_for_the_person_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = StateFolder::at(folder.path().join("deep/er"));
        assert_eq!(state.read("ledgers/a.json").expect("readable"), None);
        for text in ["one", "two"] {
            state.write("ledgers/a.json", text.as_bytes()).expect("written");
            assert_eq!(state.read("ledgers/a.json").expect("readable"), Some(text.into()));
        }
        let mode = |path: &str| {
            let path = folder.path().join("deep/er").join(path);
            fs::metadata(path).expect("there").permissions().mode() & 0o777
        };
        assert_eq!((mode("ledgers/a.json"), mode("ledgers"), mode("")), (0o600, 0o700, 0o700));
        state.remove("ledgers/a.json").expect("removed");
        state.remove("ledgers/a.json").expect("nothing to remove");
        assert_eq!(state.read("ledgers/a.json").expect("readable"), None);
    }

    #[test]
    fn who_holds_a_file_keeps_others_waiting() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = StateFolder::at(folder.path().join("deep"));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        let _held = state.hold("n").expect("held");
                        let bytes = state.read("n").expect("readable").unwrap_or_default();
                        let number: u32 = String::from_utf8_lossy(&bytes).parse().unwrap_or(0);
                        state.write("n", (number + 1).to_string().as_bytes()).expect("written");
                    }
                });
            }
        });
        assert_eq!(state.read("n").expect("readable"), Some(b"40".to_vec()));
    }

    #[test]
    fn what_cannot_be_kept_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("file"), "").expect("written");
        let state = StateFolder::at(folder.path().join("file"));
        let error = state.write("a.json", b"x").expect_err("no folder").to_string();
        assert!(error.contains("could not write") && error.contains("file/a.json"), "{error}");
        let state = StateFolder::at(folder.path());
        fs::create_dir(folder.path().join("b.json")).expect("a folder");
        state.read("b.json").expect_err("a folder");
        let large = fs::File::create(folder.path().join("c.json")).expect("a file");
        large.set_len(LARGEST + 1).expect("a size");
        state.read("c.json").expect_err("too large");
    }
}
