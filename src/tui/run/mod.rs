//! The loop around the screen, and the doors to terminal, signals, editor and
//! threads.

pub(crate) mod app;
mod editor;
mod event;
mod input;
mod panics;
mod signals;
pub(crate) mod terminal;
mod work;
