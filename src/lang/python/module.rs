//! One file's scopes, and what each name in them is bound to.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tree_sitter::Node;

use super::bind;
use super::call::dotted;
use super::literal::{self, Constant, is_interpolated};
use super::names::{Binding, Bound, Import, Names, Scope, ScopeId, ScopeKind, Use};
use super::walk::{children, inner};

/// So many steps may one file cost; only a file made to be slow needs more.
const FUEL: u32 = 4_000_000;

/// A file's names.
pub(crate) struct Module<'t> {
    /// The file's text.
    pub text: &'t str,
    /// The root of its tree.
    pub root: Node<'t>,
    names: Names<'t>,
    /// What production never runs, in order.
    dead: Vec<Range<usize>>,
    fuel: Cell<u32>,
    gave_up: Cell<bool>,
}

impl<'t> Module<'t> {
    /// Reads the scopes and bindings of a file.
    pub(crate) fn new(text: &'t str, root: Node<'t>) -> Self {
        Self {
            text,
            root,
            names: bind::read(text, root),
            dead: Vec::new(),
            fuel: Cell::new(FUEL),
            gave_up: Cell::new(false),
        }
    }

    /// Forgets what was left out and spent, as if it had just been read.
    pub(crate) fn start_again(&mut self) {
        self.dead = Vec::new();
        self.fuel.set(FUEL);
        self.gave_up.set(false);
    }

    /// The scopes; the file is the first.
    pub(crate) fn scopes(&self) -> &[Scope<'t>] {
        &self.names.scopes
    }

    /// The last names of everything that is called, but for what runs only when
    /// the file is started as a program.
    pub(crate) fn called(&self) -> &HashSet<&'t str> {
        &self.names.called
    }

    /// The calls of what has this last name, without those that production never
    /// makes.
    pub(crate) fn calls(&self, name: &str) -> impl Iterator<Item = &(Node<'t>, Use)> {
        let all = self.names.calls.get(name).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|(_, at)| !self.is_dead(at.at))
    }

    /// What this name was imported as.
    pub(crate) fn import(&self, name: &str) -> Option<&Import> {
        self.names.imports.get(name)
    }

    /// The modules of which the file imports all that they hold, in order.
    pub(crate) fn stars(&self) -> &[&'t str] {
        &self.names.stars
    }

    /// All that the file imports, by the names that it gets here.
    pub(crate) fn imports(&self) -> &HashMap<&'t str, Import> {
        &self.names.imports
    }

    /// Leaves out of [`lookup`](Self::lookup) what is bound in these bytes, which
    /// production never runs. They are given in order and do not overlap.
    pub(crate) fn leave_out(&mut self, dead: Vec<Range<usize>>) {
        self.dead = dead;
    }

    fn is_dead(&self, offset: usize) -> bool {
        let next = self.dead.partition_point(|range| range.start <= offset);
        next.checked_sub(1)
            .and_then(|last| self.dead.get(last))
            .is_some_and(|range| range.contains(&offset))
    }

    /// The text of a node.
    pub(crate) fn source(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The scope of a class or function definition.
    pub(crate) fn scope_of(&self, definition: Node<'_>) -> Option<ScopeId> {
        self.names.by_node.get(&definition.id()).copied()
    }

    /// The classes that name this one among their bases.
    pub(crate) fn heirs(&self, class: &str) -> &[ScopeId] {
        self.names.heirs.get(class).map(Vec::as_slice).unwrap_or_default()
    }

    /// The scopes from this one outwards.
    pub(crate) fn outwards(&self, scope: ScopeId) -> impl Iterator<Item = &Scope<'t>> {
        let first = self.names.scopes.get(scope);
        std::iter::successors(first, |scope| self.names.scopes.get(scope.parent?))
    }

    /// Takes so many steps off what the file may cost; false when it is used up.
    pub(crate) fn spend(&self, steps: usize) -> bool {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        match self.fuel.get().checked_sub(steps) {
            Some(rest) => {
                self.fuel.set(rest);
                true
            }
            None => {
                self.give_up();
                false
            }
        }
    }

    /// Notes that something was too deep or too long to be understood.
    pub(crate) fn give_up(&self) {
        self.gave_up.set(true);
    }

    /// Whether something could not be understood.
    pub(crate) fn gave_up(&self) -> bool {
        self.gave_up.get()
    }

    /// The value of a string without `{…}` parts.
    pub(crate) fn plain_string(&self, node: Node<'_>) -> Option<Constant> {
        if node.kind() != "string" || is_interpolated(node) {
            return None;
        }
        let mut value = literal::empty(self.text, node);
        for part in children(node).into_iter().filter(|part| part.kind() == "string_content") {
            value.push(&literal::content(self.text, node, part));
        }
        Some(value)
    }

    /// What a name, or an attribute of `self` or of a class of this file, may be
    /// bound to where it is used; nothing when this file does not say.
    pub(crate) fn lookup(&self, node: Node<'_>, at: Use) -> Vec<&Binding<'t>> {
        let node = inner(node);
        match node.kind() {
            "identifier" => self.lookup_name(self.source(node), at),
            "attribute" => self.lookup_attribute(node, at),
            _ => Vec::new(),
        }
    }

    /// What a name may be bound to in a class of this file.
    pub(crate) fn member(&self, class: ScopeId, name: &str, at: Use) -> Vec<&Binding<'t>> {
        self.live(class, name, at)
    }

    /// The class of this file that an expression makes an object of, or is.
    pub(crate) fn class_of(&self, node: Node<'_>, at: Use) -> Option<ScopeId> {
        let node = inner(node);
        let is_class =
            |id: &ScopeId| self.scopes().get(*id).is_some_and(|s| s.kind == ScopeKind::Class);
        let called = |node: Node<'_>| {
            let function = (node.kind() == "call").then(|| node.child_by_field_name("function"))?;
            Some(inner(function?).byte_range())
        };
        let class_named = |range: Range<usize>, at: Use| {
            let name = self.text.get(range)?;
            self.lookup_name(name, at).into_iter().find_map(|found| match found.bound {
                Bound::Scope(id) => Some(id).filter(is_class),
                _ => None,
            })
        };
        if let Some(range) = called(node) {
            return class_named(range, at);
        }
        if node.kind() != "identifier" {
            return None;
        }
        self.lookup_name(self.source(node), at).into_iter().find_map(|found| match found.bound {
            Bound::Scope(id) => Some(id).filter(is_class),
            Bound::Value(value) => {
                class_named(called(inner(value))?, Use { scope: found.scope, at: found.at })
            }
            _ => None,
        })
    }

    /// What this name may be bound to where it is used.
    pub(crate) fn lookup_named(&self, name: &str, at: Use) -> Vec<&Binding<'t>> {
        self.lookup_name(name, at)
    }

    fn lookup_name(&self, name: &str, at: Use) -> Vec<&Binding<'t>> {
        let mut next = Some(at.scope);
        while let Some(id) = next {
            let Some(scope) = self.names.scopes.get(id) else { break };
            // a class body is seen by itself alone, not by its methods
            if id == at.scope || scope.kind != ScopeKind::Class {
                let live = self.live(id, name, at);
                if !live.is_empty() {
                    return live;
                }
            }
            next = scope.parent;
        }
        Vec::new()
    }

    fn lookup_attribute(&self, node: Node<'_>, at: Use) -> Vec<&Binding<'t>> {
        let parts = node.child_by_field_name("object").zip(node.child_by_field_name("attribute"));
        let Some((object, attribute)) = parts else { return Vec::new() };
        let object = inner(object);
        let name = self.source(attribute);
        let class = match self.source(object) {
            "self" | "cls" => self.class_around(at.scope),
            _ if object.kind() == "identifier" => self
                .lookup_name(self.source(object), at)
                .into_iter()
                .find_map(|found| match found.bound {
                    Bound::Scope(id)
                        if self
                            .names
                            .scopes
                            .get(id)
                            .is_some_and(|s| s.kind == ScopeKind::Class) =>
                    {
                        Some(id)
                    }
                    _ => None,
                }),
            _ => None,
        };
        match class {
            Some(class) => self.live(class, name, at),
            None => dotted(self.text, node)
                .map(|whole| self.lookup_name(&whole, at))
                .unwrap_or_default(),
        }
    }

    /// The class that a scope stands in.
    pub(crate) fn class_around(&self, scope: ScopeId) -> Option<ScopeId> {
        self.names.class_around(scope)
    }

    /// The bindings that may still hold at a use: those before it that no later
    /// one, sure to run in between, has replaced.
    fn live(&self, scope: ScopeId, name: &str, at: Use) -> Vec<&Binding<'t>> {
        let key = (scope, name.to_owned());
        let Some(all) = self.names.bindings.get(&key) else { return Vec::new() };
        if !self.spend(all.len()) {
            return Vec::new();
        }
        let body = self.names.scopes.get(scope).map(|scope| scope.body.clone()).unwrap_or_default();
        let here = scope == at.scope;
        let before =
            |binding: &Binding<'t>| (!here || binding.at < at.at) && !self.is_dead(binding.at);
        let replaces = |binding: &Binding<'t>| {
            let sure = if here { binding.block.contains(&at.at) } else { binding.block == body };
            before(binding) && sure && !matches!(binding.bound, Bound::Unknown)
        };
        let from = all.iter().filter(|b| replaces(b)).map(|b| b.at).max().unwrap_or(0);
        all.iter().filter(|binding| before(binding) && binding.at >= from).collect()
    }
}
