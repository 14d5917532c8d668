//! `gonogo sign`, `object`, `waive`, `withdraw` and `overrule`: records from the command line.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use clap::Args;
use jiff::Timestamp;

use crate::ledger::Act;
use crate::model::words::count;
use crate::model::{Date, ItemId, ItemResult};
use crate::report;
use crate::session::{Draft, Session};

use super::failure::Failure;
use super::global::Global;
use super::{Ending, print, run};

/// `gonogo sign`
#[derive(Args, Debug)]
pub(super) struct SignArgs {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// What you looked at, in your words
    #[arg(short, long = "message", value_name = "NOTE", default_value = "")]
    pub message: String,
}

/// `gonogo object`
#[derive(Args, Debug)]
pub(super) struct ObjectArgs {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// What does not hold
    #[arg(short, long = "message", value_name = "REASON")]
    pub message: String,
}

/// `gonogo waive`
#[derive(Args, Debug)]
pub(super) struct WaiveArgs {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// The last day on which the waiver holds, in UTC, such as 2026-03-31; or a
    /// duration from now, such as 30d
    #[arg(long, value_name = "DATE|DURATION", value_parser = last_day)]
    pub until: Date,
    /// Why it can be accepted until then
    #[arg(short, long = "message", value_name = "REASON")]
    pub message: String,
}

/// `gonogo withdraw`
#[derive(Args, Debug)]
pub(super) struct WithdrawArgs {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// Why
    #[arg(short, long = "message", value_name = "NOTE", default_value = "")]
    pub message: String,
}

/// `gonogo overrule`
#[derive(Args, Debug)]
pub(super) struct OverruleArgs {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// The objection's record, by its first digits, as `gonogo log` names it
    #[arg(value_name = "RECORD")]
    pub record: String,
    /// Why it no longer counts
    #[arg(short, long = "message", value_name = "REASON")]
    pub message: String,
}

pub(super) fn sign(global: &Global, args: &SignArgs) -> Result<Ending, Failure> {
    make(global, Act::SignOff, &args.item, &args.message, None)
}

pub(super) fn object(global: &Global, args: &ObjectArgs) -> Result<Ending, Failure> {
    make(global, Act::Objection, &args.item, &args.message, None)
}

pub(super) fn waive(global: &Global, args: &WaiveArgs) -> Result<Ending, Failure> {
    make(global, Act::Waiver, &args.item, &args.message, Some(args.until))
}

pub(super) fn withdraw(global: &Global, args: &WithdrawArgs) -> Result<Ending, Failure> {
    let session = run::open(global)?;
    let (draft, taken_back) = session.draft_withdrawal(&args.item)?;
    let id = session.commit(draft, &args.message, &run::waiting)?;
    let item = session.checklist.item(&args.item).filter(|item| item.disabled.is_none());
    let results = match item {
        Some(item) => run::checks(&session, Some(std::slice::from_ref(&item.id)), global.offline)?,
        None => HashMap::new(),
    };
    print(|out| {
        writeln!(
            out,
            "withdrew your {} {} `{}` ({}), recorded as {}",
            taken_back.record.statement.act().word(),
            preposition(taken_back.record.statement.act()),
            args.item,
            taken_back.id.short(),
            id.short()
        )
    })?;
    next(&session, &args.item, &results)
}

pub(super) fn overrule(global: &Global, args: &OverruleArgs) -> Result<Ending, Failure> {
    let session = run::open(global)?;
    let item = session.checklist.item(&args.item).filter(|item| item.disabled.is_none());
    let results = match item {
        Some(item) => run::checks(&session, Some(std::slice::from_ref(&item.id)), global.offline)?,
        None => HashMap::new(),
    };
    let (draft, objection) = session.draft_overruling(&args.item, &args.record, &results)?;
    let id = session.commit(draft, &args.message, &run::waiting)?;
    print(|out| {
        writeln!(
            out,
            "overruled the objection of {} to `{}` ({}), recorded as {}",
            objection.author,
            args.item,
            objection.id.short(),
            id.short()
        )
    })?;
    next(&session, &args.item, &results)
}

fn make(
    global: &Global,
    act: Act,
    item: &ItemId,
    note: &str,
    until: Option<Date>,
) -> Result<Ending, Failure> {
    let session = run::open(global)?;
    session.item(item)?;
    let results = match act {
        Act::Objection => HashMap::new(),
        _ => run::checks(&session, Some(std::slice::from_ref(item)), global.offline)?,
    };
    let draft = session.draft(act, item, &results, until)?;
    let accepted = accepted(&draft, results.get(item));
    write(&session, draft, note, accepted)?;
    next(&session, item, &results)
}

/// An objection is to an item, the others are of one.
fn preposition(act: Act) -> &'static str {
    if act == Act::Objection { "to" } else { "of" }
}

/// Says where the item stands with the new record, and what comes next.
fn next(
    session: &Session,
    item: &ItemId,
    results: &HashMap<ItemId, ItemResult>,
) -> Result<Ending, Failure> {
    let session = session.refreshed()?;
    let assessment = session.assess(results, Timestamp::now());
    let repository = run::repository(&session);
    let page = run::page(&session, &repository, results, &assessment);
    print(|out| report::after_record(&page, page.row(item).as_ref(), out))?;
    Ok(Ending::Good)
}

/// What the record accepts, in words: findings by their number, what is not known
/// and errors by the first.
fn accepted(draft: &Draft, result: Option<&ItemResult>) -> Option<String> {
    if draft.record.statement.accepted().is_empty() {
        return None;
    }
    let result = result?;
    let more = |all: usize| match all {
        0 | 1 => String::new(),
        all => format!(" and {} more", all - 1),
    };
    let findings = match result.findings().count() {
        0 => None,
        number => Some(count(number, "finding")),
    };
    let need = result
        .needs()
        .next()
        .map(|need| format!("what is not known: {}{}", need.message, more(result.needs().count())));
    let error = result.errors().next().map(|error| {
        format!("that a check could not look: {error}{}", more(result.errors().count()))
    });
    let all: Vec<String> = [findings, need, error].into_iter().flatten().collect();
    Some(all.join("; "))
}

fn write(
    session: &Session,
    draft: Draft,
    note: &str,
    accepted: Option<String>,
) -> Result<(), Failure> {
    if let Some(rewound) = &session.seen.rewound {
        // as with every warning, nobody need read it
        let _ = writeln!(anstream::stderr(), "warning: {rewound}");
    }
    for warning in &draft.warnings {
        // a warning that nobody can read stops nothing
        let _ = writeln!(anstream::stderr(), "warning: {warning}");
    }
    let record = draft.record.clone();
    let author = draft.author.clone();
    let latest = draft.latest;
    let id = session.commit(draft, note, &run::waiting)?;
    print(|out| {
        let until = match (record.statement.until(), latest) {
            (Some(asked), Some(latest)) if latest < asked => {
                format!(" until {latest}, the longest that the checklist allows (not {asked})")
            }
            (asked, _) => asked.map(|day| format!(" until {day}")).unwrap_or_default(),
        };
        writeln!(
            out,
            "{} {} `{}`{until} by {author} on {}, recorded as {}",
            record.statement.act().word(),
            preposition(record.statement.act()),
            record.item,
            record.commit.short(),
            id.short()
        )?;
        let covered = record.statement.covered().map_or(0, BTreeMap::len);
        if covered > 0 {
            writeln!(out, "  covers {}", count(covered, "file"))?;
        }
        if let Some(accepted) = accepted {
            writeln!(out, "  accepts {accepted}")?;
        }
        Ok(())
    })
}

fn last_day(text: &str) -> Result<Date, String> {
    Date::given(text, jiff::Timestamp::now())
}
