//! The command line: one file for each subcommand.

mod args;
mod ask;
mod check;
mod completions;
mod demo;
mod failure;
mod fix;
mod global;
mod lint;
mod list;
mod log;
mod record;
mod run;
mod schema;
mod screen;
mod secret;
mod show;
mod sync;
mod undo;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use failure::Failure;

use crate::model::CleanText;

/// How a command that did its work ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ending {
    /// Done, or GO.
    Good,
    /// NO-GO.
    NoGo,
    /// A signal of this number ended the screen.
    Signal(i32),
}

/// Runs the program on the process's arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let ending = dispatch(&cli);
    match ending {
        Ok(Ending::Good) => ExitCode::SUCCESS,
        Ok(Ending::NoGo) => ExitCode::from(1),
        // as shells report it
        Ok(Ending::Signal(number)) => ExitCode::from(u8::try_from(128 + number).unwrap_or(255)),
        Err(failure) => failure.tell(),
    }
}

/// Tells what is wrong with the arguments, or the help that was asked for. What
/// was typed comes back in it, and need not be text.
fn refuse(error: &clap::Error) -> ExitCode {
    let told = error.render();
    let plain = told.to_string();
    let clean = CleanText::block(&plain);
    let shown = if clean.as_str().trim_end() == plain.trim_end() {
        told.ansi().to_string()
    } else {
        format!("{clean}\n")
    };
    // a closed pipe is not a reason to say more
    let _ = if error.use_stderr() {
        write!(anstream::stderr(), "{shown}")
    } else {
        write!(anstream::stdout(), "{shown}")
    };
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn dispatch(cli: &Cli) -> Result<Ending, Failure> {
    let global = &cli.global;
    match &cli.command {
        None if screen::is_possible() => screen::open(global, &cli.screen, None),
        None => check::run(global, &check::CheckArgs::usual()),
        Some(Command::Check(args)) => check::run(global, args),
        Some(Command::Show(args)) => show::run(global, args),
        Some(Command::Sign(args)) => record::sign(global, args),
        Some(Command::Object(args)) => record::object(global, args),
        Some(Command::Waive(args)) => record::waive(global, args),
        Some(Command::Withdraw(args)) => record::withdraw(global, args),
        Some(Command::Overrule(args)) => record::overrule(global, args),
        Some(Command::Log(args)) => log::run(global, args),
        Some(Command::Sync(args)) => sync::run(global, args),
        Some(Command::List(args)) => list::run(global, args),
        Some(Command::Lint(args)) => lint::run(global, args),
        Some(Command::Schema) => schema::run(),
        Some(Command::Fix(args)) => fix::run(global, args),
        Some(Command::Undo(args)) => undo::run(global, args),
        Some(Command::Secret(args)) => secret::run(global, args),
        Some(Command::Demo(args)) => demo::run(args, &cli.global, &cli.screen),
        Some(Command::Completions(args)) => completions::run(args, &mut Cli::command()),
    }
}

/// Writes to standard output, colours only where they are wanted.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout().lock()));
    write(&mut out)?;
    out.flush()?;
    Ok(())
}

/// Whether standard error is to have colours.
fn colours_on_stderr() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// Whether standard output is to have colours.
fn colours_on_stdout() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}
