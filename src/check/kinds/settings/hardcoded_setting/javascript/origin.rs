//! Which package an expression comes from.

use tree_sitter::Node;

use crate::lang::javascript::{Bound, Imported, Module, inner};

/// The package that an expression comes from, and the names on the way; a call is
/// not counted.
pub(super) fn origin(module: &Module<'_>, node: Node<'_>) -> Option<(String, Vec<String>)> {
    follow(module, node, 0)
}

fn follow(module: &Module<'_>, node: Node<'_>, depth: usize) -> Option<(String, Vec<String>)> {
    if depth > 24 {
        return None;
    }
    let node = inner(node);
    let plain = |from: &str| from.strip_prefix("node:").unwrap_or(from).to_owned();
    if let Some(from) = module.required(node) {
        return Some((plain(&from), Vec::new())).filter(|(from, _)| !from.starts_with('.'));
    }
    match node.kind() {
        "identifier" => {
            let bound = module.bound(module.code(node), node.start_byte());
            bound.into_iter().find_map(|binding| match &binding.bound {
                Bound::Import { from, what } if !from.starts_with('.') => {
                    let way = match what {
                        Imported::Named(name) => vec![name.clone()],
                        Imported::Default | Imported::All => Vec::new(),
                    };
                    Some((plain(from), way))
                }
                Bound::Value { of: Some(of), way, .. } => {
                    let (from, mut all) = follow(module, *of, depth + 1)?;
                    all.extend(way.iter().cloned());
                    Some((from, all))
                }
                _ => None,
            })
        }
        "member_expression" => {
            let object = node.child_by_field_name("object")?;
            let (from, mut way) = follow(module, object, depth + 1)?;
            let name = module.code(node.child_by_field_name("property")?);
            if name != "default" {
                way.push(name.to_owned());
            }
            Some((from, way))
        }
        "call_expression" => follow(module, node.child_by_field_name("function")?, depth + 1),
        "new_expression" => follow(module, node.child_by_field_name("constructor")?, depth + 1),
        _ => None,
    }
}
