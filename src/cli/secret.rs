//! `gonogo secret`: a fresh secret, printed or put into the env file.

use secrecy::ExposeSecret;

use crate::fix::{self, SecretRequest};
use crate::repo::Repo;

use super::args::{Global, Secret};
use super::failure::Failure;
use super::{Ending, print};

pub fn run(global: &Global, args: &Secret) -> Result<Ending, Failure> {
    let Some(key) = &args.write else {
        let secret = fix::generate(usize::from(args.bytes), args.format.into())
            .map_err(|error| Failure::Failed(error.to_string()))?;
        // printing it is what the person asked for
        print(|out| writeln!(out, "{}", secret.expose_secret()))?;
        return Ok(Ending::Good);
    };
    let repo =
        Repo::discover(&global.folder()).map_err(|error| Failure::Failed(error.to_string()))?;
    let request = SecretRequest {
        file: args.file.clone(),
        key: key.clone(),
        bytes: usize::from(args.bytes),
        format: args.format.into(),
        force: args.force,
    };
    let plan =
        fix::write_secret(&repo, &request).map_err(|error| Failure::Failed(error.to_string()))?;
    print(|out| {
        for change in &plan.changes {
            writeln!(out, "{change}")?;
        }
        Ok(())
    })?;
    Ok(Ending::Good)
}
