//! What an item's checklist says of it, in words for text and screen.

use serde_json::Value;

use crate::checklist::{MayWaive, Policy, WaiverLimits};
use crate::model::CleanText;
use crate::model::words::length;

/// The headings of an item's parts, the same in text and on the screen.
pub(crate) mod heading {
    /// Why the item is in the checklist.
    pub(crate) const WHY: &str = "Why it matters";
    /// Its fix.
    pub(crate) const FIX: &str = "How to fix it";
    /// Its checks.
    pub(crate) const CHECKS: &str = "What is checked";
    /// Its sign-off policy.
    pub(crate) const SIGNS: &str = "Who signs";
    /// Its policy for checks that cannot decide.
    pub(crate) const SIGNS_UNDECIDED: &str = "Who signs while the checks cannot decide";
    /// Its pages.
    pub(crate) const REFS: &str = "Read more";
    /// Its records.
    pub(crate) const RECORDS: &str = "Records";
}

/// A policy in one sentence.
pub(crate) fn policy(policy: &Policy) -> String {
    let who = match (policy.count, &policy.by) {
        (0 | 1, None) => "Anybody may sign it off".to_owned(),
        (0 | 1, Some(role)) => format!("One person of the role {role} signs it off"),
        (many, None) => format!("{many} different people sign it off"),
        (many, Some(role)) => format!("{many} different people of the role {role} sign it off"),
    };
    let valid = policy.valid.map(|valid| format!("for {}", length(valid)));
    let covers = policy.covers.as_ref().map(|globs| {
        let patterns = CleanText::line(globs.patterns().join(", "));
        format!("until one of these files changes: {patterns}")
    });
    let parts: Vec<String> = [valid, covers].into_iter().flatten().collect();
    match parts.is_empty() {
        true => format!("{who}."),
        false => format!("{who}; that holds {}.", parts.join(", and ")),
    }
}

/// Who may waive and for how long: `anybody, for 90 days at most`.
pub(crate) fn waiver(limits: &WaiverLimits) -> String {
    let who = match &limits.who {
        MayWaive::Anyone => "anybody".to_owned(),
        MayWaive::Team => "anybody in the team".to_owned(),
        MayWaive::Role(role) => format!("the role {role}"),
    };
    format!("{who}, for {} at most", length(limits.longest))
}

/// A check's parameters by name, as far as they are not the default.
pub(crate) fn parameters(value: &Value) -> Vec<(CleanText, CleanText)> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (CleanText::line(name), CleanText::line(plain(value))))
            .collect(),
        Value::Null => Vec::new(),
        other => vec![(CleanText::default(), CleanText::line(plain(other)))],
    }
}

/// A value as a person writes it: lists by commas, no quotes.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match value {
                Value::Object(_) => format!("{name}: {{{}}}", plain(value)),
                value => format!("{name}: {}", plain(value)),
            })
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_read_as_a_person_writes_them() {
        let value = json!({"globs": ["a", "b/**"], "max": "0600", "of": {"A": "any", "B": {"min": 1}}, "no": null});
        let said: Vec<String> =
            parameters(&value).iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(said, ["globs=a, b/**", "max=0600", "of=A: any, B: {min: 1}"]);
        assert_eq!(parameters(&json!("x")).len(), 1);
        assert!(parameters(&Value::Null).is_empty());
    }
}
