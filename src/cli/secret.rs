//! `gonogo secret`: a fresh secret, printed or put into the env file.

use jiff::Timestamp;
use secrecy::ExposeSecret;

use crate::check::Fix as _;
use crate::check::fixes::{GenerateSecret, generate, named_variable as named};
use crate::fix;
use crate::model::FixError;
use crate::repo::{Repo, StateFolder};

use super::args::{Global, Secret};
use super::failure::Failure;
use super::{Ending, print, run};

pub(super) fn run(global: &Global, args: &Secret) -> Result<Ending, Failure> {
    run::writable(global)?;
    let Some(key) = &args.write else {
        let secret = generate(usize::from(args.bytes), args.format.into())?;
        // printing it is what the person asked for
        print(|out| writeln!(out, "{}", secret.expose_secret()))?;
        return Ok(Ending::Good);
    };
    named(key).map_err(|error| Failure::Usage(error.to_string()))?;
    let repo =
        Repo::discover(&global.folder()).map_err(|error| Failure::Failed(error.to_string()))?;
    let fix = GenerateSecret {
        file: args.file.clone(),
        key: key.clone(),
        bytes: usize::from(args.bytes),
        format: args.format.into(),
    };
    let plan = fix::plan(&repo, &fix)?;
    if let Some(loss) = plan.loses.as_ref().filter(|_| !args.force) {
        return Err(Failure::Failed(format!("{}; `--force` overwrites it", loss.what)));
    }
    let state = StateFolder::of_person();
    fix::apply(&repo, state.as_ref(), &fix.title(), &plan, Timestamp::now())?;
    print(|out| plan.changes.iter().try_for_each(|change| writeln!(out, "{change}")))?;
    Ok(Ending::Good)
}

impl From<FixError> for Failure {
    fn from(error: FixError) -> Self {
        Self::Failed(error.to_string())
    }
}
