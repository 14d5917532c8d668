//! Values that a call gives.

use tree_sitter::Node;

use super::guessable::{is_common_variable, is_guessable};
use super::{Open, Search, is_environment};
use crate::check::kinds::settings::hardcoded_setting::found::{
    Alternative, Argument, Form, Imported, Step, Why,
};
use crate::lang::python::{
    Call, Import, children, dotted, inner, is_conversion, is_method, key_text, last_name,
    reads_with_default, words,
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
        self.file_read(open, node, &call);
        // `key or sys.exit("no key")` gives nothing
        if matches!(name, "exit" | "_exit" | "quit" | "abort" | "die" | "fail") {
            return;
        }
        // `_unset = object()`: only a mark that nothing was given
        if name == "object" && call.receiver().is_none() {
            return;
        }
        if call.function.kind() == "lambda" {
            return self.same(open, call.function.child_by_field_name("body"));
        }
        if self.partial(open, &call) || self.member_by_name(open, &call) {
            return;
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
            match subject {
                Some(subject) => self.reshaped(open, node, subject),
                // `UUID(int=5)`
                None if !call.keywords.is_empty() => self.not_followed(open, node),
                None => {}
            }
            return;
        }
        // `int(x)`, `hex(x)`, `chr(x)`, `io.StringIO(x)`
        let makes = matches!(name, "StringIO" | "BytesIO")
            || (call.receiver().is_none()
                && matches!(name, "int" | "float" | "hex" | "oct" | "bin" | "chr" | "ascii"));
        if makes && let Some(first) = call.positional.first() {
            return self.same(open, Some(*first));
        }
        if matches!(name, "read" | "getvalue" | "readline")
            && let Some(held) = call.receiver().and_then(Call::of)
            && matches!(held.name(text), "StringIO" | "BytesIO")
        {
            return self.same(open, call.receiver());
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
        let content = call.positional.first().copied();
        let from_text = || content.is_some_and(|content| self.literal_in(content).is_some());
        if name == "loads" || (matches!(name, "safe_load" | "full_load") && from_text()) {
            return self.same(open, content);
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
        if !is_environment(self.module, call.function) {
            self.entry_read(open, node, key);
        }
        let shown = || dotted(text, call.function).unwrap_or_else(|| call.name(text).to_owned());
        let variable = self.key_in_frame(key, open).or_else(|| open.variable.clone());
        if let Some(default) = default {
            let after = Open { variable, ..open.clone() };
            self.push(&after, default, Form::Default(shown()));
        }
        if let Some(receiver) = call.receiver() {
            if self.own_getter(open, receiver, key) {
                return;
            }
            let held = self.entries(receiver, Some(key), open.at, 0);
            if !held.is_empty() {
                for (element, at) in held {
                    self.open.push(Open { node: inner(element), at, ..open.clone() });
                }
                return;
            }
            if self.unpacked(receiver, open.at, node) {
                return;
            }
        } else if self.own_function(open, node, call) {
            return;
        } else if let Some(import) = self.import(call.function, open.at)
            && !is_library(&import.module)
        {
            // a wrapper of the project's own may have a default of its own
            self.called(open, call, import, true);
        }
        let receiver = call.receiver().and_then(|object| dotted(text, object)).unwrap_or_default();
        let asked = self.key_in_frame(key, open);
        if asked.as_deref().is_some_and(is_common_variable) {
            return self.opaque(node, node, Why::Guessable);
        }
        let own = asked.as_deref().is_some_and(|key| (self.own_name)(key));
        let declares = call.name(text).starts_with(char::is_uppercase);
        if declares || own && (receiver == "config" || receiver.ends_with(".config")) {
            self.found.unknown = true;
        } else {
            self.found.outside = true;
            self.found.variables.extend(asked.filter(|_| !own));
        }
    }

    /// `settings.get("key")` of an object of the project; the app's own configuration
    /// is looked for by the setting's name.
    fn own_getter(&mut self, open: &Open<'t>, receiver: Node<'t>, key: Node<'t>) -> bool {
        let text = self.module.text;
        let config = receiver.kind() == "attribute" && last_name(text, receiver) == Some("config");
        let Some(key) = self.key_in_frame(key, open).filter(|_| !config) else { return false };
        !is_environment(self.module, receiver) && self.way(open, receiver, &[Step::Entry(key)], 1)
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

    /// A call of something that this file does not define.
    fn foreign(&mut self, open: &Open<'t>, node: Node<'t>, call: &Call<'t>, name: &str) {
        if is_guessable(self.module.text, node) {
            return self.opaque(node, node, Why::Guessable);
        }
        if self.is_seeded(call) {
            return self.opaque(node, node, Why::Literal);
        }
        let reading =
            is_environment(self.module, call.function) || self.is_random(node) || reads(name);
        let on_reading = call
            .receiver()
            .and_then(Call::of)
            .is_some_and(|receiver| reads(receiver.name(self.module.text)));
        let import = self.import(call.function, open.at);
        if let Some(import) = import.filter(|import| !is_library(&import.module)) {
            self.found.outside |= reading;
            return self.called(open, call, import, reading);
        }
        if reading || on_reading {
            self.found.outside = true;
            return;
        }
        self.not_followed(open, node);
    }

    /// `random.Random(42).random()`, which gives the same each time.
    fn is_seeded(&self, call: &Call<'t>) -> bool {
        call.receiver().and_then(Call::of).is_some_and(|made| {
            made.name(self.module.text) == "Random" && !made.positional.is_empty()
        })
    }

    /// A function of another module. `reads` says that by its name it brings
    /// something from outside.
    fn called(&mut self, open: &Open<'t>, call: &Call<'t>, import: Import, reads: bool) {
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
            fallback: !reads && self.falls_back(open),
            arguments: Some(arguments),
            way: Vec::new(),
        });
    }

    pub(super) fn imported(&mut self, open: &Open<'t>, import: Import, node: Node<'t>) {
        let shown = self.module.source(node).to_owned();
        let named = shown.rsplit('.').next().is_some_and(|name| (self.own_name)(name));
        let fallback = !named && self.falls_back(open);
        let way = Vec::new();
        self.found.imported.push(Imported { import, shown, node, fallback, arguments: None, way });
    }

    /// `"x".encode()`: a constant, or whatever can be that is reshaped.
    fn reshaped(&mut self, open: &Open<'t>, whole: Node<'t>, subject: Node<'t>) {
        let subject = inner(subject);
        let plain =
            matches!(subject.kind(), "string" | "concatenated_string" | "integer" | "float");
        if !(plain && self.constant(open, whole)) {
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
pub(super) fn reads(name: &str) -> bool {
    words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "open"
                | "read"
                | "load"
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
            | "getpass"
            | "keyring"
            | "hvac"
            | "subprocess"
            | "redis"
            | "requests"
            | "google"
            | "azure"
            | "dynaconf"
            | "string"
            | "datetime"
            | "time"
            | "yaml"
            | "toml"
            | "tomllib"
            | "attr"
            | "attrs"
            | "binascii"
            | "collections"
            | "types"
            | "operator"
            | "copy"
            | "textwrap"
            | "urllib"
            | "re"
            | "shlex"
            | "struct"
            | "socket"
            | "platform"
            | "hmac"
            | "zlib"
            | "codecs"
            | "io"
            | "math"
            | "ast"
            | "calendar"
            | "inspect"
            | "tempfile"
            | "pwd"
    )
}
