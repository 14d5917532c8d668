//! The mode of a file or folder: looked at, and changed of that very file.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::files::is_missing;
use super::{Repo, RepoError, reader};
use crate::model::{Inode, RepoPath};

/// The bits of a mode that `chmod` changes.
const MODE_BITS: u32 = 0o7777;

/// What a path leads to on disk, links followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnDisk {
    /// Where that is, from the repository's top.
    pub real: PathBuf,
    /// Which file or folder.
    pub inode: Inode,
    /// Its permission bits.
    pub mode: u32,
}

impl Repo {
    /// The permission bits of a file or folder, links followed; nothing when it
    /// is not there.
    ///
    /// # Errors
    /// When it leads outside or cannot be looked at.
    pub fn mode(&self, path: &RepoPath) -> Result<Option<u32>, RepoError> {
        Ok(self.on_disk(path)?.map(|found| found.mode))
    }

    /// What a path leads to; nothing when it is not there.
    ///
    /// # Errors
    /// When it leads outside or cannot be looked at.
    pub fn on_disk(&self, path: &RepoPath) -> Result<Option<OnDisk>, RepoError> {
        let absolute = self.absolute(path)?;
        let real = absolute.strip_prefix(self.root()).unwrap_or(&absolute).to_owned();
        match absolute.symlink_metadata() {
            Ok(meta) => Ok(Some(OnDisk { real, inode: inode(&meta), mode: bits(&meta) })),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(RepoError::file("look at", path.as_path())(error)),
        }
    }

    /// Sets the permission bits of what a path was [seen](Self::on_disk) to lead
    /// to. Another file or link that took its place meanwhile is not touched, and
    /// neither is one whose mode changed.
    ///
    /// # Errors
    /// Then, and when it belongs to git's own files, or the system refuses.
    pub fn set_mode(&self, path: &RepoPath, seen: &OnDisk, mode: u32) -> Result<(), RepoError> {
        let absolute = self.own_file(path, "change the mode of")?;
        let is_same = |meta: &Metadata| match inode(meta) == seen.inode {
            false => Err(io::Error::other("another file took its place")),
            true if bits(meta) != seen.mode => Err(io::Error::other("its mode changed meanwhile")),
            true => Ok(()),
        };
        change(&absolute, &is_same, fs::Permissions::from_mode(mode & MODE_BITS))
            .map_err(RepoError::file("change the mode of", path.as_path()))
    }
}

fn bits(meta: &Metadata) -> u32 {
    meta.permissions().mode() & MODE_BITS
}

fn inode(meta: &Metadata) -> Inode {
    Inode { device: meta.dev(), number: meta.ino() }
}

/// Opens it first, so that what is looked at is what is changed. A handle that
/// only stands for the file needs no permission, and opens pipes and devices
/// without a word to them.
#[cfg(target_os = "linux")]
fn change(
    path: &Path,
    is_same: &dyn Fn(&Metadata) -> io::Result<()>,
    to: fs::Permissions,
) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags};
    use std::os::fd::AsRawFd as _;
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    is_same(&file.metadata()?)?;
    let through = format!("/proc/self/fd/{}", file.as_raw_fd());
    match fs::set_permissions(through, to.clone()) {
        // there is no `/proc`
        Err(error) if is_missing(&error) => change_read(path, is_same, to),
        done => done,
    }
}

#[cfg(not(target_os = "linux"))]
fn change(
    path: &Path,
    is_same: &dyn Fn(&Metadata) -> io::Result<()>,
    to: fs::Permissions,
) -> io::Result<()> {
    change_read(path, is_same, to)
}

fn change_read(
    path: &Path,
    is_same: &dyn Fn(&Metadata) -> io::Result<()>,
    to: fs::Permissions,
) -> io::Result<()> {
    let file = reader::open(path)?;
    is_same(&file.metadata()?)?;
    file.set_permissions(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::{Sandbox, path};

    fn set(sandbox: &Sandbox, name: &str, mode: u32) -> Result<(), RepoError> {
        let repo = sandbox.repo();
        let seen = repo.on_disk(&path(name))?.expect("there");
        repo.set_mode(&path(name), &seen, mode)
    }

    #[test]
    fn the_mode_of_what_a_link_leads_to_is_set() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").write("in/b", "").link("link", "a").link("out", "/etc/passwd");
        let repo = sandbox.repo();
        set(&sandbox, "link", 0o640).expect("set");
        assert_eq!(repo.mode(&path("a")).expect("asked"), Some(0o640));
        set(&sandbox, "in", 0o2750).expect("set");
        assert_eq!(repo.mode(&path("in")).expect("asked"), Some(0o2750));
        assert_eq!(repo.mode(&path("none")).expect("asked"), None);
        assert!(repo.mode(&path("out")).is_err());
        assert!(set(&sandbox, "out", 0o600).is_err());
        assert!(set(&sandbox, ".git/config", 0o600).is_err());
    }

    #[test]
    fn what_nobody_may_read_can_still_be_changed() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1");
        for mode in [0o077, 0o000, 0o200, 0o600] {
            set(&sandbox, "a", mode).expect("set");
            assert_eq!(sandbox.repo().mode(&path("a")).expect("asked"), Some(mode));
        }
    }

    #[test]
    fn a_file_that_took_its_place_is_not_touched() {
        type Swap = fn(&Sandbox);
        let swaps: [Swap; 4] = [
            |sandbox| {
                sandbox.link("a", "other");
            },
            |sandbox| {
                fs::hard_link(sandbox.path().join("other"), sandbox.path().join("a"))
                    .expect("linked")
            },
            |sandbox| {
                sandbox.link("a", "/etc/passwd");
            },
            |sandbox| fs::create_dir(sandbox.path().join("a")).expect("made"),
        ];
        for swap in swaps {
            let sandbox = Sandbox::new();
            sandbox.write("a", "1").write("other", "2");
            let repo = sandbox.repo();
            for name in ["a", "other"] {
                set(&sandbox, name, 0o644).expect("set");
            }
            let seen = repo.on_disk(&path("a")).expect("asked").expect("there");
            fs::rename(sandbox.path().join("a"), sandbox.path().join("moved")).expect("moved");
            swap(&sandbox);
            assert!(repo.set_mode(&path("a"), &seen, 0o600).is_err());
            assert_eq!(repo.mode(&path("other")).expect("asked"), Some(0o644));
        }
        let sandbox = Sandbox::new();
        sandbox.write("a", "1");
        let repo = sandbox.repo();
        let seen = repo.on_disk(&path("a")).expect("asked").expect("there");
        set(&sandbox, "a", 0o640).expect("set");
        let error = repo.set_mode(&path("a"), &seen, 0o600).expect_err("changed").to_string();
        assert!(error.contains("its mode changed"), "{error}");
    }
}
