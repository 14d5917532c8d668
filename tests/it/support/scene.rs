//! A temporary home and a temporary repository, and programs run in them.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A temporary folder with a home and a repository in it.
pub(crate) struct Scene {
    folder: TempDir,
}

/// How a program ended and what it said.
#[derive(Debug)]
pub(crate) struct Output {
    /// The exit code; -1 for a signal.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Output {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }
}

impl Scene {
    /// A home with an identity, and a repository without commits on branch main.
    pub(crate) fn new() -> Self {
        let scene = Self::bare_home();
        scene.git(&["init", "--quiet", "--initial-branch=main", "."]);
        scene
    }

    /// The same without `git init`.
    pub(crate) fn bare_home() -> Self {
        let folder = TempDir::with_prefix("gonogo-test-").expect("a temporary folder");
        let scene = Self { folder };
        for part in ["home", "repo"] {
            fs::create_dir(scene.folder.path().join(part)).expect("a folder");
        }
        scene.identity("Ada", "ada@example.com");
        scene
    }

    /// Sets who git says that the person is.
    pub(crate) fn identity(&self, name: &str, email: &str) {
        let text = format!("[user]\n\tname = {name}\n\temail = {email}\n");
        fs::write(self.home().join(".gitconfig"), text).expect("a configuration");
    }

    /// The person's home.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The repository's root.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    /// A path beside the repository.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the repository, folders included.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        write(&self.root().join(path), text.as_ref());
        self
    }

    /// Reads a file of the repository.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).expect("a file")
    }

    /// Sets a file's permission bits.
    pub(crate) fn mode(&self, path: &str, mode: u32) -> &Self {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(self.root().join(path), permissions).expect("a mode");
        self
    }

    /// A file's permission bits.
    pub(crate) fn mode_of(&self, path: &str) -> u32 {
        let data = fs::metadata(self.root().join(path)).expect("a file");
        data.permissions().mode() & 0o7777
    }

    /// Commits everything that git does not ignore.
    pub(crate) fn commit(&self, message: &str) -> &Self {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self
    }

    /// Runs git in the repository; it must succeed.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = self.try_git(args);
        assert_eq!(output.code, 0, "git {args:?}: {output:?}");
        output.out
    }

    /// Runs git in the repository.
    pub(crate) fn try_git(&self, args: &[&str]) -> Output {
        self.run(self.command("git").args(args))
    }

    /// Runs gonogo in the repository.
    pub(crate) fn gonogo(&self, args: &[&str]) -> Output {
        self.run(self.gonogo_command().args(args))
    }

    /// Runs gonogo in the repository as somebody whom permissions bind; the scene
    /// is theirs from then on.
    pub(crate) fn gonogo_unprivileged(&self, args: &[&str]) -> Output {
        const NOBODY: u32 = 65_534;
        let mut command = self.gonogo_command();
        let mine = self.beside("mine");
        fs::write(&mine, "").expect("a file");
        let user = fs::metadata(&mine).expect("a file").uid();
        fs::remove_file(&mine).expect("removed");
        if user == 0 {
            let owner = format!("{NOBODY}:{NOBODY}");
            let given =
                self.run(self.command("chown").args(["-R", &owner]).arg(self.folder.path()));
            assert_eq!(given.code, 0, "{given:?}");
            command.uid(NOBODY).gid(NOBODY);
        }
        self.run(command.args(args))
    }

    /// gonogo in the repository, to be run by the caller.
    pub(crate) fn gonogo_command(&self) -> Command {
        self.command(env!("CARGO_BIN_EXE_gonogo"))
    }

    /// The environment in which programs of the scene run, and nothing else.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let home = self.home().to_string_lossy().into_owned();
        vec![
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", home.clone()),
            ("XDG_CONFIG_HOME", format!("{home}/.config")),
            ("XDG_STATE_HOME", format!("{home}/.local/state")),
            ("XDG_CACHE_HOME", format!("{home}/.cache")),
            ("XDG_DATA_HOME", format!("{home}/.local/share")),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            ("LC_ALL", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
        ]
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.root()).env_clear().envs(self.environment());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, command: &mut Command) -> Output {
        let output = command.output().expect("the program runs");
        Output {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Writes a file, folders included.
pub(super) fn write(path: &Path, text: &[u8]) {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).expect("a folder");
    }
    fs::write(path, text).expect("a file");
}
