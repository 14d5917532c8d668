//! What is found in objects and lists.

use super::super::value::{At, Values};
use super::super::world::{is_elsewhere, is_production};
use super::{ANY, Around, Search};
use crate::lang::javascript::{children, key};

/// Where an object that is given as a key holds the key itself.
const KEY_ITSELF: &[&str] =
    &["key", "secret", "private", "privateKey", "value", "current", "keys", "k", "default"];

impl<'w> Search<'_, 'w> {
    pub(super) fn object(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let module = &at.module;
        let parts = children(at.node);
        let named = |part: &tree_sitter::Node<'w>| {
            let name = part
                .child_by_field_name("key")
                .or_else(|| part.child_by_field_name("name"))
                .unwrap_or(*part);
            key(module.text, name)
        };
        let Some((head, rest)) = way.split_first() else {
            let itself = parts.iter().filter(|part| {
                part.kind() != "spread_element"
                    && named(part).is_some_and(|name| KEY_ITSELF.contains(&name.as_str()))
            });
            return itself.fold(Values::default(), |all, part| {
                all.or(self.property(&at.with(*part), &[], around))
            });
        };
        if head == ANY {
            return self.any_property(at, rest, around);
        }
        let mut all = Values::default();
        for part in parts.iter().rev() {
            let values = if part.kind() == "spread_element" {
                let of = children(*part).into_iter().next();
                of.map(|of| self.value(&at.with(of), way, around)).unwrap_or_default()
            } else if named(part).as_deref() == Some(head) {
                self.property(&at.with(*part), rest, around)
            } else {
                continue;
            };
            // what is spread may lack a property; what stands before counts then
            let sure = part.kind() != "spread_element"
                || (!values.is_nothing() && !spreads_environment(module.code(*part)));
            all = all.or(values);
            if sure {
                return all;
            }
        }
        all
    }

    /// The value of a property, short or long.
    fn property(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        match at.node.kind() {
            "shorthand_property_identifier" => self.name(at, way, around),
            "method_definition" => self.returned(at, way, around),
            _ => {
                let value = at.node.child_by_field_name("value");
                let values = value.map(|value| self.value(&at.with(value), way, around));
                let name = at.node.child_by_field_name("key").map(|key| at.module.code(key));
                let values = values.unwrap_or_default();
                match name {
                    Some(name) => values.through(name.trim_matches(['"', '\''])),
                    None => values,
                }
            }
        }
    }

    /// `configs[env]`: production's when there is one.
    fn any_property(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let module = &at.module;
        let mut production = Vec::new();
        let mut others = Vec::new();
        for part in children(at.node) {
            let name = part
                .child_by_field_name("key")
                .or_else(|| part.child_by_field_name("name"))
                .unwrap_or(part);
            let name = key(module.text, name).unwrap_or_default();
            if is_production(&name) {
                production.push(part);
            } else if !is_elsewhere(&name) {
                others.push(part);
            }
        }
        let chosen = if production.is_empty() { others } else { production };
        chosen.into_iter().fold(Values::default(), |all, part| {
            all.or(match part.kind() {
                "spread_element" => Values::default(),
                _ => self.property(&at.with(part), way, around),
            })
        })
    }

    pub(super) fn array(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let parts = children(at.node);
        let (parts, rest) = match way.split_first() {
            None => (parts, way),
            Some((index, rest)) => match index.parse::<usize>() {
                Ok(index) => (parts.into_iter().skip(index).take(1).collect(), rest),
                Err(_) if index == ANY => (parts, rest),
                Err(_) => return Values::default(),
            },
        };
        parts.into_iter().fold(Values::default(), |all, part| {
            let of = match part.kind() {
                "spread_element" => children(part).into_iter().next().unwrap_or(part),
                _ => part,
            };
            all.or(self.value(&at.with(of), rest, around))
        })
    }

    /// `Object.assign({}, a, b)`: the later ones win; with `first`, the earlier.
    pub(super) fn merged(
        &self,
        mut parts: Vec<At<'w>>,
        way: &[String],
        first: bool,
        around: &Around<'w>,
    ) -> Values<'w> {
        if !first {
            parts.reverse();
        }
        let mut all = Values::default();
        for part in parts {
            let values = self.value(&part, way, around);
            let sure = !values.is_nothing() && !spreads_environment(part.code());
            all = all.or(values);
            if sure {
                return all;
            }
        }
        all
    }
}

/// Whether it gives what is in the environment, and lacks what is not.
fn spreads_environment(code: &str) -> bool {
    code.contains("process.env")
}
