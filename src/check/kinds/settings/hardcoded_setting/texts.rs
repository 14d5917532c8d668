//! Texts that code puts together, such as the names of files and modules, as far
//! as they can be told.

use std::cell::Cell;

use tree_sitter::Node;

use super::environment::is_environment;
use crate::lang::python::{
    Bound, Call, Module, Use, children, inner, is_interpolated, last_name, reads_with_default,
};

/// So many ways to put one text together are told apart.
const MOST: usize = 24;

/// So deep may expressions nest, and so many may take part in one.
const DEEPEST: usize = 24;
const MOST_STEPS: usize = 256;

/// A piece of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// What the code says.
    Said(String),
    /// What comes from outside of the code.
    Outside,
    /// What the code does not tell.
    Unknown,
}

/// One way to put a text together.
pub(super) type Text = Vec<Part>;

/// What is passed for a parameter, where that is known.
pub(super) type Argument<'a, 't> = &'a dyn Fn(&str) -> Option<(Node<'t>, Use)>;

/// All texts that an expression can give.
pub(super) fn of<'t>(
    module: &Module<'t>,
    node: Node<'t>,
    at: Use,
    argument: Argument<'_, 't>,
) -> Vec<Text> {
    let reader = Reader { module, argument, steps: Cell::new(MOST_STEPS) };
    let mut texts = reader.read(node, at, DEEPEST);
    for text in &mut texts {
        let mut merged: Text = Vec::new();
        for part in text.drain(..) {
            match (merged.last_mut(), part) {
                (Some(Part::Said(before)), Part::Said(more)) => before.push_str(&more),
                (_, part) => merged.push(part),
            }
        }
        *text = merged;
    }
    texts
}

fn said(text: &str) -> Vec<Text> {
    vec![vec![Part::Said(text.to_owned())]]
}

fn unknown() -> Vec<Text> {
    vec![vec![Part::Unknown]]
}

/// All ways to put these one behind the other.
fn chained(parts: Vec<Vec<Text>>) -> Vec<Text> {
    let mut all: Vec<Text> = vec![Vec::new()];
    for part in parts {
        if all.len().saturating_mul(part.len()) > MOST {
            return unknown();
        }
        all = all
            .iter()
            .flat_map(|before| part.iter().map(move |more| [before.as_slice(), more].concat()))
            .collect();
    }
    all
}

struct Reader<'a, 't> {
    module: &'a Module<'t>,
    argument: Argument<'a, 't>,
    /// So much may one expression still cost.
    steps: Cell<usize>,
}

impl<'t> Reader<'_, 't> {
    fn read(&self, node: Node<'t>, at: Use, depth: usize) -> Vec<Text> {
        let steps = self.steps.get().checked_sub(1).filter(|_| self.module.spend(1));
        let Some((depth, steps)) = depth.checked_sub(1).zip(steps) else { return unknown() };
        self.steps.set(steps);
        let node = inner(node);
        let field = |name| node.child_by_field_name(name);
        match node.kind() {
            "string" if is_interpolated(node) => {
                let pieces = children(node).into_iter().filter_map(|piece| match piece.kind() {
                    "interpolation" => {
                        Some(self.read(piece.child_by_field_name("expression")?, at, depth))
                    }
                    "string_content" => Some(said(self.module.source(piece))),
                    _ => None,
                });
                chained(pieces.collect())
            }
            "string" => self.module.plain_string(node).map_or_else(unknown, |s| said(&s.text)),
            "integer" => said(self.module.source(node)),
            "concatenated_string" => {
                chained(children(node).into_iter().map(|n| self.read(n, at, depth)).collect())
            }
            "binary_operator" => {
                let (Some(left), Some(right)) = (field("left"), field("right")) else {
                    return unknown();
                };
                match field("operator").map(|operator| operator.kind()) {
                    Some("+") => {
                        chained(vec![self.read(left, at, depth), self.read(right, at, depth)])
                    }
                    Some("/") => self.joined("/", &[left, right], at, depth),
                    Some("%") => {
                        let given = match right.kind() {
                            "tuple" => children(right),
                            _ => vec![right],
                        };
                        self.filled(left, '%', &given, at, depth)
                    }
                    _ => unknown(),
                }
            }
            "conditional_expression" => match children(node).as_slice() {
                [body, _, other] => self.either(&[*body, *other], at, depth),
                _ => unknown(),
            },
            "boolean_operator" => {
                let is_or = field("operator").is_some_and(|operator| operator.kind() == "or");
                let left = field("left").filter(|_| is_or);
                let sides: Vec<_> = left.into_iter().chain(field("right")).collect();
                self.either(&sides, at, depth)
            }
            "subscript" if field("value").is_some_and(|of| is_environment(self.module, of)) => {
                vec![vec![Part::Outside]]
            }
            "identifier" | "attribute" => self.name(node, at, depth),
            "call" => self.call(node, at, depth),
            _ => unknown(),
        }
    }

    /// Each of them may be it.
    fn either(&self, nodes: &[Node<'t>], at: Use, depth: usize) -> Vec<Text> {
        let all: Vec<Text> = nodes.iter().flat_map(|node| self.read(*node, at, depth)).collect();
        if all.len() > MOST || all.is_empty() { unknown() } else { all }
    }

    fn joined(&self, with: &str, nodes: &[Node<'t>], at: Use, depth: usize) -> Vec<Text> {
        let mut parts = Vec::new();
        for node in nodes {
            if !parts.is_empty() {
                parts.push(said(with));
            }
            parts.push(self.read(*node, at, depth));
        }
        if parts.is_empty() { unknown() } else { chained(parts) }
    }

    /// A template whose places are filled in.
    fn filled(
        &self,
        template: Node<'t>,
        mark: char,
        given: &[Node<'t>],
        at: Use,
        depth: usize,
    ) -> Vec<Text> {
        let [only] = self.read(template, at, depth).try_into().unwrap_or([unknown().concat()]);
        let [Part::Said(template)] = only.as_slice() else { return unknown() };
        let mut parts = Vec::new();
        let mut rest = template.as_str();
        let mut given = given.iter();
        while let Some((before, after)) = rest.split_once(mark) {
            parts.push(said(before));
            let (name, after) = match mark {
                '%' if after.starts_with('(') => after.split_once(')').unwrap_or((after, "")),
                '%' => ("", after),
                _ => after.split_once('}').unwrap_or((after, "")),
            };
            rest = if mark == '%' { after.get(1..).unwrap_or_default() } else { after };
            let plain = name.trim_start_matches('(').is_empty();
            let value = given.next().filter(|_| plain);
            parts.push(value.map_or_else(unknown, |node| self.read(*node, at, depth)));
        }
        parts.push(said(rest));
        chained(parts)
    }

    fn name(&self, node: Node<'t>, at: Use, depth: usize) -> Vec<Text> {
        let bindings = self.module.lookup(node, at);
        if bindings.is_empty() {
            let outside = node.kind() == "attribute"
                && node
                    .child_by_field_name("object")
                    .is_some_and(|object| is_environment(self.module, object));
            return if outside { vec![vec![Part::Outside]] } else { unknown() };
        }
        let name = self.module.source(node);
        let mut all = Vec::new();
        for binding in bindings {
            let there = Use { scope: binding.scope, at: binding.at };
            match binding.bound {
                Bound::Value(value) => all.extend(self.read(value, there, depth)),
                Bound::Default(value) => match (self.argument)(name) {
                    Some((argument, at)) => all.extend(self.read(argument, at, depth)),
                    None => {
                        all.extend(self.read(value, there, depth));
                        all.extend(self.passed(binding.scope, name, depth));
                    }
                },
                Bound::Parameter => match (self.argument)(name) {
                    Some((argument, at)) => all.extend(self.read(argument, at, depth)),
                    None => all.extend(self.passed(binding.scope, name, depth)),
                },
                Bound::Among(of) if matches!(inner(of).kind(), "list" | "tuple") => {
                    all.extend(self.either(&children(inner(of)), there, depth));
                }
                Bound::Among(_) | Bound::Scope(_) | Bound::Unknown => all.extend(unknown()),
            }
        }
        if all.len() > MOST || all.is_empty() { unknown() } else { all }
    }

    /// What the file passes for a parameter of one of its functions.
    fn passed(&self, function: usize, name: &str, depth: usize) -> Vec<Text> {
        let Some(scope) = self.module.scopes().get(function) else { return unknown() };
        let place = scope.parameters.iter().position(|own| *own == name);
        let bound = scope.parameters.first().is_some_and(|own| matches!(*own, "self" | "cls"));
        let place = place.and_then(|place| place.checked_sub(usize::from(bound)));
        let calls: Vec<_> = self.module.calls(scope.name).copied().take(MOST).collect();
        let given = calls.into_iter().filter_map(|(node, at)| {
            let call = Call::of(node)?;
            let argument = call.keyword(self.module.text, &[name]);
            Some((argument.or_else(|| call.positional.get(place?).copied())?, at))
        });
        let all: Vec<Text> = given.flat_map(|(node, at)| self.read(node, at, depth)).collect();
        if all.len() > MOST || all.is_empty() { unknown() } else { all }
    }

    fn call(&self, node: Node<'t>, at: Use, depth: usize) -> Vec<Text> {
        let Some(call) = Call::of(node) else { return unknown() };
        let text = self.module.text;
        let name = call.name(text);
        let receiver = call.receiver();
        let of_path = receiver.and_then(|of| last_name(text, of)) == Some("path");
        match (name, receiver) {
            ("join" | "joinpath", Some(of)) if of.kind() == "string" => {
                let listed = call.positional.first().map(|list| inner(*list));
                let listed = listed.filter(|list| matches!(list.kind(), "list" | "tuple"));
                let with = self.module.plain_string(of).map(|with| with.text).unwrap_or_default();
                listed.map_or_else(unknown, |list| self.joined(&with, &children(list), at, depth))
            }
            ("join", _) => self.joined("/", &call.positional, at, depth),
            ("joinpath", Some(of)) => {
                let all: Vec<_> = std::iter::once(of).chain(call.positional).collect();
                self.joined("/", &all, at, depth)
            }
            ("Path" | "PurePath" | "PosixPath" | "safe_join", _) => {
                self.joined("/", &call.positional, at, depth)
            }
            ("with_name", _) => {
                let own = call.positional.first().map(|own| self.read(*own, at, depth));
                own.map_or_else(unknown, |own| chained(vec![unknown(), said("/"), own]))
            }
            ("format", Some(of)) => self.filled(of, '{', &call.positional, at, depth),
            ("lower" | "upper", Some(of)) => {
                let mut all = self.read(of, at, depth);
                for part in all.iter_mut().flatten() {
                    if let Part::Said(text) = part {
                        *text =
                            if name == "lower" { text.to_lowercase() } else { text.to_uppercase() };
                    }
                }
                all
            }
            ("capitalize" | "title", Some(of)) => {
                let mut all = self.read(of, at, depth);
                for part in all.iter_mut().filter_map(|text| text.first_mut()) {
                    if let Part::Said(text) = part {
                        let rest = text.split_off(text.chars().next().map_or(0, char::len_utf8));
                        *text = text.to_uppercase() + &rest.to_lowercase();
                    }
                }
                all
            }
            ("strip" | "rstrip" | "lstrip" | "resolve" | "absolute" | "as_posix", Some(of))
                if !of_path =>
            {
                self.read(of, at, depth)
            }
            ("str" | "fspath" | "abspath" | "realpath" | "normpath" | "fsdecode", _) => {
                let first = call.positional.first();
                first.map_or_else(unknown, |first| self.read(*first, at, depth))
            }
            ("home" | "gettempdir" | "expanduser" | "input", _) => vec![vec![Part::Outside]],
            _ => self.other_call(&call, at, depth),
        }
    }

    /// A reading with a default, or a function of the file.
    fn other_call(&self, call: &Call<'t>, at: Use, depth: usize) -> Vec<Text> {
        if let Some((_, default)) = reads_with_default(self.module.text, call) {
            let outside = is_environment(self.module, call.function)
                || matches!(call.name(self.module.text), "config" | "getenv");
            let mut all = vec![vec![if outside { Part::Outside } else { Part::Unknown }]];
            all.extend(default.map(|default| self.read(default, at, depth)).unwrap_or_default());
            return if all.len() > MOST { unknown() } else { all };
        }
        let found = self.module.lookup(call.function, at).into_iter();
        let functions = found.filter_map(|binding| match binding.bound {
            Bound::Scope(id) => self.module.scopes().get(id).map(|scope| (id, scope)),
            _ => None,
        });
        let all: Vec<Text> = functions
            .flat_map(|(id, scope)| scope.returns.iter().map(move |value| (id, *value)))
            .flat_map(|(id, value)| {
                self.read(value, Use { scope: id, at: value.start_byte() }, depth)
            })
            .collect();
        if all.len() > MOST || all.is_empty() { unknown() } else { all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::SourceFile;
    use crate::model::RepoPath;

    fn shown(code: &str) -> Vec<String> {
        let file = SourceFile::new(RepoPath::new("a.py").expect("a path"), code.to_owned());
        let module = Module::new(file.text(), file.python().expect("a tree").root_node());
        let (node, at) = *module.calls("ask").next().expect("a call");
        let node = Call::of(node).expect("a call").positional[0];
        let show = |text: Text| -> String {
            let show = |part: &Part| match part {
                Part::Said(text) => text.clone(),
                Part::Outside => "<outside>".to_owned(),
                Part::Unknown => "*".to_owned(),
            };
            text.iter().map(show).collect()
        };
        of(&module, node, at, &|_| None).into_iter().map(show).collect()
    }

    #[test]
    fn texts_are_put_together() {
        for (code, expected) in [
            ("ask('a.b')", &["a.b"][..]),
            ("ask('a.' + os.environ['E'])", &["a.<outside>"]),
            ("ask('a.' + os.environ.get('E', 'dev'))", &["a.<outside>", "a.dev"]),
            ("E = os.getenv('E') or 'dev'\nask(f'a.{E}')", &["a.<outside>", "a.dev"]),
            ("ask('a.%s.c' % os.getenv('E', 'b'))", &["a.<outside>.c", "a.b.c"]),
            ("ask('a.%s.%s' % ('b', 'c'))", &["a.b.c"]),
            ("ask('a.{}'.format(os.getenv('E', 'b')))", &["a.<outside>", "a.b"]),
            ("ask('a.{e}'.format(e='b'))", &["a.*"]),
            ("ask('.'.join(['a', 'b']))", &["a.b"]),
            ("ask(os.path.join(BASE, 'a', 'b.txt'))", &["*/a/b.txt"]),
            ("ask(Path(__file__).parent / 'a.txt')", &["*/a.txt"]),
            ("ask(Path(__file__).with_name('a.txt'))", &["*/a.txt"]),
            ("ask(str((HERE / 'x').resolve()))", &["*/x"]),
            ("def f(n):\n    return ask(n)\nf('a')\nf('b')\n", &["a", "b"]),
            ("ask('a' if x else 'b')", &["a", "b"]),
            ("ask(f'Dev{x.y()}')", &["Dev*"]),
            (
                "ask(os.getenv('E', 'dev').capitalize() + 'Config')",
                &["<outside>Config", "DevConfig"],
            ),
            ("ask(g())", &["*"]),
            ("def g():\n    return 'a'\nask(g())", &["a"]),
        ] {
            assert_eq!(shown(code), expected, "{code}");
        }
    }
}
