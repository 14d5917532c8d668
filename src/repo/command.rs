//! Starts git for what only the person's own git can do: speak to a remote with
//! their configuration and their credentials. Nothing else starts programs.
//!
//! git runs no hook and no maintenance here, speaks a few protocols only, asks
//! at the terminal only where there is one, and ends after a time.

use std::ffi::OsString;
use std::io::{self, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::Repo;
use crate::model::CleanText;

/// What git may speak. `ext::` would run any program that a URL names.
const PROTOCOLS: &str = "file:git:http:https:ssh";

/// So much of each output is kept; the rest is read and dropped.
const KEPT: u64 = 256 * 1024;

/// So many of the last lines of an output are shown.
const SHOWN_LINES: usize = 12;

/// How long what git left running may keep an output open.
const GRACE: Duration = Duration::from_secs(2);

/// How often it is looked whether git has ended.
const LOOK: Duration = Duration::from_millis(5);

/// Settings that no configuration may change: nothing of the repository's runs,
/// and git stays with the one thing that it was asked for.
const SETTINGS: [&str; 8] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.recurseSubmodules=false",
    "push.recurseSubmodules=no",
    "submodule.recurse=false",
    "color.ui=never",
];

/// Variables that would make git work on another repository.
const ELSEWHERE: [&str; 7] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
];

/// How git may behave.
#[derive(Clone, Copy)]
pub struct Manners<'a> {
    /// A person sits at a terminal and can be asked for a password.
    pub terminal: bool,
    /// It is ended after so long.
    pub limit: Duration,
    /// It is ended when this says so.
    pub cancelled: &'a dyn Fn() -> bool,
}

/// How git ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Whether it did what it was asked for.
    pub good: bool,
    /// Its last words on standard error, without control characters and
    /// without passwords of URLs.
    pub said: CleanText,
}

/// Why git did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The program is not there, or may not run.
    #[error("the program `git` cannot be started; install git, or put it on the PATH")]
    NotStarted(#[source] io::Error),
    /// It took too long.
    #[error("git did not end within {} seconds, so it was stopped{}", limit.as_secs(), after(said))]
    TimedOut {
        /// How long it had.
        limit: Duration,
        /// Its last words.
        said: CleanText,
    },
    /// The person did not want it any more.
    #[error("it was cancelled")]
    Cancelled,
}

fn after(said: &CleanText) -> String {
    if said.is_empty() { String::new() } else { format!("; it said: {said}") }
}

impl Repo {
    /// Runs git on this repository.
    ///
    /// # Errors
    /// When it could not be started or was stopped. That git refused is not an error here.
    pub fn run_git(&self, arguments: &[&str], manners: Manners<'_>) -> Result<Ended, CommandError> {
        let mut command = Command::new("git");
        let mut folder = OsString::from("--git-dir=");
        folder.push(self.git_dir());
        command.current_dir(self.root()).arg(folder);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        for variable in ELSEWHERE {
            command.env_remove(variable);
        }
        command.args(arguments).env("GIT_ALLOW_PROTOCOL", PROTOCOLS).env("LC_ALL", "C");
        // tests stay away from the configuration of whoever runs them
        #[cfg(test)]
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if !manners.terminal {
            // a group of its own can be ended whole, and cannot read the terminal
            command.env("GIT_TERMINAL_PROMPT", "0").process_group(0);
        }
        let mut child = command.spawn().map_err(CommandError::NotStarted)?;
        let out = child.stdout.take().map(collect);
        let err = child.stderr.take().map(collect);
        let ended = wait(&mut child, manners);
        if ended.is_err() {
            end(&mut child, manners.terminal);
        }
        let said = cleaned(&received(err));
        drop(out);
        match ended {
            Ok(status) => Ok(Ended { good: status.success(), said }),
            Err(Stop::Cancelled) => Err(CommandError::Cancelled),
            Err(Stop::TimedOut) => Err(CommandError::TimedOut { limit: manners.limit, said }),
            Err(Stop::Lost(error)) => Err(CommandError::NotStarted(error)),
        }
    }
}

enum Stop {
    TimedOut,
    Cancelled,
    Lost(io::Error),
}

fn wait(child: &mut Child, manners: Manners<'_>) -> Result<ExitStatus, Stop> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(Stop::Lost)? {
            return Ok(status);
        }
        if (manners.cancelled)() {
            return Err(Stop::Cancelled);
        }
        if began.elapsed() >= manners.limit {
            return Err(Stop::TimedOut);
        }
        thread::sleep(LOOK);
    }
}

/// Ends it, and, where it has a group of its own, what it started.
fn end(child: &mut Child, terminal: bool) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group.filter(|_| !terminal) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads an output to its end on a thread of its own.
fn collect(mut output: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let _ = output.by_ref().take(KEPT).read_to_end(&mut kept);
        let _ = sender.send(kept);
        let _ = io::copy(&mut output, &mut io::sink());
    });
    receiver
}

fn received(output: Option<Receiver<Vec<u8>>>) -> Vec<u8> {
    output.and_then(|output| output.recv_timeout(GRACE).ok()).unwrap_or_default()
}

/// The last lines in one, safe to show.
fn cleaned(output: &[u8]) -> CleanText {
    let text = without_passwords(&String::from_utf8_lossy(output));
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let first = lines.len().saturating_sub(SHOWN_LINES);
    CleanText::line(lines.get(first..).unwrap_or_default().join("; "))
}

/// Takes out what stands between `://` and `@` in a URL, and what comes after
/// its `?`: both may hold a password.
fn without_passwords(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, from) = rest.split_at(at + 3);
        clean.push_str(before);
        let ends = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '<' | '>' | '`');
        let end = from.find(ends).unwrap_or(from.len());
        let (url, after) = from.split_at(end);
        let (path, query) = url.split_once('?').map_or((url, None), |(path, q)| (path, Some(q)));
        match path.rsplit_once('@') {
            Some((_, host)) => clean.push_str(&format!("…@{host}")),
            None => clean.push_str(path),
        }
        if query.is_some() {
            clean.push_str("?…");
        }
        rest = after;
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::Sandbox;

    fn manners(limit: Duration, cancelled: &dyn Fn() -> bool) -> Manners<'_> {
        Manners { terminal: false, limit, cancelled }
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn passwords_stay_out_of_sight() {
        let cases = [
            ("plain words", "plain words"),
            ("'https://host/x.git'", "'https://host/x.git'"),
            ("'https://ann:s3cret@host/x': no", "'https://…@host/x': no"),
            ("https://t0ken@host https://a:b@c@host/p", "https://…@host https://…@host/p"),
            ("https://host/x?token=abc end", "https://host/x?… end"),
            ("https://a:p/w@host/x", "https://…@host/x"),
        ];
        for (text, expected) in cases {
            assert_eq!(without_passwords(text), expected);
        }
    }

    #[test]
    fn what_git_says_is_cleaned_and_cut() {
        let text = "one\n\n\u{1b}[2Jtwo\n".to_owned() + &"line\n".repeat(30);
        let said = cleaned(text.as_bytes());
        assert_eq!(said.as_str(), ["line"; SHOWN_LINES].join("; "));
        assert_eq!(cleaned(b"\x1b[2Jx\xff\n").as_str(), "␛[2Jx\u{fffd}");
    }

    #[test]
    fn git_runs_on_this_repository_and_on_no_other() {
        let sandbox = Sandbox::new();
        sandbox.commit("first");
        let run = |arguments: &[&str]| {
            sandbox.repo().run_git(arguments, manners(MINUTE, &|| false)).expect("it ran")
        };
        assert!(run(&["rev-parse", "--verify", "--quiet", "refs/heads/main"]).good);
        let refused = run(&["rev-parse", "--verify", "refs/heads/none"]);
        assert!(!refused.good && refused.said.as_str().contains("fatal"), "{refused:?}");
    }

    #[test]
    fn hooks_and_odd_protocols_do_not_run() {
        let sandbox = Sandbox::new();
        let ran = sandbox.path().join("ran");
        let hook = format!("#!/bin/sh\ntouch '{}'\n", ran.display());
        for name in ["reference-transaction", "pre-push"] {
            sandbox.write(&format!(".git/hooks/{name}"), &hook);
            let path = sandbox.path().join(".git/hooks").join(name);
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(path, mode).expect("a mode");
        }
        let repo = sandbox.repo();
        let run = |arguments: &[&str]| {
            repo.run_git(arguments, manners(MINUTE, &|| false)).expect("it ran")
        };
        let alien = format!("ext::touch {}", ran.display());
        assert!(!run(&["ls-remote", &alien]).good);
        sandbox.git(&[
            "-c",
            "core.hooksPath=/dev/null",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "a",
        ]);
        assert!(run(&["update-ref", "refs/heads/other", "HEAD"]).good);
        assert!(!ran.exists());
    }

    #[test]
    fn it_ends_in_time_or_when_nobody_wants_it() {
        let sandbox = Sandbox::new();
        // an alias of the person's own that does not end
        sandbox.git(&["config", "alias.wait", "!sleep 60"]);
        let repo = sandbox.repo();
        let began = Instant::now();
        let limit = Duration::from_millis(50);
        let late = repo.run_git(&["wait"], manners(limit, &|| false)).expect_err("too long");
        assert!(matches!(late, CommandError::TimedOut { .. }), "{late}");
        let error = repo.run_git(&["wait"], manners(MINUTE, &|| true)).expect_err("not wanted");
        assert!(matches!(error, CommandError::Cancelled), "{error}");
        assert!(began.elapsed() < Duration::from_secs(30));
    }
}
