//! What is told after something was done or found: the next step, by its command.

use std::fs;

use gonogo::report::FORMATS;

use crate::support::{Scene, Terminal};

const CHECKLIST: &str = r#"
checklist: shop
team: { release: [ada@example.com, grace@example.com] }
gate: { waivers: { longest: 60d } }
sections:
  - title: All
    items:
      - id: restore-rehearsed
        title: A backup was restored
        severity: high
        why: A backup that was never restored is a hope.
        sign_off: { by: release, count: 2, valid: 90d }
      - id: env-ignored
        title: git ignores the env file
        failing: git would track the env file
        severity: high
        why: It holds secrets.
        fix: { text: Ignore it., steps: [Write a rule.] }
        check: { git_ignored: { paths: [".env"] } }
      - id: todos-done
        title: Nothing is left to do
        severity: high
        why: A note may be a bug.
        fix: { text: Do what the notes say., steps: [Read them.] }
        check: { todo: { globs: ["*.py"] } }
"#;

fn shop() -> Scene {
    let scene = Scene::new();
    scene
        .write(".gonogo.yaml", CHECKLIST)
        .write("app.py", "x = 1  # TODO: a name\n")
        .commit("first");
    scene
}

fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn an_item_names_the_commands_that_settle_it() {
    let scene = shop();
    let shown = |id: &str| scene.gonogo(&["show", id]).out;
    let fixable = shown("env-ignored");
    says(
        &fixable,
        &[
            "git would track the env file\nWhat must hold: git ignores the env file\n",
            "What to do next\n  gonogo fix env-ignored\n",
            "  gonogo waive env-ignored --until 60d -m \"REASON\"\n",
            "anybody in the team, for 60 days at most",
            "  git_ignored\n    paths: .env\n",
        ],
    );
    assert!(!fixable.contains("gonogo sign"), "an automatic item takes none: {fixable}");
    says(&shown("restore-rehearsed"), &["  gonogo sign restore-rehearsed -m"]);
    assert_eq!(scene.gonogo(&["object", "restore-rehearsed", "-m", "it has no table"]).code, 0);
    says(
        &shown("restore-rehearsed"),
        &["  gonogo withdraw restore-rehearsed\n", "  gonogo overrule restore-rehearsed "],
    );
    let at = scene.gonogo(&["show", "env-ignored", "--at", "HEAD"]).out;
    assert!(!at.contains("What to do next"), "a revision is read-only: {at}");
}

#[test]
fn on_a_terminal_lines_are_wrapped_and_hang_below_their_beginning() {
    let scene = shop();
    scene.write("app.py", "import dotenv\ndotenv.load_dotenv()\n").commit("loads it");
    let mut terminal = Terminal::open(&scene, &["check", "--offline"], 60, 60);
    assert_eq!(terminal.wait_exit(), 1);
    let seen = terminal.contents();
    says(
        &seen,
        &[
            "\n  ✗ failed         high      git would track the env file\n                             env-ignored\n",
            "\n                     → ",
            "\n                       ",
        ],
    );
    let piped = scene.gonogo(&["check", "--offline"]).out;
    says(&piped, &["✗ failed         high      git would track the env file  env-ignored\n"]);
}

#[test]
fn a_finding_is_told_once_with_what_to_do() {
    let scene = shop();
    let told = scene.gonogo(&["check"]).out;
    assert_eq!(told.matches("TODO: a name").count(), 1, "{told}");
    says(&told, &["→ Do what the notes say. (gonogo show todos-done has the steps)"]);
    says(&told, &["git would track the env file  env-ignored"]);
    says(&told, &["gonogo fix env-ignored shows what gonogo can change by itself, and asks"]);
    let shown = scene.gonogo(&["show", "todos-done"]).out;
    assert_eq!(shown.matches("TODO: a name").count(), 1, "{shown}");
}

#[test]
fn a_record_is_followed_by_the_next_step() {
    let scene = shop();
    let bare = scene.beside("shop.git");
    scene.git(&["init", "--quiet", "--bare", &bare.to_string_lossy()]);
    scene.git(&["remote", "add", "origin", &bare.to_string_lossy()]);
    let first = scene.gonogo(&["sign", "restore-rehearsed", "-m", "restored on spare-2"]);
    says(
        &first.out,
        &[
            "sign-off of `restore-rehearsed` by Ada",
            "`restore-rehearsed` is unsigned now: 1 of 2: ada@example.com",
            "needs sign-offs of 2 different people by `release`",
            "next: `gonogo sync` shares the record with `origin`",
            "next: `gonogo show restore-rehearsed` says what it still needs",
        ],
    );
    scene.identity("Grace", "grace@example.com");
    let second = scene.gonogo(&["sign", "restore-rehearsed", "-m", "I was there"]);
    says(
        &second.out,
        &["`restore-rehearsed` is now signed off by ada@", "next: `gonogo check` says"],
    );
    let withdrawn = scene.gonogo(&["withdraw", "restore-rehearsed"]);
    says(&withdrawn.out, &["withdrew your sign-off", "is unsigned now", "next: `gonogo sync`"]);
}

#[test]
fn a_waiver_takes_a_duration_and_tells_its_real_end() {
    let scene = shop();
    let short = scene.gonogo(&["waive", "env-ignored", "--until", "2w", "-m", "the host is new"]);
    assert_eq!(short.code, 0, "{short:?}");
    assert!(!short.out.contains("the longest"), "{short:?}");
    let long = scene.gonogo(&["waive", "env-ignored", "--until", "52w", "-m", "the host is new"]);
    says(&long.out, &["the longest that the checklist allows (not "]);
    says(&long.err, &["count for 60d at most"]);
    let granted = long.out.split(" until ").nth(1).and_then(|rest| rest.get(..10)).expect("a day");
    let log = scene.gonogo(&["log"]).out;
    says(&log, &[&format!("until {granted}")]);
    let asked = long.out.split("(not ").nth(1).and_then(|rest| rest.get(..10)).expect("a day");
    assert!(!log.contains(asked), "{log}");
    let subject = scene.git(&["log", "-1", "--format=%s%n%b", "refs/gonogo/ledger"]);
    assert!(!subject.contains(asked), "{subject}");
    let misread = scene.gonogo(&["waive", "env-ignored", "--until", "3m", "-m", "the host is new"]);
    assert!(misread.code == 2 && misread.err.contains("minutes or as months"), "{misread:?}");
}

#[test]
fn what_a_record_accepts_is_told_as_what_it_is() {
    let scene = shop();
    let keys = "
      - id: keys
        title: The keys are set
        severity: high
        why: It does not start without.
        fix: { text: Set them. }
        check: { env_keys: { file: .env.production, required: [SECRET_KEY] } }
";
    scene.write(".gonogo.yaml", format!("{}{}", CHECKLIST.trim_end(), keys)).commit("keys");
    let waive = |id| scene.gonogo(&["waive", id, "--until", "2w", "-m", "the host is new"]);
    let unknown = waive("keys");
    says(&unknown.out, &["  accepts what is not known: "]);
    assert!(!unknown.out.contains("finding"), "{unknown:?}");
    says(&waive("todos-done").out, &["  accepts 1 finding\n"]);
}

#[test]
fn a_sign_off_that_covers_nothing_is_refused() {
    let scene = shop();
    scene.write("deploy/nginx/site", "server {}\n");
    for (covers, what) in [
        ("deploy/*.conf", "should cover deploy/*.conf, but no file of this commit matches"),
        (
            "deploy",
            "should cover `deploy`, which is a folder, and a pattern matches files: write `deploy/**`",
        ),
    ] {
        let proxy = format!(
            "
      - id: proxy
        title: The proxy is right
        severity: high
        why: Everything goes through it.
        sign_off: {{ valid: 90d, covers: [\"{covers}\"] }}
"
        );
        scene.write(".gonogo.yaml", format!("{}{}", CHECKLIST.trim_end(), proxy)).commit("proxy");
        let signed = scene.gonogo(&["sign", "proxy", "-m", "read it"]);
        assert_ne!(signed.code, 0, "{signed:?}");
        says(&signed.err, &["`proxy` ", what]);
    }
}

#[test]
fn an_objection_to_a_removed_item_is_told_as_what_it_is() {
    let scene = shop();
    let objected = scene.gonogo(&["object", "restore-rehearsed", "-m", "it has no table"]);
    assert_eq!(objected.code, 0, "{objected:?}");
    says(
        &objected.out,
        &[
            "objection to `restore-rehearsed` by Ada",
            "an objection to `restore-rehearsed` stands now, by ada@example.com",
        ],
    );
    let without = CHECKLIST.replace("id: restore-rehearsed", "id: rehearsed");
    scene.write(".gonogo.yaml", without).commit("rename it");
    let log = scene.gonogo(&["log"]).out;
    says(&log, &["[counts]", "attention: `restore-rehearsed` is not in the checklist any more"]);
    says(&log, &["`gonogo withdraw restore-rehearsed`", "`gonogo overrule restore-rehearsed "]);
    says(&scene.gonogo(&["check"]).out, &["`gonogo withdraw restore-rehearsed`"]);
}

#[test]
fn lost_records_are_named_and_accepting_says_only_that() {
    let scene = shop();
    let objected = scene.gonogo(&["object", "restore-rehearsed", "-m", "it has no table"]);
    assert_eq!(objected.code, 0, "{objected:?}");
    says(
        &objected.out,
        &[
            "objection to `restore-rehearsed` by Ada",
            "an objection to `restore-rehearsed` stands now, by ada@example.com",
        ],
    );
    scene.git(&["update-ref", "-d", "refs/gonogo/ledger"]);
    let lost = "objection on `restore-rehearsed` by Ada";
    says(&scene.gonogo(&["log"]).out, &[lost, "--accept-rewind"]);
    says(&scene.gonogo(&["sign", "restore-rehearsed", "-m", "seen it"]).err, &[lost]);
    let accepted = scene.gonogo(&["log", "--accept-rewind"]);
    says(&accepted.out, &["accepted: the ledger no longer contains", lost]);
    assert!(!accepted.out.contains("seen it"), "the log is not what was asked: {accepted:?}");
    says(&scene.gonogo(&["log", "--accept-rewind"]).out, &["the ledger lost nothing"]);
}

#[test]
fn a_fetch_that_fails_is_a_no_go_with_its_reason() {
    let scene = shop();
    scene.git(&["remote", "add", "origin", &scene.beside("gone.git").to_string_lossy()]);
    let told = scene.gonogo(&["check", "--fetch"]);
    assert_eq!(told.code, 1, "{told:?}");
    says(&told.out, &["NO-GO: ", "  the ledger of `origin` could not be fetched"]);
    scene.write(".gitignore", ".env\n").commit("ignore it");
    let told = scene.gonogo(&["check", "--fetch", "--only", "env-ignored", "--format", "json"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert_eq!(told.json()["verdict"], "partial");
    assert_eq!(told.json()["blockers"][0]["rule"], "ledger");
}

#[test]
fn what_is_not_a_commit_is_told_in_plain_words() {
    let scene = shop();
    for (revision, says) in [
        ("HEAD:app.py", "it is a file, not a commit"),
        ("HEAD^{tree}", "it is a folder, not a commit"),
        ("nowhere", "there is nothing of that name"),
        ("@{-1}", "there is nothing of that name"),
        ("HEAD~9", "there is nothing of that name"),
    ] {
        let told = scene.gonogo(&["check", "--at", revision]);
        assert!(told.code == 3 && told.err.contains(says), "{revision}: {told:?}");
    }
}

#[test]
fn a_work_tree_elsewhere_is_said() {
    let scene = shop();
    let other = scene.beside("other");
    fs::create_dir(&other).expect("a folder");
    fs::write(other.join(".gonogo.yaml"), CHECKLIST).expect("written");
    scene.git(&["config", "core.worktree", &other.to_string_lossy()]);
    says(
        &scene.gonogo(&["check"]).out,
        &["note: git's setting `core.worktree` puts the work tree"],
    );
}

#[test]
fn every_format_survives_a_closed_pipe_and_is_plain_where_no_terminal_is() {
    let scene = shop();
    for format in FORMATS {
        let args = ["check", "--format", format.name];
        let told = scene.gonogo(&args);
        assert_eq!(told.code, 1, "{args:?}: {told:?}");
        assert!(!told.out.is_empty(), "{args:?}");
        for text in [&told.out, &told.err] {
            assert!(!text.contains('\u{1b}'), "{args:?}: {text}");
        }

        // nobody reads: it ends without a word, and not by a signal or a panic
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let closed = scene.run(scene.gonogo_command().args(args).stdout(writer));
        assert_eq!((closed.code, closed.err.as_str()), (1, ""), "{args:?}");
    }
}

#[test]
fn the_screen_shares_the_ledger_and_overrules() {
    let scene = shop();
    let bare = scene.beside("shop.git");
    scene.git(&["init", "--quiet", "--bare", &bare.to_string_lossy()]);
    scene.git(&["remote", "add", "origin", &bare.to_string_lossy()]);
    assert_eq!(scene.gonogo(&["object", "restore-rehearsed", "-m", "it has no table"]).code, 0);
    scene.identity("Grace", "grace@example.com");
    let mut terminal = Terminal::open(&scene, &[], 40, 120);
    terminal.wait_for("NO-GO").send("/backup was\r").send("O").wait_for("it has no table");
    terminal.send("there is one now, seen it\r").wait_for("The overruling is recorded");
    terminal.send("S").wait_for("Share the ledger with `origin`");
    terminal.send("\r").wait_for("received nothing, sent 2 records");
    assert!(scene.git(&["ls-remote", "origin"]).contains("refs/gonogo/ledger"));
    terminal.send("q");
    assert_eq!(terminal.wait_exit(), 1);
}

#[test]
fn accepting_lost_records_of_an_unknown_item_is_refused() {
    let scene = shop();
    let told = scene.gonogo(&["log", "zzz", "--accept-rewind"]);
    assert!(told.code == 2 && told.err.contains("no item `zzz`"), "{told:?}");
}
