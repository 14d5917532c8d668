//! `gonogo fix`: shows what a fix changes, asks, does it, and says how to undo it.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;

use crate::check::Fix;
use crate::fix;
use crate::model::{ItemId, ItemOutcome, Plan, RepoPath};
use crate::repo::{Repo, StateFolder};
use crate::session::Session;

use super::failure::Failure;
use super::global::Global;
use super::{Ending, ask, print, run};

/// `gonogo fix`
#[derive(Args, Debug)]
pub(super) struct FixArgs {
    /// The items
    #[arg(value_name = "ID", required = true, num_args = 1..)]
    pub items: Vec<ItemId>,
    /// Agree to all that is shown, without being asked
    #[arg(long)]
    pub yes: bool,
    /// Agree to lose a value that is not a placeholder, too
    #[arg(long, requires = "yes")]
    pub force: bool,
    /// Only show what would change
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
}

pub(super) fn run(global: &Global, args: &FixArgs) -> Result<Ending, Failure> {
    run::writable(global)?;
    let session = run::open(global)?;
    let mut refused = Vec::new();
    let fixes = fixes(&session, global, args, &mut refused)?;
    let (mut done, mut shown) = (false, false);
    let several = args.items.len() > 1;
    if !args.dry_run {
        agreed_before(&session.repo, args, &fixes)?;
    }
    // what was only shown is not in the files when the next one is planned
    let mut planned = Vec::new();
    for (id, chosen) in &fixes {
        if several && args.dry_run {
            print(|out| writeln!(out, "{id}:"))?;
        }
        let steps = fix::steps(&session.repo, chosen)?;
        for (nth, step) in steps.iter().enumerate() {
            let ahead = steps.get(nth + 1..).unwrap_or_default();
            let answer = match one(&session.repo, args, step, ahead, &mut planned) {
                // what is only shown is shown of all items
                Err(Failure::Failed(why)) if args.dry_run => {
                    refused.push(why);
                    break;
                }
                answer => answer?,
            };
            match answer {
                Answer::Done => done = true,
                Answer::Nothing => {}
                Answer::Shown => {
                    shown = true;
                    break;
                }
                Answer::No => return Ok(Ending::Good),
            }
        }
    }
    if !refused.is_empty() {
        return Err(Failure::Failed(refused.join("; ")));
    }
    if shown && !args.dry_run {
        return Err(Failure::Usage(
            "nothing was changed: there is no terminal to ask on; `--yes` agrees to what is shown"
                .to_owned(),
        ));
    }
    if done {
        print(|out| writeln!(out, "`gonogo check` says what holds now"))?;
    }
    Ok(Ending::Good)
}

/// A fix with the item that it is for.
type Offered = (ItemId, Arc<dyn Fix>);

/// What can be done about the items, in the order in which it is to be done. When
/// it is only shown, what cannot be done is added to `refused`.
fn fixes(
    session: &Session,
    global: &Global,
    args: &FixArgs,
    refused: &mut Vec<String>,
) -> Result<Vec<Offered>, Failure> {
    for id in &args.items {
        session.item(id)?;
    }
    let results = run::checks(session, Some(&args.items), global.offline)?;
    let mut fixes = Vec::new();
    let mut refuse = |why: String| match args.dry_run {
        true => {
            refused.push(why);
            Ok(())
        }
        false => Err(Failure::Failed(why)),
    };
    for id in &args.items {
        let item = session.item(id)?;
        let Some(result) = results.get(id) else {
            refuse(format!(
                "`{id}` has no check, so there is nothing that gonogo could fix; `gonogo show {id}` says what it waits for"
            ))?;
            continue;
        };
        let of_item = item.fixes(result);
        if matches!(result.outcome(), ItemOutcome::Holds | ItemOutcome::NotApplicable) {
            print(|out| writeln!(out, "nothing to fix: the checks of `{id}` do not fail"))?;
        } else if of_item.is_empty() {
            refuse(match result.errors().next() {
                Some(error) => {
                    format!("`{id}` could not be looked at, so nothing was fixed: {error}")
                }
                None => format!(
                    "there is no automatic fix of `{id}`; `gonogo show {id}` says how to fix it"
                ),
            })?;
        }
        fixes.extend(of_item.into_iter().map(|fix| (id.clone(), fix)));
    }
    Ok(fix::ordered(fixes))
}

/// Refuses what one of the fixes would be refused for, before the first of them
/// changes anything.
fn agreed_before(repo: &Repo, args: &FixArgs, fixes: &[Offered]) -> Result<(), Failure> {
    for (_, chosen) in fixes {
        let losses = fix::foreseen(repo, &fix::steps(repo, chosen)?)?;
        if let Some(loss) = losses.first().filter(|_| args.yes && !args.force) {
            print(|out| writeln!(out, "{}\n  warning: {}", chosen.title(), loss.what))?;
            return Err(Failure::Failed(format!(
                "nothing was changed: {}; `--yes --force` agrees to that",
                loss.what
            )));
        }
    }
    Ok(())
}

enum Answer {
    /// It was done.
    Done,
    /// Nothing was left to do.
    Nothing,
    /// It was only shown; what comes after it cannot be planned yet.
    Shown,
    /// The person does not want it.
    No,
}

fn one(
    repo: &Repo,
    args: &FixArgs,
    step: &Arc<dyn Fix>,
    ahead: &[Arc<dyn Fix>],
    planned: &mut Vec<RepoPath>,
) -> Result<Answer, Failure> {
    let before = planned.len();
    if !args.dry_run {
        planned.clear();
    }
    let whole = step;
    let step = &fix::narrowed(repo, whole, planned)?;
    let plan = fix::plan(repo, step.as_ref())?;
    if plan.is_nothing() && before > 0 && args.dry_run {
        let is_left = !fix::plan(repo, whole.as_ref())?.is_nothing();
        if is_left {
            print(|out| {
                writeln!(out, "shown above: {}", whole.title())?;
                ahead.iter().try_for_each(|next| writeln!(out, "  after that: {}", next.title()))
            })?;
            return Ok(Answer::Shown);
        }
    }
    if plan.is_nothing() {
        print(|out| {
            writeln!(out, "nothing is left to do: {}", whole.title())?;
            plan.changes.iter().try_for_each(|why| writeln!(out, "  {why}"))
        })?;
        return Ok(Answer::Nothing);
    }
    show(step.as_ref(), &plan, ahead)?;
    let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if args.dry_run || (!args.yes && !terminal) {
        return Ok(Answer::Shown);
    }
    if args.yes {
        if let Some(loss) = plan.loses.as_ref().filter(|_| !args.force) {
            return Err(Failure::Failed(format!("{}; `--yes --force` agrees to that", loss.what)));
        }
    } else if !asked(&plan)? {
        print(|out| writeln!(out, "not done: {}", step.title()))?;
        return Ok(Answer::No);
    }
    let state = StateFolder::of_person();
    let applied = fix::apply(repo, state.as_ref(), &step.title(), &plan, Timestamp::now())?;
    print(|out| {
        writeln!(out, "done: {}", step.title())?;
        applied.notes.iter().try_for_each(|note| writeln!(out, "  {note}"))?;
        if applied.notes.is_empty() {
            writeln!(out, "  `gonogo undo` takes it back")?;
        }
        Ok(())
    })?;
    Ok(Answer::Done)
}

fn show(step: &dyn Fix, plan: &Plan, ahead: &[Arc<dyn Fix>]) -> Result<(), Failure> {
    print(|out| {
        writeln!(out, "{}", step.title())?;
        plan.changes.iter().try_for_each(|change| writeln!(out, "  - {change}"))?;
        writeln!(out)?;
        plan.diff.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
        writeln!(out)?;
        if let Some(loss) = &plan.loses {
            writeln!(out, "  warning: {}", loss.what)?;
        }
        ahead.iter().try_for_each(|next| writeln!(out, "  after that: {}", next.title()))
    })
}

/// Whether the person agrees.
fn asked(plan: &Plan) -> Result<bool, Failure> {
    match &plan.loses {
        Some(loss) => ask::typed(&format!("Type {} to agree: ", loss.typed), loss.typed.as_str()),
        None => ask::yes("Do it? [y/N] ", &["y", "yes"]),
    }
}
