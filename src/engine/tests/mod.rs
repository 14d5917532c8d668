//! Runs over real repositories with checks made for the purpose.

mod stage;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Event, Job};
use crate::check::AnyCheck;
use crate::model::{Finding, ItemOutcome, ItemResult};
use stage::{Probe, Tree, gate, many};

fn error(result: &ItemResult) -> String {
    result.errors().next().expect("an error").to_string()
}

fn told(result: &ItemResult) -> Vec<String> {
    let line = |finding: &Finding| match finding.place() {
        Some(place) => format!("{place} {}", finding.message),
        None => finding.message.to_string(),
    };
    result.findings().map(line).collect()
}

#[test]
fn what_git_tracks_or_would_add_is_seen_once() {
    let tree = Tree::new(&[
        (".gitignore", b"*.log\nbuild/\n/kept.txt\n"),
        (".hidden/.file", b""),
        ("a.py", b""),
        ("build/out.js", b""),
        ("build/tracked.js", b""),
        ("kept.txt", b""),
        ("noise.log", b""),
        ("deleted.py", b""),
        ("folder/b.py", b""),
        ("nested/c.py", b""),
        ("nested/.git/HEAD", b"ref: refs/heads/main\n"),
        ("submodule/d.py", b""),
        ("submodule/.git", b"gitdir: ../elsewhere\n"),
        ("no-repository/.git/x", b""),
        ("no-repository/e.py", b""),
        (".ignore", b"a.py\n"),
    ]);
    tree.git(&["add", "a.py", "deleted.py", "folder"]);
    tree.git(&["add", "-f", "kept.txt", "build/tracked.js"]);
    std::fs::remove_file(tree.path().join("deleted.py")).expect("removed");
    let probes = [Arc::new(Probe::default()), Arc::new(Probe::default())];
    tree.run(&[("one", vec![probes[0].clone()]), ("two", vec![probes[1].clone()])]);
    let expected = [
        ".gitignore",
        ".hidden/.file",
        ".ignore",
        "a.py",
        "build/tracked.js",
        "folder/b.py",
        "kept.txt",
        "no-repository/e.py",
    ];
    for probe in probes {
        assert_eq!(probe.paths(), expected);
        assert!(probe.shown().iter().all(|(_, times)| *times == 1));
        assert_eq!(probe.asked.load(Ordering::Relaxed), expected.len());
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let outside = tempfile::tempdir().expect("a folder");
    std::fs::write(outside.path().join("secret.py"), "x").expect("written");
    let tree = Tree::new(&[("folder/secret.py", b"x"), ("real.py", b"x"), ("turned.py", b"x")]);
    tree.git(&["add", "."]);
    // what was tracked as a file in a folder now leads outside
    std::fs::remove_dir_all(tree.path().join("folder")).expect("removed");
    std::fs::remove_file(tree.path().join("turned.py")).expect("removed");
    let link = |to: &Path, from: &str| {
        std::os::unix::fs::symlink(to, tree.path().join(from)).expect("linked");
    };
    link(outside.path(), "folder");
    link(&outside.path().join("secret.py"), "turned.py");
    link(Path::new("real.py"), "inside.py");
    let probe = Arc::new(Probe::default());
    tree.run_one(&probe);
    assert_eq!(probe.paths(), ["real.py"]);
}

#[test]
fn only_files_with_a_literal_are_shown() {
    let tree = Tree::new(&[
        ("a.txt", b"a secret_key"),
        ("b.txt", b"a secret"),
        ("c.txt", b"nothing"),
        ("d.py", b"secret_key"),
    ]);
    let probe = |literals: &[&'static str], only| {
        Arc::new(Probe { literals: literals.to_vec(), only, ..Probe::default() })
    };
    let short = probe(&["secret"], Some(".txt"));
    let long = probe(&["secret_key"], Some(".txt"));
    let all = probe(&[], Some(".txt"));
    let ended = tree.run(&[("one", vec![short.clone(), long.clone()]), ("two", vec![all.clone()])]);
    assert_eq!(short.paths(), ["a.txt", "b.txt"]);
    assert_eq!(long.paths(), ["a.txt"]);
    assert_eq!(all.paths(), ["a.txt", "b.txt", "c.txt"]);
    assert_eq!(
        told(&ended["one"]),
        ["a.txt:1:3 secret", "b.txt:1:3 secret", "a.txt:1:3 secret_key"]
    );
    assert_eq!(ended["one"].looked_at().as_str(), "3 files; 3 files");
}

#[test]
fn places_are_right_in_any_encoding() {
    let utf16: Vec<u8> =
        "\u{feff}é\r\né X".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let tree = Tree::new(&[
        ("bom.txt", "\u{feff}X\nX".as_bytes()),
        ("latin1.txt", b"caf\xe9 X\n\xff\xfeX"),
        ("utf16.txt", &utf16),
        ("binary.txt", b"X\0X"),
        ("empty.txt", b""),
    ]);
    let probe = Arc::new(Probe { literals: vec!["X"], ..Probe::default() });
    let result = tree.run_one(&probe);
    assert_eq!(
        told(&result),
        [
            "bom.txt:1:1 X",
            "bom.txt:2:1 X",
            "latin1.txt:1:6 X",
            "latin1.txt:2:3 X",
            "utf16.txt:2:3 X"
        ]
    );
    assert_eq!(result.looked_at().as_str(), "4 files");
}

#[test]
fn a_large_file_is_skipped_with_the_reason() {
    let tree = Tree::new(&[("large.txt", &vec![b'X'; crate::repo::LARGEST + 1]), ("a.py", b"")]);
    let wanting = Arc::new(Probe { literals: vec!["X"], ..Probe::default() });
    let other = Arc::new(Probe { only: Some(".py"), ..Probe::default() });
    assert_eq!(
        told(&tree.run_one(&wanting)),
        ["`large.txt` was not looked at (larger than 8 MiB)"]
    );
    assert_eq!(tree.run_one(&other).outcome(), ItemOutcome::Holds);
}

#[test]
fn all_findings_are_kept_in_order_up_to_a_bound() {
    let of_lines = |lines: usize| {
        let lines = "X\n".repeat(lines);
        let names: Vec<String> = (0..200).map(|n| format!("{n:03}/a.txt")).collect();
        let files: Vec<(&str, &[u8])> =
            names.iter().rev().map(|name| (name.as_str(), lines.as_bytes())).collect();
        let probe = Arc::new(Probe { literals: vec!["X"], ..Probe::default() });
        Tree::new(&files).run_one(&probe)
    };
    let result = of_lines(100);
    let places: Vec<_> = result.findings().filter_map(|found| found.place().cloned()).collect();
    assert_eq!(places.len(), 20_000);
    assert!(places.is_sorted());
    assert_eq!(result.identities().len(), 20_000);
    assert!(error(&of_lines(300)).starts_with("there are more than 50000 findings"));
}

#[test]
fn a_panic_is_one_checks_error() {
    let tree = Tree::new(&[("a.txt", b"X"), ("b.txt", b"X")]);
    for method in ["needs", "wants", "literals", "look", "judge"] {
        let apart = method == "needs";
        let bad = Arc::new(Probe { panics: Some(method), apart, ..Probe::default() });
        let good = Arc::new(Probe { literals: vec!["X"], ..Probe::default() });
        let ended = tree.run(&[("bad", vec![bad]), ("good", vec![good])]);
        let error = error(&ended["bad"]);
        assert!(
            error.contains("internal error") && !error.contains("hunter2"),
            "{method}: {error}"
        );
        assert_eq!(told(&ended["good"]).len(), 2, "{method}");
    }
}

#[test]
fn an_error_is_no_pass() {
    let tree = Tree::new(&[("a.txt", b"X")]);
    let bad = Arc::new(Probe { fails: Some("no answer"), ..Probe::default() });
    let network = Arc::new(Probe { network: true, apart: true, ..Probe::default() });
    let good = Arc::new(Probe { apart: true, ..Probe::default() });
    let ended = tree.run(&[
        ("bad", vec![good.clone(), bad]),
        ("empty", vec![]),
        ("network", vec![network.clone()]),
        ("good", vec![good.clone()]),
    ]);
    assert_eq!(error(&ended["bad"]), "no answer; look");
    assert_eq!(ended["empty"].outcome(), ItemOutcome::Errored);
    assert!(error(&ended["network"]).contains("offline"));
    assert_eq!(ended["good"].outcome(), ItemOutcome::Holds);
    assert_eq!(good.asked.load(Ordering::Relaxed), 0);

    std::fs::write(tree.path().join(".git/index"), "no index").expect("written");
    let ended = tree.run(&[("pass", vec![Arc::new(Probe::default())]), ("apart", vec![good])]);
    assert!(error(&ended["pass"]).contains("index"));
    assert_eq!(ended["apart"].outcome(), ItemOutcome::Holds);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let tree = Tree::new(&[("a.txt", b"X"), ("closed/b.txt", b"X"), ("tracked/c.txt", b"X")]);
    tree.git(&["add", "tracked"]);
    let set = |path: &str, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(tree.path().join(path), mode).expect("set");
    };
    for path in ["a.txt", "closed", "tracked"] {
        set(path, 0);
    }
    let may_read_all = std::fs::read(tree.path().join("a.txt")).is_ok();
    let result = tree.run_one(&Arc::new(Probe::default()));
    for path in ["a.txt", "closed", "tracked"] {
        set(path, 0o755);
    }
    if may_read_all {
        return; // the superuser is never refused
    }
    let told = told(&result);
    let about = |path: &str| {
        told.iter().any(|t| t.starts_with(&format!("`{path}` was not looked at (Permission")))
    };
    assert!(["a.txt", "closed", "tracked", "tracked/c.txt"].iter().all(|p| about(p)), "{told:?}");
}

#[test]
fn a_cancelled_run_ends_soon_and_says_so() {
    let tree = many();
    let (gate, at_gate, let_go) = gate();
    let job = Job {
        item: "gate".parse().expect("an id"),
        checks: vec![("gate", AnyCheck::Scan(gate.clone()))],
    };
    let (run, events) = tree.begin(vec![job]);
    at_gate.recv().expect("a visit");
    run.cancel();
    drop(let_go);
    run.wait();
    let events: Vec<Event> = events.iter().collect();
    assert!(matches!(events.last(), Some(Event::Done { cancelled: true, .. })), "{events:?}");
    assert!(!events.iter().any(|event| matches!(event, Event::Finished { .. })), "{events:?}");
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    assert!(gate.visits.load(Ordering::Relaxed) <= threads);
}

#[test]
fn a_check_apart_from_the_pass_does_not_wait_for_it() {
    let tree = many();
    let (gate, at_gate, let_go) = gate();
    let apart = Arc::new(Probe { apart: true, ..Probe::default() });
    let job = |item: &str, check| Job {
        item: item.parse().expect("an id"),
        checks: vec![("gate", check)],
    };
    let (run, events) =
        tree.begin(vec![job("gate", AnyCheck::Scan(gate)), job("apart", apart.any())]);
    at_gate.recv().expect("a visit");
    // the pass is held up, and still this one ends
    let first = events.iter().find_map(|event| match event {
        Event::Finished { item, .. } => Some(item.to_string()),
        _ => None,
    });
    assert_eq!(first.as_deref(), Some("apart"));
    // dropping does not block, though the pass is still held up
    drop(run);
    drop(let_go);
    assert!(matches!(events.iter().last(), Some(Event::Done { cancelled: true, .. })));
}
