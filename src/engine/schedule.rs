//! When each check of a run is concluded, by whom, and what its item hears.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use crossbeam_channel::{Receiver, unbounded};

use super::guard::guard;
use super::{Event, Job, JobResult, Settings, pass};
use crate::check::{Cancel, Check, CheckError, Context, Found, Needs};
use crate::model::{CleanText, Observation, Outcome};
use crate::repo::Repo;

/// Checks that wait for the network use no processor; so many wait at once.
const WAITING: usize = 8;

/// Runs all jobs and tells the sink; returns after `Done` was told.
pub(super) fn run(
    repo: &Repo,
    jobs: &[Job],
    settings: Settings,
    cancel: &Cancel,
    sink: &(dyn Fn(Event) + Send + Sync),
) {
    let began = Instant::now();
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let context = Context { repo, now: settings.now, offline: settings.offline, cancel };
    let items: Vec<Item<'_>> = jobs.iter().map(|job| Item::new(job, cancel, sink)).collect();
    let tasks: Vec<Task<'_>> = items.iter().flat_map(Item::tasks).collect();
    let on_network = tasks.iter().filter(|task| task.network).count();
    let (joining, apart): (Vec<_>, Vec<_>) = tasks.into_iter().partition(|task| task.joins_pass);

    thread::scope(|scope| {
        let (ready, to_do) = unbounded();
        let (waiting, to_wait_for) = unbounded();
        for _ in 0..threads {
            let to_do = to_do.clone();
            scope.spawn(|| work(to_do, &context));
        }
        for _ in 0..on_network.min(WAITING) {
            let to_wait_for = to_wait_for.clone();
            scope.spawn(|| work(to_wait_for, &context));
        }
        // sending cannot fail: this thread still holds the other ends
        let queue = |task: &Task<'_>| if task.network { &waiting } else { &ready };
        for task in apart {
            let _ = queue(&task).send((task, Ok(Found::default())));
        }
        if !joining.is_empty() {
            joining.iter().for_each(|task| task.item.begin());
            let checks: Vec<&dyn Check> = joining.iter().map(|task| task.check).collect();
            let tell = |files| sink(Event::Progress { files });
            let found = pass::run(repo, &checks, threads, cancel, &tell);
            for (task, found) in joining.into_iter().zip(found) {
                let _ = queue(&task).send((task, found));
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
    check: &'a dyn Check,
    joins_pass: bool,
    network: bool,
}

/// Concludes checks until no more can come.
fn work(queue: Receiver<(Task<'_>, Result<Found, CheckError>)>, context: &Context<'_>) {
    for (task, found) in queue {
        if context.cancel.is_cancelled() {
            continue;
        }
        task.item.begin();
        let result = found.and_then(|found| {
            if task.network && context.offline {
                return Err(CheckError::could_not_look(
                    "this check asks the network, and the run is offline",
                    "run it without `--offline`",
                ));
            }
            guard(|| task.check.conclude(context, found)).and_then(|concluded| concluded)
        });
        task.item.end(task.nth, result);
    }
}

/// One item during a run.
struct Item<'a> {
    job: &'a Job,
    cancel: &'a Cancel,
    sink: &'a (dyn Fn(Event) + Send + Sync),
    begun: AtomicBool,
    /// By check, how it ended.
    ended: Mutex<Vec<Option<JobResult>>>,
}

impl<'a> Item<'a> {
    fn new(job: &'a Job, cancel: &'a Cancel, sink: &'a (dyn Fn(Event) + Send + Sync)) -> Self {
        let ended = Mutex::new(vec![None; job.checks.len()]);
        Self { job, cancel, sink, begun: AtomicBool::new(false), ended }
    }

    /// Its checks. What is wrong with one already is noted as its end.
    fn tasks(&self) -> Vec<Task<'_>> {
        if self.job.checks.is_empty() {
            self.begin();
            self.tell(Err(CheckError::could_not_look(
                "this item has no check",
                "give it one, or a sign-off policy",
            )));
        }
        let mut tasks = Vec::new();
        for (nth, check) in self.job.checks.iter().enumerate() {
            let check = check.as_ref();
            match guard(|| (check.joins_pass(), check.needs() == Needs::Network)) {
                Ok((joins_pass, network)) => {
                    tasks.push(Task { item: self, nth, check, joins_pass, network });
                }
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

    /// Notes how a check ended; the last one tells what they add up to.
    fn end(&self, nth: usize, result: JobResult) {
        let all = {
            let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(slot) = ended.get_mut(nth) {
                *slot = Some(result);
            }
            if ended.iter().any(Option::is_none) {
                return;
            }
            std::mem::take(&mut *ended)
        };
        self.tell(merge(all.into_iter().flatten()));
    }

    fn tell(&self, result: JobResult) {
        if !self.cancel.is_cancelled() {
            (self.sink)(Event::Finished { item: self.job.item.clone(), result });
        }
    }
}

/// What the checks of an item saw together: the first error; else it fails when
/// one fails, and holds when one holds and the others do or cannot apply.
fn merge(results: impl Iterator<Item = JobResult>) -> JobResult {
    let all: Vec<Observation> = results.collect::<Result<_, _>>()?;
    let any = |outcome| all.iter().any(|seen| seen.outcome == outcome);
    let outcome = if any(Outcome::Fails) {
        Outcome::Fails
    } else if any(Outcome::Holds) {
        Outcome::Holds
    } else {
        Outcome::NotApplicable
    };
    let looked_at: Vec<&str> =
        all.iter().map(|seen| seen.looked_at.as_str()).filter(|text| !text.is_empty()).collect();
    let looked_at = CleanText::line(looked_at.join("; "));
    Ok(Observation {
        outcome,
        looked_at,
        findings: all.into_iter().flat_map(|seen| seen.findings).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::merge;
    use crate::check::CheckError;
    use crate::model::{Finding, Observation, Outcome};

    #[test]
    fn checks_of_an_item_add_up() {
        let holds = || Ok(Observation::judge(vec![], "a"));
        let fails = |what| Ok(Observation::judge(vec![Finding::new(what)], "b"));
        let none = || Ok(Observation::not_applicable("c"));
        let error = |what| Err(CheckError::could_not_look(what, "look"));
        let outcome = |results: Vec<_>| merge(results.into_iter()).map(|seen| seen.outcome);
        assert_eq!(outcome(vec![holds(), none()]), Ok(Outcome::Holds));
        assert_eq!(outcome(vec![none(), none()]), Ok(Outcome::NotApplicable));
        assert_eq!(outcome(vec![none(), fails("x"), holds()]), Ok(Outcome::Fails));
        assert_eq!(
            outcome(vec![fails("x"), error("first"), error("second")]),
            Err(CheckError::could_not_look("first", "look"))
        );
        let seen = merge([fails("x"), holds(), fails("y")].into_iter()).expect("no error");
        assert_eq!(seen.looked_at.as_str(), "b; a; b");
        let told: Vec<_> = seen.findings.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(told, ["x", "y"]);
    }
}
