//! Who did something.

use std::fmt;

use serde::Serialize;

use super::CleanText;

/// A person as git's configuration names them. Not a proof of who they are.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Person {
    /// `user.name`
    pub name: CleanText,
    /// `user.email`
    pub email: CleanText,
}

impl Person {
    /// Takes both from outside and makes them safe to show.
    pub fn new(name: impl AsRef<str>, email: impl AsRef<str>) -> Self {
        Self { name: CleanText::line(name), email: CleanText::line(email) }
    }

    /// Whether both are the same mailbox; letters' case does not count.
    pub fn is(&self, email: &str) -> bool {
        self.email.as_str().eq_ignore_ascii_case(email)
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}
