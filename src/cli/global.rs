//! The options that every command takes, and those of the screen.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::checklist::Choice;

/// What applies to every command.
#[derive(Args, Debug, Clone)]
pub(super) struct Global {
    /// Work in this folder instead of the current one
    #[arg(short = 'C', long = "folder", value_name = "DIR", global = true)]
    pub folder: Option<PathBuf>,
    /// The checklist: a file, or `builtin:NAME`
    ///
    /// Without it: `.gonogo/checklist.yaml`, else `.gonogo.yaml`, else the
    /// built-in checklist that fits the repository.
    #[arg(long, value_name = "PATH|builtin:NAME", global = true)]
    pub checklist: Option<String>,
    /// Judge this commit or tag as git has it, not the work tree
    ///
    /// With that revision's checklist, and the clock of now. What git does not
    /// hold, such as the env file, is asked of this machine.
    #[arg(long, value_name = "REVISION", global = true)]
    pub at: Option<String>,
    /// Ask nothing of the network
    #[arg(long, global = true)]
    pub offline: bool,
}

impl Global {
    /// The folder to work in.
    pub(super) fn folder(&self) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| PathBuf::from("."))
    }

    /// The checklist to load.
    pub(super) fn choice(&self) -> Choice {
        match self.checklist.as_deref() {
            None => Choice::Find,
            Some(text) => match text.strip_prefix("builtin:") {
                Some(name) => Choice::Builtin(name.to_owned()),
                None => Choice::Path(PathBuf::from(text)),
            },
        }
    }
}

/// How the screen looks.
#[derive(Args, Debug, Clone)]
pub(super) struct Screen {
    /// The colours of the screen
    #[arg(long, value_enum, default_value_t = Theme::Auto)]
    pub theme: Theme,
    /// Draw with ASCII characters only
    #[arg(long)]
    pub ascii: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
}

impl Screen {
    /// These options, or where they say nothing those given before the command.
    pub(super) fn or(&self, before: &Self) -> Self {
        Self {
            theme: if self.theme == Theme::Auto { before.theme } else { self.theme },
            ascii: self.ascii || before.ascii,
            no_mouse: self.no_mouse || before.no_mouse,
        }
    }
}

/// The colours of the screen.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Theme {
    /// None when NO_COLOR is set, else light or dark as the terminal says
    Auto,
    /// For dark terminals
    Dark,
    /// For light terminals
    Light,
    /// No colours
    None,
}
