//! `gonogo fix` and `gonogo undo`, and the same on the screen.

use std::fs;

use crate::support::{Scene, Terminal};

const CHECKLIST: &str = "\
checklist: fixes
sections:
  - title: Files
    items:
      - id: key-strong
        title: The key is strong
        severity: high
        why: So that nobody guesses it.
        check:
          secret_strength: { key: SECRET_KEY }
      - id: env-ignored
        title: git ignores the env file
        severity: high
        why: So that nobody commits it.
        check:
          git_ignored: { paths: [.env] }
      - id: notes-untracked
        title: Notes are not in git
        severity: high
        why: They are private.
        check:
          git_untracked: { globs: [notes.txt] }
      - id: notes-private
        title: Notes are private
        severity: high
        why: They are private.
        check:
          file_mode: { globs: [notes.txt], max: \"0600\" }
      - id: no-todo
        title: Nothing is left to do
        severity: low
        why: It should be done.
        check:
          todo: {}
      - id: asked
        title: Somebody looked
        severity: low
        why: Somebody should.
        sign_off: { valid: 30d }
";

fn scene() -> Scene {
    let scene = Scene::new();
    scene.write(".gonogo.yaml", CHECKLIST).write("notes.txt", "TODO: hunter2-is-the-word\n");
    scene.write("app.py", "# TODO: later\n").mode("notes.txt", 0o644).commit("one");
    scene.write(".env", "SECRET_KEY=changeme\nPORT=1\n").mode(".env", 0o640);
    scene
}

#[test]
fn nothing_changes_without_an_agreement() {
    let scene = scene();
    for (args, code) in
        [(&["fix", "env-ignored", "--dry-run"][..], 0), (&["fix", "env-ignored"], 2)]
    {
        let told = scene.gonogo(args);
        assert_eq!(told.code, code, "{told:?}");
        assert!(told.out.contains("add `.env` to `.gitignore`"), "{}", told.out);
        assert!(told.out.contains("+ .env"), "{}", told.out);
        assert_eq!(told.err.contains("`--yes` agrees to what is shown"), code == 2, "{told:?}");
        assert!(!scene.root().join(".gitignore").exists());
    }
}

#[test]
fn nothing_changes_while_a_revision_is_judged() {
    let scene = scene();
    assert_eq!(scene.gonogo(&["fix", "notes-private", "--yes"]).code, 0);
    let before = scene.git(&["status", "--porcelain"]);
    for args in [
        &["fix", "env-ignored", "--yes", "--at", "HEAD"][..],
        &["undo", "--at", "HEAD"],
        &["secret", "--write", "SECRET_KEY", "--force", "--at", "HEAD"],
        &["sign", "asked", "--at", "HEAD"],
        &["secret", "--at", "HEAD"],
        &["sync", "--at", "HEAD"],
        &["log", "--accept-rewind", "--at", "HEAD"],
    ] {
        let told = scene.gonogo(args);
        assert!(told.code == 2 && told.err.contains("without `--at`"), "{args:?}: {told:?}");
    }
    assert_eq!(scene.git(&["status", "--porcelain"]), before);
    assert_eq!(scene.mode_of("notes.txt"), 0o600);
    assert!(scene.read(".env").contains("SECRET_KEY=changeme"));
}

#[test]
fn another_repository_at_the_same_path_has_nothing_to_undo() {
    let scene = scene();
    assert_eq!(scene.gonogo(&["fix", "env-ignored", "--yes"]).code, 0);
    fs::remove_dir_all(scene.root().join(".git")).expect("git's folder goes");
    scene.git(&["init", "-q"]);
    assert!(scene.gonogo(&["undo", "--list"]).out.contains("no fix is remembered"));
    let told = scene.gonogo(&["undo"]);
    assert!(told.code == 3 && told.err.contains("no fix is remembered"), "{told:?}");
    assert_eq!(scene.read(".gitignore"), ".env\n");
}

#[test]
fn fixes_are_made_in_their_order_and_taken_back_one_by_one() {
    let scene = scene();
    let told = scene.gonogo(&["fix", "notes-private", "notes-untracked", "env-ignored", "--yes"]);
    assert_eq!(told.code, 0, "{told:?}");
    let at = |text: &str| told.out.find(text).unwrap_or_else(|| panic!("{text}: {}", told.out));
    assert!(at("done: stop tracking `notes.txt`") < at("done: take permissions away"));
    assert_eq!(scene.read(".gitignore"), "notes.txt\n.env\n");
    assert_eq!(scene.mode_of("notes.txt"), 0o600);
    assert_eq!(scene.git(&["ls-files", "notes.txt"]), "");
    let listed = scene.gonogo(&["undo", "--list"]);
    assert_eq!(listed.out.lines().count(), 3, "{listed:?}");
    assert!(listed.out.lines().next().is_some_and(|line| line.contains("take permissions away")));

    for expected in ["take permissions", "add `.env`", "stop tracking"] {
        let shown = scene.gonogo(&["undo", "--dry-run"]);
        assert!(
            shown.code == 0 && shown.out.contains(&format!("undo of: {expected}")),
            "{shown:?}"
        );
        let asked = scene.gonogo(&["undo"]);
        assert!(asked.code == 2 && asked.err.contains("`gonogo undo --yes`"), "{asked:?}");
        let undone = scene.gonogo(&["undo", "--yes"]);
        assert_eq!(undone.code, 0, "{undone:?}");
        assert!(undone.out.contains(&format!("undone: {expected}")), "{}", undone.out);
    }
    assert_eq!(scene.mode_of("notes.txt"), 0o644);
    assert_eq!(scene.git(&["status", "--porcelain"]), "?? .env\n");
    let nothing = scene.gonogo(&["undo"]);
    assert!(nothing.code == 3 && nothing.err.contains("no fix is remembered"), "{nothing:?}");
    assert!(scene.gonogo(&["undo", "--list"]).out.contains("no fix is remembered"));
}

#[test]
fn a_secret_waits_for_git_to_leave_the_file_alone() {
    let scene = scene();
    let dry = scene.gonogo(&["fix", "key-strong", "--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(dry.out.contains("add `.env` to `.gitignore`"), "{}", dry.out);
    assert!(dry.out.contains("after that: put a fresh secret under `SECRET_KEY`"), "{}", dry.out);
    let told = scene.gonogo(&["fix", "key-strong", "--yes"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!((scene.read(".gitignore").as_str(), scene.mode_of(".env")), (".env\n", 0o600));
    let text = scene.read(".env");
    let value = text.lines().next().and_then(|line| line.strip_prefix("SECRET_KEY="));
    let value = value.filter(|value| value.len() == 64).expect("a secret");
    assert_eq!(scene.gonogo(&["check", "--only", "key-strong"]).code, 0);

    // the ignore line stays as long as the secret is there
    let refused = scene.gonogo(&["undo"]);
    assert!(refused.code == 3 && refused.err.contains("--skip"), "{refused:?}");
    let listed = scene.gonogo(&["undo", "--list"]);
    assert!(listed.out.contains("cannot be undone"), "{}", listed.out);
    assert_eq!(scene.gonogo(&["undo", "--skip"]).code, 2);
    let kept = scene.gonogo(&["undo", "--skip", "--yes"]);
    let exposed = "`.env` holds a secret, and git would no longer ignore it";
    assert!(kept.code == 3 && kept.err.contains(exposed), "{kept:?}");
    assert!(kept.out.contains(&format!("warning: {exposed}")), "{kept:?}");
    assert_eq!(scene.read(".gitignore"), ".env\n");
    // neither was forgotten
    assert_eq!(scene.gonogo(&["undo", "--list"]).out.lines().count(), 2);
    scene.write(".env", "PORT=1\n");
    let skipped = scene.gonogo(&["undo", "--skip", "--yes"]);
    assert_eq!(skipped.code, 0, "{skipped:?}");
    assert!(!scene.root().join(".gitignore").exists());
    for told in [dry, told, refused, listed, kept, skipped] {
        assert!(!told.out.contains(value) && !told.err.contains(value), "{told:?}");
    }
}

#[test]
fn a_real_value_is_lost_only_when_that_is_agreed_to() {
    let scene = scene();
    let old = "SECRET_KEY=tulip-harbour-93\n";
    scene.write(".env", old).write(".gitignore", ".env\n");
    let refused = scene.gonogo(&["fix", "key-strong", "--yes"]);
    assert!(refused.code == 3 && refused.err.contains("--yes --force"), "{refused:?}");
    assert!(refused.out.contains("warning: `SECRET_KEY` in line 1"), "{}", refused.out);
    assert!(!refused.out.contains("tulip") && !refused.err.contains("tulip"));
    assert_eq!(scene.read(".env"), old);
    assert_eq!(scene.gonogo(&["fix", "key-strong", "--yes", "--force"]).code, 0);
    assert_ne!(scene.read(".env"), old);
}

#[test]
fn what_cannot_be_fixed_is_said() {
    let scene = scene();
    let cases = [
        ("no-todo", 3, "there is no automatic fix of `no-todo`"),
        ("asked", 3, "`asked` has no check"),
        ("env-ignore", 2, "did you mean `env-ignored`?"),
    ];
    for (item, code, expected) in cases {
        let told = scene.gonogo(&["fix", item, "--yes"]);
        assert!(told.code == code && told.err.contains(expected), "{told:?}");
    }
    scene.write(".gitignore", ".env\n");
    let told = scene.gonogo(&["fix", "env-ignored", "--yes"]);
    assert!(told.code == 0 && told.out.contains("nothing to fix"), "{told:?}");
}

#[test]
fn on_a_terminal_it_asks() {
    let scene = scene();
    for (answer, there) in [("n\r", false), ("\r", false), ("y\r", true)] {
        let mut terminal = Terminal::open(&scene, &["fix", "env-ignored"], 30, 100);
        terminal.wait_for("Do it? [y/N]").send(answer);
        assert_eq!(terminal.wait_exit(), 0);
        assert_eq!(scene.root().join(".gitignore").exists(), there, "{answer:?}");
        let said = if there { "`gonogo undo` takes it back" } else { "not done" };
        assert!(terminal.contents().contains(said), "{}", terminal.contents());
    }
}

#[test]
fn an_undo_asks_on_a_terminal_and_shows_what_changes() {
    let scene = scene();
    assert_eq!(scene.gonogo(&["fix", "env-ignored", "--yes"]).code, 0);
    for (answer, there) in [("n\r", true), ("y\r", false)] {
        let mut terminal = Terminal::open(&scene, &["undo"], 30, 100);
        terminal.wait_for("- .env").wait_for("Undo it? [y/N]").send(answer);
        assert_eq!(terminal.wait_exit(), 0);
        assert_eq!(scene.root().join(".gitignore").exists(), there, "{answer:?}");
    }
}

#[test]
fn a_dry_run_shows_every_fix() {
    let scene = scene();
    let told = scene.gonogo(&["fix", "notes-private", "env-ignored", "--dry-run"]);
    assert_eq!(told.code, 0, "{told:?}");
    for part in ["take permissions away", "add `.env` to `.gitignore`"] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    let told = scene.gonogo(&["fix", "no-todo", "asked", "env-ignored", "--dry-run"]);
    assert_eq!(told.code, 3, "{told:?}");
    assert!(told.out.contains("add `.env` to `.gitignore`"), "{}", told.out);
    for part in ["there is no automatic fix of `no-todo`", "`asked` has no check"] {
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
}

#[test]
fn the_screen_fixes_and_takes_back() {
    let scene = scene();
    let mut terminal = Terminal::open(&scene, &[], 40, 120);
    terminal.wait_for("NO-GO").send("/strong\r").wait_for("The key is strong");
    // first the ignore line, then the secret
    terminal.send("f").wait_for("+ .env").wait_for("After that: put a fresh secret");
    terminal.send("\r").wait_for("+ SECRET_KEY=");
    assert_eq!(fs::read(scene.root().join(".gitignore")).expect("written"), b".env\n");
    let old = scene.read(".env");
    terminal.send("\r").wait_until("is back on the list", |screen| {
        let shown = screen.contents();
        shown.contains("Done, U undoes it") && !shown.contains("+ SECRET_KEY=")
    });
    assert_ne!(scene.read(".env"), old);
    terminal.send("U").wait_for("enter undo it").send("\r").wait_for("Undone: put a fresh secret");
    assert_eq!((scene.read(".env"), scene.mode_of(".env")), (old, 0o640));
    terminal.send("U").wait_for("- .env").send("\r").wait_for("Undone: add `.env`");
    assert!(!scene.root().join(".gitignore").exists());
    terminal.send("U").wait_for("no fix is remembered");
    terminal.send("\r").send("q");
    assert_eq!(terminal.wait_exit(), 1);
}

#[test]
fn a_secret_goes_under_a_name_into_a_file_that_git_does_not_have() {
    let scene = scene();
    for (args, code, says) in [
        (&["secret", "--write", "bad name"][..], 2, "is not a name of a variable"),
        (&["secret", "--write", "SECRET_KEY", "--file", "notes.txt"], 3, "such as `.env`"),
    ] {
        let told = scene.gonogo(args);
        assert!(told.code == code && told.err.contains(says), "{told:?}");
        assert!(!told.err.contains("git rm"), "{told:?}");
    }
}

#[test]
fn fixes_that_are_shown_together_show_no_line_twice() {
    let scene = scene();
    let told = scene.gonogo(&["fix", "env-ignored", "key-strong", "--dry-run"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(told.out.matches("+ .env").count(), 1, "{}", told.out);
    let says =
        "key-strong:\nshown above: add `.env` to `.gitignore`\n  after that: put a fresh secret";
    assert!(told.out.starts_with("env-ignored:\n") && told.out.contains(says), "{}", told.out);
}

#[test]
fn what_one_step_is_refused_for_is_told_before_the_first_is_done() {
    let scene = scene();
    let old = "SECRET_KEY=tulip-harbour-93\n";
    scene.write(".env", old).git(&["add", "-f", ".env"]);
    for args in [
        &["fix", "key-strong", "--yes"][..],
        &["fix", "notes-private", "env-ignored", "key-strong", "--yes"],
    ] {
        let before = scene.git(&["status", "--porcelain"]);
        let told = scene.gonogo(args);
        assert!(told.code == 3 && told.err.contains("--yes --force"), "{told:?}");
        assert!(told.err.contains("nothing was changed"), "{told:?}");
        assert_eq!(scene.git(&["status", "--porcelain"]), before);
        assert_eq!((scene.read(".env").as_str(), scene.mode_of("notes.txt")), (old, 0o644));
        assert!(scene.gonogo(&["undo", "--list"]).out.contains("no fix is remembered"));
    }
    assert_eq!(scene.gonogo(&["fix", "key-strong", "--yes", "--force"]).code, 0);
    assert_eq!(scene.git(&["ls-files", ".env"]), "");
}

#[test]
fn a_tracked_file_is_ignored_and_taken_out_of_git_at_once() {
    let scene = scene();
    scene.git(&["add", "-f", ".env"]);
    let told = scene.gonogo(&["fix", "env-ignored", "--yes"]);
    assert!(told.code == 0 && told.out.contains("done: stop tracking `.env` in git"), "{told:?}");
    assert_eq!(
        (scene.git(&["ls-files", ".env"]).as_str(), scene.read(".gitignore").as_str()),
        ("", ".env\n")
    );
    assert_eq!(scene.gonogo(&["check", "--only", "env-ignored"]).code, 1, "not committed yet");
    scene.commit("two");
    assert_eq!(scene.gonogo(&["check", "--only", "env-ignored"]).code, 0);
}

#[test]
fn the_screen_warns_of_what_an_undo_shows_to_git() {
    let scene = scene();
    scene.write(".env", "API_TOKEN=tulip-harbour-93-of-the-sea\n");
    assert_eq!(scene.gonogo(&["fix", "env-ignored", "--yes"]).code, 0);
    let mut terminal = Terminal::open(&scene, &[], 40, 120);
    terminal.wait_for("NO-GO").send("U").wait_for("enter undo it");
    let shown = terminal.contents();
    assert!(shown.contains("holds a secret, and git would no longer ignore it"), "{shown}");
    assert!(!shown.contains("tulip"), "{shown}");
    terminal.send("\r").wait_for("Undone: add `.env`");
    terminal.send("q");
    assert_eq!(terminal.wait_exit(), 1);
}

#[test]
fn the_screen_names_what_is_left_of_a_fix() {
    let scene = scene();
    let both = CHECKLIST.replace("paths: [.env]", "paths: [.env, instance/]");
    scene.write(".gonogo.yaml", &both).write(".gitignore", "");
    let mut terminal = Terminal::open(&scene, &[], 40, 120);
    terminal.wait_for("NO-GO").send("/ignores\r").wait_for("git ignores the env file");
    // one of the two lines is added by hand after the checks ran
    scene.write(".gitignore", ".env\n");
    terminal.send("f").wait_for("To add `instance` to `.gitignore`").send("\r");
    terminal.wait_for("Done, U undoes it");
    assert_eq!(scene.read(".gitignore"), ".env\ninstance/\n");
    terminal.send("q");
    assert_eq!(terminal.wait_exit(), 1);
}
