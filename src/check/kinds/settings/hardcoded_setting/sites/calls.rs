//! Calls that set a setting, or read it with something to fall back on.

use tree_sitter::Node;

use super::{Finder, HIGHEST, On, Ran};
use crate::check::kinds::settings::hardcoded_setting::setting::{
    Target, base_of, is_apps_attributes, is_talk, keyed, makes_app,
};
use crate::check::kinds::settings::hardcoded_setting::signing;
use crate::check::kinds::settings::hardcoded_setting::site::How;
use crate::check::kinds::settings::hardcoded_setting::values::is_environment;
use crate::lang::python::{
    Call, Module, Use, children, dotted, key_text, last_name, reads_with_default,
};

/// What is called, as a message shows it; few calls are shown.
type Shown<'f> = &'f dyn Fn() -> String;

impl<'t> Finder<'_, '_, 't> {
    pub(super) fn call(&mut self, step: &On<'_, 't>) {
        let Some(call) = Call::of(step.node) else { return };
        let text = self.module.text;
        let name = call.name(text);
        let shown = || dotted(text, call.function).unwrap_or_else(|| name.to_owned());
        let at = step.state.reach.at(step.node.start_byte());
        if !call.keywords.is_empty() && !is_talk(name) {
            self.keywords(step, &call, name, &shown, at);
            self.option(step, &call, name, &shown, at);
        }
        self.setter(step, &call, name, &shown, at);
        let key = self.settings.iter().find(|setting| setting.name == signing::SIGNING_KEY);
        if let Some(setting) = key
            && let Some(value) = signing::key_of(self.module, &call)
        {
            let target = Target { shown: "the key to sign with".to_owned(), base: None };
            self.add(step, setting, How::Keyword(shown()), target, value);
        }
        if matches!(name, "exec" | "eval")
            && !self.aside
            && call.receiver().is_none_or(|object| self.module.source(object) == "builtins")
            && let Some(code) = call.positional.first()
        {
            self.ran.push(Ran { code: *code, at });
        }
        if let Some((key, default)) = reads_with_default(text, &call) {
            let reader = call.function.kind() == "identifier" && name == "config";
            self.outside |=
                (reader || is_environment(self.module, call.function)) && self.is_key(step, key);
            if let Some(default) = default {
                for setting in keyed(self.settings, self.module, key, at) {
                    let target = self.named(setting, None);
                    self.add(step, setting, How::Fallback(shown()), target, default);
                    self.variable(setting.name.clone());
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

    fn keywords(
        &mut self,
        step: &On<'_, 't>,
        call: &Call<'t>,
        name: &str,
        shown: Shown<'_>,
        at: Use,
    ) {
        if name == "dict" && self.holder(step).is_none() {
            return;
        }
        for (keyword, value) in &call.keywords {
            let keyword = self.module.source(*keyword);
            for setting in self.settings {
                if setting.is_named(keyword)
                    || (setting.has_alias(keyword) && takes_alias(self.module, call, name, at))
                {
                    let base = call
                        .receiver()
                        .filter(|_| matches!(name, "update" | "from_mapping"))
                        .and_then(|object| base_of(self.module, object));
                    // django-environ: `Env(SECRET_KEY=(str, "default"))`
                    let value = match children(*value).as_slice() {
                        [_, default] if value.kind() == "tuple" && name.ends_with("Env") => {
                            *default
                        }
                        _ => *value,
                    };
                    let target = Target { shown: keyword.to_owned(), base };
                    self.add(step, setting, How::Keyword(shown()), target, value);
                }
            }
        }
    }

    /// `vars(app).update({"secret_key": value})`: a key is an attribute's name there.
    pub(super) fn attribute_entry(
        &mut self,
        step: &On<'_, 't>,
        key: Node<'t>,
        value: Node<'t>,
        at: Use,
    ) {
        let text = self.module.plain_string(key).map(|constant| constant.text).unwrap_or_default();
        for setting in self.settings.iter().filter(|setting| setting.has_alias(&text)) {
            let object =
                step.above.iter().rev().take(HIGHEST).find_map(|(node, _)| match node.kind() {
                    "call" => Call::of(*node)?.receiver(),
                    "augmented_assignment" => node.child_by_field_name("left"),
                    _ => None,
                });
            if object.is_some_and(|object| is_apps_attributes(self.module, object, at)) {
                let target = Target { shown: text.clone(), base: None };
                self.add(step, setting, How::Entry, target, value);
            }
        }
    }

    /// `Field("x", env="SECRET_KEY")`, `click.option(…, envvar="SECRET_KEY", default="x")`.
    fn option(
        &mut self,
        step: &On<'_, 't>,
        call: &Call<'t>,
        name: &str,
        shown: Shown<'_>,
        at: Use,
    ) {
        let variable =
            call.keyword(self.module.text, &["env", "envvar", "env_var", "validation_alias"]);
        let Some(variable) = variable else { return };
        self.outside |= self.is_key(step, variable);
        let first = || {
            matches!(name, "Field" | "Option" | "Argument")
                .then(|| call.positional.first().copied())
                .flatten()
        };
        let Some(default) = call.keyword(self.module.text, &["default"]).or_else(first) else {
            return;
        };
        for setting in keyed(self.settings, self.module, variable, at) {
            let target = self.named(setting, None);
            self.add(step, setting, How::Fallback(shown()), target, default);
            self.variable(setting.name.clone());
        }
    }

    fn setter(
        &mut self,
        step: &On<'_, 't>,
        call: &Call<'t>,
        name: &str,
        shown: Shown<'_>,
        at: Use,
    ) {
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
        let attribute = name.ends_with("attr")
            || name == "__setattr__"
            || object.is_some_and(|object| is_apps_attributes(self.module, object, at));
        for setting in self.settings {
            if setting.is_named(&key) || (attribute && setting.has_alias(&key)) {
                let base = object.and_then(|object| base_of(self.module, object));
                let target = self.named(setting, base);
                self.add(step, setting, How::Setter(shown()), target, *value);
                if name == "setdefault" && shown().contains("environ") {
                    self.variable(setting.name.clone());
                }
            }
        }
    }

    /// A reading of the setting: what stands behind `or`, or after `else`, takes
    /// its place.
    pub(super) fn read(&mut self, step: &On<'_, 't>, key: Node<'t>) {
        let at = step.state.reach.at(step.node.start_byte());
        for setting in keyed(self.settings, self.module, key, at) {
            let from = step.node.child_by_field_name("value").or_else(|| {
                step.node.child_by_field_name("function")?.child_by_field_name("object")
            });
            let from = from.and_then(|from| last_name(self.module.text, from)).unwrap_or_default();
            self.read |= !setting.kin && matches!(from, "config" | "environ" | "env" | "settings");
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
fn takes_alias(module: &Module<'_>, call: &Call<'_>, name: &str, at: Use) -> bool {
    makes_app(name)
        || (name == "update"
            && call.receiver().is_some_and(|object| is_apps_attributes(module, object, at)))
        || (name == "add_middleware"
            && call
                .positional
                .first()
                .and_then(|class| last_name(module.text, *class))
                .is_some_and(makes_app))
}
