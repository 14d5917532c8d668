//! Observations and records make standings, standings make the verdict: pure
//! functions, the clock passed in.
//!
//! `records.rs` says whether a record counts, `standing.rs` what an item's
//! checks and records add up to, `verdict.rs` what all items do.

mod basis;
mod blocker;
mod records;
mod standing;
mod verdict;
pub(crate) mod words;

#[cfg(test)]
mod invariants;
#[cfg(test)]
mod support;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::checklist::{Item, Mode};
use crate::ledger::Entry;
use crate::model::{CleanText, ItemId, Severity};

pub use basis::{Anchored, Basis, Evidence, LedgerState, Sharing, Uncommitted};
pub use blocker::{Blocker, Rule};

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

/// GO or NO-GO, or neither where only some items were looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing stands against the deploy.
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
    /// The verdict is about the work tree, changes that are not committed
    /// included, as the checklist's gate allows.
    pub of_work_tree: bool,
    /// Every item, in the order of the checklist.
    pub items: Vec<ItemAssessment>,
    /// How many items stand where; standings without items are left out.
    pub counts: BTreeMap<Standing, usize>,
    /// What stands against a GO besides items that are not settled: rules that
    /// are broken, and objections to items that were disabled or removed.
    pub blockers: Vec<Blocker>,
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
    /// An objection that somebody else overruled: who, when and why.
    Overruled(CleanText),
    /// It only takes back another record.
    Withdrawal,
}

impl Assessment {
    /// The same for some items alone: what they add up to says nothing about the
    /// others, so it is no GO.
    pub fn only(mut self, ids: &[ItemId]) -> Self {
        self.items.retain(|item| ids.contains(&item.id));
        self.blockers
            .retain(|blocker| blocker.item.as_ref().is_some_and(|item| ids.contains(item)));
        self.counts = verdict::counts(&self.items);
        self.verdict = Verdict::Partial;
        self
    }

    /// Everything that stands against a GO: first the rules, then the items.
    pub fn against(&self) -> impl Iterator<Item = Blocker> + '_ {
        let items = self.items.iter().filter(|item| item.blocks).map(|item| Blocker {
            rule: if item.standing == Standing::Objected { Rule::Objection } else { Rule::Item },
            item: Some(item.id.clone()),
            message: item.why.clone(),
        });
        self.blockers.iter().cloned().chain(items)
    }

    /// Whether nothing stands against it, whatever the verdict is about.
    pub fn is_clear(&self) -> bool {
        self.blockers.is_empty() && !self.items.iter().any(|item| item.blocks)
    }
}

/// Assesses a checklist.
///
/// In short: an objection stands until its author withdraws it or somebody
/// overrules it, also when its item was disabled or removed; a waiver only helps
/// what would not be settled without it; a check that has not ended, could not
/// look or cannot say is never a pass; and a rule of a GO that is broken is a
/// blocker, whatever the items say.
pub fn assess(evidence: &Evidence<'_>) -> Assessment {
    let mut entries: HashMap<&ItemId, Vec<&Entry>> = HashMap::new();
    for entry in &evidence.ledger.entries {
        entries.entry(&entry.record.item).or_default().push(entry);
    }
    let mut assessed = Vec::new();
    let mut notes = Vec::new();
    let mut blockers = Vec::new();
    for (_, item) in evidence.checklist.items() {
        let entries = entries.remove(&item.id).unwrap_or_default();
        let grounds = grounds(evidence, item);
        let one = assess_item(evidence, &grounds, &entries);
        notes.extend(verdict::notes_on(&grounds, &one));
        blockers.extend(verdict::silenced(item, &one));
        assessed.push(one);
    }
    for (id, entries) in verdict::sorted(&entries) {
        let (blocker, note) = verdict::on_removed(evidence, id, entries);
        blockers.extend(blocker);
        notes.extend(note);
    }
    verdict::conclude(evidence, assessed, blockers, notes)
}

fn grounds<'a>(evidence: &Evidence<'a>, item: &'a Item) -> records::Grounds<'a> {
    records::Grounds {
        item,
        checklist: evidence.checklist,
        ledger: evidence.ledger,
        covered: evidence.covered.get(&item.id),
        ancestors: evidence.ancestors,
        // A manual item has no checks, whatever somebody's leftovers say.
        result: evidence.results.get(&item.id).filter(|_| item.mode() != Mode::Manual),
        now: evidence.now,
    }
}

fn assess_item(
    evidence: &Evidence<'_>,
    grounds: &records::Grounds<'_>,
    entries: &[&Entry],
) -> ItemAssessment {
    let item = grounds.item;
    let records = records::assess(grounds, entries);
    let (standing, why) = standing::stand(grounds, &records);
    ItemAssessment {
        id: item.id.clone(),
        mode: item.mode(),
        severity: item.severity,
        standing,
        why: CleanText::line(why),
        blocks: verdict::blocks(standing, item.severity, &evidence.checklist.gate),
        records,
    }
}
