//! What calls give.

use tree_sitter::Node;

use super::super::sites::origin;
use super::super::value::{At, Literal, Values};
use super::environment::variable;
use super::{ANY, Around, Search};
use crate::lang::javascript::{Bound, Export, Module, children, exports, inner, key, string, walk};

/// What makes up something new each time, that nobody can guess.
const RANDOM: &[&str] = &[
    "randomBytes", "randomUUID", "getRandomValues", "generateKeyPairSync", "generateKeySync",
    "generateKeyPair", "generateKey", "uuidv4", "v4", "uuid", "uuid4", "nanoid", "cryptoRandomString", "randomString",
    "generateSecret", "randomFillSync", "randomHex", "uid",
];

/// What gives its first argument in another form.
const CONVERSIONS: &[&str] = &[
    "String", "encode", "decode", "encodeURIComponent", "decodeURIComponent", "btoa", "atob",
    "createSecretKey", "createPrivateKey", "importPKCS8", "importJWK", "stringify", "scryptSync",
    "pbkdf2Sync", "pbkdf2", "sha256", "sha512", "md5", "toBuffer", "Buffer", "freeze", "seal",
    "structuredClone", "cloneDeep", "resolve", "unwrap", "TextEncoder", "Uint8Array", "Keygrip", "importSPKI",
    "asKey", "hashSync", "Array", "JSON",
];

/// Methods that give the object itself in another form.
const FORMS: &[&str] = &[
    "toString", "trim", "replace", "replaceAll", "toUpperCase", "toLowerCase", "slice",
    "substring", "substr", "padEnd", "padStart", "repeat", "normalize", "split", "map", "filter",
    "reverse", "join", "at", "valueOf", "flat", "required", "optional", "asString", "unwrapOr", "then", "asArray",
    "pop", "shift", "find",
];

/// Readers of settings that are asked for one by its name.
const READERS: &[&str] = &[
    "get", "getOrThrow", "getString", "require", "env", "getEnv", "getenv", "requireEnv",
    "requiredEnv", "array", "fromEnv", "str", "string", "mustGet", "getRequired", "config",
    "readEnv", "envVar", "getEnvVar", "getEnvironmentVariable", "secret", "value", "getConfig",
];

impl<'w> Search<'_, 'w> {
    pub(super) fn call(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let Some(function) = at.node.child_by_field_name("function") else {
            return Values::default();
        };
        let arguments = at.node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let argument = |index: usize| arguments.get(index).map(|node| at.with(*node));
        let function = inner(function);
        if matches!(at.module.code(function), "require" | "import") {
            let Some(first) = argument(0) else { return Values::default() };
            return match string(at.module.text, first.node) {
                Some(from) => self.module_value(at, &from, way, around),
                None => self.required_by_path(at, &first, way, around),
            };
        }
        let receiver = function.child_by_field_name("object").map(|node| at.with(node));
        let called = match function.child_by_field_name("property") {
            Some(property) => at.module.code(property),
            None => at.module.code(function),
        };
        if let Some(values) = self.by_name(at, called, receiver.as_ref(), &arguments, way, around) {
            return values;
        }
        if let Some(to) = self.function(&at.with(function)) {
            let given = arguments.iter().map(|node| at.with(*node)).collect();
            let values = self.returned(&to, way, &around.calling(&to, given));
            if values.unknown.is_empty() && !values.is_nothing() {
                return values.through(called);
            }
            // a reader of the project's own that is not understood still names what it reads
            let reads = to.code().contains("process.env") && values.literals.is_empty();
            let read = reads.then(|| {
                self.read_by_name(called, receiver.as_ref(), &arguments, at, way, around)
            });
            return match read.flatten() {
                Some(read) => read,
                None if values.is_nothing() => self.not_followed(at, called),
                None => values.through(called),
            };
        }
        if let Some(values) =
            self.read_by_name(called, receiver.as_ref(), &arguments, at, way, around)
        {
            return values;
        }
        self.not_followed(at, called)
    }

    fn not_followed(&self, at: &At<'w>, called: &str) -> Values<'w> {
        let lower = called.to_lowercase();
        let store = ["getsecret", "secretvalue", "vault", "ssm", "passportjwtsecret", "fetchsecret",
            "accesssecretversion", "jwks", "getparameter", "expressjwtsecret", "signingkey", "remotejwk"];
        let of_store = store.iter().any(|word| lower.contains(word))
            && origin(&at.module, at.node, 0).is_some();
        if of_store {
            return Values::outside();
        }
        Values::unknown(at, format!("comes from {called}(), which is not followed"))
    }

    /// Functions and methods that are known by their name.
    fn by_name(
        &self,
        at: &At<'w>,
        called: &str,
        receiver: Option<&At<'w>>,
        arguments: &[Node<'w>],
        way: &[String],
        around: &Around<'w>,
    ) -> Option<Values<'w>> {
        let argument = |index: usize| arguments.get(index).map(|node| at.with(*node));
        let first = || argument(0).map(|at| self.value(&at, way, around));
        let object = receiver.map(|receiver| last(receiver.code())).unwrap_or_default();
        if RANDOM.contains(&called) && self.own(at).is_none() {
            return Some(Values::outside());
        }
        match called {
            "random" if object == "Math" => {
                return Some(Values::unknown(at, "comes from Math.random(), which others can guess"));
            }
            "now" | "hostname" | "getTime" | "toISOString" | "userInfo" => {
                return Some(Values::unknown(at, format!("comes from {called}(), which others can guess")));
            }
            "assign" | "merge" | "extend" | "deepmerge" | "deepMerge" | "mergeDeep" | "all"
            | "defu" | "defaults" | "defaultsDeep"
                if arguments.len() > 1 =>
            {
                let first = matches!(called, "defu" | "defaults" | "defaultsDeep");
                let parts = arguments.iter().map(|node| at.with(*node)).collect();
                return Some(self.merged(parts, way, first, around));
            }
            "readFileSync" | "readFile" if way.is_empty() || object == "fs" || object == "promises" => {
                return argument(0).map(|at| self.read_file(&at, &at));
            }
            "from" if matches!(object, "Buffer" | "Uint8Array" | "Array") => return first(),
            "update" if way.is_empty() => {
                let of = receiver.map(|receiver| self.value(receiver, &[], around));
                let values = argument(0).map(|at| self.value(&at, &[], around)).unwrap_or_default();
                return Some(match of {
                    Some(of) if of.outside => Values::outside(),
                    _ => values,
                });
            }
            "createHmac" => return argument(1).map(|at| self.value(&at, &[], around)),
            "createHash" => return Some(Values::default()),
            "digest" => return receiver.map(|receiver| self.value(receiver, way, around)),
            "hkdfSync" => return argument(1).map(|at| self.value(&at, way, around)),
            "concat" => {
                let mut parts: Vec<Values<'w>> = receiver
                    .filter(|_| object != "Buffer")
                    .map(|receiver| self.value(receiver, &[], around))
                    .into_iter()
                    .collect();
                parts.extend(arguments.iter().map(|node| self.value(&at.with(*node), &[], around)));
                return Some(Values::joined(parts, at));
            }
            "default" | "catch" | "prefault" if way.is_empty() => {
                let of = receiver.map(|receiver| self.value(receiver, way, around));
                let of = of.filter(|of| of.outside || !of.literals.is_empty());
                return of.map(|of| of.or_else(first().unwrap_or_default()));
            }
            "parse" if object == "JSON" => return first(),
            "config" if object == "dotenv" => return Some(Values::outside()),
            _ => {}
        }
        if let Some(values) = self.by_schema(at, called, way, around) {
            return Some(values);
        }
        if CONVERSIONS.contains(&called) && self.own(at).is_none() {
            return first();
        }
        if FORMS.contains(&called) && way.is_empty() {
            let receiver = receiver?;
            return Some(self.value(receiver, way, around));
        }
        None
    }

    /// The project's own function that a call names.
    fn own(&self, at: &At<'w>) -> Option<At<'w>> {
        let function = at.node.child_by_field_name("function")?;
        self.function(&at.with(inner(function)))
    }

    /// `env("NAME", default)`, `configService.get("a.b")`.
    fn read_by_name(
        &self,
        called: &str,
        receiver: Option<&At<'w>>,
        arguments: &[Node<'w>],
        at: &At<'w>,
        way: &[String],
        around: &Around<'w>,
    ) -> Option<Values<'w>> {
        let first = arguments.first()?;
        let name = match string(at.module.text, inner(*first)) {
            Some(name) => name,
            None => {
                let values = self.value(&at.with(*first), &[], around);
                match values.literals.as_slice() {
                    [Literal { text, .. }] if values.is_fixed() => text.clone(),
                    _ => return None,
                }
            }
        };
        let default = || {
            let second = arguments.get(1).map(|node| at.with(*node))?;
            if inner(second.node).kind() != "object" {
                return Some(self.value(&second, way, around));
            }
            // `get("x", { default: "y" })`
            let parts = children(inner(second.node));
            parts.into_iter().find_map(|part| {
                let named = part.child_by_field_name("key")?;
                let named = key(at.module.text, named)?;
                let value = part.child_by_field_name("value")?;
                matches!(named.as_str(), "default" | "defaultValue" | "fallback")
                    .then(|| self.value(&at.with(value), way, around))
            })
        };
        let read = READERS.contains(&called) || called.to_lowercase().contains("env");
        if let (true, Some(receiver)) = (called == "get" || called == "getOrThrow" || called == "has", receiver) {
            if let Some(values) = self.by_config_object(receiver, at, &name, way, around) {
                return Some(values);
            }
            let of_map = self.expression(receiver).is_some_and(|to| {
                matches!(to.node.kind(), "new_expression" | "object") && to.code().contains("Map(")
            });
            if of_map {
                return None;
            }
        }
        if read && is_variable(&name) {
            let values = variable(at, &name);
            return Some(match default() {
                Some(default) => values.or_else(default),
                None => values,
            });
        }
        if called != "get" && called != "getOrThrow" {
            return None;
        }
        let found = self.by_namespace(&name, way, around);
        let values = match found {
            Some(values) => values,
            None => Values::unknown(at, format!("comes from {called}(), asked for a setting that was not found")),
        };
        Some(match default() {
            Some(default) => values.or_else(default),
            None => values,
        })
    }

    /// `config.get("a.b")` of the package `config`, or of a schema of convict.
    fn by_config_object(
        &self,
        receiver: &At<'w>,
        at: &At<'w>,
        name: &str,
        way: &[String],
        around: &Around<'w>,
    ) -> Option<Values<'w>> {
        let mut whole: Vec<String> = name.split(['.', ':']).map(str::to_owned).collect();
        whole.extend(way.iter().cloned());
        if receiver.node.kind() == "identifier" {
            let bound = receiver.module.bound(receiver.code(), receiver.node.start_byte());
            let of_package = bound.iter().any(|binding| match &binding.bound {
                Bound::Import { from, .. } => from == "config",
                Bound::Value { of: Some(of), .. } => {
                    receiver.module.required(*of).as_deref() == Some("config")
                }
                _ => false,
            });
            if of_package {
                return Some(self.node_config(at, &whole, around));
            }
        }
        let to = self.expression(receiver)?;
        let function = to.node.child_by_field_name("function")?;
        if to.module.required(to.node).as_deref() == Some("config") {
            return Some(self.node_config(at, &whole, around));
        }
        if last(to.module.code(function)) != "convict" {
            return None;
        }
        self.by_schema(&to, "convict", &whole, around).or_else(|| Some(Values::unknown(at, "comes from a schema that does not name it")))
    }

    /// A setting of Nest, which functions of the project's own bring together:
    /// `registerAs("jwt", () => ({ secret }))`, `load: [() => ({ jwt: { secret } })]`.
    fn by_namespace(&self, name: &str, way: &[String], around: &Around<'w>) -> Option<Values<'w>> {
        let mut whole: Vec<String> = name.split('.').map(str::to_owned).collect();
        whole.extend(way.iter().cloned());
        let mut all = Values::default();
        let paths = self.world.named.borrow().clone();
        let called_by = |module: &Module<'w>, node: Node<'w>| {
            let (function, arguments) = node
                .child_by_field_name("function")
                .zip(node.child_by_field_name("arguments"))?;
            let [first, second, ..] = children(arguments)[..] else { return None };
            Some((last(module.code(function)), string(module.text, first)?, second))
        };
        for path in paths {
            let Some(module) = self.world.module(&path) else { continue };
            if !whole.iter().all(|part| part == ANY || module.text.contains(part.as_str())) {
                continue;
            }
            let (mut calls, mut set) = (Vec::new(), Vec::new());
            walk(module.root, |node| {
                if node.kind() == "call_expression"
                    && let Some((called, first, second)) = called_by(&module, node)
                {
                    match called {
                        "registerAs" if Some(&first) == whole.first() => calls.push(second),
                        // Express keeps settings: `app.set("key", value)`
                        "set" if first == name => set.push(second),
                        _ => {}
                    }
                }
                true
            });
            for node in set {
                all = all.or(self.value(&At { module: module.clone(), node }, way, around));
            }
            for call in calls {
                let at = At { module: module.clone(), node: call };
                if let (Some(function), Some(rest)) = (self.function(&at), whole.get(1..)) {
                    all = all.or(self.returned(&function, rest, around));
                }
            }
            for export in exports(&module) {
                if let Export::Value(name, node)
                | Export::Own(name, _, node) = &export
                    && (name == "default" || name.to_lowercase().contains("config"))
                {
                    let at = At { module: module.clone(), node: *node };
                    let to = self.expression(&at).filter(|to| super::functions::is_function(to.node));
                    if let Some(function) = to {
                        let values = self.returned(&function, &whole, around);
                        if values.unknown.is_empty() {
                            all = all.or(values);
                        }
                    }
                }
            }
        }
        (!all.is_nothing()).then_some(all)
    }

    /// `new X(…)`.
    pub(super) fn made(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let Some(class) = at.node.child_by_field_name("constructor") else {
            return Values::default();
        };
        let arguments = at.node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let called = last(at.module.code(class));
        if CONVERSIONS.contains(&called) && way.is_empty() {
            let first = arguments.first().map(|node| self.value(&at.with(*node), way, around));
            return first.unwrap_or_default();
        }
        if let Some(body) = self.class_body(&at.with(class)) {
            let values = self.field(&body, way, around);
            if !values.is_nothing() {
                return values;
            }
        }
        Values::unknown(at, format!("comes from an object of {called}, which is not followed"))
    }

    /// The body of a class of the same file.
    fn class_body(&self, class: &At<'w>) -> Option<At<'w>> {
        let name = class.code();
        let mut found = None;
        walk(class.module.root, |node| {
            if matches!(node.kind(), "class_declaration" | "class")
                && node.child_by_field_name("name").is_some_and(|n| class.module.code(n) == name)
            {
                found = node.child_by_field_name("body");
            }
            found.is_none()
        });
        found.map(|node| class.with(node))
    }
}

fn last(code: &str) -> &str {
    code.rsplit(['.', '?']).next().unwrap_or_default()
}

/// `JWT_SECRET`.
fn is_variable(name: &str) -> bool {
    name.len() > 2
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}
