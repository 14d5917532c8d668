//! The mouse's wheel.

use crossterm::event::{MouseEvent, MouseEventKind};

/// How many lines one notch scrolls.
const NOTCH: usize = 3;

/// One notch of the wheel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Notch {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

/// What the wheel did, if it did something.
pub(crate) fn notch(event: MouseEvent) -> Option<Notch> {
    match event.kind {
        MouseEventKind::ScrollDown => Some(Notch::Down),
        MouseEventKind::ScrollUp => Some(Notch::Up),
        _ => None,
    }
}

impl Notch {
    /// The first line on the screen afterwards.
    pub(crate) fn from(self, offset: usize) -> usize {
        match self {
            Self::Up => offset.saturating_sub(NOTCH),
            Self::Down => offset.saturating_add(NOTCH),
        }
    }
}
