//! A record and its form as `record.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::statement::{Act, Legacy, Statement};
use crate::model::{CleanText, CommitId, Date, Digest, ItemId, Role};

/// The version of `record.json` that this program writes.
pub(crate) const SCHEMA: u32 = 2;

/// The longest `record.json` that is read or written, in bytes.
pub(super) const LONGEST: usize = 1 << 20;

/// What a person said about an item, and on what. This is `record.json`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    schema: u32,
    /// About which item.
    pub item: ItemId,
    /// The state of the item as it was read, [`super::state_digest`].
    pub item_digest: Digest,
    /// On which commit.
    pub commit: CommitId,
    /// What was said.
    pub statement: Statement,
}

/// Why a `record.json` cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Undecodable {
    /// A later version of this program wrote it.
    Newer(u32),
    /// It is not a record: why.
    Malformed(String),
}

impl Record {
    /// A record of the version that this program writes.
    pub fn new(item: ItemId, item_digest: Digest, commit: CommitId, statement: Statement) -> Self {
        Self { schema: SCHEMA, item, item_digest, commit, statement }
    }

    /// Its form as `record.json`: indented, so that people can read it with
    /// `git show`, with a line break at the end.
    ///
    /// # Errors
    /// A sentence, when it is not a record that could ever count.
    pub(super) fn encode(&self) -> Result<String, String> {
        if let Some(flaw) = self.statement.lacks() {
            return Err(flaw.to_string());
        }
        let mut text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        text.push('\n');
        if text.len() > LONGEST {
            return Err(format!(
                "it is {} bytes long and may be {LONGEST}; shorten the note, or cover fewer files",
                text.len()
            ));
        }
        Ok(text)
    }

    /// Reads a `record.json`. Unknown fields are refused: they could say
    /// something on which the record depends. A statement that lacks something
    /// is read anyway; it is shown and does not count.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Undecodable> {
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let malformed = |what: String| Undecodable::Malformed(what);
        if bytes.len() > LONGEST {
            return Err(malformed(format!(
                "its record.json is {} bytes long and may be {LONGEST}",
                bytes.len()
            )));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| malformed("its record.json is not UTF-8 text".to_owned()))?;
        // serde would take the fields in a list too, without their names.
        if !text.trim_start().starts_with('{') {
            return Err(malformed("its record.json is not a JSON object".to_owned()));
        }
        let no_record = |error: serde_json::Error| {
            malformed(format!("its record.json is not a record: {error}"))
        };
        let version: Version = serde_json::from_str(text).map_err(no_record)?;
        match version.schema {
            SCHEMA => serde_json::from_str(text).map_err(no_record),
            1 => serde_json::from_str::<SchemaOne>(text).map(Self::from).map_err(no_record),
            newer if newer > SCHEMA => Err(Undecodable::Newer(newer)),
            other => Err(malformed(format!("its record.json has the unknown version {other}"))),
        }
    }

    /// One line for `git log --oneline` and for the reflog.
    pub(super) fn summary(&self) -> String {
        let act = self.statement.act().word();
        let mut line = format!("{act}: {} on {}", self.item, self.commit.short());
        if let Some(until) = self.statement.until() {
            line.push_str(&format!(" until {until}"));
        }
        match &self.statement {
            Statement::Withdrawal { of, .. } => {
                line.push_str(&format!(", takes back {}", of.short()));
            }
            Statement::Overruling { of, .. } => {
                line.push_str(&format!(", overrules {}", of.short()));
            }
            _ => {}
        }
        line
    }

    /// The commit's message: the summary, the words, the role.
    pub(super) fn message(&self) -> String {
        let mut message = self.summary();
        let words = self.statement.words().as_str().trim();
        if !words.is_empty() {
            message.push_str("\n\n");
            message.push_str(words);
        }
        if let Some(role) = self.statement.role() {
            message.push_str(&format!("\n\nRole: {role}"));
        }
        message.push('\n');
        message
    }
}

/// `record.json` of schema 1, which an early version wrote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaOne {
    schema: u32,
    act: Act,
    item: ItemId,
    item_digest: Digest,
    commit: CommitId,
    #[serde(default, rename = "covered")]
    _covered: BTreeMap<String, String>,
    #[serde(default, rename = "findings")]
    _findings: Vec<Digest>,
    #[serde(default)]
    role: Option<Role>,
    #[serde(default)]
    note: CleanText,
    #[serde(default)]
    until: Option<Date>,
    #[serde(default)]
    withdraws: Option<CommitId>,
}

impl From<SchemaOne> for Record {
    fn from(old: SchemaOne) -> Self {
        let SchemaOne { schema, act, item, item_digest, commit, role, note, until, .. } = old;
        let legacy = Legacy { act, role, note, until, of: old.withdraws };
        Self { schema, item, item_digest, commit, statement: Statement::Legacy(legacy) }
    }
}

#[cfg(test)]
mod tests;
