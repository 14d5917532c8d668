//! Everything that the screen shows. Only `update` changes it; views read it.

use std::sync::Arc;

use jiff::Timestamp;

use super::dialog::open::Open;
use super::glyphs::Glyphs;
use super::known::{Known, Ticket};
use super::memory::Memory;
use super::screen::base::Screen;
use super::screen::checklist::board::ChecklistScreen;
use super::theme::Theme;
use crate::checklist::Item;
use crate::fix::Undo;

/// The whole screen.
#[derive(Debug)]
pub(crate) struct State {
    /// What all screens and dialogs show.
    pub(crate) known: Known,
    /// The screen at the bottom, which is always there.
    pub(crate) main: ChecklistScreen,
    /// The screens over it; the last one is in front.
    pub(crate) over: Vec<Box<dyn Screen>>,
    /// What lies over the screen; the last one has the keys.
    pub(crate) dialogs: Vec<Open>,
    /// What takes back the fixes that were made here, the latest last.
    pub(crate) undos: Vec<Arc<Undo>>,
    /// The last ticket that was given out.
    pub(crate) ticket: Ticket,
}

impl State {
    /// An empty screen for a terminal of this size.
    pub(crate) fn new(
        size: (u16, u16),
        now: Timestamp,
        theme: Theme,
        glyphs: &'static Glyphs,
    ) -> Self {
        Self {
            known: Known::new(size, now, theme, glyphs),
            main: ChecklistScreen::default(),
            over: Vec::new(),
            dialogs: Vec::new(),
            undos: Vec::new(),
            ticket: 0,
        }
    }

    /// The screen in front.
    pub(crate) fn front(&self) -> &dyn Screen {
        self.over.last().map_or(&self.main, AsRef::as_ref)
    }

    /// The same with what it shows, to be changed together.
    pub(crate) fn front_and_known(&mut self) -> (&mut dyn Screen, &mut Known) {
        let front: &mut dyn Screen = match self.over.last_mut() {
            Some(screen) => screen.as_mut(),
            None => &mut self.main,
        };
        (front, &mut self.known)
    }

    /// The selected item.
    pub(crate) fn item(&self) -> Option<&Item> {
        self.front().item(&self.known)
    }

    /// Whether anything goes on that a spinner should show.
    pub(crate) fn spins(&self) -> bool {
        self.known.loaded.is_none()
            || !self.known.runs.active.is_empty()
            || self.dialogs.last().is_some_and(|open| open.job.is_some())
    }

    /// A new ticket.
    pub(crate) fn take_ticket(&mut self) -> Ticket {
        self.ticket += 1;
        self.ticket
    }

    /// What to remember of this repository.
    pub(crate) fn memory(&self) -> Memory {
        Memory {
            theme: self.known.theme_chosen.then(|| self.known.theme.word().to_owned()),
            mouse_off: !self.known.mouse,
            ..self.main.memory(&self.known)
        }
    }
}
