//! What can lie over a screen: each dialog with its state, keys and view in one
//! file. One that a key opens has a line in [`OPENERS`].

pub(crate) mod base;
pub(crate) mod draw;
pub(crate) mod fix;
pub(crate) mod form;
pub(crate) mod help;
pub(crate) mod notice;
pub(crate) mod open;
pub(crate) mod overrule;
pub(crate) mod record;
pub(crate) mod sync;
pub(crate) mod undo;
pub(crate) mod waiting;
pub(crate) mod withdrawal;

use self::base::Opener;

/// The dialogs that a key opens on any screen.
pub(crate) const OPENERS: &[Opener] = &[help::OPENER, overrule::OPENER, sync::OPENER];
