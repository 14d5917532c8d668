//! Whether a record counts.
//!
//! Records are taken in the order of the ledger's chain:
//! - A withdrawal takes back the record that it names, if the same person (by
//!   email, letters' case aside) made that record about the same item.
//! - Of a person's records of one kind about an item only the last stands. When
//!   that one is taken back, the one before does not come back to life: who
//!   takes back their word does not mean an older one.
//! - A sign-off takes nothing back but an earlier sign-off. Who objected and is
//!   content now withdraws the objection.
//!
//! What then stands is compared with what is there now. An objection needs no
//! match: it stands until it is taken back.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::{AssessedRecord, RecordState, words};
use crate::checklist::{Item, Policy};
use crate::ledger::{self, Act, Entry, Flaw, Ledger, Statement};
use crate::model::{CheckError, CleanText, Date, Digest, ItemResult, Role};

/// A clock may be so far ahead before its times are not believed.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_hours(24);

/// So many changed files are named.
const MOST_FILES: usize = 5;

/// What the records of one item are compared with.
pub(super) struct Grounds<'a> {
    /// The item.
    pub item: &'a Item,
    /// All records.
    pub ledger: &'a Ledger,
    /// Who has which role.
    pub team: &'a BTreeMap<Role, Vec<String>>,
    /// The covered files now; none when nobody looked, which matches nothing.
    pub covered: Option<&'a BTreeMap<String, String>>,
    /// How its checks ended; none while they have not.
    pub result: Option<&'a ItemResult>,
    /// The moment to assess for.
    pub now: Timestamp,
}

/// Assesses an item's records, given in the order of the chain.
pub(super) fn assess(grounds: &Grounds<'_>, entries: &[&Entry]) -> Vec<AssessedRecord> {
    let mut states: Vec<RecordState> = standing_in_the_chain(grounds, entries)
        .into_iter()
        .zip(entries)
        .map(|(state, &entry)| {
            state.unwrap_or_else(|| match reasons(grounds, entry) {
                reasons if reasons.is_empty() => RecordState::Counts,
                reasons => RecordState::Stale(reasons),
            })
        })
        .collect();
    overrule(entries, &mut states);
    let states = states.into_iter().zip(entries);
    states.map(|(state, &entry)| AssessedRecord { entry: entry.clone(), state }).collect()
}

/// Lets the overrulings that count silence their objections.
fn overrule(entries: &[&Entry], states: &mut [RecordState]) {
    let mut overruled = HashMap::new();
    for (entry, state) in entries.iter().zip(&*states) {
        if let (Statement::Overruling { of, why, .. }, RecordState::Counts) =
            (&entry.record.statement, state)
        {
            overruled.insert(of, format!("{}{}", words::who_when(entry), words::quoted(why)));
        }
    }
    for (entry, state) in entries.iter().zip(states) {
        if let (Some(by), RecordState::Counts) = (overruled.get(&entry.id), &*state) {
            *state = RecordState::NotCounted(CleanText::line(format!("overruled by {by}")));
        }
    }
}

/// Whether a record is dated so far ahead that its author's clock was wrong.
pub(super) fn is_from_the_future(entry: &Entry, now: Timestamp) -> bool {
    now.checked_add(CLOCK_SLACK).is_ok_and(|latest| entry.at > latest)
}

/// What the chain alone says of each record; none when it stands.
fn standing_in_the_chain(grounds: &Grounds<'_>, entries: &[&Entry]) -> Vec<Option<RecordState>> {
    let mut states: Vec<Option<RecordState>> = Vec::with_capacity(entries.len());
    let mut positions = HashMap::new();
    let mut last: HashMap<(Act, String), usize> = HashMap::new();
    for (position, entry) in entries.iter().enumerate() {
        let act = entry.record.statement.act();
        let state = if let Some(reason) = never_counts(grounds, entry) {
            Some(RecordState::NotCounted(CleanText::line(reason)))
        } else if let Statement::Withdrawal { of, .. } = &entry.record.statement {
            let target = positions.get(of).copied();
            Some(take_back(target, entries, &mut states))
        } else {
            let author = entry.author.email.as_str().to_ascii_lowercase();
            let before = last.insert((act, author), position);
            if let Some(state @ None) = before.and_then(|before| states.get_mut(before)) {
                *state = Some(RecordState::Superseded);
            }
            None
        };
        states.push(state);
        positions.insert(&entry.id, position);
    }
    states
}

/// Takes a record back, if that is the author's to do.
fn take_back(
    target: Option<usize>,
    entries: &[&Entry],
    states: &mut [Option<RecordState>],
) -> RecordState {
    let refused = |why: String| RecordState::NotCounted(CleanText::line(why));
    let found = target.and_then(|at| Some((*entries.get(at)?, states.get_mut(at)?)));
    let Some((entry, state)) = found else {
        return refused(Flaw::NamesNothing.to_string());
    };
    if *state == Some(RecordState::Withdrawn) {
        let act = entry.record.statement.act();
        return refused(format!("the {} was taken back before", act.word()));
    }
    *state = Some(RecordState::Withdrawn);
    RecordState::Withdrawal
}

/// Why a record could not count, whatever else holds.
fn never_counts(grounds: &Grounds<'_>, entry: &Entry) -> Option<String> {
    if let Some(flaw) = grounds.ledger.flaw(entry) {
        return Some(flaw.to_string());
    }
    match entry.record.statement {
        Statement::SignOff { .. } => outside_the_policy(grounds, entry),
        _ => None,
    }
}

fn outside_the_policy(grounds: &Grounds<'_>, entry: &Entry) -> Option<String> {
    if grounds.item.sign_off.is_none() && !grounds.item.checks.is_empty() {
        return Some("its checks alone settle the item; it takes no sign-off".to_owned());
    }
    let role = grounds.item.sign_off.as_ref()?.by.as_ref()?;
    let members = grounds.team.get(role).map(Vec::as_slice).unwrap_or_default();
    let has_it = members.iter().any(|member| entry.author.is(member));
    (!has_it).then(|| format!("{} is not in the role `{role}`", entry.author.email))
}

/// Why a standing record no longer matches what is there; nothing when it does.
fn reasons(grounds: &Grounds<'_>, entry: &Entry) -> Vec<CleanText> {
    let record = &entry.record;
    let statement = &record.statement;
    let act = statement.act();
    if act == Act::Objection {
        return Vec::new();
    }
    let policy = grounds.item.sign_off.as_ref().filter(|_| act == Act::SignOff);
    let same_item = match act {
        Act::Overruling => record.item_digest == ledger::state_digest(Some(grounds.item)),
        _ => record.item_digest == grounds.item.digest,
    };
    let changed_item = (!same_item).then(|| "the item was changed since".to_owned());
    let ended = statement.until().filter(|until| until.end() <= grounds.now);
    [
        changed_item,
        policy.and_then(|policy| changed_files(grounds, policy, entry, same_item)),
        grounds.result.and_then(|result| not_accepted(result, statement.accepted())),
        policy.and_then(|policy| run_out(policy, entry, grounds.now)),
        ended.map(|until| format!("its last day was {until}")),
    ]
    .into_iter()
    .flatten()
    .map(CleanText::line)
    .collect()
}

/// Compares the covered files. When the item itself was changed it may cover
/// other files than it did, so then only those count that it covers still.
fn changed_files(
    grounds: &Grounds<'_>,
    policy: &Policy,
    entry: &Entry,
    same_item: bool,
) -> Option<String> {
    policy.covers.as_ref()?;
    let nothing = BTreeMap::new();
    let then = entry.record.statement.covered().unwrap_or(&nothing);
    let now = grounds.covered.unwrap_or(&nothing);
    let of_then = then.iter().filter_map(|(path, blob)| match now.get(path) {
        Some(same) if same == blob => None,
        Some(_) => Some((path, "changed")),
        None => same_item.then_some((path, "removed")),
    });
    let added = now.keys().filter(|path| same_item && !then.contains_key(*path));
    let mut changes: Vec<_> = of_then.chain(added.map(|path| (path, "added"))).collect();
    changes.sort();
    let named: Vec<String> = changes.iter().map(|(path, how)| format!("{path} ({how})")).collect();
    (!named.is_empty()).then(|| {
        let files = if named.len() == 1 { "a covered file" } else { "covered files" };
        format!("{files} changed since: {}", crate::model::words::list(&named, MOST_FILES))
    })
}

/// What stands there now and was not accepted: findings, needs and errors. Two
/// equal ones are two: one that was accepted does not stand for both.
fn not_accepted(result: &ItemResult, accepted: &[Digest]) -> Option<String> {
    let mut left: HashMap<&Digest, usize> = HashMap::new();
    for identity in accepted {
        *left.entry(identity).or_default() += 1;
    }
    let mut is_new = |identity: Digest| match left.get_mut(&identity) {
        Some(number) if *number > 0 => {
            *number -= 1;
            false
        }
        _ => true,
    };
    let mut parts = Vec::new();
    let findings: Vec<_> = result.findings().filter(|finding| is_new(finding.identity())).collect();
    if !findings.is_empty() {
        parts.push(words::findings(&findings, "new finding", " since"));
    }
    let needs: Vec<_> = result.needs().filter(|need| is_new(need.identity())).collect();
    if let Some(first) = needs.first() {
        parts.push(format!("not known since: {}", first.message));
    }
    let errors: Vec<&CheckError> =
        result.errors().filter(|error| is_new(error.identity())).collect();
    if let Some(first) = errors.first() {
        parts.push(format!("an error since: {first}"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Whether a sign-off's time is over. It is counted from when it was made; when
/// that lies in the future nobody can say when its time is over, so it is.
fn run_out(policy: &Policy, entry: &Entry, now: Timestamp) -> Option<String> {
    let valid = policy.valid?;
    if is_from_the_future(entry, now) {
        return Some(format!(
            "it is dated {}, which is in the future, so that its {valid} cannot be counted",
            Date::of(entry.at)
        ));
    }
    let end = valid.after(entry.at);
    (end <= now).then(|| {
        format!("signed {}, held for {valid}, until {}", Date::of(entry.at), words::moment(end))
    })
}

#[cfg(test)]
mod tests;
