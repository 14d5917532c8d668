//! The command itself: write the demo, say what to try, open the screen.

use std::path::Path;

use crate::cli::failure::Failure;
use crate::cli::global::{Global, Screen};
use crate::cli::{Ending, print, screen};
use crate::ledger::seen;
use crate::model::words;
use crate::repo::{Repo, StateFolder};

use super::{DemoArgs, DemoError, write};

/// A demo that was here before had a ledger of its own, which nobody misses.
fn forget(root: &Path) -> Result<(), Failure> {
    let Some(state) = StateFolder::of_person() else { return Ok(()) };
    let repo = Repo::discover(root).map_err(|error| Failure::Failed(error.to_string()))?;
    // what cannot be remembered cannot be missed either
    let _ = seen::forget(&repo, &state);
    Ok(())
}

pub(crate) fn run(args: &DemoArgs, global: &Global, before: &Screen) -> Result<Ending, Failure> {
    let folder = match &args.into {
        Some(folder) => global.folder().join(folder),
        // kept, so that it can be looked at after the screen was left
        None => tempfile::Builder::new()
            .prefix("gonogo-demo-")
            .tempdir()
            .map_err(|error| {
                Failure::Failed(format!(
                    "could not make a temporary folder: {}",
                    words::system(&error)
                ))
            })?
            .keep()
            .join("kiosk"),
    };
    let info = write(&folder).map_err(|error| match error {
        DemoError::NotEmpty(_) => Failure::Usage(error.to_string()),
        other => Failure::Failed(other.to_string()),
    })?;
    forget(&info.root)?;
    let lines = info.to_try();
    print(|out| {
        for line in &lines {
            writeln!(out, "{line}")?;
        }
        Ok(())
    })?;
    if args.no_open || !screen::is_possible() {
        return Ok(Ending::Good);
    }
    let global = Global { folder: Some(info.root.clone()), checklist: None, ..global.clone() };
    let hint = lines.into_iter().nth(1);
    // leaving the demo is fine whatever its verdict
    let ending = match screen::open(&global, &args.screen.or(before), hint)? {
        Ending::NoGo => Ending::Good,
        other => other,
    };
    print(|out| {
        let place = info.root.display();
        writeln!(
            out,
            "the demo stays in {place}: open it again with `gonogo -C {place}`, or delete the folder"
        )
    })?;
    Ok(ending)
}
