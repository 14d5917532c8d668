//! Literals that are replaced before production uses them.

use tree_sitter::Node;

use super::found::Values;
use super::site::{How, Site};
use crate::lang::python::{Meaning, Module, ScopeKind, dotted, meaning, walk, words};

/// What a site's value can be, and the site.
pub(super) type Judged<'a, 't> = (Values<'t>, Site<'a, 't>);

/// Whether a value comes into use.
pub(super) enum Replaced {
    /// It does.
    No,
    /// Something replaces it first.
    Yes,
    /// Not unless production uses one of these classes.
    Unless(Vec<String>),
}

/// Whether the value of one site never comes into use: a later assignment, sure
/// to run, replaces it; or each class of production that inherits it does.
pub(super) fn replaced(
    module: &Module<'_>,
    sites: &[Judged<'_, '_>],
    index: usize,
    excused: &dyn Fn(&str) -> bool,
) -> Replaced {
    let Some((_, site)) = sites.get(index) else { return Replaced::No };
    if module.root.has_error() {
        // two sides of a merge, for one, do not replace each other
        return Replaced::No;
    }
    let told = |replaced| if replaced { Replaced::Yes } else { Replaced::No };
    if site.how == How::Appended {
        return told(on_a_real_key(module, sites, site));
    }
    if !matches!(site.how, How::Assigned | How::Keyword(_) | How::Entry) {
        return Replaced::No;
    }
    if later(module, sites, site) {
        return Replaced::Yes;
    }
    inherited(module, sites, site, excused).map_or(Replaced::No, Replaced::Unless)
}

/// `SECRET_KEY += "x"` only changes a key that comes from elsewhere.
fn on_a_real_key(module: &Module<'_>, sites: &[Judged<'_, '_>], site: &Site<'_, '_>) -> bool {
    site.base.is_some()
        && module.spend(sites.len())
        && sites.iter().any(|(values, other)| {
            values.literals.is_empty()
                && other.how == How::Assigned
                && other.base == site.base
                && other.setting.name == site.setting.name
                && !matches!(other.value.kind(), "string" | "none")
        })
}

fn later(module: &Module<'_>, sites: &[Judged<'_, '_>], site: &Site<'_, '_>) -> bool {
    let Some(base) = &site.base else { return false };
    if !module.spend(sites.len()) {
        return false;
    }
    sites.iter().any(|(values, other)| {
        values.literals.is_empty()
            && matches!(other.how, How::Assigned)
            && other.base.as_ref() == Some(base)
            && other.setting.name == site.setting.name
            && other.at.scope == site.at.scope
            && other.at.at > site.at.at
            && other.block.contains(&site.at.at)
            && !reuses(module, other)
    })
}

/// Whether a new value is made from the old one: `key = derive(key)`.
fn reuses(module: &Module<'_>, site: &Site<'_, '_>) -> bool {
    if !module.spend(site.value.byte_range().len() / 8) {
        return true;
    }
    let mut reuses = false;
    walk(site.value, (), |step| {
        let node = step.node;
        // `os.environ["SECRET_KEY"]` is another one
        if matches!(step.kind, "subscript" | "call") {
            let name = node
                .child_by_field_name("value")
                .or_else(|| node.child_by_field_name("function"))
                .and_then(|function| dotted(module.text, function))
                .unwrap_or_default();
            if words(&name).iter().any(|w| matches!(w.as_str(), "env" | "environ" | "getenv")) {
                return None;
            }
        }
        let text = module.source(node);
        reuses |= match step.kind {
            "identifier" => site.setting.is_named(text) || site.setting.has_alias(text),
            "string_content" => site.setting.is_named(text),
            _ => false,
        };
        (!reuses).then_some(())
    });
    reuses
}

/// `class Config: SECRET_KEY = "x"` is harmless when `class
/// ProductionConfig(Config)` reads its own, every other class that inherits it
/// does so too or is for development, and production uses none of those and not
/// `Config` itself: their names are given.
fn inherited(
    module: &Module<'_>,
    sites: &[Judged<'_, '_>],
    site: &Site<'_, '_>,
    excused: &dyn Fn(&str) -> bool,
) -> Option<Vec<String>> {
    let class = module.scopes().get(site.at.scope).filter(|s| s.kind == ScopeKind::Class)?;
    if !matches!(site.how, How::Assigned) {
        return None;
    }
    let heirs = module.heirs(class.name);
    if !module.spend(heirs.len().saturating_mul(sites.len())) {
        return None;
    }
    let mut in_production = false;
    let mut users = vec![class.name.to_owned()];
    for id in heirs {
        let Some(scope) = module.scopes().get(*id) else { continue };
        let own = sites.iter().any(|(values, other)| {
            values.literals.is_empty()
                && other.setting.name == site.setting.name
                && other.at.scope == *id
                && other.how == How::Assigned
        });
        if excused(scope.name) || meaning(scope.name) == Some(Meaning::Development) {
            users.push(scope.name.to_owned());
            continue;
        }
        if !own {
            return None;
        }
        in_production |= meaning(scope.name) == Some(Meaning::Production);
    }
    (in_production && !is_used(module, class.name, class.node)).then_some(users)
}

/// Whether a class's name stands anywhere but in its definition and among bases.
fn is_used(module: &Module<'_>, name: &str, definition: Node<'_>) -> bool {
    if !module.spend(module.text.len() / 16) {
        return true;
    }
    let mut used = false;
    walk(module.root, (), |step| {
        let own = step
            .parent()
            .is_some_and(|parent| parent.id() == definition.id() && step.field == Some("name"));
        let base = step.parent().is_some_and(|parent| parent.kind() == "argument_list")
            && step
                .above
                .iter()
                .rev()
                .nth(1)
                .is_some_and(|(node, _)| node.kind() == "class_definition");
        let text = matches!(step.kind, "identifier" | "string_content")
            .then(|| module.source(step.node))
            .unwrap_or_default();
        used |= !own && !base && (text == name || text.ends_with(&format!(".{name}")));
        (!used).then_some(())
    });
    used
}
