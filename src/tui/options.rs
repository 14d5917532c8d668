//! What the screen is asked to show, and how it was left.

use std::path::PathBuf;

use crate::assess::Verdict;
use crate::checklist::Choice;
use crate::session::SessionError;

/// What to show, and how.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// A folder in the repository.
    pub folder: PathBuf,
    /// Which checklist.
    pub choice: Choice,
    /// The revision to look at; the work tree when it is none.
    pub at: Option<String>,
    /// Checks may not use the network.
    pub offline: bool,
    /// Which theme.
    pub theme: ThemeChoice,
    /// Draw with ASCII signs only.
    pub ascii: bool,
    /// Let the terminal report the mouse.
    pub mouse: bool,
    /// One line to show at the top, such as what to try in a demo.
    pub hint: Option<String>,
}

/// Which theme to draw with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum ThemeChoice {
    /// By the environment: `NO_COLOR`, `COLORFGBG`, else dark.
    #[default]
    Auto,
    /// For dark terminals.
    Dark,
    /// For light terminals.
    Light,
    /// Without colours.
    None,
}

/// How the screen was left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Exit {
    /// The verdict, unless checks still ran or it was outdated.
    pub verdict: Option<Verdict>,
    /// `HEAD` or the records have changed since the verdict was shown.
    pub outdated: bool,
    /// The number of the signal that ended it, unless the person left.
    pub signal: Option<i32>,
}

/// Why the screen ended. The terminal is restored by then.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TuiError {
    /// The repository or its checklist could not be opened.
    #[error(transparent)]
    Session(SessionError),
    /// The terminal did not answer.
    #[error("the terminal did not answer: {}; `gonogo check` needs none", crate::model::words::system(.0))]
    Terminal(#[from] std::io::Error),
}
