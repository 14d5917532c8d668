//! Plans applied to real repositories, and taken back.

mod secret;
mod whole;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::check::fixes::{Chmod, GenerateSecret, Ignore, SecretFormat, Untrack};
use crate::check::{Fix, Order};
use crate::fix::apply::Applied;
use crate::model::CleanText;
use crate::repo::StateFolder;
use crate::repo::support::{Sandbox, path};

pub(super) fn said(lines: &[CleanText]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

pub(super) struct World {
    pub(super) sandbox: Sandbox,
    pub(super) repo: Repo,
    folder: TempDir,
}

impl World {
    pub(super) fn new() -> Self {
        let sandbox = Sandbox::new();
        let repo = sandbox.repo();
        Self { sandbox, repo, folder: TempDir::new().expect("a folder") }
    }

    pub(super) fn state(&self) -> StateFolder {
        StateFolder::at(self.folder.path().join("state"))
    }

    pub(super) fn apply(&self, fix: &dyn Fix) -> Result<Applied, FixError> {
        let plan = plan(&self.repo, fix)?;
        apply(&self.repo, Some(&self.state()), &fix.title(), &plan, Timestamp::now())
    }

    pub(super) fn undo_later(&self) -> Result<Vec<CleanText>, FixError> {
        // as another process does it
        let repo = self.sandbox.repo();
        let latest = kept(&repo, &self.state())?.pop().expect("a fix");
        undo(&repo, Some(&self.state()), &latest)
    }

    pub(super) fn mode(&self, name: &str) -> u32 {
        let meta = fs::metadata(self.sandbox.path().join(name)).expect("there");
        meta.permissions().mode() & 0o7777
    }

    pub(super) fn set_mode(&self, name: &str, mode: u32) {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(self.sandbox.path().join(name), permissions).expect("set");
    }

    /// Content and modes of all files, and the index.
    pub(super) fn all(&self) -> String {
        let mut all = self.sandbox.git(&["ls-files", "--stage", "--debug"]);
        let mut names: Vec<_> = fs::read_dir(self.sandbox.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .filter(|name| name != ".git")
            .collect();
        names.sort();
        for name in names {
            let content = fs::read(self.sandbox.path().join(&name)).expect("read");
            all.push_str(&format!("\n{name} {:o} {content:?}", self.mode(&name)));
        }
        all
    }

    /// All that is in the state folder.
    fn kept_text(&self) -> String {
        let mut text = String::new();
        let mut ahead = vec![self.folder.path().to_path_buf()];
        while let Some(folder) = ahead.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let at = entry.expect("an entry").path();
                if at.is_dir() {
                    ahead.push(at);
                } else {
                    let mode = fs::metadata(&at).expect("there").permissions().mode() & 0o777;
                    assert_eq!(mode, 0o600, "{at:?}");
                    text.push_str(&fs::read_to_string(&at).expect("text"));
                }
            }
        }
        text
    }
}

fn ignore(name: &str) -> Ignore {
    Ignore { paths: vec![(path(name), false)], untrack: false }
}

pub(super) fn chmod(name: &str, most: u32) -> Chmod {
    Chmod { paths: vec![(path(name), most)] }
}

fn secret() -> GenerateSecret {
    GenerateSecret {
        file: path(".env"),
        key: "SECRET_KEY".to_owned(),
        bytes: 32,
        format: SecretFormat::Hex,
    }
}

#[test]
fn what_is_undone_in_a_later_run_is_exactly_as_it_was() {
    let fixes: [Box<dyn Fix>; 4] = [
        Box::new(ignore(".env")),
        Box::new(chmod("notes", 0o600)),
        Box::new(Untrack::files(vec![path(".env"), path("notes")])),
        Box::new(Untrack::files(vec![path("run.sh")])),
    ];
    for rules in [None, Some("*.pyc\r\n!keep"), Some("")] {
        for fix in &fixes {
            let world = World::new();
            world.sandbox.write(".env", "A=1\n").write("notes", "n").write("run.sh", "#!/bin/sh\n");
            world.set_mode("run.sh", 0o755);
            world.set_mode("notes", 0o664);
            world.sandbox.commit("one");
            if let Some(rules) = rules {
                world.sandbox.write(".gitignore", rules);
                world.set_mode(".gitignore", 0o660);
            }
            let before = world.all();
            let applied = world.apply(fix.as_ref()).expect("applied");
            assert!(applied.notes.is_empty(), "{:?}", applied.notes);
            assert_ne!(world.all(), before, "{fix:?}");
            if rules.is_some() {
                assert_eq!(world.mode(".gitignore"), 0o660, "its mode is not part of a fix");
            }
            assert!(plan(&world.repo, fix.as_ref()).expect("a plan").is_nothing(), "{fix:?}");
            assert!(world.undo_later().expect("undone").is_empty());
            assert_eq!(world.all(), before, "{fix:?}");
            assert!(kept(&world.repo, &world.state()).expect("read").is_empty(), "only once");
        }
    }
}

#[test]
fn a_secret_is_undone_in_the_same_run_only_and_kept_nowhere() {
    let world = World::new();
    let old = "SECRET_KEY=changeme\nMAIL_PASSWORD=hunter2\n";
    world.sandbox.write(".gitignore", ".env\n").write(".env", old);
    world.set_mode(".env", 0o644);
    let before = world.all();
    let planned = plan(&world.repo, &secret()).expect("a plan");
    let applied = world.apply(&secret()).expect("applied");
    let now = fs::read_to_string(world.sandbox.path().join(".env")).expect("read");
    let value = now.lines().next().and_then(|line| line.split('=').nth(1)).expect("a value");
    assert_eq!((value.len(), world.mode(".env")), (64, 0o600));
    assert!(said(&applied.notes).contains("cannot be undone in a later run"));
    let shown =
        format!("{planned:?} {applied:?} {} {}", said(&planned.diff), said(&planned.changes));
    let told = format!("{shown} {}", world.kept_text());
    for hidden in [value, "hunter2", "changeme", &data_encoding::BASE64.encode(old.as_bytes())] {
        assert!(!told.contains(hidden), "{hidden}: {told}");
    }
    assert!(world.kept_text().contains("SECRET_KEY"), "that there was one is known");
    let refusal = world.undo_later().expect_err("not in a later run").to_string();
    assert!(refusal.contains("wrote a secret"), "{refusal}");
    undo(&world.repo, Some(&world.state()), &applied.undo).expect("undone");
    assert_eq!(world.all(), before);
    assert!(kept(&world.repo, &world.state()).expect("read").is_empty());
}

/// A change by somebody else, between plan and fix or between fix and undo.
type Meddling = fn(&World);

#[test]
fn what_changed_since_the_plan_is_not_touched() {
    let cases: [(Box<dyn Fix>, Meddling); 6] = [
        (Box::new(ignore("x")), |world| {
            world.sandbox.write(".gitignore", "other\n");
        }),
        (Box::new(chmod("notes", 0o600)), |world| world.set_mode("notes", 0o640)),
        (Box::new(chmod("notes", 0o600)), |world| {
            fs::remove_file(world.sandbox.path().join("notes")).expect("removed");
        }),
        (Box::new(Untrack::files(vec![path("notes")])), |world| {
            world.sandbox.write("notes", "changed").git(&["add", "notes"]);
        }),
        (Box::new(secret()), |world| {
            world.sandbox.write(".env", "SECRET_KEY=hunter2\n");
        }),
        // the rule that kept the file out of git is gone
        (Box::new(secret()), |world| {
            world.sandbox.write(".gitignore", "");
        }),
    ];
    for (fix, meddle) in cases {
        let world = World::new();
        world.sandbox.write(".gitignore", ".env\n").write("notes", "n").write(".env", "A=1\n");
        world.set_mode("notes", 0o664);
        world.sandbox.commit("one");
        let planned = plan(&world.repo, fix.as_ref()).expect("a plan");
        meddle(&world);
        let before = world.all();
        let title = fix.title();
        let refused = apply(&world.repo, Some(&world.state()), &title, &planned, Timestamp::now());
        let refusal = refused.expect_err("refused").to_string();
        assert!(
            refusal.contains("changed since this was planned")
                || refusal.contains("does not ignore `.env`"),
            "{refusal}"
        );
        assert_eq!(world.all(), before, "{fix:?}");
        assert!(kept(&world.repo, &world.state()).expect("read").is_empty());
    }
}

#[test]
fn what_changed_since_the_fix_is_not_undone() {
    let cases: [(Box<dyn Fix>, Meddling, &str); 4] = [
        (
            Box::new(ignore(".env")),
            |world| {
                world.sandbox.write(".gitignore", ".env\nmore\n");
            },
            "`.gitignore` changed since the fix",
        ),
        (
            Box::new(ignore(".env")),
            |world| {
                fs::remove_file(world.sandbox.path().join(".gitignore")).expect("removed");
            },
            "`.gitignore` changed since the fix",
        ),
        (
            Box::new(chmod("notes", 0o600)),
            |world| world.set_mode("notes", 0o400),
            "`notes` changed since the fix (its mode, or where it leads)",
        ),
        (
            Box::new(Untrack::files(vec![path("notes")])),
            |world| {
                world.sandbox.git(&["add", "-f", "notes"]);
            },
            "`notes` changed since the fix (its entry in git's index)",
        ),
    ];
    for (fix, meddle, expected) in cases {
        let world = World::new();
        world.sandbox.write("notes", "n");
        world.set_mode("notes", 0o664);
        world.sandbox.commit("one");
        world.apply(fix.as_ref()).expect("applied");
        meddle(&world);
        let before = world.all();
        let refusal = world.undo_later().expect_err("refused").to_string();
        assert!(refusal.contains(expected), "{refusal}");
        assert_eq!(world.all(), before, "{fix:?}");
        assert_eq!(kept(&world.repo, &world.state()).expect("read").len(), 1);
    }
}

#[test]
fn a_fix_that_stops_in_the_middle_is_put_back() {
    let world = World::new();
    world.sandbox.write("notes", "n").commit("one");
    let planned = plan(&world.repo, &Untrack::files(vec![path("notes")])).expect("a plan");
    assert_eq!(planned.edits.len(), 2, "the index, then the ignore line");
    let mut edits = planned.edits;
    edits.reverse();
    let planned = Plan { edits, ..Plan::nothing("") };
    // the file is written, then the index is locked
    world.sandbox.write(".git/index.lock", "");
    let before = world.all();
    let title = CleanText::line("a test");
    let error = apply(&world.repo, Some(&world.state()), &title, &planned, Timestamp::now());
    assert!(error.expect_err("locked").to_string().contains("lock"));
    assert_eq!(world.all(), before, "no `.gitignore` is left behind");
}

#[test]
fn no_plan_widens_a_mode() {
    let world = World::new();
    world.sandbox.write("notes", "n");
    world.set_mode("notes", 0o600);
    let edits = vec![crate::model::Edit::Chmod {
        path: path("notes"),
        inode: world.repo.on_disk(&path("notes")).expect("asked").expect("there").inode,
        from: 0o600,
        to: 0o640,
    }];
    let planned = Plan { edits, ..Plan::nothing("") };
    let title = CleanText::line("a test");
    let error = apply(&world.repo, None, &title, &planned, Timestamp::now());
    assert!(error.expect_err("refused").to_string().contains("no fix may do that"));
    assert_eq!(world.mode("notes"), 0o600);
}

#[test]
fn what_keeps_a_file_out_of_git_comes_before_a_secret_in_it() {
    let chosen: Arc<dyn Fix> = Arc::new(secret());
    let titles = |world: &World| -> Vec<String> {
        let steps = steps(&world.repo, &chosen).expect("steps");
        steps.iter().map(|step| step.title().to_string()).collect()
    };
    let world = World::new();
    let last = "put a fresh secret under `SECRET_KEY` into `.env`";
    assert_eq!(titles(&world), ["add `.env` to `.gitignore`", last]);
    world.sandbox.write(".env", "SECRET_KEY=\n").commit("a mistake");
    assert_eq!(titles(&world), ["stop tracking `.env` in git", last]);
    assert!(plan(&world.repo, chosen.as_ref()).is_err(), "not yet");
    for step in steps(&world.repo, &chosen).expect("steps") {
        world.apply(step.as_ref()).expect("applied");
    }
    assert_eq!(titles(&world), [last]);
    assert!(world.sandbox.git(&["status", "--porcelain"]).contains("D  .env"));
    // through a link, git must not get what it leads to
    world.sandbox.write("plain", "").link(".env.link", "plain");
    let through: Arc<dyn Fix> = Arc::new(GenerateSecret { file: path(".env.link"), ..secret() });
    assert_eq!(steps(&world.repo, &through).expect("steps").len(), 3);
}

#[test]
fn fixes_of_several_items_have_an_order() {
    let fixes: Vec<Arc<dyn Fix>> =
        vec![Arc::new(secret()), Arc::new(chmod("a", 0)), Arc::new(ignore("b"))];
    let order: Vec<Order> = ordered(fixes.into_iter().map(|fix| ((), fix)).collect())
        .iter()
        .map(|(_, fix)| fix.order())
        .collect();
    assert_eq!(order, [Order::OutOfGit, Order::Modes, Order::Secrets]);
}

#[test]
fn what_is_remembered_is_bounded_and_each_work_tree_has_its_own() {
    let world = World::new();
    for nth in 0..55 {
        world.apply(&ignore(&format!("file-{nth}"))).expect("applied");
    }
    let all = kept(&world.repo, &world.state()).expect("read");
    assert_eq!(all.len(), 50);
    assert!(all.last().expect("the latest").title().as_str().contains("file-54"));
    let other = Sandbox::new();
    assert!(kept(&other.repo(), &world.state()).expect("read").is_empty());
    for _ in 0..50 {
        world.undo_later().expect("undone, one after the other");
    }
    let rules = fs::read_to_string(world.sandbox.path().join(".gitignore")).expect("read");
    assert_eq!(rules.lines().count(), 5);
}

#[test]
fn what_cannot_be_remembered_is_told_and_the_fix_is_made() {
    let world = World::new();
    fs::write(world.folder.path().join("state"), "a file").expect("written");
    let applied = world.apply(&ignore(".env")).expect("applied");
    assert!(said(&applied.notes).contains("cannot be undone in a later run"));
    undo(&world.repo, None, &applied.undo).expect("undone in this run");
    assert!(!world.sandbox.path().join(".gitignore").exists());
}

#[test]
fn a_damaged_memory_is_named() {
    let world = World::new();
    world.apply(&ignore(".env")).expect("applied");
    let folder = world.folder.path().join("state/undo");
    // the file that is locked while it changes lies beside it
    let mut files = fs::read_dir(&folder).expect("a folder").map(|file| file.expect("an entry"));
    let is_memory = |file: &fs::DirEntry| file.path().extension().is_some_and(|end| end == "json");
    let file = files.find(is_memory).expect("a file");
    for text in ["{", "{\"version\":2,\"folder\":\"\",\"fixes\":[]}"] {
        fs::write(file.path(), text).expect("written");
        let error = kept(&world.repo, &world.state()).expect_err("damaged").to_string();
        assert!(error.contains("remove it to start over") && error.contains("undo/"), "{error}");
    }
}
