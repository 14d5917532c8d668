//! `gonogo completions`: what a shell completes. Nothing is run to complete.

use clap::Args;

use super::failure::Failure;
use super::{Ending, print};

/// `gonogo completions`
#[derive(Args, Debug)]
pub(super) struct CompletionsArgs {
    /// Which shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

pub(super) fn run(args: &CompletionsArgs, command: &mut clap::Command) -> Result<Ending, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "gonogo", &mut script);
    print(|out| out.write_all(&script))?;
    Ok(Ending::Good)
}
