//! Conditions under which an app refuses to start.

use tree_sitter::Node;

use super::conditions::in_production;
use super::value::Literal;
use crate::lang::javascript::{Module, children, inner, string, walk};

/// Whether the file of a literal refuses to start with it, or without what comes
/// before it.
pub(super) fn refuse(literal: &Literal<'_>) -> bool {
    let module = &literal.at.module;
    let mut refused = false;
    walk(module.root, |node| {
        if node.kind() == "if_statement" && !refused {
            let parts =
                node.child_by_field_name("condition").zip(node.child_by_field_name("consequence"));
            refused = parts.is_some_and(|(condition, then)| {
                ends(module, then) && starts(node) && tells(module, condition, literal, 0)
            });
        }
        !refused && !is_function(node.kind())
    });
    refused
}

fn is_function(kind: &str) -> bool {
    kind.contains("function") || kind == "method_definition"
}

/// Whether a statement is run when the app starts.
fn starts(node: Node<'_>) -> bool {
    let mut at = node;
    while let Some(up) = at.parent() {
        // under another condition it may not be reached
        if matches!(up.kind(), "if_statement" | "catch_clause" | "try_statement" | "switch_case") {
            return false;
        }
        at = up;
    }
    true
}

/// Whether a block throws, or ends the process.
fn ends(module: &Module<'_>, node: Node<'_>) -> bool {
    let mut bad = false;
    walk(node, |node| {
        bad |= node.kind() == "throw_statement"
            || (node.kind() == "call_expression"
                && module.code(node).starts_with("process.exit(")
                && !module.code(node).starts_with("process.exit(0"));
        !bad && !is_function(node.kind()) && node.kind() != "if_statement"
    });
    bad
}

/// Whether a condition holds in production when the literal is the value.
fn tells(module: &Module<'_>, condition: Node<'_>, literal: &Literal<'_>, depth: usize) -> bool {
    if depth > 16 {
        return false;
    }
    let node = inner(condition);
    let field = |name| node.child_by_field_name(name);
    let named = |node: Node<'_>| {
        let code = module.code(inner(node));
        let last = code.rsplit(['.', '?', '!']).next().unwrap_or_default();
        literal.names.iter().any(|name| name == last)
            || literal.variable.as_deref().is_some_and(|name| name == last)
            || declared(literal).is_some_and(|name| name == last)
    };
    match node.kind() {
        "unary_expression" if field("operator").is_some_and(|o| module.code(o) == "!") => {
            // the variable itself is missing, then nothing falls back
            field("argument").is_some_and(|of| asks_variable(module, of, literal))
        }
        "binary_expression" => {
            let Some((left, right)) = field("left").zip(field("right")) else { return false };
            match field("operator").map(|o| module.code(o)) {
                Some("||") => {
                    tells(module, left, literal, depth + 1)
                        || tells(module, right, literal, depth + 1)
                }
                Some("&&") => {
                    let both = [left, right];
                    both.iter().any(|side| tells(module, *side, literal, depth + 1))
                        && both.iter().all(|side| {
                            tells(module, *side, literal, depth + 1)
                                || in_production(module, *side) == Some(true)
                        })
                }
                Some("===" | "==") => {
                    let value = |node| string(module.text, inner(node));
                    (value(left).as_deref() == Some(&literal.text) && named(right))
                        || (value(right).as_deref() == Some(&literal.text) && named(left))
                        || (module.code(right) == "undefined"
                            && asks_variable(module, left, literal))
                }
                _ => false,
            }
        }
        "call_expression" => {
            let function = field("function");
            let includes = function.is_some_and(|function| {
                function
                    .child_by_field_name("property")
                    .is_some_and(|p| module.code(p) == "includes")
            });
            let list = function.and_then(|function| function.child_by_field_name("object"));
            let argument = field("arguments").map(children).unwrap_or_default();
            includes
                && argument.first().is_some_and(|argument| named(*argument))
                && list.is_some_and(|list| {
                    children(inner(list))
                        .into_iter()
                        .any(|part| string(module.text, part).as_deref() == Some(&literal.text))
                })
        }
        _ => false,
    }
}

/// `process.env.X`, the variable that the literal stands behind.
fn asks_variable(module: &Module<'_>, node: Node<'_>, literal: &Literal<'_>) -> bool {
    let code = module.code(inner(node));
    let variable = literal.variable.as_deref().filter(|name| !name.is_empty());
    literal.fallback
        && variable.is_some_and(|name| {
            code.starts_with("process.env")
                && code.trim_end_matches(['"', '\'', ']']).ends_with(name)
        })
}

/// The name that the literal is declared under.
fn declared<'w>(literal: &Literal<'w>) -> Option<&'w str> {
    let module = &literal.at.module;
    let mut at = literal.at.node;
    for _ in 0..6 {
        at = at.parent()?;
        let name = match at.kind() {
            "variable_declarator" => at.child_by_field_name("name"),
            "pair" => at.child_by_field_name("key"),
            _ => continue,
        };
        return name.map(|name| module.code(name));
    }
    None
}
