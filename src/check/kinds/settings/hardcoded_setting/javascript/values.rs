//! What an expression comes to, followed through names, properties, calls and
//! modules.

mod calls;
mod environment;
mod functions;
mod modules;
mod names;
mod objects;
mod paths;
mod readers;
mod schemas;

use std::cell::Cell;
use std::rc::Rc;

use tree_sitter::Node;

use super::conditions::in_production;
use super::value::{At, Literal, Values};
use super::world::World;
use crate::lang::javascript::{children, inner, key, string};

/// An expression is followed through so many steps at most.
const DEEPEST: usize = 60;

/// So many steps are taken for one key.
const MOST_STEPS: usize = 6_000;

/// Stands for a property whose name is not known.
pub(super) const ANY: &str = "*";

/// Follows expressions.
pub(super) struct Search<'a, 'w> {
    /// The project.
    pub(super) world: &'a World<'w>,
    steps: Cell<usize>,
    /// For how many functions it was asked who calls them.
    asked: Cell<usize>,
}

/// The calls around an expression, and how deep it is.
#[derive(Clone, Default)]
pub(super) struct Around<'w> {
    depth: usize,
    frame: Option<Rc<Frame<'w>>>,
}

/// One call: the function, and what is given to it.
struct Frame<'w> {
    function: (usize, usize),
    arguments: Vec<At<'w>>,
    around: Around<'w>,
}

impl<'w> Around<'w> {
    fn deeper(&self) -> Self {
        Self { depth: self.depth + 1, frame: self.frame.clone() }
    }

    fn calling(&self, function: &At<'w>, arguments: Vec<At<'w>>) -> Self {
        let frame = Frame { function: function.id(), arguments, around: self.clone() };
        Self { depth: self.depth + 1, frame: Some(Rc::new(frame)) }
    }
}

impl<'a, 'w> Search<'a, 'w> {
    /// A new one.
    pub(super) fn new(world: &'a World<'w>) -> Self {
        Self { world, steps: Cell::new(0), asked: Cell::new(0) }
    }

    /// What is found in an expression along a way of properties.
    pub(super) fn of(&self, at: &At<'w>, way: &[String]) -> Values<'w> {
        self.steps.set(0);
        self.value(at, way, &Around::default())
    }

    fn value(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let at = &at.with(inner(at.node));
        self.steps.set(self.steps.get() + 1);
        if around.depth > DEEPEST || self.steps.get() > MOST_STEPS || way.len() > DEEPEST {
            return Values::unknown(at, "is followed through too many steps");
        }
        let around = &around.deeper();
        let field = |name| at.node.child_by_field_name(name).map(|node| at.with(node));
        match at.node.kind() {
            "string" | "template_string" => self.text(at, way, around),
            "number" if way.is_empty() => Values::literal(at, at.code().to_owned()),
            "number" | "true" | "false" | "null" | "undefined" | "regex" => Values::default(),
            "identifier" | "shorthand_property_identifier" => self.name(at, way, around),
            "this" => self.own_field(at, way, around),
            "member_expression" | "subscript_expression" => self.member(at, way, around),
            "object" => self.object(at, way, around),
            "array" => self.array(at, way, around),
            "binary_expression" => self.binary(at, way, around),
            "ternary_expression" => {
                let branch =
                    |name| field(name).map(|at| self.value(&at, way, around)).unwrap_or_default();
                let condition = at.node.child_by_field_name("condition");
                match condition.and_then(|condition| in_production(&at.module, condition)) {
                    Some(true) => branch("consequence"),
                    Some(false) => branch("alternative"),
                    None => branch("consequence").or(branch("alternative")),
                }
            }
            "call_expression" => self.call(at, way, around),
            "new_expression" => self.made(at, way, around),
            "assignment_expression" => {
                field("right").map(|at| self.value(&at, way, around)).unwrap_or_default()
            }
            "sequence_expression" => {
                let last = children(at.node).pop();
                last.map(|node| self.value(&at.with(node), way, around)).unwrap_or_default()
            }
            "unary_expression" => Values::default(),
            "arrow_function"
            | "function_expression"
            | "function_declaration"
            | "method_definition"
                if way.is_empty() =>
            {
                self.returned(at, way, around)
            }
            _ => Values::unknown(at, format!("comes from `{}`, which is not followed", at.shown())),
        }
    }

    fn text(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        if !way.is_empty() {
            return Values::default();
        }
        if let Some(text) = string(at.module.text, at.node) {
            return Values::literal(at, text);
        }
        let parts = children(at.node).into_iter().map(|part| match part.kind() {
            "template_substitution" => match children(part).first() {
                Some(inside) => self.value(&at.with(*inside), &[], around),
                None => Values::default(),
            },
            _ => Values::literal(&at.with(part), at.module.code(part).to_owned()),
        });
        Values::joined(parts.collect(), at)
    }

    fn binary(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let side = |name| {
            let side = at.node.child_by_field_name(name).map(|node| at.with(node));
            move |way: &[String]| {
                side.map(|side| self.value(&side, way, around)).unwrap_or_default()
            }
        };
        let operator = at.node.child_by_field_name("operator");
        match operator.map(|node| at.module.code(node)) {
            Some("||" | "??") => {
                let left = side("left")(way);
                if left.is_fixed() { left } else { left.or_else(side("right")(way)) }
            }
            Some("&&") => {
                let left = at.node.child_by_field_name("left");
                match left.and_then(|left| in_production(&at.module, left)) {
                    Some(false) => Values::default(),
                    _ => side("right")(way),
                }
            }
            Some("+") if way.is_empty() => {
                Values::joined(vec![side("left")(&[]), side("right")(&[])], at)
            }
            _ => Values::default(),
        }
    }

    fn member(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        if let Some(values) = self.environment(at, way) {
            return values;
        }
        let Some(object) = at.node.child_by_field_name("object") else { return Values::default() };
        let name = match at.node.child_by_field_name("property") {
            Some(property) => key(at.module.text, property),
            None => {
                let index = at.node.child_by_field_name("index");
                index.and_then(|index| self.constant(&at.with(index), around))
            }
        };
        let name = name.unwrap_or_else(|| ANY.to_owned());
        let longer: Vec<String> =
            std::iter::once(name.clone()).chain(way.iter().cloned()).collect();
        let values = self.value(&at.with(object), &longer, around);
        if name == ANY { values } else { values.through(&name) }
    }

    /// What an index is, when it is one text on all ways.
    fn constant(&self, at: &At<'w>, around: &Around<'w>) -> Option<String> {
        let values = self.value(at, &[], around);
        match values.literals.as_slice() {
            [Literal { text, .. }] if values.is_fixed() => Some(text.clone()),
            _ => None,
        }
    }

    fn values_of(&self, at: &At<'w>, nodes: &[Node<'w>], around: &Around<'w>) -> Values<'w> {
        nodes
            .iter()
            .fold(Values::default(), |all, node| all.or(self.value(&at.with(*node), &[], around)))
    }
}

/// The last name of a callee.
fn last(code: &str) -> &str {
    code.rsplit(['.', '?']).next().unwrap_or_default()
}
