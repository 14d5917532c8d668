//! The nine rules of a GO and the decisions on records, stated naively on what
//! goes into an assessment. Nothing here calls the code under test.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::assess::basis::{Anchored, Sharing};
use crate::assess::rule::Rule;
use crate::assess::support::{World, commit};
use crate::checklist::{Item, LedgerRule, Mode, Policy, Uncommitted, Waive};
use crate::ledger::{Act, Entry, Statement, says_something, state_digest};
use crate::model::{CheckError, Digest, ItemResult, Outcome, Role, Severity};

/// On what an item is settled, or why it is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Passed,
    Signed,
    Waived,
    NotApplicable,
    Pending,
    Objected,
    Open,
}

/// The rules that this world breaks.
pub(super) fn broken(world: &World) -> BTreeSet<Rule> {
    let (list, basis) = (&world.checklist, &world.basis);
    let gate = &list.gate;
    let waits = gate.uncommitted == Uncommitted::Block;
    let items = &list.sections[0].items;
    let mut broken = BTreeSet::new();
    let mut check = |rule: Rule, is_broken: bool| {
        if is_broken {
            broken.insert(rule);
        }
    };

    // 1. there is a commit, and the run was complete
    check(Rule::Commit, basis.commit.is_none());
    check(Rule::Item, items.iter().any(|item| state(world, item) == State::Pending));

    // 2. one was settled by a check or a sign-off, and each that blocks is settled
    let vouched = |item: &&Item| matches!(state(world, item), State::Passed | State::Signed);
    let committed = |item: &&Item| !(waits && rests_on_uncommitted(world, item));
    let verified = items.iter().filter(vouched).any(|item| committed(&item));
    check(Rule::Verified, !verified);
    let blocking = |item: &&Item| item.severity >= gate.blocks_from;
    let is_open = |item: &Item| state(world, item) == State::Open;
    check(Rule::Item, items.iter().filter(blocking).any(is_open));

    // 3. the checklist is what the commit has
    let differs = |anchored: &Anchored| matches!(anchored, Anchored::Not(_));
    let wrong = basis.checklist.iter().any(|(_, anchored)| differs(anchored));
    check(Rule::Checklist, wrong || basis.checklist.is_empty());

    // 4. no tracked file differs
    let unknown = basis.uncommitted.unknown.is_some();
    check(Rule::Uncommitted, unknown || (waits && !basis.uncommitted.tracked.is_empty()));

    // 5. nothing that blocks is settled by what is not committed
    let resting = items.iter().filter(blocking).any(|item| rests_on_uncommitted(world, item));
    check(Rule::RestsOnUncommitted, waits && resting);

    // 7. no objection stands
    check(Rule::Objection, (0..world.known.len()).any(|number| objection_stands(world, number)));

    // 8. the ledger is whole, and shared where there is a team
    check(Rule::Ledger, basis.ledger.rewound.is_some() || !is_shared(world));

    // 9. the clock is not more than a day behind
    let late = basis.commit.as_ref().is_some_and(|(_, at)| *at > in_a_day(world.now));
    check(Rule::Clock, late);
    broken
}

/// Whether a GO would be one for the work tree.
pub(super) fn is_of_work_tree(world: &World) -> bool {
    let mut items = world.checklist.sections[0].items.iter();
    world.checklist.gate.uncommitted == Uncommitted::Warn
        && (!world.basis.uncommitted.tracked.is_empty()
            || items.any(|item| rests_on_uncommitted(world, item)))
}

fn is_shared(world: &World) -> bool {
    let LedgerRule::Shared { max_age } = world.checklist.gate.ledger else { return true };
    let team = !world.checklist.team.is_empty();
    if world.basis.ledger.refused.is_some() {
        return false;
    }
    match &world.basis.ledger.sharing {
        Sharing::NoRemote => true,
        Sharing::Gone(_) | Sharing::Never(_) | Sharing::Unknown(_) => !team,
        Sharing::Synced { behind, at, .. } => {
            let in_time = |at: &Timestamp| {
                let hours = max_age.map_or(0, |age| i64::from(age.hours()));
                world.now < *at + SignedDuration::from_hours(hours) && *at <= in_a_day(world.now)
            };
            *behind == 0 && (!team || max_age.is_none() || at.as_ref().is_some_and(in_time))
        }
    }
}

fn in_a_day(now: Timestamp) -> Timestamp {
    now + SignedDuration::from_hours(24)
}

fn rests_on_uncommitted(world: &World, item: &Item) -> bool {
    let settled = !matches!(state(world, item), State::Open | State::Pending | State::Objected);
    let uncommitted = &world.basis.uncommitted;
    let Some(result) = result(world, item).filter(|_| settled) else { return false };
    let seen = || result.0.iter().filter_map(|check| check.seen.as_ref().ok());
    // no commit of this repository can have it
    let only_here = seen().any(|seen| !seen.only_here.is_empty());
    only_here
        || seen().flat_map(|seen| &seen.rests_on).any(|path| {
            uncommitted.untracked.contains(path)
                || uncommitted.tracked.iter().any(|(changed, _)| changed == path)
        })
}

fn result<'w>(world: &'w World, item: &Item) -> Option<&'w ItemResult> {
    if item.disabled.is_some() || item.checks.is_empty() {
        return None;
    }
    world.results.get(&item.id)
}

/// Where an item stands.
pub(super) fn state(world: &World, item: &Item) -> State {
    if item.disabled.is_some() {
        return State::NotApplicable;
    }
    let about = |number: &usize| world.ledger.entries[*number].record.item == item.id;
    if (0..world.known.len()).filter(about).any(|number| objection_stands(world, number)) {
        return State::Objected;
    }
    let mut people_decide = item.mode() == Mode::Manual;
    if !people_decide {
        let Some(result) = result(world, item) else { return State::Pending };
        let given_up = |seen: &CheckError| matches!(seen, CheckError::Cancelled);
        if result.0.len() < item.checks.len() || result.errors().any(given_up) {
            return State::Pending;
        }
        let found = result.findings().next().is_some();
        let error = result.errors().next().is_some();
        let unsure = result.needs().next().is_some();
        if !found && !error && !unsure {
            let holds = result.observations().any(|seen| seen.outcome() == Outcome::Holds);
            return if holds { State::Passed } else { State::NotApplicable };
        }
        people_decide = !error
            && match item.mode() {
                Mode::Assisted => true,
                _ => !found && item.when_undecided.is_some(),
            };
    }
    let standing = |act| (0..world.known.len()).filter(move |&at| counts(world, item, at, act));
    let policy = policy(item);
    let people: BTreeSet<String> =
        standing(Act::SignOff).map(|at| author(&world.ledger.entries[at])).collect();
    let needed = policy.map_or(1, |policy| policy.count.max(1)) as usize;
    if people_decide && people.len() >= needed {
        State::Signed
    } else if standing(Act::Waiver).next().is_some() {
        State::Waived
    } else {
        State::Open
    }
}

fn policy(item: &Item) -> Option<&Policy> {
    match item.mode() {
        Mode::Automatic => item.when_undecided.as_ref(),
        Mode::Assisted | Mode::Manual => item.sign_off.as_ref(),
    }
}

fn author(entry: &Entry) -> String {
    entry.author.email.as_str().to_lowercase()
}

fn has(world: &World, who: &str, role: &Role) -> bool {
    let members = world.checklist.team.get(role).into_iter().flatten();
    members.into_iter().any(|member| member.to_lowercase() == who)
}

/// The statement names that record, which its author could know of.
fn names(world: &World, number: usize, target: usize) -> bool {
    let (one, other) = (&world.ledger.entries[number], &world.ledger.entries[target]);
    one.record.statement.of() == Some(&commit(target))
        && world.known[number].contains(&target)
        && one.record.item == other.record.item
        && !one.is_legacy()
        && !other.is_legacy()
}

fn withdraws(world: &World, number: usize, target: usize) -> bool {
    let (one, other) = (&world.ledger.entries[number], &world.ledger.entries[target]);
    matches!(one.record.statement, Statement::Withdrawal { .. })
        && names(world, number, target)
        && author(one) == author(other)
        && !matches!(other.record.statement, Statement::Withdrawal { .. })
}

fn is_withdrawn(world: &World, number: usize) -> bool {
    (0..world.known.len()).any(|other| withdraws(world, other, number))
}

/// An objection is withdrawn by its author or overruled, and nothing else ends it.
fn objection_stands(world: &World, number: usize) -> bool {
    let objection = &world.ledger.entries[number];
    if !matches!(objection.record.statement, Statement::Objection { .. })
        || is_withdrawn(world, number)
    {
        return false;
    }
    let item = world.checklist.item(&objection.record.item);
    !(0..world.known.len()).any(|other| {
        let entry = &world.ledger.entries[other];
        let by = [author(entry), entry.committer.email.as_str().to_lowercase()];
        let role = world.checklist.gate.overrule.as_ref();
        matches!(entry.record.statement, Statement::Overruling { .. })
            && names(world, other, number)
            && !by.contains(&author(objection))
            && role.is_none_or(|role| has(world, &by[0], role))
            && says_something(entry.record.statement.words().as_str())
            && entry.at <= in_a_day(world.now)
            && !is_withdrawn(world, other)
            && entry.record.item_digest == state_digest(item)
            && item.is_none_or(|item| accepts(world, item, entry))
    })
}

/// Two equal ones must be accepted twice.
fn accepts(world: &World, item: &Item, entry: &Entry) -> bool {
    let times = |all: &[Digest]| {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for one in all {
            *times.entry(one.as_str().to_owned()).or_default() += 1;
        }
        times
    };
    let there = result(world, item).map(ItemResult::identities).unwrap_or_default();
    let accepted = times(entry.record.statement.accepted());
    times(&there).iter().all(|(one, number)| accepted.get(one).unwrap_or(&0) >= number)
}

/// Whoever may, said it in words, and not with a clock that is far ahead.
fn was_valid(world: &World, item: &Item, entry: &Entry) -> bool {
    let who = author(entry);
    let may = match &entry.record.statement {
        Statement::SignOff { .. } => {
            let signs = item.mode() != Mode::Automatic || item.when_undecided.is_some();
            let role = policy(item).and_then(|policy| policy.by.as_ref());
            signs && role.is_none_or(|role| has(world, &who, role))
        }
        Statement::Waiver { why, .. } => {
            let own = match &item.waive {
                Waive::Never => return false,
                Waive::Rule(rule) => rule.by.as_ref(),
                Waive::Default => None,
            };
            let signers = item.sign_off.as_ref().and_then(|policy| policy.by.as_ref());
            let team = &world.checklist.team;
            let in_team = team.is_empty()
                || team.values().flatten().any(|member| member.to_lowercase() == who);
            let role = own.or(world.checklist.gate.waivers.by.as_ref()).or(signers);
            says_something(why.as_str()) && role.map_or(in_team, |role| has(world, &who, role))
        }
        _ => false,
    };
    may && entry.at <= in_a_day(world.now)
}

/// When a waiver ends: its last day, or earlier by the limit.
fn end(world: &World, item: &Item, entry: &Entry) -> Timestamp {
    let until = entry.record.statement.until().expect("a waiver").end();
    let own = match &item.waive {
        Waive::Rule(rule) => rule.longest,
        _ => None,
    };
    let critical = item.severity == Severity::Critical;
    let usual = if critical { 30 * 24 } else { 90 * 24 };
    let hours = match (own, world.checklist.gate.waivers.longest) {
        (Some(own), _) => own.hours(),
        (None, Some(gate)) if critical => gate.hours().min(usual),
        (None, Some(gate)) => gate.hours(),
        (None, None) => usual,
    };
    // the day on which the limit falls counts as a whole
    let day = 24 * 3600;
    let limit = entry.at.as_second() + i64::from(hours) * 3600;
    let next = (limit.div_euclid(day) + 1) * day;
    until.min(Timestamp::from_second(next).expect("a moment"))
}

/// Whether a sign-off or waiver counts.
fn counts(world: &World, item: &Item, number: usize, act: Act) -> bool {
    let entries = &world.ledger.entries;
    let entry = &entries[number];
    let is = |entry: &Entry, of: &Entry| {
        entry.record.item == item.id
            && !entry.is_legacy()
            && entry.record.statement.act() == act
            && author(entry) == author(of)
    };
    if !is(entry, entry) || !was_valid(world, item, entry) || is_withdrawn(world, number) {
        return false;
    }
    let knows = |later: usize, earlier: usize| world.known[later].contains(&earlier);
    let alike: Vec<usize> = (0..entries.len()).filter(|&at| is(&entries[at], entry)).collect();
    let took_part = |at: usize| was_valid(world, item, &entries[at]) || is_withdrawn(world, at);
    let replaced =
        |number: usize| alike.iter().any(|&later| knows(later, number) && took_part(later));
    // of concurrent ones the stricter
    let apart = |one: usize, other: usize| !knows(one, other) && !knows(other, one);
    let withdrawn_elsewhere = alike.iter().any(|&target| {
        (0..entries.len()).any(|other| withdraws(world, other, target) && apart(other, number))
    });
    let shorter_elsewhere = act == Act::Waiver
        && alike.iter().any(|&other| {
            was_valid(world, item, &entries[other])
                && !is_withdrawn(world, other)
                && !replaced(other)
                && end(world, item, &entries[other]) < end(world, item, entry)
        });
    !replaced(number)
        && !withdrawn_elsewhere
        && !shorter_elsewhere
        && entry.record.item_digest == item.digest
        && accepts(world, item, entry)
        && match act {
            Act::SignOff => is_bound(world, item, entry),
            _ => world.now < end(world, item, entry),
        }
}

/// By files, by time, or else by its commit.
fn is_bound(world: &World, item: &Item, entry: &Entry) -> bool {
    let Some(policy) = policy(item) else { return false };
    let covered = entry.record.statement.covered().expect("a sign-off");
    let same_files =
        policy.covers.is_none() || world.covered.get(&item.id).is_some_and(|now| now == covered);
    let in_time = policy.valid.is_none_or(|valid| {
        world.now < entry.at + SignedDuration::from_hours(i64::from(valid.hours()))
    });
    let bound = (policy.covers.is_some() && !covered.is_empty()) || policy.valid.is_some();
    same_files && in_time && (bound || world.ancestors.contains(&entry.record.commit))
}
