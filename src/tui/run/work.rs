//! What takes longer than a key may wait: done on threads of its own, answered
//! with an event.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::Sender;
use jiff::Timestamp;

use super::event::Event;
use crate::check::Remedy;
use crate::fix::{self, SecretFormat, SecretRequest};
use crate::ledger::{Act, Tell, Wait};
use crate::model::{CleanText, Date, ItemId, ItemResult};
use crate::repo::StateFolder;
use crate::session::{Opening, Session, SessionError};
use crate::tui::known::Loaded;
use crate::tui::memory::Memory;
use crate::tui::message::{Answer, Job, Message, Planned, Question, Reread};
use crate::tui::options::Options;

/// Random bytes in a fresh secret, as `secrets.token_hex(32)` takes.
const SECRET_BYTES: usize = 32;

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
            let memory = Memory::load(session.repo.root());
            let loaded = loaded(&session);
            (Box::new(session), loaded, memory)
        });
        let _ = events.send(Event::Opened(opened));
    });
}

/// Opens it anew, the checklist too.
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
        | Question::Fix { .. } => HashMap::new(),
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
                work_on(&session, &results, question, &tell)
            }
        };
        let _ = events.send(Event::Message(Message::Answered(job.ticket, answer)));
    });
}

fn work_on(
    session: &Session,
    results: &HashMap<ItemId, ItemResult>,
    question: Question,
    tell: Tell<'_>,
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
            let written = session.commit(*draft, &note, tell);
            let answer = written.map(|commit| Answer::Committed(act, commit.short().to_owned()));
            answer.map_err(|error| error.to_string())
        }
        Question::Plan(item, remedy) => {
            let planned = plan(session, &remedy)?;
            Ok(Answer::Planned(item, remedy, planned))
        }
        Question::Fix { remedy, force } => {
            let written = fix::write_secret(&session.repo, &request(&remedy, force));
            written.map(|_| Answer::Fixed).map_err(|error| error.to_string())
        }
    }
}

/// What the fix would do; when a real value stands in the way, what
/// overwriting it would.
fn plan(session: &Session, remedy: &Remedy) -> Result<Planned, String> {
    let first = match fix::plan_secret(&session.repo, &request(remedy, false)) {
        Ok(plan) => return Ok(Planned { plan, overwrites: None }),
        Err(error) => error.to_string(),
    };
    match fix::plan_secret(&session.repo, &request(remedy, true)) {
        Ok(plan) => Ok(Planned { plan, overwrites: Some(first) }),
        Err(error) => Err(error.to_string()),
    }
}

fn request(remedy: &Remedy, force: bool) -> SecretRequest {
    let Remedy::GenerateSecret { file, key } = remedy;
    SecretRequest {
        file: file.clone(),
        key: key.clone(),
        bytes: SECRET_BYTES,
        format: SecretFormat::Hex,
        force,
    }
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
