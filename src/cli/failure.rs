//! Why a command could not do its work, and the exit code that says so.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::model::words;
use crate::session::SessionError;

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// A mistake in usage or checklist: exit code 2.
    Usage(String),
    /// The work could not be done: exit code 3.
    Failed(String),
    /// Whoever read the output has gone: nothing to say.
    Pipe,
}

impl Failure {
    /// Says it on standard error.
    pub(super) fn tell(self) -> ExitCode {
        let (text, code) = match self {
            Self::Usage(text) => (text, 2),
            Self::Failed(text) => (text, 3),
            Self::Pipe => return ExitCode::from(3),
        };
        let mut out = anstream::stderr().lock();
        // a checklist's diagnostics begin with their own "error:"
        let told = if text.trim_start_matches(['\u{1b}']).contains("error") && text.contains('\n') {
            writeln!(out, "{}", text.trim_end())
        } else {
            writeln!(out, "gonogo: {}", text.trim_end())
        };
        // when standard error is gone there is nobody left to tell
        let _ = told;
        ExitCode::from(code)
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Checklist(text) | SessionError::Usage(text) => Self::Usage(text),
            SessionError::Repo(error) => Self::Failed(error.to_string()),
            SessionError::Ledger(error) => Self::Failed(error.to_string()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Pipe;
        }
        Self::Failed(format!("could not write the output: {}", words::system(&error)))
    }
}
