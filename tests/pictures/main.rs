//! `cargo test --test pictures` draws `assets/pictures` anew: the real program
//! on the demo repository in a real pseudo-terminal, its screen as SVG.

#![allow(clippy::expect_used, clippy::panic, reason = "this is test code")]

#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod support;

use std::fs;
use std::path::Path;
use std::time::Duration;

use support::{Scene, Terminal, size};

/// Nothing was drawn for so long: the picture is whole.
const CALM: Duration = Duration::from_millis(400);

fn main() {
    let scene = Scene::bare_home();
    let demo = scene.beside("kiosk");
    let folder = demo.to_string_lossy().into_owned();
    let made = scene.gonogo(&["demo", "--no-open", &folder]);
    assert_eq!(made.code, 0, "{made:?}");

    let mut wide = Terminal::open(&scene, &["-C", &folder, "--theme", "dark"], 38, 130);
    wide.wait_for("NO-GO").send("n").wait_for("Why it matters");
    wide.settle(CALM);
    save("screen", &wide, "dark");
    wide.send("?").wait_for("type to search");
    wide.settle(CALM);
    save("help", &wide, "dark");
    wide.send("\u{1b}")
        .wait_until("closes the help", |screen| !screen.contents().contains("type to search"));
    wide.send("/restored").wait_for("1 of 47").send("\r").send("n");
    wide.wait_for("How to").settle(CALM);
    wide.send("s").wait_for("enter sign");
    wide.send("restored last night's copy on spare-1").wait_for("on spare-1");
    wide.settle(CALM);
    save("sign", &wide, "dark");
    wide.send("\u{3}").send("\u{3}").wait_exit();

    let mut small = Terminal::open(&scene, &["-C", &folder, "--theme", "light"], 24, 80);
    small.wait_for("NO-GO").settle(CALM);
    save("small", &small, "light");
    small.send("q").wait_exit();
}

fn save(name: &str, terminal: &Terminal, theme: &str) {
    let text = terminal.with_screen(ansi);
    let (fg, bg) = match theme {
        "light" => ((0x24, 0x29, 0x2f), (0xff, 0xff, 0xff)),
        _ => ((0xd0, 0xd0, 0xd0), (0x12, 0x14, 0x18)),
    };
    let svg = anstyle_svg::Term::new()
        .fg_color(anstyle::RgbColor(fg.0, fg.1, fg.2).into())
        .bg_color(anstyle::RgbColor(bg.0, bg.1, bg.2).into())
        .render_svg(&text);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures");
    fs::create_dir_all(&path).expect("a folder");
    let path = path.join(format!("{name}.svg"));
    fs::write(&path, svg).expect("a picture");
    println!("{}", path.display());
}

/// The screen as text with SGR codes only, every blank kept.
fn ansi(screen: &vt100::Screen) -> String {
    let (rows, cols) = size(screen);
    let mut out = String::new();
    for row in 0..rows {
        let mut last = String::new();
        for col in 0..cols {
            let Some(cell) = screen.cell(row, col) else { continue };
            if cell.is_wide_continuation() {
                continue;
            }
            let codes = sgr(cell);
            if codes != last {
                out.push_str(&format!("\u{1b}[0{codes}m"));
                last = codes;
            }
            out.push_str(if cell.has_contents() { cell.contents() } else { " " });
        }
        out.push_str("\u{1b}[0m\n");
    }
    out
}

fn sgr(cell: &vt100::Cell) -> String {
    let mut codes = String::new();
    for (on, code) in [
        (cell.bold(), 1),
        (cell.dim(), 2),
        (cell.italic(), 3),
        (cell.underline(), 4),
        (cell.inverse(), 7),
    ] {
        if on {
            codes.push_str(&format!(";{code}"));
        }
    }
    codes.push_str(&colour(cell.fgcolor(), 38));
    codes.push_str(&colour(cell.bgcolor(), 48));
    codes
}

fn colour(colour: vt100::Color, base: u8) -> String {
    match colour {
        vt100::Color::Default => String::new(),
        vt100::Color::Idx(index) => format!(";{base};5;{index}"),
        vt100::Color::Rgb(r, g, b) => format!(";{base};2;{r};{g};{b}"),
    }
}
