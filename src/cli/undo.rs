//! `gonogo undo`: takes the latest fix back.

use crate::fix;
use crate::repo::{Repo, StateFolder};

use super::args::{self, Global};
use super::failure::Failure;
use super::{Ending, print, run};

pub fn run(global: &Global, args: &args::Undo) -> Result<Ending, Failure> {
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
    if args.skip
        && let Some(skipped) = kept.pop()
    {
        fix::forget(&repo, &state, &skipped)?;
        print(|out| writeln!(out, "stays: {}", skipped.title()))?;
    }
    let Some(undo) = kept.pop() else {
        return Err(failed("no fix is remembered here that could be undone"));
    };
    if !undo.is_possible() {
        return Err(Failure::Failed(format!(
            "the latest fix was: {}; what it replaced was not kept, since secrets never are. `gonogo undo --skip` leaves it as it is and undoes the one before",
            undo.title()
        )));
    }
    let notes = fix::undo(&repo, Some(&state), &undo)?;
    print(|out| {
        writeln!(out, "undone: {}", undo.title())?;
        undo.changes().iter().chain(&notes).try_for_each(|line| writeln!(out, "  {line}"))
    })?;
    Ok(Ending::Good)
}
