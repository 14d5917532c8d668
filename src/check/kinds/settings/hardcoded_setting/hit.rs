//! What a file shows of the settings.

use super::found::Step;
use super::texts::Text;
use crate::lang::python::Import;
use crate::model::{Finding, Need, Place, RepoPath};

/// One thing that a file shows.
#[derive(Debug)]
pub(crate) enum Hit {
    /// A literal that a setting can become.
    Finding(Finding),
    /// Something that was not understood.
    Need(Need),
    /// A literal in code that counts only if production uses that code.
    Held(Box<Held>),
    /// A value that another module takes part in.
    Elsewhere(Box<Elsewhere>),
    /// A file that the setting is read from.
    Reads(Box<Reads>),
    /// A parameter that becomes the setting.
    Asks(Asks),
    /// The file sets or reads a setting.
    Names,
    /// The file reads a setting from outside of the code.
    Outside,
    /// An environment variable of another name that a setting is read from.
    Variable(String),
    /// The file signs with a key of another name; whether that is seen to come from
    /// outside of the code.
    Signs(bool),
    /// The file makes an app of a framework that needs a signing key.
    App(RepoPath),
}

/// A literal in code that is not for production by its name or path.
#[derive(Debug)]
pub(crate) struct Held {
    /// The finding, should production use it.
    pub(super) finding: Finding,
    /// Where.
    pub(super) path: RepoPath,
    /// What it would have to use.
    pub(super) by: By,
    /// The setting that a class may have a value of its own for.
    pub(super) setting: String,
}

/// By what production could use some code.
#[derive(Debug)]
pub(super) enum By {
    /// The name of a class or function.
    Name(String),
    /// The file; whether it looks as if it serves or makes an app by itself.
    Path(Serves),
    /// A module that others take over, of which production's may replace it.
    Base,
}

/// Whether a file looks as if it ran an app.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Serves {
    /// It does.
    Yes,
    /// It makes an app.
    Perhaps,
    /// It does not.
    No,
}

/// A value that another module takes part in.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    /// The file that asks for it.
    pub(super) path: RepoPath,
    /// What it asks for.
    pub(super) import: Import,
    /// From there to the value.
    pub(super) way: Vec<Step>,
    /// The setting's name.
    pub(super) setting: String,
    /// What is passed to it, should it be a function; none when it is not called.
    pub(super) arguments: Option<Vec<Given>>,
    /// The setting falls back to it, so that it is not enough that it is from
    /// another package.
    pub(super) fallback: bool,
    /// What is not known, should it not be found or not be understood.
    pub(super) need: Need,
    /// Only a literal counts: it is another key than the one that is asked for.
    pub(super) kin: bool,
}

/// A file that the setting is read from.
#[derive(Debug)]
pub(crate) struct Reads {
    /// The file of code.
    pub(super) path: RepoPath,
    /// Where it reads.
    pub(super) place: Place,
    /// The setting's name.
    pub(super) setting: String,
    /// What gets the value, as a message shows it.
    pub(super) shown: String,
    /// The names that the file can have.
    pub(super) texts: Vec<Text>,
    /// The entries of it that are asked for.
    pub(super) keys: Vec<String>,
}

/// A parameter that becomes the setting, for which other files may pass a literal.
#[derive(Debug)]
pub(crate) struct Asks {
    /// Where its function is.
    pub(super) path: RepoPath,
    /// What is called.
    pub(super) called: String,
    /// The parameter's name.
    pub(super) parameter: String,
    /// Its place among the positional arguments.
    pub(super) index: Option<usize>,
    /// The setting.
    pub(super) setting: String,
    /// It is another key than the one that is asked for.
    pub(super) kin: bool,
}

/// An argument, by its place or keyword, and the literals that it can be.
pub(super) type Given = (Result<usize, String>, Vec<Finding>);
