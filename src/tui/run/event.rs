//! What reaches the loop.

use super::signals::Told;
use crate::session::{Session, SessionError};
use crate::tui::known::Loaded;
use crate::tui::memory::Memory;
use crate::tui::message::{Message, Reread};

/// What reaches the loop.
pub(crate) enum Event {
    /// For the state.
    Message(Message),
    /// The session is open, or not.
    Opened(Result<(Box<Session>, Loaded, Option<Memory>), SessionError>),
    /// The session was read again, or not; with the number of the request.
    Reread(u64, Reread, Result<(Box<Session>, Loaded), SessionError>),
    /// A signal.
    Told(Told),
    /// The terminal is gone.
    Lost,
}

impl Event {
    /// Whether a person typed it, who waits for the answer.
    pub(super) fn is_typed(&self) -> bool {
        matches!(self, Self::Message(Message::Key(_) | Message::Paste(_)))
    }
}
