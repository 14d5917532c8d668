//! What an assessment consists of: plain values.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::assess::gathered::{self, Note};
use crate::assess::rule::{Blocker, Rule};
use crate::checklist::{Item, Mode};
use crate::ledger::Entry;
use crate::model::{CleanText, ItemId, Severity};

/// What an item's observation and records add up to. Never merged into each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its checks have not all ended.
    Pending,
    /// Its checks hold.
    Passed,
    /// People vouch for it.
    SignedOff,
    /// It does not hold, and is allowed not to, until a day.
    Waived,
    /// There is nothing here that it could hold for, or it was switched off.
    NotApplicable,
    /// Its checks do not hold.
    Failed,
    /// It waits for people.
    Unsigned,
    /// People vouched for something that has changed since.
    Stale,
    /// Somebody says that it does not hold.
    Objected,
    /// Its checks could not look.
    Errored,
    /// Its checks cannot say without something that is not here.
    Undecided,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 11] = [
        Self::Pending,
        Self::Passed,
        Self::SignedOff,
        Self::Waived,
        Self::NotApplicable,
        Self::Failed,
        Self::Unsigned,
        Self::Stale,
        Self::Objected,
        Self::Errored,
        Self::Undecided,
    ];

    /// The words for it, for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Passed => "passed",
            Self::SignedOff => "signed off",
            Self::Waived => "waived",
            Self::NotApplicable => "not applicable",
            Self::Failed => "failed",
            Self::Unsigned => "unsigned",
            Self::Stale => "stale",
            Self::Objected => "objected",
            Self::Errored => "errored",
            Self::Undecided => "undecided",
        }
    }

    /// What an item that stands here is called: what it says while it fails when
    /// it does, else its title.
    pub fn headline(self, item: &Item) -> &CleanText {
        let failing = item.failing.as_ref().filter(|_| self == Self::Failed);
        failing.unwrap_or(&item.title)
    }

    /// Whether nothing blocks the item.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Passed | Self::SignedOff | Self::Waived | Self::NotApplicable)
    }
}

/// GO or NO-GO, or neither where only some items were looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing blocks the deploy.
    Go,
    /// Something does.
    NoGo,
    /// Only some items were looked at, which is never a GO.
    Partial,
}

impl Verdict {
    /// The words for it, for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::NoGo => "NO-GO",
            Self::Partial => "PARTIAL",
        }
    }
}

/// The verdict with all that it rests on.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// What it comes to.
    pub verdict: Verdict,
    /// The verdict is about the work tree, files that are not committed
    /// included, as the checklist's gate allows.
    pub of_work_tree: bool,
    /// Every item, in the order of the checklist.
    pub items: Vec<ItemAssessment>,
    /// How many items stand where; standings without items are left out.
    pub counts: BTreeMap<Standing, usize>,
    /// Records on items that the checklist does not have, in the order of the ledger.
    pub gone: Vec<AssessedRecord>,
    /// What blocks a GO besides items that are not settled: rules that
    /// are broken, and objections to items that were disabled or removed.
    pub blockers: Vec<Blocker>,
    /// What does not block but should be known: a checklist whose review is
    /// overdue, records on items that are gone.
    pub notes: Vec<CleanText>,
    /// Of these the ones that were noticed here, each with its item.
    pub(crate) noticed: Vec<Note>,
}

/// One item, assessed.
#[derive(Clone, Debug)]
pub struct ItemAssessment {
    /// Which.
    pub id: ItemId,
    /// How it is settled.
    pub mode: Mode,
    /// How bad it is when it does not hold.
    pub severity: Severity,
    /// Where it stands.
    pub standing: Standing,
    /// Why it stands there, in words; for a settled item, on what grounds.
    pub why: CleanText,
    /// The same without what its checks saw, for where that is listed beside it;
    /// empty when nothing else is to say.
    pub short: CleanText,
    /// Whether it blocks a GO. A less severe item only warns.
    pub blocks: bool,
    /// Its records, the oldest first, each with whether it counts.
    pub records: Vec<AssessedRecord>,
}

/// A record of an item, and whether it counts.
#[derive(Clone, Debug)]
pub struct AssessedRecord {
    /// The record.
    pub entry: Entry,
    /// Whether it counts.
    pub state: RecordState,
}

/// Whether a record counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RecordState {
    /// It counts.
    Counts,
    /// It no longer matches what it was made on: the reasons, in words.
    Stale(Vec<CleanText>),
    /// Its author withdrew it.
    Withdrawn,
    /// A later record of the same author about the item stands in its place.
    Superseded,
    /// It never counted: the reason, such as a signer outside the role.
    NotCounted(CleanText),
    /// An objection that somebody else overruled: who, when and why.
    Overruled(CleanText),
    /// It only withdraws another record.
    Withdrawal,
}

impl Assessment {
    /// The same for some items alone: what they add up to says nothing about the
    /// others, so it is not a GO.
    pub fn only(mut self, ids: &[ItemId]) -> Self {
        self.items.retain(|item| ids.contains(&item.id));
        self.blockers
            .retain(|blocker| blocker.item.as_ref().is_some_and(|item| ids.contains(item)));
        self.noticed.retain(|note| note.is_on(ids));
        self.notes = gathered::told(&self.noticed);
        self.counts = counts(&self.items);
        self.verdict = Verdict::Partial;
        self
    }

    /// The same with one more thing that blocks a GO.
    pub fn blocked_by(mut self, blocker: Blocker) -> Self {
        self.blockers.push(blocker);
        if self.verdict == Verdict::Go {
            self.verdict = Verdict::NoGo;
        }
        self
    }

    /// Everything that blocks a GO: first the rules, then the items.
    pub fn against(&self) -> impl Iterator<Item = Blocker> + '_ {
        let items = self.items.iter().filter(|item| item.blocks).map(|item| Blocker {
            rule: if item.standing == Standing::Objected { Rule::Objection } else { Rule::Item },
            item: Some(item.id.clone()),
            message: item.why.clone(),
        });
        self.blockers.iter().cloned().chain(items)
    }

    /// Whether nothing blocks it, whatever the verdict is about.
    pub fn is_clear(&self) -> bool {
        self.blockers.is_empty() && !self.items.iter().any(|item| item.blocks)
    }

    /// The items that do not hold and block nothing.
    pub fn open(&self) -> impl Iterator<Item = &ItemAssessment> {
        self.items.iter().filter(|item| !item.blocks && !item.standing.is_settled())
    }
}

/// How many items stand where.
pub(super) fn counts(items: &[ItemAssessment]) -> BTreeMap<Standing, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item.standing).or_default() += 1;
    }
    counts
}
