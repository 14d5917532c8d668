//! The first walk over a file: what each name is bound to.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tree_sitter::Node;

use super::call::{dotted, last_name};
use super::names::{Binding, Bound, Import, Names, Scope, ScopeId, ScopeKind, Use};
use super::targets::{chain, pairs};
use super::walk::{Step, children, inner, walk};

/// Reads all of the file.
pub(super) fn read<'t>(text: &'t str, root: Node<'t>) -> Names<'t> {
    let file = Scope {
        kind: ScopeKind::Module,
        parent: None,
        name: "",
        node: root,
        returns: Vec::new(),
        parameters: Vec::new(),
        body: root.byte_range(),
    };
    let names = Names {
        scopes: vec![file],
        called: HashSet::new(),
        calls: HashMap::new(),
        imports: HashMap::new(),
        stars: Vec::new(),
        heirs: HashMap::new(),
        by_node: HashMap::new(),
        bindings: HashMap::new(),
    };
    let mut binder = Binder { text, names };
    let start = At { scope: 0, block: root.byte_range(), started: false };
    walk(root, start, |step| Some(binder.enter(&step)));
    binder.names
}

/// Where the first walk is.
#[derive(Clone)]
struct At {
    scope: ScopeId,
    block: Range<usize>,
    /// Under `if __name__ == "__main__":`.
    started: bool,
}

struct Binder<'t> {
    text: &'t str,
    names: Names<'t>,
}

impl<'t> Binder<'t> {
    fn source(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn enter(&mut self, step: &Step<'_, 't, At>) -> At {
        let node = step.node;
        let mut at = step.state.clone();
        match step.kind {
            "block" => {
                at.block = node.byte_range();
                let parent = step.parent();
                let definition = parent.and_then(|p| self.names.by_node.get(&p.id()).copied());
                if let Some(id) = definition {
                    at.scope = id;
                    if let Some(scope) = self.names.scopes.get_mut(id) {
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
            "for_statement" | "for_in_clause" => {
                let sides = node.child_by_field_name("left").zip(node.child_by_field_name("right"));
                if let Some((left, right)) = sides {
                    self.bind(left, Bound::Among(right), node.start_byte(), &at);
                }
            }
            "return_statement" => {
                let values = children(node);
                if let Some(scope) = self.names.scopes.get_mut(at.scope) {
                    scope.returns.extend(values);
                }
            }
            "if_statement" => {
                let condition = node.child_by_field_name("condition");
                at.started |= condition.is_some_and(|c| self.source(c).starts_with("__name__"));
            }
            "import_statement" | "import_from_statement" => self.import(node),
            "call" => {
                let function = node.child_by_field_name("function").map(inner);
                let name = function.and_then(|f| last_name(self.text, f));
                if let Some(name) = name {
                    let here = Use { scope: at.scope, at: node.start_byte() };
                    self.names.calls.entry(name).or_default().push((node, here));
                    if !at.started {
                        self.names.called.insert(name);
                    }
                }
            }
            _ => {}
        }
        at
    }

    fn define(&mut self, kind: ScopeKind, node: Node<'t>, at: &At) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let id = self.names.scopes.len();
        self.names.scopes.push(Scope {
            kind,
            parent: Some(at.scope),
            name: self.source(name),
            node,
            returns: Vec::new(),
            parameters: Vec::new(),
            body: 0..0,
        });
        self.names.by_node.insert(node.id(), id);
        self.bind(name, Bound::Scope(id), node.start_byte(), at);
        for base in node.child_by_field_name("superclasses").map(children).unwrap_or_default() {
            if let Some(base) = last_name(self.text, base) {
                self.names.heirs.entry(base).or_default().push(id);
            }
        }
        let Some(parameters) = node.child_by_field_name("parameters") else { return };
        let inside = At { scope: id, block: 0..0, started: false };
        for parameter in children(parameters) {
            let name = parameter
                .child_by_field_name("name")
                .or_else(|| children(parameter).into_iter().next())
                .unwrap_or(parameter);
            let bound = match parameter.child_by_field_name("value") {
                Some(value) => Bound::Default(value),
                None if parameter.kind().contains("splat") => Bound::Unknown,
                None => Bound::Parameter,
            };
            if name.kind() == "identifier"
                && let Some(scope) = self.names.scopes.get_mut(id)
            {
                scope.parameters.push(self.text.get(name.byte_range()).unwrap_or_default());
            }
            self.bind(name, bound, parameter.start_byte(), &inside);
        }
    }

    fn import(&mut self, node: Node<'t>) {
        let from = node.child_by_field_name("module_name").map(|module| self.source(module));
        if children(node).iter().any(|part| part.kind() == "wildcard_import") {
            self.names.stars.extend(from);
        }
        let mut cursor = node.walk();
        for part in node.children_by_field_name("name", &mut cursor) {
            let named = part.child_by_field_name("name").unwrap_or(part);
            let alias = part.child_by_field_name("alias").map(|alias| self.source(alias));
            let named = self.source(named);
            let import = match from {
                Some(module) => Import { module: module.to_owned(), name: Some(named.to_owned()) },
                None => Import { module: named.to_owned(), name: None },
            };
            let here = alias.unwrap_or_else(|| match from {
                Some(_) => named,
                None => named.split('.').next().unwrap_or(named),
            });
            self.names.imports.insert(here, import);
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
                match (own.then(|| self.names.class_around(at.scope)).flatten(), own) {
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
        self.names.bindings.entry((scope, name)).or_default().push(binding);
    }
}
