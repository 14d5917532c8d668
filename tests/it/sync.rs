//! The ledger between people, through the real program.

use std::fs;
use std::path::PathBuf;

use crate::support::Scene;

const CHECKLIST: &str = "\
checklist: shared
sections:
  - title: All
    items:
      - id: restore-rehearsed
        title: A backup was restored
        severity: high
        why: A backup that was never restored is a hope.
        sign_off: { valid: 90d }
";

/// A person's clone of a bare repository that they share.
fn people() -> (tempfile::TempDir, Scene, Scene) {
    let folder = tempfile::tempdir().expect("a folder");
    let bare = folder.path().join("shop.git");
    let (ann, bob) = (Scene::new(), Scene::new());
    ann.identity("Ann", "ann@example.com");
    bob.identity("Bob", "bob@example.com");
    ann.git(&["init", "--quiet", "--bare", "--initial-branch=main", &bare.to_string_lossy()]);
    ann.write(".gonogo.yaml", CHECKLIST).commit("first");
    for scene in [&ann, &bob] {
        scene.git(&["remote", "add", "origin", &bare.to_string_lossy()]);
    }
    ann.git(&["push", "--quiet", "origin", "main"]);
    bob.git(&["pull", "--quiet", "origin", "main"]);
    (folder, ann, bob)
}

fn good(scene: &Scene, args: &[&str]) -> String {
    let output = scene.gonogo(args);
    assert_eq!(output.code, 0, "{args:?}: {output:?}");
    output.out
}

#[test]
fn an_objection_crosses_and_is_overruled() {
    let (_folder, ann, bob) = people();
    good(&ann, &["sign", "restore-rehearsed", "-m", "restored on spare-2"]);
    assert_eq!(ann.gonogo(&["check"]).code, 0);
    good(&bob, &["object", "restore-rehearsed", "-m", "it has no payments table"]);
    let told = good(&bob, &["sync"]);
    assert!(told.contains("ledger of `origin`: received nothing, sent 1 record"), "{told}");

    // CI fetches and pushes nothing
    let check = ann.gonogo(&["check", "--fetch"]);
    assert_eq!(check.code, 1, "{check:?}");
    assert!(check.err.contains("received 1 record; 1 record not sent"), "{check:?}");
    assert!(check.err.contains("objection by Bob <bob@example.com>"), "{check:?}");

    let log = ann.gonogo(&["log", "--format", "json"]).json();
    let objection = log
        .as_array()
        .and_then(|all| all.iter().find(|one| one["act"] == "objection"))
        .expect("an objection");
    let id = objection["id"].as_str().expect("an id").to_owned();
    assert_eq!(objection["by_another"], false);
    let reason = "the table was restored meanwhile";
    let own = bob.gonogo(&["overrule", "restore-rehearsed", &id[..7], "-m", reason]);
    assert!(own.code == 2 && own.err.contains("nobody overrules"), "{own:?}");
    for (record, why, says) in [
        (&id[..7], "no", "at least 10 characters"),
        ("ffffffff", reason, "no record about"),
        ("12", reason, "no record about"),
    ] {
        let refused = ann.gonogo(&["overrule", "restore-rehearsed", record, "-m", why]);
        assert!(refused.code == 2 && refused.err.contains(says), "{refused:?}");
    }
    let told = good(&ann, &["overrule", "restore-rehearsed", &id[..7], "-m", reason]);
    assert!(told.contains("overruled the objection of Bob"), "{told}");
    assert_eq!(ann.gonogo(&["check"]).code, 0);
    let told = good(&ann, &["sync", "--configure"]);
    assert!(told.contains("added to the repository's configuration: remote.origin.fetch"));
    assert!(told.contains("sent 2 records"), "{told}");
    good(&bob, &["sync", "origin"]);
    assert_eq!(bob.gonogo(&["check"]).code, 0);
    let log = good(&bob, &["log"]);
    assert!(log.contains("overruled by ann@example.com") && log.contains(reason), "{log}");
    assert_eq!(log.matches("An author is a claim").count(), 1, "{log}");
}

#[test]
fn a_rewound_ledger_blocks_until_it_is_accepted() {
    let (_folder, ann, _bob) = people();
    good(&ann, &["sign", "restore-rehearsed"]);
    let signed = ann.git(&["rev-parse", "refs/gonogo/ledger"]);
    good(&ann, &["object", "restore-rehearsed", "-m", "it has no payments table"]);
    assert_eq!(ann.gonogo(&["check"]).code, 1);
    ann.git(&["update-ref", "refs/gonogo/ledger", signed.trim()]);
    let check = ann.gonogo(&["check"]);
    assert_eq!(check.code, 1, "{check:?}");
    assert!(check.out.contains("no longer contains"), "{check:?}");
    assert!(check.out.contains("objection on `restore-rehearsed` by Ann"), "{check:?}");
    assert!(good(&ann, &["log"]).contains("attention: the ledger no longer contains"));
    let told = good(&ann, &["log", "--accept-rewind"]);
    assert!(told.contains("gone: objection on `restore-rehearsed` by Ann"), "{told}");
    assert_eq!(ann.gonogo(&["check"]).code, 0);
    let told = good(&ann, &["log"]);
    assert!(told.contains("accepted here just now") && told.contains("1 lost"), "{told}");
    let state = ann.home().join(".local/state/gonogo/ledgers");
    assert_eq!(fs::read_dir(state).expect("remembered").count(), 1);
}

#[test]
fn who_wrote_for_somebody_else_is_named() {
    let (_folder, ann, _bob) = people();
    good(&ann, &["sign", "restore-rehearsed"]);
    // git itself lets anybody claim to be anybody
    let forged = ann.git(&[
        "-c",
        "user.name=Mallory",
        "-c",
        "user.email=mallory@example.com",
        "commit-tree",
        "refs/gonogo/ledger^{tree}",
        "-p",
        "refs/gonogo/ledger",
        "-m",
        "sign-off",
    ]);
    let forged = ann.git(&["show", "-s", "--format=%H", forged.trim()]);
    let raw = ann.git(&["cat-file", "commit", forged.trim()]);
    let raw =
        raw.replacen("author Mallory <mallory@example.com>", "author Bob <bob@example.com>", 1);
    let file = ann.beside("commit");
    fs::write(&file, raw).expect("written");
    let forged = ann.git(&["hash-object", "-t", "commit", "-w", &file.to_string_lossy()]);
    ann.git(&["update-ref", "refs/gonogo/ledger", forged.trim()]);
    let log = good(&ann, &["log"]);
    let expected =
        "sign-off by Bob <bob@example.com> (the commit was made by Mallory <mallory@example.com>)";
    assert!(log.contains(expected), "{log}");
    let json = ann.gonogo(&["log", "--format", "json"]).json();
    assert_eq!(json[0]["by_another"], true);
    assert_eq!(json[0]["committer"]["email"], "mallory@example.com");
}

#[test]
fn a_left_over_lock_is_named_while_it_waits() {
    let (_folder, ann, _bob) = people();
    good(&ann, &["sign", "restore-rehearsed"]);
    let lock: PathBuf = ann.root().join(".git/refs/gonogo/ledger.lock");
    fs::write(&lock, "").expect("a lock");
    let mut command = ann.gonogo_command();
    command.args(["sign", "restore-rehearsed"]).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    let mut line = String::new();
    let err = child.stderr.take().expect("an output");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(err), &mut line).expect("a line");
    assert!(line.contains("waiting for `") && line.contains("ledger.lock`; if no other"), "{line}");
    fs::remove_file(&lock).expect("unlocked");
    assert!(child.wait().expect("its end").success());
}

#[test]
fn an_interrupt_ends_git_too() {
    use std::io::Read as _;
    use std::net::TcpListener;
    let (_folder, ann, _bob) = people();
    good(&ann, &["sign", "restore-rehearsed"]);
    // a server that takes the call and never answers
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    ann.git(&["remote", "set-url", "origin", &format!("git://127.0.0.1:{port}/shop.git")]);
    let mut command = ann.gonogo_command();
    command.arg("sync").stdin(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    let (mut call, _) = silent.accept().expect("a call");
    let pid = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    rustix::process::kill_process(pid.expect("a process"), rustix::process::Signal::INT)
        .expect("told");
    let mut err = String::new();
    child.stderr.take().expect("an output").read_to_string(&mut err).expect("words");
    assert_eq!(child.wait().expect("its end").code(), Some(3), "{err}");
    assert!(err.contains("it was cancelled"), "{err}");
    // git hangs up, since it has ended too
    call.read_to_end(&mut Vec::new()).expect("the end of the call");
    let refs = ann.git(&["for-each-ref", "--format=%(refname)"]);
    assert!(!refs.contains("incoming"), "{refs}");
}

#[test]
fn what_sync_refuses() {
    let (_folder, ann, _bob) = people();
    let cases: [(&[&str], i32, &str); 4] = [
        (&["sync", "nowhere"], 2, "there is no remote `nowhere` here; there is `origin`"),
        (&["sync", "--offline"], 2, "--offline forbids"),
        (&["check", "--fetch", "--offline"], 2, "--offline forbids"),
        (&["sync", "\u{1b}[2J"], 2, "no remote `␛[2J`"),
    ];
    for (args, code, says) in cases {
        let refused = ann.gonogo(args);
        assert!(refused.code == code && refused.err.contains(says), "{args:?}: {refused:?}");
    }
    ann.git(&["remote", "set-url", "origin", "ext::touch ran"]);
    let refused = ann.gonogo(&["sync"]);
    assert!(refused.code == 3 && refused.err.contains("could not be fetched"), "{refused:?}");
    assert!(!ann.root().join("ran").exists());
    let scene = Scene::new();
    let refused = scene.gonogo(&["sync"]);
    assert!(refused.code == 2 && refused.err.contains("git remote add"), "{refused:?}");
}

#[test]
fn a_refused_ledger_blocks_until_it_was_taken() {
    let (folder, ann, bob) = people();
    good(&ann, &["sign", "restore-rehearsed", "-m", "restored on spare-2"]);
    good(&ann, &["sync"]);
    good(&bob, &["sync"]);
    good(&bob, &["object", "restore-rehearsed", "-m", "it has no payments table"]);
    good(&bob, &["sync"]);
    let bare = folder.path().join("shop.git").to_string_lossy().into_owned();
    let ledger = ["--git-dir", &bare, "rev-parse", "refs/gonogo/ledger"];
    let tip = ann.git(&ledger).trim().to_owned();
    let point = |to: &str| ann.git(&["--git-dir", &bare, "update-ref", "refs/gonogo/ledger", to]);
    point("refs/heads/main");
    assert_ne!(ann.gonogo(&["sync"]).code, 0, "it is not a ledger");
    let check = ann.gonogo(&["check"]);
    assert_eq!(check.code, 1, "{check:?}");
    assert!(check.out.contains("the ledger of `origin` was refused"), "{check:?}");
    point(&tip);
    good(&ann, &["sync"]);
    let check = ann.gonogo(&["check"]);
    assert!(!check.out.contains("was refused"), "{check:?}");
    assert!(check.out.contains("it has no payments table"), "{check:?}");
}

#[test]
fn who_wrote_a_record_for_another_is_named() {
    let (_folder, ann, _bob) = people();
    let args = ["sign", "restore-rehearsed", "-m", "restored on spare-2"];
    let mut command = ann.gonogo_command();
    let lead = [("GIT_AUTHOR_NAME", "Lead"), ("GIT_AUTHOR_EMAIL", "lead@example.com")];
    let signed = ann.run(command.args(args).envs(lead));
    assert_eq!(signed.code, 0, "{signed:?}");
    let check = ann.gonogo(&["check"]);
    let told = "names lead@example.com as its author, and ann@example.com wrote it";
    assert!(check.out.contains(told), "{check:?}");
}

#[test]
fn permissions_that_git_does_not_compare_are_told() {
    let (_folder, ann, _bob) = people();
    let said = "git compares no permissions here";
    assert!(!ann.gonogo(&["check"]).out.contains(said));
    ann.git(&["config", "core.fileMode", "false"]);
    let check = ann.gonogo(&["check"]);
    assert!(check.out.contains(said), "{check:?}");
}

#[test]
fn what_a_fetch_brought_and_a_prune_took_is_missed() {
    let team = format!("team: {{ all: [ann@example.com, bob@example.com] }}\n{CHECKLIST}");
    for (list, blocks) in [(CHECKLIST, false), (&team, true)] {
        let (_folder, ann, bob) = people();
        good(&bob, &["object", "restore-rehearsed", "-m", "it has no payments table"]);
        good(&bob, &["sync"]);
        ann.write(".gonogo.yaml", list.replace("checklist: shared\n", "") + "checklist: shared\n");
        ann.commit("list");
        ann.git(&["push", "--quiet", "origin", "main"]);
        good(&ann, &["sign", "restore-rehearsed", "-m", "restored on spare-2"]);
        let spec = "+refs/gonogo/ledger:refs/gonogo/remotes/origin/ledger";
        ann.git(&["fetch", "--quiet", "origin", spec]);
        let seen = ann.gonogo(&["check"]);
        assert!(seen.out.contains("1 record of `origin` was not looked at yet"), "{seen:?}");
        ann.git(&["update-ref", "-d", "refs/gonogo/remotes/origin/ledger"]);
        for _ in 0..2 {
            let gone = ann.gonogo(&["check"]);
            let all = format!("{}{}", gone.out, gone.err);
            let named = "records of `origin` that were seen here are gone";
            assert!(all.contains(named), "{all}");
            assert!(all.contains("objection on `restore-rehearsed` by Bob"), "{all}");
            assert_eq!(gone.code, i32::from(blocks), "{all}");
        }
        good(&ann, &["sync"]);
        let synced = ann.gonogo(&["check"]);
        assert!(!synced.out.contains("that were seen here are gone"), "{synced:?}");
        assert_eq!(synced.code, 1, "the objection came");
    }
}

#[test]
fn a_repository_that_was_moved_remembers_its_ledger() {
    let (_folder, ann, bob) = people();
    good(&ann, &["object", "restore-rehearsed", "-m", "it has no payments table"]);
    assert_eq!(ann.gonogo(&["check"]).code, 1);
    let moved = ann.beside("moved");
    fs::rename(ann.root(), &moved).expect("moved");
    let at = |folder: &std::path::Path, args: &[&str]| {
        let mut command = ann.gonogo_command();
        ann.run(command.current_dir(folder).args(args))
    };
    fs::remove_file(moved.join(".git/refs/gonogo/ledger")).expect("the ledger");
    let check = at(&moved, &["check"]);
    assert_eq!(check.code, 1, "{check:?}");
    assert!(check.out.contains("the ledger no longer contains"), "{check:?}");
    // a clone is told of it, and not blamed
    let clone = ann.beside("clone");
    let bare = fs::read_to_string(moved.join(".git/config")).expect("a configuration");
    let url = bare.lines().find_map(|line| line.trim().strip_prefix("url = ")).expect("an address");
    bob.git(&["clone", "-q", url, &clone.to_string_lossy()]);
    let check = at(&clone, &["check"]);
    assert!(!check.out.contains("no longer contains"), "{check:?}");
}
