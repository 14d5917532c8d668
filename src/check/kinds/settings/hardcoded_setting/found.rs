//! What an expression can be, as far as it is literals.

use tree_sitter::Node;

use super::texts::Text;
use crate::lang::python::{Import, Literal, ScopeId};

/// A literal that the setting can become.
pub(super) struct Alternative<'t> {
    /// The literal.
    pub(super) literal: Literal<'t>,
    /// How it comes to be the value.
    pub(super) form: Form,
    /// The names that it passes through on its way, each with the place where it
    /// is bound, the one nearest to the setting first.
    pub(super) names: Vec<(String, usize)>,
    /// The variable that is asked first, when this is what happens without it.
    pub(super) variable: Option<String>,
}

/// How a literal comes to be the value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// It is the value.
    Plain,
    /// It is the default of a reading function, whose name is given.
    Default(String),
    /// It stands behind `or`.
    Or,
    /// It stands in one branch of a conditional expression.
    Branch,
    /// It is the default of a declared field.
    Field,
    /// It is the default of a parameter.
    Parameter,
    /// It is passed to a function, whose name is given.
    Passed(String),
    /// It is one of what a list or dictionary holds.
    Element,
    /// It is returned by a function, whose name is given.
    Returned(String),
}

/// What an expression can be.
#[derive(Default)]
pub(super) struct Values<'t> {
    /// The literals.
    pub(super) literals: Vec<Alternative<'t>>,
    /// What leaves it open whether the value can be known to others.
    pub(super) opaque: Vec<Opaque<'t>>,
    /// What comes from another module.
    pub(super) imported: Vec<Imported<'t>>,
    /// What it is read from.
    pub(super) files: Vec<FileRead<'t>>,
    /// The names of entries of such files.
    pub(super) keys: Vec<String>,
    /// The environment variables that it is read from.
    pub(super) variables: Vec<String>,
    /// Parameters whose arguments may be in other files.
    pub(super) parameters: Vec<Parameter>,
    /// It can come from outside the code, or from a random generator.
    pub(super) outside: bool,
    /// It can be something that the file does not tell.
    pub(super) unknown: bool,
    /// Of an object that it is taken from, not all that it can be was followed.
    pub(super) lost: bool,
}

/// A file that a value is read from.
pub(super) struct FileRead<'t> {
    /// The expression that reads it.
    pub(super) node: Node<'t>,
    /// The names that it can have.
    pub(super) texts: Vec<Text>,
}

/// An expression of which it is not known whether a secret comes out of it.
#[derive(Clone, Copy)]
pub(super) struct Opaque<'t> {
    /// The literal, or the expression itself.
    pub(super) at: Node<'t>,
    /// The expression.
    pub(super) around: Node<'t>,
    pub(super) why: Why,
}

/// Why an expression is not a secret for sure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Why {
    /// It is not followed, and holds a literal.
    Literal,
    /// It gives what others can find out: a host's name, the day.
    Guessable,
    /// It is what the setting falls back to, and is not followed.
    Fallback,
}

/// A parameter whose arguments may be in other files.
pub(super) struct Parameter {
    /// The function.
    pub(super) function: ScopeId,
    /// What is called: the function, or the class that it makes an object of.
    pub(super) called: String,
    /// The parameter.
    pub(super) name: String,
    /// Its place among the positional arguments.
    pub(super) index: Option<usize>,
}

/// A name of another module that takes part in the value.
pub(super) struct Imported<'t> {
    /// Which.
    pub(super) import: Import,
    /// As it is called here.
    pub(super) shown: String,
    /// Where it stands.
    pub(super) node: Node<'t>,
    /// The setting falls back to it.
    pub(super) fallback: bool,
    /// What it is called with; none when it is not called.
    pub(super) arguments: Option<Vec<Argument<'t>>>,
    /// From there to the value.
    pub(super) way: Vec<Step>,
}

/// A step from an object to what it holds or gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// An attribute: `.key`.
    Member(String),
    /// An entry: `["key"]`.
    Entry(String),
    /// A call, which gives an object.
    Called,
}

impl Step {
    /// The name of what is reached.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Member(name) | Self::Entry(name) => Some(name),
            Self::Called => None,
        }
    }
}

/// What is passed to a function of another module.
pub(super) struct Argument<'t> {
    /// Its place, or the keyword.
    pub(super) place: Result<usize, String>,
    /// The literals that it can be.
    pub(super) literals: Vec<Alternative<'t>>,
}
