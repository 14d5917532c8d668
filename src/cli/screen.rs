//! Opens the screen; the exit code is that of the verdict it showed last.

use std::io::{self, IsTerminal as _, Write};

use crate::assess::Verdict;
use crate::tui::{self, Options, ThemeChoice, TuiError};

use super::Ending;
use super::failure::Failure;
use super::global::{Global, Screen, Theme};

/// Whether there is a terminal to draw on: one that calls itself dumb knows no cursor.
pub(super) fn is_possible() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

pub(super) fn open(
    global: &Global,
    screen: &Screen,
    hint: Option<String>,
) -> Result<Ending, Failure> {
    let theme = match screen.theme {
        Theme::Auto => ThemeChoice::Auto,
        Theme::Dark => ThemeChoice::Dark,
        Theme::Light => ThemeChoice::Light,
        Theme::None => ThemeChoice::None,
    };
    let options = Options {
        folder: global.folder(),
        choice: global.choice(),
        at: global.at.clone(),
        offline: global.offline,
        theme,
        ascii: screen.ascii,
        mouse: !screen.no_mouse,
        hint,
    };
    let exit = tui::run(options)?;
    if exit.outdated {
        // nothing depends on somebody reading it: the exit code says it too
        let _ = writeln!(
            anstream::stderr(),
            "gonogo: the commit or the records changed since the screen read them; `gonogo check` says what holds now"
        );
    }
    Ok(match (exit.signal, exit.verdict) {
        (Some(signal), _) => Ending::Signal(signal),
        (None, Some(Verdict::Go)) => Ending::Good,
        // a verdict that was not waited for is not a GO
        (None, _) => Ending::NoGo,
    })
}

impl From<TuiError> for Failure {
    fn from(error: TuiError) -> Self {
        match error {
            TuiError::Session(error) => error.into(),
            TuiError::Terminal(_) => Self::Failed(error.to_string()),
        }
    }
}
