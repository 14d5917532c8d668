//! `gonogo lint`: every mistake in a checklist.

use crate::checklist::{self, Choice};
use crate::repo::Repo;

use super::args::{Global, Lint};
use super::failure::Failure;
use super::{Ending, print};

pub fn run(global: &Global, args: &Lint) -> Result<Ending, Failure> {
    let folder = global.folder();
    let repo = Repo::discover(&folder).map_err(|error| Failure::Failed(error.to_string()))?;
    let choice = args.file.clone().map_or_else(|| global.choice(), Choice::Path);
    let loaded = checklist::load(&repo, &choice, &folder)
        .map_err(|error| Failure::Usage(error.render(super::colours_on_stderr())))?;
    print(|out| {
        for warning in &loaded.warnings {
            writeln!(out, "{}", warning.render(super::colours_on_stdout()))?;
        }
        let checklist = &loaded.checklist;
        let items = checklist.items().count();
        writeln!(
            out,
            "{}: {items} items in {} sections, no mistake",
            checklist.origin,
            checklist.sections.len()
        )
    })?;
    Ok(Ending::Good)
}
