//! `gonogo completions`: what a shell completes. Nothing is run to complete.

use clap::CommandFactory;

use super::args::{Cli, Completions};
use super::failure::Failure;
use super::{Ending, print};

pub(super) fn run(args: &Completions) -> Result<Ending, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gonogo", &mut script);
    print(|out| out.write_all(&script))?;
    Ok(Ending::Good)
}
