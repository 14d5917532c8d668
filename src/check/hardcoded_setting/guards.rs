//! Refusals to start: an `if` that raises when the setting has a certain value.

use tree_sitter::Node;

use super::sites::Site;
use super::values::Alternative;
use crate::check::python::{
    Call, Constant, Module, Reach, Step, Use, World, children, dotted, ends_badly, inner, key_text,
    last_name, reads_with_default, truth, words,
};

/// Conditions longer than this, in bytes, are not judged.
const LONGEST: usize = 4096;

/// Every `if` of a file that may refuse to start.
#[derive(Default)]
pub(super) struct Guards<'t> {
    guards: Vec<Guard<'t>>,
    /// Conditions on the way to a guard, each with the one before it.
    conditions: Vec<(Option<usize>, Node<'t>, bool, Use)>,
}

/// One such `if`.
struct Guard<'t> {
    statement: Node<'t>,
    at: Use,
    path: Path,
}

/// What must be so for the walk to have come here.
#[derive(Clone, Copy)]
pub(super) struct Path {
    /// The last of the conditions.
    condition: Option<usize>,
    /// Nothing else stands in the way: no loop, no handler, no function that
    /// nobody calls.
    sure: bool,
}

impl Path {
    /// The file's top.
    pub(super) fn start() -> Self {
        Self { condition: None, sure: true }
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
    ) -> Path {
        let node = step.node;
        let mut path = *above;
        if step.field == Some("consequence")
            && let Some(parent) = step.parent()
            && let Some(condition) = parent.child_by_field_name("condition")
        {
            self.require(&mut path, condition, true, reach);
        }
        match node.kind() {
            "if_statement" if path.sure => {
                let at = reach.at(node.start_byte());
                self.guards.push(Guard { statement: node, at, path });
            }
            "elif_clause" | "else_clause" => match step.parent() {
                Some(parent) if parent.kind() == "if_statement" => {
                    let mut cursor = parent.walk();
                    let earlier = parent
                        .children_by_field_name("alternative", &mut cursor)
                        .take_while(|clause| clause.id() != node.id());
                    for clause in std::iter::once(parent).chain(earlier) {
                        if let Some(condition) = clause.child_by_field_name("condition") {
                            self.require(&mut path, condition, false, reach);
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
                path = Path { condition: None, sure: runs_at_start(module, node, decorated) };
            }
            _ => {}
        }
        path
    }

    fn require(&mut self, path: &mut Path, condition: Node<'t>, wanted: bool, reach: &Reach) {
        self.conditions.push((path.condition, condition, wanted, reach.at(condition.start_byte())));
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
        self.guards.iter().any(|guard| {
            // a refusal within the same scope comes too late for nothing but itself
            let after = guard.at.scope != site.at.scope || guard.at.at > site.at.at;
            let world = World { setting: Some((value, &held)), unset };
            let without = World { setting: None, unset };
            (after && self.refuses(module, guard, &world))
                || (unset.is_some() && self.refuses(module, guard, &without))
        })
    }

    fn refuses(&self, module: &Module<'t>, guard: &Guard<'t>, world: &World<'_>) -> bool {
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
        while let Some((before, condition, wanted, at)) =
            next.and_then(|index| self.conditions.get(index))
        {
            if judge(*condition, *at) != Some(*wanted) {
                return false;
            }
            next = *before;
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
        "identifier" => setting.is_named(module.source(node)) || through(node),
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

fn evaluate_elsewhere(module: &Module<'_>, node: Node<'_>, at: Use) -> Option<Constant> {
    key_text(module, node, at)?;
    module.plain_string(inner(node))
}

/// Whether a name reads the environment: `os.environ`, `os.getenv`, `env.str`.
fn is_environment(module: &Module<'_>, node: Node<'_>) -> bool {
    dotted(module.text, node).is_some_and(|name| {
        words(&name).iter().any(|word| matches!(word.as_str(), "env" | "environ" | "getenv"))
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
    let validates = decorators.iter().any(|decorator| decorator.contains("model_validator"));
    validates
        || module.called.contains(name)
        || words(name).iter().any(|word| STARTS.contains(&word.as_str()))
}
