//! Names that people give to things: items and roles.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const LONGEST: usize = 64;

/// The name of an item, which sign-offs hang on: `secret-key-strong`.
///
/// Lower-case letters, digits and single hyphens, at most 64 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ItemId(String);

/// The name of a role in the team, spelled as an [`ItemId`] is: `release`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Role(String);

macro_rules! name {
    ($type:ident, $what:literal) => {
        impl $type {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = String;

            /// # Errors
            /// A sentence that says which character or length is wrong.
            fn from_str(text: &str) -> Result<Self, String> {
                spelled(text, $what).map(|()| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $type {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> String {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name!(ItemId, "an id");
name!(Role, "a role");

fn spelled(text: &str, what: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() {
        return Err(format!("{what} cannot be empty"));
    }
    if text.len() > LONGEST {
        return Err(format!("{what} has at most {LONGEST} characters"));
    }
    if let Some(bad) = text.chars().find(|&c| !allowed(c)) {
        return Err(format!(
            "{what} is made of lower-case letters, digits and hyphens, not `{}`",
            crate::model::CleanText::line(bad.to_string())
        ));
    }
    if text.starts_with('-') || text.ends_with('-') || text.contains("--") {
        return Err(format!("{what} has single hyphens, and only between words"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ItemId;

    #[test]
    fn spelling() {
        for good in ["a", "secret-key-strong", "2fa", "a-1"] {
            assert!(good.parse::<ItemId>().is_ok(), "{good}");
        }
        let long = "a".repeat(65);
        for bad in ["", "A", "a_b", "-a", "a-", "a--b", "ä", "a b", long.as_str()] {
            assert!(bad.parse::<ItemId>().is_err(), "{bad}");
        }
    }
}
