//! What takes longer than a key may wait: done on threads of its own, answered
//! with an event.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::Sender;
use jiff::Timestamp;

use super::memory::Memory;
use super::message::{Effect, Loaded, Message, Planned, Reread, Toast};
use super::runtime::Event;
use super::terminal;
use crate::check::Fix;
use crate::checklist::Choice;
use crate::engine;
use crate::fix::{self, Undo};
use crate::ledger::{Act, Wait};
use crate::model::{CleanText, Date, FixError, ItemId, ItemResult};
use crate::repo::StateFolder;
use crate::session::{Opening, Session, SessionError};

/// What the screen knows of a session.
pub fn loaded(session: &Session) -> Loaded {
    let root = session.repo.root();
    let name = root.file_name().unwrap_or(root.as_os_str());
    Loaded {
        name: CleanText::bytes(name.as_encoded_bytes()),
        head: session.head.clone(),
        checklist: session.checklist.clone(),
        checked: session.jobs(None).into_iter().map(|job| job.item).collect(),
    }
}

/// What to open, again and again.
#[derive(Clone, Debug)]
pub struct What {
    /// A folder in the repository.
    pub folder: PathBuf,
    /// Which checklist.
    pub choice: Choice,
    /// The revision to look at.
    pub at: Option<String>,
}

impl What {
    fn open(&self) -> Result<Session, SessionError> {
        Session::open(&Opening {
            folder: &self.folder,
            choice: &self.choice,
            at: self.at.as_deref(),
            state: StateFolder::of_person(),
        })
    }
}

/// Opens the session for the first time.
pub fn open(events: &Sender<Event>, what: What) {
    spawn(events, move |events| {
        let opened = what.open().map(|session| {
            let memory = Memory::load(session.repo.root());
            (Box::new(session), memory)
        });
        let _ = events.send(Event::Opened(opened));
    });
}

/// Opens it anew, the checklist too.
pub fn reopen(events: &Sender<Event>, number: u64, what: What) {
    spawn(events, move |events| {
        let opened = what.open().map(Box::new);
        let _ = events.send(Event::Reread(number, Reread::All, opened));
    });
}

/// Reads `HEAD` and ledger again.
pub fn refresh(events: &Sender<Event>, number: u64, session: &Arc<Session>, why: Reread) {
    let session = session.clone();
    spawn(events, move |events| {
        let refreshed = session.refreshed().map(Box::new);
        let _ = events.send(Event::Reread(number, why, refreshed));
    });
}

/// Carries out an effect that ends in an answer.
pub fn answer(
    events: &Sender<Event>,
    session: &Arc<Session>,
    results: &HashMap<ItemId, ItemResult>,
    effect: Effect,
) {
    let session = session.clone();
    let results = match effect {
        Effect::Draft(..) => results.clone(),
        _ => HashMap::new(),
    };
    spawn(events, move |events| {
        if let Some(message) = ask(events, &session, &results, effect) {
            let _ = events.send(Event::Message(message));
        }
    });
}

fn ask(
    events: &Sender<Event>,
    session: &Session,
    results: &HashMap<ItemId, ItemResult>,
    effect: Effect,
) -> Option<Message> {
    Some(match effect {
        Effect::Draft(ticket, act, item) => {
            // a waiver's day is typed later; until then it is today
            let until = (act == Act::Waiver).then(|| Date::of(Timestamp::now()));
            let draft = session.draft(act, &item, results, until);
            Message::Drafted(ticket, draft.map(Box::new).map_err(|error| error.to_string()))
        }
        Effect::DraftWithdrawal(ticket, item) => {
            let draft = session.draft_withdrawal(&item);
            Message::WithdrawalDrafted(
                ticket,
                draft.map(Box::new).map_err(|error| error.to_string()),
            )
        }
        Effect::Commit(ticket, draft, note) => {
            let tell = |wait: &Wait| {
                let toast = Toast::bad(wait.to_string());
                let _ = events.send(Event::Message(Message::Say(toast)));
            };
            let written = session.commit(*draft, &note, &tell);
            let written = written.map(|commit| commit.short().to_owned());
            Message::Committed(ticket, written.map_err(|error| error.to_string()))
        }
        Effect::Plan(ticket, chosen) => {
            Message::Planned(ticket, plan(session, &chosen).map_err(|error| error.to_string()))
        }
        Effect::Fix { ticket, title, plan } => {
            let state = StateFolder::of_person();
            let now = Timestamp::now();
            let applied = fix::apply(&session.repo, state.as_ref(), &title, &plan, now);
            let undo = applied.map(|applied| applied.undo);
            Message::Fixed(ticket, undo.map_err(|error| error.to_string()))
        }
        Effect::Undo(latest) => {
            Message::Undone(undo(session, latest).map_err(|error| error.to_string()))
        }
        _ => return None,
    })
}

/// What the fix would do, or what must come before it.
fn plan(session: &Session, chosen: &Arc<dyn Fix>) -> Result<Planned, FixError> {
    let steps = fix::steps(&session.repo, chosen)?;
    let mut why = CleanText::default();
    for (nth, step) in steps.iter().enumerate() {
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

/// Takes a fix back: this one, else the latest that is remembered.
fn undo(session: &Session, latest: Option<Arc<Undo>>) -> Result<Arc<Undo>, FixError> {
    let state = StateFolder::of_person();
    let latest = match (latest, &state) {
        (Some(latest), _) => Some(latest),
        (None, Some(state)) => fix::kept(&session.repo, state)?.pop().map(Arc::new),
        (None, None) => None,
    };
    let latest = latest.ok_or_else(|| FixError::new("no fix is remembered here"))?;
    fix::undo(&session.repo, state.as_ref(), &latest)?;
    Ok(latest)
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
        let text =
            format!("The system gave no thread: {error}; close other programs and try again");
        let _ =
            to_loop.send(Event::Message(Message::Failed { title: "It could not be done", text }));
    }
}

type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// Puts the former hook back when it is dropped.
pub struct PanicReports(Arc<Hook>);

/// From now on, a panic of the thread that draws restores the terminal before
/// it is told; one of another thread is shown in a dialog, since it would
/// otherwise be written across the screen.
pub fn report_panics(events: Sender<Event>) -> PanicReports {
    let before: Arc<Hook> = Arc::from(std::panic::take_hook());
    let drawing = std::thread::current().id();
    let former = before.clone();
    std::panic::set_hook(Box::new(move |panic| {
        if engine::is_guarded() {
            return; // caught, and told as the check's error
        }
        if std::thread::current().id() == drawing {
            terminal::leave();
            former(panic);
            return;
        }
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // not the panic's own words: they may hold what a file held
        let text = format!(
            "A part of gonogo failed at {place}. This is a defect of gonogo; please report it. \
             What was asked for was not done; the rest goes on."
        );
        let _ = events.send(Event::Message(Message::Defect(text)));
    }));
    PanicReports(before)
}

impl Drop for PanicReports {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let before = self.0.clone();
            std::panic::set_hook(Box::new(move |panic| before(panic)));
        }
    }
}
