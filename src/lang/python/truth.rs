//! Whether a condition holds in production: yes, no, or nobody can tell.
//!
//! Production is where the app's own switches say so. A switch named for
//! development (`DEBUG`, `app.testing`, `os.getenv("FLASK_DEBUG")`) is off there
//! and `FLASK_ENV == "development"` is false, unless the code itself makes
//! development the default (`DEBUG = True`, `os.getenv("ENV", "development")`):
//! then production gets it by forgetting a variable, and nothing is assumed.

use tree_sitter::Node;

use super::DEEPEST;
use super::call::{Call, last_name, reads_with_default};
use super::constant::{evaluate, key_text};
use super::functions::is_method;
use super::literal::Constant;
use super::module::Module;
use super::names::{Bound, Use};
use super::switch::{Subject, Unset, is_switch_conversion};
use super::walk::{children, inner};
use super::words::{Meaning, meaning};
use super::world::World;

/// Whether the condition holds in production, in that world.
pub(crate) fn truth(
    module: &Module<'_>,
    condition: Node<'_>,
    at: Use,
    world: &World<'_>,
) -> Option<bool> {
    Judge { module, world }.truth(condition, at, 0)
}

struct Judge<'a, 't> {
    module: &'a Module<'t>,
    world: &'a World<'a>,
}

impl Judge<'_, '_> {
    fn truth(&self, node: Node<'_>, at: Use, depth: usize) -> Option<bool> {
        if depth > DEEPEST || !self.module.spend(1) {
            return None;
        }
        let node = inner(node);
        if self.is_setting(node, at) {
            return self.value().map(|value| !value.text.is_empty());
        }
        let again = |node| self.truth(node, at, depth + 1);
        match node.kind() {
            "true" => Some(true),
            "false" | "none" => Some(false),
            "integer" => Some(!self.module.source(node).chars().all(|c| matches!(c, '0' | '_'))),
            "string" => self.module.plain_string(node).map(|value| !value.text.is_empty()),
            "not_operator" => node.child_by_field_name("argument").and_then(again).map(|b| !b),
            "boolean_operator" => {
                let left = node.child_by_field_name("left").and_then(again);
                let right = node.child_by_field_name("right").and_then(again);
                let decides = node.child_by_field_name("operator")?.kind() == "or";
                match (left, right) {
                    (Some(side), _) | (_, Some(side)) if side == decides => Some(decides),
                    (Some(_), Some(_)) => Some(!decides),
                    _ => None,
                }
            }
            "comparison_operator" => self.comparison(node, at, depth),
            "named_expression" => node.child_by_field_name("value").and_then(again),
            "call" => self.call(node, at, depth),
            "identifier" | "attribute" => self.name(node, at, depth),
            "subscript" => self.subject(node, at, depth).and_then(|subject| subject.truth()),
            _ => None,
        }
    }

    fn value(&self) -> Option<&Constant> {
        self.world.setting.map(|(value, _)| value)
    }

    fn is_setting(&self, node: Node<'_>, at: Use) -> bool {
        self.world.setting.is_some_and(|(_, is)| is(self.reshaped(node), at))
    }

    /// What methods such as `.lower()` and conversions such as `str()` are made on.
    fn reshaped<'n>(&self, node: Node<'n>) -> Node<'n> {
        let mut node = inner(node);
        for _ in 0..DEEPEST {
            let Some(function) = node.child_by_field_name("function").map(inner) else { break };
            let name = last_name(self.module.text, function).unwrap_or_default();
            let next = if function.kind() == "attribute" && is_method(name) {
                function.child_by_field_name("object")
            } else if is_switch_conversion(name) {
                node.child_by_field_name("arguments").and_then(|list| {
                    match children(list).as_slice() {
                        [only] => Some(*only),
                        _ => None,
                    }
                })
            } else {
                None
            };
            match next {
                Some(next) => node = inner(next),
                None => break,
            }
        }
        node
    }

    fn name(&self, node: Node<'_>, at: Use, depth: usize) -> Option<bool> {
        let bound = self.lookup(node, at);
        let mut told = bound.iter().map(|(value, at)| match value {
            Some(value) => self.truth(*value, *at, depth + 1),
            None => None,
        });
        match told.next() {
            // `DEBUG = True` in this file outweighs what the name says
            Some(first) if bound.iter().all(|(value, _)| value.is_some()) => {
                first.filter(|_| told.all(|other| other == first))
            }
            _ => Subject { name: last_name(self.module.text, node)?.to_owned(), default: None }
                .truth(),
        }
    }

    fn lookup(&self, node: Node<'_>, at: Use) -> Vec<(Option<Node<'_>>, Use)> {
        // the tree outlives the condition, so that its nodes may be mixed here
        let found = match node.kind() {
            "identifier" | "attribute" => self.module.lookup(node, at),
            _ => Vec::new(),
        };
        found
            .into_iter()
            .map(|binding| {
                let value = match binding.bound {
                    Bound::Value(value) | Bound::Default(value) => Some(value),
                    Bound::Scope(_) | Bound::Parameter | Bound::Among(_) | Bound::Unknown => None,
                };
                (value, Use { scope: binding.scope, at: binding.at })
            })
            .collect()
    }

    fn call(&self, node: Node<'_>, at: Use, depth: usize) -> Option<bool> {
        let reshaped = self.reshaped(node);
        if reshaped.id() != node.id() {
            return self.truth(reshaped, at, depth + 1);
        }
        let call = Call::of(node)?;
        let name = call.name(self.module.text);
        if matches!(name, "startswith" | "endswith")
            && call.receiver().is_some_and(|object| self.is_setting(object, at))
        {
            let affixes = self.constants(*call.positional.first()?, at)?;
            let text = &self.value()?.text;
            return Some(affixes.iter().any(|affix| match name {
                "startswith" => text.starts_with(&affix.text),
                _ => text.ends_with(&affix.text),
            }));
        }
        if self.is_unset(node, at) {
            return Some(false);
        }
        self.subject(node, at, depth).and_then(|subject| subject.truth())
    }

    /// Whether this reads the variable that is not set, with no default.
    fn is_unset(&self, node: Node<'_>, at: Use) -> bool {
        let (Some(unset), Some(call)) = (self.world.unset, Call::of(inner(node))) else {
            return false;
        };
        let whole = self.module.source(call.function).to_lowercase();
        whole.contains("env")
            && match reads_with_default(self.module.text, &call) {
                Some((key, None)) => key_text(self.module, key, at).as_deref() == Some(unset),
                Some((key, Some(default))) => {
                    let falsy = match default.kind() {
                        "none" | "false" => true,
                        "string" => {
                            self.module.source(default).trim_matches(['"', '\'']).is_empty()
                        }
                        _ => false,
                    };
                    falsy && key_text(self.module, key, at).as_deref() == Some(unset)
                }
                None => false,
            }
    }

    fn comparison(&self, node: Node<'_>, at: Use, depth: usize) -> Option<bool> {
        let operator = node.child_by_field_name("operators")?.kind();
        let [left, right] = children(node).try_into().ok()?;
        let (left, right) = (inner(left), inner(right));
        match operator {
            "==" | "is" => self.equal(left, right, at, depth),
            "!=" | "<>" | "is not" => self.equal(left, right, at, depth).map(|equal| !equal),
            "in" => self.is_in(left, right, at, depth),
            "not in" => self.is_in(left, right, at, depth).map(|is_in| !is_in),
            "<" | "<=" | ">" | ">=" => self.length(left, operator, right, at),
            _ => None,
        }
    }

    fn equal(&self, left: Node<'_>, right: Node<'_>, at: Use, depth: usize) -> Option<bool> {
        let (asked, other) = if self.is_setting(right, at) || self.is_constant(left) {
            (right, left)
        } else {
            (left, right)
        };
        if self.is_setting(asked, at) {
            if self.is_setting(other, at) {
                return Some(true);
            }
            return match other.kind() {
                "none" | "true" | "false" => Some(false),
                _ => {
                    let other = evaluate(self.module, other, at)?.value;
                    let value = self.value()?;
                    // in Python 2 both kinds are one, so different kinds tell nothing
                    if other.bytes == value.bytes { Some(other.text == value.text) } else { None }
                }
            };
        }
        if other.kind() == "none" && self.unset_somewhere(asked, at, depth) {
            return Some(true);
        }
        self.environment(asked, &[self.plain(other, at)?], at, depth)
    }

    fn unset_somewhere(&self, node: Node<'_>, at: Use, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        if self.is_unset(node, at) {
            return true;
        }
        let bound = self.lookup(node, at);
        !bound.is_empty()
            && bound.iter().all(|(value, at)| {
                value.is_some_and(|value| self.unset_somewhere(inner(value), *at, depth + 1))
            })
    }

    fn is_in(&self, left: Node<'_>, right: Node<'_>, at: Use, depth: usize) -> Option<bool> {
        if self.is_setting(left, at) {
            let list = self.constants(right, at)?;
            let value = self.value()?;
            return Some(list.iter().any(|other| other == value));
        }
        if self.is_setting(right, at) {
            let part = evaluate(self.module, left, at)?.value;
            return Some(self.value()?.text.contains(&part.text));
        }
        let container = last_name(self.module.text, right).unwrap_or_default();
        if let Some(key) = self.plain(left, at) {
            return match container {
                "environ" => (self.world.unset == Some(key.as_str()))
                    .then_some(false)
                    .or_else(|| Subject { name: key, default: None }.truth().filter(|on| !on)),
                "modules" | "argv" => {
                    (meaning(&key) == Some(Meaning::Development)).then_some(false)
                }
                _ => None,
            };
        }
        let list = self.constants(right, at)?;
        let names: Vec<String> = list.into_iter().map(|constant| constant.text).collect();
        self.environment(left, &names, at, depth)
    }

    /// `len(key) < 32`.
    fn length(&self, left: Node<'_>, operator: &str, right: Node<'_>, at: Use) -> Option<bool> {
        let number = |node: Node<'_>| -> Option<usize> {
            let node = match self.module.lookup(node, at).as_slice() {
                [only] => only.value().map(inner).map(|value| self.module.source(value)),
                _ => Some(self.module.source(node)),
            };
            node?.replace('_', "").parse().ok()
        };
        let length = |node: Node<'_>| -> Option<usize> {
            let call = Call::of(node)?;
            let argument = call.positional.first()?;
            (call.name(self.module.text) == "len" && self.is_setting(*argument, at))
                .then(|| self.value().map(|value| value.text.chars().count()))
                .flatten()
        };
        let (left, right) = match (length(left), length(right)) {
            (Some(left), None) => (left, number(right)?),
            (None, Some(right)) => (number(left)?, right),
            _ => return None,
        };
        Some(match operator {
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            _ => left >= right,
        })
    }

    /// Whether a switch or an environment's name equals one of these in production.
    fn environment(
        &self,
        asked: Node<'_>,
        names: &[String],
        at: Use,
        depth: usize,
    ) -> Option<bool> {
        self.subject(asked, at, depth)?.is_one_of(names)
    }

    /// The switch or environment that an expression reads.
    fn subject(&self, node: Node<'_>, at: Use, depth: usize) -> Option<Subject> {
        if depth > DEEPEST {
            return None;
        }
        let node = self.reshaped(node);
        match node.kind() {
            "call" => {
                let call = Call::of(node)?;
                if let Some((key, default)) = reads_with_default(self.module.text, &call)
                    && let Some(name) = key_text(self.module, key, at)
                {
                    let default = default.map(|default| self.default(default, at));
                    return Some(Subject { name, default });
                }
                Some(Subject { name: call.name(self.module.text).to_owned(), default: None })
            }
            "subscript" => {
                let key = node.child_by_field_name("subscript")?;
                Some(Subject { name: key_text(self.module, key, at)?, default: None })
            }
            "boolean_operator" if node.child_by_field_name("operator")?.kind() == "or" => {
                let mut subject = self.subject(node.child_by_field_name("left")?, at, depth + 1)?;
                subject.default = Some(self.default(node.child_by_field_name("right")?, at));
                Some(subject)
            }
            "identifier" | "attribute" => match self.lookup(node, at).as_slice() {
                [(Some(value), there)] => match self.plain(*value, *there) {
                    Some(text) => Some(Subject {
                        name: self.module.source(node).to_owned(),
                        default: Some(Unset::Text(text)),
                    }),
                    None => self.subject(*value, *there, depth + 1),
                },
                _ => Some(Subject {
                    name: last_name(self.module.text, node)?.to_owned(),
                    default: None,
                }),
            },
            _ => None,
        }
    }

    fn default(&self, node: Node<'_>, at: Use) -> Unset {
        let node = inner(node);
        match node.kind() {
            "none" | "false" => Unset::Truth(false),
            "integer" => Unset::Text(self.module.source(node).to_owned()),
            "true" => Unset::Truth(true),
            // what cannot be told may be on
            _ => self.plain(node, at).map_or(Unset::Truth(true), Unset::Text),
        }
    }

    fn is_constant(&self, node: Node<'_>) -> bool {
        matches!(inner(node).kind(), "string" | "true" | "false" | "none" | "integer")
    }

    /// The text of a constant, `True` and numbers included.
    fn plain(&self, node: Node<'_>, at: Use) -> Option<String> {
        let node = inner(node);
        match node.kind() {
            "true" | "false" | "integer" => Some(self.module.source(node).to_owned()),
            "string" | "identifier" => key_text(self.module, node, at),
            _ => None,
        }
    }

    fn constants(&self, node: Node<'_>, at: Use) -> Option<Vec<Constant>> {
        let mut node = inner(node);
        for _ in 0..DEEPEST {
            match node.kind() {
                "identifier" | "attribute" => match self.lookup(node, at).as_slice() {
                    [(Some(value), _)] => node = inner(*value),
                    _ => return None,
                },
                "call" => {
                    let call = Call::of(node)?;
                    let name = call.name(self.module.text);
                    if !matches!(name, "set" | "frozenset" | "list" | "tuple") {
                        return None;
                    }
                    node = inner(*call.positional.first()?);
                }
                "list" | "tuple" | "set" => {
                    let all = children(node).into_iter();
                    return all
                        .map(|item| evaluate(self.module, item, at).map(|found| found.value))
                        .collect();
                }
                "string" => return evaluate(self.module, node, at).map(|found| vec![found.value]),
                _ => return None,
            }
        }
        None
    }
}
