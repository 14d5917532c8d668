//! What keys do to the state, and what the state looks like.

mod acting;
mod moving;
mod running;
mod screens;
mod styles;

use super::fixture;
