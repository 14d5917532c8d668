//! What an item's checks and records add up to, and why, in words.
//!
//! From strong to weak: a disabled item is not applicable; an objection stands;
//! then what its checks and sign-offs say; and last a waiver, which only helps
//! an item that is not settled and whose checks have ended. A check that could
//! not look may be waived as a failing one may.

use super::records::Grounds;
use super::{AssessedRecord, RecordState, Standing, words};
use crate::checklist::{Item, Mode, Policy};
use crate::ledger::{Act, Entry};
use crate::model::{Finding, ItemOutcome, ItemResult};

/// So many people, objections or reasons are named.
const MOST: usize = 3;

/// Where the item stands and why.
pub(super) fn stand(grounds: &Grounds<'_>, records: &[AssessedRecord]) -> (Standing, String) {
    let item = grounds.item;
    if let Some(reason) = &item.disabled {
        return (Standing::NotApplicable, format!("switched off: {reason}"));
    }
    let objections: Vec<String> = counting(records, Act::Objection)
        .map(|entry| {
            format!("{}{}", words::who_when(entry), words::quoted(entry.record.statement.words()))
        })
        .collect();
    if !objections.is_empty() {
        let (what, each) =
            if objections.len() == 1 { ("objection", "it") } else { ("objections", "each") };
        let who = crate::model::words::list(&objections, MOST);
        let why = format!("{what} of {who}; {each} stands until its author withdraws it");
        return (Standing::Objected, why);
    }
    let (standing, why) = match item.mode() {
        Mode::Automatic => checked(grounds.result),
        Mode::Manual => vouched(grounds, records, 0),
        Mode::Assisted => judged(grounds, records),
    };
    if standing.is_settled() || standing == Standing::Pending {
        return (standing, why);
    }
    match waiver(records) {
        Some(waiver) => (Standing::Waived, waived(waiver)),
        None => (standing, format!("{why}{}", lapsed_waiver(records))),
    }
}

/// The waiver that counts, the longest when there are several.
pub(super) fn waiver(records: &[AssessedRecord]) -> Option<&Entry> {
    counting(records, Act::Waiver).max_by_key(|entry| entry.record.statement.until())
}

/// The records of one kind that count.
pub(super) fn counting(records: &[AssessedRecord], act: Act) -> impl Iterator<Item = &Entry> {
    records
        .iter()
        .filter(move |record| record.entry.record.statement.act() == act)
        .filter(|record| record.state == RecordState::Counts)
        .map(|record| &record.entry)
}

fn checked(result: Option<&ItemResult>) -> (Standing, String) {
    let Some(result) = result else {
        return (Standing::Pending, "its checks have not ended yet".to_owned());
    };
    match result.outcome() {
        ItemOutcome::Fails => (Standing::Failed, findings(result)),
        ItemOutcome::Errored => (Standing::Errored, errors(result)),
        ItemOutcome::Undecided => (Standing::Undecided, needs(result)),
        ItemOutcome::Holds => (Standing::Passed, looked_at(result, "its checks hold")),
        ItemOutcome::NotApplicable => {
            (Standing::NotApplicable, looked_at(result, "nothing to check"))
        }
    }
}

/// Checks collect, people judge: without findings nobody is asked. What the
/// checks cannot say, people may.
fn judged(grounds: &Grounds<'_>, records: &[AssessedRecord]) -> (Standing, String) {
    let (standing, why) = checked(grounds.result);
    let Some(result) = grounds.result else { return (standing, why) };
    if !matches!(standing, Standing::Failed | Standing::Undecided) {
        return (standing, why);
    }
    let (vouched, by) = vouched(grounds, records, result.findings().count());
    if vouched.is_settled() {
        return (vouched, by);
    }
    // what nobody signed yet is undecided as long as nothing was found
    let undecided = standing == Standing::Undecided && vouched == Standing::Unsigned;
    (if undecided { standing } else { vouched }, format!("{why}; {by}"))
}

fn looked_at(result: &ItemResult, otherwise: &str) -> String {
    let text = result.looked_at();
    if text.is_empty() { otherwise.to_owned() } else { text.to_string() }
}

fn findings(result: &ItemResult) -> String {
    let found: Vec<&Finding> = result.findings().collect();
    let mut said = words::findings(&found, "finding", "");
    if let Some(error) = result.errors().next() {
        said.push_str(&format!("; beside that a check could not look: {error}"));
    } else if let Some(need) = result.needs().next() {
        said.push_str(&format!("; beside that it is not known: {}", need.message));
    }
    said
}

fn errors(result: &ItemResult) -> String {
    let said: Vec<String> = result.errors().map(ToString::to_string).collect();
    if said.is_empty() {
        return "the item has no check; give it one, or a sign-off policy".to_owned();
    }
    said.join("; ")
}

fn needs(result: &ItemResult) -> String {
    let said: Vec<String> = result
        .needs()
        .map(|need| match &need.help {
            Some(help) => format!("{}: {help}", need.message),
            None => need.message.to_string(),
        })
        .collect();
    crate::model::words::list(&said, MOST)
}

/// Whether enough people vouch for it.
fn vouched(
    grounds: &Grounds<'_>,
    records: &[AssessedRecord],
    accepted: usize,
) -> (Standing, String) {
    // An item with neither check nor policy asks for anybody's word.
    let anybody = Policy { by: None, count: 1, valid: None, covers: None };
    let policy = grounds.item.sign_off.as_ref().unwrap_or(&anybody);
    let needed = usize::try_from(policy.count.max(1)).unwrap_or(usize::MAX);
    // Of each person only the last sign-off stands, so these are different people.
    let valid: Vec<&Entry> = counting(records, Act::SignOff).collect();
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
            number => format!("{} accepted, ", crate::model::words::count(number, "finding")),
        };
        return (
            Standing::SignedOff,
            format!("{what}signed off by {}", crate::model::words::list(&who, MOST)),
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

/// Who must sign.
fn asks_for(grounds: &Grounds<'_>, policy: &Policy, needed: usize) -> String {
    let number = match needed {
        1 => "needs a sign-off".to_owned(),
        number => format!("needs sign-offs of {number} different people"),
    };
    let Some(role) = &policy.by else { return number };
    match grounds.team.get(role).map(Vec::as_slice) {
        None | Some([]) => format!("{number} by `{role}`, a role that nobody has"),
        Some(members) => {
            format!("{number} by `{role}` ({})", crate::model::words::list(members, MOST))
        }
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

fn waived(waiver: &Entry) -> String {
    let until =
        waiver.record.statement.until().map(|until| format!("until {until} ")).unwrap_or_default();
    format!("{until}by {}{}", waiver.author.email, words::quoted(waiver.record.statement.words()))
}

fn lapsed_waiver(records: &[AssessedRecord]) -> String {
    match stale(records, Act::Waiver).last() {
        Some((entry, why)) => {
            format!("; the waiver of {} no longer holds: {why}", words::who_when(entry))
        }
        None => String::new(),
    }
}

/// Whether anybody objects to the item, wherever it stands.
pub(super) fn objectors(item: &Item, records: &[AssessedRecord]) -> Option<String> {
    item.disabled.as_ref()?;
    let who: Vec<String> = counting(records, Act::Objection).map(words::who_when).collect();
    (!who.is_empty()).then(|| crate::model::words::list(&who, MOST))
}

#[cfg(test)]
mod override_tests;
#[cfg(test)]
mod tests;
