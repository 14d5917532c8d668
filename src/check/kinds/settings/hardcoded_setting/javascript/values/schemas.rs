//! Settings that a schema reads from the environment: zod, envalid, joi, convict.

use tree_sitter::Node;

use super::super::value::{At, Values};
use super::{Around, Search};
use crate::lang::javascript::{children, key, walk};

/// Functions that read settings by a schema.
const READERS: &[&str] = &[
    "parse",
    "safeParse",
    "parseEnv",
    "cleanEnv",
    "createEnv",
    "validate",
    "validateSync",
    "load",
    "convict",
    "attempt",
    "customCleanEnv",
    "from",
    "envsafe",
    "validateEnv",
    "parseAsync",
    "validatedEnv",
    "str",
    "plainToClass",
    "plainToInstance",
    "bindings",
    "getProperties",
];

/// So many schemas are looked into for one value.
const MOST: usize = 12;

impl<'w> Search<'_, 'w> {
    /// A property of what a schema reads; none when the call is no such thing.
    pub(super) fn by_schema(
        &self,
        at: &At<'w>,
        called: &str,
        way: &[String],
        around: &Around<'w>,
    ) -> Option<Values<'w>> {
        let last = way.iter().rev().find(|part| !matches!(part.as_str(), "default" | "data"))?;
        if !READERS.contains(&called) {
            return None;
        }
        let mut open = vec![at.clone()];
        let mut looked: Vec<(usize, usize)> = Vec::new();
        let mut environment = false;
        let mut found: Option<Values<'w>> = None;
        while let Some(next) = open.pop() {
            if looked.contains(&next.id()) || looked.len() > MOST {
                continue;
            }
            looked.push(next.id());
            let mut names = Vec::new();
            let mut pairs = Vec::new();
            walk(next.node, |node| {
                match node.kind() {
                    "pair" => {
                        let named = node.child_by_field_name("key");
                        if named.and_then(|named| key(next.module.text, named)).as_ref()
                            == Some(last)
                        {
                            pairs.extend(node.child_by_field_name("value"));
                        }
                    }
                    "identifier" => names.push(node),
                    "member_expression" => {
                        environment |= next.module.code(node) == "process.env";
                    }
                    _ => {}
                }
                true
            });
            for pair in pairs {
                let values = self.default_of(&next.with(pair), around);
                found = Some(found.unwrap_or_default().or(values));
            }
            for name in names {
                let to = self.expression(&next.with(name));
                open.extend(to.filter(|to| {
                    matches!(to.node.kind(), "object" | "call_expression")
                        && !(to.module.path() == next.module.path()
                            && to.node.byte_range().contains(&next.node.start_byte()))
                }));
            }
        }
        match found {
            Some(values) => Some(Values::variable(last).or_else(values)),
            None if environment => Some(Values::variable(last)),
            None => None,
        }
    }

    /// The default that a schema gives one of its settings, for production.
    fn default_of(&self, at: &At<'w>, around: &Around<'w>) -> Values<'w> {
        let mut defaults: Vec<Node<'w>> = Vec::new();
        walk(at.node, |node| {
            match node.kind() {
                "call_expression" => {
                    let function = node.child_by_field_name("function");
                    let method = function.and_then(|f| f.child_by_field_name("property"));
                    let named = method.map(|method| at.module.code(method)).unwrap_or_default();
                    if matches!(named, "default" | "catch" | "prefault" | "fallback") {
                        let arguments = node.child_by_field_name("arguments").map(children);
                        defaults.extend(arguments.unwrap_or_default().into_iter().next());
                    }
                }
                "pair" => {
                    let named = node.child_by_field_name("key");
                    let named = named.and_then(|named| key(at.module.text, named));
                    if matches!(named.as_deref(), Some("default" | "defaultValue")) {
                        defaults.extend(node.child_by_field_name("value"));
                    }
                }
                _ => {}
            }
            true
        });
        if at.node.kind() == "string" {
            // `process.env` or a variable's name stands in a mapping as a text
            return Values::default();
        }
        self.values_of(at, &defaults, around)
    }
}
