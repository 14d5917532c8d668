//! Real repositories for tests, away from the machine's settings.

use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::Repo;
use crate::model::RepoPath;

/// A repository in a folder of its own, on branch `main`.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// Without a commit.
    pub(crate) fn new() -> Self {
        let sandbox = Self { folder: tempfile::tempdir().expect("a folder") };
        sandbox.git(&["init", "-q", "-b", "main"]);
        // whatever the person who runs the tests ignores everywhere
        sandbox.git(&["config", "core.excludesFile", "/dev/null"]);
        sandbox
    }

    /// Its top, symbolic links resolved.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("a folder")
    }

    pub(crate) fn repo(&self) -> Repo {
        Repo::discover(self.folder.path()).expect("a repository")
    }

    pub(crate) fn write(&self, path: &str, content: &str) -> &Self {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, content).expect("written");
        self
    }

    pub(crate) fn link(&self, path: &str, target: &str) -> &Self {
        std::os::unix::fs::symlink(target, self.path().join(path)).expect("linked");
        self
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) -> &Self {
        std::fs::remove_file(self.path().join(path)).expect("removed");
        self
    }

    /// Adds all and commits.
    pub(crate) fn commit(&self, message: &str) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self
    }

    /// What git writes, white space at both ends kept.
    pub(crate) fn git_raw(&self, arguments: &[&str]) -> String {
        raw(&self.path(), arguments)
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(&self.path(), arguments)
    }
}

/// Runs git in a folder as nobody in particular.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    raw(folder, arguments).trim().to_owned()
}

fn raw(folder: &Path, arguments: &[&str]) -> String {
    answer(arguments, command(folder, arguments).output())
}

/// The same with a committer's time.
pub(crate) fn git_at(folder: &Path, arguments: &[&str], time: &str) -> String {
    let mut command = command(folder, arguments);
    answer(arguments, command.env("GIT_COMMITTER_DATE", time).output()).trim().to_owned()
}

/// The same with something to read.
pub(crate) fn git_with(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(input.as_bytes()).expect("written");
    file.rewind().expect("rewound");
    answer(arguments, command(folder, arguments).stdin(file).output()).trim().to_owned()
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"])
        .args(["-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::null());
    command
}

fn answer(arguments: &[&str], output: io::Result<Output>) -> String {
    let Output { status, stdout, stderr } = output.expect("git runs");
    assert!(status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).into_owned()
}

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).expect("a plain path")
}
