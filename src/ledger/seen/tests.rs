//! Ledgers that lost records since they were last seen.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::ledger::read;
use crate::ledger::store::REF;
use crate::ledger::support::{ann, append, git, repository, sign_off};

struct World {
    folder: TempDir,
    repo: Repo,
    state: StateFolder,
    _home: TempDir,
}

fn world() -> World {
    let (folder, repo) = repository();
    let home = tempfile::tempdir().expect("a home");
    World { folder, repo, state: StateFolder::at(home.path().join("state")), _home: home }
}

impl World {
    fn append(&self, note: &str) -> CommitId {
        append(&self.repo, &sign_off(note), &ann()).expect("appended")
    }

    fn look(&self) -> Seen {
        let ledger = read(&self.repo).expect("a ledger");
        look(&self.repo, Some(&self.state), &ledger)
    }

    fn move_to(&self, tip: &CommitId) {
        git(self.folder.path(), &["update-ref", REF, tip.as_str()]);
    }

    fn accept(&self) -> Option<(Rewound, Acceptance)> {
        let ledger = read(&self.repo).expect("a ledger");
        let now = "2026-03-15T12:00:00Z".parse().expect("a moment");
        accept_rewind(&self.repo, &self.state, &ledger, now).expect("remembered")
    }
}

#[test]
fn a_ledger_that_grows_is_fine() {
    let world = world();
    assert_eq!(world.look(), Seen::default(), "no ledger yet");
    for note in ["one", "two"] {
        world.append(note);
        assert_eq!(world.look(), Seen::default());
    }
}

#[test]
fn what_is_gone_is_named_until_it_is_accepted() {
    let world = world();
    let one = world.append("one");
    let two = world.append("two");
    let three = world.append("three");
    world.look();
    world.move_to(&one);
    for _ in 0..2 {
        let rewound = world.look().rewound.expect("rewound");
        assert_eq!((&rewound.last_seen, rewound.incomplete), (&three, false));
        let ids: Vec<_> = rewound.missing.iter().map(|entry| &entry.id).collect();
        assert_eq!(ids, [&two, &three]);
        let text = rewound.to_string();
        for part in ["sign-off on `restore-rehearsed` by Ann", two.short(), "--accept-rewind"] {
            assert!(text.contains(part), "{text}");
        }
    }
    // what was appended meanwhile does not heal it
    let other = world.append("other");
    appended(&world.repo, Some(&world.state), &other);
    assert!(world.look().rewound.is_some());

    let (_, acceptance) = world.accept().expect("a loss");
    assert_eq!((&acceptance.last_seen, acceptance.missing), (&three, 2));
    assert_eq!(acceptance.tip, Some(other));
    let seen = world.look();
    assert_eq!(seen, Seen { accepted: vec![acceptance], ..Seen::default() });
    assert_eq!(world.accept(), None, "nothing is missing any more");
}

#[test]
fn a_ledger_that_is_gone_or_came_back() {
    let world = world();
    let one = world.append("one");
    world.look();
    git(world.folder.path(), &["update-ref", "-d", REF]);
    assert_eq!(world.look().rewound.expect("rewound").missing.len(), 1);
    world.move_to(&one);
    assert_eq!(world.look(), Seen::default());
    git(world.folder.path(), &["update-ref", "-d", REF]);
    assert_eq!(world.accept().expect("a loss").1.tip, None);
    assert_eq!(world.look().rewound, None);
}

#[test]
fn objects_that_are_gone_are_told() {
    let world = world();
    let one = world.append("one");
    world.append("two");
    let three = world.append("three");
    world.look();
    world.move_to(&one);
    let (start, rest) = three.as_str().split_at(2);
    let object = world.folder.path().join(".git/objects").join(start).join(rest);
    fs::remove_file(object).expect("removed");
    let rewound = world.look().rewound.expect("rewound");
    assert!(rewound.incomplete && rewound.missing.is_empty(), "{rewound:?}");
    assert!(rewound.to_string().contains("can no longer be read"), "{rewound}");
}

#[test]
fn what_was_appended_is_remembered_at_once() {
    let world = world();
    let one = world.append("one");
    world.look();
    let two = world.append("two");
    appended(&world.repo, Some(&world.state), &two);
    world.move_to(&one);
    assert_eq!(world.look().rewound.expect("rewound").last_seen, two);
}

#[test]
fn worktrees_share_what_was_seen_and_branches_do_not_hide_it() {
    let world = world();
    let one = world.append("one");
    world.append("two");
    world.look();
    world.move_to(&one);
    git(world.folder.path(), &["worktree", "add", "-q", "--detach", "other"]);
    let other = Repo::discover(&world.folder.path().join("other")).expect("a worktree");
    let ledger = read(&other).expect("a ledger");
    assert!(look(&other, Some(&world.state), &ledger).rewound.is_some());
    git(world.folder.path(), &["checkout", "-q", "--orphan", "elsewhere"]);
    git(world.folder.path(), &["commit", "-q", "--allow-empty", "-m", "another root"]);
    assert!(world.look().rewound.is_some());
}

#[test]
fn another_repository_at_the_same_path_is_not_blamed() {
    let world = world();
    world.append("one");
    world.look();
    let here = |arguments: &[&str]| git(world.folder.path(), arguments);
    fs::remove_dir_all(world.folder.path().join(".git")).expect("removed");
    here(&["init", "-q"]);
    here(&["commit", "-q", "--allow-empty", "-m", "not the first"]);
    assert_eq!(world.look(), Seen::default());
    world.append("new");
    assert_eq!(world.look(), Seen::default());
}

#[test]
fn what_was_seen_follows_a_repository_that_is_moved() {
    // what is done to the folder, and where the repository is then
    type Moving = (&'static str, fn(&Path, &Path));
    let ways: [Moving; 5] = [
        ("moved", |old, new| fs::rename(old, new).expect("moved")),
        ("moved, a link left", |old, new| {
            fs::rename(old, new).expect("moved");
            std::os::unix::fs::symlink(new, old).expect("a link");
        }),
        ("copied to another disk, a link left", |old, new| {
            let copied = std::process::Command::new("cp").arg("-a").args([old, new]).status();
            assert!(copied.expect("cp").success());
            fs::remove_dir_all(old).expect("removed");
            std::os::unix::fs::symlink(new, old).expect("a link");
        }),
        ("moved, another folder in its place", |old, new| {
            fs::rename(old, new).expect("moved");
            fs::create_dir_all(old.join(".git")).expect("a folder");
        }),
        ("moved, a clone in its place", |old, new| {
            fs::rename(old, new).expect("moved");
            git(new, &["clone", "-q", ".", &old.to_string_lossy()]);
        }),
    ];
    for (way, moving) in ways {
        let world = world();
        let old = world.folder.path().join("old");
        fs::create_dir(&old).expect("a folder");
        fs::rename(world.folder.path().join(".git"), old.join(".git")).expect("moved");
        let repo = Repo::discover(&old).expect("a repository");
        let one = append(&repo, &sign_off("one"), &ann()).expect("appended");
        append(&repo, &sign_off("two"), &ann()).expect("appended");
        let seen = |folder: &Path| {
            let repo = Repo::discover(folder).expect("a repository");
            look(&repo, Some(&world.state), &read(&repo).expect("a ledger"))
        };
        assert_eq!(seen(&old), Seen::default(), "{way}");
        // twice: the newest memory follows, not the first one
        let mut at = old;
        for number in 0..2 {
            let new = world.folder.path().join(format!("new{number}"));
            moving(&at, &new);
            assert_eq!(seen(&new), Seen::default(), "{way}");
            let repo = Repo::discover(&new).expect("a repository");
            append(&repo, &sign_off("three"), &ann()).expect("appended");
            assert_eq!(seen(&new), Seen::default(), "{way}");
            at = new;
        }
        git(&at, &["update-ref", REF, one.as_str()]);
        let rewound = seen(&at).rewound;
        assert_eq!(rewound.map(|rewound| rewound.missing.len()), Some(3), "{way}");
    }
}

#[test]
fn a_clone_beside_is_not_taken_for_one_that_was_moved() {
    let world = world();
    world.append("one");
    world.look();
    let beside = world._home.path().join("beside");
    git(world.folder.path(), &["clone", "-q", ".", &beside.to_string_lossy()]);
    let repo = Repo::discover(&beside).expect("a repository");
    let seen = look(&repo, Some(&world.state), &read(&repo).expect("a ledger"));
    assert_eq!(seen, Seen::default());
}

#[test]
fn a_program_that_makes_a_repository_anew_says_so() {
    let world = world();
    let one = world.append("one");
    world.append("two");
    world.look();
    world.move_to(&one);
    forget(&world.repo, &world.state).expect("forgotten");
    assert_eq!(world.look(), Seen::default());
}

#[test]
fn what_cannot_be_remembered_is_a_note() {
    let world = world();
    let one = world.append("one");
    let told = |state: Option<&StateFolder>| {
        let ledger = read(&world.repo).expect("a ledger");
        let seen = look(&world.repo, state, &ledger);
        assert_eq!(seen.rewound, None);
        assert_eq!(seen.notes.len(), 1, "{seen:?}");
        seen.notes[0].to_string()
    };
    assert!(told(None).contains("no home folder"));
    let blocked = world.folder.path().join("blocked");
    fs::write(&blocked, "").expect("written");
    assert!(told(Some(&StateFolder::at(&blocked))).contains("blocked"));
    // garbage is named by its path
    world.look();
    let folder = world._home.path().join("state/ledgers");
    let file = |folder: &Path| {
        fs::read_dir(folder).expect("a folder").next().expect("a file").expect("a file").path()
    };
    for garbage in ["", "[]", "{\"version\": 9, \"folder\": \"\", \"root\": null, \"tip\": null}"] {
        fs::write(file(&folder), garbage).expect("written");
        let note = told(Some(&world.state));
        assert!(note.contains("ledgers/") && note.contains("delete"), "{note}");
    }
    drop(one);
}
