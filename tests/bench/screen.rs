//! The screen while checks run on a large tree: how soon the first frame is
//! there, how soon a key is answered at worst, and what an idle screen costs.
//!
//! A key counts as answered when the mark of the selection has moved: other
//! parts of the screen change by themselves while checks run.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::median;
use crate::support::{Scene, Terminal};

/// So many keys, over as many runs as that takes.
const KEYS: usize = 1000;
const MOST_RUNS: usize = 200;

/// A person who holds a key down types no faster.
const BETWEEN_KEYS: Duration = Duration::from_millis(5);

const IDLE: Duration = Duration::from_secs(5);

/// Measures and prints all of it.
pub(crate) fn measure(scene: &Scene, root: &Path) {
    let folder = root.to_string_lossy().into_owned();
    let (mut first, mut keys, mut memory) = (Vec::new(), Vec::new(), 0);
    while keys.len() < KEYS && first.len() < MOST_RUNS {
        let begin = Instant::now();
        let mut terminal = open(scene, &folder);
        terminal.wait_until("draws a frame", |screen| !screen.contents().trim().is_empty());
        first.push(begin.elapsed().as_secs_f64());
        terminal.wait_until("marks a row", |screen| marked(screen).is_some());
        let mut down = true;
        while keys.len() < KEYS && is_checking(&terminal) {
            let before = terminal.with_screen(marked);
            let begin = Instant::now();
            terminal.send(if down { "j" } else { "k" });
            terminal.wait_until("answers a key", |screen| marked(screen) != before);
            keys.push(begin.elapsed().as_secs_f64());
            down = !down;
            thread::sleep(BETWEEN_KEYS);
        }
        memory = memory.max(kilobytes(terminal.pid(), "VmHWM"));
        terminal.send("q").wait_exit();
    }
    let runs = first.len();
    println!(
        "first frame             {:>8.1} ms (median of {runs}; at most 10)",
        ms(median(first))
    );
    keys.sort_by(f64::total_cmp);
    let worst = keys.last().copied().unwrap_or(f64::NAN);
    let one_percent = keys.get(keys.len() * 99 / 100).copied().unwrap_or(f64::NAN);
    println!(
        "key while checks run    {:>8.1} ms in the worst of {} (at most 16); median {:.1} ms, 99 of 100 within {:.1} ms",
        ms(worst),
        keys.len(),
        ms(median(keys)),
        ms(one_percent)
    );
    println!("resident memory         {:>8.1} MB (peak; at most 100)", memory as f64 / 1024.0);
    idle(scene, &folder);
}

fn open(scene: &Scene, folder: &str) -> Terminal {
    Terminal::open(scene, &["-C", folder, "--offline"], 50, 120)
}

/// The row of the selection.
fn marked(screen: &vt100::Screen) -> Option<usize> {
    screen.rows(0, 1).position(|row| row == "▸")
}

fn is_checking(terminal: &Terminal) -> bool {
    terminal.contents().lines().next().is_some_and(|line| line.contains("CHECKING"))
}

fn idle(scene: &Scene, folder: &str) {
    let mut terminal = open(scene, folder);
    terminal.wait_until("comes to a verdict", |screen| screen.contents().contains("NO-GO"));
    terminal.settle(Duration::from_secs(1));
    let pid = terminal.pid();
    let spent = || (terminal.bytes().len() as u64, ticks(pid), written(pid), wakes(pid));
    let before = spent();
    thread::sleep(IDLE);
    let after = spent();
    println!(
        "idle for {} s            {:>8} bytes to the terminal, {} ticks of processor time, {} bytes written anywhere, {} times awake (at most 0 of each)",
        IDLE.as_secs(),
        after.0 - before.0,
        after.1 - before.1,
        after.2 - before.2,
        after.3 - before.3
    );
    terminal.send("q").wait_exit();
}

fn ms(seconds: f64) -> f64 {
    seconds * 1e3
}

fn kilobytes(pid: u32, field: &str) -> u64 {
    field_of(&format!("/proc/{pid}/status"), field)
}

/// Bytes that were given to the system to write, to whatever file.
fn written(pid: u32) -> u64 {
    field_of(&format!("/proc/{pid}/io"), "wchar:")
}

/// How often its threads were woken.
fn wakes(pid: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let switches =
        |path: &Path| field_of(&path.join("status").to_string_lossy(), "voluntary_ctxt_switches:");
    threads.map(|thread| switches(&thread.path())).sum()
}

/// The number behind a word at the beginning of a line.
fn field_of(file: &str, field: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// User and system time in the kernel's ticks, from `/proc/PID/stat`.
fn ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum()
}
