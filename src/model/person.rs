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

    /// Whether both are the same mailbox; letters' case and what cannot be seen do
    /// not count.
    pub fn is(&self, email: &str) -> bool {
        self.email.as_str().eq_ignore_ascii_case(email) || seen(self.email.as_str()) == seen(email)
    }
}

/// An address as a reader sees it: small letters, nothing invisible.
fn seen(email: &str) -> String {
    let email = CleanText::line(email);
    let mut rest = email.as_str();
    let mut shown = String::new();
    // what is invisible was made visible as its number
    while let Some((before, after)) = rest.split_once("<U+") {
        shown.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    shown.push_str(rest);
    shown.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}

#[cfg(test)]
mod tests {
    use super::Person;

    #[test]
    fn a_mailbox_is_what_a_reader_sees() {
        let cases = [
            ("ann@example.com", "ANN@Example.COM", true),
            ("ann@example.com", "a\u{200b}nn@example.com", true),
            ("ann\u{feff}@example.com", "ann@example.com", true),
            ("J\u{dc}rgen@example.com", "j\u{fc}rgen@example.com", true),
            ("ann@example.com ", "ann@example.com", true),
            ("ann@example.com", "ann@example.org", false),
            ("ann+a@example.com", "ann@example.com", false),
        ];
        for (one, other, same) in cases {
            assert_eq!(Person::new("A", one).is(other), same, "{one} {other}");
            assert_eq!(Person::new("A", other).is(one), same, "{other} {one}");
        }
    }
}
