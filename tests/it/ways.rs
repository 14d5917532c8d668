//! Ways that once led to a GO, each with what stands against it now; and their
//! harmless twins, against which nothing does.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::Scene;

/// A manual item beside one that passes.
fn list(gate: &str, sign_off: &str) -> String {
    format!(
        "checklist: x\n{gate}sections:\n  - title: A\n    items:\n      - {{ id: a, title: T, severity: high, why: W., check: {{ file_present: {{ globs: [app] }} }} }}\n      - {{ id: m, title: M, severity: high, why: W., sign_off: {{ {sign_off} }} }}\n"
    )
}

const WARN: &str = "gate: { uncommitted: warn }\n";
const COVERS: &str = "covers: [\"src/**\"]";
const DAYS: &str = "valid: 90d";

fn scene(gate: &str, sign_off: &str) -> Scene {
    let scene = Scene::new();
    scene.write(".gonogo.yaml", list(gate, sign_off)).write("app", "1\n");
    scene.write("src/pay", "/bin/true").commit("one");
    scene
}

type Act = fn(&Scene);

/// What is done after the sign-off, and what must be said against it.
const CASES: [(&str, &str, &str, Act, Option<&str>); 14] = [
    ("nothing happens", WARN, COVERS, |_| {}, None),
    (
        "a covered file of the work tree that is deployed is changed",
        WARN,
        COVERS,
        |it| {
            it.write("src/pay", "/bin/false");
        },
        Some("src/pay (changed, not committed)"),
    ),
    (
        "a covered one is new",
        WARN,
        COVERS,
        |it| {
            it.write("src/new", "");
        },
        Some("src/new (added, not committed)"),
    ),
    (
        "another one is changed",
        WARN,
        COVERS,
        |it| {
            it.write("app", "2\n");
        },
        None,
    ),
    (
        "a covered one is new, and the commit is deployed",
        "",
        COVERS,
        |it| {
            it.write("src/new", "");
        },
        None,
    ),
    (
        "a link with the same bytes takes a covered file's place",
        "",
        COVERS,
        |it| {
            fs::remove_file(it.root().join("src/pay")).expect("removed");
            symlink("/bin/true", it.root().join("src/pay")).expect("a link");
            it.commit("link");
        },
        Some("src/pay (changed)"),
    ),
    (
        "a covered file is made executable",
        "",
        COVERS,
        |it| {
            it.mode("src/pay", 0o755).commit("mode");
        },
        Some("src/pay (changed)"),
    ),
    (
        "files are in conflict",
        WARN,
        DAYS,
        |it| {
            conflict(it);
        },
        Some("1 file is in conflict: app"),
    ),
    (
        "a merge is resolved and not committed",
        WARN,
        DAYS,
        |it| {
            conflict(it);
            it.write("app", "both\n").git(&["add", "app"]);
        },
        Some("a merge is not finished"),
    ),
    (
        "a merge is given up",
        WARN,
        DAYS,
        |it| {
            conflict(it);
            it.git(&["merge", "--abort"]);
        },
        None,
    ),
    (
        "grafts make another history an ancestor",
        "",
        "by: x",
        |it| {
            let before = it.git(&["rev-parse", "HEAD"]);
            it.git(&["checkout", "-q", "--orphan", "z"]);
            it.commit("z");
            let now = it.git(&["rev-parse", "HEAD"]);
            it.write(".git/info/grafts", format!("{} {}\n", now.trim(), before.trim()));
        },
        Some("which this commit does not descend from"),
    ),
    (
        "git checks out another file than the commit has",
        "",
        DAYS,
        |it| {
            it.write("evil", "evil\n");
            let evil = it.git(&["hash-object", "-w", "evil"]);
            fs::remove_file(it.root().join("evil")).expect("removed");
            it.git(&["replace", "HEAD:app", evil.trim()]);
            fs::remove_file(it.root().join("app")).expect("removed");
            it.git(&["checkout", "-q", "app"]);
            assert_eq!(it.read("app"), "evil\n");
            // git notes the file anew, which makes it look unchanged
            let noted = fs::metadata(it.root().join("app")).expect("a file").modified();
            it.write("later", "");
            while fs::metadata(it.root().join("later")).expect("a file").modified().ok()
                <= noted.as_ref().ok().copied()
            {
                it.write("later", "");
            }
            fs::remove_file(it.root().join("later")).expect("removed");
            it.git(&["update-index", "--force-write-index"]);
        },
        Some("1 uncommitted change: app"),
    ),
    (
        "a commit is replaced, as a longer history is joined",
        "",
        DAYS,
        |it| {
            it.commit("two").git(&["replace", "--graft", "HEAD"]);
        },
        None,
    ),
    (
        "the list has nearly the right name",
        "",
        DAYS,
        |it| {
            it.git(&["mv", ".gonogo.yaml", ".Gonogo.yml"]);
            it.commit("renamed");
        },
        Some("`.Gonogo.yml` is not read: rename it to `.gonogo.yaml`"),
    ),
];

fn conflict(it: &Scene) {
    it.git(&["checkout", "-q", "-b", "other"]);
    it.write("app", "other\n").commit("other").git(&["checkout", "-q", "main"]);
    it.write("app", "ours\n").commit("ours");
    assert_ne!(it.try_git(&["merge", "other"]).code, 0);
}

#[test]
fn each_way_is_closed_and_its_twin_open() {
    let mut wrong = Vec::new();
    for (name, gate, sign_off, act, expected) in CASES {
        let (gate, sign_off) = match sign_off {
            // neither files nor time bind it: only the commits do
            "by: x" => ("team: { x: [ada@example.com] }\n", sign_off),
            other => (gate, other),
        };
        let it = scene(gate, sign_off);
        let signed = it.gonogo(&["sign", "m", "-m", "looked at it"]);
        assert_eq!(signed.code, 0, "{name}: {signed:?}");
        act(&it);
        let seen = it.gonogo(&["check", "--format", "json"]).json();
        let blockers = seen["blockers"].as_array().cloned().unwrap_or_default();
        let said: Vec<&str> = blockers.iter().filter_map(|b| b["why"].as_str()).collect();
        let right = match expected {
            None => seen["verdict"] == "go" && said.is_empty(),
            Some(words) => seen["verdict"] == "no_go" && said.iter().any(|why| why.contains(words)),
        };
        if !right {
            wrong.push(format!("{name}: {} {said:#?}", seen["verdict"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_folder_under_covers_is_refused_with_what_was_meant() {
    for sign_off in ["covers: [src]", "covers: [src], valid: 90d"] {
        let it = scene("", sign_off);
        let signed = it.gonogo(&["sign", "m", "-m", "looked at it"]);
        assert_ne!(signed.code, 0, "{signed:?}");
        assert!(signed.err.contains("write `src/**`"), "{signed:?}");
    }
}

#[test]
fn a_record_without_modes_counts_by_its_blobs() {
    let it = scene("", COVERS);
    assert_eq!(it.gonogo(&["sign", "m", "-m", "looked at it"]).code, 0);
    let record = it.git(&["show", "refs/gonogo/ledger:record.json"]);
    assert!(record.contains(" 100644\""), "{record}");
    it.write("record.json", record.replace(" 100644\"", "\""));
    let blob = it.git(&["hash-object", "-w", "record.json"]);
    fs::remove_file(it.root().join("record.json")).expect("removed");
    let line = format!("100644 blob {}\trecord.json\n", blob.trim());
    it.write("tree", line);
    let made = std::process::Command::new("git")
        .args(["mktree"])
        .current_dir(it.root())
        .stdin(fs::File::open(it.root().join("tree")).expect("a file"))
        .output()
        .expect("git");
    fs::remove_file(it.root().join("tree")).expect("removed");
    let tree = String::from_utf8(made.stdout).expect("text");
    let message = it.git(&["log", "-1", "--format=%B", "refs/gonogo/ledger"]);
    let commit = it.git(&["commit-tree", tree.trim(), "-m", message.trim()]);
    it.git(&["update-ref", "refs/gonogo/ledger", commit.trim()]);
    fs::remove_dir_all(it.home().join(".local")).expect("the memory of the ledger");
    let seen = it.gonogo(&["check", "--format", "json"]).json();
    assert_eq!(seen["verdict"], "go", "{seen:#}");
}

/// A list that nothing stands against.
const HARMLESS: &str = "checklist: x\nsections: [{ title: A, items: [{ id: a, title: T, severity: high, why: W., check: { file_present: { globs: [app] } } }] }]\n";

#[test]
fn a_checklist_that_is_not_on_disk_is_not_passed_over() {
    let hidden = |names: &[&str], arguments: &[&str]| {
        let scene = Scene::new();
        for name in names {
            scene.write(name, HARMLESS);
        }
        scene.write("app", "1\n").commit("one");
        let hidden = names[0];
        scene.git(&["update-index", "--skip-worktree", hidden]);
        fs::remove_file(scene.root().join(hidden)).expect("removed");
        scene.gonogo(&[&["check", "--offline"], arguments].concat())
    };
    let said = "is the commit's checklist and is not on disk";
    for names in [
        &[".gonogo.yaml"][..],
        &[".gonogo/checklist.yaml"],
        &[".gonogo/checklist.yaml", ".gonogo.yaml"],
    ] {
        let told = hidden(names, &[]);
        assert_eq!(told.code, 1, "{names:?}: {told:?}");
        assert!(told.out.contains(said) && told.out.contains(names[0]), "{names:?}: {told:?}");
    }
    // the one that is not read does not matter, nor does any when a list is named
    let told = hidden(&[".gonogo.yaml", ".gonogo/checklist.yaml"], &[]);
    assert!(told.code == 0 && !told.out.contains(said), "{told:?}");
    let told = hidden(&[".gonogo.yaml"], &["--checklist", "builtin:general"]);
    assert!(!told.out.contains(said), "{told:?}");
}
