//! Two people, a remote between them, and what can go wrong there.

mod places;
mod servers;

use crate::ledger::{Wait, patiently};
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use tempfile::TempDir;

use super::*;
use crate::ledger::store::REF;
use crate::ledger::support::{ann, append, commit_record, git, sign_off};
use crate::ledger::{read, tip};
use servers::{Daemon, Http};

/// A bare repository and people with clones of it.
struct World {
    folder: TempDir,
}

/// One person with a clone and a memory.
struct Clone {
    repo: Repo,
    state: StateFolder,
}

fn world() -> World {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "-q", "--bare", "-b", "main", "shop.git"]);
    git(folder.path(), &["init", "-q", "-b", "main", "seed"]);
    let seed = folder.path().join("seed");
    git(&seed, &["commit", "-q", "--allow-empty", "-m", "first"]);
    git(&seed, &["push", "-q", "../shop.git", "main"]);
    World { folder }
}

impl World {
    fn bare(&self) -> std::path::PathBuf {
        self.folder.path().join("shop.git")
    }

    fn clone(&self, name: &str) -> Clone {
        self.clone_from(name, &self.bare().to_string_lossy())
    }

    fn clone_from(&self, name: &str, url: &str) -> Clone {
        // objects are not hard links to those of the remote
        let from = format!("file://{}", self.bare().display());
        git(self.folder.path(), &["clone", "-q", &from, name]);
        let path = self.folder.path().join(name);
        git(&path, &["remote", "set-url", "origin", url]);
        let repo = Repo::discover(&path).expect("a repository");
        Clone { repo, state: StateFolder::at(self.folder.path().join(format!("{name}-state"))) }
    }

    fn their_tip(&self) -> String {
        git(&self.bare(), &["for-each-ref", "--format=%(objectname)", REF])
    }

    fn set_their_tip(&self, tip: &str) {
        git(&self.bare(), &["update-ref", REF, tip]);
    }
}

impl Clone {
    fn path(&self) -> &Path {
        self.repo.root()
    }

    fn with<T>(&self, accept_rewind: bool, work: impl FnOnce(&Sync<'_>) -> T) -> T {
        work(&Sync {
            repo: &self.repo,
            state: Some(&self.state),
            terminal: false,
            limit: Duration::from_secs(60),
            cancelled: &|| false,
            waiting: &patiently,
            accept_rewind,
            now: "2026-03-15T12:00:00Z".parse().expect("a moment"),
        })
    }

    fn sync(&self) -> Result<Synced, SyncError> {
        self.with(false, |how| sync(how, None))
    }

    fn synced(&self) -> (usize, usize) {
        let done = self.sync().expect("synced");
        assert_eq!(done.notes, Vec::<CleanText>::new());
        assert_eq!(done.tip, tip(&self.repo));
        (done.received.len(), done.sent)
    }

    fn refused(&self) -> String {
        let before = tip(&self.repo);
        let error = self.sync().expect_err("refused").to_string();
        assert_eq!(tip(&self.repo), before, "nothing changed here");
        self.no_leftovers();
        error
    }

    fn append(&self, note: &str) -> CommitId {
        append(&self.repo, &sign_off(note), &ann()).expect("appended")
    }

    fn notes(&self) -> Vec<String> {
        let entries = read(&self.repo).expect("a ledger").entries;
        entries.iter().map(|entry| entry.record.statement.words().to_string()).collect()
    }

    fn sharing(&self) -> Sharing {
        let ledger = read(&self.repo).expect("a ledger");
        sharing(&self.repo, Some(&self.state), &ledger).expect("readable")
    }

    fn ahead_and_behind(&self) -> (usize, usize) {
        match self.sharing() {
            Sharing::Shared { ahead, behind, .. } => (ahead, behind),
            other => panic!("{other:?}"),
        }
    }

    fn refusals(&self) -> Vec<String> {
        let refused = refused(&self.repo, Some(&self.state)).expect("readable");
        refused.iter().map(ToString::to_string).collect()
    }

    fn no_leftovers(&self) {
        let left = git(self.path(), &["for-each-ref", "refs/gonogo/incoming"]);
        assert_eq!(left, "");
    }
}

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
