//! What fills the room between header and footer. The checklist is always
//! there; a screen that a key lays over it has a line in [`SHOWN`].

pub mod base;
pub mod checklist;
pub mod ledger;

use self::base::Shown;

/// The screens that a key shows.
pub const SHOWN: &[Shown] = &[ledger::SHOWN];
