//! What the names of a file are bound to.

use std::collections::HashMap;
use std::ops::Range;

use tree_sitter::Node;

use super::{children, inner, key, string, walk};

/// One thing that a name is bound to.
#[derive(Clone, Debug)]
pub(crate) struct Binding<'w> {
    /// What.
    pub bound: Bound<'w>,
    /// The bytes in which it means that.
    pub scope: Range<usize>,
}

/// What a name is bound to.
#[derive(Clone, Debug)]
pub(crate) enum Bound<'w> {
    /// A value, or what is found in it along a way of properties, or the default
    /// when nothing is.
    Value { of: Option<Node<'w>>, way: Vec<String>, default: Option<Node<'w>> },
    /// Something of another module.
    Import { from: String, what: Imported },
    /// A parameter.
    Parameter { function: Node<'w>, index: usize, way: Vec<String>, default: Option<Node<'w>> },
    /// A function.
    Function(Node<'w>),
    /// Something else: a class, a loop's variable.
    Other,
}

/// What of a module is imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Imported {
    /// What it hands out by default.
    Default,
    /// All of it.
    All,
    /// This.
    Named(String),
}

impl Imported {
    /// The properties that lead to it in what the module hands out.
    pub(crate) fn way(&self) -> Vec<String> {
        match self {
            Self::Default => vec!["default".to_owned()],
            Self::All => Vec::new(),
            Self::Named(name) => vec![name.clone()],
        }
    }
}

/// `root.way = value`.
#[derive(Clone, Debug)]
pub(crate) struct Member<'w> {
    /// The properties.
    pub way: Vec<String>,
    /// What is assigned to.
    pub left: Node<'w>,
    /// The value.
    pub value: Node<'w>,
}

type Names<'w> = HashMap<&'w str, Vec<Binding<'w>>>;

type Members<'w> = HashMap<&'w str, Vec<Member<'w>>>;

/// Where a name that is found gets its meaning from.
#[derive(Clone, Copy)]
enum From<'w> {
    Value(Option<Node<'w>>),
    Parameter(Node<'w>, usize),
    Other,
}

/// All names of a file, and what is assigned to their properties.
pub(super) fn of<'w>(text: &'w str, root: Node<'w>) -> (Names<'w>, Members<'w>) {
    let mut members = Members::new();
    let mut found = Found { text, names: Names::new() };
    let mut assigned: Vec<(Node<'w>, Node<'w>)> = Vec::new();
    walk(root, |node| {
        match node.kind() {
            "variable_declarator" => found.declare(node),
            "function_declaration" | "generator_function_declaration" => {
                if let Some(name) = node.child_by_field_name("name") {
                    found.add(name, Bound::Function(node), scope(node.parent(), true));
                }
            }
            "class_declaration" | "enum_declaration" => {
                if let Some(name) = node.child_by_field_name("name") {
                    found.add(name, Bound::Other, scope(node.parent(), true));
                }
            }
            "import_statement" => found.import(node),
            "formal_parameters" => found.parameters(node),
            "arrow_function" => {
                if let Some(only) = node.child_by_field_name("parameter") {
                    found.pattern(only, From::Parameter(node, 0), &[], None, &node.byte_range());
                }
            }
            "catch_clause" => {
                if let Some(name) = node.child_by_field_name("parameter") {
                    found.pattern(name, From::Other, &[], None, &node.byte_range());
                }
            }
            "for_in_statement" => {
                if let Some(left) = node.child_by_field_name("left") {
                    found.pattern(left, From::Other, &[], None, &node.byte_range());
                }
            }
            "assignment_expression" | "augmented_assignment_expression" => {
                let sides = node.child_by_field_name("left").zip(node.child_by_field_name("right"));
                if let Some((left, value)) = sides
                    && let Some((root, way)) = chain(text, left)
                    && !way.is_empty()
                {
                    members.entry(root).or_default().push(Member { way, left, value });
                }
                assigned.extend(sides.filter(|(left, _)| {
                    matches!(left.kind(), "identifier" | "object_pattern" | "array_pattern")
                }));
            }
            _ => {}
        }
        true
    });
    for (left, right) in assigned {
        found.assign(left, right, root);
    }
    (found.names, members)
}

/// The name at the beginning of `a.b["c"]`, and the properties behind it.
pub(crate) fn chain<'w>(text: &'w str, node: Node<'w>) -> Option<(&'w str, Vec<String>)> {
    let mut way = Vec::new();
    let mut at = inner(node);
    loop {
        match at.kind() {
            "member_expression" => {
                way.push(key(text, at.child_by_field_name("property")?)?);
            }
            "subscript_expression" => way.push(string(text, at.child_by_field_name("index")?)?),
            "identifier" | "this" => {
                way.reverse();
                return Some((text.get(at.byte_range())?, way));
            }
            _ => return None,
        }
        at = inner(at.child_by_field_name("object")?);
    }
}

struct Found<'w> {
    text: &'w str,
    names: Names<'w>,
}

impl<'w> Found<'w> {
    fn add(&mut self, name: Node<'w>, bound: Bound<'w>, scope: Range<usize>) {
        let name = self.text.get(name.byte_range()).unwrap_or_default();
        self.names.entry(name).or_default().push(Binding { bound, scope });
    }

    fn declare(&mut self, node: Node<'w>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let parent = node.parent();
        let blocks = parent.is_some_and(|parent| parent.kind() == "lexical_declaration");
        let scope = scope(parent, blocks);
        let value = node.child_by_field_name("value");
        self.pattern(name, From::Value(value), &[], None, &scope);
    }

    /// `x = value` gives a name that is declared elsewhere one more meaning.
    fn assign(&mut self, left: Node<'w>, right: Node<'w>, root: Node<'w>) {
        let name = self.text.get(left.byte_range()).unwrap_or_default();
        let at = left.start_byte();
        let known = self.names.get(name).and_then(|all| {
            let around = all.iter().filter(|binding| binding.scope.contains(&at));
            around.map(|binding| binding.scope.clone()).min_by_key(Range::len)
        });
        let scope = known.unwrap_or_else(|| root.byte_range());
        self.pattern(left, From::Value(Some(right)), &[], None, &scope);
    }

    fn pattern(
        &mut self,
        node: Node<'w>,
        from: From<'w>,
        way: &[String],
        default: Option<Node<'w>>,
        scope: &Range<usize>,
    ) {
        if way.len() > 16 {
            return;
        }
        let longer = |key: Option<String>| {
            let mut longer = way.to_vec();
            longer.push(key.unwrap_or_default());
            longer
        };
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => {
                let way = way.to_vec();
                let bound = match from {
                    From::Value(of) => Bound::Value { of, way, default },
                    From::Parameter(function, index) => {
                        Bound::Parameter { function, index, way, default }
                    }
                    From::Other => Bound::Other,
                };
                self.add(node, bound, scope.clone());
            }
            "assignment_pattern" | "object_assignment_pattern" => {
                let left = node.child_by_field_name("left");
                let right = node.child_by_field_name("right");
                let Some(left) = left else { return };
                let way = match left.kind() {
                    "shorthand_property_identifier_pattern" => longer(key(self.text, left)),
                    _ => way.to_vec(),
                };
                self.pattern(left, from, &way, right, scope);
            }
            "required_parameter" | "optional_parameter" => {
                let value = node.child_by_field_name("value");
                if let Some(pattern) = node.child_by_field_name("pattern") {
                    self.pattern(pattern, from, way, value.or(default), scope);
                }
            }
            "object_pattern" => {
                for part in children(node) {
                    match part.kind() {
                        "pair_pattern" => {
                            let of = part.child_by_field_name("key");
                            let way = longer(of.and_then(|of| key(self.text, of)));
                            if let Some(value) = part.child_by_field_name("value") {
                                self.pattern(value, from, &way, None, scope);
                            }
                        }
                        "shorthand_property_identifier_pattern" => {
                            let way = longer(key(self.text, part));
                            self.pattern(part, from, &way, None, scope);
                        }
                        "rest_pattern" => self.pattern(part, from, way, None, scope),
                        _ => self.pattern(part, from, way, default, scope),
                    }
                }
            }
            "rest_pattern" => {
                for part in children(node) {
                    self.pattern(part, from, way, default, scope);
                }
            }
            "array_pattern" => {
                for (index, part) in children(node).into_iter().enumerate() {
                    self.pattern(part, from, &longer(Some(index.to_string())), None, scope);
                }
            }
            _ => {}
        }
    }

    fn parameters(&mut self, node: Node<'w>) {
        let Some(function) = node.parent() else { return };
        let parts = children(node).into_iter();
        let parts = parts.filter(|part| !matches!(part.kind(), "this" | "decorator"));
        for (index, part) in parts.enumerate() {
            let from = From::Parameter(function, index);
            self.pattern(part, from, &[], None, &function.byte_range());
        }
    }

    fn import(&mut self, node: Node<'w>) {
        let all = node.parent().map_or(0..usize::MAX, |parent| parent.byte_range());
        let source = node.child_by_field_name("source");
        let source = source.and_then(|source| string(self.text, source));
        for clause in children(node) {
            if clause.kind() == "import_require_clause" {
                let from = clause.child_by_field_name("source");
                let from = from.and_then(|from| string(self.text, from)).unwrap_or_default();
                for name in children(clause).into_iter().filter(|n| n.kind() == "identifier") {
                    let bound = Bound::Import { from: from.clone(), what: Imported::Default };
                    self.add(name, bound, all.clone());
                }
            }
            let Some(from) = source.clone().filter(|_| clause.kind() == "import_clause") else {
                continue;
            };
            for part in children(clause) {
                let mut add = |name, what| {
                    self.add(name, Bound::Import { from: from.clone(), what }, all.clone());
                };
                match part.kind() {
                    "identifier" => add(part, Imported::Default),
                    "namespace_import" => {
                        children(part).into_iter().for_each(|name| add(name, Imported::All));
                    }
                    _ => {
                        for specifier in children(part) {
                            let Some(name) = specifier.child_by_field_name("name") else {
                                continue;
                            };
                            let said = self.text.get(name.byte_range()).unwrap_or_default();
                            let what = match said {
                                "default" => Imported::Default,
                                _ => Imported::Named(said.to_owned()),
                            };
                            let alias = specifier.child_by_field_name("alias").unwrap_or(name);
                            let bound = Bound::Import { from: from.clone(), what };
                            self.add(alias, bound, all.clone());
                        }
                    }
                }
            }
        }
    }
}

/// The bytes of the block or function around something that is declared there.
fn scope(from: Option<Node<'_>>, blocks: bool) -> Range<usize> {
    let mut node = from;
    while let Some(at) = node {
        let ends = match at.kind() {
            "program"
            | "function_declaration"
            | "function_expression"
            | "generator_function_declaration"
            | "generator_function"
            | "arrow_function"
            | "method_definition"
            | "class_static_block" => true,
            "statement_block" | "for_statement" | "for_in_statement" | "switch_body" => blocks,
            _ => false,
        };
        if ends {
            return at.byte_range();
        }
        node = at.parent();
    }
    0..usize::MAX
}

/// What a call's `require` names: `require("x")`.
pub(super) fn required(text: &str, node: Node<'_>) -> Option<String> {
    let node = inner(node);
    let function = node.child_by_field_name("function")?;
    let named = text.get(function.byte_range())?;
    let first = children(node.child_by_field_name("arguments")?).into_iter().next()?;
    (named == "require" || function.kind() == "import").then(|| string(text, first)).flatten()
}
