//! What can lie over a screen: each dialog with its state, keys and view in one
//! file. One that a key opens has a line in [`OPENERS`].

pub mod base;
pub mod draw;
pub mod fix;
pub mod form;
pub mod help;
pub mod notice;
pub mod open;
pub mod record;
pub mod waiting;
pub mod withdrawal;

use self::base::Opener;

/// The dialogs that a key opens on any screen.
pub const OPENERS: &[Opener] = &[help::OPENER];
