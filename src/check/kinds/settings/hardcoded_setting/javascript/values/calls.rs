//! What calls give.

use tree_sitter::Node;

use super::super::origin::origin;
use super::super::value::{At, Values};
use super::{Around, Search, last};
use crate::lang::javascript::{children, inner, string, walk};

/// What makes up something new each time, that nobody can guess.
const RANDOM: &[&str] = &[
    "randomBytes",
    "randomUUID",
    "getRandomValues",
    "generateKeyPairSync",
    "generateKeySync",
    "generateKeyPair",
    "generateKey",
    "uuidv4",
    "v4",
    "uuid",
    "uuid4",
    "nanoid",
    "cryptoRandomString",
    "randomString",
    "generateSecret",
    "randomFillSync",
    "randomHex",
    "uid",
];

/// What gives its first argument in another form.
const CONVERSIONS: &[&str] = &[
    "String",
    "encode",
    "decode",
    "encodeURIComponent",
    "decodeURIComponent",
    "btoa",
    "atob",
    "createSecretKey",
    "createPrivateKey",
    "importPKCS8",
    "importJWK",
    "stringify",
    "scryptSync",
    "pbkdf2Sync",
    "pbkdf2",
    "sha256",
    "sha512",
    "md5",
    "toBuffer",
    "Buffer",
    "freeze",
    "seal",
    "structuredClone",
    "cloneDeep",
    "resolve",
    "unwrap",
    "TextEncoder",
    "Uint8Array",
    "Keygrip",
    "importSPKI",
    "asKey",
    "hashSync",
    "Array",
    "JSON",
];

/// Methods that give the object itself in another form.
const FORMS: &[&str] = &[
    "toString",
    "trim",
    "replace",
    "replaceAll",
    "toUpperCase",
    "toLowerCase",
    "slice",
    "substring",
    "substr",
    "padEnd",
    "padStart",
    "repeat",
    "normalize",
    "split",
    "map",
    "filter",
    "reverse",
    "join",
    "at",
    "valueOf",
    "flat",
    "required",
    "optional",
    "asString",
    "unwrapOr",
    "then",
    "asArray",
    "pop",
    "shift",
    "find",
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
            let read = reads
                .then(|| self.read_by_name(called, receiver.as_ref(), &arguments, at, way, around));
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
        let store = [
            "getsecret",
            "secretvalue",
            "vault",
            "ssm",
            "passportjwtsecret",
            "fetchsecret",
            "accesssecretversion",
            "jwks",
            "getparameter",
            "expressjwtsecret",
            "signingkey",
            "remotejwk",
        ];
        let of_store =
            store.iter().any(|word| lower.contains(word)) && origin(&at.module, at.node).is_some();
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
                return Some(Values::unknown(
                    at,
                    "comes from Math.random(), which others can guess",
                ));
            }
            "now" | "hostname" | "getTime" | "toISOString" | "userInfo" => {
                return Some(Values::unknown(
                    at,
                    format!("comes from {called}(), which others can guess"),
                ));
            }
            "assign" | "merge" | "extend" | "deepmerge" | "deepMerge" | "mergeDeep" | "all"
            | "defu" | "defaults" | "defaultsDeep"
                if arguments.len() > 1 =>
            {
                let first = matches!(called, "defu" | "defaults" | "defaultsDeep");
                let parts = arguments.iter().map(|node| at.with(*node)).collect();
                return Some(self.merged(parts, way, first, around));
            }
            "readFileSync" | "readFile"
                if way.is_empty() || object == "fs" || object == "promises" =>
            {
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
