//! `gonogo list`: the items of the checklist. Nothing is run.

use crate::checklist;
use crate::repo::Repo;
use crate::report;

use super::args::{Global, List};
use super::failure::Failure;
use super::{Ending, print};

pub(super) fn run(global: &Global, args: &List) -> Result<Ending, Failure> {
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
