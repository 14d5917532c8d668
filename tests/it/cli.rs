//! The command line on repositories of every kind.

use std::fs;

use crate::support::Scene;

/// One manual, one assisted, one automatic item.
const CHECKLIST: &str = r#"
checklist: shop
team: { release: [ada@example.com], lead: [grace@example.com] }
sections:
  - title: By hand
    items:
      - id: restore-rehearsed
        title: A backup was restored
        severity: high
        why: A backup that was never restored is a hope.
        sign_off: { by: release, valid: 90d, covers: ["scripts/*"] }
      - id: todos-reviewed
        title: Notes were reviewed
        severity: low
        why: A note may be a bug.
        check: { todo: { globs: ["*.py"] } }
        sign_off: anyone
  - title: By itself
    items:
      - id: env-complete
        title: The env file is complete
        severity: critical
        why: The app does not start otherwise.
        check: { env_keys: { file: .env, required: { PORT: port } } }
"#;

fn shop() -> Scene {
    let scene = Scene::new();
    scene
        .write(".gonogo/checklist.yaml", CHECKLIST)
        .write("scripts/backup.sh", "tar c .\n")
        .write("app.py", "x = 1  # TODO: a name\n")
        .write(".gitignore", ".env\n")
        .write(".env", "PORT=8080\n")
        .commit("first");
    scene
}

fn standing(scene: &Scene, id: &str) -> String {
    let report = scene.gonogo(&["check", "--format", "json"]).json();
    let items = report["items"].as_array().expect("items");
    let item = items.iter().find(|item| item["id"] == id).expect("the item");
    item["standing"].as_str().expect("a word").to_owned()
}

#[test]
fn from_no_go_to_go_and_stale_again() {
    let scene = shop();
    let first = scene.gonogo(&["check"]);
    assert_eq!(first.code, 1, "{first:?}");
    assert!(first.out.contains("NO-GO: 2 blocking"), "{}", first.out);
    assert!(first.out.contains("app.py:1:10"), "{}", first.out);

    let signed = scene.gonogo(&["sign", "restore-rehearsed", "-m", "restored on spare-1"]);
    assert_eq!(signed.code, 0, "{signed:?}");
    assert!(signed.out.contains("covers 1 file"), "{}", signed.out);
    assert_eq!(scene.gonogo(&["sign", "todos-reviewed"]).code, 0);
    let go = scene.gonogo(&["check"]);
    assert_eq!((go.code, go.out.contains("GO: nothing blocks it")), (0, true), "{go:?}");

    // an unrelated commit leaves all as it is, a covered file makes one stale
    scene.write("README.md", "shop\n").commit("unrelated");
    assert_eq!(scene.gonogo(&["check"]).code, 0);
    scene.write("scripts/backup.sh", "tar cz .\n").commit("compress");
    assert_eq!(standing(&scene, "restore-rehearsed"), "stale");
    assert_eq!(standing(&scene, "todos-reviewed"), "signed_off");
    let why = scene.gonogo(&["show", "restore-rehearsed"]);
    assert!(why.out.contains("scripts/backup.sh"), "{}", why.out);

    // a new note asks again, a moved one does not
    scene.write("app.py", "\n\nx = 1  # TODO: a name\n").commit("move");
    assert_eq!(standing(&scene, "todos-reviewed"), "signed_off");
    scene.write("app.py", "x = 1  # TODO: a name\ny = 2  # FIXME: units\n").commit("note");
    assert_eq!(standing(&scene, "todos-reviewed"), "stale");
}

#[test]
fn a_sign_off_survives_a_rebase() {
    let scene = shop();
    scene.git(&["checkout", "--quiet", "-b", "topic"]);
    scene.write("other.py", "y = 1\n").commit("topic");
    assert_eq!(scene.gonogo(&["sign", "restore-rehearsed"]).code, 0);
    scene.git(&["checkout", "--quiet", "main"]);
    scene.write("README.md", "shop\n").commit("main moves");
    scene.git(&["rebase", "--quiet", "main", "topic"]);
    assert_eq!(standing(&scene, "restore-rehearsed"), "signed_off");
}

#[test]
fn objections_waivers_and_withdrawals() {
    let scene = shop();
    scene.write(".env", "PORT=http\n");
    assert_eq!(standing(&scene, "env-complete"), "failed");
    let no_sign = scene.gonogo(&["sign", "env-complete", "-m", "looks fine"]);
    assert_eq!(no_sign.code, 2, "an automatic item takes no sign-off: {no_sign:?}");

    let waive = |until: &str, why: &str| {
        scene.gonogo(&["waive", "env-complete", "--until", until, "-m", why])
    };
    assert_eq!(waive("2999-01-01", "the port comes from the unit file").code, 0);
    assert_eq!(standing(&scene, "env-complete"), "waived");
    assert_eq!(waive("2001-01-01", "late").code, 2);
    assert_eq!(waive("2999/01/01", "misread").code, 2);
    assert_eq!(waive("2999-01-01", "  ").code, 2);
    assert_eq!(scene.gonogo(&["waive", "env-complete", "-m", "no end"]).code, 2);

    assert_eq!(scene.gonogo(&["object", "env-complete", "-m", "not on my watch"]).code, 0);
    assert_eq!(standing(&scene, "env-complete"), "objected");
    scene.identity("Grace", "grace@example.com");
    let not_hers = scene.gonogo(&["withdraw", "env-complete"]);
    assert_eq!(not_hers.code, 2, "{not_hers:?}");
    scene.identity("Ada", "ada@example.com");
    assert_eq!(scene.gonogo(&["withdraw", "env-complete"]).code, 0);
    assert_eq!(standing(&scene, "env-complete"), "waived");

    let log = scene.gonogo(&["log", "env-complete"]);
    assert_eq!(log.out.matches("by Ada").count(), 3, "{}", log.out);
    assert!(log.out.contains("not on my watch"), "nothing is deleted: {}", log.out);
}

#[test]
fn only_the_role_signs() {
    let scene = shop();
    scene.identity("Grace", "grace@example.com");
    let refused = scene.gonogo(&["sign", "restore-rehearsed"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("`release`") && refused.err.contains("ada@example.com"));
}

#[test]
fn who_you_are_must_be_known() {
    let scene = shop();
    fs::write(scene.home().join(".gitconfig"), "").expect("a file");
    let refused = scene.gonogo(&["sign", "todos-reviewed"]);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.err.contains("git config --global user.email"), "{}", refused.err);
}

#[test]
fn repositories_of_every_kind() {
    // none
    let nowhere = Scene::bare_home();
    let told = nowhere.gonogo(&["check"]);
    assert_eq!(told.code, 3, "{told:?}");
    assert!(told.err.contains("git init"), "{}", told.err);

    // bare
    let bare = Scene::bare_home();
    bare.git(&["init", "--quiet", "--bare", "."]);
    let told = bare.gonogo(&["check"]);
    assert_eq!((told.code, told.err.contains("bare")), (3, true), "{told:?}");

    // without commits: checks run, signing says why it cannot
    let fresh = Scene::new();
    fresh.write(".gonogo.yaml", CHECKLIST).write(".env", "PORT=1\n");
    assert_eq!(standing(&fresh, "env-complete"), "passed");
    let told = fresh.gonogo(&["sign", "restore-rehearsed"]);
    assert_eq!((told.code, told.err.contains("no commit yet")), (3, true), "{told:?}");

    // detached, and a worktree: one ledger
    let scene = shop();
    scene.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(scene.gonogo(&["sign", "todos-reviewed"]).code, 0);
    let tree = scene.beside("tree");
    let tree = tree.to_string_lossy();
    scene.git(&["worktree", "add", "--quiet", &tree, "main"]);
    let log = scene.gonogo(&["-C", &tree, "log"]);
    assert!(log.out.contains("todos-reviewed"), "{log:?}");
    let report = scene.gonogo(&["-C", &tree, "check", "--format", "json"]).json();
    assert_eq!(report["branch"], "main");
}

#[test]
fn mistakes_are_told_with_exit_code_two() {
    let scene = shop();
    let told = scene.gonogo(&["show", "restore-rehearsd"]);
    assert_eq!(told.code, 2);
    assert!(
        told.err.contains(", did you mean `restore-rehearsed`? `gonogo list` names"),
        "{}",
        told.err
    );
    assert_eq!(scene.gonogo(&["check", "--only", "nope"]).code, 2);
    assert_eq!(scene.gonogo(&["check", "--checklist", "builtin:flsk"]).code, 2);
    assert_eq!(scene.gonogo(&["check", "--checklist", "gone.yaml"]).code, 2);
    assert_eq!(scene.gonogo(&["chek"]).code, 2);

    scene.write(".gonogo/checklist.yaml", CHECKLIST.replace("severity: high", "severty: high"));
    for command in [&["check"][..], &["list"], &["lint"]] {
        let told = scene.gonogo(command);
        assert_eq!(told.code, 2, "{told:?}");
        assert!(told.err.contains(".gonogo/checklist.yaml:9:9"), "{}", told.err);
        assert!(told.err.contains("severity"), "{}", told.err);
    }
}

#[test]
fn an_unreadable_ledger_is_told_with_exit_code_three() {
    let scene = shop();
    scene.git(&["update-ref", "refs/gonogo/ledger", "HEAD"]);
    let told = scene.gonogo(&["check"]);
    assert_eq!(told.code, 3, "{told:?}");
    assert!(told.err.contains("ledger"), "{}", told.err);
}

#[test]
fn the_json_report_has_its_form() {
    let scene = shop();
    let report = scene.gonogo(&["check", "--format", "json"]).json();
    assert_eq!(report["schema"], 2);
    assert_eq!(report["verdict"], "no_go");
    assert_eq!(report["repository"], "repo");
    let blockers: Vec<&str> = report["blockers"]
        .as_array()
        .expect("blockers")
        .iter()
        .filter_map(|blocker| blocker["item"].as_str())
        .collect();
    assert_eq!(blockers, ["restore-rehearsed", "todos-reviewed"]);
    assert_eq!(report["commit"], scene.git(&["rev-parse", "HEAD"]).trim());
    assert_eq!(report["checklist"]["name"], "shop");
    let counts = report["counts"].as_object().expect("counts");
    let words =
        "pending passed signed_off waived not_applicable failed unsigned stale objected errored";
    for word in words.split(' ') {
        assert!(counts[word].is_u64(), "{word}");
    }
    let item = &report["items"][1];
    assert_eq!(item["id"], "todos-reviewed");
    assert_eq!(item["section"], "By hand");
    assert_eq!((&item["severity"], &item["mode"]), (&"low".into(), &"assisted".into()));
    assert!(item["why_not"].is_string() && item["records"].is_array());
    let finding = &item["findings"][0];
    assert_eq!((&finding["path"], &finding["line"]), (&"app.py".into(), &1.into()));
    assert!(finding["message"].is_string() && finding["column"].is_u64());
}

#[test]
fn a_part_of_the_checklist_alone() {
    let scene = shop();
    let part = scene.gonogo(&["check", "--only", "env-complete"]);
    assert_eq!(part.code, 0, "{part:?}");
    assert!(part.out.contains("for the chosen items alone"), "{}", part.out);
}

#[test]
fn secrets_are_fresh_and_of_the_form_asked_for() {
    let scene = Scene::new();
    let secret = |args: &[&str]| {
        let told = scene.gonogo(&[&["secret"], args].concat());
        assert_eq!(told.code, 0, "{told:?}");
        told.out.trim_end().to_owned()
    };
    let (one, two) = (secret(&[]), secret(&[]));
    assert_ne!(one, two);
    assert!(one.len() == 64 && one.bytes().all(|b| b.is_ascii_hexdigit()));
    assert_eq!(secret(&["--bytes", "16"]).len(), 32);
    assert_eq!(secret(&["--format", "urlsafe"]).len(), 43);
    assert_eq!(secret(&["--format", "base64"]).len(), 44);
    assert_eq!(scene.gonogo(&["secret", "--bytes", "8"]).code, 2);
}

#[test]
fn a_secret_is_written_without_being_shown() {
    let scene = Scene::new();
    scene.write(".env", "# shop\nSECRET_KEY=changeme\nPORT=1\n").mode(".env", 0o644);
    let refused = scene.gonogo(&["secret", "--write", "SECRET_KEY"]);
    assert_ne!(refused.code, 0, "git would track it");
    assert!(refused.err.contains(".gitignore"), "{}", refused.err);

    scene.write(".gitignore", ".env\n");
    let done = scene.gonogo(&["secret", "--write", "SECRET_KEY"]);
    assert_eq!(done.code, 0, "{done:?}");
    let text = scene.read(".env");
    let value = text.lines().nth(1).and_then(|line| line.strip_prefix("SECRET_KEY=")).expect("it");
    assert_eq!(value.len(), 64);
    assert_eq!(text, format!("# shop\nSECRET_KEY={value}\nPORT=1\n"));
    assert!(!done.out.contains(value) && !done.err.contains(value));
    assert_eq!(scene.mode_of(".env"), 0o600);

    let refused = scene.gonogo(&["secret", "--write", "SECRET_KEY"]);
    assert!(refused.code != 0 && refused.err.contains("--force"), "{refused:?}");
    assert_eq!(scene.read(".env"), text);
    assert_eq!(scene.gonogo(&["secret", "--write", "SECRET_KEY", "--force"]).code, 0);
    assert_ne!(scene.read(".env"), text);
}

#[test]
fn nothing_needs_a_terminal() {
    let scene = shop();
    let told = scene.gonogo(&[]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.out.contains("NO-GO") && !told.out.contains('\u{1b}'), "{}", told.out);
}

#[test]
fn the_schema_is_json_and_completions_are_scripts() {
    let scene = Scene::bare_home();
    let schema = scene.gonogo(&["schema"]).json();
    assert!(schema["properties"]["sections"].is_object());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = scene.gonogo(&["completions", shell]);
        assert!(script.code == 0 && script.out.contains("withdraw"), "{shell}");
    }
}
