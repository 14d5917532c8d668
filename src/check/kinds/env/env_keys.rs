//! `env_keys`: variables that an env file must set, each in its form.

mod address;
mod form;

use std::borrow::Cow;
use std::fmt;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use self::form::Form;
use super::env_file::{self, Name};
use crate::check::{Check, bounds};
use crate::facts::{Env, Facts};
use crate::lang::dotenv::EnvEntry;
use crate::model::{CheckError, Finding, Note, Observation, RepoPath, RuleId};
use crate::secret::known_keys::known_key;
use crate::secret::placeholder::is_placeholder;
use crate::secret::value::visible;

/// The kind `env_keys`, its parameters validated.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Parameters")]
pub(crate) struct EnvKeys {
    file: Option<RepoPath>,
    required: Keys,
    optional: Keys,
}

/// Looks into an env file: each required variable is set, holds no placeholder
/// (`changeme`, `<your-key>`, `xxx`, …) and has its form.
///
/// The file is read as python-dotenv reads it. Lines that a reader drops, and
/// variables that are set twice to different values, are findings too, as are
/// values of the named variables that docker compose would read otherwise or in
/// which a shell would put something else. A value that a shell would break apart,
/// since it stands without quotes, is told in a note. No finding ever shows a value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EnvKeys")]
struct Parameters {
    /// The env file. Without it: where the checklist's `environment` says that
    /// production's variables are seen.
    file: Option<RepoPath>,
    /// Variables that must be set: a map of names to forms, or a list of names
    /// that may have any value.
    #[serde(default)]
    required: Keys,
    /// Variables that are looked at when they are set, written the same way.
    #[serde(default)]
    optional: Keys,
}

/// Names of variables, each with the form of its value.
#[derive(Debug, Default)]
struct Keys(IndexMap<Name, Form>);

impl JsonSchema for EnvKeys {
    fn schema_name() -> Cow<'static, str> {
        Parameters::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Parameters::json_schema(generator)
    }
}

impl TryFrom<Parameters> for EnvKeys {
    type Error = String;

    /// # Errors
    /// A sentence, when nothing is asked for or a name is given twice.
    fn try_from(given: Parameters) -> Result<Self, String> {
        if given.required.0.is_empty() && given.optional.0.is_empty() {
            return Err("`env_keys` names no variable; list some under `required`".to_owned());
        }
        if let Some(both) =
            given.required.0.keys().find(|name| given.optional.0.contains_key(*name))
        {
            return Err(format!("`{}` is both required and optional; name it once", both.as_str()));
        }
        Ok(Self { file: given.file, required: given.required, optional: given.optional })
    }
}

/// A shorter known key may be a plain word: `dev`.
const LONG: usize = 16;

const NOT_SET: RuleId = RuleId::new("env_keys.not_set");
const EMPTY: RuleId = RuleId::new("env_keys.empty");
const PLACEHOLDER: RuleId = RuleId::new("env_keys.placeholder");
const FORM: RuleId = RuleId::new("env_keys.form");
const READERS_DIFFER: RuleId = RuleId::new("env_keys.readers_differ");
const SET_AGAIN: RuleId = RuleId::new("env_keys.set_again");

impl Check for EnvKeys {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let place = env_file::place(cx, self.file.as_ref());
        let state = match env_file::load(cx, &place)? {
            Ok(state) => state,
            Err(observation) => return Ok(observation),
        };
        let Some(env) = state.env() else {
            return Ok(Observation::not_applicable(place.to_string()));
        };
        let mut findings = env_file::problems(env);
        findings.extend(overridden(env));
        for (name, form) in self.required.0.iter().chain(&self.optional.0) {
            if let Some(entry) = env.file().get(name.as_str()) {
                let required = self.required.0.contains_key(name);
                findings.extend(look(env, entry, form, required));
            }
        }
        findings.sort_by_key(|finding| finding.place().map(|place| (place.line, place.column)));
        let missing = self.required.0.keys().filter(|name| env.file().get(name.as_str()).is_none());
        findings.extend(missing.map(|name| env_file::not_set(env, NOT_SET, name.as_str())));
        Ok(Observation::judge(findings, self.looked_at(env)).noting(self.broken_by_shells(env)))
    }
}

impl EnvKeys {
    /// A note on the values that a shell would break apart.
    fn broken_by_shells(&self, env: &Env) -> Option<Note> {
        let named = self.required.0.keys().chain(self.optional.0.keys());
        let broken = named
            .filter_map(|name| env.file().get(name.as_str()))
            .filter(|entry| entry.breaks_in_shell(env.text()));
        let broken: Vec<&EnvEntry> = broken.collect();
        let place = env.place(broken.first()?)?;
        let names: Vec<String> = broken.iter().map(|entry| format!("`{}`", entry.key)).collect();
        let note = format!(
            "a shell that reads this file would break {} apart; put quotes around the value",
            names.join(", ")
        );
        Some(Note::new(note).at(place))
    }

    fn looked_at(&self, env: &Env) -> String {
        let required = self.required.0.len();
        let set = self.optional.0.keys().filter(|name| env.file().get(name.as_str()).is_some());
        let optional = match (self.optional.0.len(), set.count()) {
            (0, _) => String::new(),
            (1, 0) => " and no optional one".to_owned(),
            (1, _) => " and 1 optional one".to_owned(),
            (all, set) => format!(", {set} of {all} optional ones"),
        };
        let required = bounds::counted(required, "required variable");
        format!("{required}{optional} in {}", env.environment())
    }
}

/// What is wrong with the entry of a named variable.
fn look(env: &Env, entry: &EnvEntry, form: &Form, required: bool) -> Vec<Finding> {
    let key = &entry.key;
    let value = entry.value.expose_secret();
    if value.is_empty() && !required {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = entry
        .differs
        .iter()
        .map(|differs| format!("`{key}` is not read alike: {differs}"))
        .map(|message| env_file::finding(env, READERS_DIFFER, entry, message))
        .collect();
    let against = if visible(value) == 0 {
        Some((EMPTY, "is empty".to_owned()))
    } else if form.settles(value) {
        None
    } else if is_placeholder(value) {
        Some((PLACEHOLDER, "holds a placeholder".to_owned()))
    } else if let Some(source) = known_key(value).filter(|_| value.len() >= LONG) {
        Some((PLACEHOLDER, format!("holds a key that is printed in {source}")))
    } else {
        form.against(value).map(|against| (FORM, against))
    };
    findings.extend(
        against.map(|(rule, against)| {
            env_file::finding(env, rule, entry, format!("`{key}` {against}"))
        }),
    );
    findings
}

/// Entries that a later one of the same key takes back with another value.
fn overridden(env: &Env) -> impl Iterator<Item = Finding> {
    let keys = env.file().by_key();
    env.file().entries.iter().filter_map(move |entry| {
        let last = *keys.get(entry.key.as_str())?.last()?;
        if last.value.expose_secret() == entry.value.expose_secret() {
            return None;
        }
        let message =
            format!("`{}` is set again in line {}, to another value", entry.key, last.line);
        let help = "keep one of them; the last one counts for python-dotenv";
        Some(env_file::finding(env, SET_AGAIN, entry, message).help(help))
    })
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrMap;

        impl<'de> Visitor<'de> for ListOrMap {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a map such as `{ SECRET_KEY: any, MAIL_PORT: port }`, or a list of names",
                )
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Keys, A::Error> {
                let mut keys = IndexMap::new();
                while let Some(name) = list.next_element::<Name>()? {
                    insert(&mut keys, name, Form::Any)?;
                }
                Ok(Keys(keys))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = IndexMap::new();
                while let Some((name, form)) = map.next_entry::<Name, Form>()? {
                    insert(&mut keys, name, form)?;
                }
                Ok(Keys(keys))
            }
        }

        fn insert<E: Error>(
            keys: &mut IndexMap<Name, Form>,
            name: Name,
            form: Form,
        ) -> Result<(), E> {
            if keys.contains_key(&name) {
                return Err(E::custom(format!("`{}` is named twice", name.as_str())));
            }
            keys.insert(name, form);
            Ok(())
        }

        deserializer.deserialize_any(ListOrMap)
    }
}

impl JsonSchema for Keys {
    fn schema_name() -> Cow<'static, str> {
        "EnvKeyForms".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let form = generator.subschema_for::<Form>();
        let name = generator.subschema_for::<Name>();
        json_schema!({
            "description": "Names of variables: a map of names to forms, or a list of names that may have any value.",
            "anyOf": [
                { "type": "array", "items": name, "uniqueItems": true },
                { "type": "object", "propertyNames": name, "additionalProperties": form }
            ]
        })
    }
}

#[cfg(test)]
mod tests;
