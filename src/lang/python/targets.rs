//! Who gets which value in an assignment.

use tree_sitter::Node;

use super::walk::{children, inner};

/// The targets of `a = b = value` and the value; none of a bare annotation.
pub(crate) fn chain(assignment: Node<'_>) -> (Vec<Node<'_>>, Option<Node<'_>>) {
    let mut targets = Vec::new();
    let mut node = assignment;
    while node.kind() == "assignment" {
        targets.extend(node.child_by_field_name("left"));
        match node.child_by_field_name("right") {
            Some(right) => node = right,
            None => return (targets, None),
        }
    }
    (targets, Some(node))
}

/// Each single target of an assignment with the value that it gets, as far as
/// unpacking can be followed.
pub(crate) fn pairs<'t>(target: Node<'t>, value: Node<'t>) -> Vec<(Node<'t>, Node<'t>)> {
    let mut out = Vec::new();
    let mut open = vec![(inner(target), inner(value))];
    while let Some((target, value)) = open.pop() {
        if !is_list(target) {
            out.push((target, value));
            continue;
        }
        if !is_list(value) {
            continue;
        }
        let (targets, values) = (children(target), children(value));
        let star = targets.iter().position(|t| t.kind().starts_with("list_splat"));
        let unpacked = values.iter().any(|v| v.kind().starts_with("list_splat"));
        let matched: Vec<_> = match star {
            _ if unpacked => Vec::new(),
            None if targets.len() == values.len() => targets.into_iter().zip(values).collect(),
            Some(star) if values.len() + 1 >= targets.len() => {
                let after = targets.len() - star - 1;
                let first = targets.iter().zip(&values).take(star);
                let last = targets.iter().rev().zip(values.iter().rev()).take(after);
                first.chain(last).map(|(target, value)| (*target, *value)).collect()
            }
            _ => Vec::new(),
        };
        open.extend(matched.into_iter().map(|(target, value)| (inner(target), inner(value))));
    }
    out
}

fn is_list(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "pattern_list" | "tuple_pattern" | "list_pattern" | "expression_list" | "tuple" | "list"
    )
}
