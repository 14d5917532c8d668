//! Objects that a call makes, and the fields of their classes.

use std::rc::Rc;

use tree_sitter::Node;

use super::calls::{is_library, reads};
use super::fields::MOST_BASES;
use super::objects::{Object, before};
use super::{Frame, Open, Search, is_environment};
use crate::check::kinds::settings::hardcoded_setting::found::{Step, Why};
use crate::lang::python::{
    Binding, Bound, Call, ScopeId, ScopeKind, Use, children, inner, key_text, walk,
};

impl<'t> Search<'_, 't> {
    /// What is made or returned by a call.
    pub(super) fn call_way(
        &mut self,
        open: &Open<'t>,
        node: Node<'t>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let Some(call) = Call::of(node) else { return false };
        let text = self.module.text;
        let name = call.name(text);
        let first = call.positional.first().copied();
        match name {
            "Depends" | "Security" => {
                return first.is_some_and(|made| {
                    self.way_of(open, made, &before(Step::Called, steps), depth)
                });
            }
            "cast" => {
                return call
                    .positional
                    .get(1)
                    .is_some_and(|value| self.way_of(open, *value, steps, depth));
            }
            "copy" | "deepcopy" | "vars" | "asdict" | "model_copy" | "model_dump" | "dict"
                if call.keywords.is_empty() && (first.is_some() || call.receiver().is_some()) =>
            {
                return first
                    .or_else(|| call.receiver())
                    .is_some_and(|value| self.way_of(open, value, steps, depth));
            }
            "to_config" if is_environment(self.module, call.function) => {
                return first.is_some_and(|class| {
                    self.way_of(open, class, &before(Step::Called, steps), depth)
                });
            }
            "SimpleNamespace" | "Namespace" | "dict" | "OrderedDict" | "AttrDict" | "Box"
            | "Munch" | "DotMap" | "EasyDict" => {
                return self.named_value(open, &call, steps, depth);
            }
            "Dynaconf" | "LazySettings" => return self.dynaconf(open, &call, steps, depth),
            "field" | "Field" => {
                if let Some(make) = call.keyword(text, &["default_factory"]) {
                    return self.way_of(open, make, &before(Step::Called, steps), depth);
                }
                let default = call.keyword(text, &["default"]).or(first);
                return default.is_some_and(|value| self.way_of(open, value, steps, depth));
            }
            // `getter.get("web").key`
            "get" if call.positional.len() == 1 && call.keywords.is_empty() => {
                let key = first.and_then(|key| key_text(self.module, key, open.at));
                let object = call.receiver().filter(|of| !is_environment(self.module, *of));
                return key.zip(object).is_some_and(|(key, object)| {
                    self.way_of(open, object, &before(Step::Entry(key), steps), depth)
                });
            }
            _ => {}
        }
        let bound = self.module.lookup(call.function, open.at);
        let mut known = !bound.is_empty();
        for binding in bound {
            known &= match binding.bound {
                Bound::Scope(id) => match self.kind_of(id) {
                    Some(ScopeKind::Class) => {
                        let object = Object { class: id, call: Some(node), reads: false };
                        self.of_class(open, &object, steps, depth + 1)
                    }
                    Some(ScopeKind::Function) => {
                        self.returns_way(open, id, Some(node), steps, depth)
                    }
                    _ => false,
                },
                _ => false,
            };
        }
        if known {
            return true;
        }
        if name == "cls"
            && let Some(class) = self.module.class_around(open.at.scope)
        {
            let object = Object { class, call: Some(node), reads: false };
            return self.of_class(open, &object, steps, depth + 1);
        }
        self.made_elsewhere(open, &call, steps, depth)
    }

    /// What a class or function of another module makes.
    fn made_elsewhere(
        &mut self,
        open: &Open<'t>,
        call: &Call<'t>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let given = match steps.first() {
            Some(Step::Member(name)) => call.keyword(self.module.text, &[name.as_str()]),
            _ => None,
        };
        if let (Some(value), [_, rest @ ..]) = (given, steps) {
            return self.way_of(open, value, rest, depth);
        }
        let library =
            self.import(call.function, open.at).is_some_and(|from| is_library(&from.module));
        let name = call.name(self.module.text);
        // another module's readers are believed, as this one's are
        if self.closed && library && reads(name) && !name.contains("load") {
            self.found.outside = true;
            return true;
        }
        if library || !self.way_of(open, call.function, &before(Step::Called, steps), depth) {
            return false;
        }
        // what is made may hold what it is given
        let literal = call.positional.iter().find_map(|value| self.literal_in(*value));
        if let Some(literal) = literal {
            self.opaque(literal, literal, Why::Literal);
        }
        true
    }

    /// The value that a call is given under the name of the first step.
    fn named_value(
        &mut self,
        open: &Open<'t>,
        call: &Call<'t>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let Some((Step::Member(name) | Step::Entry(name), rest)) = steps.split_first() else {
            return false;
        };
        if let Some(value) = call.keyword(self.module.text, &[name.as_str()]) {
            return self.way_of(open, value, rest, depth);
        }
        let inside = before(Step::Entry(name.clone()), rest);
        let spread = call.function.parent().and_then(|call| call.child_by_field_name("arguments"));
        let spread = spread.map(children).unwrap_or_default().into_iter();
        let spread = spread.filter(|argument| argument.kind() == "dictionary_splat");
        let spread = spread.filter_map(|argument| children(argument).first().copied());
        let all: Vec<_> = call.positional.iter().copied().chain(spread).collect();
        all.into_iter().any(|value| self.way_of(open, value, &inside, depth))
    }

    /// Dynaconf reads what it is asked for from the environment and from files, of which
    /// those that git tracks are looked at for the setting's own name.
    fn dynaconf(&mut self, open: &Open<'t>, call: &Call<'t>, steps: &[Step], depth: usize) -> bool {
        let Some((Step::Member(name) | Step::Entry(name), rest)) = steps.split_first() else {
            return false;
        };
        let text = self.module.text;
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        let given = call
            .keywords
            .iter()
            .find(|(key, _)| same(text.get(key.byte_range()).unwrap_or_default()))
            .map(|(_, value)| *value);
        let validators = call.keyword(text, &["validators"]);
        let default = validators.and_then(|validators| {
            let mut default = None;
            walk(validators, (), |step| {
                let call = Call::of(step.node).filter(|call| call.name(text) == "Validator");
                let asked = call.filter(|call| {
                    call.positional.iter().any(|key| {
                        key_text(self.module, *key, open.at).is_some_and(|key| same(&key))
                    })
                });
                default = default.or_else(|| asked?.keyword(text, &["default"]));
                Some(())
            });
            default
        });
        for value in given.into_iter().chain(default) {
            self.way_of(open, value, rest, depth);
        }
        if !same("SECRET_KEY") || call.unpacks {
            return false;
        }
        self.found.outside = true;
        true
    }

    /// What an object of a class holds.
    pub(super) fn of_class(
        &mut self,
        open: &Open<'t>,
        object: &Object<'t>,
        steps: &[Step],
        depth: usize,
    ) -> bool {
        let Some((step, rest)) = steps.split_first() else { return false };
        let (Step::Member(name) | Step::Entry(name)) = step else { return false };
        if self.is_settings(object.class, 0) {
            self.other_files(object.class, object.call, 0);
        }
        let init = self.function_of(object.class, "__init__", 0);
        if let (Some(node), None) = (object.call, init) {
            let Some(call) = Call::of(node) else { return false };
            if let Some(value) = call.keyword(self.module.text, &[name.as_str()]) {
                return self.way_of(open, value, rest, depth);
            }
            if !call.positional.is_empty()
                && let Some(place) = self.fields(object.class).iter().position(|f| f == name)
                && let Some(value) = call.positional.get(place)
            {
                return self.way_of(open, *value, rest, depth);
            }
            if call.unpacks && self.named_value(open, &call, steps, depth) {
                return true;
            }
        }
        let mut known = self.field(open, object, init, (name, rest), 0, depth);
        if !known && matches!(step, Step::Entry(_)) {
            // `config.get("key")` of a class of the project
            let getter = ["get", "__getitem__"].into_iter();
            let getter = getter.filter_map(|name| self.function_of(object.class, name, 0)).next();
            known = getter.is_some_and(|id| self.returns_way(open, id, None, rest, depth));
        }
        if !known && self.computed(object.class) {
            return true;
        }
        if known {
            self.validators(object.class, name, open);
        }
        known
    }

    /// Whether a class computes what it holds by the name: the file does not tell what.
    fn computed(&mut self, class: ScopeId) -> bool {
        let Some(getter) = self.function_of(class, "__getattr__", 0) else { return false };
        let returns = self.module.scopes().get(getter).map(|scope| scope.returns.clone());
        let literal = returns.unwrap_or_default().into_iter().find_map(|v| self.literal_in(v));
        match literal {
            Some(literal) => self.opaque(literal, literal, Why::Literal),
            None => self.found.unknown = true,
        }
        true
    }

    /// What a class or one that it inherits from says of a field.
    fn field(
        &mut self,
        open: &Open<'t>,
        object: &Object<'t>,
        init: Option<ScopeId>,
        (name, rest): (&str, &[Step]),
        bases: usize,
        depth: usize,
    ) -> bool {
        let class = object.class;
        let reads = object.reads || self.is_settings(class, 0);
        let object = Object { reads, ..object.clone() };
        let end = Use { scope: class, at: self.module.text.len() };
        let mut bound = self.module.member(class, name, end);
        if bound.iter().any(|binding| self.sure_in(binding, init)) {
            bound.retain(|binding| self.scope_at(binding.at) != class);
        }
        let declared = self.declared_type(class, name);
        if !bound.is_empty() {
            let mut all = true;
            for binding in bound {
                all &= self.field_bound(open, &object, init, (name, rest), binding, depth);
            }
            return all || (reads && declared.is_some_and(|t| self.nested(open, t, rest, depth)));
        }
        if let Some((default, made)) = declared.and_then(|d| self.annotated_default(d)) {
            let steps = if made { before(Step::Called, rest) } else { rest.to_vec() };
            if !self.way_of(open, default, &steps, depth) {
                self.opaque(default, default, Why::Literal);
            }
            self.found.outside |= reads;
            return true;
        }
        let from_environment = declared.is_some() && reads;
        if from_environment {
            if let Some(declared) = declared.filter(|_| !rest.is_empty()) {
                return self.nested(open, declared, rest, depth);
            }
            self.found.outside = true;
            self.found.variables.extend([name.to_owned(), name.to_uppercase()]);
            return true;
        }
        if bases >= MOST_BASES {
            return false;
        }
        let Some(scope) = self.module.scopes().get(class) else { return false };
        let above = scope.node.child_by_field_name("superclasses").map(children);
        for base in above.unwrap_or_default() {
            if base.kind() == "keyword_argument" {
                continue;
            }
            let there = Use { scope: scope.parent.unwrap_or(0), at: scope.node.start_byte() };
            let found = self.module.lookup(base, there).into_iter().find_map(|b| match b.bound {
                Bound::Scope(id) => Some(id),
                _ => None,
            });
            if let Some(class) = found {
                let object = Object { class, ..object.clone() };
                if self.field(open, &object, init, (name, rest), bases + 1, depth) {
                    return true;
                }
            } else if let Some(import) = self.import(base, there)
                && !is_library(&import.module)
            {
                let mut way = vec![Step::Called, Step::Member(name.to_owned())];
                way.extend(rest.iter().cloned());
                self.elsewhere(open, import, base, &way);
                return true;
            }
        }
        // a setting that none declares is read as well
        if reads && declared.is_none() && rest.is_empty() {
            self.found.outside = true;
            return true;
        }
        false
    }

    fn field_bound(
        &mut self,
        open: &Open<'t>,
        object: &Object<'t>,
        init: Option<ScopeId>,
        (name, rest): (&str, &[Step]),
        binding: &Binding<'t>,
        depth: usize,
    ) -> bool {
        let scope = self.scope_at(binding.at);
        match binding.bound {
            Bound::Value(value) => {
                let deep = open.frame.as_ref().map_or(0, |frame| frame.depth) + 1;
                let frame = object.call.zip(init.filter(|init| *init == scope));
                let frame = frame.map(|(call, function)| {
                    let outer = open.frame.clone();
                    Rc::new(Frame { function, call, at: open.at, depth: deep, outer })
                });
                let at = Use { scope, at: binding.at };
                let mut names = open.names.clone();
                if names.len() < 8 {
                    names.push((name.to_owned(), binding.at));
                }
                let there = Open { at, frame, names, ..open.clone() };
                match self.environ_default(value, object.class) {
                    Some(Some(default)) => self.way_of(&there, default, rest, depth),
                    Some(None) => {
                        self.found.outside = true;
                        true
                    }
                    None => self.way_of(&there, value, rest, depth),
                }
            }
            Bound::Scope(id) => match self.kind_of(id) {
                Some(ScopeKind::Function) => {
                    let rest = rest.strip_prefix(&[Step::Called]).unwrap_or(rest);
                    self.returns_way(open, id, None, rest, depth)
                }
                Some(ScopeKind::Class) => {
                    let inside = Object { class: id, call: None, reads: false };
                    self.of_class(open, &inside, rest, depth + 1)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// A field that is an object itself, and is read from the environment with the rest.
    fn nested(&mut self, open: &Open<'t>, declared: Node<'t>, rest: &[Step], depth: usize) -> bool {
        let name = inner(children(declared).first().copied().unwrap_or(declared));
        let at = Use { scope: 0, at: self.module.text.len() };
        let class = self.module.lookup(name, at).into_iter().find_map(|found| match found.bound {
            Bound::Scope(id) => Some(id),
            _ => None,
        });
        match class {
            Some(class) => {
                let object = Object { class, call: None, reads: true };
                self.of_class(open, &object, rest, depth + 1)
            }
            None => self.declared_way(&Open { at, ..open.clone() }, declared, rest, depth),
        }
    }

    fn way_of(&mut self, open: &Open<'t>, node: Node<'t>, steps: &[Step], depth: usize) -> bool {
        self.way(open, node, steps, depth + 1)
    }
}
