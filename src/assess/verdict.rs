//! What all items add up to: GO, or what is in the way.

use crate::assess::assessment::{
    AssessedRecord, Assessment, ItemAssessment, Standing, Verdict, counts,
};
use crate::assess::basis::Evidence;
use crate::assess::gathered::{self, Note};
use crate::assess::rule::{Blocker, Rule};
use crate::assess::standing::{counting, objections};
use crate::assess::{blocker, notes};
use crate::checklist::{Gate, Item, Uncommitted};
use crate::ledger::Act;
use crate::model::{ItemId, Severity};

/// Whether an item blocks a GO. A pending one does whatever its
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
    noticed: Vec<Note>,
) -> Assessment {
    let basis = evidence.basis;
    let resting = blocker::resting(evidence, &items);
    let mut blockers = blocker::broken(evidence, &items, &resting);
    blockers.extend(objections);
    let mut all = notes::on_basis(evidence, &items, &resting);
    all.extend(noticed);
    let known = basis.checklist_notes.iter().chain(&basis.ledger.notes).cloned();
    let go = blockers.is_empty() && !items.iter().any(|item| item.blocks);
    let uncommitted = !basis.uncommitted.tracked.is_empty() || resting.iter().any(Option::is_some);
    Assessment {
        verdict: if go { Verdict::Go } else { Verdict::NoGo },
        of_work_tree: evidence.checklist.gate.uncommitted == Uncommitted::Warn && uncommitted,
        counts: counts(&items),
        items,
        gone: Vec::new(),
        blockers,
        notes: gathered::told(&all).into_iter().chain(known).collect(),
        noticed: all,
    }
}

/// Disabling an item does not silence whoever objects to it.
pub(super) fn silenced(item: &Item, records: &[AssessedRecord]) -> Option<Blocker> {
    let reason = item.disabled.as_ref()?;
    let stand = objections(records)?.stand();
    let message = format!(
        "`{}` is switched off ({reason}), and yet {stand}: {}",
        item.id,
        commands(&item.id, records)
    );
    Some(Blocker::new(Rule::Objection, message).on(&item.id))
}

/// Nor does removing it from the checklist.
pub(super) fn removed(id: &ItemId, records: &[AssessedRecord]) -> Option<Blocker> {
    let stand = objections(records)?.stand();
    let message = format!(
        "`{id}` is not in the checklist any more, and yet {stand}: {}",
        commands(id, records)
    );
    Some(Blocker::new(Rule::Objection, message).on(id))
}

/// How the first of these objections is withdrawn or overruled.
fn commands(id: &ItemId, records: &[AssessedRecord]) -> String {
    let mut objections = counting(records, Act::Objection);
    let record = objections.next().map_or("RECORD", |entry| entry.id.short());
    format!("`gonogo withdraw {id}`, or `gonogo overrule {id} {record} -m \"REASON\"`")
}

#[cfg(test)]
mod tests;
