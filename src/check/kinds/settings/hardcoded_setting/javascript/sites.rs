//! The places of a file where something is given a key.

use std::rc::Rc;

use tree_sitter::Node;

use super::conditions::is_for_others;
use super::origin::origin;
use super::takers::{BY_NAME, PLUGIN_KEYS, PLUGINS, PROPERTIES, TAKERS, Where};
use super::value::At;
use crate::lang::javascript::{Module, children, inner, key, walk};

/// One of them.
pub(super) struct Site<'w> {
    /// The expression.
    pub(super) at: At<'w>,
    /// The properties in it.
    pub(super) way: Vec<String>,
    /// What takes it, as the message shows it.
    pub(super) shown: String,
    /// The variable that people read it from.
    pub(super) variable: &'static str,
    /// Only a literal says something.
    pub(super) weak: bool,
}

/// All of a file.
pub(super) fn find<'w>(module: &Rc<Module<'w>>) -> Vec<Site<'w>> {
    let mut found = Finder { module, sites: Vec::new() };
    walk(module.root, |node| {
        match node.kind() {
            "call_expression" | "new_expression" => found.call(node),
            "pair" | "shorthand_property_identifier" => found.property(node),
            "variable_declarator" | "public_field_definition" | "field_definition" => {
                found.app_key(node);
            }
            _ => {}
        }
        true
    });
    found.keys_of_apps();
    let mut sites = found.sites;
    sites.retain(|site| !is_for_others(module, site.at.node));
    let mut seen: Vec<(usize, Vec<String>)> = Vec::new();
    sites.retain(|site| {
        let this = (site.at.node.id(), site.way.clone());
        let new = !seen.contains(&this);
        seen.push(this);
        new
    });
    sites
}

struct Finder<'m, 'w> {
    module: &'m Rc<Module<'w>>,
    sites: Vec<Site<'w>>,
}

impl<'w> Finder<'_, 'w> {
    fn at(&self, node: Node<'w>) -> At<'w> {
        At { module: Rc::clone(self.module), node }
    }

    fn call(&mut self, node: Node<'w>) {
        let callee =
            node.child_by_field_name("function").or(node.child_by_field_name("constructor"));
        let Some(callee) = callee.map(inner) else { return };
        let Some(arguments) = node.child_by_field_name("arguments").map(children) else { return };
        let code = self.module.code(callee);
        let from = origin(self.module, callee);
        if let Some((package, way)) = &from {
            let first = way.first().map(String::as_str).unwrap_or_default();
            let last = way.last().map(String::as_str).unwrap_or_default();
            for taker in TAKERS {
                if taker.packages.contains(&package.as_str())
                    && taker.names.contains(&(first, last))
                {
                    self.take(code, &arguments, taker.at, taker.variable, taker.weak);
                }
            }
        } else if let Some((_, at, variable)) = BY_NAME.iter().find(|(name, ..)| *name == code) {
            self.take(code, &arguments, *at, variable, false);
        }
        let property = callee.child_by_field_name("property").map(|node| self.module.code(node));
        match property {
            Some("register") => {
                let plugin = arguments.first().and_then(|p| origin(self.module, *p));
                if plugin.is_some_and(|(package, _)| PLUGINS.contains(&package.as_str())) {
                    self.take(code, &arguments, Where::Of(1, PLUGIN_KEYS), "JWT_SECRET", false);
                }
            }
            Some("strategy") if self.module.text.contains("hapi") => {
                const KEYS: &[&[&str]] =
                    &[&["cookie", "password"], &["password"], &["key"], &["keys"]];
                self.take(code, &arguments, Where::Of(2, KEYS), "COOKIE_PASSWORD", false);
            }
            Some("sign" | "signAsync" | "verify" | "verifyAsync") if from.is_none() => {
                const KEYS: &[&[&str]] = &[&["secret"], &["privateKey"]];
                if arguments.get(1).is_some_and(|second| inner(*second).kind() == "object") {
                    self.take(code, &arguments, Where::Of(1, KEYS), "JWT_SECRET", false);
                }
            }
            _ => {}
        }
    }

    fn take(
        &mut self,
        code: &str,
        arguments: &[Node<'w>],
        at: Where,
        variable: &'static str,
        weak: bool,
    ) {
        let called = short(code);
        match at {
            Where::Argument(index) => {
                if let Some(argument) = arguments.get(index) {
                    let at = self.at(*argument);
                    let shown = format!("the key of {called}()");
                    self.sites.push(Site { at, way: Vec::new(), shown, variable, weak });
                }
            }
            Where::Of(index, ways) => {
                let Some(argument) = arguments.get(index) else { return };
                let mut any = false;
                for way in ways {
                    let name = way.last().copied().unwrap_or_default();
                    if let Some((node, rest)) = self.inside(inner(*argument), way) {
                        let way: Vec<String> = rest.iter().map(|part| (*part).to_owned()).collect();
                        // of several properties, what is no object may hold any
                        if !way.is_empty() && any {
                            continue;
                        }
                        any = true;
                        let shown = format!("`{name}` of {called}()");
                        self.sites.push(Site { at: self.at(node), way, shown, variable, weak });
                    }
                }
            }
        }
    }

    /// Goes into objects as far as they stand there; none when the object has no
    /// such property.
    fn inside<'p>(
        &self,
        mut node: Node<'w>,
        mut way: &'p [&'p str],
    ) -> Option<(Node<'w>, &'p [&'p str])> {
        while let Some((head, rest)) = way.split_first() {
            if matches!(
                node.kind(),
                "string" | "template_string" | "null" | "arrow_function" | "function_expression"
            ) {
                return None;
            }
            if node.kind() != "object" {
                return Some((node, way));
            }
            let parts = children(node);
            let named = parts.iter().rev().find(|part| {
                let name = part.child_by_field_name("key").or(part.child_by_field_name("name"));
                key(self.module.text, name.unwrap_or(**part)).as_deref() == Some(*head)
                    && part.kind() != "spread_element"
            });
            match named {
                Some(part) => {
                    node = inner(part.child_by_field_name("value").unwrap_or(*part));
                    way = rest;
                }
                None if parts.iter().any(|part| part.kind() == "spread_element") => {
                    return Some((node, way));
                }
                None => return None,
            }
        }
        Some((node, way))
    }

    /// `secretOrKey: value`, wherever it stands.
    fn property(&mut self, node: Node<'w>) {
        let (name, value) = match node.kind() {
            "pair" => {
                let parts = node.child_by_field_name("key").zip(node.child_by_field_name("value"));
                let Some((name, value)) = parts else { return };
                (name, value)
            }
            _ => (node, node),
        };
        let Some(name) = key(self.module.text, name) else { return };
        for (known, beside, variable) in PROPERTIES {
            if name == *known && (beside.is_empty() || self.stands_by(node, beside)) {
                let shown = format!("`{name}`");
                let at = self.at(value);
                let way = Vec::new();
                self.sites.push(Site { at, way, shown, variable, weak: false });
            }
        }
    }

    /// Whether one of these names stands in the same object, or above it.
    fn stands_by(&self, node: Node<'w>, names: &[&str]) -> bool {
        let Some(object) = node.parent() else { return false };
        let beside = children(object).into_iter().any(|part| {
            let name = part.child_by_field_name("key").unwrap_or(part);
            key(self.module.text, name).is_some_and(|name| {
                names.contains(&name.as_str()) && !matches!(name.as_str(), "app" | "cookieOptions")
            })
        });
        if beside {
            return true;
        }
        let mut at = object;
        for depth in 0..8 {
            let Some(up) = at.parent() else { return false };
            match up.kind() {
                // directly: `app: { keys }`, `cookieOptions: { password }`
                "pair" if depth == 0 => {
                    let name = up.child_by_field_name("key");
                    let name = name.and_then(|name| key(self.module.text, name));
                    if name.is_some_and(|name| {
                        names.contains(&name.as_str())
                            && (name != "app" || self.module.path().to_string().contains("config"))
                    }) {
                        return true;
                    }
                }
                "call_expression" => {
                    let called = up.child_by_field_name("function").map(|f| self.module.code(f));
                    return called
                        .is_some_and(|called| called.split('.').any(|part| names.contains(&part)));
                }
                _ => {}
            }
            at = up;
        }
        false
    }

    /// `export const appKey = value`, as Adonis reads it.
    fn app_key(&mut self, node: Node<'w>) {
        let name = node.child_by_field_name("name").or(node.child_by_field_name("property"));
        if name.is_some_and(|name| self.module.code(name) == "appKey")
            && let Some(value) = node.child_by_field_name("value")
        {
            let at = self.at(value);
            let shown = "`appKey`".to_owned();
            self.sites.push(Site { at, way: Vec::new(), shown, variable: "APP_KEY", weak: false });
        }
    }

    /// `app.keys = value` of Koa.
    fn keys_of_apps(&mut self) {
        let koa = self.module.text.contains("koa") || self.module.text.contains("Koa");
        let set: Vec<Node<'w>> = self
            .module
            .all_members()
            .filter(|(_, member)| koa && member.way == ["keys"])
            .map(|(_, member)| member.value)
            .collect();
        for value in set {
            let at = self.at(value);
            let shown = "`app.keys`".to_owned();
            self.sites.push(Site { at, way: Vec::new(), shown, variable: "APP_KEYS", weak: false });
        }
    }
}

/// The last names of a callee.
fn short(code: &str) -> String {
    let plain = code.len() <= 40 && code.chars().all(|c| c.is_alphanumeric() || "._$".contains(c));
    if plain {
        return code.to_owned();
    }
    let last = code.rsplit('.').next().unwrap_or_default();
    let last: String = last.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if last.is_empty() { "a call".to_owned() } else { last }
}
