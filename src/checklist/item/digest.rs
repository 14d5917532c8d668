//! What a signer asserts, as one digest.

use serde_json::Value as Json;

use crate::checklist::{ItemCheck, Policy, Waive};
use crate::model::{CleanText, Digest, Severity};

/// The parts of an item that a signature stands for; see
/// [`crate::checklist::Item::digest`].
pub(super) struct Asserted<'a> {
    pub title: &'a CleanText,
    pub severity: Severity,
    pub checks: &'a [ItemCheck],
    pub sign_off: Option<&'a Policy>,
    pub when_undecided: Option<&'a Policy>,
    pub waive: &'a Waive,
}

impl Asserted<'_> {
    pub(super) fn digest(&self) -> Digest {
        let mut parts = vec![self.title.to_string(), self.severity.word().to_owned()];
        for check in self.checks {
            parts.extend(["check".to_owned(), check.kind.to_owned(), canonical(&check.parameters)]);
        }
        policy(&mut parts, "sign_off", self.sign_off);
        policy(&mut parts, "when_undecided", self.when_undecided);
        match self.waive {
            Waive::Default => {}
            Waive::Never => parts.push("waive never".to_owned()),
            Waive::Rule(rule) => {
                parts.push("waive".to_owned());
                parts.push(text(rule.by.as_ref()));
                parts.push(text(rule.longest.map(|longest| longest.hours())));
            }
        }
        Digest::of(parts.iter().map(String::as_str))
    }
}

fn policy(parts: &mut Vec<String>, name: &str, policy: Option<&Policy>) {
    let Some(policy) = policy else {
        return;
    };
    let covers = policy.covers.as_ref().map_or(&[][..], |covers| covers.patterns());
    parts.push(name.to_owned());
    parts.push(text(policy.by.as_ref()));
    parts.push(policy.count.to_string());
    parts.push(text(policy.valid.map(|valid| valid.hours())));
    // how many follow, so that a pattern is not taken for what comes after
    parts.push(covers.len().to_string());
    parts.extend(covers.iter().cloned());
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
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
