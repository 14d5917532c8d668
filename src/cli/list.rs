//! `gonogo list`: the items of the checklist. Nothing is run.

use clap::Args;

use crate::checklist;
use crate::repo::Repo;
use crate::report;

use super::failure::Failure;
use super::global::Global;
use super::{Ending, print};

/// `gonogo list`
#[derive(Args, Debug)]
pub(super) struct ListArgs {
    /// List the built-in checklists instead
    #[arg(long)]
    pub builtins: bool,
}

pub(super) fn run(global: &Global, args: &ListArgs) -> Result<Ending, Failure> {
    if args.builtins {
        print(|out| {
            for builtin in checklist::builtins() {
                writeln!(out, "builtin:{:<20} {}", builtin.name, builtin.about)?;
            }
            Ok(())
        })?;
        return Ok(Ending::Good);
    }
    let folder = global.folder();
    let repo = Repo::discover(&folder).map_err(|error| Failure::Failed(error.to_string()))?;
    let loaded = checklist::load(&repo, &global.choice(), &folder)
        .map_err(|error| Failure::Usage(error.render(super::colours_on_stderr())))?;
    print(|out| report::list(&loaded.checklist, out))?;
    Ok(Ending::Good)
}
