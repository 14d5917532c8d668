//! `gonogo secret`: a fresh secret, printed or put into the env file.

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use secrecy::ExposeSecret;

use crate::check::Fix as _;
use crate::check::fixes::{GenerateSecret, SecretFormat, generate, named_variable as named};
use crate::fix;
use crate::model::{FixError, RepoPath};
use crate::repo::{Repo, StateFolder};

use super::failure::Failure;
use super::global::Global;
use super::{Ending, print, run};

/// `gonogo secret`
#[derive(Args, Debug)]
pub(super) struct SecretArgs {
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

pub(super) fn run(global: &Global, args: &SecretArgs) -> Result<Ending, Failure> {
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

fn repo_path(text: &str) -> Result<RepoPath, String> {
    RepoPath::new(text).map_err(|error| error.to_string())
}

/// How a secret is written down.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SecretForm {
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
