//! The places where code gives a setting its value.

mod calls;

use std::ops::Range;

use tree_sitter::Node;

use super::guards::{Guards, Path};
use super::setting::{Setting, Target, base_of, is_talk, is_talk_about_names};
use crate::lang::python::{
    Call, Module, Reach, Step, Use, chain, children, inner, key_text, last_name, pairs, walk,
};

/// Ancestors further up are not asked.
const HIGHEST: usize = 64;

/// One place where a setting gets, or may get, its value.
pub(super) struct Site<'a, 't> {
    /// Which setting.
    pub(super) setting: &'a Setting,
    /// In which way.
    pub(super) how: How,
    /// What gets the value, as the message shows it.
    pub(super) shown: String,
    /// The app or class that it is set on, when that can be told.
    pub(super) base: Option<String>,
    /// The value.
    pub(super) value: Node<'t>,
    /// Where it stands.
    pub(super) at: Use,
    /// The bytes of the block around it.
    pub(super) block: Range<usize>,
    /// It stands in an `except` clause.
    pub(super) handler: bool,
    /// The variable that is asked first, when this is what happens without it.
    pub(super) variable: Option<String>,
}

/// In which way a setting gets its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum How {
    /// `x = value`.
    Assigned,
    /// `x += value`.
    Appended,
    /// `f(SECRET_KEY=value)`, with the function's name.
    Keyword(String),
    /// `{"SECRET_KEY": value}`.
    Entry,
    /// `def f(secret_key=value)`.
    Parameter,
    /// `setdefault("SECRET_KEY", value)` and the like, with the function's name.
    Setter(String),
    /// `def SECRET_KEY(): return value`.
    Returned,
    /// `getenv("SECRET_KEY", value)`, with the function's name.
    Fallback(String),
    /// `getenv("SECRET_KEY") or value`.
    Or,
    /// `environ["SECRET_KEY"] if … else value`.
    Else,
}

/// What one walk over a file finds.
pub(super) struct Found<'a, 't> {
    /// All sites that production may run, in order.
    pub(super) sites: Vec<Site<'a, 't>>,
    /// Every refusal to start.
    pub(super) guards: Guards<'t>,
    /// The bytes that production never runs.
    pub(super) dead: Vec<Range<usize>>,
}

/// Where the walk is.
#[derive(Clone)]
struct State {
    reach: Reach,
    path: Path,
}

/// Finds all sites that production may run, and every refusal to start.
pub(super) fn find<'a, 't>(
    module: &Module<'t>,
    settings: &'a [Setting],
    left_out: &dyn Fn(&str) -> bool,
) -> Found<'a, 't> {
    let mut dead = Vec::new();
    let broken = module.root.has_error();
    let mut finder =
        Finder { module, settings, sites: Vec::new(), guards: Guards::default(), broken };
    let start = State { reach: Reach::new(module), path: Path::start() };
    walk(module.root, start, |step| {
        let Some(reach) = Reach::enter(module, &step, &step.state.reach, left_out) else {
            dead.push(step.node.byte_range());
            return None;
        };
        let path = finder.guards.enter(module, &step, &step.state.path, &step.state.reach);
        finder.look(&step);
        Some(State { reach, path })
    });
    Found { sites: finder.sites, guards: finder.guards, dead }
}

struct Finder<'m, 'a, 't> {
    module: &'m Module<'t>,
    settings: &'a [Setting],
    sites: Vec<Site<'a, 't>>,
    guards: Guards<'t>,
    /// Some of the file could not be parsed.
    broken: bool,
}

type On<'w, 't> = Step<'w, 't, State>;

impl<'a, 't> Finder<'_, 'a, 't> {
    fn look(&mut self, step: &On<'_, 't>) {
        let node = step.node;
        match node.kind() {
            "assignment" if step.parent().is_none_or(|parent| parent.kind() != "assignment") => {
                let (targets, value) = chain(node);
                for target in targets {
                    for (target, value) in value.map(|v| pairs(target, v)).unwrap_or_default() {
                        self.assigned(step, target, value, How::Assigned);
                    }
                }
            }
            "augmented_assignment" => {
                let operator = node.child_by_field_name("operator").map(|o| o.kind());
                let sides = node
                    .child_by_field_name("left")
                    .zip(node.child_by_field_name("right"))
                    .filter(|_| operator == Some("+="));
                if let Some((target, value)) = sides {
                    self.assigned(step, inner(target), value, How::Appended);
                }
            }
            "named_expression" => {
                let sides = node.child_by_field_name("name").zip(node.child_by_field_name("value"));
                if let Some((target, value)) = sides {
                    self.assigned(step, target, value, How::Assigned);
                }
            }
            "default_parameter" | "typed_default_parameter" => {
                let sides = node.child_by_field_name("name").zip(node.child_by_field_name("value"));
                if let Some((name, value)) = sides {
                    self.parameter(step, name, value);
                }
            }
            "pair" => {
                let sides = node.child_by_field_name("key").zip(node.child_by_field_name("value"));
                if let Some((key, value)) = sides {
                    self.entry(step, key, value);
                }
            }
            "tuple" => {
                if let [key, value] = children(node).as_slice()
                    && self.is_among_pairs(step)
                {
                    self.entry(step, *key, *value);
                }
            }
            "call" => self.call(step),
            "function_definition" => self.property(step),
            "string" if self.broken && is_in_error(step) => self.broken_assignment(step),
            "subscript" => {
                if let Some(key) = node.child_by_field_name("subscript") {
                    self.read(step, key);
                }
            }
            _ => {}
        }
    }

    fn add(
        &mut self,
        step: &On<'_, 't>,
        setting: &'a Setting,
        how: How,
        target: Target,
        value: Node<'t>,
    ) {
        let reach = &step.state.reach;
        self.sites.push(Site {
            setting,
            how,
            shown: target.shown,
            base: target.base,
            value: inner(value),
            at: reach.at(step.node.start_byte()),
            block: reach.block.clone(),
            handler: reach.handler,
            variable: None,
        });
    }

    fn named(&self, setting: &Setting, base: Option<String>) -> Target {
        Target { shown: setting.name.clone(), base }
    }

    fn assigned(&mut self, step: &On<'_, 't>, target: Node<'t>, value: Node<'t>, how: How) {
        let at = step.state.reach.at(step.node.start_byte());
        for setting in self.settings {
            if let Some(target) = setting.target(self.module, target, at) {
                self.add(step, setting, how.clone(), target, value);
            }
        }
    }

    /// `def SECRET_KEY(self): return value`.
    fn property(&mut self, step: &On<'_, 't>) {
        let Some(id) = self.module.scope_of(step.node) else { return };
        let Some(scope) = self.module.scopes.get(id) else { return };
        let name = step.node.child_by_field_name("name");
        for setting in self.settings.iter().filter(|setting| setting.is_named(scope.name)) {
            let at = step.state.reach.at(step.node.start_byte());
            let target = name.and_then(|name| setting.target(self.module, name, at));
            let Some(Target { shown, .. }) = target else { continue };
            for value in &scope.returns {
                let target = Target { shown: shown.clone(), base: None };
                self.add(step, setting, How::Returned, target, *value);
                if let Some(site) = self.sites.last_mut() {
                    site.at = Use { scope: id, at: value.start_byte() };
                }
            }
        }
    }

    /// `SECRET_KEY = "…"` in code that could not be parsed: told by the text
    /// before the literal.
    fn broken_assignment(&mut self, step: &On<'_, 't>) {
        let start = step.node.start_byte();
        let before = self.module.text.get(..start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default().trim_end();
        let Some(target) = line.strip_suffix('=').filter(|l| !l.ends_with(['=', '!', '<', '>']))
        else {
            return;
        };
        let target = target.trim_end_matches(['+', ' ', '\t']);
        let name = target
            .trim_end_matches([']', ')', '"', '\'', ' '])
            .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .unwrap_or_default();
        for setting in self.settings {
            let alias = setting.has_alias(name) && target.ends_with(&format!(".{name}"));
            if setting.is_named(name) || alias {
                let target = self.named(setting, None);
                self.add(step, setting, How::Assigned, target, step.node);
            }
        }
    }

    fn parameter(&mut self, step: &On<'_, 't>, name: Node<'t>, value: Node<'t>) {
        let name = self.module.source(name);
        for setting in self.settings {
            if setting.is_named(name) || setting.has_alias(name) {
                let target = Target { shown: name.to_owned(), base: None };
                self.add(step, setting, How::Parameter, target, value);
            }
        }
    }

    fn entry(&mut self, step: &On<'_, 't>, key: Node<'t>, value: Node<'t>) {
        let at = step.state.reach.at(key.start_byte());
        let Some(key) = key_text(self.module, key, at) else { return };
        for setting in self.settings {
            if setting.is_named(&key)
                && let Some(base) = self.holder(step)
            {
                let target = self.named(setting, base);
                self.add(step, setting, How::Entry, target, value);
            }
        }
    }

    /// Whether a pair in parentheses stands in what a mapping is made from.
    fn is_among_pairs(&self, step: &On<'_, 't>) -> bool {
        step.above.iter().rev().take(HIGHEST).find(|(node, _)| node.kind() == "call").is_some_and(
            |(call, _)| {
                let name = last_name(self.module.text, *call).unwrap_or_default();
                matches!(name, "update" | "from_mapping" | "dict" | "OrderedDict" | "ChainMap")
            },
        )
    }

    /// On what the dictionary around an entry is set: nothing when it plainly
    /// holds no settings (words for people), or goes nowhere.
    fn holder(&self, step: &On<'_, 't>) -> Option<Option<String>> {
        let text = self.module.text;
        for (node, _) in step.above.iter().rev().take(HIGHEST) {
            match node.kind() {
                "assignment"
                | "augmented_assignment"
                | "named_expression"
                | "keyword_argument"
                | "default_parameter"
                | "typed_default_parameter" => {
                    let name = node
                        .child_by_field_name("left")
                        .or_else(|| node.child_by_field_name("name"))
                        .and_then(|target| last_name(text, target));
                    if name.is_some_and(is_talk_about_names) {
                        return None;
                    }
                    if node.kind() != "keyword_argument" {
                        return Some(None);
                    }
                }
                "call" => {
                    let call = Call::of(*node)?;
                    let base = call.receiver().and_then(|object| base_of(self.module, object));
                    let takes_over = matches!(call.name(text), "update" | "from_mapping");
                    return (!is_talk(call.name(text))).then_some(base.filter(|_| takes_over));
                }
                "return_statement" | "yield" | "lambda" | "ERROR" => return Some(None),
                "comparison_operator"
                | "expression_statement"
                | "for_statement"
                | "block"
                | "for_in_clause"
                | "subscript" => return None,
                _ => {}
            }
        }
        // nested too deeply to tell
        (step.above.len() > HIGHEST).then_some(None)
    }
}

/// Whether a string stands in code that could not be parsed.
fn is_in_error(step: &On<'_, '_>) -> bool {
    let mut above = step.above.iter().rev().map(|(node, _)| node.kind());
    match above.next() {
        Some("ERROR") => true,
        Some("keyword_argument") => above.next() == Some("ERROR"),
        _ => false,
    }
}
