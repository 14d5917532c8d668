//! What is refused or lost on the way, and what of it is told.

use std::fs;

use super::world::world;
use crate::ledger::store::REF;
use crate::ledger::support::{commit_record, git};
use crate::ledger::sync::*;

#[test]
fn a_remote_that_takes_nothing_is_told_and_keeps_us() {
    let world = world();
    let ann = world.clone("ann");
    ann.append("from ann");
    let hook = world.bare().join("hooks/pre-receive");
    fs::write(&hook, "#!/bin/sh\necho 'no writing \u{1b}[2J here'\nexit 1\n").expect("a hook");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&hook, mode).expect("a mode");
    let error = ann.sync().expect_err("refused");
    assert!(matches!(error, SyncError::NotPushed { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("no writing") && !text.contains('\u{1b}'), "{text}");
    assert_eq!(ann.notes(), ["from ann"]);
}

#[test]
fn a_damaged_or_forged_ledger_is_refused_and_named() {
    let world = world();
    let ann = world.clone("ann");
    let bare = git2::Repository::open(world.bare()).expect("a repository");
    let blob = bare.blob(b"code").expect("a blob");
    let mut tree = bare.treebuilder(None).expect("a builder");
    tree.insert("README", blob, 0o100_644).expect("an entry");
    let tree = tree.write().expect("a tree");
    let a = commit_record(&bare, "a", &[], 1);
    let b = commit_record(&bare, "b", &[], 2);
    let two_and_a_record = commit_record(&bare, "join", &[a, b], 3).to_string();
    let code = git(&world.bare(), &["rev-parse", "main"]);
    let cases = [
        (code.as_str(), "holds no record.json"),
        (&tree.to_string(), "not a commit but a tree"),
        (&two_and_a_record, "yet holds a record"),
    ];
    ann.append("from ann");
    for (tip, says) in cases {
        world.set_their_tip(tip);
        let error = ann.refused();
        assert!(error.contains(says) && error.contains("`origin` was refused"), "{error}");
        assert_eq!(world.their_tip(), tip, "nor there");
        let kept = ann.refusals();
        let [kept] = &kept[..] else { panic!("{kept:?}") };
        assert!(kept.contains(says), "{kept}");
    }
    git(ann.path(), &["remote", "rename", "origin", "old"]);
    let [kept] = &ann.refusals()[..] else { panic!("{:?}", ann.refusals()) };
    assert!(kept.contains("`origin` is not a remote any more"), "{kept}");
    git(&world.bare(), &["update-ref", "-d", REF]);
    ann.synced();
    assert_eq!(ann.refusals(), Vec::<String>::new(), "it was taken again");
}

#[test]
fn a_remote_that_is_gone_is_told() {
    let world = world();
    let ann = world.clone("ann");
    git(ann.path(), &["remote", "remove", "origin"]);
    assert_eq!(ann.sharing(), Sharing::NoRemote, "it was never synced");
    git(ann.path(), &["remote", "add", "origin", &world.bare().to_string_lossy()]);
    ann.append("one");
    ann.synced();
    git(ann.path(), &["remote", "remove", "origin"]);
    let gone = Sharing::Gone { remote: "origin".into() };
    assert_eq!(ann.sharing(), gone);
    fs::remove_dir_all(world.folder.path().join("ann-state")).expect("forgotten");
    assert_eq!(ann.sharing(), gone, "the ref of its ledger is still there");
    git(ann.path(), &["remote", "add", "other", &world.bare().to_string_lossy()]);
    assert_eq!(ann.sharing(), Sharing::NotShared { remote: "other".into() });
}

#[test]
fn a_rewound_ledger_is_refused_until_it_is_accepted() {
    let world = world();
    let (ann, bob) = (world.clone("ann"), world.clone("bob"));
    ann.append("one");
    ann.synced();
    let one = world.their_tip();
    ann.append("an objection, say");
    ann.synced();
    bob.synced();
    for moved in [one.as_str(), ""] {
        if moved.is_empty() {
            git(&world.bare(), &["update-ref", "-d", REF]);
        } else {
            world.set_their_tip(moved);
        }
        let error = ann.refused();
        assert!(error.contains("no longer contains") && error.contains("sign-off on"), "{error}");
    }
    // the memory outside the repository knows it too
    git(ann.path(), &["update-ref", "-d", "refs/gonogo/remotes/origin/ledger"]);
    assert!(ann.refused().contains("no longer contains"));
    // who comes anew cannot know, and loses nothing to it
    let eve = world.clone("eve");
    assert_eq!(eve.synced(), (0, 0));
    let done = ann.with(true, |how| sync(how, None)).expect("accepted");
    assert_eq!(done.sent, 2, "the records are there again");
    assert_eq!(bob.synced(), (0, 0));
    assert_eq!(bob.notes().len(), 2);
}

#[test]
fn a_rewound_clone_gets_its_records_back() {
    let world = world();
    let ann = world.clone("ann");
    let one = ann.append("one");
    ann.append("two");
    ann.synced();
    git(ann.path(), &["update-ref", REF, one.as_str()]);
    assert_eq!(ann.synced(), (1, 0));
    assert_eq!(ann.notes(), ["one", "two"]);
}
