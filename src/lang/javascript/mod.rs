//! JavaScript and TypeScript as a syntax tree: what each name is bound to, and what
//! a module hands out. It says what is there; what a value comes to is its
//! reader's question.

mod exports;
mod module;
mod names;

use tree_sitter::{Language, Node, Parser, Tree};

pub(crate) use exports::{Export, exports};
pub(crate) use module::{Module, Source};
pub(crate) use names::{Bound, Imported, chain};

/// How the names of files of code end.
pub(crate) const ENDINGS: &[&str] = &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"];

/// So many brackets inside each other are not a program that people wrote.
const DEEPEST: usize = 500;

/// The syntax tree of a file with that ending; none when the parser gave up, or
/// would.
pub(crate) fn parse(ending: &str, text: &str) -> Option<Tree> {
    if too_deep(text) {
        return None;
    }
    let language: Language = match ending.to_ascii_lowercase().as_str() {
        "ts" | "mts" | "cts" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX.into(),
        _ => tree_sitter_javascript::LANGUAGE.into(),
    };
    let mut parser = Parser::new();
    parser.set_language(&language).ok()?;
    parser.parse(text, None)
}

fn too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

/// Visits a node and all below it, parents first; `step` says whether to go down.
pub(crate) fn walk<'t>(root: Node<'t>, mut step: impl FnMut(Node<'t>) -> bool) {
    let mut cursor = root.walk();
    let mut descend = true;
    loop {
        if descend && step(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        if cursor.node() == root {
            return;
        }
        descend = cursor.goto_next_sibling();
        if !descend && !cursor.goto_parent() {
            return;
        }
    }
}

/// The named children, remarks left out.
pub(crate) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// What stands in brackets, behind `await`, or has only its type said.
pub(crate) fn inner(mut node: Node<'_>) -> Node<'_> {
    while matches!(
        node.kind(),
        "parenthesized_expression"
            | "await_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression"
            | "type_assertion"
    ) {
        let of_type = node.kind() == "type_assertion";
        let children = children(node);
        let Some(next) = (if of_type { children.last() } else { children.first() }) else {
            return node;
        };
        node = *next;
    }
    node
}

/// What a string literal says, or a template without substitutions; none for
/// another node.
pub(crate) fn string(text: &str, node: Node<'_>) -> Option<String> {
    if !matches!(node.kind(), "string" | "template_string") {
        return None;
    }
    let mut said = String::new();
    for part in children(node) {
        let source = text.get(part.byte_range())?;
        match part.kind() {
            "string_fragment" => said.push_str(source),
            "escape_sequence" => said.push_str(&unescaped(source)),
            "html_character_reference" => said.push_str(source),
            _ => return None,
        }
    }
    Some(said)
}

fn unescaped(source: &str) -> String {
    let rest = source.strip_prefix('\\').unwrap_or(source);
    let number = |digits: &str| {
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).map(String::from)
    };
    match rest.chars().next() {
        Some('n') => "\n".to_owned(),
        Some('r') => "\r".to_owned(),
        Some('t') => "\t".to_owned(),
        Some('\n' | '\r') => String::new(),
        Some('x' | 'u') => number(rest.trim_start_matches(['x', 'u', '{']).trim_end_matches('}'))
            .unwrap_or_default(),
        _ => rest.to_owned(),
    }
}

/// A node's property name: `a` of `{ a: 1 }`, `{ "a": 1 }`, `x.a`, `x["a"]`.
pub(crate) fn key(text: &str, node: Node<'_>) -> Option<String> {
    match node.kind() {
        "property_identifier"
        | "private_property_identifier"
        | "shorthand_property_identifier"
        | "shorthand_property_identifier_pattern"
        | "identifier"
        | "number" => text.get(node.byte_range()).map(str::to_owned),
        "computed_property_name" => {
            let inside = children(node).into_iter().next()?;
            string(text, inside)
        }
        _ => string(text, node),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read() {
        for (code, expected) in [
            ("'a'", Some("a")),
            ("\"a\\n\\x41\\u{42}\\'\"", Some("a\nAB'")),
            ("`a`", Some("a")),
            ("`a${b}`", None),
            ("a", None),
        ] {
            let tree = parse("js", code).expect("a tree");
            let node = children(children(tree.root_node())[0])[0];
            assert_eq!(string(code, node).as_deref(), expected, "{code}");
        }
    }

    #[test]
    fn what_nests_without_end_is_not_parsed() {
        assert!(parse("js", &"[".repeat(100_000)).is_none());
        assert!(parse("ts", "const a: string = 'x' as const").is_some());
    }
}
