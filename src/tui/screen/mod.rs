//! What fills the room between header and footer. The checklist is always
//! there; a screen that a key lays over it has a line in [`SHOWN`].

pub(crate) mod base;
pub(crate) mod checklist;
pub(crate) mod ledger;

use self::base::Shown;

/// The screens that a key shows.
pub(crate) const SHOWN: &[Shown] = &[ledger::SHOWN];
