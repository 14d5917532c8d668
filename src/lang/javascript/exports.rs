//! What a module hands out.

use tree_sitter::Node;

use super::names::required;
use super::{Module, children, inner, string, walk};

/// One thing that a module hands out.
#[derive(Clone, Debug)]
pub(crate) enum Export<'w> {
    /// All of it is this: `module.exports = value`.
    Whole(Node<'w>),
    /// The value of a name: `exports.name = value`, `export default value`.
    Value(String, Node<'w>),
    /// What a name of its own means: `export const name`, `export { own as name }`.
    Own(String, String, Node<'w>),
    /// A name of another module: `export { theirs as name } from "x"`.
    Theirs(String, String, String),
    /// All of another module: `export * from "x"`.
    All(String),
}

/// All that a module hands out, in order.
pub(crate) fn exports<'w>(module: &Module<'w>) -> Vec<Export<'w>> {
    let mut found = Vec::new();
    walk(module.root, |node| {
        match node.kind() {
            "export_statement" => statement(module, node, &mut found),
            "assignment_expression" => assigned(module, node, &mut found),
            _ => {}
        }
        true
    });
    if let Some(only) = children(module.root).first().filter(|_| is_json(module)) {
        found.push(Export::Whole(inner(children(*only).first().copied().unwrap_or(*only))));
    }
    found
}

fn is_json(module: &Module<'_>) -> bool {
    module.path().extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

fn assigned<'w>(module: &Module<'w>, node: Node<'w>, found: &mut Vec<Export<'w>>) {
    let sides = node.child_by_field_name("left").zip(node.child_by_field_name("right"));
    let Some((left, right)) = sides else { return };
    let to = module.code(left);
    let whole = |to: &str| matches!(to, "module.exports" | "exports");
    if whole(to) {
        // `exports = module.exports = value` is found at its inner half
        if inner(right).kind() != "assignment_expression" {
            found.push(Export::Whole(right));
        }
        return;
    }
    let own = left.child_by_field_name("object").zip(left.child_by_field_name("property"));
    if let Some((object, property)) = own
        && whole(module.code(object))
    {
        found.push(Export::Value(module.code(property).to_owned(), right));
    }
}

fn statement<'w>(module: &Module<'w>, node: Node<'w>, found: &mut Vec<Export<'w>>) {
    let from = node.child_by_field_name("source").and_then(|from| string(module.text, from));
    if let Some(value) = node.child_by_field_name("value") {
        found.push(Export::Value("default".to_owned(), value));
    }
    if let Some(declared) = node.child_by_field_name("declaration") {
        let mut default = false;
        let mut cursor = node.walk();
        node.children(&mut cursor).for_each(|child| default |= child.kind() == "default");
        for name in declared_names(declared) {
            let said = module.code(name).to_owned();
            let out = if default { "default".to_owned() } else { said.clone() };
            found.push(Export::Own(out, said, name));
        }
        return;
    }
    let mut all = from.clone();
    for part in children(node) {
        match part.kind() {
            "export_clause" => {
                all = None;
                for specifier in children(part) {
                    let Some(name) = specifier.child_by_field_name("name") else { continue };
                    let own = module.code(name).to_owned();
                    let alias = specifier.child_by_field_name("alias");
                    let out = alias.map_or_else(|| own.clone(), |a| module.code(a).to_owned());
                    found.push(match &from {
                        Some(from) => Export::Theirs(out, own, from.clone()),
                        None => Export::Own(out, own, name),
                    });
                }
            }
            "namespace_export" => all = None,
            // TypeScript's `export = value`
            kind if from.is_none()
                && node.child_by_field_name("value").is_none()
                && (kind.ends_with("expression")
                    || matches!(kind, "identifier" | "object" | "string")) =>
            {
                found.push(Export::Whole(part));
            }
            _ => {}
        }
    }
    found.extend(all.map(Export::All));
}

fn declared_names(declared: Node<'_>) -> Vec<Node<'_>> {
    let mut names = Vec::new();
    match declared.kind() {
        "lexical_declaration" | "variable_declaration" => {
            for one in children(declared) {
                let Some(name) = one.child_by_field_name("name") else { continue };
                walk(name, |node| {
                    if matches!(node.kind(), "identifier" | "shorthand_property_identifier_pattern")
                    {
                        names.push(node);
                    }
                    true
                });
            }
        }
        _ => names.extend(declared.child_by_field_name("name")),
    }
    names
}

impl<'w> Module<'w> {
    /// What a call requires: `require("x")`, `import("x")`.
    pub(crate) fn required(&self, node: Node<'_>) -> Option<String> {
        required(self.text, node)
    }
}
