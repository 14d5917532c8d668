//! The paths and env files of a whole history, beside `git log --all --name-only`
//! with an empty `--format`, which prints paths and nothing else.
//!
//! The history is made: 2,000 commits, 1,000 files, 100 branches and tags. As in
//! most real ones, files are moved and renamed at times, which is what takes
//! `git log` longest: it looks for the old names. Without that (`--no-renames`)
//! it is told too.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gonogo::model::RepoPath;
use gonogo::repo::{History, Repo, Wanted};

const COMMITS: usize = 2000;
const FILES: usize = 1000;

/// The files that the shipped checklists ask for, judged by what they hold.
struct EnvFiles;

impl Wanted for EnvFiles {
    fn question(&self) -> Vec<String> {
        vec!["env files".to_owned()]
    }

    fn wants_name(&self, name: &[u8]) -> bool {
        name.starts_with(b".env") || name.ends_with(b".env")
    }

    fn wants(&self, path: &RepoPath) -> bool {
        self.wants_name(path.name().as_encoded_bytes())
    }

    fn needs(&self, _: Option<&RepoPath>) -> Option<usize> {
        Some(1 << 20)
    }

    fn counts(&self, _: Option<&RepoPath>, content: &[u8]) -> bool {
        content.windows(7).any(|part| part == b"SECRET=")
    }

    fn go_on(&self) -> bool {
        true
    }
}

/// Starts this process for one search.
pub(crate) const FLAG: &str = "--search-history";

/// What the benchmark's own process does when it is started for one search.
pub(crate) fn search(root: &Path) {
    let repo = Repo::discover(root).expect("a repository");
    let searched =
        repo.search_history(&EnvFiles, &History::default()).expect("readable").expect("to the end");
    if root.join("done").exists() {
        assert!(searched.commits >= COMMITS && searched.unread.is_empty());
        assert_eq!(searched.held.len(), 1, "one env file held a secret");
    } else {
        assert!(searched.commits > 0);
    }
}

/// The command for one search in a process of its own, as `git log` is.
pub(crate) fn ours(root: &Path, cache: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a path"));
    command.arg(FLAG).arg(root).env("XDG_CACHE_HOME", cache);
    command
}

/// `git log` with the machine's settings left out.
pub(crate) fn theirs(root: &Path, options: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root).args(["log", "--all", "--name-only", "--format="]).args(options);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

/// Makes the history below `folder`, unless it is there already.
pub(crate) fn make(folder: &Path) -> PathBuf {
    let root = folder.join(format!("history-{COMMITS}-{FILES}"));
    if root.join("done").exists() {
        return root;
    }
    println!("making a history of {COMMITS} commits; this is done once");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).expect("a folder");
    fs::write(root.join("stream"), stream()).expect("written");
    let stream = fs::File::open(root.join("stream")).expect("the stream");
    let git = |arguments: &[&str], input: Stdio| {
        let mut command = Command::new("git");
        command.current_dir(&root).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
        assert!(command.stdin(input).status().expect("git runs").success(), "git {arguments:?}");
    };
    git(&["init", "--quiet", "--initial-branch=main"], Stdio::null());
    git(&["fast-import", "--quiet"], stream.into());
    // as a clone or a fetch leaves it
    git(&["gc", "--quiet"], Stdio::null());
    git(&["reset", "--quiet", "--hard"], Stdio::null());
    fs::remove_file(root.join("stream")).expect("removed");
    fs::write(root.join("done"), "").expect("a marker");
    root
}

/// The history as `git fast-import` reads it.
fn stream() -> String {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = move |below: usize| {
        // xorshift, so that the history is the same everywhere
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap_or(0)
    };
    let mut out = String::new();
    let mut files: Vec<(String, Vec<String>)> = (0..FILES)
        .map(|n| {
            let lines =
                (0..20 + next(80)).map(|line| format!("line {line} of {n}: {}", next(9999)));
            (format!("pkg{}/mod{}/file{n}.py", n % 25, n / 25 % 8), lines.collect())
        })
        .collect();
    for commit in 0..COMMITS {
        let seconds = 1_600_000_000 + commit * 3600;
        let message = format!("commit {commit}");
        let _ = writeln!(
            out,
            "commit refs/heads/main\ncommitter Bench <bench@example.com> {seconds} +0000"
        );
        let _ = writeln!(out, "data {}\n{message}", message.len());
        let changed: Vec<usize> = match commit {
            0 => (0..FILES).collect(),
            _ => (0..=next(8)).map(|_| next(FILES)).collect(),
        };
        for file in changed {
            let (path, lines) = &mut files[file];
            let line = next(lines.len());
            lines[line] = format!("changed in {commit}: {}", next(9999));
            // every eighth commit moves what it changes
            if commit % 8 == 7 {
                let _ = writeln!(out, "D {path}");
                *path = format!("pkg{}/mod{}/moved{commit}_{file}.py", next(25), next(8));
            }
            content(&mut out, path, &lines.join("\n"));
        }
        match commit {
            40 => content(&mut out, ".env.example", "SECRET_KEY=\n"),
            700 => content(&mut out, "deploy/prod.env", "SECRET=tulip-harbour-93\n"),
            701 => out.push_str("D deploy/prod.env\n"),
            _ => {}
        }
        if commit % 20 == 0 {
            let _ = writeln!(out, "reset refs/heads/topic{commit}\nfrom refs/heads/main");
        }
    }
    out
}

fn content(out: &mut String, path: &str, text: &str) {
    let _ = writeln!(out, "M 100644 inline {path}\ndata {}\n{text}", text.len());
}
