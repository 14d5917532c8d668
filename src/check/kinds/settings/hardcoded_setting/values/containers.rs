//! Values that stand in lists and dictionaries.

use tree_sitter::Node;

use super::calls::reads;
use super::guessable::{is_common_variable, is_guessable};
use super::{Open, Search, is_environment};
use crate::check::kinds::settings::hardcoded_setting::found::{Form, Why};
use crate::lang::python::{
    Binding, Bound, Call, ScopeKind, Use, children, inner, key_text, last_name, walk,
};

/// So many lists and dictionaries may a subscript stand for.
const MOST: usize = 64;

impl<'t> Search<'_, 't> {
    /// `keys["prod"]`.
    pub(super) fn element(&mut self, open: &Open<'t>, node: Node<'t>) {
        let parts = node.child_by_field_name("value").zip(node.child_by_field_name("subscript"));
        let Some((object, key)) = parts else { return };
        let object = inner(object);
        if is_environment(self.module, object) {
            let key = key_text(self.module, key, open.at);
            match key.as_deref().is_some_and(is_common_variable) {
                true => self.opaque(node, node, Why::Guessable),
                false => {
                    self.found.outside = true;
                    self.found.variables.extend(key.filter(|key| !(self.own_name)(key)));
                }
            }
            return;
        }
        let elements = self.elements(node, open.at, 0);
        if elements.is_empty() {
            if self.held_by(open, node) {
                return;
            }
            let reading = Call::of(object).is_some_and(|call| reads(call.name(self.module.text)));
            if reading {
                self.found.outside = true;
                return;
            }
            if self.unpacked(object, open.at, node) {
                return;
            }
            if let Some(literal) = self.literal_in(object) {
                return self.opaque(literal, node, Why::Literal);
            }
            if is_guessable(self.module.text, object) {
                return self.opaque(node, node, Why::Guessable);
            }
            if let Some(import) = self.import(object, open.at) {
                return self.imported(open, import, object);
            }
            let own = key_text(self.module, key, open.at).is_some_and(|key| (self.own_name)(&key));
            let config = last_name(self.module.text, object) == Some("config");
            if own && config {
                self.found.unknown = true;
            } else if config || !self.is_text_or_guessable(open, object) {
                self.found.outside = true;
            }
            return;
        }
        for (element, at) in elements {
            self.one_of(open, element, at);
        }
    }

    /// A part of a name's value: of a literal, of what is guessed. False when the
    /// value is neither.
    fn is_text_or_guessable(&mut self, open: &Open<'t>, object: Node<'t>) -> bool {
        let whole = self.apart(open, object);
        let known = !whole.literals.is_empty() || !whole.opaque.is_empty();
        self.found.literals.extend(whole.literals);
        self.found.opaque.extend(whole.opaque);
        known
    }

    /// `**options` and `*arguments`, and what is filled later: a literal that goes in
    /// may be what is taken out. False when the object is none of these.
    pub(super) fn unpacked(&mut self, object: Node<'t>, at: Use, whole: Node<'t>) -> bool {
        if object.kind() != "identifier" {
            return false;
        }
        let module = self.module;
        let bound = module.lookup(object, at);
        let mut literal = None;
        let mut is = false;
        for binding in &bound {
            let function = module.scopes().get(binding.scope);
            match (binding.bound, function) {
                (Bound::Unknown, Some(function)) if function.kind == ScopeKind::Function => {
                    is = true;
                    let calls = module.calls(function.name).copied().collect::<Vec<_>>();
                    literal = calls
                        .into_iter()
                        .filter_map(|(call, _)| call.child_by_field_name("arguments"))
                        .find_map(|arguments| self.literal_in(arguments))
                        .or(literal);
                }
                (Bound::Value(value), _) if !self.containers(value, at, 0).is_empty() => is = true,
                _ => {}
            }
        }
        if !is {
            return false;
        }
        match literal.or_else(|| self.put_into(module.source(object))) {
            Some(literal) => self.opaque(literal, whole, Why::Literal),
            None => self.found.unknown = true,
        }
        true
    }

    /// A literal that is put into a list or dictionary after it was made.
    fn put_into(&self, name: &str) -> Option<Node<'t>> {
        if !self.module.spend(self.module.text.len()) {
            return None;
        }
        let mut found = None;
        walk(self.module.root, (), |step| {
            let node = step.node;
            let into = match step.kind {
                "assignment" => {
                    let left = node.child_by_field_name("left").filter(|l| l.kind() == "subscript");
                    left.and_then(|left| left.child_by_field_name("value"))
                        .zip(node.child_by_field_name("right"))
                }
                "call" => Call::of(node)
                    .and_then(|call| call.receiver())
                    .zip(node.child_by_field_name("arguments")),
                _ => None,
            };
            if let Some((object, value)) = into
                && self.module.source(object) == name
            {
                found = found.or_else(|| self.literal_in(value));
            }
            found.is_none().then_some(())
        });
        found
    }

    /// Something taken out of a value: `next(iter(keys))`, `for key in keys`.
    pub(super) fn any_of(&mut self, open: &Open<'t>, node: Node<'t>) {
        let held = self.held(node, open.at, 0);
        if held.is_empty() {
            return self.same(open, Some(node));
        }
        for (element, at) in held {
            self.one_of(open, element, at);
        }
    }

    pub(super) fn among(&mut self, open: &Open<'t>, binding: &Binding<'t>, value: Node<'t>) {
        let at = Use { scope: binding.scope, at: binding.at };
        let held = self.held(value, at, 0);
        if held.is_empty() {
            return self.not_followed(open, value);
        }
        for (element, at) in held {
            self.one_of(open, element, at);
        }
    }

    fn one_of(&mut self, open: &Open<'t>, element: Node<'t>, at: Use) {
        let form = match &open.form {
            Form::Plain => Form::Element,
            other => other.clone(),
        };
        self.open.push(Open { node: inner(element), at, form, ..open.clone() });
    }

    /// What a subscript can stand for; nothing when that cannot be told.
    fn elements(&self, node: Node<'t>, at: Use, depth: usize) -> Vec<(Node<'t>, Use)> {
        let parts = node.child_by_field_name("value").zip(node.child_by_field_name("subscript"));
        let Some((object, key)) = parts else { return Vec::new() };
        self.entries(inner(object), Some(inner(key)), at, depth)
    }

    /// What any element of a container can be.
    pub(super) fn held(&self, node: Node<'t>, at: Use, depth: usize) -> Vec<(Node<'t>, Use)> {
        self.entries(inner(node), None, at, depth)
    }

    pub(super) fn entries(
        &self,
        object: Node<'t>,
        key: Option<Node<'t>>,
        at: Use,
        depth: usize,
    ) -> Vec<(Node<'t>, Use)> {
        let mut out = Vec::new();
        for (container, there) in self.containers(object, at, depth) {
            let index = key.filter(|key| key.kind() == "integer");
            let index = index.and_then(|key| self.module.source(key).parse::<usize>().ok());
            let wanted = key.and_then(|key| key_text(self.module, key, at));
            let items = children(container);
            let is_dictionary = matches!(container.kind(), "dictionary" | "argument_list");
            let mut exact = Vec::new();
            let mut all = Vec::new();
            for (number, item) in items.into_iter().enumerate() {
                if item.kind() == "dictionary_splat" || item.kind() == "list_splat" {
                    let inside = children(item).first().copied();
                    if let Some(inside) = inside.filter(|_| depth < 8) {
                        all.extend(self.entries(inner(inside), key, there, depth + 1));
                    }
                    continue;
                }
                let value =
                    if is_dictionary { item.child_by_field_name("value") } else { Some(item) };
                let Some(value) = value else { continue };
                all.push((value, there));
                let name = item.child_by_field_name("key");
                let keyword = item.child_by_field_name("name").map(|name| self.module.source(name));
                let same = match (&wanted, name) {
                    (Some(wanted), None) if keyword.is_some() => keyword == Some(wanted.as_str()),
                    (Some(wanted), Some(name)) => {
                        key_text(self.module, name, there).as_ref() == Some(wanted)
                    }
                    _ => !is_dictionary && index == Some(number),
                };
                if same {
                    exact.push((value, there));
                }
            }
            out.extend(if exact.is_empty() { all } else { exact });
            if out.len() > MOST {
                break;
            }
        }
        out
    }

    /// The lists and dictionaries that an expression can be.
    fn containers(&self, node: Node<'t>, at: Use, depth: usize) -> Vec<(Node<'t>, Use)> {
        if depth > 8 || !self.module.spend(1) {
            return Vec::new();
        }
        let node = inner(node);
        match node.kind() {
            "list" | "tuple" | "set" | "dictionary" => vec![(node, at)],
            "identifier" | "attribute" => {
                let bound = self.module.lookup(node, at);
                let values = bound.into_iter().filter_map(|binding| match binding.bound {
                    Bound::Value(value) | Bound::Default(value) => {
                        Some((value, Use { scope: binding.scope, at: binding.at }))
                    }
                    _ => None,
                });
                values
                    .take(MOST)
                    .flat_map(|(value, at)| self.containers(value, at, depth + 1))
                    .collect()
            }
            "subscript" => self
                .elements(node, at, depth + 1)
                .into_iter()
                .take(MOST)
                .flat_map(|(value, at)| self.containers(value, at, depth + 1))
                .collect(),
            "call" => {
                let Some(call) = Call::of(node) else { return Vec::new() };
                let name = call.name(self.module.text);
                if matches!(name, "dict" | "OrderedDict") && !call.keywords.is_empty() {
                    return node
                        .child_by_field_name("arguments")
                        .map(|a| (a, at))
                        .into_iter()
                        .collect();
                }
                let inside = match name {
                    "iter" | "list" | "tuple" | "set" | "frozenset" | "sorted" | "reversed"
                    | "cycle" | "deque" | "MappingProxyType" | "copy" | "deepcopy"
                    | "OrderedDict" | "dict" => call.positional.first().copied(),
                    "values" | "items" => call.receiver(),
                    _ => None,
                };
                inside.map(|inside| self.containers(inside, at, depth + 1)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// Whether an expression makes something up by chance.
    pub(super) fn is_random(&self, node: Node<'t>) -> bool {
        if !self.module.spend(node.byte_range().len()) {
            return false;
        }
        let mut random = false;
        walk(node, (), |step| {
            random |= step.kind == "call"
                && matches!(
                    last_name(self.module.text, step.node).unwrap_or_default(),
                    "choice"
                        | "choices"
                        | "urandom"
                        | "randint"
                        | "randrange"
                        | "token_hex"
                        | "token_urlsafe"
                        | "token_bytes"
                        | "getrandbits"
                        | "sample"
                        | "uuid4"
                        | "get_random_string"
                        | "randbelow"
                        | "SystemRandom"
                );
            (!random).then_some(())
        });
        random
    }
}
