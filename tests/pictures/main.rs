//! Draws `assets/pictures`: the real program on the demo repository in a real
//! pseudo-terminal, its screen as SVG. `cargo test` compares them with what is in
//! the repository; `DRAW=1 cargo test --test pictures` draws them again.

#![allow(clippy::expect_used, clippy::panic, reason = "this is test code")]

#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod support;

mod still;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use still::still;
use support::{Scene, Terminal};

/// Nothing was drawn for so long: the picture is whole.
const CALM: Duration = Duration::from_millis(400);

fn main() -> ExitCode {
    // `cargo test FILTER` asks every test program
    if std::env::args().skip(1).any(|arg| !"pictures".contains(&arg)) {
        return ExitCode::SUCCESS;
    }
    let mut pictures = Pictures { draw: std::env::var_os("DRAW").is_some(), differ: Vec::new() };
    let scene = Scene::bare_home();
    let demo = scene.beside("kiosk");
    let folder = demo.to_string_lossy().into_owned();
    let made = scene.gonogo(&["demo", "--no-open", &folder]);
    assert_eq!(made.code, 0, "{made:?}");

    let mut wide = Terminal::open(&scene, &["-C", &folder, "--theme", "dark"], 38, 130);
    wide.wait_for("NO-GO").send("n").wait_for("Why it matters");
    wide.settle(CALM);
    pictures.save("screen", &wide, "dark");
    wide.send("?").wait_for("type to search");
    wide.settle(CALM);
    pictures.save("help", &wide, "dark");
    wide.send("\u{1b}")
        .wait_until("closes the help", |screen| !screen.contents().contains("type to search"));
    wide.send("/restored").wait_for("1 of ").send("\r").send("n");
    wide.wait_for("How to").settle(CALM);
    wide.send("s").wait_for("enter sign");
    wide.send("restored last night's copy on spare-1").wait_for("on spare-1");
    wide.settle(CALM);
    pictures.save("sign", &wide, "dark");
    wide.send("\u{3}").send("\u{3}").wait_exit();

    let mut small = Terminal::open(&scene, &["-C", &folder, "--theme", "light"], 24, 80);
    small.wait_for("NO-GO").settle(CALM);
    pictures.save("small", &small, "light");
    small.send("q").wait_exit();
    if pictures.differ.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!(
        "not as drawn today: {}; look at them after `DRAW=1 cargo test --test pictures`",
        pictures.differ.join(", ")
    );
    ExitCode::FAILURE
}

struct Pictures {
    /// Write them; else compare.
    draw: bool,
    differ: Vec<String>,
}

impl Pictures {
    fn save(&mut self, name: &str, terminal: &Terminal, theme: &str) {
        let svg = svg(&terminal.with_screen(still), theme);
        let file = format!("assets/pictures/{name}.svg");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
        if self.draw {
            fs::write(&path, svg).expect("a picture");
            println!("{file}");
        } else if fs::read_to_string(&path).ok().as_deref() != Some(svg.as_str()) {
            self.differ.push(file);
        }
    }
}

fn svg(text: &str, theme: &str) -> String {
    let (fg, bg) = match theme {
        "light" => ((0x24, 0x29, 0x2f), (0xff, 0xff, 0xff)),
        _ => ((0xd0, 0xd0, 0xd0), (0x12, 0x14, 0x18)),
    };
    anstyle_svg::Term::new()
        .fg_color(anstyle::RgbColor(fg.0, fg.1, fg.2).into())
        .bg_color(anstyle::RgbColor(bg.0, bg.1, bg.2).into())
        .render_svg(text)
}
