//! Refusals to start: an `if` that raises when the setting has a certain value.

use std::ops::Range;

use tree_sitter::Node;

use super::found::Alternative;
use super::setting::{Setting, bases};
use super::site::Site;
use super::values::is_environment;
use crate::lang::python::{
    Call, Constant, Module, Reach, ScopeId, Step, Use, World, children, ends, ends_badly, inner,
    key_text, last_name, reads_with_default, truth, words,
};

/// Conditions longer than this, in bytes, are not judged.
const LONGEST: usize = 4096;

/// Every `if` of a file that may refuse to start.
#[derive(Default)]
pub(super) struct Guards<'t> {
    /// Whether those count, too, that stand in what does not count by its name.
    pub(super) all: bool,
    guards: Vec<Guard<'t>>,
    conditions: Vec<Condition<'t>>,
}

/// A condition on the way to a guard.
struct Condition<'t> {
    /// The one before it.
    before: Option<usize>,
    node: Node<'t>,
    at: Use,
    /// How it must turn out.
    wanted: bool,
    /// The bytes that run only then.
    body: Range<usize>,
}

/// One such `if`.
struct Guard<'t> {
    statement: Node<'t>,
    at: Use,
    path: Path,
    aside: bool,
}

/// What must be so for the walk to have come here.
#[derive(Clone, Copy)]
pub(super) struct Path {
    /// The last of the conditions.
    condition: Option<usize>,
    /// Within its function nothing else stands in the way: no loop, no handler.
    sure: bool,
    /// The function is called when the app starts.
    runs: bool,
    /// From this byte on, something may have returned before.
    until: usize,
}

impl Path {
    /// The file's top.
    pub(super) fn start() -> Self {
        Self { condition: None, sure: true, runs: true, until: usize::MAX }
    }
}

impl<'t> Guards<'t> {
    /// Notes a node on the walk, and gives the path for its children.
    pub(super) fn enter<S>(
        &mut self,
        module: &Module<'t>,
        step: &Step<'_, 't, S>,
        above: &Path,
        reach: &Reach,
        aside: bool,
    ) -> Path {
        let node = step.node;
        let mut path = *above;
        if step.field == Some("consequence")
            && let Some(parent) = step.parent()
            && let Some(condition) = parent.child_by_field_name("condition")
        {
            self.require(&mut path, condition, true, node, reach);
        }
        match step.kind {
            "block" => {
                let own = step.parent().and_then(|parent| module.scope_of(parent));
                let scope = own.unwrap_or(reach.scope);
                if let Some(from) = returns_from(module, node, scope) {
                    path.until = path.until.min(from);
                }
            }
            "if_statement" if path.sure && node.start_byte() < path.until => {
                let at = reach.at(node.start_byte());
                self.guards.push(Guard { statement: node, at, path, aside });
            }
            "elif_clause" | "else_clause" => match step.parent() {
                Some(parent) if parent.kind() == "if_statement" => {
                    let mut cursor = parent.walk();
                    let earlier = parent
                        .children_by_field_name("alternative", &mut cursor)
                        .take_while(|clause| clause.id() != node.id());
                    for clause in std::iter::once(parent).chain(earlier) {
                        if let Some(condition) = clause.child_by_field_name("condition") {
                            self.require(&mut path, condition, false, node, reach);
                        }
                    }
                }
                _ => path.sure = false,
            },
            "for_statement" | "while_statement" | "except_clause" | "case_clause" | "lambda" => {
                path.sure = false;
            }
            "try_statement" => path.sure &= lets_through(module, node),
            "function_definition" => {
                let decorated = step.parent().filter(|p| p.kind() == "decorated_definition");
                path = Path { runs: runs_at_start(module, node, decorated), ..Path::start() };
            }
            _ => {}
        }
        path
    }

    fn require(
        &mut self,
        path: &mut Path,
        condition: Node<'t>,
        wanted: bool,
        body: Node<'t>,
        reach: &Reach,
    ) {
        self.conditions.push(Condition {
            before: path.condition,
            node: condition,
            at: reach.at(condition.start_byte()),
            wanted,
            body: body.byte_range(),
        });
        path.condition = Some(self.conditions.len() - 1);
    }

    /// Whether the app refuses to start with this value of the setting.
    pub(super) fn refuse(
        &self,
        module: &Module<'t>,
        site: &Site<'_, 't>,
        alternative: &Alternative<'t>,
    ) -> bool {
        let value = &alternative.literal.value;
        let held = |node: Node<'_>, at: Use| holds(module, site, alternative, node, at);
        let unset = alternative.variable.as_deref();
        self.guards.iter().filter(|guard| self.all || !guard.aside).any(|guard| {
            let together = guard.at.scope == site.at.scope;
            if !guard.path.runs && !together {
                return false;
            }
            let world = World { setting: Some((value, &held)), unset };
            let without = World { setting: None, unset };
            // a value cannot be refused before it is there
            ((!together || guard.at.at > site.at.at) && self.refuses(module, guard, site, &world))
                || (unset.is_some() && self.refuses(module, guard, site, &without))
        })
    }

    fn refuses(
        &self,
        module: &Module<'t>,
        guard: &Guard<'t>,
        site: &Site<'_, 't>,
        world: &World<'_>,
    ) -> bool {
        let statement = guard.statement;
        let short = |node: Node<'_>| node.byte_range().len() <= LONGEST;
        let judge = |condition: Node<'t>, at: Use| {
            (short(condition) && module.spend(1))
                .then(|| truth(module, condition, at, world))
                .flatten()
        };
        let mut cursor = statement.walk();
        let alternatives = statement.children_by_field_name("alternative", &mut cursor);
        let mut refuses = false;
        for clause in std::iter::once(statement).chain(alternatives) {
            let condition = clause.child_by_field_name("condition");
            let body = clause
                .child_by_field_name("consequence")
                .or_else(|| clause.child_by_field_name("body"));
            let taken = match condition {
                Some(condition) => judge(condition, Use { at: condition.start_byte(), ..guard.at }),
                None => Some(true),
            };
            match taken {
                Some(true) => {
                    refuses = body.is_some_and(|body| ends_badly(module, body));
                    break;
                }
                Some(false) => {}
                None => return false,
            }
        }
        let mut next = guard.path.condition.filter(|_| refuses);
        while let Some(condition) = next.and_then(|index| self.conditions.get(index)) {
            // what holds for the value too need not be asked
            let shared = condition.body.contains(&site.at.at);
            if !shared && judge(condition.node, condition.at) != Some(condition.wanted) {
                return false;
            }
            next = condition.before;
        }
        refuses
    }
}

/// Whether an expression has the setting's value.
fn holds(
    module: &Module<'_>,
    site: &Site<'_, '_>,
    alternative: &Alternative<'_>,
    node: Node<'_>,
    at: Use,
) -> bool {
    let setting = site.setting;
    let node = inner(node);
    let through = |node: Node<'_>| {
        let name = module.source(node);
        alternative.names.iter().any(|(known, bound)| {
            known == name && module.lookup(node, at).iter().any(|binding| binding.at == *bound)
        })
    };
    match node.kind() {
        "identifier" => {
            setting.is_named(module.source(node))
                || through(node)
                || is_validated(module, setting, node, at)
        }
        "attribute" => {
            let name = last_name(module.text, node).unwrap_or_default();
            setting.is_named(name) || setting.has_alias(name) || through(node)
        }
        "subscript" => {
            let parts =
                node.child_by_field_name("subscript").zip(node.child_by_field_name("value"));
            parts.is_some_and(|(key, object)| {
                setting.is_key(module, key, at) && !is_environment(module, object)
            })
        }
        "call" => {
            let Some(call) = Call::of(node) else { return false };
            let Some((key, default)) = reads_with_default(module.text, &call) else {
                return false;
            };
            if is_environment(module, call.function) {
                // reads the same variable with the same default
                let same_key =
                    key_text(module, key, at).is_some_and(|key| Some(key) == alternative.variable);
                let value: Option<Constant> =
                    default.and_then(|d| evaluate_elsewhere(module, d, at));
                return same_key && value.as_ref() == Some(&alternative.literal.value);
            }
            setting.is_key(module, key, at)
        }
        _ => false,
    }
}

/// Whether a name is what a validator of pydantic's settings is given of the setting.
fn is_validated(module: &Module<'_>, setting: &Setting, node: Node<'_>, at: Use) -> bool {
    let Some(scope) = module.scopes().get(at.scope) else { return false };
    let given = scope.parameters.iter().find(|name| !matches!(**name, "self" | "cls"));
    if given != Some(&module.source(node)) {
        return false;
    }
    let definition = scope.node.parent().filter(|p| p.kind() == "decorated_definition");
    let decorators = definition.map(children).unwrap_or_default().into_iter();
    let validates = decorators.filter(|part| part.kind() == "decorator").any(|decorator| {
        let said = module.source(decorator);
        let named = ["\"", "'"].iter().any(|q| said.contains(&format!("{q}{}{q}", setting.name)));
        said.contains("validator(") && named
    });
    let class = module.class_around(at.scope).and_then(|class| module.scopes().get(class));
    // others do not look at what a field has by default
    validates && class.is_some_and(|class| bases(module, class.node).contains(&"BaseSettings"))
}

fn evaluate_elsewhere(module: &Module<'_>, node: Node<'_>, at: Use) -> Option<Constant> {
    key_text(module, node, at)?;
    module.plain_string(inner(node))
}

/// From where in a block something before may have left its function.
fn returns_from(module: &Module<'_>, block: Node<'_>, scope: ScopeId) -> Option<usize> {
    children(block).into_iter().find_map(|statement| {
        let leaves = match statement.kind() {
            "return_statement" => true,
            "if_statement" => {
                let condition = statement.child_by_field_name("condition")?;
                let body = statement.child_by_field_name("consequence")?;
                let at = Use { scope, at: condition.start_byte() };
                ends(module, body)
                    && !ends_badly(module, body)
                    && truth(module, condition, at, &World::default()) != Some(false)
            }
            _ => false,
        };
        leaves.then(|| statement.end_byte())
    })
}

/// Whether an exception raised in a `try` gets out of it.
fn lets_through(module: &Module<'_>, statement: Node<'_>) -> bool {
    children(statement).into_iter().filter(|child| child.kind() == "except_clause").all(|clause| {
        children(clause)
            .into_iter()
            .find(|child| child.kind() == "block")
            .is_some_and(|block| ends_badly(module, block))
    })
}

/// Whether a function is sure enough to run when the app starts: the file calls
/// it, or its name says so; a handler of requests comes too late.
fn runs_at_start(module: &Module<'_>, function: Node<'_>, decorated: Option<Node<'_>>) -> bool {
    const STARTS: &[&str] = &[
        "create",
        "make",
        "build",
        "init",
        "setup",
        "configure",
        "app",
        "application",
        "factory",
        "main",
        "startup",
    ];
    let decorators: Vec<String> = decorated
        .map(children)
        .unwrap_or_default()
        .into_iter()
        .filter(|child| child.kind() == "decorator")
        .map(|decorator| module.source(decorator).to_owned())
        .collect();
    let handles = |decorator: &String| {
        words(decorator.split('(').next().unwrap_or_default()).iter().any(|word| {
            matches!(
                word.as_str(),
                "route" | "get" | "post" | "command" | "errorhandler" | "request"
            )
        })
    };
    if decorators.iter().any(handles) {
        return false;
    }
    let name =
        function.child_by_field_name("name").map(|name| module.source(name)).unwrap_or_default();
    let validates = decorators.iter().any(|decorator| decorator.contains("validator("));
    validates
        || module.called().contains(name)
        || words(name).iter().any(|word| STARTS.contains(&word.as_str()))
}
