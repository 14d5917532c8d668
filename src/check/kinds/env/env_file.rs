//! What the kinds that look at env files share: needs when it is not here, and
//! findings in it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::facts::{Env, EnvState, Facts};
use crate::lang::dotenv::EnvEntry;
use crate::lang::{shell, tokens};
use crate::model::{
    CheckError, CleanText, Environment, Finding, Need, Observation, Place, RepoPath, RuleId,
    Subject,
};

const ELSEWHERE: RuleId = RuleId::new("env_file.elsewhere");
const ABSENT: RuleId = RuleId::new("env_file.absent");
const NOT_TEXT: RuleId = RuleId::new("env_file.not_text");
const PROBLEM: RuleId = RuleId::new("env_file.line_not_read");

/// Where to look: into the file that the check names, else where the checklist
/// says that production's variables are seen.
pub(super) fn place(cx: &Facts<'_>, file: Option<&RepoPath>) -> Environment {
    file.map_or_else(|| cx.environment.clone(), |file| Environment::File(file.clone()))
}

/// The variables of that place, or what to answer when they cannot be looked at.
///
/// # Errors
/// When it cannot be looked at: a folder, too large, not readable.
pub(super) fn load(
    cx: &Facts<'_>,
    place: &Environment,
) -> Result<Result<Arc<EnvState>, Observation>, CheckError> {
    let state = cx.get::<EnvState>(place)?;
    let looked_at = place.to_string();
    Ok(match state.as_ref() {
        EnvState::Here(_) => Ok(state),
        EnvState::Absent { template } => {
            Err(Observation::undecided(absent(place, template.as_ref()), looked_at))
        }
        EnvState::Elsewhere => Err(Observation::undecided(elsewhere(), looked_at)),
        EnvState::NotText { wide, .. } => {
            let what = if *wide { "is UTF-16" } else { "is not all UTF-8" };
            let message = format!("{place} {what}, so its readers cannot read it");
            let finding = Finding::new(NOT_TEXT, subject(place), message)
                .at_all(place.file().cloned().map(Place::file))
                .help("save it as UTF-8");
            Err(Observation::judge(vec![finding], looked_at))
        }
    })
}

/// Production's variables are on no machine that a check could look at.
fn elsewhere() -> Need {
    Need::new(ELSEWHERE, Subject::whole(), "production's variables are not here")
        .help("look at them where production runs, and sign for what you saw")
}

/// The env file is not here: in a clone or a CI job that is as it should be.
fn absent(place: &Environment, template: Option<&RepoPath>) -> Need {
    let need = Need::new(ABSENT, subject(place), format!("there is no {place} here"));
    let Some(path) = place.file() else { return need };
    let word = shell::word(path);
    need.at(Place::file(path.clone())).help(match template {
        Some(template) => format!(
            "run this where `{path}` is, or create it: `cp {} {word} && chmod 600 {word}`, then fill in the values",
            shell::word(template)
        ),
        None => format!(
            "run this where `{path}` is, or create it with mode 0600: `install -m 600 /dev/null {word}`, then write a line `NAME=value` for each variable"
        ),
    })
}

/// What a finding about all of a place is about.
pub(super) fn subject(place: &Environment) -> Subject {
    match place {
        Environment::File(path) => Subject::of(path),
        // no file has this name
        Environment::Process => Subject::of("/process"),
        Environment::Elsewhere => Subject::of("/elsewhere"),
    }
}

/// A finding about an entry, with its line, value masked.
pub(super) fn finding(
    env: &Env,
    rule: RuleId,
    entry: &EnvEntry,
    message: impl AsRef<str>,
) -> Finding {
    let subject = subject(env.environment()).and(CleanText::line(&entry.key));
    let finding = Finding::new(rule, subject, message).at_all(env.place(entry));
    match env.path() {
        Some(_) => finding.showing(entry.excerpt(env.text())),
        None => finding,
    }
}

/// A finding about a variable that is not there.
pub(super) fn not_set(env: &Env, rule: RuleId, key: &str) -> Finding {
    let message = format!("`{key}` is not set in {}", env.environment());
    let finding = Finding::new(rule, subject(env.environment()).and(key), message)
        .at_all(env.path().cloned().map(Place::file));
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
        let subject = subject(env.environment()).and(tokens::line(&name));
        let place = env.path().map(|path| Place::at(path.clone(), problem.line, problem.column));
        Finding::new(PROBLEM, subject, problem.message).at_all(place)
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
                "`{}` is not a valid name of a variable: letters, digits and `_`, no digit first",
                CleanText::line(&name)
            )))
        }
    }
}
