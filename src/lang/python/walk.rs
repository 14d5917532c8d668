//! Walks over a syntax tree without recursion, since a file may nest its
//! expressions a hundred thousand deep.

use tree_sitter::Node;

/// One node on a walk.
pub struct Step<'w, 't, S> {
    /// The node.
    pub node: Node<'t>,
    /// As which field of its parent it stands there.
    pub field: Option<&'t str>,
    /// What the walk said for the parent's children.
    pub state: &'w S,
    /// The nodes above with the state of their children, the root first.
    pub above: &'w [(Node<'t>, S)],
}

impl<'t, S> Step<'_, 't, S> {
    /// The node directly above.
    pub fn parent(&self) -> Option<Node<'t>> {
        self.above.last().map(|(node, _)| *node)
    }
}

/// Visits all nodes, parents first. `step` gives the state for a node's
/// children, or nothing to leave them out.
pub fn walk<'t, S>(root: Node<'t>, initial: S, mut step: impl FnMut(Step<'_, 't, S>) -> Option<S>) {
    let mut cursor = root.walk();
    let mut above: Vec<(Node<'t>, S)> = Vec::new();
    loop {
        let node = cursor.node();
        let state = above.last().map_or(&initial, |(_, state)| state);
        let next = step(Step { node, field: cursor.field_name(), state, above: &above });
        if let Some(state) = next
            && cursor.goto_first_child()
        {
            above.push((node, state));
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
            above.pop();
        }
    }
}

/// The named children without comments, in order.
pub fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// The expression inside any number of parentheses.
pub fn inner(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == "parenthesized_expression" {
        let mut cursor = node.walk();
        let child = node.named_children(&mut cursor).find(|child| child.kind() != "comment");
        match child {
            Some(child) => node = child,
            None => break,
        }
    }
    node
}
