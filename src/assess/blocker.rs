//! The rules of a GO that no item carries: each that is broken is a blocker
//! with its own words.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::basis::{Anchored, Basis, Evidence, Sharing};
use super::{ItemAssessment, Standing, words};
use crate::checklist::{Gate, LedgerRule, Uncommitted};
use crate::model::{CleanText, ItemId, Outcome};

/// A clock may be so far wrong before its times are not believed.
pub(super) const CLOCK_SLACK: SignedDuration = SignedDuration::from_hours(24);

/// So many files are named.
const MOST: usize = 5;

/// A rule of a GO.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// There is a commit.
    Commit,
    /// The checklist has items, and one was settled by a check or a sign-off.
    Verified,
    /// Every item that blocks is passed, signed off, waived or not applicable.
    Item,
    /// The checklist is what the commit has.
    Checklist,
    /// No tracked file differs from the commit.
    Uncommitted,
    /// No pass rests on a file that is not committed.
    RestsOnUncommitted,
    /// No objection stands.
    Objection,
    /// The ledger holds what was last seen, and was synced where a team needs it.
    Ledger,
    /// The clock is not behind the commit.
    Clock,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Commit,
        Self::Verified,
        Self::Item,
        Self::Checklist,
        Self::Uncommitted,
        Self::RestsOnUncommitted,
        Self::Objection,
        Self::Ledger,
        Self::Clock,
    ];
}

/// Something that stands against a GO.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blocker {
    /// Which rule is broken.
    pub rule: Rule,
    /// About which item, when it is about one.
    pub item: Option<ItemId>,
    /// What stands against it, and what to do.
    pub message: CleanText,
}

impl Blocker {
    pub(super) fn new(rule: Rule, message: impl AsRef<str>) -> Self {
        Self { rule, item: None, message: CleanText::line(message) }
    }

    pub(super) fn on(mut self, item: &ItemId) -> Self {
        self.item = Some(item.clone());
        self
    }
}

/// Every rule that is broken, but those of items and objections.
pub(super) fn broken(evidence: &Evidence<'_>, items: &[ItemAssessment]) -> Vec<Blocker> {
    let basis = evidence.basis;
    let gate = &evidence.checklist.gate;
    let mut broken = Vec::new();
    broken.extend(commit(basis));
    broken.extend(verified(items));
    broken.extend(checklist(basis));
    if gate.uncommitted == Uncommitted::Block {
        broken.extend(uncommitted(basis));
        broken.extend(rests_on_uncommitted(evidence, items));
    } else if let Some(why) = &basis.uncommitted.unknown {
        broken.push(not_compared(why));
    }
    broken.extend(ledger(basis, gate, !evidence.checklist.team.is_empty(), evidence.now));
    broken.extend(clock(basis, evidence.now));
    broken
}

fn commit(basis: &Basis) -> Option<Blocker> {
    basis.commit.is_none().then(|| {
        Blocker::new(
            Rule::Commit,
            "there is no commit yet, and a verdict is about one; commit, then check again",
        )
    })
}

/// A waiver settles nothing: it lets be what is not settled.
fn verified(items: &[ItemAssessment]) -> Option<Blocker> {
    let settles =
        |item: &ItemAssessment| matches!(item.standing, Standing::Passed | Standing::SignedOff);
    let why = if items.is_empty() {
        "the checklist has no item; add one, or include a built-in list"
    } else if items.iter().any(settles) {
        return None;
    } else if items.iter().all(|item| item.standing == Standing::NotApplicable) {
        "nothing was verified: no item of the checklist applies here"
    } else if items.iter().any(|item| item.standing == Standing::Pending) {
        // the pending items say so themselves
        return items.iter().all(|item| !item.blocks).then(|| {
            Blocker::new(Rule::Verified, "nothing was verified: the checks have not ended yet")
        });
    } else {
        "nothing was verified: no item was settled by a check or a sign-off"
    };
    Some(Blocker::new(Rule::Verified, why))
}

fn checklist(basis: &Basis) -> impl Iterator<Item = Blocker> + '_ {
    basis.checklist.iter().filter_map(|(name, anchored)| match anchored {
        Anchored::BuiltIn | Anchored::Committed | Anchored::Outside => None,
        Anchored::Not(how) => Some(Blocker::new(
            Rule::Checklist,
            format!(
                "the checklist file `{name}` {how}; commit it, so that the verdict is about what the team agreed on"
            ),
        )),
    })
}

fn uncommitted(basis: &Basis) -> Option<Blocker> {
    if let Some(why) = &basis.uncommitted.unknown {
        return Some(not_compared(why));
    }
    let changed = &basis.uncommitted.tracked;
    if changed.is_empty() {
        return None;
    }
    let named: Vec<String> = changed.iter().map(|(path, how)| format!("{path} ({how})")).collect();
    let files = crate::model::words::count(changed.len(), "uncommitted change");
    Some(Blocker::new(
        Rule::Uncommitted,
        format!(
            "{files}: {}; commit or undo them, since the verdict is about the commit",
            crate::model::words::list(&named, MOST)
        ),
    ))
}

fn not_compared(why: &CleanText) -> Blocker {
    Blocker::new(
        Rule::Uncommitted,
        format!("the work tree could not be compared with the commit: {why}"),
    )
}

fn rests_on_uncommitted(evidence: &Evidence<'_>, items: &[ItemAssessment]) -> Vec<Blocker> {
    let basis = evidence.basis;
    let passed = items.iter().filter(|item| {
        item.standing == Standing::Passed && item.severity >= evidence.checklist.gate.blocks_from
    });
    passed
        .filter_map(|item| {
            let result = evidence.results.get(&item.id)?;
            let holding = result.observations().filter(|seen| seen.outcome() == Outcome::Holds);
            let path =
                holding.flat_map(|seen| &seen.rests_on).find(|path| basis.is_uncommitted(path))?;
            let message = format!(
                "`{}` is fixed and not committed: it rests on `{path}`; commit that file",
                item.id
            );
            Some(Blocker::new(Rule::RestsOnUncommitted, message).on(&item.id))
        })
        .collect()
}

fn ledger(basis: &Basis, gate: &Gate, team: bool, now: Timestamp) -> Option<Blocker> {
    let told = |message: String| Some(Blocker::new(Rule::Ledger, message));
    if let Some(rewound) = &basis.ledger.rewound {
        return told(rewound.to_string());
    }
    let LedgerRule::Shared { max_age } = gate.ledger else { return None };
    match &basis.ledger.sharing {
        Sharing::Synced { remote, behind, .. } if *behind > 0 => told(format!(
            "{} of `{remote}` {} not looked at yet; run `gonogo sync`",
            crate::model::words::count(*behind, "record"),
            if *behind == 1 { "was" } else { "were" },
        )),
        _ if !team => None,
        Sharing::NoRemote => None,
        Sharing::Never(remote) => told(format!(
            "the ledger was never synced with `{remote}`, where somebody's objection may be; run `gonogo sync`"
        )),
        Sharing::Unknown(why) => {
            told(format!("it is not known whether the ledger was synced: {why}"))
        }
        Sharing::Synced { remote, at, .. } => {
            let max_age = max_age?;
            match at {
                Some(at) if max_age.after(*at) > now => None,
                Some(at) => told(format!(
                    "the ledger was last synced with `{remote}` on {}, and the team allows {max_age}; run `gonogo sync`",
                    words::moment(*at)
                )),
                None => told(format!(
                    "it is not known when the ledger was last synced with `{remote}`, and the team allows {max_age}; run `gonogo sync`"
                )),
            }
        }
    }
}

fn clock(basis: &Basis, now: Timestamp) -> Option<Blocker> {
    let (commit, at) = basis.commit.as_ref()?;
    let behind = now.checked_add(CLOCK_SLACK).is_ok_and(|latest| *at > latest);
    behind.then(|| {
        Blocker::new(
            Rule::Clock,
            format!(
                "the clock of this machine ({}) is more than a day behind the commit {} ({}); set it right, since sign-offs and waivers run out by it",
                words::moment(now),
                commit.short(),
                words::moment(*at)
            ),
        )
    })
}
