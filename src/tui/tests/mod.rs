//! What keys do to the state, and what the state looks like.

mod acting;
mod fixing;
mod ledger;
mod moving;
mod read_only;
mod running;
mod screens;
mod seen;
mod sharing;
mod styles;

use super::fixture;
