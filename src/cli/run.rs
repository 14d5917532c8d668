//! Runs checks to their end for a command, with progress on a terminal.

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write as _};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use crate::assess::Assessment;
use crate::engine::{self, Event};
use crate::ledger::Wait;
use crate::model::{CleanText, ItemId, ItemResult};
use crate::repo::StateFolder;
use crate::report::Page;
use crate::session::{self, Opening, Session};
use crate::tui;

use super::failure::Failure;
use super::global::Global;

/// Opens the session that the global options name.
pub(super) fn open(global: &Global) -> Result<Session, Failure> {
    let (folder, choice) = (global.folder(), global.choice());
    let state = StateFolder::of_person();
    let at = global.at.as_deref();
    Ok(Session::open(&Opening { folder: &folder, choice: &choice, at, state })?)
}

/// Refuses to change anything while the global options ask about a revision.
pub(super) fn writable(global: &Global) -> Result<(), Failure> {
    match &global.at {
        Some(revision) => Err(Failure::Usage(session::read_only(revision).to_string())),
        None => Ok(()),
    }
}

/// Runs the checks of all items or of some, and waits for them.
pub(super) fn checks(
    session: &Session,
    only: Option<&[ItemId]>,
    offline: bool,
) -> Result<HashMap<ItemId, ItemResult>, Failure> {
    let jobs = session.jobs(only);
    let progress = Progress::new(jobs.len());
    let (sender, receiver) = crossbeam_channel::unbounded();
    let settings = session.settings(Timestamp::now(), offline);
    let sink = move |event| {
        // the receiver outlives the run, except when this command ends early
        let _ = sender.send(event);
    };
    let run = engine::start(session.doors(), jobs, settings, sink);
    let mut results = HashMap::new();
    let mut ended = false;
    for event in receiver {
        match event {
            Event::Started(_) => {}
            Event::Progress { files } => progress.files(files),
            Event::Finished { item, result } => {
                progress.finished();
                results.insert(item, result);
            }
            Event::Done { cancelled, .. } => {
                ended = !cancelled;
                break;
            }
        }
    }
    progress.clear();
    run.wait();
    if ended {
        Ok(results)
    } else {
        Err(Failure::Failed(
            "the checks were given up before they ended; run them again".to_owned(),
        ))
    }
}

/// Tells on standard error for what it waits, once.
pub(super) fn waiting(wait: &Wait) -> ControlFlow<()> {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if !TOLD.swap(true, Ordering::Relaxed) {
        // nothing depends on somebody reading it
        let _ = writeln!(
            anstream::stderr(),
            "gonogo: waiting for `{}`; if no other git or gonogo process runs, delete that file",
            wait.lock
        );
    }
    ControlFlow::Continue(())
}

/// The name of the repository's folder.
pub(super) fn repository(session: &Session) -> CleanText {
    let name = session.repo.root().file_name().unwrap_or_default();
    CleanText::bytes(name.as_encoded_bytes())
}

/// What a report shows.
pub(super) fn page<'a>(
    session: &'a Session,
    repository: &'a CleanText,
    results: &'a HashMap<ItemId, ItemResult>,
    assessment: &'a Assessment,
) -> Page<'a> {
    Page {
        repository,
        head: &session.head,
        basis: &session.basis,
        checklist: &session.checklist,
        results,
        assessment,
        warnings: &session.warnings,
        columns: tui::terminal_columns(),
    }
}

/// A line on standard error that shows how far the run is, when it takes long
/// enough to wonder and a person watches.
struct Progress(Option<ProgressBar>);

impl Progress {
    fn new(items: usize) -> Self {
        if !io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::with_draw_target(
            Some(items as u64),
            ProgressDrawTarget::stderr_with_hz(10),
        );
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos}/{len} items, {msg}") {
            bar.set_style(style);
        }
        bar.set_message("0 files read");
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(Some(bar))
    }

    fn files(&self, files: u64) {
        if let Some(bar) = &self.0 {
            bar.set_message(format!("{files} files read"));
        }
    }

    fn finished(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
