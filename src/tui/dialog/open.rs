//! A dialog that is open, with what all dialogs have in common: scrolling,
//! closing, an error, work that goes on and can be given up.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::base::{Dialog, Step};
use crate::model::CleanText;
use crate::tui::known::{Known, Ticket};
use crate::tui::layout;
use crate::tui::message::{Job, Question};
use crate::tui::widget::input;
use crate::tui::widget::sheet::{Page, Sheet};

/// An open dialog.
#[derive(Debug)]
pub(crate) struct Open {
    /// Which.
    pub(crate) dialog: Box<dyn Dialog>,
    /// The first line of its text shown.
    pub(crate) scroll: usize,
    /// What is wrong with what was typed, or why it could not be done.
    pub(crate) error: Option<String>,
    /// The question that it waits for.
    pub(crate) job: Option<Job>,
    /// For what that question's work waits.
    pub(crate) waits: Option<CleanText>,
}

/// What a key means for the stack of dialogs.
#[derive(Debug)]
pub(crate) enum Reaction {
    /// Nothing.
    Stay,
    /// Close this one.
    Close,
    /// Open the help over it.
    Help,
    /// Ask the session, and let this one wait for the answer.
    Ask(Question),
}

impl Open {
    /// Opens a dialog.
    pub(crate) fn new(dialog: Box<dyn Dialog>) -> Self {
        Self { dialog, scroll: 0, error: None, job: None, waits: None }
    }

    /// Opens one that waits for an answer.
    pub(crate) fn waiting(dialog: Box<dyn Dialog>, job: Job) -> Self {
        Self { job: Some(job), ..Self::new(dialog) }
    }

    /// Whether it waits for this answer.
    pub(crate) fn waits_for(&self, ticket: Ticket) -> bool {
        self.job.as_ref().is_some_and(|job| job.ticket == ticket)
    }

    /// It waits no longer: all that was typed stays, with this error.
    pub(crate) fn fail(&mut self, error: String) {
        (self.job, self.waits) = (None, None);
        self.error = Some(error);
    }

    /// A key.
    pub(crate) fn on_key(&mut self, key: &KeyEvent, known: &Known) -> Reaction {
        if let Some(job) = &self.job {
            return match key.code {
                KeyCode::Esc => {
                    // what only prepares leaves nothing behind; what writes has
                    // to say first what became of it
                    let again = job.cancel.is_cancelled();
                    job.cancel.cancel();
                    if again || self.dialog.refusal().is_some() {
                        Reaction::Close
                    } else {
                        Reaction::Stay
                    }
                }
                _ => Reaction::Stay,
            };
        }
        match self.dialog.on_key(key, known) {
            Step::Unused => self.common_key(key, known),
            step => self.step(step),
        }
    }

    fn step(&mut self, step: Step) -> Reaction {
        match step {
            Step::Unused | Step::Done => Reaction::Stay,
            Step::Close => Reaction::Close,
            Step::Ask(question) => Reaction::Ask(question),
            Step::Wrong(error) => {
                self.error = Some(error);
                Reaction::Stay
            }
        }
    }

    fn common_key(&mut self, key: &KeyEvent, known: &Known) -> Reaction {
        let page = self.height(known).saturating_sub(1).max(1);
        let held = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            KeyCode::Esc => return Reaction::Close,
            KeyCode::Enter => {
                let step = self.dialog.enter(known);
                return self.step(step);
            }
            KeyCode::F(1) => return Reaction::Help,
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(page),
            KeyCode::PageDown => self.scroll = self.scroll.saturating_add(page),
            KeyCode::Up => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::Down => self.scroll = self.scroll.saturating_add(1),
            _ if self.dialog.field().is_some() => self.edit(|field| {
                input::edit(field, key);
            }),
            KeyCode::Char('j') if !held => self.scroll = self.scroll.saturating_add(1),
            KeyCode::Char('k') if !held => self.scroll = self.scroll.saturating_sub(1),
            _ => {}
        }
        Reaction::Stay
    }

    /// Pasted text goes into the field.
    pub(crate) fn paste(&mut self, text: &str) {
        if self.job.is_none() {
            self.edit(|field| input::insert(field, text));
        }
    }

    fn edit(&mut self, change: impl FnOnce(&mut tui_input::Input)) {
        let Some(field) = self.dialog.field() else { return };
        let before = field.value().to_owned();
        change(field);
        if before != field.value() {
            self.error = None;
            if self.dialog.searches() {
                self.scroll = 0;
            }
        }
    }

    /// What it shows now.
    pub(crate) fn sheet(&self, known: &Known) -> Sheet {
        let columns = layout::dialog_columns(known.size);
        let page = Page { known, columns, free: self.job.is_none() };
        let mut sheet = self.dialog.sheet(&page);
        if let Some(error) = &self.error {
            sheet.error(&page, error);
        }
        match &self.job {
            None => sheet.end(&page),
            Some(job) => {
                let doing = match &self.waits {
                    _ if job.cancel.is_cancelled() => "Giving up…",
                    Some(waits) => waits.as_str(),
                    None => "Working…",
                };
                sheet.working(&page, doing);
            }
        }
        sheet
    }

    /// How many lines of its text are on the screen.
    fn height(&self, known: &Known) -> usize {
        self.sheet(known).height(known.size)
    }

    /// Keeps the scrolling within the text.
    pub(crate) fn settle(&mut self, known: &Known) {
        let sheet = self.sheet(known);
        let bottom = sheet.text.len().saturating_sub(sheet.height(known.size));
        self.scroll = self.scroll.min(bottom);
    }
}
