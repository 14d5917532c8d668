//! Env files: what they assign, where, and what their readers disagree on.
//!
//! Values are read as python-dotenv reads them (1.2, the reader of the Flask
//! world), except that variables in them are not expanded. Where docker
//! compose or a shell would take something else, the entry says so in words.
//! `tests/data/env_readers.yaml` holds the cases, reader by reader.

mod edit;
mod lexer;
mod names;
mod quotes;

use std::collections::HashMap;
use std::ops::Range;

use secrecy::{ExposeSecret as _, SecretString};

use crate::model::Redacted;
use crate::secret::redact;

pub(crate) use edit::EnvChange;
pub(crate) use names::{BESIDES, TEMPLATES};

/// An env file, entry by entry.
#[derive(Debug, Default)]
pub struct EnvFile {
    /// Every assignment, in order; a later one of the same key wins.
    pub entries: Vec<EnvEntry>,
    /// What a reader trips over, in order of place.
    pub problems: Vec<EnvProblem>,
}

/// One assignment. Its `Debug` output shows no value.
#[derive(Debug)]
pub struct EnvEntry {
    /// The variable's name, as the reader takes it: not always a valid one.
    pub key: String,
    /// Its value, quotes and escapes resolved. Variables in it are not expanded.
    pub value: SecretString,
    /// The line of the key, from 1; 0 when it stands in no file.
    pub line: u32,
    /// The column of the key in characters, from 1.
    pub column: u32,
    /// The bytes of the file in which the value stands, quotes included. Empty
    /// when there is no value: then it is where one would be written.
    pub value_span: Range<usize>,
    /// The byte at which the key's line begins.
    pub line_start: usize,
    /// How other readers would take this entry otherwise, each in a sentence
    /// without any of its text.
    pub differs: Vec<&'static str>,
}

/// A line that some reader drops, or for which it refuses the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvProblem {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong with it, without any of its text.
    pub message: &'static str,
}

impl EnvFile {
    /// Reads a whole file. Lines that are not assignments are told, not fatal.
    pub fn parse(text: &str) -> Self {
        lexer::read(text)
    }

    /// The variables of a process: entries that stand in no file.
    pub fn of_variables(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let entry = |(key, value): (String, String)| EnvEntry {
            key,
            value: SecretString::from(value),
            line: 0,
            column: 0,
            value_span: 0..0,
            line_start: 0,
            differs: Vec::new(),
        };
        Self { entries: variables.into_iter().map(entry).collect(), problems: Vec::new() }
    }

    /// The entry that counts for a key: the last one.
    pub fn get(&self, key: &str) -> Option<&EnvEntry> {
        self.entries.iter().rev().find(|entry| entry.key == key)
    }

    /// The value of an entry with the file's own variables put in, once. None when
    /// it holds none of them.
    pub fn expanded(&self, entry: &EnvEntry) -> Option<String> {
        let value = entry.value.expose_secret();
        let mut parts = value.split("${");
        let mut out = parts.next()?.to_owned();
        let mut any = false;
        for part in parts {
            let named = part.split_once('}').and_then(|(name, rest)| {
                let own = self.get(name).filter(|own| own.key != entry.key)?;
                Some((own, rest))
            });
            match named {
                Some((own, rest)) => {
                    any = true;
                    out.push_str(own.value.expose_secret());
                    out.push_str(rest);
                }
                None => {
                    out.push_str("${");
                    out.push_str(part);
                }
            }
        }
        any.then_some(out)
    }

    /// All entries by their keys, each key's in order. For many look-ups, since
    /// [`get`](Self::get) goes through the file each time.
    pub fn by_key(&self) -> HashMap<&str, Vec<&EnvEntry>> {
        let mut keys: HashMap<&str, Vec<&EnvEntry>> = HashMap::new();
        for entry in &self.entries {
            keys.entry(&entry.key).or_default().push(entry);
        }
        keys
    }
}

impl EnvEntry {
    /// Whether its value stands in the file's `text` without quotes and holds
    /// what a shell does not take as part of a word.
    pub fn breaks_in_shell(&self, text: &str) -> bool {
        let raw = text.get(self.value_span.clone()).unwrap_or_default();
        let quoted = raw.starts_with(['"', '\'']);
        let breaks = |c: char| c.is_whitespace() || ";&|<>()'\"\\".contains(c);
        !quoted && (raw.contains(breaks) || raw.starts_with('~'))
    }

    /// The start of its line in the file's `text`, with the value masked.
    /// Nothing after the value is shown: a comment there may hold an old one.
    pub fn excerpt(&self, text: &str) -> Redacted {
        let before = text.get(self.line_start..self.value_span.start).unwrap_or_default();
        if self.value_span.is_empty() {
            return redact::line(before, &[]);
        }
        // one stand-in character is enough to be masked, and nothing of the value enters
        let line = format!("{before}x");
        redact::line(&line, std::slice::from_ref(&(before.len()..line.len())))
    }
}

#[cfg(test)]
mod tests;
