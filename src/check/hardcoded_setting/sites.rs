//! The places where code gives a setting its value.

use std::ops::Range;

use tree_sitter::Node;

use super::guards::{Guards, Path};
use super::setting::{Setting, Target, base_of, is_talk, is_talk_about_names, makes_app};
use crate::check::python::{
    Call, Module, Reach, Step, Use, chain, children, dotted, inner, key_text, last_name, pairs,
    reads_with_default, walk,
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
    let mut finder = Finder { module, settings, sites: Vec::new(), guards: Guards::default() };
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
                    return (!name.is_some_and(is_talk_about_names)).then_some(None);
                }
                "call" => {
                    let call = Call::of(*node)?;
                    let base = call.receiver().and_then(|object| base_of(self.module, object));
                    let takes_over = matches!(call.name(text), "update" | "from_mapping");
                    return (!is_talk(call.name(text))).then_some(base.filter(|_| takes_over));
                }
                "return_statement" | "yield" | "lambda" => return Some(None),
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

    fn call(&mut self, step: &On<'_, 't>) {
        let Some(call) = Call::of(step.node) else { return };
        let text = self.module.text;
        let name = call.name(text);
        let shown = dotted(text, call.function).unwrap_or_else(|| name.to_owned());
        let at = step.state.reach.at(step.node.start_byte());
        if !is_talk(name) {
            self.keywords(step, &call, name, &shown);
            self.option(step, &call, name, &shown, at);
        }
        self.setter(step, &call, name, &shown, at);
        if let Some((key, default)) = reads_with_default(text, &call) {
            if let Some(default) = default {
                for setting in self.settings {
                    if setting.is_key(self.module, key, at) {
                        let target = self.named(setting, None);
                        self.add(step, setting, How::Fallback(shown.clone()), target, default);
                        self.variable(setting.name.clone());
                    }
                }
            }
            self.read(step, key);
        }
    }

    fn variable(&mut self, name: String) {
        if let Some(site) = self.sites.last_mut() {
            site.variable = Some(name);
        }
    }

    fn keywords(&mut self, step: &On<'_, 't>, call: &Call<'t>, name: &str, shown: &str) {
        if name == "dict" && self.holder(step).is_none() {
            return;
        }
        for (keyword, value) in &call.keywords {
            let keyword = self.module.source(*keyword);
            for setting in self.settings {
                if setting.is_named(keyword)
                    || (setting.has_alias(keyword) && takes_alias(self.module, call, name))
                {
                    let base = call
                        .receiver()
                        .filter(|_| matches!(name, "update" | "from_mapping"))
                        .and_then(|object| base_of(self.module, object));
                    let target = Target { shown: keyword.to_owned(), base };
                    self.add(step, setting, How::Keyword(shown.to_owned()), target, *value);
                }
            }
        }
    }

    /// `Field("x", env="SECRET_KEY")`, `click.option(…, envvar="SECRET_KEY", default="x")`.
    fn option(&mut self, step: &On<'_, 't>, call: &Call<'t>, name: &str, shown: &str, at: Use) {
        let variable =
            call.keyword(self.module.text, &["env", "envvar", "env_var", "validation_alias"]);
        let Some(variable) = variable else { return };
        let first = || {
            matches!(name, "Field" | "Option" | "Argument")
                .then(|| call.positional.first().copied())
                .flatten()
        };
        let Some(default) = call.keyword(self.module.text, &["default"]).or_else(first) else {
            return;
        };
        for setting in self.settings {
            if setting.is_key(self.module, variable, at) {
                let target = self.named(setting, None);
                self.add(step, setting, How::Fallback(shown.to_owned()), target, default);
                self.variable(setting.name.clone());
            }
        }
    }

    fn setter(&mut self, step: &On<'_, 't>, call: &Call<'t>, name: &str, shown: &str, at: Use) {
        let (object, rest) = match name {
            "setattr" | "__setattr__" if call.positional.len() == 3 => {
                (call.positional.first().copied(), call.positional.get(1..))
            }
            "setdefault" | "__setitem__" | "putenv" | "setenv" | "set" | "set_default"
            | "set_value" => (call.receiver(), call.positional.get(0..)),
            _ => return,
        };
        let Some([key, value, ..]) = rest else { return };
        let Some(key) = key_text(self.module, *key, at) else { return };
        for setting in self.settings {
            let attribute = name.ends_with("attr") || name == "__setattr__";
            if setting.is_named(&key) || (attribute && setting.has_alias(&key)) {
                let base = object.and_then(|object| base_of(self.module, object));
                let target = self.named(setting, base);
                self.add(step, setting, How::Setter(shown.to_owned()), target, *value);
                if name == "setdefault" && shown.contains("environ") {
                    self.variable(setting.name.clone());
                }
            }
        }
    }

    /// A reading of the setting: what stands behind `or`, or after `else`, takes
    /// its place.
    fn read(&mut self, step: &On<'_, 't>, key: Node<'t>) {
        let at = step.state.reach.at(step.node.start_byte());
        for setting in self.settings {
            if !setting.is_key(self.module, key, at) {
                continue;
            }
            let mut below = step.node;
            for (node, _) in step.above.iter().rev().take(HIGHEST) {
                match node.kind() {
                    "parenthesized_expression" => {}
                    "boolean_operator" => {
                        let is_or =
                            node.child_by_field_name("operator").is_some_and(|o| o.kind() == "or");
                        let right = node.child_by_field_name("right");
                        let Some(right) = right.filter(|_| is_or) else { break };
                        if right.id() != below.id() {
                            let target = self.named(setting, None);
                            self.add(step, setting, How::Or, target, right);
                            self.variable(setting.name.clone());
                        }
                    }
                    "conditional_expression" => {
                        let parts = children(*node);
                        let [body, _, other] = parts.as_slice() else { break };
                        if body.id() == below.id() {
                            let target = self.named(setting, None);
                            self.add(step, setting, How::Else, target, *other);
                        }
                    }
                    _ => break,
                }
                below = *node;
            }
        }
    }
}

/// Whether the callee takes the setting under its other name: an app, settings,
/// or the middleware that an app is given.
fn takes_alias(module: &Module<'_>, call: &Call<'_>, name: &str) -> bool {
    makes_app(name)
        || (name == "add_middleware"
            && call
                .positional
                .first()
                .and_then(|class| last_name(module.text, *class))
                .is_some_and(makes_app))
}
