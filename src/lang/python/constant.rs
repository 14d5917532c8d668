//! Constant evaluation of text and bytes expressions.

use tree_sitter::Node;

use super::DEEPEST;
use super::call::Call;
use super::functions::{is_conversion, is_method};
use super::literal::{self, Constant, is_interpolated};
use super::module::Module;
use super::names::Use;
use super::walk::{children, inner};

/// A value that stands in the file, and the literals that make it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Literal<'t> {
    /// The value.
    pub value: Constant,
    /// The string literals, in the order of evaluation.
    pub parts: Vec<Node<'t>>,
}

impl<'t> Literal<'t> {
    fn append(&mut self, other: Self) {
        self.value.push(&other.value);
        self.parts.extend(other.parts);
    }

    fn map(mut self, change: impl FnOnce(&str) -> String) -> Self {
        self.value.text = change(&self.value.text);
        self
    }
}

/// The constant that an expression is, whatever happens when it runs: literals,
/// their concatenation and formatting, methods that only reshape them, and
/// names that this file binds to nothing else.
pub(crate) fn evaluate<'t>(module: &Module<'t>, node: Node<'t>, at: Use) -> Option<Literal<'t>> {
    deep(module, node, at, 0)
}

fn deep<'t>(module: &Module<'t>, node: Node<'t>, at: Use, depth: usize) -> Option<Literal<'t>> {
    if depth > DEEPEST {
        module.give_up();
        return None;
    }
    if !module.spend(1) {
        return None;
    }
    let node = inner(node);
    let again = |node| deep(module, node, at, depth + 1);
    match node.kind() {
        "string" => string(module, node, at, depth),
        "concatenated_string" => joined(children(node).into_iter().map(again)),
        "integer" | "float" => {
            let text = module.source(node).to_owned();
            Some(Literal { value: Constant { text, bytes: false }, parts: Vec::new() })
        }
        "binary_operator" => binary(module, node, at, depth),
        "call" => call(module, node, at, depth),
        "identifier" if module.source(node) == "__name__" => Some(Literal::default()),
        "identifier" | "attribute" => match module.lookup(node, at).as_slice() {
            [only] => {
                let at = Use { scope: only.scope, at: only.at };
                only.value().and_then(|value| deep(module, value, at, depth + 1))
            }
            _ => None,
        },
        "subscript" => {
            let sliced = node.child_by_field_name("subscript")?;
            matches!(sliced.kind(), "slice" | "integer")
                .then(|| node.child_by_field_name("value"))
                .flatten()
                .filter(|value| matches!(inner(*value).kind(), "string" | "concatenated_string"))
                .and_then(again)
        }
        "named_expression" => node.child_by_field_name("value").and_then(again),
        _ => None,
    }
}

fn joined<'t>(parts: impl Iterator<Item = Option<Literal<'t>>>) -> Option<Literal<'t>> {
    let mut whole = Literal::default();
    for part in parts {
        whole.append(part?);
    }
    Some(whole)
}

fn string<'t>(module: &Module<'t>, node: Node<'t>, at: Use, depth: usize) -> Option<Literal<'t>> {
    let mut whole = Literal { value: literal::empty(module.text, node), parts: vec![node] };
    if !is_interpolated(node) {
        whole.value = module.plain_string(node)?;
        return Some(whole);
    }
    for part in children(node) {
        match part.kind() {
            "string_content" => whole.value.push(&literal::content(module.text, node, part)),
            "interpolation" => {
                let expression = part.child_by_field_name("expression")?;
                whole.append(deep(module, expression, at, depth + 1)?);
            }
            _ => {}
        }
    }
    Some(whole)
}

/// `a + b + c`, however long; `"x" * 3`; `"%s" % "x"`.
fn binary<'t>(module: &Module<'t>, node: Node<'t>, at: Use, depth: usize) -> Option<Literal<'t>> {
    let operator = |node: Node<'t>| {
        node.child_by_field_name("operator").map(|operator| operator.kind()).unwrap_or_default()
    };
    let side = |node: Node<'t>, field| node.child_by_field_name(field).map(inner);
    match operator(node) {
        "+" => {
            let mut whole = Literal::default();
            let mut open = vec![node];
            while let Some(node) = open.pop() {
                if node.kind() == "binary_operator" && operator(node) == "+" {
                    if !module.spend(1) {
                        return None;
                    }
                    open.push(side(node, "right")?);
                    open.push(side(node, "left")?);
                } else {
                    whole.append(deep(module, node, at, depth + 1)?);
                }
            }
            Some(whole)
        }
        "*" => {
            let (left, right) = (side(node, "left")?, side(node, "right")?);
            let (text, count) = match (left.kind(), right.kind()) {
                (_, "integer") => (left, right),
                ("integer", _) => (right, left),
                _ => return None,
            };
            let count: usize = module.source(count).replace('_', "").parse().unwrap_or(1);
            let one = deep(module, text, at, depth + 1)?;
            let count = count.min(64);
            Some(one.map(|text| text.repeat(count)))
        }
        "%" => {
            let mut whole = deep(module, side(node, "left")?, at, depth + 1)?;
            let right = side(node, "right")?;
            let values = if right.kind() == "tuple" { children(right) } else { vec![right] };
            for value in values {
                whole.append(deep(module, value, at, depth + 1)?);
            }
            Some(whole)
        }
        _ => None,
    }
}

fn call<'t>(module: &Module<'t>, node: Node<'t>, at: Use, depth: usize) -> Option<Literal<'t>> {
    let call = Call::of(node)?;
    let again = |node| deep(module, node, at, depth + 1);
    let name = call.name(module.text);
    let (subject, rest) = if let Some(receiver) = call.receiver().filter(|_| is_method(name)) {
        (receiver, call.positional.as_slice())
    } else if is_conversion(name) {
        let (first, rest) = call.positional.split_first()?;
        (*first, rest)
    } else {
        return None;
    };
    let mut whole = again(subject)?;
    if name == "join" {
        let listed = call.positional.first().map(|list| inner(*list))?;
        if !matches!(listed.kind(), "list" | "tuple") {
            return None;
        }
        let parts = joined(children(listed).into_iter().map(again))?;
        whole.append(parts);
        return Some(whole);
    }
    if matches!(name, "format" | "replace" | "format_map") {
        for value in rest.iter().copied().chain(call.keywords.iter().map(|(_, value)| *value)) {
            whole.append(again(value)?);
        }
        return Some(whole);
    }
    Some(match name {
        "encode" | "bytes" | "force_bytes" | "to_bytes" => {
            Literal { value: encoded(&whole.value), ..whole }
        }
        "decode" | "str" | "force_str" | "force_text" | "smart_str" | "unicode" => {
            Literal { value: decoded(&whole.value), ..whole }
        }
        "strip" => whole.map(|text| text.trim().to_owned()),
        "lower" => whole.map(str::to_lowercase),
        "upper" => whole.map(str::to_uppercase),
        _ => whole,
    })
}

fn encoded(value: &Constant) -> Constant {
    if value.bytes {
        return value.clone();
    }
    Constant { text: value.text.bytes().map(char::from).collect(), bytes: true }
}

fn decoded(value: &Constant) -> Constant {
    if !value.bytes {
        return value.clone();
    }
    let bytes: Vec<u8> = value.text.chars().filter_map(|c| u8::try_from(c).ok()).collect();
    match String::from_utf8(bytes) {
        Ok(text) => Constant { text, bytes: false },
        Err(_) => Constant { text: value.text.clone(), bytes: false },
    }
}

/// The text of a constant key: a string, text made of constants, or a name bound
/// to one.
pub(crate) fn key_text(module: &Module<'_>, node: Node<'_>, at: Use) -> Option<String> {
    let node = inner(node);
    match node.kind() {
        "string" => module.plain_string(node).map(|constant| constant.text),
        "identifier"
        | "attribute"
        | "binary_operator"
        | "concatenated_string"
        | "call"
        | "parenthesized_expression" => {
            // a node of the same tree, whatever its lifetime is called here
            let found =
                module.root.descendant_for_byte_range(node.start_byte(), node.end_byte())?;
            let found = std::iter::successors(Some(found), |up| up.parent())
                .take(3)
                .find(|up| up.id() == node.id())?;
            let literal = evaluate(module, found, at)?;
            (!literal.parts.is_empty()).then_some(literal.value.text)
        }
        _ => None,
    }
}
