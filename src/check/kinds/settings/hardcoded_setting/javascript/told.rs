//! Findings and needs about code in JavaScript.

use std::ops::Range;

use tree_sitter::Node;

use super::super::told::{NEW_VALUE, literal_rule};
use super::sites::Site;
use super::value::{At, Literal, Unknown};
use crate::lang::javascript::walk;
use crate::lang::tokens;
use crate::model::{Finding, Need, Place, RepoPath, RuleId, Subject};
use crate::secret::known_keys::known_key;

const NOT_FOLLOWED: RuleId = RuleId::new("hardcoded_setting.not_followed");
const NAMED: RuleId = RuleId::new("hardcoded_setting.perhaps_key");
const NOT_UNDERSTOOD: RuleId = RuleId::new("hardcoded_setting.not_understood");

/// Nodes that set one thing.
const WHOLES: &[&str] = &[
    "pair",
    "variable_declarator",
    "assignment_expression",
    "call_expression",
    "new_expression",
    "return_statement",
    "public_field_definition",
    "field_definition",
    "export_statement",
    "expression_statement",
    "assignment_pattern",
    "object_assignment_pattern",
    "binary_expression",
    "lexical_declaration",
];

/// One literal that becomes a key.
pub(super) fn finding(literal: &Literal<'_>, shown: &str, variable: &str) -> Finding {
    let at = &literal.at;
    let named = literal.variable.as_deref().filter(|name| !name.is_empty());
    let mut message = match (literal.fallback, named) {
        (true, Some(name)) => format!("{shown} falls back to a literal when {name} is not set"),
        (true, None) => format!("{shown} falls back to a literal"),
        _ => format!("{shown} is a literal"),
    };
    let plain = |name: &&String| {
        name.len() <= 40 && name.chars().all(|c| c.is_alphanumeric() || "_$".contains(c))
    };
    if let Some(name) = literal.names.iter().find(plain) {
        message.push_str(&format!(", through the name {name}"));
    }
    if let Some(place) = known_key(&literal.text) {
        message.push_str(&format!("; it is a publicly known key ({place})"));
    }
    let variable = named.unwrap_or(variable);
    let fix = if literal.fallback {
        format!("Remove the fallback: read process.env.{variable} and refuse to start without it")
    } else {
        format!(
            "Read it from the environment, process.env.{variable}, and refuse to start without it"
        )
    };
    let help =
        format!("{fix}; {NEW_VALUE} and whoever reads the code can sign what the app trusts.");
    Finding::new(literal_rule(), subject(at), message)
        .at(at.module.place(at.node))
        .showing(
            at.module.source.file().excerpt(at.module.offset(at.node.start_byte()), &secrets(at)),
        )
        .help(help)
}

/// A key of which it is not known where it comes from.
pub(super) fn not_followed(site: &Site<'_>, unknown: &Unknown<'_>) -> Need {
    let message = format!("{} {}", site.shown, unknown.why);
    Need::new(NOT_FOLLOWED, subject(&site.at), message)
        .at(site.at.module.place(site.at.node))
        .help("read the key from process.env in a plain way, or read the code and say so")
}

/// A key of which no value was seen.
pub(super) fn nothing(site: &Site<'_>) -> Need {
    let message = format!("{} is given a value that was not found", site.shown);
    Need::new(NOT_FOLLOWED, subject(&site.at), message)
        .at(site.at.module.place(site.at.node))
        .help("read the key from process.env in a plain way, or read the code and say so")
}

/// A literal that is called a key, and that nothing is seen to take.
pub(super) fn perhaps(literal: &Literal<'_>, name: &str) -> Need {
    let at = &literal.at;
    let message = format!("`{name}` is a literal, and it was not seen what takes it as a key");
    Need::new(NAMED, subject(at), message)
        .at(at.module.place(at.node))
        .help("read it from process.env, or take it out when nothing uses it")
}

/// A file that is too large, nests its code too deeply, or has a syntax error.
pub(super) fn not_understood(path: &RepoPath) -> Need {
    let message = format!("`{path}` names a key, and not all of it was understood");
    Need::new(NOT_UNDERSTOOD, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .help("read it yourself; it is larger than 2 MiB, nests too deeply or has a syntax error")
}

fn subject(at: &At<'_>) -> Subject {
    let subject = Subject::of(at.module.path()).and("SECRET_KEY");
    let mut node = at.node;
    while !WHOLES.contains(&node.kind()) {
        match node.parent() {
            Some(up) if up.kind() != "program" => node = up,
            _ => break,
        }
    }
    subject.and(tokens::node(at.module.text, node, &|_| false))
}

/// What must not be seen on the line of a literal: every string, and remarks.
fn secrets(at: &At<'_>) -> Vec<Range<usize>> {
    let module = &at.module;
    let file = module.source.file();
    let start = module.offset(at.node.start_byte());
    let (line_start, line) = file.line_around(start);
    let lines = line_start..line_start + line.len();
    let mut secrets = Vec::new();
    let inside = |node: Node<'_>, cut: usize| {
        let bytes = module.offset(node.start_byte())..module.offset(node.end_byte());
        (bytes.start + cut).min(bytes.end)..bytes.end.saturating_sub(cut).max(bytes.start + cut)
    };
    walk(module.root, |node| {
        let bytes = module.offset(node.start_byte())..module.offset(node.end_byte()).max(1);
        if bytes.start > lines.end || bytes.end < lines.start {
            return false;
        }
        match node.kind() {
            "string" | "template_string" => {
                let path = node.parent().is_some_and(|up| {
                    up.kind() == "import_statement"
                        || (up.kind() == "arguments"
                            && up.parent().is_some_and(|call| module.required(call).is_some()))
                });
                if !path {
                    secrets.push(inside(node, 1));
                }
                false
            }
            "comment" | "regex" => {
                secrets.push(inside(node, 2.min(node.byte_range().len())));
                false
            }
            _ => true,
        }
    });
    if at.node.kind() == "number" {
        secrets.push(inside(at.node, 0));
    }
    secrets
}
