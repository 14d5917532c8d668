//! The places where code gives a setting its value.

mod calls;

use std::ops::Range;

use tree_sitter::Node;

use super::guards::{Guards, Path};
use super::setting::{
    Setting, Target, base_of, bases, is_talk, is_talk_about_names, keyed, may_be_one,
};
use super::signing;
use super::site::{How, Site};
use super::values::is_environment;
use crate::lang::python::{
    Call, Module, Reach, ScopeKind, Step, Use, chain, children, inner, last_name, pairs, walk,
};

/// Ancestors further up are not asked.
const HIGHEST: usize = 64;

/// What one walk over a file finds.
pub(super) struct Found<'a, 't> {
    /// All sites that production may run, in order; also those that do not count
    /// because of the name around them.
    pub(super) sites: Vec<Site<'a, 't>>,
    /// Every refusal to start.
    pub(super) guards: Guards<'t>,
    /// The bytes that production never runs.
    pub(super) dead: Vec<Range<usize>>,
    /// The same, together with what does not count because of its name.
    pub(super) dead_or_excused: Vec<Range<usize>>,
    /// The classes and functions that do not count because of their names.
    pub(super) excused: Vec<Excused>,
    /// What is run as code.
    pub(super) ran: Vec<Ran<'t>>,
    /// A setting is read from the environment, or declared to be.
    pub(super) outside: bool,
    /// A setting is read, from wherever.
    pub(super) read: bool,
    /// The same in what does not count because of its name.
    pub(super) read_aside: bool,
}

/// A class or function that does not count because of its name.
pub(super) struct Excused {
    /// Its bytes.
    pub(super) bytes: Range<usize>,
    /// Its name.
    pub(super) name: String,
    /// A decorator hands it to something that calls it.
    pub(super) handed: bool,
}

/// What `exec` or `eval` is given.
pub(super) struct Ran<'t> {
    pub(super) code: Node<'t>,
    pub(super) at: Use,
}

/// Where the walk is.
#[derive(Clone)]
struct State {
    reach: Reach,
    path: Path,
    /// Within what does not count because of its name.
    aside: bool,
}

/// Finds all sites that production may run, and every refusal to start.
pub(super) fn find<'a, 't>(
    module: &Module<'t>,
    settings: &'a [Setting],
    left_out: &dyn Fn(&str) -> bool,
) -> Found<'a, 't> {
    let (mut dead, mut dead_or_excused) = (Vec::new(), Vec::new());
    let (mut excused, mut read_aside) = (Vec::new(), false);
    let broken = module.root.has_error();
    let mut finder = Finder {
        module,
        settings,
        sites: Vec::new(),
        guards: Guards::default(),
        ran: Vec::new(),
        broken,
        aside: false,
        outside: false,
        read: false,
    };
    let start = State { reach: Reach::new(module), path: Path::start(), aside: false };
    walk(module.root, start, |step| {
        let reach = Reach::enter(module, &step, &step.state.reach, &|_| false);
        let mut aside = step.state.aside;
        if !aside {
            let here = excused_here(module, &step, left_out);
            aside = here.is_some();
            if aside || reach.is_none() {
                dead_or_excused.push(step.node.byte_range());
            }
            excused.extend(here);
        }
        let Some(reach) = reach else {
            dead.push(step.node.byte_range());
            return None;
        };
        let (outside, read) = (finder.outside, finder.read);
        let above = &step.state.reach;
        let path = finder.guards.enter(module, &step, &step.state.path, above, aside);
        finder.aside = aside;
        finder.look(&step);
        if aside {
            read_aside |= finder.read;
            (finder.outside, finder.read) = (outside, read);
        }
        Some(State { reach, path, aside })
    });
    let Finder { sites, guards, ran, outside, read, .. } = finder;
    Found { sites, guards, dead, dead_or_excused, excused, ran, outside, read, read_aside }
}

struct Finder<'m, 'a, 't> {
    module: &'m Module<'t>,
    settings: &'a [Setting],
    sites: Vec<Site<'a, 't>>,
    guards: Guards<'t>,
    ran: Vec<Ran<'t>>,
    /// Some of the file could not be parsed.
    broken: bool,
    /// Where it looks does not count because of a name around it.
    aside: bool,
    outside: bool,
    read: bool,
}

type On<'w, 't> = Step<'w, 't, State>;

impl<'a, 't> Finder<'_, 'a, 't> {
    fn look(&mut self, step: &On<'_, 't>) {
        let node = step.node;
        match step.kind {
            "assignment" if step.parent().is_none_or(|parent| parent.kind() != "assignment") => {
                let (targets, value) = chain(node);
                for target in targets {
                    self.outside |= self.declared(step, target, value);
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
                    let object = node.child_by_field_name("value");
                    let outside = object.is_some_and(|object| is_environment(self.module, object));
                    self.outside |= outside && self.is_key(step, key);
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
            aside: self.aside,
            variable: None,
        });
    }

    fn is_key(&self, step: &On<'_, 't>, key: Node<'t>) -> bool {
        let at = step.state.reach.at(step.node.start_byte());
        keyed(self.settings, self.module, key, at).into_iter().any(|setting| !setting.kin)
    }

    /// `SECRET_KEY: str` in a class of settings, which reads it by that name; one
    /// of pydantic does so even when there is a value to fall back on.
    fn declared(&self, step: &On<'_, 't>, target: Node<'t>, value: Option<Node<'t>>) -> bool {
        if !may_be_one(self.settings, self.module, target) {
            return false;
        }
        let at = step.state.reach.at(step.node.start_byte());
        let class = self.module.scopes().get(at.scope).filter(|s| s.kind == ScopeKind::Class);
        let reads = class.is_some_and(|class| {
            value.is_none() || bases(self.module, class.node).contains(&"BaseSettings")
        });
        let mut own = self.settings.iter().filter(|setting| !setting.kin);
        reads && own.any(|s| s.target(self.module, target, at).is_some())
    }

    fn named(&self, setting: &Setting, base: Option<String>) -> Target {
        Target { shown: setting.name.clone(), base }
    }

    fn assigned(&mut self, step: &On<'_, 't>, target: Node<'t>, value: Node<'t>, how: How) {
        if !may_be_one(self.settings, self.module, target) {
            return;
        }
        let at = step.state.reach.at(step.node.start_byte());
        for setting in self.settings {
            for value in signing::each(setting, value) {
                if let Some(target) = setting.target(self.module, target, at) {
                    self.add(step, setting, how.clone(), target, value);
                }
            }
        }
    }

    /// `def SECRET_KEY(self): return value`.
    fn property(&mut self, step: &On<'_, 't>) {
        let Some(id) = self.module.scope_of(step.node) else { return };
        let Some(scope) = self.module.scopes().get(id) else { return };
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
        for setting in keyed(self.settings, self.module, key, at) {
            if let Some(base) = self.holder(step) {
                let target = self.named(setting, base);
                self.add(step, setting, How::Entry, target, value);
            }
        }
        self.attribute_entry(step, key, value, at);
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

fn excused_here(
    module: &Module<'_>,
    step: &On<'_, '_>,
    left_out: &dyn Fn(&str) -> bool,
) -> Option<Excused> {
    if !matches!(step.node.kind(), "class_definition" | "function_definition") {
        return None;
    }
    let name = module.source(step.node.child_by_field_name("name")?);
    let decorated = step.parent().filter(|parent| parent.kind() == "decorated_definition");
    let decorators = decorated.map(children).unwrap_or_default();
    let handed = decorators.into_iter().any(|decorator| {
        let text = module.source(decorator);
        decorator.kind() == "decorator"
            && ["route", "before", "after", "event", "startup", "app.get", "app.post", "signal"]
                .iter()
                .any(|word| text.contains(word))
    });
    left_out(name).then(|| Excused { bytes: step.node.byte_range(), name: name.to_owned(), handed })
}
