//! What a class says of its fields: which it has, what it inherits, what validators make
//! of them.

use tree_sitter::Node;

use super::{Open, Search};
use crate::check::kinds::settings::hardcoded_setting::found::Why;
use crate::lang::python::{Binding, Bound, ScopeId, Use, children, last_name, walk};

/// So many classes may one inherit from, one after the other.
pub(super) const MOST_BASES: usize = 8;

impl<'t> Search<'_, 't> {
    /// What a validator of the field returns in its place.
    pub(super) fn validators(&mut self, class: ScopeId, name: &str, open: &Open<'t>) {
        let module = self.module;
        let Some(scope) = module.scopes().get(class) else { return };
        let body = scope.node.child_by_field_name("body").map(children).unwrap_or_default();
        for definition in body.into_iter().filter(|part| part.kind() == "decorated_definition") {
            let said = children(definition).into_iter().filter(|part| part.kind() == "decorator");
            let said: String = said.map(|decorator| module.source(decorator)).collect();
            if !said.contains("validator") {
                continue;
            }
            let function = definition.child_by_field_name("definition");
            let Some(id) = function.and_then(|function| module.scope_of(function)) else {
                continue;
            };
            let quoted =
                |text: &str| ["\"", "'"].iter().any(|q| text.contains(&format!("{q}{name}{q}")));
            let own = quoted(&said) || said.contains("\"*\"") || said.contains("'*'");
            let returns = module.scopes().get(id).map(|scope| scope.returns.clone());
            for value in returns.unwrap_or_default().into_iter().filter(|_| own) {
                let at = Use { scope: id, at: value.start_byte() };
                let found = self.apart(&Open { at, frame: None, ..open.clone() }, value);
                self.found.literals.extend(found.literals);
                self.found.opaque.extend(found.opaque);
            }
            // `values["key"] = …`
            let Some(function) = function.filter(|f| !own && quoted(module.source(*f))) else {
                continue;
            };
            let mut literal = None;
            walk(function, (), |step| {
                let left = step.node.child_by_field_name("left");
                let into = left.filter(|left| left.kind() == "subscript");
                let value = into.and_then(|_| step.node.child_by_field_name("right"));
                literal = literal.or_else(|| self.literal_in(value?));
                Some(())
            });
            if let Some(literal) = literal {
                self.opaque(literal, literal, Why::Literal);
            }
        }
    }

    /// The innermost scope around a byte.
    pub(super) fn scope_at(&self, offset: usize) -> ScopeId {
        let all = self.module.scopes().iter().enumerate();
        let around = all.filter(|(_, scope)| scope.node.byte_range().contains(&offset));
        around.max_by_key(|(_, scope)| scope.node.start_byte()).map_or(0, |(id, _)| id)
    }

    /// Whether `__init__` binds it in any case.
    pub(super) fn sure_in(&self, binding: &Binding<'t>, init: Option<ScopeId>) -> bool {
        let Some(init) = init.and_then(|id| self.module.scopes().get(id)) else { return false };
        let statement = binding.value().and_then(|value| value.parent()?.parent());
        let block = statement.and_then(|statement| statement.parent());
        block.is_some_and(|block| {
            init.node.child_by_field_name("body").is_some_and(|body| body.id() == block.id())
        })
    }

    /// A function of a class of this file, or of one that it inherits from.
    pub(super) fn function_of(&self, class: ScopeId, name: &str, bases: usize) -> Option<ScopeId> {
        let end = Use { scope: 0, at: self.module.text.len() };
        let own = self.module.member(class, name, end).into_iter().find_map(|b| match b.bound {
            Bound::Scope(id) => Some(id),
            _ => None,
        });
        own.or_else(|| {
            let above = self.own_bases(class).into_iter().filter(|_| bases < MOST_BASES);
            above.into_iter().find_map(|base| self.function_of(base, name, bases + 1))
        })
    }

    /// The classes of this file that one inherits from.
    pub(super) fn own_bases(&self, class: ScopeId) -> Vec<ScopeId> {
        let Some(scope) = self.module.scopes().get(class) else { return Vec::new() };
        let there = Use { scope: scope.parent.unwrap_or(0), at: scope.node.start_byte() };
        let above = scope.node.child_by_field_name("superclasses").map(children);
        let bound = above.unwrap_or_default().into_iter().flat_map(|base| {
            self.module.lookup(base, there).into_iter().filter_map(|found| match found.bound {
                Bound::Scope(id) => Some(id),
                _ => None,
            })
        });
        bound.collect()
    }

    /// Whether a class is one of pydantic's settings.
    pub(super) fn is_settings(&self, class: ScopeId, bases: usize) -> bool {
        let Some(scope) = self.module.scopes().get(class) else { return false };
        let there = Use { scope: scope.parent.unwrap_or(0), at: scope.node.start_byte() };
        let above = scope.node.child_by_field_name("superclasses").map(children);
        let own = above.unwrap_or_default().into_iter().any(|base| {
            last_name(self.module.text, base) == Some("BaseSettings")
                && self
                    .import(base, there)
                    .is_some_and(|import| import.module.starts_with("pydantic"))
        });
        own || (bases < MOST_BASES
            && self.own_bases(class).into_iter().any(|base| self.is_settings(base, bases + 1)))
    }

    /// The annotated fields of a class, in order.
    pub(super) fn fields(&self, class: ScopeId) -> Vec<&'t str> {
        let all = self.annotated(class).into_iter();
        all.map(|(name, _)| name).collect()
    }

    pub(super) fn declared_type(&self, class: ScopeId, name: &str) -> Option<Node<'t>> {
        self.annotated(class)
            .into_iter()
            .find(|(own, _)| *own == name)
            .map(|(_, declared)| declared)
    }

    fn annotated(&self, class: ScopeId) -> Vec<(&'t str, Node<'t>)> {
        let module = self.module;
        let Some(scope) = module.scopes().get(class) else { return Vec::new() };
        let body = scope.node.child_by_field_name("body").map(children).unwrap_or_default();
        if !module.spend(body.len()) {
            return Vec::new();
        }
        let statements = body.into_iter().filter(|part| part.kind() == "expression_statement");
        let assigned = statements.filter_map(|statement| children(statement).first().copied());
        assigned
            .filter(|part| part.kind() == "assignment")
            .filter_map(|part| {
                let left = part.child_by_field_name("left")?;
                Some((module.source(left), part.child_by_field_name("type")?))
            })
            .collect()
    }
}
