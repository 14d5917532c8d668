//! What can happen to the screen, and what the screen wants done.

use std::collections::HashSet;
use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::Timestamp;

use super::memory::Memory;
use crate::assess::Assessment;
use crate::check::Fix;
use crate::checklist::Checklist;
use crate::engine::Event;
use crate::fix::Undo;
use crate::ledger::{Act, Entry};
use crate::model::{CleanText, ItemId, Plan, RepoPath};
use crate::repo::Head;
use crate::session::Draft;

/// What the screen knows of a session: plain values, no door to the repository.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The repository's name: its folder's.
    pub name: CleanText,
    /// Where `HEAD` is.
    pub head: Head,
    /// What must hold.
    pub checklist: Arc<Checklist>,
    /// The items that have checks to run.
    pub checked: HashSet<ItemId>,
}

/// Ties an answer to the question it belongs to; answers to questions that
/// were given up are dropped.
pub type Ticket = u64;

/// What happened.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The spinner's beat.
    Tick,
    /// What time it is.
    Time(Timestamp),
    /// The session was opened for the first time, with what is remembered of
    /// this repository.
    Opened(Loaded, Option<Memory>),
    /// The session was read again.
    Reread(Loaded, Reread),
    /// The person came back to this terminal.
    Focused,
    /// A run's event.
    Run(u64, Event),
    /// What all results add up to now.
    Assessed(Assessment),
    /// A record was prepared.
    Drafted(Ticket, Result<Box<Draft>, String>),
    /// A withdrawal was prepared.
    WithdrawalDrafted(Ticket, Result<Box<(Draft, Entry)>, String>),
    /// A record was written: its commit's short name.
    Committed(Ticket, Result<String, String>),
    /// What a fix would do.
    Planned(Ticket, Result<Planned, String>),
    /// A fix was carried out: what takes it back.
    Fixed(Ticket, Result<Arc<Undo>, String>),
    /// A fix was taken back.
    Undone(Result<Arc<Undo>, String>),
    /// The editor was left, or could not be started.
    Edited(Result<(), String>),
    /// Something to say at the bottom.
    Say(Toast),
    /// A part of the program panicked: what is known of it.
    Defect(String),
    /// Something failed that needs to be read.
    Failed {
        /// A heading.
        title: &'static str,
        /// What happened, where, what to do next.
        text: String,
    },
}

/// Why a session was read again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reread {
    /// A record was written.
    Recorded,
    /// One item is to be checked again.
    Item(ItemId),
    /// All are.
    All,
}

/// What a fix would do.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What the person chose.
    pub chosen: Arc<dyn Fix>,
    /// What is done now: that, or what must come before it.
    pub title: CleanText,
    /// What it changes.
    pub plan: Arc<Plan>,
    /// The titles of what comes afterwards, the chosen one last.
    pub ahead: Vec<CleanText>,
}

/// A line at the bottom, until the next key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Toast {
    /// What to say.
    pub text: String,
    /// It is about something that did not work.
    pub bad: bool,
}

impl Toast {
    /// Something went as it should.
    pub fn good(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: false }
    }

    /// Something did not.
    pub fn bad(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: true }
    }
}

/// What is to be done outside of the screen.
#[derive(Debug)]
pub enum Effect {
    /// Leave the program.
    Quit,
    /// Stop the process until it is continued.
    Suspend,
    /// Run checks under this number: of all items, or of some.
    Run(u64, Option<Vec<ItemId>>),
    /// Give up all runs.
    CancelRuns,
    /// Read `HEAD` and ledger again.
    Refresh(Reread),
    /// Read everything again, the checklist too.
    Reopen,
    /// Prepare a record.
    Draft(Ticket, Act, ItemId),
    /// Prepare a withdrawal.
    DraftWithdrawal(Ticket, ItemId),
    /// Write a record with the person's words.
    Commit(Ticket, Box<Draft>, String),
    /// Find out what a fix would do.
    Plan(Ticket, Arc<dyn Fix>),
    /// Carry a fix out.
    Fix {
        /// The question.
        ticket: Ticket,
        /// What it is called.
        title: CleanText,
        /// What was shown.
        plan: Arc<Plan>,
    },
    /// Take a fix back: this one, else the latest that is remembered.
    Undo(Option<Arc<Undo>>),
    /// Open a file in the person's editor.
    Edit(RepoPath, Option<u32>),
    /// Put text into the terminal's clipboard.
    Copy(String),
    /// Let the terminal report the mouse, or not.
    Mouse(bool),
}
