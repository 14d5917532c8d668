//! What a person says about an item: one variant for each kind of statement,
//! with just what that kind needs. What makes one count stands in `rules`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{CleanText, CommitId, Date, Digest, Role};

/// What a person says about an item. In `record.json` it is keyed by its kind:
/// `{"waiver": {"why": …, "until": …}}`.
///
/// `accepted` holds the identities of all findings that were there, one for
/// each finding, so that two equal ones are there twice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Statement {
    /// It holds.
    SignOff {
        /// The covered files at the commit, each with its blob's name and its mode
        /// (`1a2b… 100644`). Records without modes are compared by the blobs.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        covered: BTreeMap<String, String>,
        /// The findings that were judged harmless.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        accepted: Vec<Digest>,
        /// In which role.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
        /// What was looked at.
        #[serde(default, skip_serializing_if = "CleanText::is_empty")]
        note: CleanText,
    },
    /// It does not hold.
    Objection {
        /// What is wrong.
        why: CleanText,
    },
    /// It may be ignored until a day, for a reason.
    Waiver {
        /// The reason.
        why: CleanText,
        /// The last day on which it holds.
        until: Date,
        /// The findings that it lets be.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        accepted: Vec<Digest>,
        /// In which role.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
    },
    /// An own record no longer counts.
    Withdrawal {
        /// Which.
        of: CommitId,
        /// Why, where it was said.
        #[serde(default, skip_serializing_if = "CleanText::is_empty")]
        note: CleanText,
    },
    /// Somebody else's objection no longer counts, for a reason.
    Overruling {
        /// The objection.
        of: CommitId,
        /// The reason.
        why: CleanText,
        /// The findings that were there.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        accepted: Vec<Digest>,
        /// In which role.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
    },
    /// A record of schema 1: it is shown and never counts. Nobody writes it.
    #[serde(skip)]
    Legacy(Legacy),
}

/// What a record of schema 1 said, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Legacy {
    /// What was done.
    pub act: Act,
    /// In which role.
    pub role: Option<Role>,
    /// The person's words.
    pub note: CleanText,
    /// The last day.
    pub until: Option<Date>,
    /// The record that it took back.
    pub of: Option<CommitId>,
}

/// The kind of a statement.
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
    /// Somebody else's objection no longer counts, for a reason.
    Overruling,
}

impl Act {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignOff => "sign-off",
            Self::Objection => "objection",
            Self::Waiver => "waiver",
            Self::Withdrawal => "withdrawal",
            Self::Overruling => "overruling",
        }
    }

    /// The word with its article: `an objection`.
    pub fn a_word(self) -> &'static str {
        match self {
            Self::SignOff => "a sign-off",
            Self::Objection => "an objection",
            Self::Waiver => "a waiver",
            Self::Withdrawal => "a withdrawal",
            Self::Overruling => "an overruling",
        }
    }
}

impl Statement {
    /// Its kind.
    pub fn act(&self) -> Act {
        match self {
            Self::SignOff { .. } => Act::SignOff,
            Self::Objection { .. } => Act::Objection,
            Self::Waiver { .. } => Act::Waiver,
            Self::Withdrawal { .. } => Act::Withdrawal,
            Self::Overruling { .. } => Act::Overruling,
            Self::Legacy(legacy) => legacy.act,
        }
    }

    /// The person's words: a note or a reason; empty where nothing was said.
    pub fn words(&self) -> &CleanText {
        match self {
            Self::SignOff { note, .. } | Self::Withdrawal { note, .. } => note,
            Self::Objection { why } | Self::Waiver { why, .. } | Self::Overruling { why, .. } => {
                why
            }
            Self::Legacy(legacy) => &legacy.note,
        }
    }

    /// Puts these words in the place of those that are there.
    pub fn set_words(&mut self, words: CleanText) {
        match self {
            Self::SignOff { note, .. } | Self::Withdrawal { note, .. } => *note = words,
            Self::Objection { why } | Self::Waiver { why, .. } | Self::Overruling { why, .. } => {
                *why = words;
            }
            Self::Legacy(legacy) => legacy.note = words,
        }
    }

    /// The last day on which it holds, where it says one.
    pub fn until(&self) -> Option<Date> {
        match self {
            Self::Waiver { until, .. } => Some(*until),
            Self::Legacy(legacy) => legacy.until,
            _ => None,
        }
    }

    /// Sets the last day of a waiver; the other kinds have none.
    pub fn set_until(&mut self, day: Date) {
        if let Self::Waiver { until, .. } = self {
            *until = day;
        }
    }

    /// The role in which the person acted.
    pub fn role(&self) -> Option<&Role> {
        match self {
            Self::SignOff { role, .. }
            | Self::Waiver { role, .. }
            | Self::Overruling { role, .. } => role.as_ref(),
            Self::Legacy(legacy) => legacy.role.as_ref(),
            Self::Objection { .. } | Self::Withdrawal { .. } => None,
        }
    }

    /// The identities of the findings that it is bound to.
    pub fn accepted(&self) -> &[Digest] {
        match self {
            Self::SignOff { accepted, .. }
            | Self::Waiver { accepted, .. }
            | Self::Overruling { accepted, .. } => accepted,
            Self::Objection { .. } | Self::Withdrawal { .. } | Self::Legacy(_) => &[],
        }
    }

    /// The covered files of a sign-off, each with its blob's name.
    pub fn covered(&self) -> Option<&BTreeMap<String, String>> {
        match self {
            Self::SignOff { covered, .. } => Some(covered),
            _ => None,
        }
    }

    /// The record that it takes back or overrules.
    pub fn of(&self) -> Option<&CommitId> {
        match self {
            Self::Withdrawal { of, .. } | Self::Overruling { of, .. } => Some(of),
            Self::Legacy(legacy) => legacy.of.as_ref(),
            _ => None,
        }
    }
}
