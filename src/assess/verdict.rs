//! What all items add up to: GO, or what stands in the way.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::records::is_from_the_future;
use super::standing::{objectors, waiver};
use super::{Assessment, Facts, ItemAssessment, RecordState, Standing, Verdict, words};
use crate::checklist::{Gate, Item};
use crate::ledger::{Entry, Statement};
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

/// Draws the conclusion; `gone` are the records whose item is in no section.
pub(super) fn conclude(
    facts: &Facts<'_>,
    items: Vec<ItemAssessment>,
    gone: &HashMap<&ItemId, Vec<&Entry>>,
) -> Assessment {
    let (verdict, counts, blockers) = add_up(&items);
    let mut notes = Vec::new();
    notes.extend(overdue_review(facts));
    for ((_, item), assessed) in facts.checklist.items().zip(&items) {
        notes.extend(on_waiver(assessed, facts.now));
        notes.extend(on_clocks(assessed, facts.now));
        notes.extend(on_silenced_objections(item, assessed));
    }
    notes.extend(on_gone_items(gone));
    Assessment {
        verdict,
        items,
        counts,
        blockers,
        notes: notes.into_iter().map(CleanText::line).collect(),
    }
}

/// Verdict, counts and blockers of these items.
pub(super) fn add_up(
    items: &[ItemAssessment],
) -> (Verdict, BTreeMap<Standing, usize>, Vec<CleanText>) {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item.standing).or_default() += 1;
    }
    let blockers: Vec<CleanText> = blocker(items).into_iter().map(CleanText::line).collect();
    let go = blockers.is_empty() && !items.iter().any(|item| item.blocks);
    (if go { Verdict::Go } else { Verdict::NoGo }, counts, blockers)
}

/// What stands against a GO although no item does.
fn blocker(items: &[ItemAssessment]) -> Option<&'static str> {
    let speaks_for_it = |item: &ItemAssessment| {
        matches!(item.standing, Standing::Passed | Standing::SignedOff | Standing::Waived)
    };
    if items.is_empty() {
        Some("the checklist has no item")
    } else if items.iter().any(|item| item.blocks || speaks_for_it(item)) {
        None
    } else if items.iter().all(|item| item.standing == Standing::NotApplicable) {
        Some("nothing was verified: no item of the checklist applies here")
    } else {
        Some("nothing was verified: no item is settled, though none is severe enough to block")
    }
}

fn overdue_review(facts: &Facts<'_>) -> Option<String> {
    let due = facts.checklist.review_overdue(facts.now)?;
    let last = facts.checklist.reviewed.map(|on| format!(", the last was on {on}"));
    Some(format!(
        "the checklist's own review is overdue since {due}{}; read it again and set `reviewed`",
        last.unwrap_or_default()
    ))
}

/// A waiver that helps nothing any more, or that ends soon.
fn on_waiver(item: &ItemAssessment, now: Timestamp) -> Option<String> {
    let waiver = waiver(&item.records)?;
    let who = words::who_when(waiver);
    let until = waiver.record.statement.until()?;
    match item.standing {
        Standing::Waived if until.end().duration_since(now) <= SOON => {
            Some(format!("the waiver of `{}` by {who} ends on {until}", item.id))
        }
        Standing::Passed | Standing::SignedOff | Standing::NotApplicable => Some(format!(
            "the waiver of `{}` by {who} is not needed any more: the item is {}",
            item.id,
            item.standing.word()
        )),
        _ => None,
    }
}

/// Records that count and whose author's clock was wrong.
fn on_clocks(item: &ItemAssessment, now: Timestamp) -> Vec<String> {
    item.records
        .iter()
        .filter(|record| record.state == RecordState::Counts)
        .filter(|record| is_from_the_future(&record.entry, now))
        .map(|record| {
            format!(
                "the {} about `{}` by {} is dated {}, which is in the future; it counts, but a clock is wrong",
                record.entry.record.statement.act().word(),
                item.id,
                record.entry.author.email,
                Date::of(record.entry.at)
            )
        })
        .collect()
}

/// Switching an item off must not hide that somebody objects to it.
fn on_silenced_objections(item: &Item, assessed: &ItemAssessment) -> Option<String> {
    let who = objectors(item, &assessed.records)?;
    Some(format!("`{}` is switched off, and yet stands under the objection of {who}", item.id))
}

fn on_gone_items(gone: &HashMap<&ItemId, Vec<&Entry>>) -> Vec<String> {
    let sorted: BTreeMap<_, _> = gone.iter().collect();
    sorted
        .into_iter()
        .map(|(id, entries)| {
            let are = if entries.len() == 1 { "is" } else { "are" };
            format!(
                "{} {are} about `{id}`, which is not in the checklist{}",
                crate::model::words::count(entries.len(), "record"),
                if is_objected_to(entries) { "; an objection among them stands" } else { "" }
            )
        })
        .collect()
}

/// Whether an objection among these was never taken back.
fn is_objected_to(entries: &[&Entry]) -> bool {
    let taken_back = |objection: &Entry| {
        entries.iter().any(|entry| {
            matches!(&entry.record.statement, Statement::Withdrawal { of, .. } if of == &objection.id)
                && entry.author.is(objection.author.email.as_str())
        })
    };
    entries.iter().any(|entry| {
        matches!(entry.record.statement, Statement::Objection { .. }) && !taken_back(entry)
    })
}

#[cfg(test)]
mod tests;
