//! What can be typed after `gonogo`.

use clap::{Parser, Subcommand};

use super::global::{Global, Screen};
use super::{check, completions, demo, fix, lint, list, log, record, secret, show, sync, undo};

/// Go or no-go? Verifies a pre-deployment checklist and keeps the sign-offs
/// with the repository.
///
/// Without a command, gonogo opens its screen; without a terminal it does what
/// `gonogo check` does.
#[derive(Parser, Debug)]
#[command(name = "gonogo", version, disable_help_subcommand = true, after_help = EXIT_CODES)]
pub(super) struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub global: Global,
    /// How the screen looks.
    #[command(flatten)]
    pub screen: Screen,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXIT_CODES: &str = "\
Exit codes: 0 GO, 1 NO-GO, 2 a mistake in usage or checklist, 3 the work could not be done";

/// What to do.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Verify everything and say GO or NO-GO
    Check(check::CheckArgs),
    /// Show one item: why, how to fix it, what was found, who signed
    Show(show::ShowArgs),
    /// Sign an item off
    Sign(record::SignArgs),
    /// Object to an item: NO-GO until you withdraw it
    Object(record::ObjectArgs),
    /// Accept an item as it is until a day, for a reason
    Waive(record::WaiveArgs),
    /// Withdraw your own latest record on an item
    Withdraw(record::WithdrawArgs),
    /// Let somebody else's objection no longer count, for a reason
    Overrule(record::OverruleArgs),
    /// List the records, the newest first
    ///
    /// An author is a claim: git takes any name that is configured. A record
    /// whose commit was made by somebody else says so.
    Log(log::LogArgs),
    /// Share the ledger with a remote: fetch, join, push
    Sync(sync::SyncArgs),
    /// List the items of the checklist
    List(list::ListArgs),
    /// Read a checklist and report every mistake in it
    Lint(lint::LintArgs),
    /// Print the JSON Schema of checklists
    Schema,
    /// Apply what gonogo can fix of an item; shows what changes and asks first
    Fix(fix::FixArgs),
    /// Undo the latest fix
    Undo(undo::UndoArgs),
    /// Print a fresh secret, or put one into the env file
    Secret(secret::SecretArgs),
    /// Write a small flawed shop as a repository and open it
    Demo(demo::DemoArgs),
    /// Print the completions of a shell
    Completions(completions::CompletionsArgs),
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::Cli;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_of_the_screen_are_taken_where_one_opens() {
        let is_taken = |line: &str| Cli::try_parse_from(line.split(' ')).is_ok();
        for line in ["gonogo --ascii", "gonogo demo --ascii", "gonogo --no-mouse demo"] {
            assert!(is_taken(line), "{line}");
        }
        for line in ["gonogo check --ascii", "gonogo lint --theme dark"] {
            assert!(!is_taken(line), "{line}");
        }
    }
}
