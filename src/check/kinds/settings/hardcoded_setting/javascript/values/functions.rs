//! What functions return, and what is given to them.

use std::rc::Rc;

use tree_sitter::Node;

use super::super::conditions::is_for_others;
use super::super::packages::is_aside;
use super::super::value::{At, Values};
use super::{Around, Search};
use crate::facts::ScriptsNaming;
use crate::lang::javascript::{Bound, Module, chain, children, walk};

/// So many callers of a function are looked at.
const MOST_CALLERS: usize = 50;

/// For so many functions all files are asked who calls them.
const MOST_ASKED: usize = 40;

/// What functions are called that take the result, behind an error.
const CALLBACKS: &[&str] = &["done", "callback", "cb", "next"];

fn is_callback(code: &str) -> bool {
    CALLBACKS.iter().any(|name| code.strip_prefix(name).is_some_and(|rest| rest.starts_with('(')))
}

impl<'w> Search<'_, 'w> {
    /// What a function returns.
    pub(super) fn returned(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let Some(body) = at.node.child_by_field_name("body") else {
            return Values::unknown(at, "comes from a function that is not followed");
        };
        if body.kind() != "statement_block" {
            if is_callback(at.module.code(body)) {
                return self.handed_to_callback(at, body, around);
            }
            return self.value(&at.with(body), way, around);
        }
        let mut returns = Vec::new();
        walk(body, |node| {
            if node.kind() == "return_statement" {
                returns.extend(children(node).into_iter().next());
            }
            !is_function(node)
        });
        returns.retain(|value| !is_for_others(&at.module, *value));
        // `(req, token, done) => done(null, key)` gives its key to a callback
        if returns.is_empty() {
            return self.handed_to_callback(at, body, around);
        }
        returns
            .into_iter()
            .fold(Values::default(), |all, value| all.or(self.value(&at.with(value), way, around)))
    }

    fn handed_to_callback(&self, at: &At<'w>, body: Node<'w>, around: &Around<'w>) -> Values<'w> {
        let mut given = Vec::new();
        walk(body, |node| {
            if node.kind() == "call_expression"
                && let Some(function) = node.child_by_field_name("function")
                && let Some(arguments) = node.child_by_field_name("arguments")
                && CALLBACKS.contains(&at.module.code(function))
                && let [first, second, ..] = children(arguments).as_slice()
                && first.kind() == "null"
            {
                given.push(*second);
            }
            true
        });
        if given.is_empty() {
            return Values::unknown(at, "comes from a function that is not followed");
        }
        self.values_of(at, &given, around)
    }

    /// What is given to a parameter: by the call that is followed, or by all
    /// calls in the file.
    pub(super) fn given(
        &self,
        function: &At<'w>,
        index: usize,
        way: &[String],
        around: &Around<'w>,
    ) -> Values<'w> {
        let mut frame = around.frame.clone();
        while let Some(call) = frame {
            if call.function == function.id() {
                let around = Around { depth: around.depth + 1, frame: call.around.frame.clone() };
                return match call.arguments.get(index) {
                    Some(argument) => self.value(argument, way, &around),
                    None => Values::default(),
                };
            }
            frame = call.around.frame.clone();
        }
        let unknown =
            || Values::unknown(function, "comes from a parameter, whose callers are not followed");
        let Some(name) = name_of(function) else { return unknown() };
        let mut all = Values::default();
        let mut seen = 0;
        let outer = Around { depth: around.depth + 1, frame: None };
        let Some(modules) = self.modules_that_may_call(function, &name) else { return unknown() };
        for module in modules {
            let mut calls = Vec::new();
            walk(module.root, |node| {
                if node.kind() == "call_expression"
                    && let Some(called) = node.child_by_field_name("function")
                    && last(module.code(called)) == name
                {
                    calls.push(node);
                }
                true
            });
            for call in calls {
                let at = At { module: module.clone(), node: call };
                let arguments = call.child_by_field_name("arguments").map(children);
                let argument = arguments.and_then(|all| all.get(index).copied());
                seen += 1;
                if seen > MOST_CALLERS {
                    return all.or(unknown());
                }
                // a call inside the function itself hands its own parameter on
                if let Some(argument) = argument
                    && (module.path() != function.module.path()
                        || !function.node.byte_range().contains(&argument.start_byte()))
                {
                    all = all.or(self.value(&at.with(argument), way, &outer));
                }
            }
        }
        if seen == 0 { unknown() } else { all }
    }

    /// The file of a function, and all others that name it.
    fn modules_that_may_call(&self, function: &At<'w>, name: &str) -> Option<Vec<Rc<Module<'w>>>> {
        let own = function.module.path();
        let mut all = vec![Rc::clone(&function.module)];
        let asked = self.asked.get() + 1;
        self.asked.set(asked);
        if asked > MOST_ASKED {
            return None;
        }
        let naming = self.world.cx.get::<ScriptsNaming>(&name.to_owned()).ok()?;
        for path in naming.paths.iter().filter(|path| *path != own && !is_aside(path)) {
            all.push(self.world.module(path)?);
        }
        Some(all)
    }

    /// The function that a callee names, in this file or another.
    pub(super) fn function(&self, callee: &At<'w>) -> Option<At<'w>> {
        let module = &callee.module;
        match callee.node.kind() {
            "identifier" => {
                let name = callee.code();
                let bound: Vec<Bound<'w>> = module
                    .bound(name, callee.node.start_byte())
                    .into_iter()
                    .map(|binding| binding.bound.clone())
                    .collect();
                bound.into_iter().find_map(|bound| match bound {
                    Bound::Function(node) => Some(callee.with(node)),
                    Bound::Value { of: Some(of), way, .. } if way.is_empty() => {
                        self.expression(&callee.with(of)).filter(|at| is_function(at.node))
                    }
                    Bound::Value { of: Some(of), way, .. } => {
                        let from = module.required(of)?;
                        self.function_of(callee, &from, &way)
                    }
                    Bound::Import { from, what } => self.function_of(callee, &from, &what.way()),
                    _ => None,
                })
            }
            "member_expression" => {
                let (root, way) = chain(module.text, callee.node)?;
                let object = callee.node.child_by_field_name("object")?;
                if root == "this" {
                    let [name] = way.as_slice() else { return None };
                    return method_of(callee, name);
                }
                let at = callee.with(object);
                let bound: Vec<Bound<'w>> = module
                    .bound(root, at.node.start_byte())
                    .into_iter()
                    .map(|binding| binding.bound.clone())
                    .collect();
                bound.into_iter().find_map(|bound| match bound {
                    Bound::Import { from, what } => {
                        let mut all = what.way();
                        all.extend(way.iter().cloned());
                        self.function_of(callee, &from, &all)
                    }
                    Bound::Value { of: Some(of), way: inside, .. } => {
                        let mut all = inside;
                        all.extend(way.iter().cloned());
                        if let Some(from) = module.required(of) {
                            return self.function_of(callee, &from, &all);
                        }
                        let [name] = all.as_slice() else { return None };
                        children(of)
                            .into_iter()
                            .filter(|_| of.kind() == "object")
                            .find(|part| {
                                let named = part
                                    .child_by_field_name("name")
                                    .or(part.child_by_field_name("key"));
                                named.is_some_and(|named| module.code(named) == name)
                            })
                            .map(|part| part.child_by_field_name("value").unwrap_or(part))
                            .map(|node| callee.with(node))
                            .filter(|at| is_function(at.node))
                    }
                    _ => None,
                })
            }
            _ if is_function(callee.node) => Some(callee.clone()),
            _ => None,
        }
    }
}

/// A method of the class around a call of it.
fn method_of<'w>(at: &At<'w>, name: &str) -> Option<At<'w>> {
    let mut node = at.node;
    while node.kind() != "class_body" {
        node = node.parent()?;
    }
    children(node)
        .into_iter()
        .filter(|part| part.kind() == "method_definition")
        .find(|part| {
            part.child_by_field_name("name").is_some_and(|named| at.module.code(named) == name)
        })
        .map(|node| at.with(node))
}

/// Whether a node is a function.
pub(super) fn is_function(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "arrow_function"
            | "function_expression"
            | "function_declaration"
            | "method_definition"
            | "generator_function"
            | "generator_function_declaration"
    )
}

fn last(code: &str) -> &str {
    code.rsplit(['.', '?', ' ']).next().unwrap_or_default()
}

/// The name by which a function is called.
fn name_of(function: &At<'_>) -> Option<String> {
    let module = &function.module;
    let named = function.node.child_by_field_name("name").or_else(|| {
        let parent = function.node.parent()?;
        match parent.kind() {
            "variable_declarator" => parent.child_by_field_name("name"),
            "pair" => parent.child_by_field_name("key"),
            "assignment_expression" => {
                parent.child_by_field_name("left")?.child_by_field_name("property")
            }
            _ => None,
        }
    })?;
    let name = module.code(named);
    // who makes an object of a class gives its constructor what it takes
    (name != "constructor" && !name.is_empty()).then(|| name.to_owned())
}
