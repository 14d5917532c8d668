//! The screen: `update(state, message) -> effects` is pure, views only read the
//! state, and a small runtime carries the effects out.
//!
//! ```text
//! keys, signals, checks, workers ──Message──▶ update ──▶ State ──▶ view
//!                                               │
//!                                               └──Effect──▶ runtime, workers
//! ```

mod dialog;
mod draw;
mod glyphs;
mod keys;
mod known;
mod layout;
mod memory;
mod message;
mod options;
mod registry;
mod run;
mod screen;
mod state;
mod theme;
mod update;
mod widget;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub(crate) use options::{Exit, Options, ThemeChoice, TuiError};
pub(crate) use run::terminal::columns as terminal_columns;

/// Shows the screen until the person leaves it. Both standard input and output
/// should be a terminal.
///
/// # Errors
/// When the session cannot be opened or the terminal does not answer.
pub(crate) fn run(options: Options) -> Result<Exit, TuiError> {
    run::app::run(options)
}
