//! What the kinds that look at env files share: needs when it is not here, and
//! findings in it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::facts::{Env, EnvState, Facts};
use crate::lang::dotenv::EnvEntry;
use crate::lang::tokens;
use crate::model::{
    CheckError, CleanText, Finding, Need, Observation, Place, RepoPath, RuleId, Subject,
};

const ABSENT: RuleId = RuleId::new("env_file.absent");
const NOT_TEXT: RuleId = RuleId::new("env_file.not_text");
const PROBLEM: RuleId = RuleId::new("env_file.line_not_read");

/// The path of the env file when none is given.
pub(super) fn default_path() -> RepoPath {
    #[allow(clippy::expect_used, reason = "a constant that is a path")]
    RepoPath::new(".env").expect("`.env` is a path")
}

/// The env file, or what to answer when it cannot be looked into.
///
/// # Errors
/// When it cannot be looked at: a folder, too large, not readable.
pub(super) fn load(
    cx: &Facts<'_>,
    path: &RepoPath,
) -> Result<Result<Arc<EnvState>, Observation>, CheckError> {
    let state = cx.get::<EnvState>(path)?;
    let looked_at = format!("`{path}`");
    Ok(match state.as_ref() {
        EnvState::Here(_) => Ok(state),
        EnvState::Absent { template } => {
            Err(Observation::undecided(absent(path, template.as_ref()), looked_at))
        }
        EnvState::NotText { wide, .. } => {
            let what = if *wide { "is UTF-16" } else { "is not all UTF-8" };
            let message = format!("`{path}` {what}, so its readers cannot read it");
            let finding = Finding::new(NOT_TEXT, Subject::of(path), message)
                .at(Place::file(path.clone()))
                .help("save it as UTF-8");
            Err(Observation::judge(vec![finding], looked_at))
        }
    })
}

/// The env file is not here: in a clone or a CI job that is as it should be.
fn absent(path: &RepoPath, template: Option<&RepoPath>) -> Need {
    let need = Need::new(ABSENT, Subject::of(path), format!("there is no `{path}` here"))
        .at(Place::file(path.clone()));
    need.help(match template {
        Some(template) => format!(
            "run this where `{path}` is, or create it: `cp {template} {path} && chmod 600 {path}`, then fill in the values"
        ),
        None => format!(
            "run this where `{path}` is, or create it with mode 0600: `install -m 600 /dev/null {path}`, then write a line `NAME=value` for each variable"
        ),
    })
}

/// A finding about an entry, with its line, value masked.
pub(super) fn finding(
    env: &Env,
    rule: RuleId,
    entry: &EnvEntry,
    message: impl AsRef<str>,
) -> Finding {
    let subject = Subject::of(env.path()).and(CleanText::line(&entry.key));
    Finding::new(rule, subject, message).at(env.place(entry)).showing(entry.excerpt(env.text()))
}

/// A finding about a variable that is not there.
pub(super) fn not_set(env: &Env, rule: RuleId, key: &str) -> Finding {
    let message = format!("`{key}` is not set in `{}`", env.path());
    let finding = Finding::new(rule, Subject::of(env.path()).and(key), message)
        .at(Place::file(env.path().clone()));
    match env.file().problems.first() {
        // perhaps it is on the line that could not be read
        Some(problem) => finding.help(format!("line {} of it: {}", problem.line, problem.message)),
        None => finding,
    }
}

/// Findings for the lines that a reader trips over.
pub(super) fn problems(env: &Env) -> Vec<Finding> {
    let line = |number: u32| {
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        env.text().lines().nth(number.saturating_sub(1)).unwrap_or_default()
    };
    let tell = |problem: &crate::lang::dotenv::EnvProblem| {
        // the name alone: what a line that nobody can read assigns may be a secret
        let name: String = line(problem.line).chars().take_while(|c| *c != '=').take(64).collect();
        let subject = Subject::of(env.path()).and(tokens::line(&name));
        Finding::new(PROBLEM, subject, problem.message).at(Place::at(
            env.path().clone(),
            problem.line,
            problem.column,
        ))
    };
    env.file().problems.iter().map(tell).collect()
}

/// The name of an environment variable that any program can set and read.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, JsonSchema)]
#[schemars(transparent)]
pub(super) struct Name(#[schemars(regex(pattern = r"^[A-Za-z_][A-Za-z0-9_]*$"))] String);

impl Name {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let good = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit());
        if good {
            Ok(Self(name))
        } else {
            Err(D::Error::custom(format!(
                "`{}` is no name of a variable: letters, digits and `_`, no digit first",
                CleanText::line(&name)
            )))
        }
    }
}
