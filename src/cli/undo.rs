//! `gonogo undo`: shows what taking the latest fix back changes, asks, does it.

use std::io::{self, IsTerminal as _};

use clap::Args;

use crate::fix::{self, Undo};
use crate::repo::{Repo, StateFolder};

use super::failure::Failure;
use super::global::Global;
use super::{Ending, ask, print, run};

/// `gonogo undo`
#[derive(Args, Debug)]
pub(super) struct UndoArgs {
    /// List the fixes that are remembered here, the latest first
    #[arg(long)]
    pub list: bool,
    /// Keep the latest fix, forget it, and undo the one before
    #[arg(long, conflicts_with = "list")]
    pub skip: bool,
    /// Agree to what is shown, without being asked
    #[arg(long, conflicts_with = "list")]
    pub yes: bool,
    /// Only show what would change
    #[arg(long, conflicts_with_all = ["list", "yes", "skip"])]
    pub dry_run: bool,
}

pub(super) fn run(global: &Global, args: &UndoArgs) -> Result<Ending, Failure> {
    if !args.list {
        run::writable(global)?;
    }
    let failed = |text: &str| Failure::Failed(text.to_owned());
    let repo =
        Repo::discover(&global.folder()).map_err(|error| Failure::Failed(error.to_string()))?;
    let state = StateFolder::of_person()
        .ok_or_else(|| failed("this account has no home folder, so no fix is remembered"))?;
    let mut kept = fix::kept(&repo, &state)?;
    if args.list {
        print(|out| {
            if kept.is_empty() {
                writeln!(out, "no fix is remembered here")?;
            }
            kept.iter().rev().try_for_each(|undo| {
                let not = if undo.is_possible() { "" } else { " (cannot be undone: a secret)" };
                let at = undo.at().strftime("%Y-%m-%d %H:%M");
                writeln!(out, "{at} UTC  {}{not}", undo.title())
            })
        })?;
        return Ok(Ending::Good);
    }
    let skipped = if args.skip { kept.pop() } else { None };
    let Some(undo) = kept.pop() else {
        if let Some(skipped) = skipped {
            return leave(&repo, &state, &skipped).map(|()| Ending::Good);
        }
        return Err(failed("no fix is remembered here that could be undone"));
    };
    if !undo.is_possible() {
        return Err(Failure::Failed(format!(
            "the latest fix was: {}; what it replaced was not kept, since secrets never are. `gonogo undo --skip` leaves it as it is and undoes the one before",
            undo.title()
        )));
    }
    show(&repo, &undo)?;
    let exposed = undo.exposes(&repo)?;
    print(|out| exposed.iter().try_for_each(|what| writeln!(out, "  warning: {what}")))?;
    if args.dry_run {
        return Ok(Ending::Good);
    }
    if let Some(what) = exposed.first().filter(|_| args.yes) {
        return Err(Failure::Failed(format!(
            "nothing was undone: {what}; move that file out of the repository first, or agree without `--yes`"
        )));
    }
    if !args.yes {
        if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
            return Err(Failure::Usage(
                "nothing was changed: there is no terminal to ask on; `gonogo undo --yes` agrees to what is shown"
                    .to_owned(),
            ));
        }
        if !ask::yes("Undo it? [y/N] ", &["y", "yes"])? {
            print(|out| writeln!(out, "not undone: {}", undo.title()))?;
            return Ok(Ending::Good);
        }
    }
    if let Some(skipped) = &skipped {
        leave(&repo, &state, skipped)?;
    }
    let notes = fix::undo(&repo, Some(&state), &undo)?;
    print(|out| {
        writeln!(out, "undone: {}", undo.title())?;
        notes.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
        writeln!(out, "next: `gonogo check` says what holds now")
    })?;
    Ok(Ending::Good)
}

/// Leaves a fix as it is, and forgets it.
fn leave(repo: &Repo, state: &StateFolder, fix: &Undo) -> Result<(), Failure> {
    fix::forget(repo, state, fix)?;
    print(|out| writeln!(out, "kept as it is, and forgotten: {}", fix.title()))
}

/// What taking it back changes.
fn show(repo: &Repo, undo: &Undo) -> Result<(), Failure> {
    print(|out| {
        writeln!(out, "undo of: {}", undo.title())?;
        undo.changes().iter().try_for_each(|change| writeln!(out, "  - {change}"))?;
        writeln!(out)?;
        undo.diff(repo).iter().try_for_each(|line| writeln!(out, "    {line}"))?;
        writeln!(out)
    })
}
