//! The first walk over a file: what each name is bound to.

use std::ops::Range;

use tree_sitter::Node;

use super::{Binding, Bound, Module, Scope, ScopeId, ScopeKind};
use crate::lang::python::call::{dotted, last_name};
use crate::lang::python::targets::{chain, pairs};
use crate::lang::python::walk::{Step, children, inner, walk};

/// Reads all of the file.
pub(super) fn read(module: &mut Module<'_>) {
    let block = module.root.byte_range();
    let start = At { scope: 0, block, started: false };
    walk(module.root, start, |step| Some(module.enter(&step)));
}

/// Where the first walk is.
#[derive(Clone)]
struct At {
    scope: ScopeId,
    block: Range<usize>,
    /// Under `if __name__ == "__main__":`.
    started: bool,
}

impl<'t> Module<'t> {
    fn enter(&mut self, step: &Step<'_, 't, At>) -> At {
        let node = step.node;
        let mut at = step.state.clone();
        match node.kind() {
            "block" => {
                at.block = node.byte_range();
                let definition = step.parent().and_then(|parent| self.scope_of(parent));
                if let Some(id) = definition {
                    at.scope = id;
                    if let Some(scope) = self.scopes.get_mut(id) {
                        scope.body = node.byte_range();
                    }
                }
            }
            "class_definition" => self.define(ScopeKind::Class, node, &at),
            "function_definition" => self.define(ScopeKind::Function, node, &at),
            "assignment" if step.parent().is_none_or(|p| p.kind() != "assignment") => {
                self.assign(node, &at);
            }
            "augmented_assignment" => {
                if let Some(left) = node.child_by_field_name("left") {
                    self.bind(left, Bound::Unknown, node.start_byte(), &at);
                }
            }
            "named_expression" => {
                let name = node.child_by_field_name("name");
                let value = node.child_by_field_name("value");
                if let Some((name, value)) = name.zip(value) {
                    self.bind(name, Bound::Value(value), node.start_byte(), &at);
                }
            }
            "return_statement" => {
                let values = children(node);
                if let Some(scope) = self.scopes.get_mut(at.scope) {
                    scope.returns.extend(values);
                }
            }
            "if_statement" => {
                let condition = node.child_by_field_name("condition");
                at.started |= condition.is_some_and(|c| self.source(c).starts_with("__name__"));
            }
            "call" if !at.started => {
                let function = node.child_by_field_name("function").map(inner);
                self.called.extend(function.and_then(|f| last_name(self.text, f)));
            }
            _ => {}
        }
        at
    }

    fn define(&mut self, kind: ScopeKind, node: Node<'t>, at: &At) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let id = self.scopes.len();
        self.scopes.push(Scope {
            kind,
            parent: Some(at.scope),
            name: self.source(name),
            node,
            returns: Vec::new(),
            body: 0..0,
        });
        self.by_node.insert(node.id(), id);
        self.bind(name, Bound::Scope(id), node.start_byte(), at);
        for base in node.child_by_field_name("superclasses").map(children).unwrap_or_default() {
            if let Some(base) = last_name(self.text, base) {
                self.heirs.entry(base).or_default().push(id);
            }
        }
        let Some(parameters) = node.child_by_field_name("parameters") else { return };
        let inside = At { scope: id, block: 0..0, started: false };
        for parameter in children(parameters) {
            let name = parameter
                .child_by_field_name("name")
                .or_else(|| children(parameter).into_iter().next())
                .unwrap_or(parameter);
            let bound =
                parameter.child_by_field_name("value").map_or(Bound::Unknown, Bound::Default);
            self.bind(name, bound, parameter.start_byte(), &inside);
        }
    }

    /// Binds all targets of `a = b = value`.
    fn assign(&mut self, node: Node<'t>, at: &At) {
        let (targets, value) = chain(node);
        let Some(value) = value else { return };
        for target in targets {
            for (target, value) in pairs(target, value) {
                self.bind(target, Bound::Value(value), node.start_byte(), at);
            }
        }
    }

    fn bind(&mut self, target: Node<'t>, bound: Bound<'t>, start: usize, at: &At) {
        let target = inner(target);
        let (scope, name) = match target.kind() {
            "identifier" => (at.scope, self.source(target).to_owned()),
            "attribute" => {
                let own = target
                    .child_by_field_name("object")
                    .is_some_and(|object| matches!(self.source(object), "self" | "cls"));
                match (own.then(|| self.class_around(at.scope)).flatten(), own) {
                    (Some(class), true) => {
                        let attribute = target.child_by_field_name("attribute");
                        (class, attribute.map(|a| self.source(a).to_owned()).unwrap_or_default())
                    }
                    _ => match dotted(self.text, target) {
                        Some(name) => (at.scope, name),
                        None => return,
                    },
                }
            }
            _ => return,
        };
        let binding = Binding { bound, at: start, scope, block: at.block.clone() };
        self.bindings.entry((scope, name)).or_default().push(binding);
    }
}
