//! What a dialog is.

use std::fmt::Debug;

use crossterm::event::KeyEvent;
use tui_input::Input;

use crate::checklist::Item;
use crate::tui::keys::binding::Binding;
use crate::tui::known::Known;
use crate::tui::message::Question;
use crate::tui::widget::sheet::{Page, Sheet};

/// Something that lies over a screen and has the keys. Scrolling, closing,
/// errors and waiting for an answer are done for it, see
/// [`Open`](super::open::Open).
pub(crate) trait Dialog: Debug {
    /// What it shows.
    fn sheet(&self, page: &Page<'_>) -> Sheet;

    /// A key, before anything else looks at it.
    fn on_key(&mut self, _key: &KeyEvent, _known: &Known) -> Step {
        Step::Unused
    }

    /// `enter`.
    fn enter(&mut self, _known: &Known) -> Step {
        Step::Close
    }

    /// The field that has the keys.
    fn field(&mut self) -> Option<&mut Input> {
        None
    }

    /// The field searches the text, which then is shown from its beginning.
    fn searches(&self) -> bool {
        false
    }

    /// The title of the notice that takes its place when its question fails;
    /// nothing when the error stands in it and all that was typed stays.
    fn refusal(&self) -> Option<&'static str> {
        None
    }
}

/// What a key did.
#[derive(Debug)]
pub(crate) enum Step {
    /// Nothing: the common keys may have it.
    Unused,
    /// Something inside.
    Done,
    /// The dialog is done.
    Close,
    /// This is to be asked of the session; the dialog waits for the answer.
    Ask(Question),
    /// What was typed is not right.
    Wrong(String),
}

/// A dialog that a key opens.
#[derive(Debug)]
pub(crate) struct Opener {
    /// By which key, and the words for it.
    pub(crate) binding: Binding,
    /// Makes it.
    pub(crate) open: Make,
}

/// Makes a dialog from what is known, the selected item and all keys there are;
/// nothing when there is nothing to show.
pub(crate) type Make = fn(&Known, Option<&Item>, &[&'static Binding]) -> Option<Box<dyn Dialog>>;
