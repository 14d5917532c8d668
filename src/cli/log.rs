//! `gonogo log`: the records, the newest first.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use crate::assess::{AssessedRecord, Assessment, RecordState, Rule};
use crate::ledger::{Act, Rewound, seen};
use crate::model::{CleanText, ItemId, words};
use crate::repo::StateFolder;
use crate::report;
use crate::session::Session;

use super::failure::Failure;
use super::global::Global;
use super::{Ending, print, run};

/// `gonogo log`
#[derive(Args, Debug)]
pub(super) struct LogArgs {
    /// Only of this item
    #[arg(value_name = "ID")]
    pub item: Option<ItemId>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Accept that the ledger lost records since it was last seen here
    #[arg(long)]
    pub accept_rewind: bool,
}

/// The form of a list of records.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

pub(super) fn run(global: &Global, args: &LogArgs) -> Result<Ending, Failure> {
    if args.accept_rewind {
        run::writable(global)?;
    }
    let mut session = run::open(global)?;
    if let Some(id) = &args.item {
        let known = session.ledger.entries.iter().any(|entry| &entry.record.item == id);
        if !known {
            session.item(id)?;
        }
    }
    if args.accept_rewind {
        let lost = accept_rewind(&mut session)?;
        print(|out| accepted_now(lost.as_ref(), out))?;
        return Ok(Ending::Good);
    }
    // whether a record on findings is stale needs the findings
    let items: BTreeSet<_> =
        session.ledger.entries.iter().map(|entry| entry.record.item.clone()).collect();
    let items: Vec<_> = items
        .into_iter()
        .filter(|id| args.item.as_ref().is_none_or(|wanted| wanted == id))
        .collect();
    let results = if items.is_empty() {
        HashMap::new()
    } else {
        run::checks(&session, Some(&items), global.offline)?
    };
    let now = Timestamp::now();
    let assessment = session.assess(&results, now);
    let order: HashMap<_, _> = session
        .ledger
        .entries
        .iter()
        .enumerate()
        .map(|(index, entry)| (&entry.id, index))
        .collect();
    let gone = gone(&assessment);
    let mut records: Vec<&AssessedRecord> = assessment
        .items
        .iter()
        .flat_map(|item| &item.records)
        .chain(&gone)
        .filter(|record| args.item.as_ref().is_none_or(|id| &record.entry.record.item == id))
        .collect();
    records.sort_by_key(|record| order.get(&record.entry.id));
    print(|out| match args.format {
        Format::Json => report::records_json(&records, out),
        Format::Text => {
            if records.is_empty() {
                writeln!(out, "no records yet")?;
            } else {
                report::records(&records, args.item.is_none(), now, out)?;
                writeln!(out, "{}", report::CLAIM)?;
            }
            for blocker in assessment.blockers.iter().filter(|one| one.rule == Rule::Objection) {
                writeln!(out, "attention: {}", blocker.message)?;
            }
            memories(&session, now, out)
        }
    })?;
    Ok(Ending::Good)
}

/// Accepts that records are gone, and looks again.
fn accept_rewind(session: &mut Session) -> Result<Option<Rewound>, Failure> {
    let state = StateFolder::of_person().ok_or_else(|| {
        Failure::Failed("this account has no home folder to remember it in".to_owned())
    })?;
    let accepted = seen::accept_rewind(&session.repo, &state, &session.ledger, Timestamp::now())
        .map_err(|error| Failure::Failed(error.to_string()))?;
    *session = session.refreshed()?;
    Ok(accepted.map(|(rewound, _)| rewound))
}

fn accepted_now(lost: Option<&Rewound>, out: &mut dyn Write) -> io::Result<()> {
    let Some(lost) = lost else {
        return writeln!(out, "the ledger lost nothing since it was last seen here");
    };
    writeln!(out, "accepted: the ledger no longer contains {}", lost.last_seen.short())?;
    for name in lost.named() {
        writeln!(out, "  gone: {name}")?;
    }
    if lost.incomplete {
        writeln!(out, "  and others that can no longer be read")?;
    }
    writeln!(out, "`gonogo log` lists what is left, and says that this was accepted")
}

/// What is remembered of the ledger outside of it.
fn memories(session: &Session, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    for accepted in &session.seen.accepted {
        let tip = match &accepted.tip {
            Some(tip) => format!("the tip {}", tip.short()),
            None => "that there was no ledger".to_owned(),
        };
        writeln!(
            out,
            "accepted here {}: {tip} in place of {}, {} lost",
            words::ago(accepted.at, now),
            accepted.last_seen.short(),
            accepted.missing
        )?;
    }
    if let Some(rewound) = &session.seen.rewound {
        writeln!(out, "attention: {rewound}")?;
        for name in rewound.named() {
            writeln!(out, "  gone: {name}")?;
        }
    }
    for note in &session.seen.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}

/// Records on items that the checklist no longer has. An objection among them
/// counts as any other.
fn gone(assessment: &Assessment) -> Vec<AssessedRecord> {
    let reason = CleanText::line("its item is not in the checklist");
    let mut gone = assessment.gone.clone();
    for record in &mut gone {
        let objects = record.entry.record.statement.act() == Act::Objection;
        if record.state == RecordState::Counts && !objects {
            record.state = RecordState::NotCounted(reason.clone());
        }
    }
    gone
}
