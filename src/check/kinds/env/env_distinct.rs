//! `env_distinct`: secrets of one env file stand in no other.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::env_file;
use crate::check::{Check, bounds};
use crate::facts::{EnvState, Facts};
use crate::lang::dotenv::EnvEntry;
use crate::model::{CheckError, CleanText, Finding, Observation, RepoPath, RuleId, Subject};
use crate::secret::placeholder::{holds_secret, is_placeholder, is_plain};

/// Values that stand in one env file are in none of the others: what a
/// developer's machine knows does not open production.
///
/// Placeholders do not count. When none of the other files exists the check is
/// not applicable. Values are compared in memory and never shown.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvDistinct {
    /// The env file.
    #[serde(default = "env_file::default_path")]
    #[schemars(extend("default" = ".env"))]
    file: RepoPath,
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
    [".env.development", ".env.dev", ".env.local", ".env.test", ".env.example"]
        .map(|path| Others(path.to_owned()))
        .to_vec()
}

const SAME: RuleId = RuleId::new("env_distinct.same_value");
const FOLDER: RuleId = RuleId::new("env_distinct.folder_unreadable");

impl Check for EnvDistinct {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let mut others = Vec::new();
        for path in self.other_paths(cx)? {
            others.push(cx.get::<EnvState>(&path)?);
        }
        let others: Vec<_> = others.iter().filter_map(|other| other.env()).collect();
        if others.is_empty() {
            return Ok(Observation::not_applicable(format!(
                "there is no other env file to compare `{}` with",
                self.file
            )));
        }
        let names: Vec<String> = others.iter().map(|other| format!("`{}`", other.path())).collect();
        let names = names.join(", ");
        let state = match env_file::load(cx, &self.file)? {
            Ok(state) => state,
            Err(observation) => return Ok(observation),
        };
        let Some(env) = state.env() else { return Ok(Observation::not_applicable(names)) };
        let entries: Vec<&EnvEntry> =
            env.file().entries.iter().filter(|entry| self.compares(entry)).collect();
        let others: Vec<_> = others.iter().map(|other| (other, other.file().by_key())).collect();
        let mut findings: Vec<Finding> = Vec::new();
        for entry in &entries {
            for (other, keys) in &others {
                let twins = keys.get(entry.key.as_str()).into_iter().flatten();
                let Some(twin) = twins.into_iter().find(|twin| same_value(entry, twin)) else {
                    continue;
                };
                let place = other.place(twin);
                let message = format!("`{}` has the same value as in `{place}`", entry.key);
                let mut finding =
                    env_file::finding(env, SAME, entry, message).at(place).help(format!(
                        "make a new value for `{}`, and keep the old one out of it",
                        env.path()
                    ));
                finding.subject = Subject::of(env.path())
                    .and(CleanText::line(&entry.key))
                    .and(other.path())
                    .and(CleanText::line(&twin.key));
                findings.push(finding);
            }
        }
        let compared: BTreeSet<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        let variables = bounds::counted(compared.len(), "variable");
        let looked_at = format!("{variables} of `{}` compared with {names}", self.file);
        Ok(Observation::judge(findings, looked_at))
    }
}

impl EnvDistinct {
    /// The files that exist or may exist, each once, the file itself left out.
    fn other_paths(&self, cx: &Facts<'_>) -> Result<Vec<RepoPath>, CheckError> {
        let mut paths = Vec::new();
        for others in &self.from {
            let (folder, name) = others.parts();
            let found = if name.contains('*') {
                let listed = cx.repo.names_in(folder.as_ref()).map_err(|error| {
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
                if path != self.file && !paths.contains(&path) {
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

fn same_value(one: &EnvEntry, other: &EnvEntry) -> bool {
    one.value.expose_secret() == other.value.expose_secret()
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
                "`{}` is no name of a variable, nor one with `*` in it",
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
            ("keys: ['A B']", "no name of a variable"),
            ("keys: STRIPE_*", "expected a sequence"),
            ("with: [x]", "unknown field `with`"),
        ] {
            let value = serde_yaml::from_str(yaml).expect("YAML");
            let mistakes = crate::check::decode::decode::<EnvDistinct>(&value).expect_err(yaml);
            assert!(mistakes.iter().any(|m| m.message.contains(said)), "{yaml}: {mistakes:?}");
        }
    }
}
