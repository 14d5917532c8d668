//! When each check of a run is run, by whom, and what its item hears.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use crossbeam_channel::{Receiver, unbounded};

use super::eyes::Noted;
use super::gathering::{Gathering, Promise};
use super::guard::guard;
use super::pass;
use super::{Event, Job, Settings};
use crate::check::{AnyCheck, AnyScan, Check, Needs};
use crate::facts::{Doors, Facts, GATHERED};
use crate::model::{Cancel, CheckError, CheckResult, ItemResult, Observation, RuleId, Subject};

/// Checks that wait for the network use no processor; so many wait at once.
const WAITING: usize = 8;

/// Runs all jobs and tells the sink; returns after `Done` was told.
pub(super) fn run(
    doors: &Doors,
    jobs: &[Job],
    settings: &Settings,
    cancel: &Cancel,
    sink: &(dyn Fn(Event) + Send + Sync),
) {
    let began = Instant::now();
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let items: Vec<Item<'_>> = jobs.iter().map(|job| Item::new(job, cancel, sink)).collect();
    let tasks: Vec<(Task<'_>, &AnyCheck)> = items.iter().flat_map(Item::tasks).collect();
    let on_network = tasks.iter().filter(|(task, _)| task.network).count();
    let mut scans: Vec<(Task<'_>, &dyn AnyScan)> = Vec::new();
    let mut apart: Vec<(Task<'_>, &dyn Check)> = Vec::new();
    for (task, check) in tasks {
        match check {
            AnyCheck::Scan(scan) => scans.push((task, scan.as_ref())),
            AnyCheck::Apart(check) => apart.push((task, check.as_ref())),
        }
    }

    let asking: Vec<&dyn Check> = apart.iter().map(|(_, check)| *check).collect();
    let facts = Facts::new(doors, settings.now, settings.offline, cancel)
        .in_environment(settings.environment.clone(), settings.env_file_named)
        .asking_history(move |name| asking.iter().any(|check| check.asks_history(name)));
    let facts = if scans.is_empty() { facts } else { facts.with_pass() };

    thread::scope(|scope| {
        // workers may wait for what the pass gathers
        let _kept = (!scans.is_empty()).then(|| Promise { facts: &facts });
        let (ready, to_do) = unbounded();
        let (waiting, to_wait_for) = unbounded();
        for _ in 0..threads {
            let to_do = to_do.clone();
            scope.spawn(|| work(to_do, &facts));
        }
        for _ in 0..on_network.min(WAITING) {
            let to_wait_for = to_wait_for.clone();
            scope.spawn(|| work(to_wait_for, &facts));
        }
        // sending cannot fail: this thread still holds the other ends
        for (task, check) in apart {
            let queue = if task.network { &waiting } else { &ready };
            let _ = queue.send((task, Work::Check(check)));
        }
        if !scans.is_empty() {
            scans.iter().for_each(|(task, _)| task.item.begin());
            let gathering: Vec<Gathering> = GATHERED.iter().copied().map(Gathering).collect();
            let all = gathering.iter().map(|gathering| -> &dyn AnyScan { gathering });
            let all: Vec<_> = all.chain(scans.iter().map(|(_, scan)| *scan)).collect();
            let tell = |files| sink(Event::Progress { files });
            let mut noted = pass::run(&facts, &all, &settings.list, threads, &tell);
            let rest = noted.split_off(gathering.len());
            for (gathering, noted) in gathering.iter().zip(noted) {
                gathering.keep(&facts, noted);
            }
            let noted = rest;
            for ((task, scan), noted) in scans.into_iter().zip(noted) {
                let _ = ready.send((task, Work::Judge(scan, noted)));
            }
        }
    });
    sink(Event::Done { cancelled: cancel.is_cancelled(), took: began.elapsed() });
}

/// One check of one item.
struct Task<'a> {
    item: &'a Item<'a>,
    /// The check's number within the item.
    nth: usize,
    network: bool,
}

/// What is left to do for a check.
enum Work<'a> {
    /// All of it.
    Check(&'a dyn Check),
    /// Judge what the pass noted.
    Judge(&'a dyn AnyScan, Result<Noted, CheckError>),
}

/// Runs checks until no more can come.
fn work(queue: Receiver<(Task<'_>, Work<'_>)>, facts: &Facts<'_>) {
    for (task, work) in queue {
        if facts.cancel.is_cancelled() {
            continue;
        }
        task.item.begin();
        task.item.end(task.nth, done(work, task.network, facts));
    }
}

fn done(work: Work<'_>, network: bool, facts: &Facts<'_>) -> Result<Observation, CheckError> {
    match work {
        Work::Check(_) if network && facts.offline => Err(CheckError::could_not_look(
            RuleId::new("engine.offline"),
            Subject::whole(),
            "this check asks the network, and the run is offline",
            "run it without `--offline`",
        )),
        Work::Check(check) => guard(|| check.judge(facts))?,
        Work::Judge(scan, noted) => {
            let Noted { bags, files, unread, .. } = noted?;
            guard(|| scan.judge(facts, bags, files, unread))?
        }
    }
}

/// One item during a run.
struct Item<'a> {
    job: &'a Job,
    cancel: &'a Cancel,
    sink: &'a (dyn Fn(Event) + Send + Sync),
    begun: AtomicBool,
    /// By check, how it ended.
    ended: Mutex<Vec<Option<CheckResult>>>,
}

impl<'a> Item<'a> {
    fn new(job: &'a Job, cancel: &'a Cancel, sink: &'a (dyn Fn(Event) + Send + Sync)) -> Self {
        let ended = Mutex::new(vec![None; job.checks.len()]);
        Self { job, cancel, sink, begun: AtomicBool::new(false), ended }
    }

    /// Its checks. What is wrong with one already is noted as its end.
    fn tasks(&self) -> Vec<(Task<'_>, &AnyCheck)> {
        if self.job.checks.is_empty() {
            self.begin();
            self.tell(ItemResult::default());
        }
        let mut tasks = Vec::new();
        for (nth, (_, check)) in self.job.checks.iter().enumerate() {
            match guard(|| check.needs() == Needs::Network) {
                Ok(network) => tasks.push((Task { item: self, nth, network }, check)),
                Err(error) => {
                    self.begin();
                    self.end(nth, Err(error));
                }
            }
        }
        tasks
    }

    /// Says once that it began.
    fn begin(&self) {
        if !self.begun.swap(true, Ordering::Relaxed) {
            (self.sink)(Event::Started(self.job.item.clone()));
        }
    }

    /// Notes how a check ended; with the last one the item's result is told.
    fn end(&self, nth: usize, seen: Result<Observation, CheckError>) {
        let all = {
            let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
            if let (Some(slot), Some((kind, _))) = (ended.get_mut(nth), self.job.checks.get(nth)) {
                *slot = Some(CheckResult { kind, seen });
            }
            if ended.iter().any(Option::is_none) {
                return;
            }
            std::mem::take(&mut *ended)
        };
        self.tell(ItemResult(all.into_iter().flatten().collect()));
    }

    fn tell(&self, result: ItemResult) {
        if !self.cancel.is_cancelled() {
            (self.sink)(Event::Finished { item: self.job.item.clone(), result });
        }
    }
}
