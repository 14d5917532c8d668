//! Constant evaluation of text and bytes expressions.

use tree_sitter::Node;

use super::DEEPEST;
use super::call::Call;
use super::literal::{self, Constant, is_interpolated};
use super::module::{Module, Use};
use super::walk::{children, inner};

/// A value that stands in the file, and the literals that make it.
#[derive(Clone, Debug, Default)]
pub struct Literal<'t> {
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
pub fn evaluate<'t>(module: &Module<'t>, node: Node<'t>, at: Use) -> Option<Literal<'t>> {
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

/// Methods whose result depends on nothing but the text and their arguments.
pub fn is_method(name: &str) -> bool {
    matches!(
        name,
        "encode"
            | "decode"
            | "strip"
            | "lstrip"
            | "rstrip"
            | "lower"
            | "upper"
            | "title"
            | "hex"
            | "hexdigest"
            | "digest"
            | "format"
            | "format_map"
            | "replace"
            | "join"
            | "ljust"
            | "rjust"
            | "zfill"
            | "get_secret_value"
    )
}

/// Functions whose result depends on nothing but their arguments.
pub fn is_conversion(name: &str) -> bool {
    matches!(
        name,
        "str"
            | "bytes"
            | "bytearray"
            | "unicode"
            | "repr"
            | "SecretStr"
            | "SecretBytes"
            | "Secret"
            | "force_bytes"
            | "force_str"
            | "force_text"
            | "smart_str"
            | "smart_bytes"
            | "to_bytes"
            | "want_bytes"
            | "b64decode"
            | "b64encode"
            | "urlsafe_b64decode"
            | "urlsafe_b64encode"
            | "standard_b64decode"
            | "b32decode"
            | "b32encode"
            | "a85decode"
            | "b85decode"
            | "unhexlify"
            | "hexlify"
            | "fromhex"
            | "md5"
            | "sha1"
            | "sha224"
            | "sha256"
            | "sha384"
            | "sha512"
            | "sha3_256"
            | "blake2b"
            | "blake2s"
            | "quote"
            | "mark_safe"
            | "dedent"
    )
}
