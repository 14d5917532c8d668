//! `gonogo lint`: every mistake in a checklist. Nothing is run.

use std::path::PathBuf;

use clap::Args;

use crate::checklist::{self, Choice, Loaded};
use crate::repo::Repo;

use super::failure::Failure;
use super::global::Global;
use super::{Ending, print};

/// `gonogo lint`
#[derive(Args, Debug)]
pub(super) struct LintArgs {
    /// The file; without it the checklist that gonogo would load
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

pub(super) fn run(global: &Global, args: &LintArgs) -> Result<Ending, Failure> {
    let loaded = load(global, args)?;
    print(|out| {
        if !loaded.warnings.is_empty() {
            let colour = super::colours_on_stdout();
            writeln!(out, "{}\n", checklist::render_all(&loaded.warnings, colour))?;
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

/// A named file needs no repository; what gonogo would find by itself does.
fn load(global: &Global, args: &LintArgs) -> Result<Loaded, Failure> {
    let folder = global.folder();
    let repo = Repo::discover(&folder);
    let choice = args.file.clone().map_or_else(|| global.choice(), Choice::Path);
    let loaded = match (&choice, repo) {
        (Choice::Path(file), repo) => checklist::lint_file(repo.ok().as_ref(), &folder.join(file)),
        (Choice::Builtin(name), _) => checklist::lint_builtin(name),
        (Choice::Find, Ok(repo)) => checklist::load(&repo, &choice, &folder),
        (Choice::Find, Err(error)) => return Err(Failure::Failed(error.to_string())),
    };
    loaded.map_err(|error| Failure::Usage(error.render(super::colours_on_stderr())))
}
