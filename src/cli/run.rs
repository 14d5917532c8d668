//! Runs checks to their end for a command, with progress on a terminal.

use std::collections::HashMap;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use crate::assess::Assessment;
use crate::engine::{self, Event};
use crate::model::{CleanText, ItemId, ItemResult};
use crate::report::View;
use crate::session::Session;

use super::args::Global;
use super::failure::Failure;

/// Opens the session that the global options name.
pub fn open(global: &Global) -> Result<Session, Failure> {
    Ok(Session::open(&global.folder(), &global.choice())?)
}

/// Runs the checks of all items or of some, and waits for them.
pub fn checks(
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
    let run = engine::start(Arc::clone(&session.repo), jobs, settings, sink);
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

/// The name of the repository's folder.
pub fn repository(session: &Session) -> CleanText {
    let name = session.repo.root().file_name().unwrap_or_default();
    CleanText::bytes(name.as_encoded_bytes())
}

/// What a report shows; `partial` says that it is on some items only.
pub fn view<'a>(
    session: &'a Session,
    repository: &'a CleanText,
    results: &'a HashMap<ItemId, ItemResult>,
    assessment: &'a Assessment,
    partial: bool,
) -> View<'a> {
    View {
        repository,
        head: &session.head,
        checklist: &session.checklist,
        results,
        assessment,
        warnings: &session.warnings,
        partial,
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
