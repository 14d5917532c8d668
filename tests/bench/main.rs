//! `cargo bench`: how fast gonogo is, beside a named peer in the same run.
//!
//! - The whole of `gonogo check --offline` against one `rg` run with a regex of
//!   50 alternatives over the same tree, in turn, as a ratio of medians.
//! - The screen while checks run on that tree: first frame, answer to a key,
//!   resident memory; and what an idle screen costs.
//!
//! - The search of a whole history against `git log --all --name-only`, in turn:
//!   without and with an answer kept from before.
//!
//! `GONOGO_BENCH_FILES` sets the size of the tree (100,000 files). The tree is
//! made once, below `target/`. Without `rg` on the PATH the first part is left
//! out, and says so.

#![allow(clippy::expect_used, clippy::panic, reason = "this is test code")]

mod history;
#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod support;
mod tree;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use support::{Scene, Terminal};

const ROUNDS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, root] = arguments.as_slice()
        && flag == "--search-history"
    {
        return history::search(Path::new(root));
    }
    let files = std::env::var("GONOGO_BENCH_FILES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    let root = tree::make(Path::new(env!("CARGO_TARGET_TMPDIR")), files);
    let scene = Scene::new();
    against_git_log();
    println!("tree: {files} files, {}", root.display());
    against_ripgrep(&scene, &root);
    screen(&scene, &root);
}

fn gonogo(scene: &Scene, root: &Path) -> Command {
    let mut command = scene.gonogo_command();
    command.current_dir(root).args(["check", "--offline"]);
    command
}

fn ripgrep(root: &Path) -> Command {
    let mut command = Command::new("rg");
    command.current_dir(root).args([
        "--hidden",
        "--count",
        "--regexp",
        &tree::ALTERNATIVES.join("|"),
        // or it may read standard input
        ".",
    ]);
    command
}

fn against_ripgrep(scene: &Scene, root: &Path) {
    if ripgrep(root).arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("rg is not on the PATH: install ripgrep to compare with it");
        return;
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let pair = (timed(gonogo(scene, root)), timed(ripgrep(root)));
        // the first round warms the caches
        if round > 0 {
            ours.push(pair.0);
            theirs.push(pair.1);
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("gonogo check --offline  {:>8.1} ms (median of {ROUNDS})", ours * 1e3);
    println!("rg, 50 alternatives     {:>8.1} ms (median of {ROUNDS})", theirs * 1e3);
    println!("ratio                   {:>8.2}    (at most 3)", ours / theirs);
}

fn against_git_log() {
    let root = history::make(Path::new(env!("CARGO_TARGET_TMPDIR")));
    println!("history: {}", root.display());
    let cache = tempfile::tempdir().expect("a folder");
    let (mut cold, mut warm, mut theirs, mut plain) = Default::default();
    for round in 0..=ROUNDS {
        let fresh = cache.path().join(round.to_string());
        let times = [
            (&mut cold, timed(history::ours(&root, &fresh))),
            (&mut theirs, timed(history::theirs(&root, &[]))),
            (&mut warm, timed(history::ours(&root, &fresh))),
            (&mut plain, timed(history::theirs(&root, &["--no-renames"]))),
        ];
        for (all, time) in times {
            let all: &mut Vec<f64> = all;
            // the first round warms the system's caches
            if round > 0 {
                all.push(time);
            }
        }
    }
    let [cold, warm, theirs, plain] = [cold, warm, theirs, plain].map(median);
    println!("git log --name-only     {:>8.1} ms (median of {ROUNDS})", theirs * 1e3);
    println!("  without renames       {:>8.1} ms (median of {ROUNDS})", plain * 1e3);
    println!("history, read           {:>8.1} ms (median of {ROUNDS})", cold * 1e3);
    println!("history, nothing moved  {:>8.1} ms (median of {ROUNDS})", warm * 1e3);
    println!(
        "git log takes           {:>8.2} times as long (at least 5), without renames {:.2}; {:.0} times when nothing moved",
        theirs / cold,
        plain / cold,
        theirs / warm
    );
}

fn timed(mut command: Command) -> f64 {
    let begin = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it runs");
    assert!(status.code().is_some_and(|code| code <= 1), "{command:?}: {status}");
    begin.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn screen(scene: &Scene, root: &Path) {
    let folder = root.to_string_lossy().into_owned();
    let (mut first, mut keys, mut memory) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let mut terminal = Terminal::open(scene, &["-C", &folder, "--offline"], 50, 120);
        terminal.wait_until("draws a frame", |screen| !screen.contents().trim().is_empty());
        first.push(begin.elapsed().as_secs_f64());
        terminal.wait_for("SECRET_KEY");
        // while the checks run, move up and down and wait for each to be drawn
        let mut down = true;
        while !settled(&terminal) {
            let before = terminal.contents();
            let begin = Instant::now();
            terminal.send(if down { "j" } else { "k" });
            terminal.wait_until("answers a key", |screen| screen.contents() != before);
            keys.push(begin.elapsed().as_secs_f64());
            down = !down;
            thread::sleep(Duration::from_millis(20));
        }
        memory = memory.max(status_kilobytes(terminal.pid(), "VmHWM"));
        terminal.send("q").wait_exit();
    }
    keys.sort_by(f64::total_cmp);
    let worst = keys.last().copied().unwrap_or(f64::NAN);
    println!(
        "first frame             {:>8.1} ms (median of {ROUNDS}; at most 50)",
        median(first) * 1e3
    );
    println!(
        "key answered            {:>8.1} ms (median of {}; at most 16), worst {:.1} ms",
        median(keys.clone()) * 1e3,
        keys.len(),
        worst * 1e3
    );
    println!("resident memory         {:>8.1} MB (peak; at most 100)", memory as f64 / 1024.0);
    idle(scene, &folder);
}

fn settled(terminal: &Terminal) -> bool {
    let text = terminal.contents();
    text.contains("NO-GO") || text.lines().next().is_some_and(|line| line.contains("GO"))
}

fn idle(scene: &Scene, folder: &str) {
    let mut terminal = Terminal::open(scene, &["-C", folder, "--offline"], 50, 120);
    terminal.wait_until("comes to a verdict", |screen| screen.contents().contains("NO-GO"));
    terminal.settle(Duration::from_secs(1));
    let (bytes, cpu) = (terminal.bytes().len(), cpu_ticks(terminal.pid()));
    thread::sleep(Duration::from_secs(5));
    println!(
        "idle for 5 s            {:>8} bytes written, {} ticks of CPU",
        terminal.bytes().len() - bytes,
        cpu_ticks(terminal.pid()) - cpu
    );
    terminal.send("q").wait_exit();
}

fn status_kilobytes(pid: u32, field: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// User and system time in the kernel's ticks, from `/proc/PID/stat`.
fn cpu_ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum()
}
