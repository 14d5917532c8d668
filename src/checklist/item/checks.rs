//! The automatic part of an item: its kinds of check and their parameters.

use serde_yaml::{Mapping, Value};

use super::{Builder, weight};
use crate::check::params::PATTERN_KEYS;
use crate::check::table::{self, KINDS};
use crate::checklist::diagnostic::Diagnostic;
use crate::checklist::place::{Given, Place};
use crate::checklist::vars;
use crate::checklist::{ItemCheck, file, words};

/// Checks of a whole checklist; each takes time to make ready.
const MOST_CHECKS: usize = 250;
/// What the patterns of a checklist may weigh together: some 50 MB, or 800 `\w`.
const HEAVIEST: u64 = 600_000;

/// What the texts below a value are.
#[derive(Clone, Copy)]
pub(super) enum Texts {
    /// The value is the parameters of a kind.
    Parameters,
    /// Patterns of paths, in which a variable that is a path stands for itself.
    Patterns,
    Plain,
}

fn no_variables(key: &str) -> Diagnostic {
    Diagnostic::error(format!(
        "variables are not filled in here: `{}` is a key",
        words::shorten(key)
    ))
    .help("write the key out; in a value, `${name}` is filled in")
}

impl Builder<'_> {
    pub(super) fn checks(&mut self, given: &Given<Value>) -> Vec<ItemCheck> {
        match &given.value {
            Value::Sequence(list) if list.is_empty() => {
                self.told.push(
                    Diagnostic::error("`check` is an empty list")
                        .at(given.at.key_of(self.files, "nothing in it"))
                        .help("write `kind: { its parameters }` below it, or remove it"),
                );
                Vec::new()
            }
            Value::Sequence(list) => list
                .iter()
                .enumerate()
                .filter_map(|(nth, value)| self.check(value, &given.at.index(nth)))
                .collect(),
            one => self.check(one, &given.at).into_iter().collect(),
        }
    }

    fn check(&mut self, value: &Value, at: &Place) -> Option<ItemCheck> {
        self.checks += 1;
        if self.checks > MOST_CHECKS + 1 {
            return None;
        }
        if self.checks > MOST_CHECKS {
            self.told.push(
                Diagnostic::error(format!("more than {MOST_CHECKS} checks in one checklist"))
                    .at(at.value(self.files, "one more"))
                    .help("put some of them together, or split the checklist"),
            );
            return None;
        }
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        let map = match value {
            Value::Mapping(map) => map,
            other => {
                let told = Diagnostic::error("a check is one kind with its parameters")
                    .at(at.value(self.files, "not a mapping"));
                self.told.push(match other {
                    Value::String(word) if table::find(word).is_some() => {
                        told.help(format!("write `{word}: {{}}`"))
                    }
                    Value::String(word) => told.help(words::meant(word, &known)),
                    _ => told.help("write `kind: { its parameters }`"),
                });
                return None;
            }
        };
        let mut entries = map.iter().filter_map(|(key, value)| Some((key.as_str()?, value)));
        let Some((name, parameters)) = entries.next() else {
            self.told.push(
                Diagnostic::error("a check names one kind; this one names none")
                    .at(at.value(self.files, "empty"))
                    .help("write `kind: { its parameters }`"),
            );
            return None;
        };
        if let Some((second, _)) = entries.next() {
            self.told.push(
                Diagnostic::error("a check names one kind; this one names several")
                    .at(at.key(second).key_of(self.files, "one more"))
                    .help("make it a list, with `- ` before each kind: all of them must hold then"),
            );
        }
        let at = at.key(name);
        let Some(kind) = table::find(name) else {
            self.told.push(
                Diagnostic::error(format!("there is no kind of check `{}`", words::shorten(name)))
                    .at(at.key_of(self.files, "unknown kind"))
                    .help(words::meant(name, &known)),
            );
            return None;
        };
        let filled = match parameters {
            Value::Null => Value::Mapping(Mapping::new()),
            given => self.fill(given, &at, Texts::Parameters)?,
        };
        if self.weight > HEAVIEST {
            return None;
        }
        self.weight = self.weight.saturating_add(weight::weight(&filled));
        if self.weight > HEAVIEST {
            self.told.push(
                Diagnostic::error("the patterns of this checklist take too much memory together")
                    .at(at.key_of(self.files, "up to here"))
                    .help("write `[A-Za-z0-9_]` for `\\w`, or smaller counts between `{` and `}`"),
            );
            return None;
        }
        match (kind.parse)(&filled) {
            Ok(check) => Some(ItemCheck {
                kind: kind.name,
                check,
                parameters: serde_json::to_value(&filled).unwrap_or_default(),
            }),
            Err(mistakes) => {
                for mistake in mistakes {
                    let mut place = at.clone();
                    place.path.extend(mistake.path.iter().cloned());
                    let said = words::explain(&mistake.message, file::field(&mistake.path));
                    let spot = if said.key {
                        place.key_of(self.files, &said.label)
                    } else {
                        place.value(self.files, &said.label)
                    };
                    self.told.push(Diagnostic::error(said.message).at(spot).maybe_help(said.help));
                }
                None
            }
        }
    }

    /// Fills in variables in all texts below a value; nothing when one is unknown.
    fn fill(&mut self, value: &Value, at: &Place, texts: Texts) -> Option<Value> {
        match value {
            Value::String(text) => self.fill_text(text, at, texts).map(Value::String),
            Value::Sequence(list) => {
                let filled: Vec<Option<Value>> = list
                    .iter()
                    .enumerate()
                    .map(|(nth, value)| self.fill(value, &at.index(nth), texts))
                    .collect();
                filled.into_iter().collect::<Option<Vec<Value>>>().map(Value::Sequence)
            }
            Value::Mapping(map) => {
                let filled: Vec<Option<(Value, Value)>> = map
                    .iter()
                    .map(|(key, value)| {
                        let name = key.as_str().unwrap_or_default();
                        let at = at.key(name);
                        if name.contains("${") {
                            self.told.push(no_variables(name).at(at.key_of(self.files, "a key")));
                            return None;
                        }
                        let texts = match texts {
                            Texts::Parameters if PATTERN_KEYS.contains(&name) => Texts::Patterns,
                            Texts::Parameters => Texts::Plain,
                            within => within,
                        };
                        Some((key.clone(), self.fill(value, &at, texts)?))
                    })
                    .collect();
                filled.into_iter().collect::<Option<Mapping>>().map(Value::Mapping)
            }
            other => Some(other.clone()),
        }
    }

    pub(super) fn fill_text(&mut self, text: &str, at: &Place, texts: Texts) -> Option<String> {
        if !self.has_room(text, at) {
            return None;
        }
        let values = match texts {
            Texts::Patterns => &self.in_patterns,
            _ => self.values,
        };
        match vars::fill(text, values) {
            Ok(filled) => Some(filled),
            Err(trouble) => {
                let told = trouble.explain(self.values);
                self.told.push(told.at(at.value(self.files, "")));
                None
            }
        }
    }
}
