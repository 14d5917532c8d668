//! What a screen is.

use std::fmt::Debug;

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::checklist::Item;
use crate::model::Place;
use crate::tui::keys::binding::Binding;
use crate::tui::keys::intent::{Action, Intent, Move};
use crate::tui::known::Known;

/// Something that fills the room between header and footer: it keeps what is
/// selected in it, and its first line holds titles.
pub(crate) trait Screen: Debug {
    /// Draws it.
    fn draw(&self, frame: &mut Frame<'_>, known: &Known, area: Rect);

    /// Moves about.
    fn go(&mut self, known: &mut Known, area: Rect, way: Move) -> Step;

    /// After every change: keeps the selection and the scrolling valid.
    fn settle(&mut self, known: &Known, area: Rect);

    /// The selected item.
    fn item<'k>(&self, known: &'k Known) -> Option<&'k Item>;

    /// The keys that matter here, the most useful first, for the bottom line.
    fn useful(&self, known: &Known) -> Vec<Intent>;

    /// The place in a file that is meant.
    fn place(&self, _known: &Known) -> Option<Place> {
        None
    }

    /// `y` copies the place rather than the item's id.
    fn copies_place(&self) -> bool {
        false
    }

    /// The mouse did something.
    fn on_mouse(&mut self, _known: &mut Known, _area: Rect, _event: MouseEvent) -> Step {
        Step::Done
    }

    /// Text is being typed into it, so that letters are not keys.
    fn is_typing(&self) -> bool {
        false
    }

    /// A key while text is being typed.
    fn on_typed(&mut self, _known: &mut Known, _area: Rect, _key: &KeyEvent) -> Step {
        Step::Done
    }

    /// Pasted text while text is being typed.
    fn on_paste(&mut self, _known: &mut Known, _area: Rect, _text: &str) {}

    /// Draws the bottom line while text is being typed.
    fn draw_typed(&self, _frame: &mut Frame<'_>, _known: &Known, _area: Rect) {}
}

/// What moving came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// All is done.
    Done,
    /// This is to be done about the selected item.
    Do(Action),
    /// The dialog that is registered for this intent is to be opened.
    Open(Intent),
    /// The screen is left for the one below.
    Close,
    /// The same, with the checklist on this item.
    Select(usize, usize),
}

/// A screen that a key shows.
#[derive(Debug)]
pub(crate) struct Shown {
    /// By which key, and the words for it.
    pub(crate) binding: Binding,
    /// Makes it.
    pub(crate) show: fn(&Known) -> Box<dyn Screen>,
}
