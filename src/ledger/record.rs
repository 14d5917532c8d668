//! What one record says, and its form as `record.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::SCHEMA;
use crate::model::{CleanText, CommitId, Date, Digest, ItemId, Role};

/// The longest `record.json` that is read or written, in bytes.
pub(super) const LONGEST: usize = 1 << 20;

/// What a person did about an item. This is `record.json`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this form.
    pub schema: u32,
    /// What was done.
    pub act: Act,
    /// About which item.
    pub item: ItemId,
    /// The item as it was read, [`crate::checklist::Item::digest`].
    pub item_digest: Digest,
    /// On which commit.
    pub commit: CommitId,
    /// The covered files at that commit, each with its blob's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub covered: BTreeMap<String, String>,
    /// The findings that were accepted, [`crate::model::Finding::fingerprint`]:
    /// one for each finding, so that two equal ones are there twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Digest>,
    /// In which role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The person's words; made safe as [`CleanText::block`] when they are read.
    #[serde(default, skip_serializing_if = "CleanText::is_empty")]
    pub note: CleanText,
    /// The last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The record that a withdrawal takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdraws: Option<CommitId>,
}

/// What can be done about an item.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// It holds, says the signer.
    SignOff,
    /// It does not, says the signer.
    Objection,
    /// It may be ignored until a day, for a reason.
    Waiver,
    /// An own record no longer counts.
    Withdrawal,
}

impl Act {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignOff => "sign-off",
            Self::Objection => "objection",
            Self::Waiver => "waiver",
            Self::Withdrawal => "withdrawal",
        }
    }
}

/// Why a `record.json` cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Undecodable {
    /// A later version of this program wrote it.
    Newer(u32),
    /// It is no record: why.
    Malformed(String),
}

impl Record {
    /// Its form as `record.json`: indented, so that people can read it with
    /// `git show`, with a line break at the end.
    ///
    /// # Errors
    /// A sentence, when it is no record that could ever count.
    pub(super) fn encode(&self) -> Result<String, String> {
        self.validate()?;
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

    /// What an append refuses. Reading is more patient: there such a record is
    /// shown and does not count.
    fn validate(&self) -> Result<(), String> {
        if self.schema != SCHEMA {
            return Err(format!("its form is version {}, not {SCHEMA}", self.schema));
        }
        let says_why = !self.note.as_str().trim().is_empty();
        match self.act {
            Act::Waiver if !says_why => Err("a waiver needs a reason".to_owned()),
            Act::Waiver if self.until.is_none() => Err("a waiver needs a last day".to_owned()),
            Act::Objection if !says_why => Err("an objection needs a reason".to_owned()),
            Act::Withdrawal if self.withdraws.is_none() => {
                Err("a withdrawal names the record that it takes back".to_owned())
            }
            Act::SignOff | Act::Objection | Act::Waiver if self.withdraws.is_some() => {
                Err("only a withdrawal takes a record back".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Reads a `record.json`. Unknown fields are refused: they could say
    /// something on which the record depends.
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
            return Err(malformed("its record.json is no JSON object".to_owned()));
        }
        let no_record =
            |error: serde_json::Error| malformed(format!("its record.json is no record: {error}"));
        let version: Version = serde_json::from_str(text).map_err(no_record)?;
        match version.schema {
            SCHEMA => serde_json::from_str(text).map_err(no_record),
            newer if newer > SCHEMA => Err(Undecodable::Newer(newer)),
            other => Err(malformed(format!("its record.json has the unknown version {other}"))),
        }
    }

    /// One line for `git log --oneline` and for the reflog.
    pub(super) fn summary(&self) -> String {
        let mut line = format!("{}: {} on {}", self.act.word(), self.item, self.commit.short());
        if let Some(until) = self.until {
            line.push_str(&format!(" until {until}"));
        }
        if let Some(withdrawn) = &self.withdraws {
            line.push_str(&format!(", takes back {}", withdrawn.short()));
        }
        line
    }

    /// The commit's message: the summary, the note, the role.
    pub(super) fn message(&self) -> String {
        let mut message = self.summary();
        let note = self.note.as_str().trim();
        if !note.is_empty() {
            message.push_str("\n\n");
            message.push_str(note);
        }
        if let Some(role) = &self.role {
            message.push_str(&format!("\n\nRole: {role}"));
        }
        message.push('\n');
        message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            schema: SCHEMA,
            act: Act::SignOff,
            item: "restore-rehearsed".parse().expect("an id"),
            item_digest: Digest::of(["item"]),
            commit: CommitId::try_from("1a2b3c4d".repeat(5)).expect("a commit"),
            covered: BTreeMap::from([("scripts/backup.sh".to_owned(), "ab".repeat(20))]),
            findings: vec![Digest::of(["one"]), Digest::of(["one"])],
            role: Some("release".parse().expect("a role")),
            note: CleanText::block("Restored on spare-2.\nTook 4 minutes."),
            until: None,
            withdraws: None,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = record().encode().expect("a valid record");
        assert!(text.starts_with("{\n  \"schema\": 1,\n  \"act\": \"sign_off\",\n"), "{text}");
        assert!(text.ends_with("}\n"), "{text}");
        assert_eq!(Record::decode(text.as_bytes()), Ok(record()));
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let bare = Record {
            covered: BTreeMap::new(),
            findings: Vec::new(),
            role: None,
            note: CleanText::default(),
            ..record()
        };
        let text = bare.encode().expect("a valid record");
        for field in ["covered", "findings", "role", "note", "until", "withdraws"] {
            assert!(!text.contains(field), "{field} in {text}");
        }
        assert_eq!(Record::decode(text.as_bytes()), Ok(bare));
    }

    #[test]
    fn a_record_that_could_never_count_is_not_written() {
        let until = "2026-03-31".parse().ok();
        let withdraws = Some(record().commit);
        let none = CleanText::default;
        let cases = [
            (Record { act: Act::Waiver, ..record() }, "a waiver needs a last day"),
            (Record { act: Act::Waiver, until, note: "  ".into(), ..record() }, "a reason"),
            (Record { act: Act::Objection, note: none(), ..record() }, "needs a reason"),
            (Record { act: Act::Withdrawal, ..record() }, "names the record"),
            (Record { withdraws, ..record() }, "only a withdrawal"),
            (Record { schema: 2, ..record() }, "version 2"),
            (Record { note: "x".repeat(LONGEST).into(), ..record() }, "shorten the note"),
        ];
        for (record, says) in cases {
            let error = record.encode().expect_err(says);
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn what_is_no_record_is_refused_in_words() {
        let good = record().encode().expect("a valid record");
        let with = |from: &str, to: &str| good.replacen(from, to, 1).into_bytes();
        let cases = [
            (b"".to_vec(), "no JSON object"),
            (b"{".to_vec(), "no record: EOF"),
            (b"\xff\xfe".to_vec(), "not UTF-8"),
            (b"[1]".to_vec(), "no JSON object"),
            (b"{}".to_vec(), "missing field `schema`"),
            ([b"{\"schema\":".to_vec(), b"[".repeat(100_000)].concat(), "no record"),
            ([b"{\"x\":".to_vec(), b"[".repeat(100_000)].concat(), "no record"),
            (vec![b' '; LONGEST + 1], "may be 1048576"),
            (with("\"schema\": 1", "\"schema\": 0"), "unknown version 0"),
            (with("\"schema\": 1", "\"schema\": \"1\""), "no record"),
            (with("\"schema\": 1,", "\"schema\": 1, \"mood\": 2,"), "unknown field `mood`"),
            (with("\"schema\": 1,", "\"schema\": 1, \"act\": \"sign_off\","), "duplicate field"),
            (with("sign_off", "applaud"), "unknown variant"),
            (with("restore-rehearsed", "../../etc"), "no record"),
            (with("1a2b3c4d", "xyz"), "40 hexadecimal digits"),
            (with("\"item_digest\": \"", "\"item_digest\": \"\u{202e}"), "64 hexadecimal digits"),
        ];
        for (bytes, says) in cases {
            match Record::decode(&bytes) {
                Err(Undecodable::Malformed(what)) => assert!(what.contains(says), "{says}: {what}"),
                other => panic!("{says}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_newer_form_is_named() {
        let newer = br#"{"schema": 2, "act": {"kind": "blessing"}}"#;
        assert_eq!(Record::decode(newer), Err(Undecodable::Newer(2)));
    }

    #[test]
    fn a_hostile_note_is_made_safe_when_it_is_read() {
        let text = record().encode().expect("a valid record");
        let hostile = text.replacen("Restored", "\\u001b[2J\\u202e", 1);
        let read = Record::decode(hostile.as_bytes()).expect("a record");
        assert!(read.note.as_str().starts_with("␛[2J<U+202E> on"), "{:?}", read.note);
    }

    #[test]
    fn the_message_is_a_summary() {
        assert_eq!(
            record().message(),
            "sign-off: restore-rehearsed on 1a2b3c4\n\nRestored on spare-2.\nTook 4 minutes.\n\nRole: release\n"
        );
        let waiver =
            Record { act: Act::Waiver, until: "2026-03-31".parse().ok(), role: None, ..record() };
        assert_eq!(waiver.summary(), "waiver: restore-rehearsed on 1a2b3c4 until 2026-03-31");
        let withdrawal =
            Record { act: Act::Withdrawal, withdraws: Some(record().commit), ..record() };
        assert!(withdrawal.summary().ends_with("on 1a2b3c4, takes back 1a2b3c4"));
    }
}
