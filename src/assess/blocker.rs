//! The rules of a GO that no item carries: each that is broken is a blocker
//! with its own words.

use jiff::Timestamp;

use crate::assess::assessment::{ItemAssessment, Standing};
use crate::assess::basis::{Anchored, Basis, Evidence, Sharing};
use crate::assess::rule::{Blocker, Rule};
use crate::assess::{clock, words};
use crate::checklist::{Gate, LedgerRule, Uncommitted};
use crate::model::RepoPath;

/// So many files are named.
const MOST: usize = 5;

/// Every rule that is broken, but those of items and objections. `resting` says
/// of each item on which uncommitted file it rests, see [`resting`].
pub(super) fn broken(
    evidence: &Evidence<'_>,
    items: &[ItemAssessment],
    resting: &[Option<&RepoPath>],
) -> Vec<Blocker> {
    let basis = evidence.basis;
    let gate = &evidence.checklist.gate;
    let waits = gate.uncommitted == Uncommitted::Block;
    let mut broken = Vec::new();
    broken.extend(commit(basis));
    broken.extend(verified(items, resting, waits));
    broken.extend(checklist(basis));
    broken.extend(uncommitted(basis, waits));
    if waits {
        broken.extend(rests_on_uncommitted(items, resting, gate));
    }
    broken.extend(ledger(basis, gate, !evidence.checklist.team.is_empty(), evidence.now));
    broken.extend(late_clock(basis, evidence.now));
    broken
}

/// Of each item the first uncommitted file on which it rests; none when it rests
/// on none or is not settled. What the commit has in that file's place may show
/// more than was passed, signed off or waived.
pub(super) fn resting<'e>(
    evidence: &Evidence<'e>,
    items: &[ItemAssessment],
) -> Vec<Option<&'e RepoPath>> {
    let basis = evidence.basis;
    let one = |(item, assessed): (_, &ItemAssessment)| {
        let result = evidence.result(item).filter(|_| assessed.standing.is_settled())?;
        let mut here = result.observations().flat_map(|seen| &seen.only_here);
        let mut paths = result.observations().flat_map(|seen| &seen.rests_on);
        here.next().or_else(|| paths.find(|path| basis.is_uncommitted(path)))
    };
    evidence.checklist.items().map(|(_, item)| item).zip(items).map(one).collect()
}

fn commit(basis: &Basis) -> Option<Blocker> {
    basis.commit.is_none().then(|| {
        Blocker::new(
            Rule::Commit,
            "there is no commit yet, and a verdict is about one; commit, then check again",
        )
    })
}

/// A waiver settles nothing: it lets be what is not settled. Nor does what the
/// commit does not have.
fn verified(
    items: &[ItemAssessment],
    resting: &[Option<&RepoPath>],
    waits: bool,
) -> Option<Blocker> {
    let settled =
        |item: &ItemAssessment| matches!(item.standing, Standing::Passed | Standing::SignedOff);
    let any = |standing| items.iter().any(|item| item.standing == standing);
    let mut both = items.iter().zip(resting);
    let why = if items.is_empty() {
        "the checklist has no item; add one, or include a built-in list"
    } else if both.any(|(item, rests)| settled(item) && !(waits && rests.is_some()))
        || any(Standing::Pending)
    {
        // a pending item blocks by itself
        return None;
    } else if items.iter().any(settled) {
        "nothing was verified for the commit: what holds rests on files that are not committed"
    } else if items.iter().all(|item| item.standing == Standing::NotApplicable) {
        "nothing was verified: no item of the checklist applies here"
    } else {
        "nothing was verified: no item was settled by a check or a sign-off"
    };
    Some(Blocker::new(Rule::Verified, why))
}

fn checklist(basis: &Basis) -> Vec<Blocker> {
    let told = |message: String| Blocker::new(Rule::Checklist, message);
    if basis.checklist.is_empty() {
        return vec![told("it is not known from which files the checklist came".to_owned())];
    }
    let wrong = basis.checklist.iter().filter_map(|(name, anchored)| match anchored {
        Anchored::BuiltIn | Anchored::Committed | Anchored::Outside => None,
        Anchored::Not(how) => Some(told(format!(
            "the checklist file `{name}` {how}; commit it, so that the verdict is about what the team agreed on"
        ))),
    });
    wrong.collect()
}

/// A comparison that failed says nothing, whether or not changes are allowed.
fn uncommitted(basis: &Basis, waits: bool) -> Option<Blocker> {
    let told = |message: String| Some(Blocker::new(Rule::Uncommitted, message));
    if let Some(why) = &basis.uncommitted.unknown {
        return told(format!("the work tree could not be compared with the commit: {why}"));
    }
    let changed = &basis.uncommitted.tracked;
    if !waits {
        return unfinished(basis).and_then(told);
    }
    if changed.is_empty() {
        return None;
    }
    let named: Vec<String> = changed.iter().map(|(path, how)| format!("{path} ({how})")).collect();
    told(format!(
        "{}: {}; commit or undo them, since the verdict is about the commit",
        crate::model::words::count(changed.len(), "uncommitted change"),
        crate::model::words::list(&named, MOST)
    ))
}

/// What no work tree may be deployed in the middle of.
fn unfinished(basis: &Basis) -> Option<String> {
    let around = &basis.uncommitted;
    if !around.conflicted.is_empty() {
        let named: Vec<String> = around.conflicted.iter().map(ToString::to_string).collect();
        return Some(format!(
            "{} in conflict: {}; resolve it, `git add` the result and commit",
            match named.len() {
                1 => "1 file is".to_owned(),
                more => format!("{more} files are"),
            },
            crate::model::words::list(&named, MOST)
        ));
    }
    let operation = around.operation.filter(|_| !around.tracked.is_empty())?;
    Some(format!(
        "{operation} is not finished, so that the work tree is neither what was committed nor what will be; finish it or give it up"
    ))
}

fn rests_on_uncommitted(
    items: &[ItemAssessment],
    resting: &[Option<&RepoPath>],
    gate: &Gate,
) -> Vec<Blocker> {
    let told = |(item, path): (&ItemAssessment, &Option<&RepoPath>)| {
        let path = path.filter(|_| item.severity >= gate.blocks_from)?;
        let is = match item.standing {
            Standing::Passed => "fixed and not committed: it rests on".to_owned(),
            other => format!("{}, and rests on an uncommitted file:", other.word()),
        };
        let message = format!("`{}` is {is} `{path}`; commit that file", item.id);
        Some(Blocker::new(Rule::RestsOnUncommitted, message).on(&item.id))
    };
    items.iter().zip(resting).filter_map(told).collect()
}

fn ledger(basis: &Basis, gate: &Gate, team: bool, now: Timestamp) -> Option<Blocker> {
    let told = |message: String| Some(Blocker::new(Rule::Ledger, message));
    if let Some(rewound) = &basis.ledger.rewound {
        return told(rewound.to_string());
    }
    let LedgerRule::Shared { max_age } = gate.ledger else { return None };
    if let Some(refused) = &basis.ledger.refused {
        return told(refused.to_string());
    }
    if let Some(vanished) = basis.ledger.vanished.as_ref().filter(|_| team) {
        return told(vanished.to_string());
    }
    match &basis.ledger.sharing {
        Sharing::Synced { remote, behind, .. } if *behind > 0 => told(format!(
            "{} of `{remote}` {} not looked at yet; run `gonogo sync`",
            crate::model::words::count(*behind, "record"),
            if *behind == 1 { "was" } else { "were" },
        )),
        _ if !team => None,
        Sharing::NoRemote => None,
        Sharing::Gone(remote) => told(format!(
            "the ledger was synced with `{remote}`, which is not a remote any more, and somebody's objection may be there; add the remote again and run `gonogo sync`, or say `gate: {{ ledger: local }}`"
        )),
        Sharing::Never(remote) => told(format!(
            "the ledger was never synced with `{remote}`, where somebody's objection may be; run `gonogo sync`"
        )),
        Sharing::Unknown(why) => {
            told(format!("it is not known whether the ledger was synced: {why}"))
        }
        Sharing::Synced { remote, at, .. } => {
            let max_age = max_age?;
            match at {
                Some(at) if clock::is_far_ahead(*at, now) => told(format!(
                    "the last sync with `{remote}` is dated {}, which is in the future, and the team allows {max_age}; run `gonogo sync`",
                    words::moment(*at)
                )),
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

fn late_clock(basis: &Basis, now: Timestamp) -> Option<Blocker> {
    let (commit, at) = basis.commit.as_ref()?;
    clock::is_far_ahead(*at, now).then(|| {
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

#[cfg(test)]
mod tests;
