//! What the engine's tests stand on: checks made for the purpose, and real
//! repositories to run them over.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use crate::check::{Check, CheckError, Context, Found, Needs};
use crate::engine::{Event, Job, JobResult, Run, Settings, start};
use crate::lang::SourceFile;
use crate::model::{Finding, Observation, RepoPath};
use crate::repo::support::Sandbox;

/// Notes what it was shown; a finding for each line that holds its literal.
#[derive(Debug, Default)]
pub(super) struct Probe {
    pub(super) literals: Vec<&'static str>,
    pub(super) only: Option<&'static str>,
    pub(super) shown: Mutex<BTreeMap<String, usize>>,
    pub(super) apart: bool,
    pub(super) network: bool,
    pub(super) panics: Option<&'static str>,
    pub(super) asked: AtomicUsize,
    pub(super) fails: Option<&'static str>,
}

impl Probe {
    pub(super) fn shown(&self) -> Vec<(String, usize)> {
        self.shown.lock().expect("whole").clone().into_iter().collect()
    }

    pub(super) fn paths(&self) -> Vec<String> {
        self.shown().into_iter().map(|(path, _)| path).collect()
    }

    fn trip(&self, method: &str) {
        assert!(self.panics != Some(method), "hunter2");
    }
}

impl Check for Probe {
    fn joins_pass(&self) -> bool {
        self.trip("joins_pass");
        !self.apart
    }

    fn wants(&self, path: &RepoPath) -> bool {
        self.trip("wants");
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.only.is_none_or(|only| path.to_string().ends_with(only))
    }

    fn literals(&self) -> Vec<String> {
        self.trip("literals");
        self.literals.iter().map(|literal| (*literal).to_owned()).collect()
    }

    fn visit(&self, file: &SourceFile) -> Vec<Finding> {
        self.trip("visit");
        *self.shown.lock().expect("whole").entry(file.path().to_string()).or_default() += 1;
        let literals = self.literals.iter();
        literals
            .flat_map(|literal| file.text().match_indices(literal))
            .map(|(at, literal)| Finding::new(literal).at(file.place(at)))
            .collect()
    }

    fn conclude(&self, cx: &Context<'_>, mut found: Found) -> Result<Observation, CheckError> {
        self.trip("conclude");
        cx.cancel.check()?;
        if let Some(message) = self.fails {
            return Err(CheckError::could_not_look(message, "look"));
        }
        found.findings.extend(
            found.skipped.iter().map(|(path, reason)| Finding::new(format!("{path}: {reason}"))),
        );
        let looked_at = format!("{} files, {} more", found.files, found.left_off);
        Ok(Observation::judge(found.findings, looked_at))
    }

    fn needs(&self) -> Needs {
        if self.network { Needs::Network } else { Needs::Nothing }
    }
}

pub(super) struct Tree(Sandbox);

impl Tree {
    pub(super) fn new(files: &[(&str, &[u8])]) -> Self {
        let tree = Self(Sandbox::new());
        for (path, content) in files {
            let path = tree.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, content).expect("written");
        }
        tree
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.path()
    }

    pub(super) fn git(&self, arguments: &[&str]) {
        self.0.git(arguments);
    }

    pub(super) fn begin(&self, jobs: Vec<Job>) -> (Run, Receiver<Event>) {
        let (send, events) = channel();
        let settings = Settings { now: Timestamp::UNIX_EPOCH, offline: true };
        let run = start(Arc::new(self.0.repo()), jobs, settings, move |event| {
            let _ = send.send(event);
        });
        (run, events)
    }

    pub(super) fn run(&self, items: &[(&str, Vec<Arc<Probe>>)]) -> BTreeMap<String, JobResult> {
        let jobs = items.iter().map(|(item, checks)| Job {
            item: item.parse().expect("an id"),
            checks: checks.iter().map(|check| check.clone() as Arc<dyn Check>).collect(),
        });
        let (run, events) = self.begin(jobs.collect());
        run.wait();
        let mut begun = Vec::new();
        let mut ended = BTreeMap::new();
        let mut over = false;
        for event in events {
            assert!(!over, "{event:?} after the end");
            match event {
                Event::Started(item) => begun.push(item),
                Event::Progress { .. } => {}
                Event::Finished { item, result } => {
                    assert!(begun.contains(&item), "{item} ended before it began");
                    assert!(ended.insert(item.to_string(), result).is_none(), "{item} ended twice");
                }
                Event::Done { cancelled, .. } => {
                    assert!(!cancelled);
                    over = true;
                }
            }
        }
        assert!(over);
        assert_eq!(begun.len(), items.len());
        ended
    }

    pub(super) fn run_one(&self, probe: &Arc<Probe>) -> JobResult {
        self.run(&[("one", vec![probe.clone()])]).remove("one").expect("an end")
    }
}

/// Holds the pass up in its first file until it is let go.
#[derive(Debug)]
pub(super) struct Gate {
    reached: Mutex<Sender<()>>,
    open: Mutex<Receiver<()>>,
    pub(super) visits: AtomicUsize,
}

impl Check for Gate {
    fn wants(&self, _: &RepoPath) -> bool {
        true
    }

    fn visit(&self, _: &SourceFile) -> Vec<Finding> {
        self.visits.fetch_add(1, Ordering::Relaxed);
        let _ = self.reached.lock().expect("whole").send(());
        let _ = self.open.lock().expect("whole").recv();
        Vec::new()
    }

    fn conclude(&self, _: &Context<'_>, found: Found) -> Result<Observation, CheckError> {
        Ok(Observation::judge(found.findings, ""))
    }
}

pub(super) fn gate() -> (Arc<Gate>, Receiver<()>, Sender<()>) {
    let (reached, at_gate) = channel();
    let (let_go, open) = channel();
    let gate =
        Gate { reached: Mutex::new(reached), open: Mutex::new(open), visits: AtomicUsize::new(0) };
    (Arc::new(gate), at_gate, let_go)
}

pub(super) fn many() -> Tree {
    let names: Vec<String> = (0..500).map(|n| format!("{n}.txt")).collect();
    Tree::new(&names.iter().map(|name| (name.as_str(), &b"x"[..])).collect::<Vec<_>>())
}
