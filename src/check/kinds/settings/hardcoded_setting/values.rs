//! All values that an expression can have, as far as they are literals.

mod aliases;
mod calls;
mod containers;
mod fields;
mod files;
mod functions;
mod guessable;
mod made;
mod objects;
mod open_ends;
mod parts;
mod traps;

use std::collections::HashSet;
use std::rc::Rc;

use tree_sitter::Node;

pub(super) use super::environment::is_environment;
use super::found::{Alternative, Form, Step, Values, Why};
use super::site::{How, Site};
use crate::lang::python::{
    Binding, Bound, Call, DEEPEST, Module, ScopeId, ScopeKind, Use, World, children, evaluate,
    inner, is_method, key_text, last_name, reads_with_default, truth,
};

/// So deep may expressions that are put together from others nest.
const DEEPEST_PARTS: usize = 12;

/// So deep may functions of the file call each other.
const DEEPEST_CALLS: usize = 8;

/// So many steps may be taken from objects to what they hold.
const MOST_WAYS: usize = 512;

/// A call that is being followed into its function.
struct Frame<'t> {
    function: ScopeId,
    call: Node<'t>,
    at: Use,
    depth: usize,
    outer: Option<Rc<Frame<'t>>>,
}

/// An expression that may be the value.
#[derive(Clone)]
struct Open<'t> {
    node: Node<'t>,
    at: Use,
    form: Form,
    names: Vec<(String, usize)>,
    variable: Option<String>,
    frame: Option<Rc<Frame<'t>>>,
}

/// All that a site's value can be in production.
pub(super) fn of_site<'t>(module: &Module<'t>, site: &Site<'_, 't>) -> Values<'t> {
    let names = |text: &str| site.setting.is_named(text) || site.setting.has_alias(text);
    let first = open(site.value, site.at, site.variable.clone());
    let mut search = Search::new(module, &names, 0);
    search.fallback = site.handler || matches!(site.how, How::Or | How::Else | How::Fallback(_));
    search.run(vec![first])
}

/// All that an expression can be.
pub(super) fn of_node<'t>(module: &Module<'t>, node: Node<'t>, at: Use) -> Values<'t> {
    let nothing = |_: &str| false;
    Search::new(module, &nothing, 0).run(vec![open(inner(node), at, None)])
}

/// All that can be reached from a name of the module's top; nothing when the name is
/// not bound there.
pub(super) fn of_way<'t>(module: &Module<'t>, way: &[Step]) -> Option<Values<'t>> {
    let at = Use { scope: 0, at: module.text.len() };
    let nothing = |_: &str| false;
    let mut search = Search::new(module, &nothing, 0);
    search.closed = true;
    let [Step::Member(name), rest @ ..] = way else { return None };
    let start = open(module.root, at, None);
    // `settings.key = value`, after it was made
    let written = match rest {
        [Step::Member(member), ..] => module.lookup_named(&format!("{name}.{member}"), at),
        _ => Vec::new(),
    };
    let bindings = module.lookup_named(name, at);
    if bindings.is_empty() && written.is_empty() {
        return None;
    }
    if !rest.is_empty() {
        let names: Vec<&str> = rest.iter().filter_map(Step::name).collect();
        search.written_by_name(&names);
    }
    for binding in written {
        let after = rest.get(1..).unwrap_or_default();
        search.found.lost |= !search.reach_from(&start, name, binding, after);
    }
    for binding in bindings {
        match rest {
            [] => search.binding(&start, name, binding),
            rest => search.found.lost |= !search.reach_from(&start, name, binding, rest),
        }
    }
    Some(search.run(Vec::new()))
}

fn open<'t>(node: Node<'t>, at: Use, variable: Option<String>) -> Open<'t> {
    Open { node, at, form: Form::Plain, names: Vec::new(), variable, frame: None }
}

struct Search<'m, 't> {
    module: &'m Module<'t>,
    /// Tells the setting's own names, which are not secrets.
    own_name: &'m dyn Fn(&str) -> bool,
    open: Vec<Open<'t>>,
    seen: HashSet<(usize, usize, usize)>,
    found: Values<'t>,
    depth: usize,
    /// Who calls a function is not asked: the callers are in another file.
    closed: bool,
    /// The expression is what the setting falls back to.
    fallback: bool,
    /// So many steps from objects to what they hold may still be taken.
    ways: usize,
}

impl<'m, 't> Search<'m, 't> {
    fn new(module: &'m Module<'t>, own_name: &'m dyn Fn(&str) -> bool, depth: usize) -> Self {
        let (open, seen) = (Vec::new(), HashSet::new());
        let found = Values::default();
        Self {
            module,
            own_name,
            open,
            seen,
            found,
            depth,
            closed: false,
            fallback: false,
            ways: MOST_WAYS,
        }
    }

    fn run(mut self, first: Vec<Open<'t>>) -> Values<'t> {
        self.open.extend(first);
        while let Some(next) = self.open.pop() {
            if !self.module.spend(1) {
                break;
            }
            let frame = next.frame.as_ref().map_or(0, |frame| frame.call.id());
            if self.seen.insert((next.node.id(), next.at.scope, frame)) {
                self.follow(next);
            }
        }
        let start = |found: &Alternative<'t>| found.literal.parts.first().map(Node::start_byte);
        self.found.literals.sort_by_key(start);
        self.found
    }

    /// What parts of this expression can be, told apart from the rest.
    fn apart(&mut self, from: &Open<'t>, node: Node<'t>) -> Values<'t> {
        if self.depth >= DEEPEST_PARTS {
            self.module.give_up();
            return Values::default();
        }
        let mut search = Search::new(self.module, self.own_name, self.depth + 1);
        search.closed = self.closed;
        search.fallback = self.fallback;
        search.run(vec![Open { node: inner(node), ..from.clone() }])
    }

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
                if !self.constant(&open, node) {
                    self.composite(&open, node);
                }
            }
            "subscript" => {
                if let Some(key) = node.child_by_field_name("subscript") {
                    self.entry_read(&open, node, key);
                }
                if !self.constant(&open, node) {
                    self.element(&open, node);
                }
            }
            "boolean_operator" => self.boolean(&open, node),
            "conditional_expression" => self.conditional(&open, node),
            "named_expression" => self.same(&open, node.child_by_field_name("value")),
            "lambda" => self.same(&open, node.child_by_field_name("body")),
            "await" => self.same(&open, children(node).first().copied()),
            "identifier" | "attribute" => self.name(&open, node),
            "call" => self.call(&open, node),
            // nothing is not a key, and so is a number that counts as nothing
            "integer" | "float" if !self.is_zero(node) => {
                self.constant(&open, node);
            }
            "true" if self.falls_back(&open) => self.opaque(node, node, Why::Fallback),
            "none" | "true" | "false" | "integer" | "float" | "ellipsis" => {}
            _ => self.not_followed(&open, node),
        }
    }

    /// Takes a constant; false when it is none.
    fn constant(&mut self, open: &Open<'t>, node: Node<'t>) -> bool {
        let Some(mut literal) = evaluate(self.module, node, open.at) else { return false };
        if literal.parts.is_empty() {
            // a number, or one that was made a text
            literal.parts.push(node);
        }
        if !literal.parts.is_empty() && !literal.value.text.is_empty() {
            self.found.literals.push(Alternative {
                literal,
                form: open.form.clone(),
                names: open.names.clone(),
                variable: open.variable.clone(),
            });
        }
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
        let module = self.module;
        let bindings = module.lookup(node, open.at);
        if !bindings.is_empty() {
            let name = module.source(node);
            for binding in bindings {
                self.binding(open, name, binding);
            }
            return;
        }
        let object = node.child_by_field_name("object").map(inner);
        if let Some(object) = object {
            let own = matches!(module.source(object), "self" | "cls");
            if !own && self.import(node, open.at).is_none() && self.held_by(open, node) {
                return;
            }
            let members = self.members(node, open.at);
            if !members.is_empty() {
                let name = module.source(node);
                for binding in members {
                    self.binding(open, name, binding);
                }
                return;
            }
            let attribute = last_name(module.text, node).unwrap_or_default();
            if matches!(attribute, "value" | "hex" | "bytes" | "urn" | "content" | "text") {
                return self.same(open, Some(object));
            }
            if is_environment(module, object) || self.is_command_line(object, open.at) {
                self.found.outside = true;
                return;
            }
        }
        if guessable::is_guessable(module.text, node) {
            return self.opaque(node, node, Why::Guessable);
        }
        if let Some(value) = self.walrus(node) {
            return self.same(open, Some(value));
        }
        match self.import(node, open.at) {
            Some(import) => self.imported(open, import, node),
            None => self.unknown(open, node),
        }
    }

    /// What an attribute of an object of a class of this file may be bound to.
    fn members(&self, node: Node<'t>, at: Use) -> Vec<&'m Binding<'t>> {
        let module = self.module;
        let parts = node.child_by_field_name("object").zip(node.child_by_field_name("attribute"));
        let Some((object, attribute)) = parts else { return Vec::new() };
        let Some(class) = module.class_of(object, at) else { return Vec::new() };
        module.member(class, module.source(attribute), at)
    }

    fn binding(&mut self, open: &Open<'t>, name: &str, binding: &Binding<'t>) {
        let module = self.module;
        let (value, form) = match binding.bound {
            Bound::Value(value) => (value, open.form.clone()),
            Bound::Default(value) => {
                if self.arguments(open, name, binding.scope) {
                    return;
                }
                (value, Form::Parameter)
            }
            Bound::Parameter => {
                self.arguments(open, name, binding.scope);
                return;
            }
            Bound::Among(value) => return self.among(open, binding, value),
            Bound::Scope(id) => {
                if module.scopes().get(id).is_some_and(|s| s.kind == ScopeKind::Function) {
                    self.returned(open, id, open.frame.clone());
                } else {
                    self.unknown(open, open.node);
                }
                return;
            }
            Bound::Unknown => {
                if let Some(node) = Some(open.node).filter(|_| self.falls_back(open)) {
                    self.opaque(node, node, Why::Fallback);
                }
                return;
            }
        };
        let mut names = open.names.clone();
        if names.len() < 8 {
            names.push((name.to_owned(), binding.at));
        }
        // what is bound outside of the function that is followed knows nothing of its call
        let inside = open.frame.as_ref().is_some_and(|frame| frame.function == binding.scope);
        self.open.push(Open {
            node: inner(value),
            at: Use { scope: binding.scope, at: binding.at },
            form,
            names,
            variable: open.variable.clone(),
            frame: open.frame.clone().filter(|_| inside),
        });
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
