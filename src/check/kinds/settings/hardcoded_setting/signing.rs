//! Other keys that an app signs with: settings of extensions, and what is given to
//! well-known functions as the key.

use tree_sitter::Node;

use super::setting::Setting;
use super::site::{How, Site};
use crate::lang::python::{Call, Module, children, inner, last_name};

/// The name of a key that is given to a function.
pub(super) const SIGNING_KEY: &str = "SIGNING_KEY";

/// Older keys, with which what was signed is still believed.
const FALLBACKS: &str = "SECRET_KEY_FALLBACKS";

/// Settings that hold a key to sign with, by the name that a library asks for.
const NAMES: &[&str] = &[
    SIGNING_KEY,
    "JWT_SECRET_KEY",
    "JWT_SECRET",
    "WTF_CSRF_SECRET_KEY",
    "SESSION_SECRET_KEY",
    "SECURITY_PASSWORD_SALT",
    "AUTHJWT_SECRET_KEY",
    "authjwt_secret_key",
    "cookie_secret",
    FALLBACKS,
];

/// What a file that signs names, for a first quick look.
pub(super) const WORDS: &[&str] = &[
    "jwt",
    "jws",
    "itsdangerous",
    "Signer(",
    "signing.",
    "hmac.",
    "Fernet(",
    "CookieStorage(",
    "SessionFactory",
    "AuthTkt",
    "SessionMiddleware(",
    "set_cookie(",
    "get_cookie(",
];

/// The settings besides `SECRET_KEY`.
pub(super) fn settings() -> Vec<Setting> {
    let named = |name: &&str| Setting { name: (*name).to_owned(), aliases: Vec::new(), kin: true };
    NAMES.iter().map(named).collect()
}

/// The values that a setting is given, each key of a list by itself.
pub(super) fn each<'t>(setting: &Setting, value: Node<'t>) -> Vec<Node<'t>> {
    let value = inner(value);
    let listed = setting.name == FALLBACKS && matches!(value.kind(), "list" | "tuple");
    if listed { children(value) } else { vec![value] }
}

/// What uses a key that others may perhaps know without harm.
pub(super) fn unsure<'s>(site: &'s Site<'_, '_>) -> Option<&'s str> {
    let name = site.setting.name.as_str();
    match &site.how {
        _ if !site.setting.kin => None,
        How::Keyword(function) if name == SIGNING_KEY => {
            let unsure = ["hmac.new", "hmac.digest"].contains(&function.as_str())
                || ["Fernet", "decode", "verify"].iter().any(|end| function.ends_with(end));
            unsure.then_some(function)
        }
        _ => (name == "SECURITY_PASSWORD_SALT").then_some(name),
    }
}

/// Whether a text is a public key, with which nobody can sign.
pub(super) fn is_public(site: &Site<'_, '_>, text: &str) -> bool {
    let marks = ["PUBLIC KEY", "BEGIN CERTIFICATE", "ssh-rsa ", "ssh-ed25519 "];
    site.setting.kin && marks.iter().any(|mark| text.contains(mark))
}

/// The key that a call signs or verifies with.
pub(super) fn key_of<'t>(module: &Module<'t>, call: &Call<'t>) -> Option<Node<'t>> {
    let text = module.text;
    let name = call.name(text);
    let at = |index: usize| call.positional.get(index).copied();
    let keyword = |names: &[&str]| call.keyword(text, names);
    let receiver = call.receiver().and_then(|of| last_name(text, of)).unwrap_or_default();
    // the module that what is called was imported from
    let from = match call.receiver() {
        Some(_) => module.import(receiver),
        None => module.import(name),
    };
    let is_from = |known: &[&str]| {
        from.is_some_and(|from| {
            let whole = match &from.name {
                Some(name) => format!("{}.{name}", from.module),
                None => from.module.clone(),
            };
            known.iter().any(|known| {
                whole
                    .strip_prefix(known)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        })
    };
    match name {
        "encode" | "decode" if is_from(&["authlib"]) => {
            keyword(&["key"]).or_else(|| at(if name == "encode" { 2 } else { 1 }))
        }
        "encode" | "decode" | "sign" | "verify"
            if is_from(&["jwt", "jose", "flask_jwt", "python_jwt"])
                || (from.is_none() && matches!(receiver, "jwt" | "jws")) =>
        {
            keyword(&["key"]).or_else(|| at(1))
        }
        "URLSafeTimedSerializer"
        | "URLSafeSerializer"
        | "TimedSerializer"
        | "JSONWebSignatureSerializer"
        | "TimedJSONWebSignatureSerializer" => keyword(&["secret_key"]).or_else(|| at(0)),
        "Serializer" | "Signer" | "TimestampSigner" if is_from(&["itsdangerous"]) => {
            keyword(&["secret_key"]).or_else(|| at(0))
        }
        "Signer" | "TimestampSigner" if is_from(&["django.core.signing", "django.core"]) => {
            keyword(&["key"]).or_else(|| at(0))
        }
        "dumps" | "loads" if is_from(&["django.core.signing"]) => keyword(&["key"]),
        "new" | "digest" if receiver == "hmac" => keyword(&["key"]).or_else(|| at(0)),
        "Fernet" => keyword(&["key"]).or_else(|| at(0)),
        "EncryptedCookieStorage" | "NaClCookieStorage" => {
            keyword(&["secret_key"]).or_else(|| at(0))
        }
        "SessionMiddleware" => keyword(&["secret_key"]),
        "SignedCookieSessionFactory"
        | "UnencryptedCookieSessionFactoryConfig"
        | "AuthTktAuthenticationPolicy"
        | "AuthTktCookieHelper" => keyword(&["secret"]).or_else(|| at(0)),
        "set_cookie" | "get_cookie" | "JWTStrategy" | "CSRFConfig" => keyword(&["secret"]),
        "JWTAuth" | "JWTCookieAuth" => keyword(&["token_secret"]),
        _ => None,
    }
}
