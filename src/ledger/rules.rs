//! What a statement must carry to be written and to count. Dialogs, command
//! line, ledger and assessment ask here and nowhere else.
//!
//! Policies of a checklist (who, how many, how long) are not rules of a
//! statement; the assessment knows them.

use std::collections::BTreeSet;

use super::entry::{Entry, Ledger};
use super::statement::{Act, Statement};
use crate::checklist::Item;
use crate::model::{CleanText, Date, Digest, ItemId, Person};

/// The fewest characters of a reason.
pub(crate) const SHORTEST_REASON: usize = 10;

/// So many different letters or digits a reason has at least: `----------`
/// says nothing.
const FEWEST_LETTERS: usize = 4;

/// Why a statement cannot be written, or does not count.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Flaw {
    /// The reason is missing or says nothing.
    #[error(
        "{} needs a reason of at least {SHORTEST_REASON} characters, {FEWEST_LETTERS} different letters or digits among them, in words that a reviewer understands later",
        act.a_word()
    )]
    NoReason {
        /// Whose.
        act: Act,
    },
    /// A waiver that is over before it is written.
    #[error("{until} is in the past; a waiver's last day is today ({today}, UTC) or later")]
    Over {
        /// Its last day.
        until: Date,
        /// The day of writing.
        today: Date,
    },
    /// A withdrawal or an overruling of a record that does not come before it.
    #[error("it names no earlier record about this item")]
    NamesNothing,
    /// A withdrawal of somebody else's record.
    #[error("only {author}, who made the {}, can withdraw it", act.word())]
    NotOwn {
        /// Who made the record.
        author: CleanText,
        /// What it is.
        act: Act,
    },
    /// A withdrawal of a withdrawal.
    #[error("a withdrawal cannot be withdrawn; make a new record")]
    Final,
    /// An overruling of something else.
    #[error("only an objection can be overruled, and this is {}", act.a_word())]
    NotAnObjection {
        /// What it is.
        act: Act,
    },
    /// An overruling of one's own objection.
    #[error("nobody overrules their own objection; withdraw it with `gonogo withdraw`")]
    OwnObjection,
    /// A record of schema 1, or a statement about one.
    #[error("an early version of gonogo wrote it (schema 1); make a new record")]
    Legacy,
}

impl Statement {
    /// What keeps it from being written today, as far as it can be seen from
    /// the statement alone.
    pub fn flaw(&self, today: Date) -> Option<Flaw> {
        self.lacks().or_else(|| match self {
            Self::Waiver { until, .. } if *until < today => {
                Some(Flaw::Over { until: *until, today })
            }
            _ => None,
        })
    }

    /// What it lacks, whenever it is looked at.
    pub(super) fn lacks(&self) -> Option<Flaw> {
        match self {
            Self::Objection { why } | Self::Waiver { why, .. } | Self::Overruling { why, .. } => {
                (!says_something(why.as_str())).then(|| Flaw::NoReason { act: self.act() })
            }
            Self::SignOff { .. } | Self::Withdrawal { .. } => None,
            Self::Legacy(_) => Some(Flaw::Legacy),
        }
    }

    /// What keeps a person from withdrawing or overruling a record, which is
    /// none when no such record comes before; nothing for other statements.
    pub fn flaw_of_target(
        &self,
        item: &ItemId,
        by: &[&Person],
        target: Option<&Entry>,
    ) -> Option<Flaw> {
        let withdrawal = match self {
            Self::Withdrawal { .. } => true,
            Self::Overruling { .. } => false,
            _ => return None,
        };
        let Some(target) = target.filter(|target| &target.record.item == item) else {
            return Some(Flaw::NamesNothing);
        };
        let act = target.record.statement.act();
        let own = |person: &&Person| target.author.is(person.email.as_str());
        if target.is_legacy() {
            Some(Flaw::Legacy)
        } else if withdrawal && act == Act::Withdrawal {
            Some(Flaw::Final)
        } else if withdrawal && !by.iter().take(1).any(own) {
            Some(Flaw::NotOwn { author: target.author.email.clone(), act })
        } else if !withdrawal && act != Act::Objection {
            Some(Flaw::NotAnObjection { act })
        } else if !withdrawal && by.iter().any(own) {
            Some(Flaw::OwnObjection)
        } else {
            None
        }
    }
}

impl Ledger {
    /// Why a record of this ledger does not count, whatever the checklist says
    /// and whatever changed since. An objection always counts, unless schema 1
    /// wrote it.
    pub fn flaw(&self, entry: &Entry) -> Option<Flaw> {
        let statement = &entry.record.statement;
        if matches!(statement, Statement::Objection { .. }) {
            return None;
        }
        statement.lacks().or_else(|| {
            statement.flaw_of_target(
                &entry.record.item,
                &[&entry.author, &entry.committer],
                statement.of().and_then(|of| self.before(of, &entry.id)),
            )
        })
    }
}

/// Whether a reason says something: long enough, and not of one letter. What
/// clean text spells out, such as `<U+200B>`, is nothing to read.
pub(crate) fn says_something(reason: &str) -> bool {
    let mut rest = reason.split("<U+");
    let first = rest.next().unwrap_or_default();
    let after = rest.map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let reason: String = std::iter::once(first).chain(after).collect();
    let words: Vec<&str> = reason.split_whitespace().collect();
    let letters: BTreeSet<char> = reason.chars().filter(|c| c.is_alphanumeric()).collect();
    words.join(" ").chars().count() >= SHORTEST_REASON && letters.len() >= FEWEST_LETTERS
}

/// The state of an item that a record is bound to: the item's digest, and for
/// one that is disabled or in the checklist no longer, that it is so.
pub(crate) fn state_digest(item: Option<&Item>) -> Digest {
    match item {
        None => Digest::of(["removed"]),
        Some(item) if item.disabled.is_some() => Digest::of(["disabled", item.digest.as_str()]),
        Some(item) => item.digest.clone(),
    }
}

#[cfg(test)]
mod tests;
