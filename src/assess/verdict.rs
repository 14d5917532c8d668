//! What all items add up to: GO, or what stands in the way.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::basis::{Evidence, Sharing};
use super::blocker::{Blocker, Rule, broken};
use super::records::{Grounds, is_from_the_future};
use super::standing::{objected, waiver};
use super::{Assessment, ItemAssessment, RecordState, Standing, Verdict, words};
use crate::checklist::{Gate, Item, LedgerRule, Uncommitted};
use crate::ledger::{self, Entry, Ledger, Statement};
use crate::model::{CleanText, Date, ItemId, Severity};

/// A waiver that ends so soon is announced.
const SOON: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Whether an item stands against a GO. A pending one does whatever its
/// severity, since it may still be objected to by what its checks find; an
/// objection does too: who objects means to stop the deploy.
pub(super) fn blocks(standing: Standing, severity: Severity, gate: &Gate) -> bool {
    match standing {
        Standing::Pending | Standing::Objected => true,
        settled if settled.is_settled() => false,
        _ => severity >= gate.blocks_from,
    }
}

/// Draws the conclusion from the items, what else blocks, and what was noticed.
pub(super) fn conclude(
    evidence: &Evidence<'_>,
    items: Vec<ItemAssessment>,
    objections: Vec<Blocker>,
    noticed: Vec<String>,
) -> Assessment {
    let mut blockers = broken(evidence, &items);
    blockers.extend(objections);
    let mut notes: Vec<String> = overdue_review(evidence).into_iter().collect();
    notes.extend(on_uncommitted(evidence));
    notes.extend(on_ledger(evidence));
    notes.extend(noticed);
    let notes = notes.into_iter().map(CleanText::line);
    let basis = evidence.basis;
    let known = basis.checklist_notes.iter().chain(&basis.ledger.notes).cloned();
    let go = blockers.is_empty() && !items.iter().any(|item| item.blocks);
    Assessment {
        verdict: if go { Verdict::Go } else { Verdict::NoGo },
        of_work_tree: evidence.checklist.gate.uncommitted == Uncommitted::Warn
            && !basis.uncommitted.tracked.is_empty(),
        counts: counts(&items),
        items,
        blockers,
        notes: notes.chain(known).collect(),
    }
}

/// How many items stand where.
pub(super) fn counts(items: &[ItemAssessment]) -> BTreeMap<Standing, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item.standing).or_default() += 1;
    }
    counts
}

/// What should be known about one item and blocks nothing.
pub(super) fn notes_on(grounds: &Grounds<'_>, item: &ItemAssessment) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(on_waiver(grounds, item));
    for record in &item.records {
        notes.extend(on_clock(item, &record.entry, &record.state, grounds.now));
        notes.extend(on_author(item, &record.entry, &record.state));
        notes.extend(on_overruling(grounds, item, &record.entry, &record.state));
    }
    notes
}

/// Disabling an item does not silence whoever objects to it.
pub(super) fn silenced(item: &Item, assessed: &ItemAssessment) -> Option<Blocker> {
    let reason = item.disabled.as_ref()?;
    let why = objected(&assessed.records)?;
    let message = format!("`{}` is switched off ({reason}), and yet {why}", item.id);
    Some(Blocker::new(Rule::Objection, message).on(&item.id))
}

/// Records whose item is in no section, in a stable order.
pub(super) fn sorted<'e, 'l>(
    gone: &'e HashMap<&'l ItemId, Vec<&'l Entry>>,
) -> BTreeMap<&'l ItemId, &'e [&'l Entry]> {
    gone.iter().map(|(id, entries)| (*id, entries.as_slice())).collect()
}

/// What is said about an item that the checklist no longer has: whoever objected
/// to it still does.
pub(super) fn on_removed(
    evidence: &Evidence<'_>,
    id: &ItemId,
    entries: &[&Entry],
) -> (Option<Blocker>, Option<String>) {
    let standing: Vec<String> = entries
        .iter()
        .filter(|entry| stands(evidence, entry, entries))
        .map(|entry| {
            format!("{}{}", words::who_when(entry), words::quoted(entry.record.statement.words()))
        })
        .collect();
    if standing.is_empty() {
        let are = if entries.len() == 1 { "is" } else { "are" };
        let records = crate::model::words::count(entries.len(), "record");
        return (
            None,
            Some(format!("{records} {are} about `{id}`, which is not in the checklist")),
        );
    }
    let message = format!(
        "`{id}` is not in the checklist any more, and yet the objection of {} stands until its author withdraws it or somebody overrules it",
        crate::model::words::list(&standing, 3)
    );
    (Some(Blocker::new(Rule::Objection, message).on(id)), None)
}

/// Whether an objection to a removed item was neither withdrawn nor overruled.
fn stands(evidence: &Evidence<'_>, objection: &Entry, entries: &[&Entry]) -> bool {
    let ledger: &Ledger = evidence.ledger;
    if !matches!(objection.record.statement, Statement::Objection { .. })
        || ledger.flaw(objection).is_some()
    {
        return false;
    }
    !entries.iter().any(|entry| match &entry.record.statement {
        Statement::Withdrawal { of, .. } => of == &objection.id && ledger.flaw(entry).is_none(),
        Statement::Overruling { of, .. } => {
            let gate = &evidence.checklist.gate;
            let members = gate.overrule.as_ref().map(|role| evidence.checklist.team.get(role));
            let may = members.is_none_or(|members| {
                members.into_iter().flatten().any(|member| entry.author.is(member))
            });
            of == &objection.id
                && may
                && ledger.flaw(entry).is_none()
                && !is_from_the_future(entry, evidence.now)
                && entry.record.item_digest == ledger::state_digest(None)
        }
        _ => false,
    })
}

fn overdue_review(evidence: &Evidence<'_>) -> Option<String> {
    let due = evidence.checklist.review_overdue(evidence.now)?;
    let last = evidence.checklist.reviewed.map(|on| format!(", the last was on {on}"));
    Some(format!(
        "the checklist's own review is overdue since {due}{}; read it again and set `reviewed`",
        last.unwrap_or_default()
    ))
}

fn on_uncommitted(evidence: &Evidence<'_>) -> Option<String> {
    let changed = &evidence.basis.uncommitted.tracked;
    let warns = evidence.checklist.gate.uncommitted == Uncommitted::Warn;
    (warns && !changed.is_empty()).then(|| {
        let named: Vec<String> = changed.iter().map(|(path, _)| path.to_string()).collect();
        format!(
            "{} not committed, which this checklist allows: {}",
            match changed.len() {
                1 => "1 changed file is".to_owned(),
                more => format!("{more} changed files are"),
            },
            crate::model::words::list(&named, 5)
        )
    })
}

/// What is known of the ledger elsewhere, where it does not block.
fn on_ledger(evidence: &Evidence<'_>) -> Option<String> {
    let team = !evidence.checklist.team.is_empty();
    if evidence.checklist.gate.ledger == LedgerRule::Local {
        return Some("the ledger stays on this machine, as the checklist says".to_owned());
    }
    match &evidence.basis.ledger.sharing {
        Sharing::Never(remote) if !team => Some(format!(
            "the ledger was never synced with `{remote}`; `gonogo sync` fetches what others said"
        )),
        Sharing::Unknown(why) if !team => {
            Some(format!("it is not known whether the ledger was synced: {why}"))
        }
        Sharing::Synced { remote, ahead, at, .. } => {
            let when = match at {
                Some(at) => format!("on {}", words::moment(*at)),
                None => "at a time that was not remembered".to_owned(),
            };
            let ahead = match ahead {
                0 => String::new(),
                more => format!("; {} not there yet", crate::model::words::count(*more, "record")),
            };
            Some(format!("the ledger was last synced with `{remote}` {when}{ahead}"))
        }
        _ => None,
    }
}

/// A waiver that helps nothing any more, or that ends soon.
fn on_waiver(grounds: &Grounds<'_>, item: &ItemAssessment) -> Option<String> {
    let (waiver, end) = waiver(grounds, &item.records)?;
    let who = words::who_when(waiver);
    match item.standing {
        Standing::Waived if end.duration_since(grounds.now) <= SOON => {
            let says = waiver.record.statement.until().filter(|until| until.end() <= end);
            let when = says.map_or_else(|| words::moment(end), |until| until.to_string());
            Some(format!("the waiver of `{}` by {who} ends on {when}", item.id))
        }
        Standing::Passed | Standing::SignedOff | Standing::NotApplicable => Some(format!(
            "the waiver of `{}` by {who} is not needed any more: the item is {}",
            item.id,
            item.standing.word()
        )),
        _ => None,
    }
}

/// A record whose author's clock was wrong.
fn on_clock(
    item: &ItemAssessment,
    entry: &Entry,
    state: &RecordState,
    now: Timestamp,
) -> Option<String> {
    let counts = match state {
        RecordState::Counts => "it counts, but a clock is wrong",
        RecordState::NotCounted(_) => "it does not count",
        _ => return None,
    };
    is_from_the_future(entry, now).then(|| {
        format!(
            "the {} about `{}` by {} is dated {}, which is in the future; {counts}",
            entry.record.statement.act().word(),
            item.id,
            entry.author.email,
            Date::of(entry.at)
        )
    })
}

/// An author is a claim; one that the committer does not share is told.
fn on_author(item: &ItemAssessment, entry: &Entry, state: &RecordState) -> Option<String> {
    (*state == RecordState::Counts && entry.is_by_another()).then(|| {
        format!(
            "the {} about `{}` names {} as its author, and {} wrote it",
            entry.record.statement.act().word(),
            item.id,
            entry.author.email,
            entry.committer.email
        )
    })
}

/// An overruling that no role was asked for is told.
fn on_overruling(
    grounds: &Grounds<'_>,
    item: &ItemAssessment,
    entry: &Entry,
    state: &RecordState,
) -> Option<String> {
    let counts = *state == RecordState::Counts
        && matches!(entry.record.statement, Statement::Overruling { .. });
    (counts && grounds.checklist.gate.overrule.is_none()).then(|| {
        format!(
            "an objection to `{}` was overruled by {}; the checklist names no role that may (`gate: {{ overrule: … }}`)",
            item.id,
            words::who_when(entry)
        )
    })
}

#[cfg(test)]
mod tests;
