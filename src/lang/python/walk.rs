//! Walks over a syntax tree without recursion, since a file may nest its
//! expressions a hundred thousand deep.

use std::sync::LazyLock;

use tree_sitter::{Language, Node};

/// One node on a walk.
pub(crate) struct Step<'w, 't, S> {
    /// The node.
    pub node: Node<'t>,
    /// Its kind.
    pub kind: &'t str,
    /// As which field of its parent it stands there.
    pub field: Option<&'static str>,
    /// What the walk said for the parent's children.
    pub state: &'w S,
    /// The nodes above with the state of their children, the root first.
    pub above: &'w [(Node<'t>, S)],
}

impl<'t, S> Step<'_, 't, S> {
    /// The node directly above.
    pub(crate) fn parent(&self) -> Option<Node<'t>> {
        self.above.last().map(|(node, _)| *node)
    }
}

/// The words of the grammar, by their numbers: asked for one by one, they are
/// measured and checked anew each time, which is most of what a walk costs.
struct Words {
    kinds: Vec<&'static str>,
    fields: Vec<&'static str>,
}

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| tree_sitter_python::LANGUAGE.into());

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let language = &*LANGUAGE;
    let numbers = |count: usize| 0..u16::try_from(count).unwrap_or(u16::MAX);
    let kind = |id| language.node_kind_for_id(id).unwrap_or_default();
    let field = |id| language.field_name_for_id(id).unwrap_or_default();
    Words {
        kinds: numbers(language.node_kind_count()).map(kind).collect(),
        // the first is 1
        fields: numbers(language.field_count() + 1).map(field).collect(),
    }
});

/// [`Node::kind`], faster.
pub(crate) fn kind<'t>(node: Node<'t>) -> &'t str {
    WORDS.kinds.get(usize::from(node.kind_id())).copied().unwrap_or_else(|| node.kind())
}

/// Visits all nodes but punctuation and keywords, parents first. `step` gives
/// the state for a node's children, or nothing to leave them out.
pub(crate) fn walk<'t, S>(
    root: Node<'t>,
    initial: S,
    mut step: impl FnMut(Step<'_, 't, S>) -> Option<S>,
) {
    let mut cursor = root.walk();
    let mut above: Vec<(Node<'t>, S)> = Vec::new();
    loop {
        let node = cursor.node();
        let state = above.last().map_or(&initial, |(_, state)| state);
        let next = if node.is_named() {
            let field = cursor.field_id();
            let field = field.and_then(|id| WORDS.fields.get(usize::from(id.get())).copied());
            step(Step { node, kind: kind(node), field, state, above: &above })
        } else {
            None
        };
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
pub(crate) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| kind(*child) != "comment").collect()
}

/// The expression inside any number of parentheses.
pub(crate) fn inner(mut node: Node<'_>) -> Node<'_> {
    while kind(node) == "parenthesized_expression" {
        let mut cursor = node.walk();
        let child = node.named_children(&mut cursor).find(|child| kind(*child) != "comment");
        match child {
            Some(child) => node = child,
            None => break,
        }
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_fields_are_those_of_the_parser() {
        let text =
            "@a\nclass B(C):\n    d = e if f else -1\n    def g(h=1, *i): return h[0] # j\nk: (l\n";
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&tree_sitter_python::LANGUAGE.into()).expect("the grammar");
        let tree = parser.parse(text, None).expect("a tree");
        let mut steps = Vec::new();
        walk(tree.root_node(), (), |step| {
            assert_eq!(step.kind, step.node.kind());
            steps.push((step.node.id(), step.field));
            Some(())
        });
        let (mut cursor, mut expected, mut errors) = (tree.walk(), Vec::new(), 0);
        'all: loop {
            errors += usize::from(cursor.node().is_error());
            if cursor.node().is_named() {
                expected.push((cursor.node().id(), cursor.field_name()));
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    break 'all;
                }
            }
        }
        assert_eq!(steps, expected);
        assert!(errors > 0 && steps.len() > 30, "{errors} {}", steps.len());
    }
}
