//! All values that an expression can have, as far as they are literals.

use std::collections::HashSet;

use tree_sitter::Node;

use super::sites::Site;
use crate::lang::python::{
    Bound, Call, DEEPEST, Literal, Module, ScopeKind, Use, World, children, dotted, evaluate,
    inner, is_conversion, is_interpolated, is_method, key_text, reads_with_default, truth,
};

/// A literal that the setting can become.
pub(super) struct Alternative<'t> {
    /// The literal.
    pub(super) literal: Literal<'t>,
    /// How it comes to be the value.
    pub(super) form: Form,
    /// The names that it passes through on its way, each with the place where it
    /// is bound, the one nearest to the setting first.
    pub(super) names: Vec<(String, usize)>,
    /// The variable that is asked first, when this is what happens without it.
    pub(super) variable: Option<String>,
}

/// How a literal comes to be the value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// It is the value.
    Plain,
    /// It is the default of a reading function, whose name is given.
    Default(String),
    /// It stands behind `or`.
    Or,
    /// It stands in one branch of a conditional expression.
    Branch,
    /// It is the default of a declared field.
    Field,
    /// It is the default of a parameter.
    Parameter,
    /// It is returned by a function, whose name is given.
    Returned(String),
}

/// An expression that may be the value.
#[derive(Clone)]
struct Open<'t> {
    node: Node<'t>,
    at: Use,
    form: Form,
    names: Vec<(String, usize)>,
    variable: Option<String>,
}

/// All literals that a site's value can be in production.
pub(super) fn alternatives<'t>(module: &Module<'t>, site: &Site<'_, 't>) -> Vec<Alternative<'t>> {
    let first = Open {
        node: site.value,
        at: site.at,
        form: Form::Plain,
        names: Vec::new(),
        variable: site.variable.clone(),
    };
    let mut search = Search { module, open: vec![first], seen: HashSet::new(), found: Vec::new() };
    while let Some(next) = search.open.pop() {
        if !module.spend(1) {
            break;
        }
        if search.seen.insert((next.node.id(), next.at.scope)) {
            search.follow(next);
        }
    }
    let mut found = search.found;
    found.sort_by_key(|alternative| alternative.literal.parts.first().map(Node::start_byte));
    found
}

struct Search<'m, 't> {
    module: &'m Module<'t>,
    open: Vec<Open<'t>>,
    seen: HashSet<(usize, usize)>,
    found: Vec<Alternative<'t>>,
}

impl<'t> Search<'_, 't> {
    fn push(&mut self, from: &Open<'t>, node: Node<'t>, form: Form) {
        self.open.push(Open { node: inner(node), form, ..from.clone() });
    }

    fn same(&mut self, from: &Open<'t>, node: Option<Node<'t>>) {
        if let Some(node) = node {
            self.push(from, node, from.form.clone());
        }
    }

    fn follow(&mut self, open: Open<'t>) {
        let node = inner(open.node);
        match node.kind() {
            "string" | "concatenated_string" | "binary_operator" => {
                let _ = self.constant(&open, node) || self.only_interpolation(&open, node);
            }
            "subscript" => {
                self.constant(&open, node);
            }
            "boolean_operator" => self.boolean(&open, node),
            "conditional_expression" => self.conditional(&open, node),
            "named_expression" => self.same(&open, node.child_by_field_name("value")),
            "lambda" => self.same(&open, node.child_by_field_name("body")),
            "await" => self.same(&open, children(node).first().copied()),
            "identifier" | "attribute" => self.name(&open, node),
            "call" => self.call(&open, node),
            _ => {}
        }
    }

    /// Takes a constant; false when it is none.
    fn constant(&mut self, open: &Open<'t>, node: Node<'t>) -> bool {
        let Some(literal) = evaluate(self.module, node, open.at) else { return false };
        if !literal.parts.is_empty() && !literal.value.text.is_empty() {
            self.found.push(Alternative {
                literal,
                form: open.form.clone(),
                names: open.names.clone(),
                variable: open.variable.clone(),
            });
        }
        true
    }

    /// Takes `f"{value}"`, which is but the value; false when it is none.
    fn only_interpolation(&mut self, open: &Open<'t>, node: Node<'t>) -> bool {
        if node.kind() != "string" || !is_interpolated(node) {
            return false;
        }
        let parts: Vec<_> = children(node)
            .into_iter()
            .filter(|part| matches!(part.kind(), "string_content" | "interpolation"))
            .collect();
        let [only] = parts.as_slice() else { return false };
        self.same(open, only.child_by_field_name("expression"));
        true
    }

    fn boolean(&mut self, open: &Open<'t>, node: Node<'t>) {
        let left = node.child_by_field_name("left");
        let right = node.child_by_field_name("right");
        let is_or = node.child_by_field_name("operator").is_some_and(|o| o.kind() == "or");
        let (Some(left), Some(right)) = (left, right) else { return };
        if is_or {
            let variable = self.variable_of(left, open.at).or_else(|| open.variable.clone());
            let after = Open { variable, ..open.clone() };
            self.push(&after, right, Form::Or);
            self.same(open, Some(left));
        } else {
            // what stands before `and` is the value only when it is empty
            self.push(open, right, Form::Branch);
        }
    }

    fn conditional(&mut self, open: &Open<'t>, node: Node<'t>) {
        let parts = children(node);
        let [body, condition, other] = parts.as_slice() else { return };
        let sure = truth(self.module, *condition, open.at, &World::default());
        if sure != Some(true) {
            self.push(open, *other, Form::Branch);
        }
        if sure != Some(false) {
            self.push(open, *body, Form::Branch);
        }
    }

    fn name(&mut self, open: &Open<'t>, node: Node<'t>) {
        let name = self.module.source(node);
        for binding in self.module.lookup(node, open.at) {
            let (value, form) = match binding.bound {
                Bound::Value(value) => (value, open.form.clone()),
                Bound::Default(value) => (value, Form::Parameter),
                Bound::Scope(_) | Bound::Unknown => continue,
            };
            let mut names = open.names.clone();
            if names.len() < 8 {
                names.push((name.to_owned(), binding.at));
            }
            self.open.push(Open {
                node: inner(value),
                at: Use { scope: binding.scope, at: binding.at },
                form,
                names,
                variable: open.variable.clone(),
            });
        }
    }

    fn call(&mut self, open: &Open<'t>, node: Node<'t>) {
        let Some(call) = Call::of(node) else { return };
        let text = self.module.text;
        let name = call.name(text);
        let shown = || dotted(text, call.function).unwrap_or_else(|| name.to_owned());
        if matches!(name, "format" | "format_map" | "replace" | "join") {
            self.constant(open, node);
            return;
        }
        if let Some((key, default)) = reads_with_default(text, &call) {
            if let Some(default) = default {
                let variable =
                    key_text(self.module, key, open.at).or_else(|| open.variable.clone());
                let after = Open { variable, ..open.clone() };
                self.push(&after, default, Form::Default(shown()));
            }
            return;
        }
        if let Some(receiver) = call.receiver().filter(|_| is_method(name)) {
            return self.reshaped(open, node, receiver);
        }
        if is_conversion(name) {
            let first = call.positional.first().copied();
            let subject = first.or_else(|| call.keyword(text, &["secret_value", "object"]));
            if let Some(subject) = subject {
                self.reshaped(open, node, subject);
            }
            return;
        }
        if is_field(name) {
            let first = call.positional.first().copied().filter(|_| name != "field");
            let default = call.keyword(text, &["default", "default_factory", "factory"]).or(first);
            if let Some(default) = default {
                self.push(open, default, Form::Field);
            }
            return;
        }
        for binding in self.module.lookup(call.function, open.at) {
            let Bound::Scope(id) = binding.bound else { continue };
            let Some(scope) = self.module.scopes.get(id) else { continue };
            if scope.kind != ScopeKind::Function {
                continue;
            }
            for value in &scope.returns {
                let at = Use { scope: id, at: value.start_byte() };
                let form = match &open.form {
                    Form::Plain => Form::Returned(scope.name.to_owned()),
                    other => other.clone(),
                };
                self.open.push(Open { node: inner(*value), at, form, ..open.clone() });
            }
        }
    }

    /// `"x".encode()`: a constant, or whatever can be that is reshaped.
    fn reshaped(&mut self, open: &Open<'t>, whole: Node<'t>, subject: Node<'t>) {
        let subject = inner(subject);
        if !(matches!(subject.kind(), "string" | "concatenated_string")
            && self.constant(open, whole))
        {
            self.same(open, Some(subject));
        }
    }

    /// The variable that an expression reads, itself or through a name.
    fn variable_of(&self, node: Node<'t>, at: Use) -> Option<String> {
        let mut node = inner(node);
        let mut at = at;
        for _ in 0..DEEPEST {
            if let Some(call) = Call::of(node) {
                if let Some((key, _)) = reads_with_default(self.module.text, &call) {
                    return key_text(self.module, key, at);
                }
                node = call.receiver().filter(|_| is_method(call.name(self.module.text)))?;
                continue;
            }
            match self.module.lookup(node, at).as_slice() {
                [only] => {
                    node = inner(only.value()?);
                    at = Use { scope: only.scope, at: only.at };
                }
                _ => return None,
            }
        }
        None
    }
}

/// Functions that declare a field of a class with a default.
fn is_field(name: &str) -> bool {
    matches!(name, "Field" | "field" | "PrivateAttr" | "attrib" | "ib" | "Option" | "Argument")
}
