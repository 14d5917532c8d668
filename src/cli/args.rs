//! What can be typed after `gonogo`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::check::fixes::SecretFormat;
use crate::checklist::Choice;
use crate::model::{Date, ItemId, RepoPath};
use crate::report;

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

/// What applies to every command.
#[derive(Args, Debug, Clone)]
pub(super) struct Global {
    /// Work in this folder instead of the current one
    #[arg(short = 'C', long = "folder", value_name = "DIR", global = true)]
    pub folder: Option<PathBuf>,
    /// The checklist: a file, or `builtin:NAME`
    ///
    /// Without it: `.gonogo/checklist.yaml`, else `.gonogo.yaml`, else the
    /// built-in checklist that fits the repository.
    #[arg(long, value_name = "PATH|builtin:NAME", global = true)]
    pub checklist: Option<String>,
    /// Judge this commit or tag as git has it, not the work tree
    ///
    /// With that revision's checklist, and the clock of now. What git does not
    /// hold, such as the env file, is asked of this machine.
    #[arg(long, value_name = "REVISION", global = true)]
    pub at: Option<String>,
    /// Ask nothing of the network
    #[arg(long, global = true)]
    pub offline: bool,
}

impl Global {
    /// The folder to work in.
    pub(super) fn folder(&self) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| PathBuf::from("."))
    }

    /// The checklist to load.
    pub(super) fn choice(&self) -> Choice {
        match self.checklist.as_deref() {
            None => Choice::Find,
            Some(text) => match text.strip_prefix("builtin:") {
                Some(name) => Choice::Builtin(name.to_owned()),
                None => Choice::Path(PathBuf::from(text)),
            },
        }
    }
}

/// How the screen looks.
#[derive(Args, Debug, Clone)]
pub(super) struct Screen {
    /// The colours of the screen
    #[arg(long, value_enum, default_value_t = Theme::Auto, global = true)]
    pub theme: Theme,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Leave the mouse to the terminal
    #[arg(long, global = true)]
    pub no_mouse: bool,
}

/// The colours of the screen.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Theme {
    /// None when NO_COLOR is set, else light or dark as the terminal says
    Auto,
    /// For dark terminals
    Dark,
    /// For light terminals
    Light,
    /// No colours
    None,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Verify everything and say GO or NO-GO
    Check(Check),
    /// Show one item: why, how to fix it, what was found, who signed
    Show(Show),
    /// Sign an item off
    Sign(Sign),
    /// Object to an item: NO-GO until you withdraw it
    Object(Object),
    /// Accept an item as it is until a day, for a reason
    Waive(Waive),
    /// Withdraw your own latest record on an item
    Withdraw(Withdraw),
    /// Let somebody else's objection no longer count, for a reason
    Overrule(Overrule),
    /// List the records, the newest first
    ///
    /// An author is a claim: git takes any name that is configured. A record
    /// whose commit was made by somebody else says so.
    Log(Log),
    /// Share the ledger with a remote: fetch, join, push
    Sync(Sync),
    /// List the items of the checklist
    List(List),
    /// Read a checklist and report every mistake in it
    Lint(Lint),
    /// Print the JSON Schema of checklists
    Schema,
    /// Apply what gonogo can fix of an item; shows what changes and asks first
    Fix(Fix),
    /// Undo the latest fix
    Undo(Undo),
    /// Print a fresh secret, or put one into the env file
    Secret(Secret),
    /// Write a small flawed shop as a repository and open it
    Demo(Demo),
    /// Print the completions of a shell
    Completions(Completions),
}

/// `gonogo check`
#[derive(Args, Debug)]
pub(super) struct Check {
    /// The format of the report
    #[arg(long, value_name = "FORMAT", default_value = usual_format(), value_parser = formats())]
    pub format: &'static report::Format,
    /// Verify only these items
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    pub only: Vec<String>,
    /// Fetch the ledger of the remote first and join it; push nothing
    #[arg(long)]
    pub fetch: bool,
}

impl Check {
    /// Everything, in the usual format.
    pub(super) fn usual() -> Self {
        Self { format: &report::FORMATS[0], only: Vec::new(), fetch: false }
    }
}

/// The formats of a report, as the command line takes them.
fn formats() -> impl TypedValueParser<Value = &'static report::Format> {
    let values =
        report::FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(values).try_map(|name| {
        report::find_format(&name).ok_or_else(|| format!("there is no format `{name}`"))
    })
}

fn usual_format() -> &'static str {
    report::FORMATS[0].name
}

/// The form of a list of records.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// `gonogo show`
#[derive(Args, Debug)]
pub(super) struct Show {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
}

/// `gonogo sign`
#[derive(Args, Debug)]
pub(super) struct Sign {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// What you looked at, in your words
    #[arg(short, long = "message", value_name = "NOTE", default_value = "")]
    pub message: String,
}

/// `gonogo object`
#[derive(Args, Debug)]
pub(super) struct Object {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// What does not hold
    #[arg(short, long = "message", value_name = "REASON")]
    pub message: String,
}

/// `gonogo waive`
#[derive(Args, Debug)]
pub(super) struct Waive {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// The last day on which the waiver holds, in UTC, such as 2026-03-31; or a
    /// duration from now, such as 30d
    #[arg(long, value_name = "DATE|DURATION", value_parser = last_day)]
    pub until: Date,
    /// Why it can be accepted until then
    #[arg(short, long = "message", value_name = "REASON")]
    pub message: String,
}

/// `gonogo withdraw`
#[derive(Args, Debug)]
pub(super) struct Withdraw {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// Why
    #[arg(short, long = "message", value_name = "NOTE", default_value = "")]
    pub message: String,
}

/// `gonogo overrule`
#[derive(Args, Debug)]
pub(super) struct Overrule {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
    /// The objection's record, by its first digits, as `gonogo log` names it
    #[arg(value_name = "RECORD")]
    pub record: String,
    /// Why it no longer counts
    #[arg(short, long = "message", value_name = "REASON")]
    pub message: String,
}

/// `gonogo sync`
#[derive(Args, Debug)]
pub(super) struct Sync {
    /// The remote; without it that of the current branch, else `origin`
    #[arg(value_name = "REMOTE")]
    pub remote: Option<String>,
    /// Also let every `git fetch` of the remote bring its ledger, by a line in
    /// the repository's git configuration
    #[arg(long)]
    pub configure: bool,
    /// The remote's ledger lost records: join it anyway, and put them back
    #[arg(long)]
    pub accept_rewind: bool,
}

/// `gonogo log`
#[derive(Args, Debug)]
pub(super) struct Log {
    /// Only of this item
    #[arg(value_name = "ID")]
    pub item: Option<ItemId>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Accept that the ledger lost records since it was last seen here
    #[arg(long)]
    pub accept_rewind: bool,
}

/// `gonogo list`
#[derive(Args, Debug)]
pub(super) struct List {
    /// List the built-in checklists instead
    #[arg(long)]
    pub builtins: bool,
}

/// `gonogo lint`
#[derive(Args, Debug)]
pub(super) struct Lint {
    /// The file; without it the checklist that gonogo would load
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// `gonogo fix`
#[derive(Args, Debug)]
pub(super) struct Fix {
    /// The items
    #[arg(value_name = "ID", required = true, num_args = 1..)]
    pub items: Vec<ItemId>,
    /// Agree to all that is shown, without being asked
    #[arg(long)]
    pub yes: bool,
    /// Agree to lose a value that is not a placeholder, too
    #[arg(long, requires = "yes")]
    pub force: bool,
    /// Only show what would change
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
}

/// `gonogo undo`
#[derive(Args, Debug)]
pub(super) struct Undo {
    /// List the fixes that are remembered here, the latest first
    #[arg(long)]
    pub list: bool,
    /// Keep the latest fix, forget it, and undo the one before
    #[arg(long, conflicts_with = "list")]
    pub skip: bool,
    /// Agree to what is shown, without being asked
    #[arg(long, conflicts_with = "list")]
    pub yes: bool,
    /// Only show what would change
    #[arg(long, conflicts_with_all = ["list", "yes", "skip"])]
    pub dry_run: bool,
}

/// `gonogo secret`
#[derive(Args, Debug)]
pub(super) struct Secret {
    /// Put it into the env file under this name instead of printing it
    #[arg(long, value_name = "NAME")]
    pub write: Option<String>,
    /// The env file, from the repository's root
    #[arg(long, value_name = "FILE", default_value = ".env", requires = "write", value_parser = repo_path)]
    pub file: RepoPath,
    /// Overwrite a value that is not a placeholder
    #[arg(long, requires = "write")]
    pub force: bool,
    /// How many random bytes
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(16..=1024))]
    pub bytes: u16,
    /// How they are written down
    #[arg(long, value_enum, default_value_t = SecretForm::Hex)]
    pub format: SecretForm,
}

fn last_day(text: &str) -> Result<Date, String> {
    Date::given(text, jiff::Timestamp::now())
}

fn repo_path(text: &str) -> Result<RepoPath, String> {
    RepoPath::new(text).map_err(|error| error.to_string())
}

/// How a secret is written down.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretForm {
    /// Lower-case hexadecimal
    Hex,
    /// Base64
    Base64,
    /// Base64 with `-` and `_`, without padding
    Urlsafe,
}

impl From<SecretForm> for SecretFormat {
    fn from(form: SecretForm) -> Self {
        match form {
            SecretForm::Hex => Self::Hex,
            SecretForm::Base64 => Self::Base64,
            SecretForm::Urlsafe => Self::UrlSafe,
        }
    }
}

/// `gonogo demo`
#[derive(Args, Debug)]
pub(super) struct Demo {
    /// Where to write it; without it a temporary folder
    #[arg(value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Only write it, do not open the screen
    #[arg(long)]
    pub no_open: bool,
}

/// `gonogo completions`
#[derive(Args, Debug)]
pub(super) struct Completions {
    /// Which shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
