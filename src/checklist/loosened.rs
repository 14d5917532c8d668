//! In what a checklist asks less than an older version of it, in sentences.

use std::collections::BTreeMap;

use super::gate::{Gate, LedgerRule, MayWaive, USUAL, Uncommitted};
use super::{Checklist, Item, ItemCheck, Policy};
use crate::model::{CleanText, Environment, Role};

/// What the new version of a checklist asks less than the old one, one sentence
/// each. A change that may be either, such as other parameters of a check, is
/// among it.
pub(crate) fn loosened(old: &Checklist, new: &Checklist) -> Vec<CleanText> {
    let mut said = Vec::new();
    gate(&old.gate, &new.gate, &mut said);
    team(&old.team, &new.team, &mut said);
    if old.environment != new.environment {
        said.push(format!(
            "production's variables are now seen {}, and not {}",
            seen(&new.environment),
            seen(&old.environment)
        ));
    }
    for (_, before) in old.items().filter(|(_, item)| item.disabled.is_none()) {
        let id = &before.id;
        let Some(after) = new.item(id) else {
            said.push(format!("`{id}` was removed"));
            continue;
        };
        if let Some(reason) = &after.disabled {
            said.push(format!("`{id}` was disabled: {reason}"));
            continue;
        }
        let mut of_item = Vec::new();
        item(before, after, &mut of_item);
        waivers(before, after, new, &mut of_item);
        said.extend(of_item.into_iter().map(|sentence| format!("`{id}`: {sentence}")));
    }
    said.into_iter().map(CleanText::line).collect()
}

fn gate(old: &Gate, new: &Gate, said: &mut Vec<String>) {
    if new.blocks_from > old.blocks_from {
        said.push(format!(
            "items block from severity {}, and not from {}",
            new.blocks_from, old.blocks_from
        ));
    }
    if let Some(sentence) = role(old.waivers.by.as_ref(), new.waivers.by.as_ref()) {
        said.push(format!("waivers: {sentence}"));
    }
    let longest = |gate: &Gate| gate.waivers.longest.unwrap_or(USUAL);
    if longest(new) > longest(old) {
        said.push(format!("waivers may last {}, and not {}", longest(new), longest(old)));
    }
    if let Some(sentence) = role(old.overrule.as_ref(), new.overrule.as_ref()) {
        said.push(format!("overruling objections: {sentence}"));
    }
    if (old.uncommitted, new.uncommitted) == (Uncommitted::Block, Uncommitted::Warn) {
        said.push("uncommitted changes only warn".to_owned());
    }
    match (old.ledger, new.ledger) {
        (LedgerRule::Shared { .. }, LedgerRule::Local) => {
            said.push("the ledger is no longer shared".to_owned());
        }
        (LedgerRule::Shared { max_age: Some(old) }, LedgerRule::Shared { max_age: None }) => {
            said.push(format!("the last sync of the ledger may be older than {old}"));
        }
        (LedgerRule::Shared { max_age: Some(old) }, LedgerRule::Shared { max_age: Some(new) })
            if new > old =>
        {
            said.push(format!("the last sync of the ledger may be {new} old, and not {old}"));
        }
        _ => {}
    }
}

fn team(
    old: &BTreeMap<Role, Vec<String>>,
    new: &BTreeMap<Role, Vec<String>>,
    said: &mut Vec<String>,
) {
    if new.is_empty() && !old.is_empty() {
        said.push("the team was removed".to_owned());
    }
    for (role, people) in new {
        let before = old.get(role).map_or(&[][..], Vec::as_slice);
        let known: Vec<String> = before.iter().map(|email| email.to_lowercase()).collect();
        for email in people.iter().filter(|email| !known.contains(&email.to_lowercase())) {
            said.push(format!("{email} was added to the role `{role}`"));
        }
    }
}

fn seen(environment: &Environment) -> String {
    match environment {
        Environment::File(path) => format!("in `{path}`"),
        Environment::Process => "among the variables of the process".to_owned(),
        Environment::Elsewhere => "elsewhere".to_owned(),
    }
}

fn item(old: &Item, new: &Item, said: &mut Vec<String>) {
    if new.severity < old.severity {
        said.push(format!("its severity is {}, and not {}", new.severity, old.severity));
    }
    checks(&old.checks, &new.checks, said);
    match (&old.sign_off, &new.sign_off) {
        (None, Some(_)) => said.push("its findings can now be signed off".to_owned()),
        (Some(_), None) => said.push("it no longer asks for a sign-off".to_owned()),
        (Some(old), Some(new)) => policy("", old, new, said),
        (None, None) => {}
    }
    match (&old.when_undecided, &new.when_undecided) {
        (None, Some(_)) => said.push("a person may now sign when it is undecided".to_owned()),
        (Some(old), Some(new)) => policy("when it is undecided, ", old, new, said),
        (_, None) => {}
    }
}

/// Checks that are gone or ask something else; one more asks for more.
fn checks(old: &[ItemCheck], new: &[ItemCheck], said: &mut Vec<String>) {
    let same = |a: &ItemCheck, b: &ItemCheck| a.kind == b.kind && a.parameters == b.parameters;
    let mut free: Vec<&ItemCheck> = new.iter().collect();
    let mut gone: Vec<&ItemCheck> = Vec::new();
    for check in old {
        match free.iter().position(|other| same(check, other)) {
            Some(at) => drop(free.swap_remove(at)),
            None => gone.push(check),
        }
    }
    for check in gone {
        match free.iter().position(|other| check.kind == other.kind) {
            Some(at) => {
                free.swap_remove(at);
                said.push(format!("its check `{}` has other parameters", check.kind));
            }
            None => said.push(format!("its check `{}` was removed", check.kind)),
        }
    }
}

fn policy(when: &str, old: &Policy, new: &Policy, said: &mut Vec<String>) {
    let mut say = |sentence: String| said.push(format!("{when}{sentence}"));
    if let Some(sentence) = role(old.by.as_ref(), new.by.as_ref()) {
        say(format!("sign-offs: {sentence}"));
    }
    if new.count < old.count {
        let people = if new.count == 1 { "person" } else { "people" };
        say(format!("{} {people} must sign, and not {}", new.count, old.count));
    }
    match (old.valid, new.valid) {
        (Some(old), None) => say(format!("a sign-off no longer ends after {old}")),
        (Some(old), Some(new)) if new > old => {
            say(format!("a sign-off holds for {new}, and not {old}"));
        }
        _ => {}
    }
    let patterns = |policy: &Policy| -> Vec<String> {
        policy.covers.as_ref().map(|covers| covers.patterns().to_vec()).unwrap_or_default()
    };
    let covered = patterns(new);
    for pattern in patterns(old).iter().filter(|pattern| !covered.contains(pattern)) {
        say(format!("a sign-off no longer covers `{pattern}`"));
    }
}

/// Who may waive the item and for how long, by what it says itself; what the
/// gate changed is told once, for all items.
fn waivers(old: &Item, new: &Item, list: &Checklist, said: &mut Vec<String>) {
    let before = list.limits_of(new, &old.waive);
    let after = list.limits_of(new, &new.waive);
    match (before, after) {
        (None, Some(_)) => said.push("it can now be waived".to_owned()),
        (Some(before), Some(after)) => {
            if !narrower(&before.who, &after.who) {
                said.push(format!(
                    "{} may waive it, and not {}",
                    whose(&after.who),
                    whose(&before.who)
                ));
            }
            if after.longest > before.longest {
                said.push(format!(
                    "a waiver of it may last {}, and not {}",
                    after.longest, before.longest
                ));
            }
        }
        (_, None) => {}
    }
}

/// Whether nobody is in the second who is not in the first.
fn narrower(before: &MayWaive, after: &MayWaive) -> bool {
    match (before, after) {
        (MayWaive::Anyone, _) => true,
        (MayWaive::Team, after) => *after != MayWaive::Anyone,
        (before, after) => before == after,
    }
}

fn whose(who: &MayWaive) -> String {
    match who {
        MayWaive::Anyone => "anyone".to_owned(),
        MayWaive::Team => "anyone in the team".to_owned(),
        MayWaive::Role(role) => format!("the role `{role}`"),
    }
}

/// A role that is asked no longer, or another one in its place.
fn role(old: Option<&Role>, new: Option<&Role>) -> Option<String> {
    match (old, new) {
        (Some(old), None) => Some(format!("the role `{old}` is no longer asked for")),
        (Some(old), Some(new)) if old != new => {
            Some(format!("the role `{new}` is asked for, and not `{old}`"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
