//! Functions of the file, followed from their calls and to their arguments.

use std::rc::Rc;

use tree_sitter::Node;

use super::{DEEPEST_CALLS, Frame, Open, Search};
use crate::check::kinds::settings::hardcoded_setting::found::{Form, Parameter};
use crate::lang::python::{Bound, Call, ScopeId, ScopeKind, Use, inner};

impl<'t> Search<'_, 't> {
    /// Follows a call of a function of this file; false when it is none.
    pub(super) fn own_function(
        &mut self,
        open: &Open<'t>,
        node: Node<'t>,
        call: &Call<'t>,
    ) -> bool {
        let functions: Vec<ScopeId> = self
            .module
            .lookup(call.function, open.at)
            .into_iter()
            .chain(self.members(call.function, open.at))
            .filter_map(|binding| match binding.bound {
                Bound::Scope(id) => Some(id),
                _ => None,
            })
            .filter(|id| {
                self.module.scopes().get(*id).is_some_and(|s| s.kind == ScopeKind::Function)
            })
            .collect();
        if functions.is_empty() {
            let values: Vec<_> = self
                .module
                .lookup(call.function, open.at)
                .into_iter()
                .filter_map(|binding| {
                    binding.value().map(|v| (inner(v), binding.scope, binding.at))
                })
                .filter(|(value, ..)| value.kind() == "lambda")
                .collect();
            for (value, scope, at) in &values {
                let at = Use { scope: *scope, at: *at };
                self.open.push(Open { node: *value, at, ..open.clone() });
            }
            return !values.is_empty();
        }
        for function in functions {
            let depth = open.frame.as_ref().map_or(0, |frame| frame.depth) + 1;
            if depth > DEEPEST_CALLS {
                self.not_followed(open, node);
                continue;
            }
            let outer = open.frame.clone();
            let frame = Frame { function, call: node, at: open.at, depth, outer };
            self.returned(open, function, Some(Rc::new(frame)));
        }
        true
    }

    /// What a function returns.
    pub(super) fn returned(
        &mut self,
        open: &Open<'t>,
        function: ScopeId,
        frame: Option<Rc<Frame<'t>>>,
    ) {
        let Some(scope) = self.module.scopes().get(function) else { return };
        for value in &scope.returns {
            let at = Use { scope: function, at: value.start_byte() };
            let form = match &open.form {
                Form::Plain => Form::Returned(scope.name.to_owned()),
                other => other.clone(),
            };
            let frame = frame.clone();
            self.open.push(Open { node: inner(*value), at, form, frame, ..open.clone() });
        }
    }

    /// Follows a parameter to what is passed for it; true when the call is known
    /// and passes something.
    pub(super) fn arguments(&mut self, open: &Open<'t>, name: &str, function: ScopeId) -> bool {
        if let Some(frame) = open.frame.clone().filter(|frame| frame.function == function) {
            let Some(argument) = self.argument(function, frame.call, name) else { return false };
            let form = match &open.form {
                Form::Returned(_) => Form::Plain,
                other => other.clone(),
            };
            self.open.push(Open {
                node: inner(argument),
                at: frame.at,
                form,
                frame: frame.outer.clone(),
                ..open.clone()
            });
            return true;
        }
        let Some(scope) = self.module.scopes().get(function) else { return false };
        let called = match scope.parent.and_then(|parent| self.module.scopes().get(parent)) {
            Some(class) if scope.name == "__init__" && class.kind == ScopeKind::Class => class.name,
            _ => scope.name,
        };
        let calls: Vec<_> = self.module.calls(called).copied().collect();
        if !self.module.spend(calls.len()) {
            return false;
        }
        self.found.parameters.push(Parameter {
            function,
            called: called.to_owned(),
            name: name.to_owned(),
            index: self.place_of(function, name),
        });
        if self.closed {
            return false;
        }
        for (call, at) in &calls {
            if let Some(argument) = self.argument(function, *call, name) {
                let form = match &open.form {
                    Form::Plain => Form::Passed(called.to_owned()),
                    other => other.clone(),
                };
                self.open.push(Open {
                    node: inner(argument),
                    at: *at,
                    form,
                    frame: None,
                    ..open.clone()
                });
            }
        }
        if calls.is_empty() {
            self.found.unknown = true;
        }
        false
    }

    /// What a call passes for a parameter.
    pub(super) fn argument(
        &self,
        function: ScopeId,
        call: Node<'t>,
        parameter: &str,
    ) -> Option<Node<'t>> {
        let call = Call::of(call)?;
        if let Some(value) = call.keyword(self.module.text, &[parameter]) {
            return Some(value);
        }
        call.positional.get(self.place_of(function, parameter)?).copied()
    }

    /// The place of a parameter among the positional arguments.
    fn place_of(&self, function: ScopeId, parameter: &str) -> Option<usize> {
        let scope = self.module.scopes().get(function)?;
        let method = scope
            .parent
            .and_then(|parent| self.module.scopes().get(parent))
            .is_some_and(|parent| parent.kind == ScopeKind::Class);
        let bound = scope.parameters.first().filter(|first| matches!(**first, "self" | "cls"));
        let skip = usize::from(method && bound.is_some());
        scope.parameters.iter().position(|name| *name == parameter)?.checked_sub(skip)
    }
}
