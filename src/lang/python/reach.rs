//! Which code production runs, told while a walk goes down the tree.

use std::ops::Range;

use tree_sitter::Node;

use super::call::{Call, dotted};
use super::constant::key_text;
use super::module::Module;
use super::names::{ScopeId, Use};
use super::truth::truth;
use super::walk::{Step, children, inner, kind};
use super::words::{Meaning, meaning};
use super::world::World;

/// Where a walk is, and whether production comes there.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    /// The scope.
    pub scope: ScopeId,
    /// The bytes of the innermost block.
    pub block: Range<usize>,
    /// Inside an `except` clause of this scope.
    pub handler: bool,
    /// Of the node's children those within these bytes never run in production.
    dead: Range<usize>,
}

impl Reach {
    /// The start of a walk over a whole file.
    pub(crate) fn new(module: &Module<'_>) -> Self {
        Self { scope: 0, block: module.root.byte_range(), handler: false, dead: 0..0 }
    }

    /// As where something at this byte is used.
    pub(crate) fn at(&self, offset: usize) -> Use {
        Use { scope: self.scope, at: offset }
    }

    /// The state for a node's children; nothing when production never runs the
    /// node. `above` is the parent's; `left_out` tells the names of classes and functions that do not count.
    pub(crate) fn enter<S>(
        module: &Module<'_>,
        step: &Step<'_, '_, S>,
        above: &Self,
        left_out: &dyn Fn(&str) -> bool,
    ) -> Option<Self> {
        let node = step.node;
        if above.dead.contains(&node.start_byte()) && !node.byte_range().is_empty() {
            return None;
        }
        let mut reach = Self { dead: 0..0, ..above.clone() };
        let holds = |condition: Node<'_>| {
            truth(module, condition, above.at(condition.start_byte()), &World::default())
        };
        if step.field == Some("consequence")
            && let Some(condition) =
                step.parent().and_then(|parent| parent.child_by_field_name("condition"))
            && holds(condition) == Some(false)
        {
            return None;
        }
        match step.kind {
            "class_definition" | "function_definition" => {
                let name = node.child_by_field_name("name").map(|name| module.source(name));
                if name.is_some_and(left_out)
                    || is_test_case(module, node)
                    || step.parent().is_some_and(|parent| is_fixture(module, parent))
                {
                    return None;
                }
            }
            "block" | "module" => {
                reach.block = node.byte_range();
                if let Some(scope) = step.parent().and_then(|parent| module.scope_of(parent)) {
                    reach.scope = scope;
                    reach.handler = false;
                }
                reach.dead = dead_after(module, node, reach.scope);
            }
            "except_clause" => reach.handler = true,
            "if_statement" => {
                let mut clauses = vec![node];
                let mut cursor = node.walk();
                clauses.extend(node.children_by_field_name("alternative", &mut cursor));
                let sure = clauses.iter().copied().find(|clause| {
                    clause.child_by_field_name("condition").and_then(holds) == Some(true)
                });
                if let Some(sure) = sure
                    && let Some(body) = sure.child_by_field_name("consequence")
                {
                    reach.dead = body.end_byte().max(body.start_byte() + 1)..node.end_byte();
                }
            }
            "conditional_expression" => {
                if let [body, condition, other] = children(node).as_slice() {
                    reach.dead = match holds(*condition) {
                        Some(true) => other.byte_range(),
                        Some(false) => body.byte_range(),
                        None => 0..0,
                    };
                }
            }
            "case_clause" if is_development_case(module, node, above) => return None,
            _ => {}
        }
        Some(reach)
    }
}

/// What follows, in a block, an `if` that always ends the program or function in
/// production.
fn dead_after(module: &Module<'_>, block: Node<'_>, scope: ScopeId) -> Range<usize> {
    for statement in children(block) {
        if kind(statement) != "if_statement" {
            continue;
        }
        let parts = statement
            .child_by_field_name("condition")
            .zip(statement.child_by_field_name("consequence"));
        let Some((condition, body)) = parts else { continue };
        let at = Use { scope, at: condition.start_byte() };
        if ends(module, body) && truth(module, condition, at, &World::default()) == Some(true) {
            return statement.end_byte()..block.end_byte();
        }
    }
    0..0
}

/// Whether a block is sure to end in an exception or the program's end.
pub(crate) fn ends_badly(module: &Module<'_>, block: Node<'_>) -> bool {
    leaves(module, block, false)
}

/// Whether a block is sure to leave its function, by returning or worse.
pub(crate) fn ends(module: &Module<'_>, block: Node<'_>) -> bool {
    leaves(module, block, true)
}

fn leaves(module: &Module<'_>, block: Node<'_>, returns_too: bool) -> bool {
    for statement in children(block) {
        match statement.kind() {
            "raise_statement" => return true,
            "return_statement" => return returns_too,
            "break_statement" | "continue_statement" => return false,
            "expression_statement" => {
                let call = children(statement).first().copied().and_then(Call::of);
                if call.is_some_and(|call| is_exit(module, &call)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn is_exit(module: &Module<'_>, call: &Call<'_>) -> bool {
    let name = dotted(module.text, call.function).unwrap_or_default();
    matches!(name.as_str(), "exit" | "quit" | "sys.exit" | "os._exit" | "os.abort" | "abort")
}

fn is_test_case(module: &Module<'_>, class: Node<'_>) -> bool {
    class.child_by_field_name("superclasses").is_some_and(|bases| {
        children(bases).into_iter().any(|base| module.source(base).ends_with("TestCase"))
    })
}

fn is_fixture(module: &Module<'_>, decorated: Node<'_>) -> bool {
    decorated.kind() == "decorated_definition"
        && children(decorated)
            .into_iter()
            .filter(|child| child.kind() == "decorator")
            .any(|decorator| module.source(decorator).contains("fixture"))
}

/// `case "development":` of a `match` over an environment's name.
fn is_development_case(module: &Module<'_>, clause: Node<'_>, above: &Reach) -> bool {
    let patterns: Vec<Node<'_>> =
        children(clause).into_iter().filter(|child| child.kind() == "case_pattern").collect();
    let mut open = patterns;
    let mut texts = Vec::new();
    while let Some(node) = open.pop() {
        match node.kind() {
            "case_pattern" | "union_pattern" => open.extend(children(node)),
            "string" => {
                let at = above.at(node.start_byte());
                texts.extend(key_text(module, inner(node), at));
            }
            _ => return false,
        }
    }
    !texts.is_empty() && texts.iter().all(|text| meaning(text) == Some(Meaning::Development))
}
