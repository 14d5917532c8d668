//! Readers of settings that are asked for one by its name.

use tree_sitter::Node;

use super::super::value::{At, Literal, Values};
use super::environment::variable;
use super::functions::is_function;
use super::{ANY, Around, Search, last};
use crate::lang::javascript::{Bound, Export, Module, children, exports, inner, key, string, walk};

/// Readers of settings that are asked for one by its name.
const READERS: &[&str] = &[
    "get",
    "getOrThrow",
    "getString",
    "require",
    "env",
    "getEnv",
    "getenv",
    "requireEnv",
    "requiredEnv",
    "array",
    "fromEnv",
    "str",
    "string",
    "mustGet",
    "getRequired",
    "config",
    "readEnv",
    "envVar",
    "getEnvVar",
    "getEnvironmentVariable",
    "secret",
    "value",
    "getConfig",
];

impl<'w> Search<'_, 'w> {
    /// `env("NAME", default)`, `configService.get("a.b")`.
    pub(super) fn read_by_name(
        &self,
        called: &str,
        receiver: Option<&At<'w>>,
        arguments: &[Node<'w>],
        at: &At<'w>,
        way: &[String],
        around: &Around<'w>,
    ) -> Option<Values<'w>> {
        let first = arguments.first()?;
        let name = match string(at.module.text, inner(*first)) {
            Some(name) => name,
            None => {
                let values = self.value(&at.with(*first), &[], around);
                match values.literals.as_slice() {
                    [Literal { text, .. }] if values.is_fixed() => text.clone(),
                    _ => return None,
                }
            }
        };
        let default = || {
            let second = arguments.get(1).map(|node| at.with(*node))?;
            if inner(second.node).kind() != "object" {
                return Some(self.value(&second, way, around));
            }
            // `get("x", { default: "y" })`
            let parts = children(inner(second.node));
            parts.into_iter().find_map(|part| {
                let named = part.child_by_field_name("key")?;
                let named = key(at.module.text, named)?;
                let value = part.child_by_field_name("value")?;
                matches!(named.as_str(), "default" | "defaultValue" | "fallback")
                    .then(|| self.value(&at.with(value), way, around))
            })
        };
        let read = READERS.contains(&called) || called.to_lowercase().contains("env");
        if let (true, Some(receiver)) =
            (called == "get" || called == "getOrThrow" || called == "has", receiver)
        {
            if let Some(values) = self.by_config_object(receiver, at, &name, way, around) {
                return Some(values);
            }
            let of_map = self.expression(receiver).is_some_and(|to| {
                matches!(to.node.kind(), "new_expression" | "object") && to.code().contains("Map(")
            });
            if of_map {
                return None;
            }
        }
        if read && is_variable(&name) {
            let values = variable(at, &name);
            return Some(match default() {
                Some(default) => values.or_else(default),
                None => values,
            });
        }
        if called != "get" && called != "getOrThrow" {
            return None;
        }
        let found = self.by_namespace(&name, way, around);
        let values = match found {
            Some(values) => values,
            None => Values::unknown(
                at,
                format!("comes from {called}(), asked for a setting that was not found"),
            ),
        };
        Some(match default() {
            Some(default) => values.or_else(default),
            None => values,
        })
    }

    /// `config.get("a.b")` of the package `config`, or of a schema of convict.
    fn by_config_object(
        &self,
        receiver: &At<'w>,
        at: &At<'w>,
        name: &str,
        way: &[String],
        around: &Around<'w>,
    ) -> Option<Values<'w>> {
        let mut whole: Vec<String> = name.split(['.', ':']).map(str::to_owned).collect();
        whole.extend(way.iter().cloned());
        if receiver.node.kind() == "identifier" {
            let bound = receiver.module.bound(receiver.code(), receiver.node.start_byte());
            let of_package = bound.iter().any(|binding| match &binding.bound {
                Bound::Import { from, .. } => from == "config",
                Bound::Value { of: Some(of), .. } => {
                    receiver.module.required(*of).as_deref() == Some("config")
                }
                _ => false,
            });
            if of_package {
                return Some(self.node_config(at, &whole, around));
            }
        }
        let to = self.expression(receiver)?;
        let function = to.node.child_by_field_name("function")?;
        if to.module.required(to.node).as_deref() == Some("config") {
            return Some(self.node_config(at, &whole, around));
        }
        if last(to.module.code(function)) != "convict" {
            return None;
        }
        self.by_schema(&to, "convict", &whole, around)
            .or_else(|| Some(Values::unknown(at, "comes from a schema that does not name it")))
    }

    /// A setting of Nest, which functions of the project's own bring together:
    /// `registerAs("jwt", () => ({ secret }))`, `load: [() => ({ jwt: { secret } })]`.
    fn by_namespace(&self, name: &str, way: &[String], around: &Around<'w>) -> Option<Values<'w>> {
        let mut whole: Vec<String> = name.split('.').map(str::to_owned).collect();
        whole.extend(way.iter().cloned());
        let mut all = Values::default();
        let paths = self.world.named.borrow().clone();
        let called_by = |module: &Module<'w>, node: Node<'w>| {
            let (function, arguments) =
                node.child_by_field_name("function").zip(node.child_by_field_name("arguments"))?;
            let [first, second, ..] = children(arguments)[..] else { return None };
            Some((last(module.code(function)), string(module.text, first)?, second))
        };
        for path in paths {
            let Some(module) = self.world.module(&path) else { continue };
            if !whole.iter().all(|part| part == ANY || module.text.contains(part.as_str())) {
                continue;
            }
            let (mut calls, mut set) = (Vec::new(), Vec::new());
            walk(module.root, |node| {
                if node.kind() == "call_expression"
                    && let Some((called, first, second)) = called_by(&module, node)
                {
                    match called {
                        "registerAs" if Some(&first) == whole.first() => calls.push(second),
                        // Express keeps settings: `app.set("key", value)`
                        "set" if first == name => set.push(second),
                        _ => {}
                    }
                }
                true
            });
            for node in set {
                all = all.or(self.value(&At { module: module.clone(), node }, way, around));
            }
            for call in calls {
                let at = At { module: module.clone(), node: call };
                if let (Some(function), Some(rest)) = (self.function(&at), whole.get(1..)) {
                    all = all.or(self.returned(&function, rest, around));
                }
            }
            for export in exports(&module) {
                if let Export::Value(name, node) | Export::Own(name, _, node) = &export
                    && (name == "default" || name.to_lowercase().contains("config"))
                {
                    let at = At { module: module.clone(), node: *node };
                    let to = self.expression(&at).filter(|to| is_function(to.node));
                    if let Some(function) = to {
                        let values = self.returned(&function, &whole, around);
                        if values.unknown.is_empty() {
                            all = all.or(values);
                        }
                    }
                }
            }
        }
        (!all.is_nothing()).then_some(all)
    }
}

/// `JWT_SECRET`.
fn is_variable(name: &str) -> bool {
    name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}
