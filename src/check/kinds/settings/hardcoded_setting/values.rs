//! All values that an expression can have, as far as they are literals.

mod calls;
mod containers;

use std::collections::HashSet;
use std::rc::Rc;

use tree_sitter::Node;

use super::site::Site;
use crate::lang::python::{
    Binding, Bound, Call, DEEPEST, Import, Literal, Module, ScopeId, ScopeKind, Use, World,
    children, dotted, evaluate, inner, is_interpolated, is_method, key_text, last_name,
    reads_with_default, truth, walk,
};

/// So deep may expressions that are put together from others nest.
const DEEPEST_PARTS: usize = 12;

/// So deep may functions of the file call each other.
const DEEPEST_CALLS: usize = 8;

/// A literal that the setting can become.
pub(super) struct Alternative<'t> {
    /// The literal.
    pub(super) literal: Literal<'t>,
    /// How it comes to be the value.
    pub(super) form: Form,
    /// The names that it passes through on its way, each with the place where it
    /// is bound, the one nearest to the setting first.
    pub(super) names: Vec<(String, usize)>,
    /// The variable that is asked first, when this is what happens without it.
    pub(super) variable: Option<String>,
}

/// How a literal comes to be the value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// It is the value.
    Plain,
    /// It is the default of a reading function, whose name is given.
    Default(String),
    /// It stands behind `or`.
    Or,
    /// It stands in one branch of a conditional expression.
    Branch,
    /// It is the default of a declared field.
    Field,
    /// It is the default of a parameter.
    Parameter,
    /// It is passed to a function, whose name is given.
    Passed(String),
    /// It is one of what a list or dictionary holds.
    Element,
    /// It is returned by a function, whose name is given.
    Returned(String),
}

/// What an expression can be.
#[derive(Default)]
pub(super) struct Values<'t> {
    /// The literals.
    pub(super) literals: Vec<Alternative<'t>>,
    /// Literals in what cannot be followed, each with the expression around it.
    pub(super) opaque: Vec<(Node<'t>, Node<'t>)>,
    /// What comes from another module.
    pub(super) imported: Vec<Imported<'t>>,
    /// It can come from outside the code, or from a random generator.
    pub(super) outside: bool,
    /// It can be something that the file does not tell.
    pub(super) unknown: bool,
}

/// A name of another module that takes part in the value.
pub(super) struct Imported<'t> {
    /// Which.
    pub(super) import: Import,
    /// As it is called here.
    pub(super) shown: String,
    /// The call, when it is called.
    pub(super) call: Option<Node<'t>>,
    /// Where it stands.
    pub(super) node: Node<'t>,
    /// What literals are passed to it.
    pub(super) literals: Vec<Alternative<'t>>,
}

/// A call that is being followed into its function.
struct Frame<'t> {
    function: ScopeId,
    call: Node<'t>,
    at: Use,
    depth: usize,
    outer: Option<Rc<Frame<'t>>>,
}

/// An expression that may be the value.
#[derive(Clone)]
struct Open<'t> {
    node: Node<'t>,
    at: Use,
    form: Form,
    names: Vec<(String, usize)>,
    variable: Option<String>,
    frame: Option<Rc<Frame<'t>>>,
}

/// All that a site's value can be in production.
pub(super) fn of_site<'t>(module: &Module<'t>, site: &Site<'_, 't>) -> Values<'t> {
    let names = |text: &str| site.setting.is_named(text) || site.setting.has_alias(text);
    let first = open(site.value, site.at, site.variable.clone());
    Search::new(module, &names, 0).run(vec![first])
}

/// All that a name of the module's top can be.
pub(super) fn of_name<'t>(module: &Module<'t>, name: &str) -> (Values<'t>, bool) {
    let at = Use { scope: 0, at: module.text.len() };
    let nothing = |_: &str| false;
    let mut search = Search::new(module, &nothing, 0);
    let bindings = module.lookup_named(name, at);
    let found = !bindings.is_empty();
    let start = open(module.root, at, None);
    for binding in bindings {
        search.binding(&start, name, binding);
    }
    (search.run(Vec::new()), found)
}

fn open<'t>(node: Node<'t>, at: Use, variable: Option<String>) -> Open<'t> {
    Open { node, at, form: Form::Plain, names: Vec::new(), variable, frame: None }
}

struct Search<'m, 't> {
    module: &'m Module<'t>,
    /// Tells the setting's own names, which are no secrets.
    own_name: &'m dyn Fn(&str) -> bool,
    open: Vec<Open<'t>>,
    seen: HashSet<(usize, usize, usize)>,
    found: Values<'t>,
    depth: usize,
}

impl<'m, 't> Search<'m, 't> {
    fn new(module: &'m Module<'t>, own_name: &'m dyn Fn(&str) -> bool, depth: usize) -> Self {
        let (open, seen) = (Vec::new(), HashSet::new());
        Self { module, own_name, open, seen, found: Values::default(), depth }
    }

    fn run(mut self, first: Vec<Open<'t>>) -> Values<'t> {
        self.open.extend(first);
        while let Some(next) = self.open.pop() {
            if !self.module.spend(1) {
                break;
            }
            let frame = next.frame.as_ref().map_or(0, |frame| frame.call.id());
            if self.seen.insert((next.node.id(), next.at.scope, frame)) {
                self.follow(next);
            }
        }
        let start =
            |found: &Alternative<'t>| found.literal.parts.first().map(Node::start_byte);
        self.found.literals.sort_by_key(start);
        self.found
    }

    /// What parts of this expression can be, told apart from the rest.
    fn apart(&mut self, from: &Open<'t>, node: Node<'t>) -> Values<'t> {
        if self.depth >= DEEPEST_PARTS {
            self.module.give_up();
            return Values::default();
        }
        let search = Search::new(self.module, self.own_name, self.depth + 1);
        search.run(vec![Open { node: inner(node), ..from.clone() }])
    }

    fn push(&mut self, from: &Open<'t>, node: Node<'t>, form: Form) {
        self.open.push(Open { node: inner(node), form, ..from.clone() });
    }

    fn same(&mut self, from: &Open<'t>, node: Option<Node<'t>>) {
        if let Some(node) = node {
            self.push(from, node, from.form.clone());
        }
    }

    fn follow(&mut self, open: Open<'t>) {
        let node = inner(open.node);
        match node.kind() {
            "string" | "concatenated_string" | "binary_operator" => {
                if !self.constant(&open, node) {
                    self.composite(&open, node);
                }
            }
            "subscript" => {
                if !self.constant(&open, node) {
                    self.element(&open, node);
                }
            }
            "boolean_operator" => self.boolean(&open, node),
            "conditional_expression" => self.conditional(&open, node),
            "named_expression" => self.same(&open, node.child_by_field_name("value")),
            "lambda" => self.same(&open, node.child_by_field_name("body")),
            "await" => self.same(&open, children(node).first().copied()),
            "identifier" | "attribute" => self.name(&open, node),
            "call" => self.call(&open, node),
            "none" | "true" | "false" | "integer" | "float" | "ellipsis" => {}
            _ => self.not_followed(node),
        }
    }

    /// Takes a constant; false when it is none.
    fn constant(&mut self, open: &Open<'t>, node: Node<'t>) -> bool {
        let Some(literal) = evaluate(self.module, node, open.at) else { return false };
        if !literal.parts.is_empty() && !literal.value.text.is_empty() {
            self.found.literals.push(Alternative {
                literal,
                form: open.form.clone(),
                names: open.names.clone(),
                variable: open.variable.clone(),
            });
        }
        true
    }

    /// Text put together from parts: a literal when each of them can be one.
    fn composite(&mut self, open: &Open<'t>, node: Node<'t>) {
        let mut parts = Vec::new();
        let mut rest = vec![node];
        while let Some(node) = rest.pop().map(inner) {
            if !self.module.spend(1) {
                return;
            }
            match node.kind() {
                "binary_operator" | "concatenated_string" | "list" | "tuple" => {
                    rest.extend(children(node));
                }
                "string" if is_interpolated(node) => {
                    let held = children(node).into_iter();
                    let held = held.filter_map(|part| part.child_by_field_name("expression"));
                    rest.extend(held);
                }
                "string" => {}
                _ => parts.push(node),
            }
        }
        self.together(open, node, &parts);
    }

    fn together(&mut self, open: &Open<'t>, whole: Node<'t>, parts: &[Node<'t>]) {
        let mut all = Values::default();
        for part in parts {
            if evaluate(self.module, *part, open.at).is_some() {
                continue;
            }
            let part = self.apart(open, *part);
            // what has a part from outside, and nothing in its place, is no literal
            if part.outside && part.literals.is_empty() {
                self.found.outside = true;
                return;
            }
            all.outside |= part.outside;
            all.literals.extend(part.literals);
            all.opaque.extend(part.opaque);
            all.imported.extend(part.imported);
        }
        let told = !all.literals.is_empty() || !all.opaque.is_empty() || !all.imported.is_empty();
        self.found.outside |= all.outside;
        self.found.literals.extend(all.literals);
        self.found.opaque.extend(all.opaque);
        self.found.imported.extend(all.imported);
        if !told {
            self.not_followed(whole);
        }
    }

    fn boolean(&mut self, open: &Open<'t>, node: Node<'t>) {
        let left = node.child_by_field_name("left");
        let right = node.child_by_field_name("right");
        let is_or = node.child_by_field_name("operator").is_some_and(|o| o.kind() == "or");
        let (Some(left), Some(right)) = (left, right) else { return };
        if is_or {
            let variable = self.variable_of(left, open.at).or_else(|| open.variable.clone());
            let after = Open { variable, ..open.clone() };
            self.push(&after, right, Form::Or);
            self.same(open, Some(left));
        } else {
            // what stands before `and` is the value only when it is empty
            self.push(open, right, Form::Branch);
        }
    }

    fn conditional(&mut self, open: &Open<'t>, node: Node<'t>) {
        let parts = children(node);
        let [body, condition, other] = parts.as_slice() else { return };
        let sure = truth(self.module, *condition, open.at, &World::default());
        if sure != Some(true) {
            self.push(open, *other, Form::Branch);
        }
        if sure != Some(false) {
            self.push(open, *body, Form::Branch);
        }
    }

    fn name(&mut self, open: &Open<'t>, node: Node<'t>) {
        let module = self.module;
        let bindings = module.lookup(node, open.at);
        if !bindings.is_empty() {
            let name = module.source(node);
            for binding in bindings {
                self.binding(open, name, binding);
            }
            return;
        }
        let object = node.child_by_field_name("object").map(inner);
        if let Some(object) = object {
            let attribute = last_name(module.text, node).unwrap_or_default();
            if matches!(attribute, "value" | "hex" | "bytes" | "urn" | "content" | "text") {
                return self.same(open, Some(object));
            }
            if is_environment(module, object) {
                self.found.outside = true;
                return;
            }
        }
        match self.import(node, open.at) {
            Some(import) => self.found.imported.push(Imported {
                import,
                shown: module.source(node).to_owned(),
                call: None,
                node,
                literals: Vec::new(),
            }),
            None => self.found.unknown = true,
        }
    }

    fn binding(&mut self, open: &Open<'t>, name: &str, binding: &Binding<'t>) {
        let module = self.module;
        let (value, form) = match binding.bound {
            Bound::Value(value) => (value, open.form.clone()),
            Bound::Default(value) => {
                if self.arguments(open, name, binding.scope) {
                    return;
                }
                (value, Form::Parameter)
            }
            Bound::Parameter => {
                self.arguments(open, name, binding.scope);
                return;
            }
            Bound::Among(value) => return self.among(open, binding, value),
            Bound::Scope(id) => {
                if module.scopes().get(id).is_some_and(|s| s.kind == ScopeKind::Function) {
                    self.returned(open, id, open.frame.clone());
                }
                return;
            }
            Bound::Unknown => return,
        };
        let mut names = open.names.clone();
        if names.len() < 8 {
            names.push((name.to_owned(), binding.at));
        }
        // what is bound outside of the function that is followed knows nothing of its call
        let inside = open.frame.as_ref().is_some_and(|frame| frame.function == binding.scope);
        self.open.push(Open {
            node: inner(value),
            at: Use { scope: binding.scope, at: binding.at },
            form,
            names,
            variable: open.variable.clone(),
            frame: open.frame.clone().filter(|_| inside),
        });
    }

    /// What this name, or the object of this attribute, was imported as.
    fn import(&self, node: Node<'t>, at: Use) -> Option<Import> {
        let module = self.module;
        let name = dotted(module.text, node)?;
        let (first, rest) = name.split_once('.').map_or((name.as_str(), None), |(a, b)| (a, Some(b)));
        if !module.lookup_named(first, at).is_empty() {
            return None;
        }
        let import = module.import(first)?;
        let Some(rest) = rest else { return Some(import.clone()) };
        let mut path = import.module.clone();
        if let Some(name) = &import.name {
            let gap = if path.ends_with('.') { "" } else { "." };
            path = format!("{path}{gap}{name}");
        }
        let (folders, last) = match rest.rsplit_once('.') {
            Some((folders, last)) => (Some(folders), last),
            None => (None, rest),
        };
        if let Some(folders) = folders {
            // `import a.b` has already said what `a.b.c` begins with
            let tail = folders.strip_prefix(path.split_once('.').map_or("", |(_, tail)| tail));
            let more = tail.unwrap_or(folders).trim_start_matches('.');
            if !more.is_empty() {
                path = format!("{path}.{more}");
            }
        }
        Some(Import { module: path, name: Some(last.to_owned()) })
    }

    /// Notes a literal in an expression that is not followed.
    fn not_followed(&mut self, node: Node<'t>) {
        match self.literal_in(node) {
            Some(literal) => self.found.opaque.push((literal, node)),
            None => self.found.unknown = true,
        }
    }

    /// The first literal that could be a secret within an expression.
    fn literal_in(&self, node: Node<'t>) -> Option<Node<'t>> {
        if !self.module.spend(node.byte_range().len() / 8) {
            return None;
        }
        let mut found = None;
        walk(node, (), |step| {
            if found.is_some() {
                return None;
            }
            let node = step.node;
            if step.field == Some("subscript") || step.field == Some("key") {
                return None;
            }
            if node.kind() == "string" {
                let text = self.module.plain_string(node).map(|value| value.text);
                if text.is_none_or(|text| !text.is_empty() && !self.is_a_name(&text)) {
                    found = Some(node);
                }
                return None;
            }
            Some(())
        });
        found
    }

    /// `SECRET_KEY`, which names a setting or variable and is none's value.
    fn is_a_name(&self, text: &str) -> bool {
        (self.own_name)(text)
            || (text.contains('_')
                && text.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit()))
    }

    /// The variable that an expression reads, itself or through a name.
    fn variable_of(&self, node: Node<'t>, at: Use) -> Option<String> {
        let mut node = inner(node);
        let mut at = at;
        for _ in 0..DEEPEST {
            if let Some(call) = Call::of(node) {
                if let Some((key, _)) = reads_with_default(self.module.text, &call) {
                    return key_text(self.module, key, at);
                }
                node = call.receiver().filter(|_| is_method(call.name(self.module.text)))?;
                continue;
            }
            match self.module.lookup(node, at).as_slice() {
                [only] => {
                    node = inner(only.value()?);
                    at = Use { scope: only.scope, at: only.at };
                }
                _ => return None,
            }
        }
        None
    }
}

/// Whether a name reads the environment: `os.environ`, `os.getenv`, `env.str`.
pub(super) fn is_environment(module: &Module<'_>, node: Node<'_>) -> bool {
    dotted(module.text, node).is_some_and(|name| {
        crate::lang::python::words(&name)
            .iter()
            .any(|word| matches!(word.as_str(), "env" | "environ" | "getenv"))
    })
}
