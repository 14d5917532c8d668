//! The screen in a real pseudo-terminal, from start to sign-off.

use std::process::Command;
use std::time::Duration;

use crate::support::{Scene, Terminal, size};

const CHECKLIST: &str = "
checklist: shop
sections:
  - title: By hand
    items:
      - id: restore-rehearsed
        title: A backup was restored
        severity: high
        why: A backup that was never restored is a hope.
        sign_off: { valid: 90d }
  - title: By itself
    items:
      - id: env-complete
        title: The env file is complete
        severity: critical
        why: The app does not start otherwise.
        check: { env_keys: { file: .env, required: { PORT: port } } }
";

fn shop() -> Scene {
    let scene = Scene::new();
    scene
        .write(".gonogo/checklist.yaml", CHECKLIST)
        .write(".gitignore", ".env\n")
        .write(".env", "PORT=8080\n")
        .commit("first");
    scene
}

#[test]
fn from_start_to_sign_off() {
    let scene = shop();
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("NO-GO").wait_for("A backup was restored");
    screen.send("n").send("s").wait_for("Note (may stay empty)");
    screen.send("restored on spare-1\r").wait_until("says GO", |screen| {
        let text = screen.contents();
        text.contains("GO") && !text.contains("NO-GO") && text.contains("signed off")
    });
    screen.send("q");
    assert_eq!(screen.wait_exit(), 0, "the verdict's exit code");
    let log = scene.gonogo(&["log"]);
    assert!(log.out.contains("restored on spare-1"), "{log:?}");
}

#[test]
fn a_lock_that_is_waited_for_is_named() {
    let scene = shop();
    assert_eq!(scene.gonogo(&["sign", "restore-rehearsed"]).code, 0);
    let lock = scene.root().join(".git/refs/gonogo/ledger.lock");
    std::fs::write(&lock, "").expect("a lock");
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("signed off");
    screen.send("/restore\r").send("s").wait_for("Note (may stay empty)");
    screen.send("again\r").wait_for("waiting for");
    std::fs::remove_file(&lock).expect("unlocked");
    screen.wait_for("is recorded as");
    screen.send("q");
    screen.wait_exit();
}

#[test]
fn leaving_restores_the_terminal() {
    for (keys, code) in [("q", 1), ("\u{3}", 1)] {
        let scene = shop();
        let mut screen = Terminal::open(&scene, &[], 24, 80);
        screen.wait_for("NO-GO").send(keys);
        assert_eq!(screen.wait_exit(), code);
        assert_restored(&screen);
    }
}

#[test]
fn signals_restore_the_terminal() {
    for (signal, number) in [("TERM", 15), ("HUP", 1)] {
        let scene = shop();
        let mut screen = Terminal::open(&scene, &[], 24, 80);
        screen.wait_for("NO-GO");
        let pid = screen.pid().to_string();
        let sent = Command::new("kill").args(["-s", signal, &pid]).status().expect("kill runs");
        assert!(sent.success());
        assert_eq!(screen.wait_exit(), 128 + number, "SIG{signal}");
        assert_restored(&screen);
    }
}

/// The alternate screen is left exactly as often as it was entered, once; the
/// cursor is shown and the mouse is off.
fn assert_restored(screen: &Terminal) {
    let bytes = screen.bytes();
    let count = |code: &[u8]| bytes.windows(code.len()).filter(|window| *window == code).count();
    assert_eq!(count(b"\x1b[?1049h"), 1, "entered once");
    assert_eq!(count(b"\x1b[?1049l"), 1, "left once");
    screen.with_screen(|screen| {
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    });
}

#[test]
fn a_mistaken_checklist_is_told_after_the_screen_was_left() {
    let scene = shop();
    scene.write(".gonogo/checklist.yaml", CHECKLIST.replace("critical", "critcal"));
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    assert_eq!(screen.wait_exit(), 2);
    let text = screen.contents();
    assert!(text.contains(".gonogo/checklist.yaml:15:19"), "{text}");
    assert!(text.contains("critical"), "{text}");
}

#[test]
fn colours_can_be_switched_off_and_the_selection_stays_visible() {
    let scene = shop();
    let mut screen = Terminal::open_with(&scene, &[], &[("NO_COLOR", "1")], 24, 80);
    screen.wait_for("NO-GO").send("n").wait_until("selects the item", |screen| {
        let (rows, cols) = size(screen);
        (0..rows).any(|row| {
            let text: String = (0..cols)
                .filter_map(|col| screen.cell(row, col))
                .map(vt100::Cell::contents)
                .collect();
            let reversed =
                (0..cols).filter_map(|col| screen.cell(row, col)).any(vt100::Cell::inverse);
            reversed && text.replace(' ', "").contains("Abackupwasrestored")
        })
    });
    screen.with_screen(|screen| {
        let (rows, cols) = size(screen);
        for row in 0..rows {
            for col in 0..cols {
                let cell = screen.cell(row, col).expect("a cell");
                let plain = vt100::Color::Default;
                assert_eq!((cell.fgcolor(), cell.bgcolor()), (plain, plain), "{row}:{col}");
            }
        }
    });
    screen.send("q").wait_exit();
}

#[test]
fn ascii_stays_ascii() {
    let scene = shop();
    let mut screen = Terminal::open(&scene, &["--ascii"], 24, 80);
    screen.wait_for("NO-GO").send("n").send("\r").wait_for("Why it matters");
    let text = screen.contents();
    assert!(text.is_ascii(), "{text}");
    screen.send("q").wait_exit();
}

#[test]
fn every_size_is_usable_or_says_so() {
    let scene = shop();
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("NO-GO");
    for (rows, cols) in [(50, 200), (12, 40), (24, 80), (13, 60)] {
        screen.resize(rows, cols);
        screen.wait_until("draws in the new size", |screen| {
            size(screen) == (rows, cols)
                && screen.contents().contains("NO-GO")
                && screen.contents().contains("A backup was restored")
        });
    }
    screen.resize(5, 20);
    screen.wait_for("small");
    screen.resize(1, 3);
    screen.resize(24, 80);
    screen.wait_for("A backup was restored");
    screen.send("q").wait_exit();
}

#[test]
fn the_first_key_after_a_resize_is_not_held_back() {
    let scene = shop();
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("NO-GO");
    for (rows, cols) in [(24, 90), (24, 80), (30, 100)] {
        screen.resize(rows, cols);
        screen.wait_until("draws in the new size", |screen| {
            screen.contents().contains("A backup was restored")
        });
        screen.settle(Duration::from_millis(200));
        screen.send("?").wait_for("type to search");
        screen.settle(Duration::from_millis(200));
        screen.resize(rows, cols - 1);
        screen.settle(Duration::from_millis(200));
        screen
            .send("\u{1b}")
            .wait_until("closes the help", |screen| !screen.contents().contains("type to search"));
    }
    screen.resize(24, 80);
    screen.settle(Duration::from_millis(200));
    screen.send("q");
    assert_eq!(screen.wait_exit(), 1);
}

#[test]
fn a_verdict_that_was_overtaken_is_no_go() {
    let scene = shop();
    assert_eq!(scene.gonogo(&["sign", "restore-rehearsed"]).code, 0);
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("signed off").wait_for("GO");
    screen.settle(Duration::from_millis(300));
    // somebody else objects meanwhile
    assert_eq!(scene.gonogo(&["object", "restore-rehearsed", "-m", "the disk is broken"]).code, 0);
    screen.send("q");
    assert_eq!(screen.wait_exit(), 1);
    assert!(screen.contents().contains("changed since"), "{}", screen.contents());

    // who comes back to the terminal sees it
    assert_eq!(scene.gonogo(&["withdraw", "restore-rehearsed"]).code, 0);
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("signed off");
    screen.settle(Duration::from_millis(300));
    assert_eq!(scene.gonogo(&["object", "restore-rehearsed", "-m", "the disk is broken"]).code, 0);
    screen.send("\u{1b}[I").wait_for("objected").wait_for("NO-GO");
    screen.send("q").wait_exit();
}

#[test]
fn a_checklist_that_broke_meanwhile_is_no_go() {
    let scene = shop();
    assert_eq!(scene.gonogo(&["sign", "restore-rehearsed"]).code, 0);
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("signed off");
    scene.write(".gonogo/checklist.yaml", CHECKLIST.replace("severity", "severty"));
    screen.send("R").wait_for("press R").send("\r").wait_for("NO-GO");
    screen.send("q");
    assert_eq!(screen.wait_exit(), 1);
}

#[test]
fn an_idle_screen_writes_nothing() {
    let scene = shop();
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("NO-GO");
    // it comes to rest at all: nothing for two seconds
    screen.settle(Duration::from_secs(2));
    let before = screen.bytes().len();
    screen.send("j").wait_until("moves", |_| true);
    screen.settle(Duration::from_millis(300));
    assert!(screen.bytes().len() - before < 4_000, "one key redraws little");
    screen.send("q").wait_exit();
}

#[test]
fn what_was_selected_is_remembered() {
    let scene = shop();
    let mut screen = Terminal::open(&scene, &[], 24, 80);
    screen.wait_for("NO-GO").send("n").send("\r").wait_for("Why it matters");
    screen.send("q").wait_exit();
    let mut again = Terminal::open(&scene, &[], 24, 80);
    again.wait_for("NO-GO").send("\r").wait_for("A backup that was never restored");
    again.send("q").wait_exit();
}

#[test]
fn the_editor_gets_the_place_and_the_keys() {
    let scene = shop();
    scene.write(".env", "PORT=http\n");
    let editor = scene.beside("editor");
    // says what it was given, then waits for a key of its own
    let script =
        "#!/bin/sh\necho \"EDITING $*\"\nread -r answer\necho \"$answer\" > \"$HOME/answer\"\n";
    std::fs::write(&editor, script).expect("a script");
    let status = Command::new("chmod").arg("+x").arg(&editor).status().expect("chmod runs");
    assert!(status.success());
    let editor = editor.to_string_lossy().into_owned();
    let mut screen = Terminal::open_with(&scene, &[], &[("EDITOR", &editor)], 24, 80);
    screen.wait_for("1 failed").send("n").send("n").send("e");
    screen.wait_for("EDITING").send("typed for the editor\r").wait_for("NO-GO");
    let answer = std::fs::read_to_string(scene.home().join("answer")).expect("an answer");
    assert_eq!(answer.trim(), "typed for the editor");
    screen.send("q").wait_exit();
}
