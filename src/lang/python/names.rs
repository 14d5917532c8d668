//! The scopes of one file, what each name in them is bound to, what it imports
//! and what it calls, as they stand in the text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tree_sitter::Node;

/// The number of a scope; the module is 0.
pub(crate) type ScopeId = usize;

/// What a scope belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ScopeKind {
    /// The file.
    Module,
    /// A class body.
    Class,
    /// A function body.
    Function,
}

/// A file, a class body or a function body.
#[derive(Debug)]
pub(crate) struct Scope<'t> {
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
    /// The names of a function's parameters, in order.
    pub parameters: Vec<&'t str>,
    /// The bytes of the block that always runs when the scope does.
    pub(super) body: Range<usize>,
}

/// What a name was bound to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound<'t> {
    /// The value of an assignment.
    Value(Node<'t>),
    /// The default of a parameter.
    Default(Node<'t>),
    /// A parameter without a default.
    Parameter,
    /// A function or class.
    Scope(ScopeId),
    /// One of what a value holds: of a loop, of an unpacking.
    Among(Node<'t>),
    /// Something that cannot be told: `+=`.
    Unknown,
}

/// One place where a name is bound.
#[derive(Clone, Debug)]
pub(crate) struct Binding<'t> {
    /// To what.
    pub bound: Bound<'t>,
    /// The byte offset of the statement.
    pub at: usize,
    /// In which scope.
    pub scope: ScopeId,
    /// The bytes of the block around the statement.
    pub(super) block: Range<usize>,
}

impl<'t> Binding<'t> {
    /// The bound expression, if it is one.
    pub(crate) fn value(&self) -> Option<Node<'t>> {
        match self.bound {
            Bound::Value(value) | Bound::Default(value) => Some(value),
            Bound::Scope(_) | Bound::Parameter | Bound::Among(_) | Bound::Unknown => None,
        }
    }
}

/// From where a name is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Use {
    /// The scope.
    pub scope: ScopeId,
    /// The byte offset.
    pub at: usize,
}

/// What `from module import name as here` brings into a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Import {
    /// The module with its leading dots; `import a.b` has `a.b`.
    pub module: String,
    /// The name in that module; none for the module itself.
    pub name: Option<String>,
}

/// What the first walk over a file finds.
pub(super) struct Names<'t> {
    pub(super) scopes: Vec<Scope<'t>>,
    pub(super) called: HashSet<&'t str>,
    pub(super) calls: HashMap<&'t str, Vec<(Node<'t>, Use)>>,
    pub(super) imports: HashMap<&'t str, Import>,
    /// The modules of `from module import *`, in order.
    pub(super) stars: Vec<&'t str>,
    pub(super) heirs: HashMap<&'t str, Vec<ScopeId>>,
    pub(super) by_node: HashMap<usize, ScopeId>,
    pub(super) bindings: HashMap<(ScopeId, String), Vec<Binding<'t>>>,
}

impl Names<'_> {
    /// The class that a scope stands in.
    pub(super) fn class_around(&self, scope: ScopeId) -> Option<ScopeId> {
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
}
