//! What an item's checks and records add up to, and why, in words.
//!
//! From strong to weak: a disabled item is not applicable; an objection stands;
//! then what its checks and sign-offs say; and last a waiver, which only helps
//! an item that is not settled and whose checks have ended. A check that could
//! not look may be waived as a failing one may; a run that was given up may not.

mod reason;

use crate::assess::assessment::{AssessedRecord, RecordState, Standing};
use crate::assess::records::{Grounds, last_day};
use crate::assess::standing::reason::Reason;
use crate::assess::words;
use crate::checklist::{Item, Mode, Policy};
use crate::ledger::{Act, Entry};
use crate::model::{CheckError, Date, ItemOutcome, ItemResult};

/// So many people, objections or reasons are named.
const MOST: usize = 3;

/// Where the item stands and why.
pub(super) fn stand(
    item: &Item,
    grounds: &Grounds<'_>,
    records: &[AssessedRecord],
) -> (Standing, Reason) {
    if let Some(reason) = &item.disabled {
        return (Standing::NotApplicable, format!("switched off: {reason}").into());
    }
    if let Some(objected) = objections(records) {
        return (Standing::Objected, objected.why().into());
    }
    let (standing, why) = match item.mode() {
        Mode::Automatic => automatic(item, grounds, records),
        Mode::Manual => {
            let (standing, why) = vouched(grounds, records, 0);
            (standing, why.into())
        }
        Mode::Assisted => judged(item, grounds, records),
    };
    if standing.is_settled() || standing == Standing::Pending {
        return (standing, why);
    }
    match waiver(grounds, records) {
        Some((waiver, last)) => (Standing::Waived, waived(waiver, last).into()),
        None => (standing, why.and(&lapsed_waiver(records))),
    }
}

/// The objections that stand.
pub(super) struct Objections {
    who: String,
    one: bool,
}

impl Objections {
    fn noun(&self) -> &'static str {
        if self.one { "objection" } else { "objections" }
    }

    /// The reason of an item to stand where it does.
    fn why(&self) -> String {
        let each = if self.one { "it" } else { "each" };
        format!(
            "{} of {}; {each} stands until its author withdraws it or somebody overrules it",
            self.noun(),
            self.who
        )
    }

    /// The same within a sentence: `the objection of … stands until …`.
    pub(super) fn stand(&self) -> String {
        let until = if self.one {
            "stands until its author withdraws it or somebody overrules it"
        } else {
            "stand, each until its author withdraws it or somebody overrules it"
        };
        format!("the {} of {} {until}", self.noun(), self.who)
    }
}

/// The objections that stand; none when there is none.
pub(super) fn objections(records: &[AssessedRecord]) -> Option<Objections> {
    let objections: Vec<String> = counting(records, Act::Objection)
        .map(|entry| {
            format!("{}{}", words::who_when(entry), words::quoted(entry.record.statement.words()))
        })
        .collect();
    (!objections.is_empty()).then(|| Objections {
        who: crate::model::words::list(&objections, MOST),
        one: objections.len() == 1,
    })
}

/// The waiver that counts and its last day; the last to end when there are several.
pub(super) fn waiver<'r>(
    grounds: &Grounds<'_>,
    records: &'r [AssessedRecord],
) -> Option<(&'r Entry, Date)> {
    counting(records, Act::Waiver)
        .filter_map(|entry| Some((entry, last_day(grounds, entry)?)))
        .max_by_key(|(_, last)| *last)
}

/// The records of one kind that count.
pub(super) fn counting(records: &[AssessedRecord], act: Act) -> impl Iterator<Item = &Entry> {
    records
        .iter()
        .filter(move |record| record.entry.record.statement.act() == act)
        .filter(|record| record.state == RecordState::Counts)
        .map(|record| &record.entry)
}

fn checked(item: &Item, result: Option<&ItemResult>) -> (Standing, Reason) {
    let Some(result) = result else {
        return (Standing::Pending, "its checks have not ended yet".into());
    };
    if let Some(why) = incomplete(item, result) {
        let found = result
            .findings()
            .next()
            .map(|_| format!("; {}", Reason::findings(result).full))
            .unwrap_or_default();
        return (Standing::Pending, format!("{why}{found}").into());
    }
    match result.outcome() {
        ItemOutcome::Fails => (Standing::Failed, Reason::findings(result)),
        ItemOutcome::Errored => (Standing::Errored, Reason::errors(result)),
        ItemOutcome::Undecided => (Standing::Undecided, Reason::needs(result)),
        ItemOutcome::Holds => (Standing::Passed, looked_at(result, "its checks hold").into()),
        ItemOutcome::NotApplicable => {
            (Standing::NotApplicable, looked_at(result, "nothing to check").into())
        }
    }
}

/// A run that was given up says nothing of the item, whatever was found so far.
fn incomplete(item: &Item, result: &ItemResult) -> Option<String> {
    if let Some(cancelled) = result.errors().find(|error| matches!(error, CheckError::Cancelled)) {
        return Some(cancelled.to_string());
    }
    let (ended, all) = (result.0.len(), item.checks.len());
    (ended < all).then(|| format!("{ended} of its {all} checks have ended"))
}

/// Checks alone settle it; only while they cannot say, people may.
fn automatic(item: &Item, grounds: &Grounds<'_>, records: &[AssessedRecord]) -> (Standing, Reason) {
    let (standing, why) = checked(item, grounds.result);
    if standing != Standing::Undecided || item.when_undecided.is_none() {
        return (standing, why);
    }
    let (vouched, by) = vouched(grounds, records, 0);
    if vouched.is_settled() { (vouched, by.into()) } else { (standing, why.and(&by)) }
}

/// Checks collect, people judge: without findings nobody is asked. What the
/// checks cannot say, people may. What they could not look at nobody can judge.
fn judged(item: &Item, grounds: &Grounds<'_>, records: &[AssessedRecord]) -> (Standing, Reason) {
    let (standing, why) = checked(item, grounds.result);
    let Some(result) = grounds.result else { return (standing, why) };
    if !matches!(standing, Standing::Failed | Standing::Undecided) {
        return (standing, why);
    }
    let (vouched, by) = vouched(grounds, records, result.findings().count());
    if vouched.is_settled() {
        return match result.errors().next() {
            None => (vouched, by.into()),
            Some(_) => (Standing::Errored, Reason::errors(result).and(&by)),
        };
    }
    // what nobody signed yet is undecided as long as nothing was found
    let undecided = standing == Standing::Undecided && vouched == Standing::Unsigned;
    (if undecided { standing } else { vouched }, why.and(&by))
}

fn looked_at(result: &ItemResult, otherwise: &str) -> String {
    let text = result.looked_at();
    if text.is_empty() { otherwise.to_owned() } else { text.to_string() }
}

/// Whether enough people vouch for it.
fn vouched(
    grounds: &Grounds<'_>,
    records: &[AssessedRecord],
    accepted: usize,
) -> (Standing, String) {
    let Some(policy) = grounds.policy() else {
        return (Standing::Unsigned, "nobody may sign in place of its checks".to_owned());
    };
    let policy = &policy;
    let needed = usize::try_from(policy.count.max(1)).unwrap_or(usize::MAX);
    let groups = people(grounds, records);
    let valid: Vec<&Entry> = groups.iter().filter_map(|group| group.first().copied()).collect();
    if valid.len() >= needed {
        let who: Vec<String> = valid
            .iter()
            .map(|entry| {
                format!(
                    "{}{}",
                    words::who_when(entry),
                    words::quoted(entry.record.statement.words())
                )
            })
            .collect();
        let what = match accepted {
            0 => String::new(),
            number => format!("with {} accepted ", crate::model::words::count(number, "finding")),
        };
        return (
            Standing::SignedOff,
            format!("signed off {what}by {}", crate::model::words::list(&who, MOST)),
        );
    }
    let mut parts = Vec::new();
    if !valid.is_empty() {
        let who: Vec<String> = valid.iter().map(|entry| words::who_when(entry)).collect();
        parts.push(format!(
            "{} of {needed}: {}",
            valid.len(),
            crate::model::words::list(&who, MOST)
        ));
    }
    parts.extend(groups.iter().filter_map(|group| one_person(group)));
    let stale = stale(records, Act::SignOff);
    let standing = if stale.is_empty() { Standing::Unsigned } else { Standing::Stale };
    parts.extend(stale.iter().rev().take(MOST).map(|(entry, why)| {
        format!("the sign-off of {} no longer holds: {why}", words::who_when(entry))
    }));
    parts.push(asks_for(grounds, policy, needed));
    if stale.is_empty()
        && let Some(refused) = refused(records)
    {
        parts.push(refused);
    }
    (standing, parts.join("; "))
}

/// The sign-offs that count, of each person together. A person may have several, made
/// at the same time in copies of the ledger, or under two addresses.
pub(super) fn people<'r>(
    grounds: &Grounds<'_>,
    records: &'r [AssessedRecord],
) -> Vec<Vec<&'r Entry>> {
    let mut people: Vec<Vec<&Entry>> = Vec::new();
    for entry in counting(records, Act::SignOff) {
        let is_own =
            |group: &Vec<&Entry>| group.iter().any(|known| grounds.people.are_one(known, entry));
        let first = people.iter().position(is_own).unwrap_or(people.len());
        let (earlier, rest) = people.split_at(first);
        let (own, others): (Vec<_>, Vec<_>) = rest.iter().cloned().partition(is_own);
        let group = own.into_iter().flatten().chain([entry]).collect();
        people = earlier.iter().cloned().chain([group]).chain(others).collect();
    }
    people
}

/// That several addresses are one person, in words; nothing for one address.
fn one_person(group: &[&Entry]) -> Option<String> {
    let mut addresses: Vec<String> = Vec::new();
    for entry in group {
        if !addresses.iter().any(|known| entry.author.is(known)) {
            addresses.push(entry.author.email.to_string());
        }
    }
    (addresses.len() > 1).then(|| {
        format!(
            "`.mailmap` says that {} are one person",
            crate::model::words::list(&addresses, MOST)
        )
    })
}

/// Who must sign; of an automatic item, who may while its checks cannot say.
fn asks_for(grounds: &Grounds<'_>, policy: &Policy, needed: usize) -> String {
    let number = match needed {
        1 => "a sign-off".to_owned(),
        number => format!("sign-offs of {number} different people"),
    };
    let role = policy.by.as_ref().map(|role| match grounds.members(role) {
        [] => format!(" by `{role}`, a role that nobody has"),
        members => format!(" by `{role}` ({})", crate::model::words::list(members, MOST)),
    });
    let by = role.unwrap_or_default();
    match (grounds.item.map(Item::mode), needed) {
        (Some(Mode::Automatic), 1) => format!("{number}{by} is possible while this is not known"),
        (Some(Mode::Automatic), _) => format!("{number}{by} are possible while this is not known"),
        _ => format!("needs {number}{by}"),
    }
}

/// The last sign-off that never counted, for a signer who wonders.
fn refused(records: &[AssessedRecord]) -> Option<String> {
    records.iter().rev().find_map(|record| match &record.state {
        RecordState::NotCounted(why) if record.entry.record.statement.act() == Act::SignOff => {
            Some(format!(
                "the sign-off of {} does not count: {why}",
                words::who_when(&record.entry)
            ))
        }
        _ => None,
    })
}

/// The records of one kind that no longer hold, each with its reasons.
fn stale(records: &[AssessedRecord], act: Act) -> Vec<(&Entry, String)> {
    records
        .iter()
        .filter(|record| record.entry.record.statement.act() == act)
        .filter_map(|record| match &record.state {
            RecordState::Stale(reasons) => {
                Some((&record.entry, crate::model::words::joined(reasons)))
            }
            _ => None,
        })
        .collect()
}

fn waived(waiver: &Entry, last: Date) -> String {
    let until = match waiver.record.statement.until() {
        Some(until) if until <= last => format!("until {until} "),
        _ => format!("until {last}, as long as the checklist allows, "),
    };
    format!("{until}by {}{}", waiver.author.email, words::quoted(waiver.record.statement.words()))
}

fn lapsed_waiver(records: &[AssessedRecord]) -> String {
    match stale(records, Act::Waiver).last() {
        Some((entry, why)) => {
            format!("the waiver of {} no longer holds: {why}", words::who_when(entry))
        }
        None => String::new(),
    }
}

#[cfg(test)]
mod override_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod undecided_tests;
