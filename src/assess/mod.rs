//! Observations and records make standings, standings make the verdict: pure
//! functions, the clock passed in.
//!
//! `records.rs` says whether a record counts, `standing.rs` what an item's
//! checks and records add up to, `verdict.rs` what all items do.

mod records;
mod standing;
mod verdict;
pub mod words;

#[cfg(test)]
mod invariants;
#[cfg(test)]
mod support;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::Serialize;

use crate::checklist::{Checklist, Item, Mode};
use crate::ledger::{Entry, Ledger};
use crate::model::{CleanText, ItemId, ItemResult, Severity};

/// Everything that an assessment rests on.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What must hold.
    pub checklist: &'a Checklist,
    /// How each item's checks ended; an item that is not in here is pending.
    pub results: &'a HashMap<ItemId, ItemResult>,
    /// Who said what.
    pub ledger: &'a Ledger,
    /// For each item whose policy covers files: these files at `HEAD`, each
    /// with its blob's name.
    pub covered: &'a HashMap<ItemId, BTreeMap<String, String>>,
    /// The moment to assess for.
    pub now: Timestamp,
}

/// What an item's observation and records add up to. Never merged into each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its checks have not ended yet.
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

    /// Whether nothing stands against the item.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Passed | Self::SignedOff | Self::Waived | Self::NotApplicable)
    }
}

/// GO or NO-GO.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing stands against the deploy.
    Go,
    /// Something does.
    NoGo,
}

impl Verdict {
    /// The words for it, for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::NoGo => "NO-GO",
        }
    }
}

/// The verdict with all that it rests on.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// GO or NO-GO.
    pub verdict: Verdict,
    /// Every item, in the order of the checklist.
    pub items: Vec<ItemAssessment>,
    /// How many items stand where; standings without items are left out.
    pub counts: BTreeMap<Standing, usize>,
    /// What stands against a GO besides items: an empty checklist, say.
    pub blockers: Vec<CleanText>,
    /// What does not block but should be known: a checklist whose review is
    /// overdue, records on items that are gone.
    pub notes: Vec<CleanText>,
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
    /// Whether it stands against a GO. A less severe item only warns.
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
    /// Its author took it back.
    Withdrawn,
    /// A later record of the same author about the item stands in its place.
    Superseded,
    /// It never counted: the reason, such as a signer outside the role.
    NotCounted(CleanText),
    /// It only takes back another record.
    Withdrawal,
}

impl Assessment {
    /// The same for some items alone: what they add up to says nothing about
    /// the others.
    pub fn only(mut self, ids: &[ItemId]) -> Self {
        self.items.retain(|item| ids.contains(&item.id));
        (self.verdict, self.counts, self.blockers) = verdict::add_up(&self.items);
        self
    }
}

/// Assesses a checklist.
///
/// In short: an objection stands until its author takes it back, over
/// everything but a disabled item; a waiver only helps what would not be
/// settled without it; a check that has not ended or could not look is never a
/// pass; and what was settled by nobody is no GO.
pub fn assess(facts: &Facts<'_>) -> Assessment {
    let mut entries: HashMap<&ItemId, Vec<&Entry>> = HashMap::new();
    for entry in &facts.ledger.entries {
        entries.entry(&entry.record.item).or_default().push(entry);
    }
    let items = facts.checklist.items().map(|(_, item)| {
        let entries = entries.remove(&item.id).unwrap_or_default();
        assess_item(facts, item, &entries)
    });
    let items = items.collect();
    verdict::conclude(facts, items, &entries)
}

fn assess_item(facts: &Facts<'_>, item: &Item, entries: &[&Entry]) -> ItemAssessment {
    // A manual item has no checks, whatever somebody's leftovers say.
    let result = facts.results.get(&item.id).filter(|_| item.mode() != Mode::Manual);
    let grounds = records::Grounds {
        item,
        team: &facts.checklist.team,
        covered: facts.covered.get(&item.id),
        ledger: facts.ledger,
        result,
        now: facts.now,
    };
    let records = records::assess(&grounds, entries);
    let (standing, why) = standing::stand(&grounds, &records);
    ItemAssessment {
        id: item.id.clone(),
        mode: item.mode(),
        severity: item.severity,
        standing,
        why: CleanText::line(why),
        blocks: verdict::blocks(standing, item.severity, &facts.checklist.gate),
        records,
    }
}
