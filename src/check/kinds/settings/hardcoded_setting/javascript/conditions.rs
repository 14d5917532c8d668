//! Conditions that ask whether the app runs in production.

use tree_sitter::Node;

use super::world::{is_elsewhere, is_production};
use crate::lang::javascript::{Module, children, inner, string};

/// What a condition comes to in production; none when that does not follow.
pub(super) fn in_production(module: &Module<'_>, condition: Node<'_>) -> Option<bool> {
    decide(module, condition, 0)
}

/// Whether production never comes to an expression: `if (isDev) { … }`.
pub(super) fn is_for_others(module: &Module<'_>, node: Node<'_>) -> bool {
    let mut at = node;
    while let Some(up) = at.parent() {
        if up.kind() == "if_statement"
            && let Some(condition) = up.child_by_field_name("condition")
        {
            let here = |name| up.child_by_field_name(name).is_some_and(|part| part.id() == at.id());
            let is = in_production(module, condition);
            if (here("consequence") && is == Some(false))
                || (here("alternative") && is == Some(true))
            {
                return true;
            }
        }
        at = up;
    }
    false
}

fn decide(module: &Module<'_>, condition: Node<'_>, depth: usize) -> Option<bool> {
    if depth > 16 {
        return None;
    }
    let node = inner(condition);
    let field = |name| node.child_by_field_name(name);
    match node.kind() {
        "unary_expression" if field("operator").is_some_and(|o| module.code(o) == "!") => {
            decide(module, field("argument")?, depth + 1).map(|is| !is)
        }
        "binary_expression" => {
            let (left, right) = (field("left")?, field("right")?);
            let sides = || (decide(module, left, depth + 1), decide(module, right, depth + 1));
            match module.code(field("operator")?) {
                "&&" => match sides() {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
                "||" => match sides() {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                },
                "==" | "===" => compared(module, left, right),
                "!=" | "!==" => compared(module, left, right).map(|is| !is),
                _ => None,
            }
        }
        "call_expression" => {
            let function = field("function")?;
            let (object, arguments) =
                (function.child_by_field_name("object")?, children(field("arguments")?));
            let argument = arguments.first()?;
            match module.code(function.child_by_field_name("property")?) {
                "includes" if asks_where(module, *argument) => {
                    let all: Vec<String> = children(inner(object))
                        .into_iter()
                        .map(|node| string(module.text, node))
                        .collect::<Option<_>>()?;
                    if all.iter().any(|word| is_production(word)) {
                        Some(true)
                    } else {
                        (!all.is_empty() && all.iter().all(|word| is_elsewhere(word)))
                            .then_some(false)
                    }
                }
                _ => None,
            }
        }
        "identifier" | "member_expression" => named(last(module, node)?),
        _ => None,
    }
}

fn last<'w>(module: &Module<'w>, node: Node<'_>) -> Option<&'w str> {
    let node = inner(node);
    match node.child_by_field_name("property") {
        Some(property) => Some(module.code(property)),
        None => (node.kind() == "identifier").then(|| module.code(node)),
    }
}

/// `isProduction`, `__DEV__`.
fn named(name: &str) -> Option<bool> {
    let plain: String = name.chars().filter(|c| *c != '_').collect::<String>().to_lowercase();
    match plain.as_str() {
        "isproduction"
        | "isprod"
        | "inproduction"
        | "production"
        | "prod"
        | "isproductionenv"
        | "isprodenv"
        | "isproductionenvironment" => Some(true),
        "isdevelopment" | "isdev" | "indevelopment" | "dev" | "development" | "istest"
        | "istesting" | "isdevmode" | "isdevenv" | "islocal" | "isdevelopmentenv" => Some(false),
        _ => None,
    }
}

/// Whether an expression tells where the app runs.
fn asks_where(module: &Module<'_>, node: Node<'_>) -> bool {
    last(module, node).is_some_and(|name| {
        let plain: String = name.chars().filter(|c| *c != '_').collect::<String>().to_lowercase();
        matches!(
            plain.as_str(),
            "nodeenv"
                | "env"
                | "appenv"
                | "environment"
                | "mode"
                | "stage"
                | "appenvironment"
                | "environmentname"
                | "vercelenv"
                | "railsenv"
                | "expressenv"
                | "currentenv"
        )
    }) || inner(node).kind() == "call_expression"
        && module.code(node).len() < 60
        && (module.code(node).contains("'env'") || module.code(node).contains("NODE_ENV"))
}

fn compared(module: &Module<'_>, left: Node<'_>, right: Node<'_>) -> Option<bool> {
    let (word, other) = match (string(module.text, inner(left)), string(module.text, inner(right)))
    {
        (None, Some(word)) => (word, left),
        (Some(word), None) => (word, right),
        _ => return None,
    };
    if !asks_where(module, other) {
        return None;
    }
    if is_production(&word) { Some(true) } else { is_elsewhere(&word).then_some(false) }
}
