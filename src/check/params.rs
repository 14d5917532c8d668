//! Parameter types that several kinds share. Each refuses what it cannot use
//! while the file is loaded, so that a run meets no bad pattern.

mod expression;
mod globs;
mod selection;

use std::borrow::Cow;
use std::fmt;

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

pub use globs::{Globs, KEYS as PATTERN_KEYS, path_as_written};
pub(crate) use globs::{any_number, left_out};
pub(crate) use selection::Selection;

/// A regular expression, of the `regex` crate's syntax.
#[derive(Clone)]
pub struct Pattern(pub Regex);

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_str().fmt(f)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        expression::build(&text, true).map(Self).map_err(D::Error::custom)
    }
}

impl JsonSchema for Pattern {
    fn schema_name() -> Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "regex",
            "description": "A regular expression; `^` and `$` match at line ends."
        })
    }
}

/// A regular expression for one value, whose beginning and end `^` and `$` are.
#[derive(Clone)]
pub struct ValuePattern(pub Regex);

impl fmt::Debug for ValuePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_str().fmt(f)
    }
}

impl<'de> Deserialize<'de> for ValuePattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        expression::build(&text, false).map(Self).map_err(D::Error::custom)
    }
}

impl JsonSchema for ValuePattern {
    fn schema_name() -> Cow<'static, str> {
        "ValuePattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "regex",
            "description": "A regular expression; `^` and `$` are the beginning and the end of the whole value."
        })
    }
}

/// Permission bits of a file, written as an octal number in quotes: `"0600"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FileMode(pub u32);

impl fmt::Display for FileMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

impl<'de> Deserialize<'de> for FileMode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const HOW: &str = "a mode is an octal number in quotes, such as \"0600\"";
        let text = String::deserialize(deserializer).map_err(|_| D::Error::custom(HOW))?;
        match u32::from_str_radix(&text, 8) {
            Ok(mode) if mode <= 0o7777 && (3..=4).contains(&text.len()) => Ok(Self(mode)),
            _ => Err(D::Error::custom(HOW)),
        }
    }
}

impl JsonSchema for FileMode {
    fn schema_name() -> Cow<'static, str> {
        "FileMode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-7]{3,4}$",
            "description": "Permission bits as an octal number in quotes, such as \"0600\"."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_octal_text() {
        let read = |yaml: &str| {
            crate::check::decode::decode::<FileMode>(&serde_yaml::from_str(yaml).expect("YAML"))
                .map(|mode| mode.0)
        };
        assert_eq!(read("\"0600\"").expect("octal"), 0o600);
        assert_eq!(read("\"755\"").expect("octal"), 0o755);
        for bad in ["600", "\"999\"", "\"06\"", "\"u=rw\""] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
