//! One file's scopes, and what each name in them is bound to.

mod bind;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tree_sitter::Node;

use super::call::dotted;
use super::literal::{self, Constant, is_interpolated};
use super::walk::{children, inner};

/// So many steps may one file cost; only a file made to be slow needs more.
const FUEL: u32 = 4_000_000;

/// The number of a scope; the module is 0.
pub type ScopeId = usize;

/// What a scope belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeKind {
    /// The file.
    Module,
    /// A class body.
    Class,
    /// A function body.
    Function,
}

/// A file, a class body or a function body.
#[derive(Debug)]
pub struct Scope<'t> {
    /// What it belongs to.
    pub kind: ScopeKind,
    /// The scope around it.
    pub parent: Option<ScopeId>,
    /// The name of the class or function; empty for the file.
    pub name: &'t str,
    /// The definition, or the file's root.
    pub node: Node<'t>,
    /// The values that a function returns.
    pub returns: Vec<Node<'t>>,
    /// The bytes of the block that always runs when the scope does.
    body: Range<usize>,
}

/// What a name was bound to.
#[derive(Clone, Copy, Debug)]
pub enum Bound<'t> {
    /// The value of an assignment.
    Value(Node<'t>),
    /// The default of a parameter.
    Default(Node<'t>),
    /// A function or class.
    Scope(ScopeId),
    /// Something that cannot be told: a parameter, `+=`.
    Unknown,
}

/// One place where a name is bound.
#[derive(Clone, Debug)]
pub struct Binding<'t> {
    /// To what.
    pub bound: Bound<'t>,
    /// The byte offset of the statement.
    pub at: usize,
    /// In which scope.
    pub scope: ScopeId,
    /// The bytes of the block around the statement.
    block: Range<usize>,
}

impl<'t> Binding<'t> {
    /// The bound expression, if it is one.
    pub fn value(&self) -> Option<Node<'t>> {
        match self.bound {
            Bound::Value(value) | Bound::Default(value) => Some(value),
            Bound::Scope(_) | Bound::Unknown => None,
        }
    }
}

/// From where a name is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Use {
    /// The scope.
    pub scope: ScopeId,
    /// The byte offset.
    pub at: usize,
}

/// A file's names.
pub struct Module<'t> {
    /// The file's text.
    pub text: &'t str,
    /// The root of its tree.
    pub root: Node<'t>,
    /// The scopes; the file is the first.
    pub scopes: Vec<Scope<'t>>,
    /// The last names of everything that is called, but for what runs only when
    /// the file is started as a program.
    pub called: HashSet<&'t str>,
    heirs: HashMap<&'t str, Vec<ScopeId>>,
    by_node: HashMap<usize, ScopeId>,
    bindings: HashMap<(ScopeId, String), Vec<Binding<'t>>>,
    /// What production never runs, in order.
    dead: Vec<Range<usize>>,
    fuel: Cell<u32>,
    gave_up: Cell<bool>,
}

impl<'t> Module<'t> {
    /// Reads the scopes and bindings of a file.
    pub fn new(text: &'t str, root: Node<'t>) -> Self {
        let file = Scope {
            kind: ScopeKind::Module,
            parent: None,
            name: "",
            node: root,
            returns: Vec::new(),
            body: root.byte_range(),
        };
        let mut module = Self {
            text,
            root,
            scopes: vec![file],
            called: HashSet::new(),
            heirs: HashMap::new(),
            by_node: HashMap::new(),
            bindings: HashMap::new(),
            dead: Vec::new(),
            fuel: Cell::new(FUEL),
            gave_up: Cell::new(false),
        };
        bind::read(&mut module);
        module
    }

    /// Leaves out of [`lookup`](Self::lookup) what is bound in these bytes, which
    /// production never runs. They are given in order and do not overlap.
    pub fn leave_out(&mut self, dead: Vec<Range<usize>>) {
        self.dead = dead;
    }

    fn is_dead(&self, offset: usize) -> bool {
        let next = self.dead.partition_point(|range| range.start <= offset);
        next.checked_sub(1)
            .and_then(|last| self.dead.get(last))
            .is_some_and(|range| range.contains(&offset))
    }

    /// The text of a node.
    pub fn source(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The scope of a class or function definition.
    pub fn scope_of(&self, definition: Node<'_>) -> Option<ScopeId> {
        self.by_node.get(&definition.id()).copied()
    }

    /// The classes that name this one among their bases.
    pub fn heirs(&self, class: &str) -> &[ScopeId] {
        self.heirs.get(class).map(Vec::as_slice).unwrap_or_default()
    }

    /// The scopes from this one outwards.
    pub fn outwards(&self, scope: ScopeId) -> impl Iterator<Item = &Scope<'t>> {
        let first = self.scopes.get(scope);
        std::iter::successors(first, |scope| self.scopes.get(scope.parent?))
    }

    /// Takes so many steps off what the file may cost; false when it is used up.
    pub fn spend(&self, steps: usize) -> bool {
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
    pub fn give_up(&self) {
        self.gave_up.set(true);
    }

    /// Whether something could not be understood.
    pub fn gave_up(&self) -> bool {
        self.gave_up.get()
    }

    /// The value of a string without `{…}` parts.
    pub fn plain_string(&self, node: Node<'_>) -> Option<Constant> {
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
    pub fn lookup(&self, node: Node<'_>, at: Use) -> Vec<&Binding<'t>> {
        let node = inner(node);
        match node.kind() {
            "identifier" => self.lookup_name(self.source(node), at),
            "attribute" => self.lookup_attribute(node, at),
            _ => Vec::new(),
        }
    }

    fn lookup_name(&self, name: &str, at: Use) -> Vec<&Binding<'t>> {
        let mut next = Some(at.scope);
        while let Some(id) = next {
            let Some(scope) = self.scopes.get(id) else { break };
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
                        if self.scopes.get(id).is_some_and(|s| s.kind == ScopeKind::Class) =>
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
    pub fn class_around(&self, scope: ScopeId) -> Option<ScopeId> {
        let mut next = Some(scope);
        while let Some(id) = next {
            let scope = self.scopes.get(id)?;
            if scope.kind == ScopeKind::Class {
                return Some(id);
            }
            next = scope.parent;
        }
        None
    }

    /// The bindings that may still hold at a use: those before it that no later
    /// one, sure to run in between, has replaced.
    fn live(&self, scope: ScopeId, name: &str, at: Use) -> Vec<&Binding<'t>> {
        let key = (scope, name.to_owned());
        let Some(all) = self.bindings.get(&key) else { return Vec::new() };
        if !self.spend(all.len()) {
            return Vec::new();
        }
        let body = self.scopes.get(scope).map(|scope| scope.body.clone()).unwrap_or_default();
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
