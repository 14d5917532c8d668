//! Two people, a remote between them, and what can go wrong there.

mod places;
mod refused;
mod servers;
mod world;

use std::fs;
use std::sync::Mutex;

use super::*;
use crate::ledger::support::git;
use crate::ledger::{Wait, tip};
use servers::{Daemon, Http};
use world::{Clone, world};

fn both_ways(ann: &Clone, bob: &Clone) {
    assert_eq!(ann.synced(), (0, 0), "nobody has said anything");
    ann.append("from ann");
    assert_eq!(ann.synced(), (0, 1));
    assert_eq!(bob.synced(), (1, 0));
    ann.append("ann again");
    bob.append("from bob");
    assert_eq!(bob.synced(), (0, 1));
    assert_eq!(ann.synced(), (1, 1));
    assert_eq!(bob.synced(), (1, 0));
    assert_eq!(ann.notes().len(), 3);
    assert_eq!(ann.notes(), bob.notes());
    assert_eq!(tip(&ann.repo), tip(&bob.repo));
    for clone in [ann, bob] {
        clone.no_leftovers();
        assert_eq!(clone.synced(), (0, 0));
    }
}

#[test]
fn by_path() {
    let world = world();
    both_ways(&world.clone("ann"), &world.clone("bob"));
    git(&world.bare(), &["fsck", "--strict"]);
}

#[test]
fn by_git_daemon() {
    let world = world();
    let daemon = Daemon::serve(world.folder.path());
    let url = daemon.url("shop.git");
    both_ways(&world.clone_from("ann", &url), &world.clone_from("bob", &url));
}

#[test]
fn by_http_with_a_password_that_nobody_sees() {
    let world = world();
    let http = Http::serve(world.folder.path());
    git(&world.bare(), &["config", "http.receivepack", "true"]);
    let url = http.url("ann:s3cret@", "shop.git");
    both_ways(&world.clone_from("ann", &url), &world.clone_from("bob", &url));
    for who in ["", "ann:wr0ng@"] {
        let eve = world.clone_from(&format!("eve{}", who.len()), &http.url(who, "shop.git"));
        let error = eve.refused();
        assert!(error.contains("could not be fetched"), "{error}");
        assert!(!error.contains("wr0ng"), "{error}");
    }
    let nowhere = world.clone_from("lost", &http.url("ann:s3cret@", "none.git"));
    let error = nowhere.refused();
    assert!(error.contains("127.0.0.1") && !error.contains("s3cret"), "{error}");
}

#[test]
fn a_clone_that_only_fetches_pushes_nothing() {
    let world = world();
    let (ann, bob) = (world.clone("ann"), world.clone("bob"));
    ann.append("from ann");
    ann.synced();
    bob.append("from bob");
    let before = world.their_tip();
    let done = bob.with(false, |how| fetch(how, Some("origin"))).expect("fetched");
    assert_eq!((done.received.len(), done.sent, done.ahead), (1, 0, 1));
    assert_eq!(world.their_tip(), before);
    assert_eq!(bob.notes().len(), 2);
    let Sharing::Shared { ahead, behind, synced_at, .. } = bob.sharing() else { panic!() };
    assert_eq!((ahead, behind), (1, 0));
    assert!(synced_at.is_some());
}

#[test]
fn many_at_once_lose_nothing() {
    let world = world();
    let clones: Vec<Clone> = (0..4).map(|number| world.clone(&format!("p{number}"))).collect();
    std::thread::scope(|scope| {
        for (number, clone) in clones.iter().enumerate() {
            scope.spawn(move || {
                for round in 0..3 {
                    clone.append(&format!("{number} {round}"));
                    // busy is not a loss; the next round takes it along
                    match clone.sync() {
                        Ok(_) | Err(SyncError::Busy { .. } | SyncError::NotPushed { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
    for clone in clones.iter().chain(&clones) {
        clone.sync().expect("synced");
    }
    for clone in &clones {
        assert_eq!(clone.notes().len(), 12);
        assert_eq!(clone.notes(), clones[0].notes());
    }
}

#[test]
fn who_was_faster_is_joined_and_the_lease_is_tried_again() {
    let world = world();
    let (ann, bob) = (world.clone("ann"), world.clone("bob"));
    ann.append("first");
    ann.synced();
    bob.synced();
    ann.append("from ann");
    bob.append("from bob");
    // bob pushes between ann's fetch and ann's push
    let remote = Remote::choose(&ann.repo, None).expect("a remote");
    let round = ann.with(false, |how| take(how, &remote)).expect("fetched");
    bob.synced();
    let quiet = ann.with(false, |how| {
        remote.push(how.repo, round.theirs, round.tip.expect("a tip"), manners(how))
    });
    assert!(!quiet.expect("it ran").good, "the lease holds");
    assert_eq!(ann.synced(), (1, 1));
    assert_eq!(ann.notes().len(), 3);
}

#[test]
fn shallow_and_partial_clones_get_all_records() {
    let world = world();
    let ann = world.clone("ann");
    git(&world.bare(), &["config", "uploadpack.allowFilter", "true"]);
    for note in ["one", "two", "three"] {
        ann.append(note);
    }
    ann.synced();
    let from = format!("file://{}", world.bare().display());
    for (name, how) in [("shallow", "--depth=1"), ("partial", "--filter=blob:none")] {
        git(world.folder.path(), &["clone", "-q", how, &from, name]);
        let repo = Repo::discover(&world.folder.path().join(name)).expect("a repository");
        let state = StateFolder::at(world.folder.path().join(format!("{name}-state")));
        let clone = Clone { repo, state };
        assert_eq!(clone.synced(), (3, 0), "{name}");
        assert_eq!(clone.notes().len(), 3);
    }
}

#[test]
fn which_remote() {
    let world = world();
    let ann = world.clone("ann");
    let chosen =
        |given: Option<&str>| Remote::choose(&ann.repo, given).map(|r| r.name().to_owned());
    assert_eq!(chosen(None).expect("a remote"), "origin");
    let error = chosen(Some("upstream")).expect_err("none").to_string();
    assert_eq!(error, "there is no remote `upstream` here; there is `origin`");
    assert!(chosen(Some("--upload-pack=touch x")).is_err());
    git(ann.path(), &["remote", "add", "fork", "../fork.git"]);
    assert_eq!(chosen(None).expect("a remote"), "origin");
    git(ann.path(), &["config", "branch.main.remote", "fork"]);
    git(ann.path(), &["config", "branch.main.merge", "refs/heads/main"]);
    assert_eq!(chosen(None).expect("a remote"), "fork");
    git(ann.path(), &["config", "--unset", "branch.main.remote"]);
    git(ann.path(), &["remote", "rename", "origin", "upstream"]);
    let which = chosen(None).expect_err("several");
    assert!(which.is_usage() && which.to_string().contains("`fork`, `upstream`"), "{which}");
    for name in ["fork", "upstream"] {
        git(ann.path(), &["remote", "remove", name]);
    }
    assert!(matches!(chosen(None), Err(SyncError::NoRemote)));
    assert_eq!(ann.sharing(), Sharing::NoRemote);
}

#[test]
fn the_header_knows_what_is_shared() {
    let world = world();
    let (ann, bob) = (world.clone("ann"), world.clone("bob"));
    assert_eq!(ann.sharing(), Sharing::NotShared { remote: "origin".into() });
    ann.synced();
    assert_eq!(ann.ahead_and_behind(), (0, 0), "there was nothing to share");
    ann.append("one");
    ann.append("two");
    assert_eq!(ann.ahead_and_behind(), (2, 0));
    ann.synced();
    bob.synced();
    bob.append("three");
    bob.synced();
    configure(&ann.repo, None).expect("configured").expect("added");
    git(ann.path(), &["fetch", "-q"]);
    assert_eq!(ann.ahead_and_behind(), (0, 1), "a plain fetch brings it");
    assert_eq!(ann.synced(), (1, 0));
    assert_eq!(ann.ahead_and_behind(), (0, 0));
}

#[test]
fn configuring_adds_one_line_once() {
    let world = world();
    let ann = world.clone("ann");
    let line = configure(&ann.repo, None).expect("configured").expect("added");
    assert_eq!(
        line.as_str(),
        "remote.origin.fetch = +refs/gonogo/ledger*:refs/gonogo/remotes/origin/ledger*"
    );
    assert_eq!(configure(&ann.repo, Some("origin")).expect("configured"), None);
    let all = git(ann.path(), &["config", "--get-all", "remote.origin.fetch"]);
    assert_eq!(all.lines().count(), 2, "{all}");
    git(ann.path(), &["fetch", "-q"]);
    ann.append("one");
    ann.synced();
    git(ann.path(), &["fetch", "-q"]);
}

#[test]
fn the_persons_hooks_and_tags_stay_here() {
    let world = world();
    let ann = world.clone("ann");
    let ran = world.folder.path().join("ran");
    let hook = ann.path().join(".git/hooks/pre-push");
    fs::write(&hook, format!("#!/bin/sh\ntouch '{}'\nexit 1\n", ran.display())).expect("a hook");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&hook, mode).expect("a mode");
    git(ann.path(), &["config", "push.followTags", "true"]);
    git(ann.path(), &["tag", "-a", "-m", "t", "v1"]);
    ann.append("one");
    ann.synced();
    assert!(!ran.exists());
    let refs = git(&world.bare(), &["for-each-ref", "--format=%(refname)"]);
    assert_eq!(refs, "refs/gonogo/ledger\nrefs/heads/main");
}

#[test]
fn a_lock_is_waited_for_and_told() {
    let world = world();
    let (ann, bob) = (world.clone("ann"), world.clone("bob"));
    ann.append("one");
    ann.synced();
    let lock = bob.path().join(".git/refs/gonogo/ledger.lock");
    fs::create_dir_all(lock.parent().expect("a folder")).expect("a folder");
    fs::write(&lock, "").expect("a lock");
    let told = Mutex::new(0);
    let waiting = |wait: &Wait| {
        assert!(wait.lock.as_str().ends_with("ledger.lock"));
        *told.lock().expect("a count") += 1;
        let _ = fs::remove_file(&lock);
        std::ops::ControlFlow::Continue(())
    };
    let done = bob.with(false, |how| sync(&Sync { waiting: &waiting, ..*how }, None));
    assert_eq!(done.expect("synced").received.len(), 1);
    assert_eq!(*told.lock().expect("a count"), 1);
}

#[test]
fn without_a_memory_it_is_a_note() {
    let world = world();
    let ann = world.clone("ann");
    ann.append("one");
    let done = ann.with(false, |how| sync(&Sync { state: None, ..*how }, None)).expect("synced");
    assert!(done.notes[0].as_str().contains("cannot be remembered"), "{:?}", done.notes);
    assert_eq!(done.sent, 1);
}
