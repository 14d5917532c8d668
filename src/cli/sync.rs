//! `gonogo sync`: shares the ledger with a remote.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::ledger::{self, SyncError, Synced, sync};
use crate::repo::{Repo, StateFolder};
use crate::report;

use super::failure::Failure;
use super::global::Global;
use super::{Ending, print, run};

/// `gonogo sync`
#[derive(Args, Debug)]
pub(super) struct SyncArgs {
    /// The remote; without it that of the current branch, else `origin`
    #[arg(value_name = "REMOTE")]
    pub remote: Option<String>,
    /// Also let every `git fetch` of the remote bring its ledger, by a line in
    /// the repository's git configuration
    #[arg(long)]
    pub configure: bool,
    /// The remote's ledger lost records: join it anyway, and put them back
    #[arg(long)]
    pub accept_rewind: bool,
}

/// How long git may take while a person may be typing a password.
const WITH_PERSON: Duration = Duration::from_secs(600);

/// How long git may take where nobody can be asked.
const ALONE: Duration = Duration::from_secs(120);

pub(super) fn run(global: &Global, args: &SyncArgs) -> Result<Ending, Failure> {
    run::writable(global)?;
    online(global, "sync")?;
    let repo =
        Repo::discover(&global.folder()).map_err(|error| Failure::Failed(error.to_string()))?;
    let remote = args.remote.as_deref();
    let configured = if args.configure { Some(sync::configure(&repo, remote)?) } else { None };
    let done = with(&repo, args.accept_rewind, |how| ledger::sync(how, remote))??;
    print(|out| {
        match configured {
            Some(Some(line)) => writeln!(out, "added to the repository's configuration: {line}")?,
            Some(None) => writeln!(out, "the repository's configuration has the ledger already")?,
            None => {}
        }
        tell(&done, out)
    })?;
    Ok(Ending::Good)
}

/// Fetches and joins before something else is done; gives why it could not, when
/// what comes next is worth doing anyway.
pub(super) fn fetch(global: &Global) -> Result<Option<String>, Failure> {
    online(global, "--fetch")?;
    let repo =
        Repo::discover(&global.folder()).map_err(|error| Failure::Failed(error.to_string()))?;
    match with(&repo, false, |how| ledger::fetch(how, None))? {
        Ok(done) => {
            // the report goes to standard output
            let _ = tell(&done, &mut anstream::stderr());
            Ok(None)
        }
        Err(error) if error.is_usage() || error.is_given_up() => Err(error.into()),
        Err(error) => Ok(Some(error.to_string())),
    }
}

fn online(global: &Global, what: &str) -> Result<(), Failure> {
    if global.offline {
        return Err(Failure::Usage(format!("{what} asks a remote, and --offline forbids that")));
    }
    Ok(())
}

fn with<T>(
    repo: &Repo,
    accept_rewind: bool,
    work: impl FnOnce(&ledger::Sync<'_>) -> Result<T, SyncError>,
) -> Result<Result<T, SyncError>, Failure> {
    let interrupted = interruptible()?;
    let state = StateFolder::of_person();
    let terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    let done = work(&ledger::Sync {
        repo,
        state: state.as_ref(),
        terminal,
        limit: if terminal { WITH_PERSON } else { ALONE },
        cancelled: &|| interrupted.load(Ordering::Relaxed),
        waiting: &run::waiting,
        accept_rewind,
        now: Timestamp::now(),
    });
    // from here on an interrupt ends the program at once, as everywhere else
    interrupted.store(true, Ordering::Relaxed);
    Ok(done)
}

/// An interrupt ends git and leaves nothing behind; a second one ends the program.
fn interruptible() -> io::Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&interrupted))?;
        flag::register(signal, Arc::clone(&interrupted))?;
    }
    Ok(interrupted)
}

fn tell(done: &Synced, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", report::synced_line(done))?;
    let now = Timestamp::now();
    for entry in &done.received {
        let item = &entry.record.item;
        writeln!(out, "  {}  {item}  {}", entry.id.short(), report::record_line(entry, now))?;
    }
    for note in &done.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        if error.is_usage() {
            Self::Usage(error.to_string())
        } else {
            Self::Failed(error.to_string())
        }
    }
}
