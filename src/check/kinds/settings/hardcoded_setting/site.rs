//! One place where code gives a setting its value.

use std::ops::Range;

use tree_sitter::Node;

use super::setting::Setting;
use crate::lang::python::Use;

/// One place where a setting gets, or may get, its value.
#[derive(Clone)]
pub(super) struct Site<'a, 't> {
    /// Which setting.
    pub(super) setting: &'a Setting,
    /// In which way.
    pub(super) how: How,
    /// What gets the value, as the message shows it.
    pub(super) shown: String,
    /// The app or class that it is set on, when that can be told.
    pub(super) base: Option<String>,
    /// The value.
    pub(super) value: Node<'t>,
    /// Where it stands.
    pub(super) at: Use,
    /// The bytes of the block around it.
    pub(super) block: Range<usize>,
    /// It stands in an `except` clause.
    pub(super) handler: bool,
    /// It stands in a class or function that does not count because of its name.
    pub(super) aside: bool,
    /// The variable that is asked first, when this is what happens without it.
    pub(super) variable: Option<String>,
}

/// In which way a setting gets its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum How {
    /// `x = value`.
    Assigned,
    /// `x += value`.
    Appended,
    /// `f(SECRET_KEY=value)`, with the function's name.
    Keyword(String),
    /// `{"SECRET_KEY": value}`.
    Entry,
    /// `def f(secret_key=value)`.
    Parameter,
    /// `setdefault("SECRET_KEY", value)` and the like, with the function's name.
    Setter(String),
    /// `def SECRET_KEY(): return value`.
    Returned,
    /// `getenv("SECRET_KEY", value)`, with the function's name.
    Fallback(String),
    /// `getenv("SECRET_KEY") or value`.
    Or,
    /// `environ["SECRET_KEY"] if … else value`.
    Else,
}
