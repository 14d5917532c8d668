//! A small world of items, results and records for this folder's tests.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::assess::assess;
use crate::assess::assessment::{Assessment, ItemAssessment, RecordState, Standing};
use crate::assess::basis::{Anchored, Basis, Evidence};
use crate::check::params::Globs;
use crate::check::{AnyCheck, Check};
use crate::checklist::{Checklist, Gate, Item, ItemCheck, Policy, Section, Waive, WaiverRule};
use crate::facts::Facts as CheckFacts;
use crate::ledger::{Act, Entry, Ledger, Record, Statement, state_digest};
use crate::model::{
    CheckError, CheckResult, CleanText, CommitId, Digest, Environment, Finding, ItemId, ItemResult,
    Need, Observation, Period, Person, Place, RepoPath, RuleId, Severity, Subject,
};

/// The moment of most tests.
pub(super) const NOW: &str = "2026-03-15T12:00:00Z";

/// A checklist, how its checks ended, and who said what.
#[derive(Debug)]
pub(super) struct World {
    pub checklist: Checklist,
    pub results: HashMap<ItemId, ItemResult>,
    pub ledger: Ledger,
    /// Of each record the numbers of those that its author could know of.
    pub known: Vec<BTreeSet<usize>>,
    pub covered: HashMap<ItemId, BTreeMap<String, String>>,
    pub ancestors: HashSet<CommitId>,
    pub basis: Basis,
    pub now: Timestamp,
}

#[derive(Debug)]
struct Stub;

impl Check for Stub {
    fn judge(&self, _: &CheckFacts<'_>) -> Result<Observation, CheckError> {
        Err(CheckError::Cancelled)
    }
}

pub(super) fn id(name: &str) -> ItemId {
    name.parse().expect("an id")
}

/// An item of high severity that its check settles.
pub(super) fn automatic(name: &str) -> Item {
    let check = ItemCheck {
        kind: "stub",
        check: AnyCheck::Apart(Arc::new(Stub)),
        parameters: serde_json::Value::Null,
    };
    Item { checks: vec![check], sign_off: None, ..manual(name) }
}

/// An item of high severity that anybody's sign-off settles.
pub(super) fn manual(name: &str) -> Item {
    Item {
        id: id(name),
        title: CleanText::line(name),
        failing: None,
        severity: Severity::High,
        why: CleanText::default(),
        fix: None,
        refs: Vec::new(),
        checks: Vec::new(),
        sign_off: Some(Policy {
            by: None,
            count: 1,
            valid: None,
            covers: None,
            covers_by_team: false,
        }),
        when_undecided: None,
        waive: Waive::Default,
        disabled: None,
        defined_at: (CleanText::line("test"), 1),
        digest: Digest::of([name]),
    }
}

/// An item of high severity whose findings anybody's sign-off accepts.
pub(super) fn assisted(name: &str) -> Item {
    Item { sign_off: manual(name).sign_off, ..automatic(name) }
}

pub(super) fn less_severe(item: Item) -> Item {
    Item { severity: Severity::Low, ..item }
}

pub(super) fn disabled(item: Item) -> Item {
    Item { disabled: Some("no Redis here".into()), ..item }
}

/// The item with another policy.
pub(super) fn policy(mut item: Item, change: impl FnOnce(&mut Policy)) -> Item {
    change(item.sign_off.as_mut().expect("a policy"));
    item
}

pub(super) fn by_release(item: Item) -> Item {
    policy(item, |policy| policy.by = Some("release".parse().expect("a role")))
}

pub(super) fn by_two(item: Item) -> Item {
    policy(item, |policy| policy.count = 2)
}

pub(super) fn for_days(days: u32, item: Item) -> Item {
    policy(item, |policy| policy.valid = Some(format!("{days}d").parse().expect("a period")))
}

pub(super) fn covering(item: Item) -> Item {
    policy(item, |policy| policy.covers = Some(Globs::new(&["scripts/**"]).expect("a pattern")))
}

/// A finding at a line of `app.py`.
pub(super) fn finding(line: u32, message: &str) -> Finding {
    let path = RepoPath::new("app.py").expect("a path");
    Finding::new(RuleId::new("stub.rule"), Subject::of(message), message)
        .at(Place::at(path, line, 1))
}

pub(super) fn result(seen: Result<Observation, CheckError>) -> ItemResult {
    ItemResult(vec![CheckResult { kind: "stub", seen }])
}

pub(super) fn holds() -> ItemResult {
    result(Ok(Observation::judge(Vec::new(), "3 files")))
}

/// Fails with these findings.
pub(super) fn fails(messages: &[&str]) -> ItemResult {
    let findings = (1..).zip(messages).map(|(line, message)| finding(line, message)).collect();
    result(Ok(Observation::judge(findings, "3 files")))
}

pub(super) fn not_applicable() -> ItemResult {
    result(Ok(Observation::not_applicable("no Dockerfile")))
}

pub(super) fn undecided(what: &str) -> ItemResult {
    let need = Need::new(RuleId::new("stub.need"), Subject::of(what), what);
    result(Ok(Observation::undecided(need, "no file")))
}

pub(super) fn given_up() -> ItemResult {
    result(Err(CheckError::Cancelled))
}

/// The checks of both.
pub(super) fn both(one: ItemResult, other: ItemResult) -> ItemResult {
    ItemResult(one.0.into_iter().chain(other.0).collect())
}

pub(super) fn errors() -> ItemResult {
    result(Err(CheckError::could_not_look(
        RuleId::new("stub.error"),
        Subject::of("app.py"),
        "app.py is not readable",
        "give yourself the right to read it",
    )))
}

impl World {
    /// A checklist of these items in one section, no result, no record. Ann and
    /// Bob have the role `release`; waivers may last a year.
    pub(super) fn of(items: Vec<Item>) -> Self {
        let team = ["Ann@Example.com", "bob@example.com"].map(String::from).to_vec();
        Self {
            checklist: Checklist {
                name: "test".into(),
                about: CleanText::default(),
                origin: "test".into(),
                reviewed: None,
                review_every: None,
                team: BTreeMap::from([("release".parse().expect("a role"), team)]),
                gate: Gate {
                    blocks_from: Severity::Medium,
                    waivers: WaiverRule { by: None, longest: Some(Period::days(365)) },
                    ..Gate::default()
                },
                environment: Environment::default(),
                env_file_set_by_team: false,
                sections: vec![Section { title: "All".into(), items }],
            },
            results: HashMap::new(),
            ledger: Ledger::default(),
            known: Vec::new(),
            covered: HashMap::new(),
            ancestors: HashSet::from([commit(0)]),
            basis: Basis {
                commit: Some((commit(0), NOW.parse().expect("a moment"))),
                checklist: vec![("test".into(), Anchored::BuiltIn)],
                ..Basis::default()
            },
            now: NOW.parse().expect("a moment"),
        }
    }

    /// How an item's checks ended.
    pub(super) fn result(mut self, item: &str, result: ItemResult) -> Self {
        self.results.insert(id(item), result);
        self
    }

    /// The covered files of an item now, each `path=blob`.
    pub(super) fn files(mut self, item: &str, files: &[&str]) -> Self {
        let files = files.iter().filter_map(|file| file.split_once('='));
        let files = files.map(|(path, blob)| (path.to_owned(), blob.to_owned())).collect();
        self.covered.insert(id(item), files);
        self
    }

    /// Somebody's record about an item, made a day ago on what is there now, after
    /// all other records, and changed at will.
    pub(super) fn say(
        self,
        who: &str,
        act: Act,
        item: &str,
        change: impl FnOnce(&mut Entry),
    ) -> Self {
        let last: Vec<usize> = (0..self.known.len()).last().into_iter().collect();
        self.say_after(&last, who, act, item, change)
    }

    /// The same after the records of these numbers and what they know of.
    pub(super) fn say_after(
        mut self,
        parents: &[usize],
        who: &str,
        act: Act,
        item: &str,
        change: impl FnOnce(&mut Entry),
    ) -> Self {
        let number = self.ledger.entries.len();
        let found = self.results.get(&id(item)).map(ItemResult::identities).unwrap_or_default();
        let covered = self.covered.get(&id(item)).cloned().unwrap_or_default();
        let nothing = CleanText::default;
        let statement = match act {
            Act::SignOff => {
                Statement::SignOff { covered, accepted: found, role: None, note: nothing() }
            }
            Act::Objection => Statement::Objection { why: nothing() },
            Act::Waiver => Statement::Waiver {
                why: nothing(),
                until: "2026-12-31".parse().expect("a day"),
                accepted: found,
                role: None,
            },
            Act::Withdrawal => Statement::Withdrawal { of: commit(1 << 20), note: nothing() },
            Act::Overruling => Statement::Overruling {
                of: commit(1 << 20),
                why: nothing(),
                accepted: found,
                role: None,
            },
        };
        let author = Person::new(who, format!("{who}@example.com"));
        let digest = match (act, self.checklist.item(&id(item))) {
            (Act::Overruling, about) => state_digest(about),
            (_, Some(item)) => item.digest.clone(),
            (_, None) => Digest::of([item]),
        };
        let mut entry = Entry {
            id: commit(number),
            committer: author.clone(),
            author,
            at: self.now - SignedDuration::from_hours(24),
            record: Record::new(id(item), digest, commit(0), statement),
        };
        change(&mut entry);
        let names: Vec<CommitId> = parents.iter().copied().map(commit).collect();
        self.ledger.push_after(entry, &names);
        let mut known: BTreeSet<usize> = parents.iter().copied().collect();
        known.extend(parents.iter().flat_map(|&parent| self.known[parent].clone()));
        self.known.push(known);
        self
    }

    pub(super) fn sign(self, who: &str, item: &str) -> Self {
        self.say(who, Act::SignOff, item, |_| {})
    }

    pub(super) fn object(self, who: &str, item: &str) -> Self {
        self.say(who, Act::Objection, item, |entry| {
            entry.record.statement.set_words("it leaks".into())
        })
    }

    pub(super) fn waive(self, who: &str, item: &str, until: &str) -> Self {
        self.say(who, Act::Waiver, item, until_day(until))
    }

    /// Withdraws the record of that number, counted from 0.
    pub(super) fn withdraw(self, who: &str, item: &str, number: usize) -> Self {
        self.say(who, Act::Withdrawal, item, of(number))
    }

    /// Overrules the objection of that number, counted from 0.
    pub(super) fn overrule(self, who: &str, item: &str, number: usize) -> Self {
        self.say(who, Act::Overruling, item, of(number))
    }

    /// The checklist changed at will.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Checklist)) -> Self {
        change(&mut self.checklist);
        self
    }

    /// What was seen around the commit, changed at will.
    pub(super) fn around(mut self, change: impl FnOnce(&mut Basis)) -> Self {
        change(&mut self.basis);
        self
    }

    pub(super) fn at(mut self, now: &str) -> Self {
        self.now = now.parse().expect("a moment");
        self
    }

    pub(super) fn assess(&self) -> Assessment {
        assess(&Evidence {
            checklist: &self.checklist,
            results: &self.results,
            ledger: &self.ledger,
            covered: &self.covered,
            ancestors: &self.ancestors,
            basis: &self.basis,
            now: self.now,
        })
    }

    /// The messages of all that blocks besides items.
    pub(super) fn blockers(&self) -> Vec<String> {
        self.assess().blockers.iter().map(|blocker| blocker.message.to_string()).collect()
    }

    /// The first item, assessed.
    pub(super) fn first(&self) -> ItemAssessment {
        self.assess().items.remove(0)
    }

    /// Where the first item stands, and why.
    pub(super) fn stands(&self) -> (Standing, String) {
        let first = self.first();
        (first.standing, first.why.to_string())
    }

    /// Whether each record of the first item counts, in short.
    pub(super) fn states(&self) -> Vec<String> {
        self.first().records.iter().map(|record| spelled(&record.state)).collect()
    }
}

fn spelled(state: &RecordState) -> String {
    match state {
        RecordState::Counts => "counts".to_owned(),
        RecordState::Stale(why) => format!("stale: {}", crate::model::words::joined(why)),
        RecordState::Withdrawn => "withdrawn".to_owned(),
        RecordState::Superseded => "superseded".to_owned(),
        RecordState::NotCounted(why) => format!("not counted: {why}"),
        RecordState::Overruled(by) => format!("overruled by {by}"),
        RecordState::Withdrawal => "withdrawal".to_owned(),
    }
}

/// Lets a waiver end on that day.
pub(super) fn until_day(until: &str) -> impl FnOnce(&mut Entry) {
    let until = until.parse().expect("a day");
    move |entry| {
        entry.record.statement.set_words("after the move".into());
        entry.record.statement.set_until(until);
    }
}

/// Lets a withdrawal or an overruling be about the record of that number.
pub(super) fn of(number: usize) -> impl FnOnce(&mut Entry) {
    move |entry| match &mut entry.record.statement {
        Statement::Withdrawal { of, .. } => *of = commit(number),
        Statement::Overruling { of, why, .. } => {
            *of = commit(number);
            *why = "the key was rotated".into();
        }
        _ => {}
    }
}

/// Lets a record be made at that moment.
pub(super) fn made_at(moment: &str) -> impl FnOnce(&mut Entry) {
    let moment = moment.parse().expect("a moment");
    move |entry| entry.at = moment
}

/// The name of the record of that number.
pub(super) fn commit(number: usize) -> CommitId {
    CommitId::try_from(format!("{number:040x}")).expect("a name")
}
