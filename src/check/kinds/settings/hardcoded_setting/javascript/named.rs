//! Literals that are called a key.

use std::rc::Rc;

use tree_sitter::Node;

use super::conditions::is_for_others;
use super::value::At;
use crate::lang::javascript::{Module, children, inner, key, walk};

/// What keys are called, in small letters and without what divides words.
const NAMES: &[&str] = &[
    "sessionsecret",
    "cookiesecret",
    "jwtsecret",
    "secretkey",
    "appkeys",
    "authsecret",
    "nextauthsecret",
    "accesstokensecret",
    "refreshtokensecret",
    "jwtsecretkey",
    "jwtkey",
    "signingkey",
    "signingsecret",
    "jwtprivatekey",
    "appsecret",
    "secretorkey",
    "cookiekey",
    "cookiekeys",
    "cookiepassword",
    "sessionkeys",
    "jwtaccesssecret",
    "jwtrefreshsecret",
    "sessionpassword",
    "jwtsecrettoken",
    "expresssessionsecret",
];

/// A literal, and what it is called.
pub(super) struct Named<'w> {
    /// The value.
    pub(super) at: At<'w>,
    /// The name, as it is written.
    pub(super) name: String,
}

/// The same for all ways to write a name.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}

/// All of a file.
pub(super) fn find<'w>(module: &Rc<Module<'w>>) -> Vec<Named<'w>> {
    let mut found = Vec::new();
    walk(module.root, |node| {
        let (name, value) = match node.kind() {
            "pair" => ("key", "value"),
            "variable_declarator" => ("name", "value"),
            "public_field_definition" => ("name", "value"),
            "field_definition" => ("property", "value"),
            "assignment_expression" => ("left", "right"),
            _ => return true,
        };
        let Some((name, value)) =
            node.child_by_field_name(name).zip(node.child_by_field_name(value))
        else {
            return true;
        };
        if !holds_literal(inner(value)) || is_for_others(module, value) {
            return true;
        }
        let last = name.child_by_field_name("property").unwrap_or(name);
        let Some(last) = key(module.text, last) else { return true };
        let own = plain(&last);
        let above = || {
            let up = node.parent()?.parent().filter(|up| up.kind() == "pair")?;
            let above = key(module.text, up.child_by_field_name("key")?)?;
            Some(plain(&format!("{above}{last}")))
        };
        let is = NAMES.contains(&own.as_str())
            || (matches!(own.as_str(), "secret" | "keys" | "key" | "privatekey")
                && above().is_some_and(|above| NAMES.contains(&above.as_str())));
        if is {
            found.push(Named { at: At { module: Rc::clone(module), node: value }, name: last });
        }
        true
    });
    found
}

/// Whether an expression is a literal, or falls back to one.
fn holds_literal(node: Node<'_>) -> bool {
    match node.kind() {
        "string" | "template_string" => true,
        "array" => children(node).into_iter().any(|part| part.kind() == "string"),
        "binary_expression" => node
            .child_by_field_name("right")
            .is_some_and(|right| matches!(inner(right).kind(), "string" | "template_string")),
        _ => false,
    }
}
