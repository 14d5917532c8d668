//! What the file system does not let a person read: the cause is named, with
//! what to do, and never a step that makes it worse.

use crate::support::{Scene, Terminal};

#[test]
fn a_git_folder_that_cannot_be_read_is_there() {
    let scene = Scene::new();
    scene.write("app.py", "x = 1\n").commit("first").mode(".git", 0o000);
    for args in [&["check"][..], &["log"], &["sync"], &["secret", "--write", "SECRET_KEY"]] {
        let told = scene.gonogo_unprivileged(args);
        assert_eq!(told.code, 3, "{args:?}: {told:?}");
        assert!(
            told.err.contains(".git` is there and could not be read (permission denied)"),
            "{told:?}"
        );
        assert!(!told.err.contains("git init") && !told.err.contains("os error"), "{told:?}");
    }
    scene.mode(".git", 0o755);
}

#[test]
fn what_git_keeps_and_cannot_be_read_is_named_with_a_step() {
    let scene = Scene::new();
    scene.write("app.py", "x = 1\n").commit("first").mode(".git/objects", 0o000);
    let told = scene.gonogo_unprivileged(&["check"]);
    let says = ".git/objects` is there and could not be read (permission denied); run gonogo as";
    assert!(told.code == 3 && told.err.contains(says), "{told:?}");
    scene.mode(".git/objects", 0o755).write(".git/refs/gonogo/ledger", "nonsense\n");
    for args in [&["check"][..], &["log"]] {
        let told = scene.gonogo_unprivileged(args);
        assert_eq!(told.code, 3, "{told:?}");
        for says in ["corrupted loose reference", "`gonogo sync` fetches the records again"] {
            assert!(told.err.contains(says), "{says}: {told:?}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_its_cause_alone() {
    let scene = Scene::new();
    let list = "\
checklist: shop
sections:
  - title: All
    items:
      - id: no-todo
        title: Nothing is left to do
        severity: high
        why: It should be done.
        check: { todo: {} }
";
    scene.write(".gonogo.yaml", list).write("app.py", "x = 1\n").commit("first");
    scene.mode("app.py", 0o000);
    let told = scene.gonogo_unprivileged(&["show", "no-todo"]);
    let says = "`app.py` was not looked at (permission denied)";
    assert!(told.out.contains(says), "{told:?}");
    assert!(told.out.contains("give yourself permission to read it, or leave it out"), "{told:?}");
    assert!(!told.out.contains("os error") && !told.out.contains("smaller"), "{told:?}");
}

#[test]
fn a_terminal_that_cannot_be_drawn_on_gets_the_text() {
    let scene = Scene::new();
    scene.write("app.py", "x = 1\n").commit("first");
    let mut terminal = Terminal::open_with(&scene, &[], &[("TERM", "dumb")], 60, 120);
    assert_eq!(terminal.wait_exit(), 0);
    let text = String::from_utf8(terminal.bytes()).expect("text");
    assert!(text.contains("GO: ") && !text.contains("\u{1b}[?1049h"), "{text}");
}

#[test]
fn what_a_fix_could_not_look_at_is_named_once() {
    let scene = Scene::new();
    let list = "\
checklist: shop
sections:
  - title: All
    items:
      - id: key-strong
        title: The key is strong
        severity: high
        why: So that nobody guesses it.
        check:
          - secret_strength: { key: SECRET_KEY }
          - env_keys: { required: { SECRET_KEY: any } }
";
    scene.write(".gonogo.yaml", list).write(".gitignore", ".env\n").commit("first");
    scene.write(".env", "SECRET_KEY=changeme\n").mode(".env", 0o000);
    let told = scene.gonogo_unprivileged(&["fix", "key-strong", "--yes"]);
    let says = "gonogo: `key-strong` could not be looked at, so nothing was fixed: could not read `.env`: permission denied";
    assert!(told.code == 3 && told.err.starts_with(says), "{told:?}");
    for args in [&["show", "key-strong"][..], &["check"]] {
        let told = scene.gonogo_unprivileged(args);
        assert_eq!(told.out.matches("could not read `.env`").count(), 1, "{told:?}");
    }
}
