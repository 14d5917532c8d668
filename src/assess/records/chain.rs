//! Which records stand, by the chain alone.
//!
//! - A record replaces another only along ancestry: made by somebody whose ledger
//!   held the other. No author's clock takes part.
//! - Of a person's sign-offs or waivers of an item the last stands. When that one
//!   is withdrawn, the one before does not come back to life: who withdraws their
//!   word does not mean an older one.
//! - Of two that could not know of each other the stricter counts: the waiver
//!   that ends first, and a withdrawal over a sign-off or waiver made at the same
//!   time.
//! - An objection is replaced by nothing. It stands until its author withdraws it
//!   or somebody overrules it.

use std::collections::HashMap;

use crate::assess::assessment::RecordState;
use crate::assess::records::grounds::{Grounds, last_day};
use crate::ledger::{Act, Entry, Flaw, Statement};
use crate::model::CleanText;

/// What the chain says of each record, given in its order; none when it stands.
pub(super) fn standing(grounds: &Grounds<'_>, entries: &[&Entry]) -> Vec<Option<RecordState>> {
    let mut states: Vec<Option<RecordState>> = entries
        .iter()
        .map(|entry| grounds.never_counts(entry).map(|why| RecordState::NotCounted(why.into())))
        .collect();
    let withdrawals = withdraw(grounds, entries, &mut states);
    let groups = groups(entries, &states);
    for group in groups.values() {
        replace(grounds, entries, group, &mut states);
    }
    for (withdrawal, target) in withdrawals {
        let (act, author) = (entries[target].record.statement.act(), author(entries[target]));
        let Some(group) = groups.get(&(act, author)) else { continue };
        for &at in group {
            if states[at].is_none() && concurrent(grounds, entries[at], entries[withdrawal]) {
                let why = "its author withdrew an earlier one at the same time elsewhere";
                states[at] = Some(RecordState::NotCounted(why.into()));
            }
        }
    }
    states
}

/// Carries out the withdrawals; gives each with the record that it withdraws,
/// those that repeat another too: who repeats it still means it.
fn withdraw(
    grounds: &Grounds<'_>,
    entries: &[&Entry],
    states: &mut [Option<RecordState>],
) -> Vec<(usize, usize)> {
    let positions: HashMap<_, _> =
        entries.iter().enumerate().map(|(at, entry)| (&entry.id, at)).collect();
    let mut first: HashMap<usize, usize> = HashMap::new();
    let mut all = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let Statement::Withdrawal { of, .. } = &entry.record.statement else { continue };
        if states[at].is_some() {
            continue;
        }
        let Some(&target) = positions.get(of) else {
            states[at] = Some(RecordState::NotCounted(Flaw::NamesNothing.to_string().into()));
            continue;
        };
        all.push((at, target));
        states[target] = Some(RecordState::Withdrawn);
        let earlier = *first.entry(target).or_insert(at);
        states[at] = Some(if grounds.ledger.precedes(&entries[earlier].id, &entry.id) {
            let act = entries[target].record.statement.act().word();
            RecordState::NotCounted(CleanText::line(format!("the {act} was withdrawn before")))
        } else {
            RecordState::Withdrawal
        });
    }
    all
}

/// The sign-offs and waivers that could replace each other: those of one person.
/// What was withdrawn still replaces what came before it.
fn groups(
    entries: &[&Entry],
    states: &[Option<RecordState>],
) -> HashMap<(Act, String), Vec<usize>> {
    let mut groups: HashMap<(Act, String), Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let act = entry.record.statement.act();
        let may_stand = matches!(states[at], None | Some(RecordState::Withdrawn));
        if may_stand && matches!(act, Act::SignOff | Act::Waiver) {
            groups.entry((act, author(entry))).or_default().push(at);
        }
    }
    groups
}

fn replace(
    grounds: &Grounds<'_>,
    entries: &[&Entry],
    group: &[usize],
    states: &mut [Option<RecordState>],
) {
    for (nth, &earlier) in group.iter().enumerate() {
        let id = &entries[earlier].id;
        let mut later = group.iter().skip(nth + 1);
        if states[earlier].is_none()
            && later.any(|&later| grounds.ledger.precedes(id, &entries[later].id))
        {
            states[earlier] = Some(RecordState::Superseded);
        }
    }
    // of waivers that could not know of each other the one that ends first counts
    let end = |at: usize| last_day(grounds, entries[at]);
    let standing: Vec<usize> = group.iter().copied().filter(|&at| states[at].is_none()).collect();
    let first = standing.iter().filter_map(|&at| end(at)).min();
    for at in standing {
        if end(at) > first {
            let why = "its author made a shorter one at the same time elsewhere";
            states[at] = Some(RecordState::NotCounted(why.into()));
        }
    }
}

fn author(entry: &Entry) -> String {
    entry.author.email.as_str().to_ascii_lowercase()
}

fn concurrent(grounds: &Grounds<'_>, one: &Entry, other: &Entry) -> bool {
    let precedes = |one: &Entry, other: &Entry| grounds.ledger.precedes(&one.id, &other.id);
    !precedes(one, other) && !precedes(other, one)
}
