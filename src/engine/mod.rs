//! Runs all checks in parallel over one shared pass and streams what happens.
//! It knows no kind by name and no verdict.
//!
//! A check that is not a scan is run at once by a small pool of threads, while the
//! pass goes on beside it; scans are judged after the pass. Checks
//! that wait for the network have a pool of their own.

mod eyes;
mod gathering;
mod guard;
mod links;
mod pass;
mod schedule;
mod search;
#[cfg(test)]
mod tests;

pub use guard::is_guarded;

use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use crate::check::AnyCheck;
use crate::facts::Doors;
use crate::model::{Cancel, Environment, ItemId, ItemResult, RepoPath};

/// The checks of one item.
#[derive(Clone, Debug)]
pub struct Job {
    /// Which item.
    pub item: ItemId,
    /// Its checks, each with its kind; all must hold. Never empty.
    pub checks: Vec<(&'static str, AnyCheck)>,
}

/// What happens while a run goes on.
#[derive(Clone, Debug)]
pub enum Event {
    /// An item's checks began.
    Started(ItemId),
    /// So many files were read so far.
    Progress {
        /// Files read in the shared pass.
        files: u64,
    },
    /// An item's checks ended. Never sent after a cancellation.
    Finished {
        /// Which item.
        item: ItemId,
        /// How each of them ended.
        result: ItemResult,
    },
    /// The run is over; the last event, sent once.
    Done {
        /// It was given up before its end.
        cancelled: bool,
        /// How long it took.
        took: Duration,
    },
}

/// What holds for a whole run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// When it began.
    pub now: Timestamp,
    /// Where production's variables are seen.
    pub environment: Environment,
    /// Whether the team's own checklist names the env file.
    pub env_file_named: bool,
    /// The files that the checklist was read from.
    pub list: Vec<RepoPath>,
    /// Checks may not use the network.
    pub offline: bool,
    /// A person works in the same program meanwhile, whose keys go first.
    pub background: bool,
}

/// A run that goes on in the background. Dropping it cancels it.
#[derive(Debug)]
pub struct Run {
    cancel: Cancel,
    thread: Option<thread::JoinHandle<()>>,
}

/// Starts the checks; `sink` is called from several threads.
///
/// For each job come `Started` and `Finished`, in this order, unless the run is
/// cancelled. Findings come ordered, whichever thread found them.
pub fn start(
    doors: Doors,
    jobs: Vec<Job>,
    settings: Settings,
    sink: impl Fn(Event) + Send + Sync + 'static,
) -> Run {
    let cancel = Cancel::default();
    let given_up = cancel.clone();
    let thread = thread::spawn(move || {
        if settings.background {
            step_back();
        }
        schedule::run(&doors, &jobs, &settings, &given_up, &sink);
    });
    Run { cancel, thread: Some(thread) }
}

/// Lets the thread that answers a person's keys go first. On Linux a priority is a
/// thread's own, and the threads that it starts inherit it (setpriority(2),
/// "C library/kernel differences"); elsewhere it would be the whole program's.
fn step_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 10);
}

impl Run {
    /// Asks the run to stop; `Done { cancelled: true }` follows.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Waits for its end.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}
