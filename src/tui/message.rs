//! What can happen to the screen, and what the screen wants done.

use std::collections::HashMap;
use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::Timestamp;

use super::known::{Loaded, Ticket, Toast};
use super::memory::Memory;
use crate::assess::Assessment;
use crate::check::Fix;
use crate::engine::Event;
use crate::fix::Undo;
use crate::ledger::{Act, Entry, Synced};
use crate::model::{Cancel, CleanText, CommitId, ItemId, ItemResult, Plan, RepoPath};
use crate::session::Draft;

/// What happened.
#[derive(Debug)]
pub(crate) enum Message {
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
    /// A question's work waits for this.
    Waits(Ticket, CleanText),
    /// A question was answered, or why not.
    Answered(Ticket, Result<Answer, String>),
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
pub(crate) enum Reread {
    /// A record was written.
    Recorded,
    /// One item is to be checked again.
    Item(ItemId),
    /// All are.
    All,
}

/// What is asked of the session, on a thread of its own.
#[derive(Debug)]
pub(crate) enum Question {
    /// Prepare a record.
    Draft(Act, ItemId),
    /// Prepare a withdrawal.
    DraftWithdrawal(ItemId),
    /// Write a record with the person's words.
    Commit(Box<Draft>, String),
    /// Find out what a fix of this item would do.
    Plan(ItemId, Arc<dyn Fix>),
    /// Carry a fix out.
    Fix {
        /// What it is called.
        title: CleanText,
        /// What was shown.
        plan: Arc<Plan>,
        /// What comes next: the item, and the fix that was chosen for it.
        next: Option<(ItemId, Arc<dyn Fix>)>,
    },
    /// Find out what taking a fix back would do: this one, else the latest that
    /// is remembered.
    PlanUndo(Option<Arc<Undo>>),
    /// Take a fix back.
    Undo(Arc<Undo>),
    /// Overrule an objection.
    Overrule {
        /// To which item.
        item: ItemId,
        /// Its record.
        objection: CommitId,
        /// How the item's checks had ended when that was shown.
        results: HashMap<ItemId, ItemResult>,
        /// The person's words.
        why: String,
    },
    /// Share the ledger with the remote.
    Sync,
}

/// What came of a question.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A record was prepared.
    Drafted(Box<Draft>),
    /// A withdrawal was prepared.
    WithdrawalDrafted(Box<(Draft, Entry)>),
    /// A record was written: its kind, and its commit's short name.
    Committed(Act, String),
    /// What a fix of this item would do.
    Planned(ItemId, Planned),
    /// A fix was carried out: what takes it back, and what comes next.
    Fixed(Arc<Undo>, Option<(ItemId, Arc<dyn Fix>)>),
    /// What taking a fix back would change, line by line, and what should be known
    /// before it is agreed to.
    UndoPlanned(Arc<Undo>, Vec<CleanText>, Vec<CleanText>),
    /// A fix was taken back.
    Undone(Arc<Undo>),
    /// The ledger was shared: with what result.
    Synced(Box<Synced>),
}

/// A question that was asked, so that its answer finds back and `esc` can end it.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Which.
    pub(crate) ticket: Ticket,
    /// Gives the work up.
    pub(crate) cancel: Cancel,
}

/// What a fix would do.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// What the person chose.
    pub(crate) chosen: Arc<dyn Fix>,
    /// What is done now: that, or what must come before it.
    pub(crate) title: CleanText,
    /// What it changes.
    pub(crate) plan: Arc<Plan>,
    /// The titles of what comes afterwards, the chosen one last.
    pub(crate) ahead: Vec<CleanText>,
}

/// What is to be done outside of the screen.
#[derive(Debug)]
pub(crate) enum Effect {
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
    /// Ask the session.
    Ask(Job, Question),
    /// Open a file in the person's editor.
    Edit(RepoPath, Option<u32>),
    /// Put text into the terminal's clipboard.
    Copy(String),
    /// Let the terminal report the mouse, or not.
    Mouse(bool),
}
