//! What takes longer than a key may wait: done on threads of its own, answered
//! with an event.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::Sender;
use jiff::Timestamp;

use super::event::Event;
use crate::check::Fix;
use crate::fix::{self, Undo};
use crate::ledger::{self, Act, SyncError, Synced, Tell, Wait};
use crate::model::{CleanText, Date, FixError, ItemId, ItemResult, words};
use crate::repo::StateFolder;
use crate::session::{Opening, Session, SessionError};
use crate::tui::known::Loaded;
use crate::tui::memory::Memory;
use crate::tui::message::{Answer, Job, Message, Planned, Question, Reread};
use crate::tui::options::Options;

/// How long git may take for a sync.
const SYNC_LIMIT: Duration = Duration::from_secs(120);

/// How work tells that it waits, and hears that it was given up.
struct Doing<'a> {
    tell: Tell<'a>,
    cancelled: &'a dyn Fn() -> bool,
}

/// What the screen knows of a session.
fn loaded(session: &Session) -> Loaded {
    let root = session.repo.root();
    let name = root.file_name().unwrap_or(root.as_os_str());
    Loaded {
        name: CleanText::bytes(name.as_encoded_bytes()),
        head: session.head.clone(),
        basis: session.basis.clone(),
        read_only: session.read_only(),
        checklist: session.checklist.clone(),
        checked: session.jobs(None).into_iter().map(|job| job.item).collect(),
        me: session.repo.identity().ok(),
    }
}

/// Opens what was asked for.
fn session(options: &Options) -> Result<Session, SessionError> {
    Session::open(&Opening {
        folder: &options.folder,
        choice: &options.choice,
        at: options.at.as_deref(),
        state: StateFolder::of_person(),
    })
}

/// Opens the session for the first time.
pub(crate) fn open(events: &Sender<Event>, options: Options) {
    spawn(events, move |events| {
        let opened = session(&options).map(|session| {
            let memory = session.state().and_then(|state| Memory::load(state, session.repo.root()));
            let loaded = loaded(&session);
            (Box::new(session), loaded, memory)
        });
        let _ = events.send(Event::Opened(opened));
    });
}

/// Opens it again, the checklist too.
pub(crate) fn reopen(events: &Sender<Event>, number: u64, options: Options) {
    spawn(events, move |events| {
        let opened = session(&options).map(|session| {
            let loaded = loaded(&session);
            (Box::new(session), loaded)
        });
        let _ = events.send(Event::Reread(number, Reread::All, opened));
    });
}

/// Reads `HEAD` and ledger again.
pub(crate) fn refresh(events: &Sender<Event>, number: u64, session: &Arc<Session>, why: Reread) {
    let session = session.clone();
    spawn(events, move |events| {
        let refreshed = session.refreshed().map(|session| {
            let loaded = loaded(&session);
            (Box::new(session), loaded)
        });
        let _ = events.send(Event::Reread(number, why, refreshed));
    });
}

/// Asks the session; the answer comes as a message, also that it was given up.
pub(crate) fn ask(
    events: &Sender<Event>,
    session: &Arc<Session>,
    results: &HashMap<ItemId, ItemResult>,
    job: Job,
    question: Question,
) {
    let session = session.clone();
    let results = match question {
        Question::Draft(..) => results.clone(),
        Question::DraftWithdrawal(_)
        | Question::Commit(..)
        | Question::Plan(..)
        | Question::Fix { .. }
        | Question::PlanUndo(_)
        | Question::Undo(_)
        | Question::Overrule { .. }
        | Question::Sync => HashMap::new(),
    };
    spawn(events, move |events| {
        let answer = match job.cancel.is_cancelled() {
            true => Err("It was given up; nothing was done".to_owned()),
            false => {
                let tell = |wait: &Wait| {
                    let text = CleanText::line(wait.to_string());
                    let _ = events.send(Event::Message(Message::Waits(job.ticket, text)));
                    match job.cancel.is_cancelled() {
                        true => ControlFlow::Break(()),
                        false => ControlFlow::Continue(()),
                    }
                };
                let doing = Doing { tell: &tell, cancelled: &|| job.cancel.is_cancelled() };
                work_on(&session, &results, question, &doing)
            }
        };
        let _ = events.send(Event::Message(Message::Answered(job.ticket, answer)));
    });
}

fn work_on(
    session: &Session,
    results: &HashMap<ItemId, ItemResult>,
    question: Question,
    doing: &Doing<'_>,
) -> Result<Answer, String> {
    match question {
        Question::Draft(act, item) => {
            // a waiver's day is typed later; until then it is today
            let until = (act == Act::Waiver).then(|| Date::of(Timestamp::now()));
            let draft = session.draft(act, &item, results, until);
            draft.map(|draft| Answer::Drafted(Box::new(draft))).map_err(|error| error.to_string())
        }
        Question::DraftWithdrawal(item) => {
            let draft = session.draft_withdrawal(&item);
            let answer = draft.map(|both| Answer::WithdrawalDrafted(Box::new(both)));
            answer.map_err(|error| error.to_string())
        }
        Question::Commit(draft, note) => {
            let act = draft.act();
            let written = session.commit(*draft, &note, doing.tell);
            let answer = written.map(|commit| Answer::Committed(act, commit.short().to_owned()));
            answer.map_err(|error| error.to_string())
        }
        Question::Plan(item, chosen) => {
            let planned = plan(session, &chosen).map_err(|error| error.to_string())?;
            Ok(Answer::Planned(item, planned))
        }
        Question::Fix { title, plan, next } => {
            let state = StateFolder::of_person();
            let now = Timestamp::now();
            let applied = fix::apply(&session.repo, state.as_ref(), &title, &plan, now);
            let answer = applied.map(|applied| Answer::Fixed(applied.undo, next));
            answer.map_err(|error| error.to_string())
        }
        Question::PlanUndo(latest) => {
            let undo = latest_fix(session, latest).map_err(|error| error.to_string())?;
            let diff = undo.diff(&session.repo);
            let warnings = undo.exposes(&session.repo).map_err(|error| error.to_string())?;
            Ok(Answer::UndoPlanned(undo, diff, warnings))
        }
        Question::Undo(undo) => {
            let state = StateFolder::of_person();
            let undone = fix::undo(&session.repo, state.as_ref(), &undo);
            undone.map(|_| Answer::Undone(undo)).map_err(|error| error.to_string())
        }
        Question::Overrule { item, objection, results, why } => {
            let written = session
                .draft_overruling(&item, objection.as_str(), &results)
                .and_then(|(draft, _)| session.commit(draft, &why, doing.tell));
            let answer =
                written.map(|commit| Answer::Committed(Act::Overruling, commit.short().to_owned()));
            answer.map_err(|error| error.to_string())
        }
        Question::Sync => {
            let synced = sync(session, doing).map_err(|error| error.to_string())?;
            Ok(Answer::Synced(Box::new(synced)))
        }
    }
}

/// What the fix would do, or what must come before it.
fn plan(session: &Session, chosen: &Arc<dyn Fix>) -> Result<Planned, FixError> {
    let steps = fix::steps(&session.repo, chosen)?;
    // what refuses a later one is told before the first is offered
    fix::foreseen(&session.repo, &steps)?;
    let mut why = CleanText::default();
    for (nth, step) in steps.iter().enumerate() {
        let step = &fix::narrowed(&session.repo, step, &mut Vec::new())?;
        let plan = fix::plan(&session.repo, step.as_ref())?;
        if plan.is_nothing() {
            why = plan.changes.into_iter().next().unwrap_or_default();
            continue;
        }
        let ahead = steps.iter().skip(nth + 1).map(|step| step.title()).collect();
        let chosen = Arc::clone(chosen);
        return Ok(Planned { chosen, title: step.title(), plan: Arc::new(plan), ahead });
    }
    Err(FixError::new(format!("nothing is left to do: {why}")))
}

/// This fix, else the latest that is remembered.
fn latest_fix(session: &Session, latest: Option<Arc<Undo>>) -> Result<Arc<Undo>, FixError> {
    let latest = match (latest, StateFolder::of_person()) {
        (Some(latest), _) => Some(latest),
        (None, Some(state)) => fix::kept(&session.repo, &state)?.pop().map(Arc::new),
        (None, None) => None,
    };
    let latest = latest.ok_or_else(|| FixError::new("no fix is remembered here"))?;
    match latest.is_possible() {
        true => Ok(latest),
        false => Err(FixError::new(format!(
            "the latest fix was: {}; what it replaced was not kept, since secrets never are. `gonogo undo --skip` in a shell leaves it as it is and undoes the one before",
            latest.title()
        ))),
    }
}

/// Fetches, joins and pushes; nobody can be asked for a password meanwhile.
fn sync(session: &Session, doing: &Doing<'_>) -> Result<Synced, SyncError> {
    let sync = ledger::Sync {
        repo: &session.repo,
        state: session.state(),
        terminal: false,
        limit: SYNC_LIMIT,
        cancelled: doing.cancelled,
        waiting: doing.tell,
        accept_rewind: false,
        now: Timestamp::now(),
    };
    ledger::sync(&sync, None)
}

/// Runs it on a thread; that it panicked is told by the hook, and the thread
/// ends there.
fn spawn(events: &Sender<Event>, work: impl FnOnce(&Sender<Event>) + Send + 'static) {
    let events = events.clone();
    let to_loop = events.clone();
    let started = std::thread::Builder::new().name("work".into()).spawn(move || {
        let _ = catch_unwind(AssertUnwindSafe(|| work(&events)));
    });
    if let Err(error) = started {
        let text = format!(
            "The system gave no thread: {}; close other programs and try again",
            words::system(&error)
        );
        let _ =
            to_loop.send(Event::Message(Message::Failed { title: "It could not be done", text }));
    }
}
