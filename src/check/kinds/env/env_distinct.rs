//! `env_distinct`: secrets of one env file stand in no other.

mod other;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use self::other::{Other, TELLING};
use super::env_file;
use crate::check::{Check, bounds};
use crate::facts::{Env, EnvState, Facts};
use crate::lang::assigned::Assigned;
use crate::lang::dotenv::{BESIDES, EnvEntry, EnvProblem};
use crate::model::{
    CheckError, CleanText, Environment, Finding, Need, Observation, Place, RepoPath, RuleId,
    Subject,
};
use crate::secret::placeholder::{is_development_default, is_placeholder};
use crate::secret::spellings::percent_decoded;
use crate::secret::url;
use crate::secret::value::{holds_secret, is_plain, url_password, within};

/// Values that stand in one env file are in none of the others: what a
/// developer's machine knows does not open production.
///
/// A secret counts under another name too, wherever it stands in the other file:
/// within an address, a list, a header, a comment. Placeholders do not count. When none
/// of the other files exists, or there is no secret to compare, the check is not
/// applicable. Values are compared in memory and never shown.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvDistinct {
    /// The env file. Without it: where the checklist's `environment` says that
    /// production's variables are seen.
    file: Option<RepoPath>,
    /// The other env files: paths from the repository's root, in whose last
    /// part `*` stands for any text. Those that do not exist are passed over.
    #[serde(default = "usual_others")]
    from: Vec<Others>,
    /// The variables to compare: names, in which `*` stands for any text. With
    /// `*`, switches and values of less than 8 characters are passed over.
    /// Without `keys`: every variable that holds a secret.
    keys: Option<Vec<KeyPattern>>,
}

/// A path, or a folder and a pattern of names in it.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(transparent)]
struct Others(String);

/// A name of a variable, or a pattern of them.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(transparent)]
struct KeyPattern(#[schemars(regex(pattern = r"^[A-Za-z0-9_.*-]+$"))] String);

fn usual_others() -> Vec<Others> {
    BESIDES.iter().map(|path| Others((*path).to_owned())).collect()
}

const SAME: RuleId = RuleId::new("env_distinct.same_value");
const FOLDER: RuleId = RuleId::new("env_distinct.folder_unreadable");
const UNREADABLE: RuleId = RuleId::new("env_distinct.file_unreadable");
const NOT_READ: RuleId = RuleId::new("env_distinct.line_not_read");

impl Check for EnvDistinct {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let place = env_file::place(cx, self.file.as_ref());
        let (others, mut needs) = self.others(cx, &place)?;
        if others.is_empty() && needs.is_empty() {
            let why = format!("there is no other env file to compare {place} with");
            return Ok(Observation::not_applicable(why));
        }
        let names: Vec<String> = others.iter().map(|other| format!("`{}`", other.path)).collect();
        let names = names.join(", ");
        let state = match env_file::load(cx, &place)? {
            Ok(state) => state,
            Err(observation) => return Ok(observation.needing(needs)),
        };
        let Some(env) = state.env() else {
            return Ok(Observation::not_applicable(place.to_string()));
        };
        if let Some(problem) = env.file().problems.first() {
            needs.push(not_read(env, problem));
        }
        let mut findings: Vec<Finding> = Vec::new();
        let mut compared = BTreeSet::new();
        for entry in &env.file().entries {
            if self.compares(entry) {
                compared.insert(entry.key.as_str());
            }
            findings.extend(others.iter().filter_map(|other| self.twin(env, entry, other)));
        }
        if compared.is_empty() && findings.is_empty() && needs.is_empty() {
            let why = format!("{place} sets no secret that could be compared with {names}");
            return Ok(Observation::not_applicable(why));
        }
        let variables = bounds::counted(compared.len(), "variable");
        let looked_at = format!("{variables} of {place} compared with {names}");
        Ok(Observation::judge(findings, looked_at).needing(needs))
    }
}

/// The secrets that a value carries: itself, or those within it.
fn carried(name: &str, value: &str) -> Vec<String> {
    let value = bare(value);
    if !holds_secret(name, value) {
        return Vec::new();
    }
    let inner: Vec<String> = within(value).iter().map(|secret| bare(secret).to_owned()).collect();
    match inner.is_empty() {
        true => vec![value.to_owned()],
        false => inner,
    }
}

fn not_read(env: &Env, problem: &EnvProblem) -> Need {
    let line = problem.line;
    let message =
        format!("line {line} of {} sets no variable that could be compared", env.environment());
    Need::new(NOT_READ, env_file::subject(env.environment()), message)
        .at_all(env.path().map(|path| Place::at(path.clone(), line, problem.column)))
        .help(problem.message)
}

impl EnvDistinct {
    /// The other files that are there, and those that could not be read.
    fn others(
        &self,
        cx: &Facts<'_>,
        place: &Environment,
    ) -> Result<(Vec<Other>, Vec<Need>), CheckError> {
        let (mut others, mut needs) = (Vec::new(), Vec::new());
        for path in self.other_paths(cx, place)? {
            match cx.get::<EnvState>(&Environment::File(path.clone())) {
                Ok(state) => others.extend(state.env().map(|env| Other::new(path, env.text()))),
                Err(CheckError::Cancelled) => return Err(CheckError::Cancelled),
                Err(CheckError::CouldNotLook { what, next, .. }) => {
                    let message = format!("`{path}` was not compared: {what}");
                    needs.push(
                        Need::new(UNREADABLE, Subject::of(&path), message)
                            .at(Place::file(path.clone()))
                            .help(next),
                    );
                }
            }
        }
        Ok((others, needs))
    }

    /// The finding about an entry whose value stands in the other file.
    fn twin(&self, env: &Env, entry: &EnvEntry, other: &Other) -> Option<Finding> {
        let value = bare(entry.value.expose_secret());
        let compares = self.compares(entry);
        let long = value.chars().count() >= TELLING && !is_plain(value) && !is_placeholder(value);
        let password = |value: &'_ str| -> Option<String> {
            let password = url_password(value)?;
            let password = percent_decoded(password).unwrap_or_else(|| password.to_owned());
            (!is_development_default("password", &password)).then_some(password)
        };
        let telling = |text: &str| text.chars().count() >= TELLING;
        // the password of an address is a secret, whatever the rest of it
        let own = password(value).filter(|_| self.keys.is_none() || compares);
        let same = |twin: &&Assigned| {
            let other = bare(twin.value.expose_secret());
            if other != value && url::canonical(other) != url::canonical(value) {
                let theirs = password(other);
                // a short one may be another word by chance, unless both are passwords
                return match (&own, &theirs) {
                    (Some(own), Some(theirs)) => own == theirs,
                    (Some(own), None) => {
                        own == other && (telling(own) || holds_secret(&twin.name, other))
                    }
                    (None, Some(theirs)) => {
                        theirs == value && compares && holds_secret(&entry.key, value)
                    }
                    (None, None) => false,
                };
            }
            if twin.name == entry.key {
                return compares;
            }
            // under another name it is the same secret, if it is one
            let secret = |name: &str| holds_secret(name, value);
            long && match self.keys {
                Some(_) => compares && (secret(&entry.key) || secret(&twin.name)),
                None => secret(&entry.key) || secret(&twin.name),
            }
        };
        let twin = other.assigned.iter().find(same);
        let (name, place) = match twin {
            Some(twin) => {
                (twin.name.as_str(), Place::at(other.path.clone(), twin.line, twin.column))
            }
            None => ("", self.within(env, entry, other)?),
        };
        let as_what = match name == entry.key || name.is_empty() {
            true => String::new(),
            false => format!(" as `{}`", CleanText::line(name)),
        };
        let message = format!("`{}` has the same value as in `{place}`{as_what}", entry.key);
        let mut finding = env_file::finding(env, SAME, entry, message).at(place).help(format!(
            "make a new value for `{}` in {}, and keep it out of `{}`",
            entry.key,
            env.environment(),
            other.path
        ));
        finding.subject = env_file::subject(env.environment())
            .and(CleanText::line(&entry.key))
            .and(&other.path)
            .and(CleanText::line(name));
        Some(finding)
    }

    /// Where the secret of an entry stands in the other file's text, whatever
    /// stands around it.
    fn within(&self, env: &Env, entry: &EnvEntry, other: &Other) -> Option<Place> {
        if self.keys.is_some() && !self.compares(entry) {
            return None;
        }
        let telling = |secret: &&String| {
            secret.chars().count() >= TELLING
                && !is_plain(secret)
                && !is_placeholder(secret)
                && !is_development_default(&entry.key, secret)
        };
        let expanded = env.file().expanded(entry);
        let value = expanded.as_deref().unwrap_or(entry.value.expose_secret());
        let secrets = carried(&entry.key, value);
        let at = secrets.iter().filter(telling).find_map(|secret| other.at(secret))?;
        Some(at)
    }

    /// The files that exist or may exist, each once, the file itself left out.
    fn other_paths(
        &self,
        cx: &Facts<'_>,
        place: &Environment,
    ) -> Result<Vec<RepoPath>, CheckError> {
        let mut paths = Vec::new();
        for others in &self.from {
            let (folder, name) = others.parts();
            let found = if name.contains('*') {
                let listed = cx.disk.names_in(folder.as_ref()).map_err(|error| {
                    CheckError::could_not_look(
                        FOLDER,
                        Subject::of(&others.0),
                        error.to_string(),
                        "name each env file in the checklist",
                    )
                })?;
                listed
                    .into_iter()
                    .filter(|path| path.name().to_str().is_some_and(|n| matches(name, n)))
                    .collect()
            } else {
                RepoPath::new(&others.0).into_iter().collect::<Vec<_>>()
            };
            for path in found {
                if place.file() != Some(&path) && !paths.contains(&path) {
                    paths.push(path);
                }
            }
        }
        Ok(paths)
    }

    /// Whether this entry's value must stand nowhere else.
    fn compares(&self, entry: &EnvEntry) -> bool {
        let value = entry.value.expose_secret();
        if is_placeholder(value) {
            return false;
        }
        let Some(keys) = &self.keys else {
            return holds_secret(&entry.key, value);
        };
        keys.iter().any(|KeyPattern(key)| {
            matches(key, &entry.key)
                && (!key.contains('*') || (value.chars().count() >= 8 && !is_plain(value)))
        })
    }
}

/// A value without white space and quotes around it.
fn bare(value: &str) -> &str {
    let value = value.trim();
    let within = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    ['"', '\'', '`'].into_iter().find_map(within).unwrap_or(value).trim()
}

/// Whether a text fits a pattern in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, mut pattern)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    while let Some((middle, rest)) = pattern.split_once('*') {
        match text.find(middle) {
            Some(at) => text = text.get(at + middle.len()..).unwrap_or_default(),
            None => return false,
        }
        pattern = rest;
    }
    text.ends_with(pattern)
}

impl Others {
    /// The folder, none for the root, and the last part.
    fn parts(&self) -> (Option<RepoPath>, &str) {
        match self.0.rsplit_once('/') {
            Some((folder, name)) => (RepoPath::new(folder).ok(), name),
            None => (None, &self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Others {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let path = RepoPath::new(&text).map_err(D::Error::custom)?;
        let folder = text.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
        if folder.contains('*') {
            return Err(D::Error::custom(format!(
                "`{path}`: `*` may stand only in the last part of the path"
            )));
        }
        if text.contains(['?', '[', '{']) {
            return Err(D::Error::custom(format!(
                "`{path}`: of the wildcards only `*` is known here"
            )));
        }
        Ok(Self(text))
    }
}

impl<'de> Deserialize<'de> for KeyPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() || !text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-*".contains(c))
        {
            return Err(D::Error::custom(format!(
                "`{}` is not a valid name of a variable, with or without `*`",
                CleanText::line(&text)
            )));
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, expected) in [
            ("STRIPE_*", "STRIPE_KEY", true),
            ("STRIPE_*", "STRIPE_", true),
            ("STRIPE_*", "MY_STRIPE_KEY", false),
            ("*_KEY", "STRIPE_KEY", true),
            ("*_KEY", "STRIPE_KEY_ID", false),
            ("A*B*C", "AxxBxC", true),
            ("A*B*C", "ABC", true),
            ("A*B*C", "AC", false),
            ("*", "", true),
            ("AB*B", "AB", false),
            ("A", "A", true),
            ("A", "AB", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        for (yaml, said) in [
            ("from: [../.env]", "leaves the repository"),
            ("from: ['*/.env']", "only in the last part"),
            ("from: ['.env.?']", "only `*` is known"),
            ("keys: ['A B']", "not a valid name"),
            ("keys: STRIPE_*", "expected a sequence"),
            ("with: [x]", "unknown field `with`"),
        ] {
            let value = serde_yaml::from_str(yaml).expect("YAML");
            let mistakes = crate::check::decode::decode::<EnvDistinct>(&value).expect_err(yaml);
            assert!(mistakes.iter().any(|m| m.message.contains(said)), "{yaml}: {mistakes:?}");
        }
    }
}
