//! What blocks nothing and should be known.

use jiff::{SignedDuration, Timestamp};

use crate::assess::assessment::{AssessedRecord, ItemAssessment, RecordState, Standing};
use crate::assess::basis::{Evidence, Sharing};
use crate::assess::gathered::{Alike, Note};
use crate::assess::records::Grounds;
use crate::assess::standing::{people, waiver};
use crate::assess::{clock, words};
use crate::checklist::{LedgerRule, Uncommitted};
use crate::ledger::Statement;
use crate::model::{Date, ItemId, RepoPath};

/// A waiver that ends so soon is announced.
const SOON: SignedDuration = SignedDuration::from_hours(7 * 24);

/// So many files are named.
const MOST: usize = 5;

/// About the checklist, the work tree and the ledger.
pub(super) fn on_basis(
    evidence: &Evidence<'_>,
    items: &[ItemAssessment],
    resting: &[Option<&RepoPath>],
) -> Vec<Note> {
    let mut notes: Vec<Note> = overdue_review(evidence).map(Note::general).into_iter().collect();
    if evidence.checklist.gate.uncommitted == Uncommitted::Warn {
        notes.extend(on_uncommitted(evidence).map(Note::general));
        notes.extend(items.iter().zip(resting).filter_map(|(item, path)| {
            let path = (*path)?;
            let said = format!("`{}` rests on `{path}`, which is not committed", item.id);
            Some(Note::on(&item.id, said))
        }));
    }
    if evidence.basis.uncommitted.without_modes {
        let said = "git compares no permissions here (`core.fileMode` is false), so a file that was made executable, or is no more, does not show as changed";
        notes.push(Note::general(said));
    }
    notes.extend(evidence.basis.uncommitted.operation.map(|operation| {
        Note::general(format!(
            "{operation} is not finished here; the verdict is about the commit that is checked out meanwhile"
        ))
    }));
    notes.extend(on_filters(evidence).map(Note::general));
    let blocks =
        !evidence.checklist.team.is_empty() && evidence.checklist.gate.ledger != LedgerRule::Local;
    let vanished = evidence.basis.ledger.vanished.as_ref().filter(|_| !blocks);
    notes.extend(vanished.map(|vanished| Note::general(vanished.to_string())));
    notes.extend(on_ledger(evidence).map(Note::general));
    notes
}

/// Files of which only git says that they are as committed.
fn on_filters(evidence: &Evidence<'_>) -> Option<String> {
    let files = &evidence.basis.uncommitted.behind_filters;
    let (_, filter) = files.first()?;
    let named: Vec<String> = files.iter().map(|(path, _)| path.to_string()).collect();
    Some(format!(
        "{} taken for unchanged on git's word, since the filter `{filter}` stands before {} and is not run: {}",
        match files.len() {
            1 => "1 file is".to_owned(),
            count => format!("{count} files are"),
        },
        if files.len() == 1 { "it" } else { "them" },
        crate::model::words::list(&named, MOST)
    ))
}

/// About one item.
pub(super) fn on_item(
    evidence: &Evidence<'_>,
    grounds: &Grounds<'_>,
    item: &ItemAssessment,
) -> Vec<Note> {
    let mut notes: Vec<Note> = on_waiver(grounds, item).into_iter().collect();
    notes.extend(on_covered(evidence, grounds, item));
    notes.extend(on_people(grounds, item));
    notes.extend(on_records(grounds, &item.id, &item.records));
    notes
}

/// About the records of an item, which may be in the checklist no longer.
pub(super) fn on_records(
    grounds: &Grounds<'_>,
    id: &ItemId,
    records: &[AssessedRecord],
) -> Vec<Note> {
    let mut notes = Vec::new();
    let on = |said| Note::on(id, said);
    for record in records {
        notes.extend(on_clock(id, record, grounds.now).map(on));
        notes.extend(on_author(id, record));
        notes.extend(on_overruling(grounds, id, record).map(on));
        notes.extend(on_own(grounds, id, record).map(on));
    }
    notes
}

/// Several people vouch for it who may be fewer.
fn on_people(grounds: &Grounds<'_>, item: &ItemAssessment) -> Vec<Note> {
    let several = grounds.policy().is_some_and(|policy| policy.count > 1);
    if !several || item.standing != Standing::SignedOff {
        return Vec::new();
    }
    let people = people(grounds, &item.records);
    let mut notes = Vec::new();
    for (nth, one) in people.iter().flatten().enumerate() {
        for other in people.iter().flatten().skip(nth + 1) {
            let Some(why) = grounds.people.alike(&one.author, &other.author) else { continue };
            if grounds.people.are_one(one, other) {
                continue;
            }
            notes.push(Note::on(
                &item.id,
                format!(
                    "the sign-offs of `{}` by {} and {} count as two people's, and {why}; if they are one person, say so in `.mailmap`",
                    item.id, one.author.email, other.author.email
                ),
            ));
        }
    }
    notes.extend(grounds.people.unread.iter().map(|why| {
        let said =
            format!("it is not known whether two who signed `{}` are one person: {why}", item.id);
        Note::on(&item.id, said)
    }));
    notes.truncate(MOST);
    notes
}

/// Records whose item the checklist does not have, when none of them blocks.
pub(super) fn on_removed(id: &ItemId, records: &[AssessedRecord]) -> Note {
    let are = if records.len() == 1 { "is" } else { "are" };
    let records = crate::model::words::count(records.len(), "record");
    Note::on(id, format!("{records} {are} about `{id}`, which is not in the checklist"))
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
    (!changed.is_empty()).then(|| {
        let named: Vec<String> = changed.iter().map(|(path, _)| path.to_string()).collect();
        format!(
            "{} not committed, which this checklist allows: {}",
            match changed.len() {
                1 => "1 changed file is".to_owned(),
                more => format!("{more} changed files are"),
            },
            crate::model::words::list(&named, MOST)
        )
    })
}

/// What is known of the ledger elsewhere, where it does not block.
fn on_ledger(evidence: &Evidence<'_>) -> Option<String> {
    let team = !evidence.checklist.team.is_empty();
    if evidence.checklist.gate.ledger == LedgerRule::Local {
        let refused = evidence.basis.ledger.refused.as_ref();
        let stays = "the ledger stays on this machine, as the checklist says".to_owned();
        return Some(refused.map_or(stays, ToString::to_string));
    }
    match &evidence.basis.ledger.sharing {
        Sharing::Never(remote) if !team => Some(format!(
            "the ledger was never synced with `{remote}`; `gonogo sync` fetches what others said"
        )),
        Sharing::Gone(remote) if !team => Some(format!(
            "the ledger was synced with `{remote}`, which is not a remote any more; what others say there is not known"
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
fn on_waiver(grounds: &Grounds<'_>, item: &ItemAssessment) -> Option<Note> {
    let (waiver, last) = waiver(grounds, &item.records)?;
    let who = words::who_when(waiver);
    match item.standing {
        Standing::Waived if last.end().duration_since(grounds.now) <= SOON => {
            Some(Note::on(&item.id, format!("the waiver of `{}` by {who} ends on {last}", item.id)))
        }
        Standing::Passed | Standing::SignedOff | Standing::NotApplicable => {
            let said = format!(
                "the waiver of `{}` by {who} is not needed any more: the item is {}",
                item.id,
                item.standing.word()
            );
            Some(Note::on(&item.id, said).alike(Alike::NotNeeded, format!("`{}`", item.id)))
        }
        _ => None,
    }
}

/// A sign-off that holds for the commit, while a file that it covers is changed:
/// told before the commit makes it stale.
fn on_covered(
    evidence: &Evidence<'_>,
    grounds: &Grounds<'_>,
    item: &ItemAssessment,
) -> Option<Note> {
    if item.standing != Standing::SignedOff {
        return None;
    }
    let globs = grounds.policy()?.covers?;
    let around = &evidence.basis.uncommitted;
    let changed: Vec<String> = around
        .tracked
        .iter()
        .map(|(path, _)| path)
        .chain(&around.untracked)
        .filter(|path| globs.matches(path))
        .map(|path| format!("`{path}`"))
        .collect();
    (!changed.is_empty()).then(|| {
        let files = crate::model::words::list(&changed, MOST);
        let said = format!("committing {files} makes the sign-off of `{}` stale", item.id);
        Note::on(&item.id, said).alike(Alike::EndsWithCommit, format!("`{}`", item.id))
    })
}

/// A record whose author's clock was wrong.
fn on_clock(id: &ItemId, record: &AssessedRecord, now: Timestamp) -> Option<String> {
    let counts = match record.state {
        RecordState::Counts | RecordState::Withdrawal => "it counts, but a clock is wrong",
        RecordState::NotCounted(_) => "it does not count",
        _ => return None,
    };
    let entry = &record.entry;
    clock::is_far_ahead(entry.at, now).then(|| {
        format!(
            "the {} about `{id}` by {} is dated {}, which is in the future; {counts}",
            entry.record.statement.act().word(),
            entry.author.email,
            Date::of(entry.at)
        )
    })
}

/// An author is a claim; one that the committer does not share is told wherever
/// the record has an effect.
fn on_author(id: &ItemId, record: &AssessedRecord) -> Option<Note> {
    let effective = matches!(record.state, RecordState::Counts | RecordState::Withdrawal);
    let entry = &record.entry;
    (effective && entry.is_by_another()).then(|| {
        let (author, committer) = (&entry.author.email, &entry.committer.email);
        let name = format!("the {} about `{id}`", entry.record.statement.act().word());
        let said = format!("{name} names {author} as its author, and {committer} wrote it");
        let alike =
            Alike::ByAnother { author: author.to_string(), committer: committer.to_string() };
        Note::on(id, said).alike(alike, name)
    })
}

/// An overruling whose author may be the one who objected.
fn on_own(grounds: &Grounds<'_>, id: &ItemId, record: &AssessedRecord) -> Option<String> {
    let Statement::Overruling { of, .. } = &record.entry.record.statement else { return None };
    let objector = &grounds.ledger.entry(of)?.author;
    let by = &record.entry.author;
    let why = grounds.people.alike(by, objector).filter(|_| record.state == RecordState::Counts)?;
    Some(format!(
        "the objection to `{id}` by {} was overruled by {}, and {why}; nobody overrules their own",
        objector.email, by.email
    ))
}

/// An overruling that no role was asked for is told.
fn on_overruling(grounds: &Grounds<'_>, id: &ItemId, record: &AssessedRecord) -> Option<String> {
    let counts = record.state == RecordState::Counts
        && matches!(record.entry.record.statement, Statement::Overruling { .. });
    (counts && grounds.checklist.gate.overrule.is_none()).then(|| {
        format!(
            "an objection to `{id}` was overruled by {}; the checklist names no role that may (`gate: {{ overrule: … }}`)",
            words::who_when(&record.entry)
        )
    })
}

#[cfg(test)]
mod tests;
