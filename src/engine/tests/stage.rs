//! What the engine's tests stand on: checks made for the purpose, and real
//! repositories to run them over.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use crate::check::{AnyCheck, Check, Hits, Needs, Scan};
use crate::engine::{Event, Job, Run, Settings, start};
use crate::facts::{Doors, Facts};
use crate::lang::SourceFile;
use crate::model::{
    CheckError, Environment, Finding, ItemResult, Observation, RepoPath, RuleId, Subject,
};
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

fn finding(message: impl AsRef<str>) -> Finding {
    Finding::new(RuleId::new("probe.rule"), Subject::of(message.as_ref()), message)
}

impl Probe {
    /// As the table of kinds would hand it to the engine.
    pub(super) fn any(self: &Arc<Self>) -> AnyCheck {
        match self.apart {
            true => AnyCheck::Apart(self.clone()),
            false => AnyCheck::Scan(self.clone()),
        }
    }

    fn conclude(&self, cx: &Facts<'_>, hits: Hits<Finding>) -> Result<Observation, CheckError> {
        self.trip("judge");
        cx.cancel.check()?;
        if let Some(message) = self.fails {
            let rule = RuleId::new("probe.error");
            return Err(CheckError::could_not_look(rule, Subject::whole(), message, "look"));
        }
        let mut findings = hits.all;
        findings.extend(hits.unread.iter().map(|unread| finding(&unread.what)));
        Ok(Observation::judge(findings, format!("{} files", hits.files)))
    }
}

impl Check for Probe {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        self.conclude(cx, Hits { all: Vec::new(), files: 0, unread: Vec::new() })
    }

    fn needs(&self) -> Needs {
        self.trip("needs");
        if self.network { Needs::Network } else { Needs::Nothing }
    }
}

impl Scan for Probe {
    type Hit = Finding;

    fn wants(&self, path: &RepoPath) -> bool {
        self.trip("wants");
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.only.is_none_or(|only| path.to_string().ends_with(only))
    }

    fn literals(&self) -> Vec<String> {
        self.trip("literals");
        self.literals.iter().map(|literal| (*literal).to_owned()).collect()
    }

    fn look(&self, file: &SourceFile, hits: &mut Vec<Finding>) {
        self.trip("look");
        *self.shown.lock().expect("whole").entry(file.path().to_string()).or_default() += 1;
        let found = self.literals.iter().flat_map(|literal| file.text().match_indices(literal));
        hits.extend(found.map(|(at, literal)| finding(literal).at(file.place(at))));
    }

    fn judge(&self, cx: &Facts<'_>, hits: Hits<Finding>) -> Result<Observation, CheckError> {
        self.conclude(cx, hits)
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
        let settings = Settings {
            now: Timestamp::UNIX_EPOCH,
            environment: Environment::default(),
            env_file_named: false,
            list: Vec::new(),
            offline: true,
            background: false,
        };
        let run =
            start(Doors::of_worktree(Arc::new(self.0.repo())), jobs, settings, move |event| {
                let _ = send.send(event);
            });
        (run, events)
    }

    pub(super) fn run(&self, items: &[(&str, Vec<Arc<Probe>>)]) -> BTreeMap<String, ItemResult> {
        let jobs = items.iter().map(|(item, checks)| Job {
            item: item.parse().expect("an id"),
            checks: checks.iter().map(|check| ("probe", check.any())).collect(),
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

    pub(super) fn run_one(&self, probe: &Arc<Probe>) -> ItemResult {
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

impl Scan for Gate {
    type Hit = ();

    fn wants(&self, _: &RepoPath) -> bool {
        true
    }

    fn look(&self, _: &SourceFile, _: &mut Vec<()>) {
        self.visits.fetch_add(1, Ordering::Relaxed);
        let _ = self.reached.lock().expect("whole").send(());
        let _ = self.open.lock().expect("whole").recv();
    }

    fn judge(&self, _: &Facts<'_>, _: Hits<()>) -> Result<Observation, CheckError> {
        Ok(Observation::judge(Vec::new(), ""))
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
