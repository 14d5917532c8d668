//! What an object holds: `settings.key`, `get_settings().web.key`, `config["key"]`. It
//! is followed to the class that makes the object, to what its call is given, and to
//! the class's fields.

use std::rc::Rc;

use tree_sitter::Node;

use super::calls::is_library;
use super::{DEEPEST_CALLS, Frame, Open, Search};
use crate::check::kinds::settings::hardcoded_setting::found::{Imported, Step};
use crate::lang::python::{
    Binding, Bound, Call, Import, ScopeId, ScopeKind, Use, children, inner, key_text, last_name,
    walk,
};

/// So many steps may one way take from an object to what it holds.
const DEEPEST_WAY: usize = 24;

/// An object of a class of this file, or the class itself.
#[derive(Clone)]
pub(super) struct Object<'t> {
    pub(super) class: ScopeId,
    /// The call that makes it, where that is known.
    pub(super) call: Option<Node<'t>>,
    /// What has no value is read from the environment.
    pub(super) reads: bool,
}

impl<'t> Search<'_, 't> {
    /// Follows an attribute or an element to what it can be; false when it is not known
    /// of what it is one.
    pub(super) fn held_by(&mut self, open: &Open<'t>, node: Node<'t>) -> bool {
        let held = self.way(open, node, &[], 0);
        if held {
            let name = node.child_by_field_name("attribute").map(|name| self.module.source(name));
            self.written_by_name(name.as_slice());
        }
        held
    }

    /// Follows the steps that are taken from what a name of the file's top is bound to.
    pub(super) fn reach_from(
        &mut self,
        open: &Open<'t>,
        name: &str,
        binding: &Binding<'t>,
        steps: &[Step],
    ) -> bool {
        self.bound(open, name, binding, steps, 1)
    }

    pub(super) fn way(
        &mut self,
        open: &Open<'t>,
        node: Node<'t>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        if depth > DEEPEST_WAY || self.ways == 0 || !self.module.spend(1) {
            return false;
        }
        self.ways -= 1;
        let node = inner(node);
        if steps.is_empty() && depth > 0 {
            self.open.push(Open { node, ..open.clone() });
            return true;
        }
        match node.kind() {
            "attribute" => {
                let parts =
                    node.child_by_field_name("object").zip(node.child_by_field_name("attribute"));
                let Some((object, attribute)) = parts else { return false };
                let bound = self.module.lookup(node, open.at);
                if depth > 0 && !bound.is_empty() {
                    return self.each_bound(open, self.module.source(node), &bound, steps, depth);
                }
                let step = Step::Member(self.module.source(attribute).to_owned());
                self.way(open, object, &before(step, steps), depth + 1)
            }
            "subscript" => self.element_way(open, node, steps, depth),
            "call" => self.call_way(open, node, steps, depth),
            "identifier" => {
                let name = self.module.source(node);
                let bound = self.module.lookup(node, open.at);
                if !bound.is_empty() {
                    return self.each_bound(open, name, &bound, steps, depth);
                }
                if let Some(class) = self.own_class(name, open.at) {
                    let object = Object { class, call: None, reads: false };
                    return self.of_class(open, &object, steps, depth);
                }
                self.import_way(open, node, steps)
            }
            "dictionary" => self.entry_way(open, node, steps, depth),
            "conditional_expression" => match children(node).as_slice() {
                [body, _, other] => self.all_ways(open, &[*body, *other], steps, depth),
                _ => false,
            },
            "boolean_operator" => {
                let sides = node.child_by_field_name("left").zip(node.child_by_field_name("right"));
                sides.is_some_and(|(a, b)| self.all_ways(open, &[a, b], steps, depth))
            }
            "await" => children(node)
                .first()
                .is_some_and(|inside| self.way(open, *inside, steps, depth + 1)),
            "named_expression" => node
                .child_by_field_name("value")
                .is_some_and(|value| self.way(open, value, steps, depth + 1)),
            _ => false,
        }
    }

    /// Each of them, of which one that is not known leaves the whole unknown.
    fn all_ways(
        &mut self,
        open: &Open<'t>,
        nodes: &[Node<'t>],
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let mut all = true;
        for node in nodes {
            // `settings or None`
            all &= inner(*node).kind() == "none" || self.way(open, *node, steps, depth + 1);
        }
        all
    }

    fn each_bound(
        &mut self,
        open: &Open<'t>,
        name: &str,
        bound: &[&Binding<'t>],
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let mut all = true;
        for binding in bound {
            // `settings = None`, until it is made
            let none = binding.value().is_some_and(|value| inner(value).kind() == "none");
            all &= none || self.bound(open, name, binding, steps, depth + 1);
        }
        all
    }

    fn bound(
        &mut self,
        open: &Open<'t>,
        name: &str,
        binding: &Binding<'t>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let at = Use { scope: binding.scope, at: binding.at };
        let inside = open.frame.as_ref().is_some_and(|frame| frame.function == binding.scope);
        let frame = open.frame.clone().filter(|_| inside);
        let mut names = open.names.clone();
        if names.len() < 8 {
            names.push((name.to_owned(), binding.at));
        }
        let there = Open { at, frame, names, ..open.clone() };
        match binding.bound {
            Bound::Value(value) => {
                let written = self.written(name, steps, &there);
                self.way(&there, value, steps, depth + 1) || written
            }
            Bound::Default(_) | Bound::Parameter => {
                self.parameter_way(&there, name, binding, steps, depth)
            }
            Bound::Scope(id) => match (self.kind_of(id), steps) {
                (Some(ScopeKind::Class), [Step::Called, rest @ ..]) => {
                    let object = Object { class: id, call: None, reads: false };
                    self.of_class(&there, &object, rest, depth + 1)
                }
                (Some(ScopeKind::Class), _) => {
                    let object = Object { class: id, call: None, reads: false };
                    self.of_class(&there, &object, steps, depth + 1)
                }
                (Some(ScopeKind::Function), [Step::Called, rest @ ..]) => {
                    self.returns_way(&there, id, None, rest, depth)
                }
                _ => false,
            },
            Bound::Among(_) | Bound::Unknown => false,
        }
    }

    pub(super) fn kind_of(&self, id: ScopeId) -> Option<ScopeKind> {
        self.module.scopes().get(id).map(|scope| scope.kind)
    }

    /// `settings["key"] = value` after it was made.
    fn written(&mut self, name: &str, steps: &[Step], open: &Open<'t>) -> bool {
        let Some(Step::Entry(key)) = steps.first() else { return false };
        let module = self.module;
        if !module.spend(module.text.len()) {
            return false;
        }
        let mut found = Vec::new();
        walk(module.root, (), |step| {
            let node = step.node;
            let target = (step.kind == "assignment").then(|| node.child_by_field_name("left"));
            let target = target.flatten().filter(|target| target.kind() == "subscript");
            let parts = target.and_then(|target| {
                target.child_by_field_name("value").zip(target.child_by_field_name("subscript"))
            });
            if let Some((object, at)) = parts
                && module.source(object) == name
                && key_text(module, at, open.at).as_ref() == Some(key)
            {
                found.extend(node.child_by_field_name("right"));
            }
            Some(())
        });
        for value in &found {
            self.open.push(Open { node: inner(*value), ..open.clone() });
        }
        !found.is_empty()
    }

    /// What a function is given as its parameter, or what makes it: `Depends(make)`, or
    /// the class that it is declared to be of.
    fn parameter_way(
        &mut self,
        open: &Open<'t>,
        name: &str,
        binding: &Binding<'t>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        if let Some(frame) = open.frame.clone()
            && let Some(argument) = self.argument(binding.scope, frame.call, name)
        {
            let there = Open { at: frame.at, frame: frame.outer.clone(), ..open.clone() };
            return self.way(&there, argument, steps, depth + 1);
        }
        let Some(scope) = self.module.scopes().get(binding.scope) else { return false };
        let mut given = binding.value().is_some_and(|default| {
            inner(default).kind() != "none" && self.way(open, default, steps, depth + 1)
        });
        let parameters = scope.node.child_by_field_name("parameters").map(children);
        let declared = parameters.unwrap_or_default().into_iter();
        let declared = declared
            .filter(|parameter| parameter.start_byte() == binding.at)
            .find_map(|parameter| parameter.child_by_field_name("type"));
        if !given && let Some(declared) = declared {
            given = self.declared_way(open, declared, steps, depth);
        }
        let calls: Vec<_> = self.module.calls(scope.name).copied().collect();
        for (call, at) in calls {
            if let Some(argument) = self.argument(binding.scope, call, name) {
                let there = Open { at, frame: None, ..open.clone() };
                given |= self.way(&there, argument, steps, depth + 1);
            }
        }
        given
    }

    /// An object of the type that something is declared to have.
    pub(super) fn declared_way(
        &mut self,
        open: &Open<'t>,
        declared: Node<'t>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let mut node = inner(declared);
        while matches!(node.kind(), "type" | "generic_type" | "type_parameter") {
            // `Annotated[Settings, Depends(make)]`
            if let Some(made) = self.depends(node) {
                return self.way(open, made, &before(Step::Called, steps), depth + 1);
            }
            let parts = children(node);
            let skip = usize::from(node.kind() == "generic_type");
            let Some(next) = parts.get(skip) else { return false };
            node = inner(*next);
        }
        matches!(node.kind(), "identifier" | "attribute" | "subscript")
            && self.way(open, node, &before(Step::Called, steps), depth + 1)
    }

    /// What `Depends(…)` within an expression is given.
    fn depends(&self, node: Node<'t>) -> Option<Node<'t>> {
        if node.byte_range().len() > 512 {
            return None;
        }
        let mut found = None;
        walk(node, (), |step| {
            let call = Call::of(step.node)
                .filter(|call| matches!(call.name(self.module.text), "Depends" | "Security"));
            found = found.or_else(|| call?.positional.first().copied());
            found.is_none().then_some(())
        });
        found
    }

    pub(super) fn returns_way(
        &mut self,
        open: &Open<'t>,
        function: ScopeId,
        call: Option<Node<'t>>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let Some(scope) = self.module.scopes().get(function) else { return false };
        let deep = open.frame.as_ref().map_or(0, |frame| frame.depth) + 1;
        if scope.returns.is_empty() || deep > DEEPEST_CALLS {
            return false;
        }
        let outer = open.frame.clone();
        let frame =
            call.map(|call| Rc::new(Frame { function, call, at: open.at, depth: deep, outer }));
        let mut all = true;
        for value in &scope.returns {
            let at = Use { scope: function, at: value.start_byte() };
            let there = Open { at, frame: frame.clone(), ..open.clone() };
            all &= self.way(&there, *value, steps, depth + 1);
        }
        all
    }

    fn element_way(
        &mut self,
        open: &Open<'t>,
        node: Node<'t>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let parts = node.child_by_field_name("value").zip(node.child_by_field_name("subscript"));
        let Some((object, key)) = parts else { return false };
        // `Dep = Annotated[Settings, Depends(make)]`
        if last_name(self.module.text, inner(object)) == Some("Annotated") {
            return match (self.depends(node), steps) {
                (Some(made), [Step::Called, ..]) => self.way(open, made, steps, depth + 1),
                _ => self.way(open, key, steps, depth + 1),
            };
        }
        let Some(key) = key_text(self.module, inner(key), open.at) else { return false };
        self.way(open, object, &before(Step::Entry(key), steps), depth + 1)
    }

    fn entry_way(&mut self, open: &Open<'t>, node: Node<'t>, steps: &[Step], depth: usize) -> bool {
        let Some((Step::Entry(wanted), rest)) = steps.split_first() else { return false };
        let items = children(node);
        let named = items.iter().rev().find(|item| {
            let key = item.child_by_field_name("key");
            key.and_then(|key| key_text(self.module, key, open.at)).as_ref() == Some(wanted)
        });
        if let Some(value) = named.and_then(|item| item.child_by_field_name("value")) {
            return self.way(open, value, rest, depth + 1);
        }
        let spread = items.iter().filter(|item| item.kind() == "dictionary_splat");
        let spread: Vec<_> = spread.filter_map(|item| children(*item).first().copied()).collect();
        let mut any = false;
        for inside in spread {
            any |= self.way(open, inside, steps, depth + 1);
        }
        any
    }

    /// `self` and `cls` stand for the class around.
    fn own_class(&self, name: &str, at: Use) -> Option<ScopeId> {
        matches!(name, "self" | "cls").then(|| self.module.class_around(at.scope)).flatten()
    }

    /// What another module holds.
    fn import_way(&mut self, open: &Open<'t>, node: Node<'t>, steps: &[Step]) -> bool {
        let Some(import) = self.module.import(self.module.source(node)).cloned() else {
            return false;
        };
        if is_library(&import.module) && !import.module.starts_with('.') {
            return false;
        }
        self.elsewhere(open, import, node, steps);
        true
    }

    pub(super) fn elsewhere(
        &mut self,
        open: &Open<'t>,
        import: Import,
        node: Node<'t>,
        steps: &[Step],
    ) {
        let shown = self.module.source(node).to_owned();
        let fallback = self.falls_back(open);
        let way = steps.to_vec();
        self.found.imported.push(Imported { import, shown, node, fallback, arguments: None, way });
    }
}

/// The steps with one before them.
pub(super) fn before(step: Step, steps: &[Step]) -> Vec<Step> {
    std::iter::once(step).chain(steps.iter().cloned()).collect()
}
