//! Values that a call gives.

use std::rc::Rc;

use tree_sitter::Node;

use super::{DEEPEST_CALLS, Frame, Open, Search, is_environment};
use crate::check::kinds::settings::hardcoded_setting::found::{
    Alternative, Argument, Form, Imported, Parameter,
};
use crate::lang::python::{
    Bound, Call, Import, ScopeId, ScopeKind, Use, children, dotted, inner, is_conversion,
    is_method, key_text, reads_with_default, words,
};

impl<'t> Search<'_, 't> {
    pub(super) fn call(&mut self, open: &Open<'t>, node: Node<'t>) {
        let Some(call) = Call::of(node) else { return };
        let text = self.module.text;
        let name = call.name(text);
        if matches!(name, "format" | "format_map" | "replace" | "join") {
            if !self.constant(open, node) {
                let mut parts: Vec<_> = call.receiver().into_iter().collect();
                for argument in &call.positional {
                    match argument.kind() {
                        "list" | "tuple" => parts.extend(children(*argument)),
                        _ => parts.push(*argument),
                    }
                }
                parts.extend(call.keywords.iter().map(|(_, value)| *value));
                if parts.iter().any(|part| self.is_random(*part)) {
                    self.found.outside = true;
                } else {
                    self.together(open, node, &parts);
                }
            }
            return;
        }
        if call.function.kind() == "lambda" {
            return self.same(open, call.function.child_by_field_name("body"));
        }
        if let Some((key, default)) = reads_with_default(text, &call) {
            return self.reading(open, node, &call, key, default);
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
            match default {
                Some(default) if default.kind() != "ellipsis" => {
                    self.push(open, default, Form::Field);
                }
                _ => self.found.outside = true,
            }
            return;
        }
        if matches!(name, "next" | "choice" | "max" | "min" | "iter" | "pop" | "__getitem__") {
            let all = call.receiver().filter(|_| matches!(name, "pop" | "__getitem__"));
            for taken in all.into_iter().chain(call.positional.iter().copied().map(inner)) {
                self.any_of(open, taken);
            }
            return;
        }
        if !self.own_function(open, node, &call) {
            self.foreign(open, node, &call, name);
        }
    }

    /// `os.getenv("KEY", default)`.
    fn reading(
        &mut self,
        open: &Open<'t>,
        node: Node<'t>,
        call: &Call<'t>,
        key: Node<'t>,
        default: Option<Node<'t>>,
    ) {
        let text = self.module.text;
        let shown = || dotted(text, call.function).unwrap_or_else(|| call.name(text).to_owned());
        let variable = self.key_in_frame(key, open).or_else(|| open.variable.clone());
        if let Some(default) = default {
            let after = Open { variable, ..open.clone() };
            self.push(&after, default, Form::Default(shown()));
        }
        if let Some(receiver) = call.receiver() {
            let held = self.entries(receiver, Some(key), open.at, 0);
            if !held.is_empty() {
                for (element, at) in held {
                    self.open.push(Open { node: inner(element), at, ..open.clone() });
                }
                return;
            }
        } else if self.own_function(open, node, call) {
            return;
        } else if let Some(import) = self.import(call.function, open.at)
            && !is_library(&import.module)
        {
            // a wrapper of the project's own may have a default of its own
            self.called(open, call, import);
        }
        let receiver = call.receiver().and_then(|object| dotted(text, object)).unwrap_or_default();
        let own = self.key_in_frame(key, open).is_some_and(|key| (self.own_name)(&key));
        if own && (receiver == "config" || receiver.ends_with(".config")) {
            self.found.unknown = true;
        } else {
            self.found.outside = true;
        }
    }

    fn key_in_frame(&self, key: Node<'t>, open: &Open<'t>) -> Option<String> {
        if let Some(frame) = &open.frame
            && key.kind() == "identifier"
            && let Some(argument) =
                self.argument(frame.function, frame.call, self.module.source(key))
        {
            return key_text(self.module, argument, frame.at);
        }
        key_text(self.module, key, open.at)
    }

    /// Follows a call of a function of this file; false when it is none.
    fn own_function(&mut self, open: &Open<'t>, node: Node<'t>, call: &Call<'t>) -> bool {
        let functions: Vec<ScopeId> = self
            .module
            .lookup(call.function, open.at)
            .into_iter()
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
                self.not_followed(node);
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
    fn argument(&self, function: ScopeId, call: Node<'t>, parameter: &str) -> Option<Node<'t>> {
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

    /// A call of something that this file does not define.
    fn foreign(&mut self, open: &Open<'t>, node: Node<'t>, call: &Call<'t>, name: &str) {
        let reading =
            is_environment(self.module, call.function) || self.is_random(node) || reads(name);
        let on_reading = call
            .receiver()
            .and_then(Call::of)
            .is_some_and(|receiver| reads(receiver.name(self.module.text)));
        let import = self.import(call.function, open.at);
        if let Some(import) = import.filter(|import| !is_library(&import.module)) {
            self.found.outside |= reading;
            return self.called(open, call, import);
        }
        if reading || on_reading {
            self.found.outside = true;
            return;
        }
        self.not_followed(node);
    }

    /// A function of another module.
    fn called(&mut self, open: &Open<'t>, call: &Call<'t>, import: Import) {
        let text = self.module.text;
        let positional = call.positional.iter().enumerate().map(|(at, value)| (Ok(at), *value));
        let keywords = call.keywords.iter().map(|(name, value)| {
            (Err(text.get(name.byte_range()).unwrap_or_default().to_owned()), *value)
        });
        let mut arguments = Vec::new();
        for (place, value) in positional.chain(keywords).collect::<Vec<_>>() {
            let literals = self.apart(open, value).literals;
            let secret = |found: &Alternative<'t>| !self.is_a_name(&found.literal.value.text);
            let literals = literals.into_iter().filter(secret).collect();
            arguments.push(Argument { place, literals });
        }
        self.found.imported.push(Imported {
            import,
            shown: self.module.source(call.function).to_owned(),
            node: call.function,
            arguments: Some(arguments),
        });
    }

    pub(super) fn imported(&mut self, import: Import, node: Node<'t>) {
        let shown = self.module.source(node).to_owned();
        self.found.imported.push(Imported { import, shown, node, arguments: None });
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
}

/// Functions that declare a field of a class with a default.
fn is_field(name: &str) -> bool {
    matches!(name, "Field" | "field" | "PrivateAttr" | "attrib" | "ib" | "Option" | "Argument")
}

/// Whether a function of this name brings something from outside of the code, so
/// that what it is given is a place to look, or makes something up by chance.
fn reads(name: &str) -> bool {
    words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "open"
                | "read"
                | "load"
                | "loads"
                | "fetch"
                | "get"
                | "getpass"
                | "input"
                | "prompt"
                | "path"
                | "generate"
                | "random"
                | "token"
                | "retrieve"
                | "decrypt"
                | "run"
                | "output"
                | "getenv"
                | "env"
                | "environ"
                | "secret"
                | "secrets"
                | "vault"
                | "credential"
                | "credentials"
                | "parameter"
                | "client"
                | "recv"
                | "uuid4"
                | "uuid1"
                | "urandom"
                | "query"
                | "find"
                | "lookup"
                | "execute"
        )
    })
}

/// Modules of the standard library and of well-known packages, which hold no
/// setting of the project's own.
pub(super) fn is_library(module: &str) -> bool {
    matches!(
        module.split('.').next().unwrap_or_default(),
        "os" | "sys"
            | "secrets"
            | "hashlib"
            | "uuid"
            | "base64"
            | "random"
            | "pathlib"
            | "json"
            | "decouple"
            | "environ"
            | "environs"
            | "dotenv"
            | "starlette"
            | "django"
            | "flask"
            | "pydantic"
            | "pydantic_settings"
            | "configparser"
            | "dataclasses"
            | "typing"
            | "functools"
            | "itertools"
            | "cryptography"
            | "boto3"
            | "click"
            | "werkzeug"
            | "itsdangerous"
            | "yaml"
            | "toml"
            | "tomllib"
            | "attr"
            | "attrs"
            | "binascii"
    )
}
