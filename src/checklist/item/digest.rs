//! What a signer asserts, as one digest.

use serde_json::Value as Json;

use crate::checklist::{ItemCheck, Policy};
use crate::model::{CleanText, Digest};

/// See [`crate::checklist::Item::digest`].
pub(super) fn digest(
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
