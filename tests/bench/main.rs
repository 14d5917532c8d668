//! `cargo bench`: how fast gonogo is, beside a named peer in the same run.
//!
//! - The whole of `gonogo check --offline` against one `rg` run with a regex of
//!   50 alternatives over the same tree, in turn, as a ratio of medians.
//! - The screen while checks run on that tree: first frame, the worst answer of
//!   1,000 keys, resident memory; and what an idle screen costs.
//! - The search of a whole history against `git log --all --name-only`, in turn:
//!   without and with an answer kept from before. git's own options are left as
//!   they are, so that it looks for renames; `--no-renames` is told beside.
//!
//! `GONOGO_BENCH_ONLY` names one part: `tree`, `history` or `screen`.
//! `GONOGO_BENCH_FILES` sets the size of the tree (100,000 files);
//! `GONOGO_BENCH_REPO` names a repository that is measured in both ways besides.
//! The tree is made once, below `target/`. Without `rg` on the PATH the first
//! part is left out, and says so.
//!
//! Ratios are of medians of time by the clock, and, where other work shares the
//! machine, better read by processor time.

#![allow(clippy::expect_used, clippy::panic, reason = "this is test code")]

mod history;
mod screen;
#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod support;
mod tree;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use support::Scene;

const ROUNDS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, root] = arguments.as_slice()
        && flag == history::FLAG
    {
        return history::search(Path::new(root));
    }
    let files = std::env::var("GONOGO_BENCH_FILES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    let only = std::env::var("GONOGO_BENCH_ONLY").ok();
    let has = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scene = Scene::new();
    let other = std::env::var_os("GONOGO_BENCH_REPO").map(std::path::PathBuf::from);
    if has("history") {
        against_git_log(&history::make(folder));
        other.as_deref().into_iter().for_each(against_git_log);
    }
    if !has("tree") && !has("screen") {
        return;
    }
    let root = tree::make(folder, files);
    if has("tree") {
        println!("tree: {files} files, {}", root.display());
        against_ripgrep(&scene, &root);
        if let Some(other) = &other {
            println!("tree: {}", other.display());
            against_ripgrep(&scene, other);
        }
    }
    if !has("screen") {
        return;
    }
    screen::measure(&scene, &root);
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
        // the history is compared with git log
        "--glob=!.git",
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
    let (mut ours, mut theirs) = (Spent::default(), Spent::default());
    for round in 0..=ROUNDS {
        // the first round warms the caches, also that of answers from the history
        let pair = (timed(gonogo(scene, root)), timed(ripgrep(root)));
        if round > 0 {
            ours.add(pair.0);
            theirs.add(pair.1);
        }
    }
    ours.tell("gonogo check, the tree");
    theirs.tell("rg, 50 alternatives");
    ours.compare(&theirs, "check takes", "at most 2");
}

fn against_git_log(root: &Path) {
    println!("history: {}", root.display());
    // a partial clone lacks contents that git compares to find renames
    let peers = [("git log --name-only", &[][..]), ("  with --no-renames", &["--no-renames"][..])];
    let works = |options: &[&str]| {
        let mut command = history::theirs(root, options);
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    let mut peers: Vec<(&str, &[&str], Spent)> = peers
        .into_iter()
        .filter(|(name, options)| {
            let works = works(options);
            if !works {
                println!("{name:<23} fails here");
            }
            works
        })
        .map(|(name, options)| (name, options, Spent::default()))
        .collect();
    let cache = tempfile::tempdir().expect("a folder");
    let (mut cold, mut warm) = (Spent::default(), Spent::default());
    for round in 0..=ROUNDS {
        let fresh = cache.path().join(round.to_string());
        let ours = [timed(history::ours(root, &fresh)), timed(history::ours(root, &fresh))];
        // the first round warms the system's caches
        let counts = round > 0;
        for (_, options, spent) in &mut peers {
            let theirs = timed(history::theirs(root, options));
            if counts {
                spent.add(theirs);
            }
        }
        if counts {
            cold.add(ours[0]);
            warm.add(ours[1]);
        }
    }
    cold.tell("history, read (cold)");
    warm.tell("history, kept (warm)");
    for (name, _, spent) in &peers {
        spent.tell(name);
        spent.compare(&cold, "  takes", "at least 5, cold");
        spent.compare(&warm, "  takes", "warm");
    }
}

/// What a command took, again and again: by the clock, and of the processors.
#[derive(Default)]
struct Spent {
    seconds: Vec<f64>,
    cpu: Vec<f64>,
}

impl Spent {
    fn add(&mut self, (seconds, cpu): (f64, f64)) {
        self.seconds.push(seconds);
        self.cpu.push(cpu);
    }

    fn medians(&self) -> (f64, f64) {
        // ticks are too coarse for a median
        let cpu = self.cpu.iter().sum::<f64>() / self.cpu.len() as f64;
        (median(self.seconds.clone()), cpu)
    }

    fn tell(&self, what: &str) {
        let (seconds, cpu) = self.medians();
        println!(
            "{what:<23} {:>8.1} ms (median of {ROUNDS}), {:.0} ms of processor time",
            seconds * 1e3,
            cpu * 1e3
        );
    }

    fn compare(&self, other: &Self, what: &str, goal: &str) {
        let ((seconds, cpu), (other_seconds, other_cpu)) = (self.medians(), other.medians());
        println!(
            "{what:<23} {:>8.2} times as long, {:.2} times the processor time ({goal})",
            seconds / other_seconds,
            cpu / other_cpu
        );
    }
}

/// Seconds by the clock and of the processors.
fn timed(mut command: Command) -> (f64, f64) {
    let (begin, before) = (Instant::now(), children_cpu());
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it runs");
    assert!(status.code().is_some_and(|code| code <= 1), "{command:?}: {status}");
    (begin.elapsed().as_secs_f64(), children_cpu() - before)
}

/// What children that ended have used of the processors, in seconds: the fields
/// `cutime` and `cstime` of proc(5), in ticks of 10 ms.
fn children_cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(13).take(2).filter_map(|n| n.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
