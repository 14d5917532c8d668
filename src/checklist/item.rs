//! One merged draft → one item, with everything that is wrong about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;
use serde_yaml::{Mapping, Value};

use super::diagnostic::Diagnostic;
use super::file::{self, File};
use super::merge::{Draft, DraftPolicy, Given, Place};
use super::raw::RawFix;
use super::vars::{self, Trouble, Values};
use super::{Fix, Item, ItemCheck, Policy, words};
use crate::check::kinds::{self, KINDS};
use crate::check::params::Globs;
use crate::model::{CleanText, Digest, Role, Severity};

/// What building an item needs to know.
pub(super) struct Builder<'a> {
    pub files: &'a [File],
    pub values: &'a Values,
    pub team: &'a BTreeMap<Role, Vec<String>>,
    /// All ids, for suggestions.
    pub ids: &'a [String],
    pub told: &'a mut Vec<Diagnostic>,
}

/// Fills in what is known; unknown names stay.
pub(super) fn fill_prose(text: &str, values: &Values) -> String {
    vars::fill_known(text, values)
}

impl Builder<'_> {
    pub fn item(&mut self, draft: Draft) -> Item {
        self.complete(&draft);
        let title = self.line(draft.title.as_ref());
        let why = self.block(draft.why.as_ref());
        let disabled = draft.disabled.as_ref().map(|reason| self.block(Some(reason)));
        let checks = draft.check.as_ref().map(|check| self.checks(check)).unwrap_or_default();
        let sign_off = draft.sign_off.as_ref().map(|policy| self.policy(policy));
        let file = &self.files[draft.at.file];
        Item {
            digest: digest(&title, &why, &checks, sign_off.as_ref()),
            id: draft.id.value.clone(),
            title,
            severity: draft.severity.as_ref().map_or(Severity::Critical, |given| given.value),
            why,
            fix: draft.fix.as_ref().map(|fix| self.fix(fix)),
            refs: draft.refs.as_ref().map(|refs| self.refs(refs)).unwrap_or_default(),
            checks,
            sign_off,
            disabled,
            defined_at: (file.source.name.clone(), file.line(&draft.at.path)),
        }
    }

    /// Tells what an item lacks.
    fn complete(&mut self, draft: &Draft) {
        // what is there but mistaken was told already
        let has = |key: &str| self.files[draft.at.file].has(&draft.at.key(key).path);
        let mut lacks: Vec<&str> = Vec::new();
        if draft.title.is_none() && !has("title") {
            lacks.push("`title`");
        }
        if draft.severity.is_none() && !has("severity") {
            lacks.push("`severity`");
        }
        if draft.why.is_none() && !has("why") {
            lacks.push("`why`");
        }
        let settled = draft.check.is_some() || draft.sign_off.is_some();
        if !settled && !has("check") && !has("sign_off") {
            lacks.push("`check` or `sign_off`");
        }
        let Some((last, rest)) = lacks.split_last() else {
            return;
        };
        let lacks = match rest {
            [] => (*last).to_owned(),
            rest => format!("{} and {last}", rest.join(", ")),
        };
        let id = &draft.id.value;
        let place = if has("id") { draft.id.at.clone() } else { draft.at.clone() };
        let includes =
            self.files[draft.at.file].raw.include.as_ref().is_some_and(|i| !i.is_empty());
        let told = if includes && has("id") {
            let others = self.ids.iter().map(String::as_str).filter(|other| *other != id.as_str());
            let near = words::nearest(id.as_str(), others);
            Diagnostic::error(format!(
                "`{id}` is in no included checklist, so it is a new item and needs {lacks}"
            ))
            .maybe_help(near.map(|near| format!("did you mean `{near}`?")))
        } else {
            let told = Diagnostic::error(format!("this item needs {lacks}"));
            match last {
                l if l.contains("check") => told.help("a check looks by itself, a sign-off asks a person; `sign_off: anyone` is the shortest"),
                _ => told,
            }
        };
        self.told.push(told.at(place.value(self.files, "incomplete")));
    }

    fn not_empty(&mut self, text: &str, at: &Place) {
        if text.trim().is_empty() {
            let key = file::field(&at.path).unwrap_or_default().to_owned();
            self.told.push(
                Diagnostic::error(format!("`{key}` is empty"))
                    .at(at.value(self.files, "empty"))
                    .help("say it in a few words"),
            );
        }
    }

    fn line(&mut self, given: Option<&Given<String>>) -> CleanText {
        given.map_or_else(CleanText::default, |given| {
            self.not_empty(&given.value, &given.at);
            // a folded title ends in a line break
            CleanText::line(fill_prose(given.value.trim(), self.values))
        })
    }

    fn block(&mut self, given: Option<&Given<String>>) -> CleanText {
        given.map_or_else(CleanText::default, |given| {
            self.not_empty(&given.value, &given.at);
            CleanText::block(fill_prose(given.value.trim_end(), self.values))
        })
    }

    fn fix(&mut self, fix: &Given<RawFix>) -> Fix {
        let clean = |text: &String| CleanText::block(fill_prose(text.trim_end(), self.values));
        match &fix.value {
            RawFix::Text(text) => {
                let shown = clean(text);
                self.not_empty(text, &fix.at);
                Fix { text: Some(shown), ..Fix::default() }
            }
            RawFix::Parts(parts) => {
                let made = Fix {
                    text: parts.text.as_ref().map(clean),
                    steps: parts.steps.iter().flatten().map(clean).collect(),
                    code: parts.code.as_ref().map(clean),
                };
                if made == Fix::default() {
                    self.told.push(
                        Diagnostic::error("`fix` is empty")
                            .at(fix.at.key_of(self.files, "nothing in it"))
                            .help("write `text`, `steps` or `code` below it, or take it out"),
                    );
                }
                made
            }
        }
    }

    fn refs(&mut self, refs: &Given<Vec<String>>) -> Vec<CleanText> {
        for (nth, url) in refs.value.iter().enumerate() {
            let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            let good = host.is_some_and(|host| {
                host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
                    && !host.contains(|c: char| c.is_whitespace() || c.is_control())
            });
            if !good {
                self.told.push(
                    Diagnostic::error(format!("`{}` is no web address", words::shorten(url)))
                        .at(refs.at.index(nth).value(self.files, "no address"))
                        .help("an address begins with `https://` or `http://`"),
                );
            }
        }
        refs.value.iter().map(CleanText::line).collect()
    }

    fn checks(&mut self, given: &Given<Value>) -> Vec<ItemCheck> {
        match &given.value {
            Value::Sequence(list) if list.is_empty() => {
                self.told.push(
                    Diagnostic::error("`check` is an empty list")
                        .at(given.at.key_of(self.files, "nothing in it"))
                        .help("write `kind: { its parameters }` below it, or take it out"),
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
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        let map = match value {
            Value::Mapping(map) => map,
            other => {
                let told = Diagnostic::error("a check is one kind with its parameters")
                    .at(at.value(self.files, "no mapping"));
                self.told.push(match other {
                    Value::String(word) if kinds::find(word).is_some() => {
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
        let Some(kind) = kinds::find(name) else {
            self.told.push(
                Diagnostic::error(format!("there is no kind of check `{}`", words::shorten(name)))
                    .at(at.key_of(self.files, "unknown kind"))
                    .help(words::meant(name, &known)),
            );
            return None;
        };
        let filled = match parameters {
            Value::Null => Value::Mapping(Mapping::new()),
            given => self.fill(given, &at)?,
        };
        match (kind.parse)(&filled) {
            Ok(check) => Some(ItemCheck {
                kind: kind.name,
                check: Arc::from(check),
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
    fn fill(&mut self, value: &Value, at: &Place) -> Option<Value> {
        match value {
            Value::String(text) => self.fill_text(text, at).map(Value::String),
            Value::Sequence(list) => {
                let filled: Vec<Option<Value>> = list
                    .iter()
                    .enumerate()
                    .map(|(nth, value)| self.fill(value, &at.index(nth)))
                    .collect();
                filled.into_iter().collect::<Option<Vec<Value>>>().map(Value::Sequence)
            }
            Value::Mapping(map) => {
                let filled: Vec<Option<(Value, Value)>> = map
                    .iter()
                    .map(|(key, value)| {
                        let at = at.key(key.as_str().unwrap_or_default());
                        Some((key.clone(), self.fill(value, &at)?))
                    })
                    .collect();
                filled.into_iter().collect::<Option<Mapping>>().map(Value::Mapping)
            }
            other => Some(other.clone()),
        }
    }

    fn fill_text(&mut self, text: &str, at: &Place) -> Option<String> {
        let told = match vars::fill(text, self.values) {
            Ok(filled) => return Some(filled),
            Err(Trouble::Unknown(name)) => {
                let known: Vec<&str> = self.values.keys().map(String::as_str).collect();
                let told =
                    Diagnostic::error(format!("there is no variable `{}`", words::shorten(&name)));
                match words::nearest(&name, known.iter().copied()) {
                    Some(near) => told.help(format!("did you mean `${{{near}}}`?")),
                    None => told.help("define it under `vars`; for `${` itself write `$${`"),
                }
            }
            Err(Trouble::NoName) => {
                Diagnostic::error("`${` is not followed by the name of a variable and `}`")
                    .help("write `${name}`; for `${` itself write `$${`")
            }
        };
        self.told.push(told.at(at.value(self.files, "")));
        None
    }

    fn policy(&mut self, draft: &DraftPolicy) -> Policy {
        let by = draft.by.as_ref().and_then(|by| self.role(by));
        let count = draft.count.as_ref().map_or(1, |count| count.value);
        if let Some(given) = &draft.count {
            self.can_be_met(given, by.as_ref());
        }
        Policy {
            by,
            count,
            valid: draft.valid.as_ref().map(|valid| valid.value),
            covers: draft.covers.as_ref().and_then(|covers| self.covers(covers)),
        }
    }

    fn role(&mut self, by: &Given<String>) -> Option<Role> {
        if let Some(role) = self.team.keys().find(|role| role.as_str() == by.value) {
            return Some(role.clone());
        }
        let known: Vec<&str> = self.team.keys().map(Role::as_str).collect();
        let help = if known.is_empty() {
            "the checklist has no `team` yet; write `team: { ROLE: [EMAIL] }`".to_owned()
        } else {
            words::meant(&by.value, &known)
        };
        self.told.push(
            Diagnostic::error(format!("there is no role `{}`", words::shorten(&by.value)))
                .at(by.at.value(self.files, "unknown role"))
                .help(help),
        );
        None
    }

    fn can_be_met(&mut self, count: &Given<u32>, by: Option<&Role>) {
        let people = by.and_then(|role| Some((role, self.team.get(role)?.len())));
        let told = match people {
            _ if count.value == 0 => Diagnostic::error("a sign-off by 0 people asks nobody")
                .help("ask for at least 1, or take `sign_off` out"),
            Some((role, people)) if people < count.value as usize => Diagnostic::error(format!(
                "nobody can satisfy this: {} people must sign, and the role `{role}` has {people}",
                count.value
            ))
            .help("ask for fewer, or add people to the role under `team`"),
            _ => return,
        };
        self.told.push(told.at(count.at.value(self.files, "")));
    }

    fn covers(&mut self, covers: &Given<Vec<String>>) -> Option<Globs> {
        if covers.value.is_empty() {
            self.told.push(
                Diagnostic::error("`covers` is an empty list")
                    .at(covers.at.value(self.files, "nothing in it"))
                    .help("name the files, or take it out"),
            );
            return None;
        }
        let mut patterns = Vec::new();
        for (nth, pattern) in covers.value.iter().enumerate() {
            let at = covers.at.index(nth);
            let Some(filled) = self.fill_text(pattern, &at) else {
                continue;
            };
            match Globs::new(&[&filled]) {
                Ok(_) => patterns.push(filled),
                Err(reason) => {
                    self.told.push(Diagnostic::error(reason).at(at.value(self.files, "")));
                }
            }
        }
        Globs::new(&patterns).ok()
    }
}

/// See [`Item::digest`].
fn digest(
    title: &CleanText,
    why: &CleanText,
    checks: &[ItemCheck],
    sign_off: Option<&Policy>,
) -> Digest {
    let mut parts: Vec<String> = vec![title.to_string(), why.to_string()];
    for check in checks {
        parts.extend(["check".to_owned(), check.kind.to_owned(), canonical(&check.parameters)]);
    }
    if let Some(policy) = sign_off {
        let text = |value: Option<String>| value.unwrap_or_default();
        parts.push("sign_off".to_owned());
        parts.push(text(policy.by.as_ref().map(ToString::to_string)));
        parts.push(policy.count.to_string());
        parts.push(text(policy.valid.map(|valid| valid.hours().to_string())));
        parts.extend(policy.covers.iter().flat_map(|covers| covers.patterns().iter().cloned()));
    }
    Digest::of(parts.iter().map(String::as_str))
}

/// JSON with sorted keys and no spaces.
fn canonical(value: &Json) -> String {
    match value {
        Json::Object(map) => {
            let mut keys: Vec<(&String, &Json)> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            let fields: Vec<String> = keys
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Json::from(key.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Json::Array(list) => {
            let entries: Vec<String> = list.iter().map(canonical).collect();
            format!("[{}]", entries.join(","))
        }
        plain => plain.to_string(),
    }
}
