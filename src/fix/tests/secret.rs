//! A fresh secret: what is written, what stays, what is refused.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use proptest::prelude::*;
use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::said;
use crate::check::Fix as _;
use crate::check::fixes::{GenerateSecret, SecretFormat};
use crate::fix::{apply, plan};
use crate::lang::dotenv::EnvFile;
use crate::model::{FixError, Plan, RepoPath};
use crate::repo::Repo;
use crate::repo::support::Sandbox;

struct World {
    sandbox: Sandbox,
    repo: Repo,
}

impl World {
    /// A repository that ignores `.env`.
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.write(".gitignore", ".env*\n");
        let repo = sandbox.repo();
        Self { sandbox, repo }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.sandbox.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("read")
    }

    fn track(&self, name: &str) {
        self.sandbox.git(&["add", "-f", name]);
    }

    fn mode(&self, name: &str) -> u32 {
        self.path(name).metadata().expect("there").permissions().mode() & 0o7777
    }

    fn refusal(&self, request: &GenerateSecret) -> String {
        plan(&self.repo, request).expect_err("refused").to_string()
    }
}

/// Plans and applies, whatever is lost.
fn write_secret(repo: &Repo, request: &GenerateSecret) -> Result<Plan, FixError> {
    let plan = plan(repo, request)?;
    apply(repo, None, &request.title(), &plan, jiff::Timestamp::UNIX_EPOCH)?;
    Ok(plan)
}

fn request() -> GenerateSecret {
    GenerateSecret {
        file: RepoPath::new(".env").expect("a path"),
        key: "SECRET_KEY".to_owned(),
        bytes: 32,
        format: SecretFormat::Hex,
    }
}

fn of(path: &str) -> GenerateSecret {
    GenerateSecret { file: RepoPath::new(path).expect("a path"), ..request() }
}

fn value(text: &str) -> String {
    let file = EnvFile::parse(text);
    let value = file.get("SECRET_KEY").expect("set").value.expose_secret().to_owned();
    assert!(value.len() == 64 && value.chars().all(|c| c.is_ascii_hexdigit()));
    value
}

#[test]
fn a_missing_file_is_made_for_the_owner_alone() {
    let world = World::new();
    let made = plan(&world.repo, &request()).expect("may");
    assert!(!world.path(".env").exists());
    let plan = write_secret(&world.repo, &request()).expect("written");
    assert_eq!((&plan.changes, &plan.diff), (&made.changes, &made.diff));
    assert_eq!(world.mode(".env"), 0o600);
    let text = world.read(".env");
    assert_eq!(text, format!("SECRET_KEY={}\n", value(&text)));
    assert_eq!(
        said(&plan.changes),
        "creates `.env` with mode 0600, readable by you alone\nadds `SECRET_KEY` as line 1 of `.env`\n"
    );
    assert_eq!(said(&plan.diff), "+ SECRET_KEY=••• (32 random bytes in hexadecimal)\n");
}

#[test]
fn a_placeholder_is_replaced_and_the_rest_stays() {
    let world = World::new();
    world.write(".env", "# shop\r\nexport SECRET_KEY = 'changeme' # soon\r\nMAIL_PASSWORD=hunter2");
    fs::set_permissions(world.path(".env"), fs::Permissions::from_mode(0o644)).expect("set");
    let plan = write_secret(&world.repo, &request()).expect("written");
    let text = world.read(".env");
    let value = value(&text);
    assert_eq!(
        text,
        format!("# shop\r\nexport SECRET_KEY = '{value}' # soon\r\nMAIL_PASSWORD=hunter2")
    );
    assert_eq!(world.mode(".env"), 0o600);
    assert_eq!(
        said(&plan.changes),
        "replaces the value of `SECRET_KEY` in line 2 of `.env`\nchanges the mode of `.env` from 0644 to 0600\n"
    );
    assert_eq!(
        said(&plan.diff),
        "- export SECRET_KEY = •••\n+ export SECRET_KEY = ••• (32 random bytes in hexadecimal)\n"
    );
    assert!(!format!("{plan:?}").contains(&value) && !format!("{plan:?}").contains("hunter2"));
}

#[test]
fn a_mode_is_never_widened() {
    let world = World::new();
    world.write(".env", "A=1\n");
    fs::set_permissions(world.path(".env"), fs::Permissions::from_mode(0o400)).expect("set");
    write_secret(&world.repo, &request()).expect("written");
    assert_eq!(world.mode(".env"), 0o400);
}

#[test]
fn that_a_real_value_is_lost_is_told() {
    let world = World::new();
    world.write(".env", "A=1\nSECRET_KEY=hunter2\n");
    let plan = write_secret(&world.repo, &request()).expect("written");
    let loss = plan.loses.as_ref().expect("a loss");
    assert!(loss.what.as_str().contains("line 2 of `.env` holds a real value"));
    assert_eq!(loss.typed.as_str(), "SECRET_KEY");
    assert!(said(&plan.changes).contains("the old value of `SECRET_KEY` is lost"));
    assert!(!format!("{plan:?}").contains("hunter2"));
    let text = world.read(".env");
    assert_eq!(text, format!("A=1\nSECRET_KEY={}\n", value(&text)));
}

#[test]
fn a_publicly_known_key_is_no_loss() {
    let world = World::new();
    world.write(".env", "SECRET_KEY=dev\n");
    let plan = write_secret(&world.repo, &request()).expect("written");
    assert!(plan.loses.is_none());
    value(&world.read(".env"));
}

#[test]
fn of_several_entries_the_last_is_replaced() {
    let world = World::new();
    world.write(".env", "SECRET_KEY=hunter2\nSECRET_KEY=\n");
    let plan = write_secret(&world.repo, &request()).expect("written");
    let text = world.read(".env");
    assert_eq!(text, format!("SECRET_KEY=hunter2\nSECRET_KEY={}\n", value(&text)));
    assert!(said(&plan.changes).contains("is set 2 times; the last one counts"));
}

#[test]
fn git_must_not_get_the_file() {
    let world = World::new();
    world.write(".env", "SECRET_KEY=\n");
    world.track(".env");
    assert!(world.refusal(&request()).contains("`git rm --cached .env`"));
    let world = World::new();
    world.write(".gitignore", "");
    let refusal = world.refusal(&request());
    assert!(refusal.contains("does not ignore `.env`") && refusal.contains(".gitignore"));
    assert!(!world.path(".env").exists());
}

#[test]
fn links_inside_are_followed_to_what_git_must_not_get() {
    let world = World::new();
    world.write("plain.txt", "A=1\n");
    symlink("plain.txt", world.path(".env")).expect("linked");
    assert!(world.refusal(&request()).contains("does not ignore `plain.txt`"));
    world.write(".gitignore", ".env\nplain.txt\n");
    write_secret(&world.repo, &request()).expect("written");
    assert!(world.path(".env").symlink_metadata().expect("there").is_symlink());
    value(&world.read("plain.txt"));
}

#[test]
fn what_is_no_env_file_is_refused() {
    let world = World::new();
    let outside = TempDir::new().expect("a folder");
    fs::write(outside.path().join("x"), "A=1\n").expect("written");
    symlink(outside.path().join("x"), world.path(".env")).expect("linked");
    assert!(world.refusal(&request()).contains("outside the repository"));
    assert_eq!(fs::read_to_string(outside.path().join("x")).expect("read"), "A=1\n");

    fs::create_dir(world.path(".env.d")).expect("made");
    assert!(world.refusal(&of(".env.d")).contains(".env.d"));
    world.write(".env.big", vec![b'#'; (1 << 20) + 1]);
    assert!(world.refusal(&of(".env.big")).contains("larger than 1 MiB"));
    world.write(".env.latin", b"A=\xe9\n");
    assert!(world.refusal(&of(".env.latin")).contains("not all UTF-8"));
    assert!(world.refusal(&of(".git/config")).contains(".git"));
    assert!(world.refusal(&of("nowhere/.env")).contains("nowhere"));
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let world = World::new();
    for key in ["", "A B", "1A", "A=B", "É", "A\nB"] {
        let request = GenerateSecret { key: key.to_owned(), ..request() };
        assert!(world.refusal(&request).contains("not a name of a variable"), "{key:?}");
    }
    for bytes in [0, 15, 1025] {
        let request = GenerateSecret { bytes, ..request() };
        assert!(world.refusal(&request).contains("from 16 to 1024"), "{bytes}");
    }
}

#[test]
fn every_format_is_read_back() {
    for (format, length) in
        [(SecretFormat::Hex, 64), (SecretFormat::Base64, 44), (SecretFormat::UrlSafe, 43)]
    {
        let world = World::new();
        world.write(".env", "SECRET_KEY=<your-key>#x\n");
        write_secret(&world.repo, &GenerateSecret { format, ..request() }).expect("written");
        let text = world.read(".env");
        let file = EnvFile::parse(&text);
        assert_eq!(file.get("SECRET_KEY").expect("set").value.expose_secret().len(), length);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_other_byte_of_the_file_stays(
        before in proptest::collection::vec("[A-RT-Z_]{1,6}=[a-z '\"#é$]{0,8}(\n|\r\n)|# [a-z]{0,9}\n", 0..6),
        quote in "['\"]?",
        after in "( # [a-z]{0,9})?(\n[A-R]=[a-z]{0,4}){0,3}\n?",
    ) {
        let before = before.concat();
        let world = World::new();
        let old = format!("{before}SECRET_KEY={quote}changeme{quote}{after}");
        world.write(".env", &old);
        // a file whose quotes are not in order may be refused, never harmed
        if write_secret(&world.repo, &request()).is_err() {
            prop_assert_eq!(world.read(".env"), old);
            return Ok(());
        }
        let text = world.read(".env");
        let value = value(&text);
        let replaced = text == format!("{before}SECRET_KEY={quote}{value}{quote}{after}");
        prop_assert!(replaced || text.starts_with(&old), "{old:?} {text:?}");
    }
}
