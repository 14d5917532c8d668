//! Input that means harm: checklists, names, contents, configurations.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::support::{Scene, Terminal};

#[test]
fn hostile_yaml_ends_in_a_clear_error_within_a_second_and_100_megabytes() {
    let aliases = {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..9_000 {
            let before = n - 1;
            text.push_str(&format!("a{n}: &a{n} [*a{before}, *a{before}, *a{before}]\n"));
        }
        text
    };
    let many_keys = (0..200_000).map(|n| format!("k{n}: 1\n")).collect::<String>();
    let cases = [
        ("aliases", aliases.into_bytes()),
        ("brackets", format!("x: {}", "[".repeat(100_000)).into_bytes()),
        ("braces", "{a: ".repeat(100_000).into_bytes()),
        ("dashes", format!("x:\n  {}", "- ".repeat(100_000)).into_bytes()),
        ("keys", many_keys.into_bytes()),
        ("colons", ":".repeat(4 << 20).into_bytes()),
        ("too large", vec![b'#'; (4 << 20) + 1]),
        ("quotes", format!("x: \"{}", "a".repeat(1 << 20)).into_bytes()),
        ("nothing", Vec::new()),
        ("zeros", vec![0; 100_000]),
        ("no text", vec![0xff; 100_000]),
        ("tags", "!!python/object/apply:os.system [id]\n".as_bytes().to_vec()),
        ("twice", b"checklist: a\nchecklist: b\nsections: []\n".to_vec()),
    ];
    // a debug build on a busy machine is given ten times as long
    let limit = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });
    for (name, text) in cases {
        let scene = Scene::new();
        scene.write(".gonogo.yaml", text);
        let begin = Instant::now();
        let mut command = std::process::Command::new("sh");
        command
            // address space, in KiB: code and stacks of threads come on top of 100 MB
            .args(["-c", "ulimit -v 400000; exec \"$0\" lint", env!("CARGO_BIN_EXE_gonogo")])
            .current_dir(scene.root())
            .env_clear()
            .envs(scene.environment());
        let told = scene.run(&mut command);
        let took = begin.elapsed();
        assert_eq!(told.code, 2, "{name}: {} {}", told.code, &told.err[..told.err.len().min(500)]);
        assert!(told.err.contains("error"), "{name}: {}", told.err);
        assert!(told.err.len() < 200_000, "{name}: an error that nobody reads");
        assert!(took < limit, "{name}: {took:?}");
    }
}

#[test]
fn names_and_texts_cannot_steer_the_terminal() {
    let scene = Scene::new();
    let checklist = "
checklist: \"evil \\e[2J name\"
sections:
  - title: \"\\e]0;owned\\a\"
    items:
      - id: notes
        title: \"No \\u202enotes\"
        severity: high
        why: \"because \\e[31m\"
        check: { todo: { globs: [\"*.py\"] } }
        sign_off: anyone
";
    scene
        .write(".gonogo.yaml", checklist)
        .write("a\u{1b}[2Jb.py", "# TODO: \u{1b}[41m\u{9b}2J\u{202e}gnorw\n")
        .commit("evil");
    scene.identity("Eve \u{1b}[2J", "eve@example.com");
    assert_eq!(scene.gonogo(&["sign", "notes", "-m", "fine \u{1b}[2J"]).code, 0);
    for args in [
        &["check"][..],
        &["check", "--format", "json"],
        &["show", "notes"],
        &["log"],
        &["list"],
        &["lint"],
    ] {
        let told = scene.gonogo(args);
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        for text in [&told.out, &told.err] {
            assert!(!text.contains(bad), "{args:?}: {text:?}");
        }
    }
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("GO").send("n").send("\r");
    screen.settle(Duration::from_millis(200));
    screen.send("q").wait_exit();
    let bytes = String::from_utf8_lossy(&screen.bytes()).into_owned();
    for code in ["\u{1b}[2Jb.py", "\u{1b}[2J name", "\u{1b}]0;owned", "\u{1b}[41m\u{9b}"] {
        assert!(!bytes.contains(code), "{code:?}");
    }
}

#[test]
fn nothing_of_the_repository_runs() {
    let scene = Scene::new();
    scene.write("app.py", "import flask\n").commit("first");
    let trap = scene.beside("trap");
    let mark = scene.beside("ran");
    fs::write(&trap, format!("#!/bin/sh\ntouch '{}'\n", mark.display())).expect("a script");
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).expect("a mode");
    let trap = trap.to_string_lossy().into_owned();
    for (key, value) in [
        ("core.fsmonitor", trap.as_str()),
        ("core.hooksPath", ".git/hooks"),
        ("filter.evil.clean", &trap),
        ("filter.evil.smudge", &trap),
        ("diff.evil.textconv", &trap),
        ("core.pager", &trap),
        ("gpg.program", &trap),
        ("core.sshCommand", &trap),
    ] {
        scene.git(&["config", key, value]);
    }
    scene.write(".gitattributes", "* filter=evil diff=evil\n");
    for hook in ["reference-transaction", "post-commit", "pre-commit", "post-index-change"] {
        let path = format!(".git/hooks/{hook}");
        scene.write(&path, format!("#!/bin/sh\nexec '{trap}'\n")).mode(&path, 0o755);
    }
    scene.write("app.py", "import flask  # changed\n");
    for args in [
        &["check", "--checklist", "builtin:general"][..],
        &["check"],
        &["list"],
        &["show", "restore-rehearsed"],
        &["sign", "restore-rehearsed", "-m", "x"],
        &["log"],
        &["lint"],
    ] {
        let told = scene.gonogo(args);
        assert!(told.code <= 1, "{args:?}: {told:?}");
        assert!(!mark.exists(), "{args:?} ran a program of the repository's");
    }
}

#[test]
fn no_secret_of_the_demo_is_printed_anywhere() {
    let scene = Scene::bare_home();
    let shop = scene.beside("kiosk");
    let folder = shop.to_string_lossy().into_owned();
    assert_eq!(scene.gonogo(&["demo", "--no-open", &folder]).code, 0);
    let secrets: Vec<String> = [".env", ".env.staging"]
        .iter()
        .flat_map(|name| {
            let text = fs::read_to_string(shop.join(name)).expect("an env file");
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .filter_map(|line| {
            line.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()))
        })
        .filter(|(key, value)| {
            let secret =
                ["KEY", "PASSWORD", "SECRET", "TOKEN"].iter().any(|word| key.contains(word));
            // placeholders stand in the advice, too
            secret && value.len() > 8 && !value.starts_with('<')
        })
        .map(|(_, value)| value.trim_matches('"').to_owned())
        .collect();
    assert!(secrets.len() >= 4, "{secrets:?}");

    let mut told = String::new();
    let report = scene.gonogo(&["-C", &folder, "check", "--format", "json"]);
    told.push_str(&report.out);
    for item in report.json()["items"].as_array().expect("items") {
        let shown = scene.gonogo(&["-C", &folder, "show", item["id"].as_str().expect("an id")]);
        told.push_str(&shown.out);
        told.push_str(&shown.err);
    }
    for args in [&["check"][..], &["log"], &["list"]] {
        let shown = scene.gonogo(&[&["-C", folder.as_str()], args].concat());
        told.push_str(&shown.out);
        told.push_str(&shown.err);
    }
    let mut screen = Terminal::open(&scene, &["-C", &folder], 50, 200);
    screen.wait_for("NO-GO");
    for _ in 0..14 {
        screen.send("n").settle(Duration::from_millis(60));
    }
    screen.send("q").wait_exit();
    told.push_str(&String::from_utf8_lossy(&screen.bytes()));
    told.push_str(
        &scene
            .run(std::process::Command::new("git").current_dir(&shop).args([
                "log",
                "-p",
                "refs/gonogo/ledger",
            ]))
            .out,
    );
    assert!(told.len() > 50_000, "little was looked at: {}", told.len());
    for secret in &secrets {
        assert!(!told.contains(secret.as_str()), "a secret is printed");
    }
}
