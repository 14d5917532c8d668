//! What comes from other modules.

use std::rc::Rc;

use super::super::value::{At, Values};
use super::super::world::Led;
use super::environment::variable;
use super::{ANY, Around, Search};
use crate::lang::javascript::{Bound, Export, Imported, Module, exports};
use crate::model::RepoPath;

/// Modules of the platform, and what stands for the environment, that hand it out.
const ENVIRONMENT: &[&str] =
    &["process", "$env/dynamic/private", "$env/static/private", "$app/environment"];

impl<'w> Search<'_, 'w> {
    /// Something that is imported, and a way of properties in it.
    pub(super) fn imported(
        &self,
        at: &At<'w>,
        from: &str,
        what: &Imported,
        way: &[String],
        around: &Around<'w>,
    ) -> Values<'w> {
        let mut whole = what.way();
        whole.extend(way.iter().cloned());
        self.module_value(at, from, &whole, around)
    }

    /// What a module, found from another one, hands out.
    pub(super) fn module_value(
        &self,
        at: &At<'w>,
        from: &str,
        way: &[String],
        around: &Around<'w>,
    ) -> Values<'w> {
        let paths = match self.world.lead(at.module.path(), from) {
            Led::Own(paths) => paths,
            Led::Package(name) => return self.package(at, &name, way, around),
            Led::Nowhere => {
                return Values::unknown(at, format!("comes from `{from}`, which was not found"));
            }
        };
        paths.iter().fold(Values::default(), |all, path| all.or(self.file(at, path, way, around)))
    }

    fn file(
        &self,
        at: &At<'w>,
        path: &RepoPath,
        way: &[String],
        around: &Around<'w>,
    ) -> Values<'w> {
        match self.world.module(path) {
            Some(module) => self.handed_out(&module, way, &around.deeper()),
            None => Values::unknown(at, format!("comes from `{path}`, which is not understood")),
        }
    }

    /// What a module hands out along a way of properties.
    pub(super) fn handed_out(
        &self,
        module: &Rc<Module<'w>>,
        way: &[String],
        around: &Around<'w>,
    ) -> Values<'w> {
        let at = |node| At { module: Rc::clone(module), node };
        let top = at(module.root);
        let around = &around.deeper();
        if around.depth > super::DEEPEST {
            return Values::unknown(&top, "is followed through too many steps");
        }
        let (head, rest) = match way.split_first() {
            Some((head, rest)) => (head.as_str(), rest),
            None => ("default", way),
        };
        let mut all = Values::default();
        let found = exports(module);
        for export in &found {
            let values = match export {
                Export::Value(name, node) if name == head => self.value(&at(*node), rest, around),
                Export::Own(name, own, node) if name == head => {
                    self.meaning(&at(*node), own, rest, around)
                }
                Export::Theirs(name, theirs, from) if name == head => {
                    let whole: Vec<String> =
                        std::iter::once(theirs.clone()).chain(rest.iter().cloned()).collect();
                    self.module_value(&top, from, &whole, around)
                }
                Export::Whole(node) => {
                    // `import x from` takes all that such a module hands out
                    let way = if head == "default" { rest } else { way };
                    self.value(&at(*node), way, around)
                }
                _ => continue,
            };
            all = all.or(values);
        }
        if all.is_nothing() {
            for export in &found {
                if let Export::All(from) = export
                    && head != "default"
                    && matches!(self.world.lead(module.path(), from), Led::Own(_))
                {
                    all = all.or(self.module_value(&top, from, way, around));
                }
            }
        }
        // `require("./x").default` of what an importer reads as a whole, and back
        if all.is_nothing() && head == ANY {
            let named = found.iter().filter_map(|export| match export {
                Export::Value(_, node) => Some(self.value(&at(*node), rest, around)),
                _ => None,
            });
            all = named.fold(all, Values::or);
        }
        all
    }

    /// What a package hands out.
    fn package(&self, at: &At<'w>, name: &str, way: &[String], around: &Around<'w>) -> Values<'w> {
        let way: Vec<String> = match way.split_first() {
            Some((head, rest)) if head == "default" => rest.to_vec(),
            _ => way.to_vec(),
        };
        if ENVIRONMENT.contains(&name) {
            let name = way.iter().find(|part| *part != "env");
            return name.map_or_else(Values::outside, |name| variable(at, name));
        }
        if name == "config" {
            return self.node_config(at, &way, around);
        }
        Values::unknown(at, format!("comes from the package `{name}`"))
    }

    /// What the files of the package `config` say: `config/default.json` and the
    /// like, which a file of production outranks.
    pub(super) fn node_config(
        &self,
        at: &At<'w>,
        way: &[String],
        around: &Around<'w>,
    ) -> Values<'w> {
        let read = |stem: &str| {
            let from = at.module.path();
            let led =
                ["./config/", "../config/", "../../config/", "/config/"].iter().find_map(|f| {
                    match self.world.lead(from, &format!("{f}{stem}")) {
                        Led::Own(paths) => Some(paths),
                        _ => None,
                    }
                });
            let paths = led.unwrap_or_default();
            paths.iter().fold(Values::default(), |all, p| all.or(self.file(at, p, way, around)))
        };
        let from_environment = read("custom-environment-variables");
        let named = !from_environment.is_nothing();
        let mut values = Values::default();
        for stem in ["local-production", "local", "production", "prod", "default"] {
            values = read(stem);
            if !values.is_nothing() {
                break;
            }
        }
        match (named, values.is_nothing()) {
            (true, true) => Values::outside(),
            (true, false) => Values::outside().or_else(values),
            (false, true) => Values::unknown(
                at,
                "comes from the package `config`, and no file that is read here gives it",
            ),
            (false, false) => values,
        }
    }

    /// The expression that names and imports lead to; itself when it is none.
    pub(super) fn expression(&self, at: &At<'w>) -> Option<At<'w>> {
        let mut at = at.with(crate::lang::javascript::inner(at.node));
        for _ in 0..16 {
            if at.node.kind() != "identifier" {
                return Some(at);
            }
            let bound: Vec<Bound<'w>> = at
                .module
                .bound(at.code(), at.node.start_byte())
                .into_iter()
                .map(|binding| binding.bound.clone())
                .collect();
            let [bound] = bound.as_slice() else { return None };
            let (from, way) = match bound {
                Bound::Value { of: Some(of), way, .. } => match at.module.required(*of) {
                    Some(from) => (from, way.clone()),
                    None if way.is_empty() => {
                        at = at.with(crate::lang::javascript::inner(*of));
                        continue;
                    }
                    None => return None,
                },
                Bound::Import { from, what } => (from.clone(), what.way()),
                Bound::Function(node) => return Some(at.with(*node)),
                _ => return None,
            };
            at = self.handed(&at, &from, &way)?;
        }
        None
    }

    /// The one expression that a module hands out under a name.
    fn handed(&self, at: &At<'w>, from: &str, way: &[String]) -> Option<At<'w>> {
        let Led::Own(paths) = self.world.lead(at.module.path(), from) else { return None };
        let [path] = paths.as_slice() else { return None };
        let module = self.world.module(path)?;
        let head = way.first().map_or("default", String::as_str);
        if way.len() > 1 {
            return None;
        }
        let all = exports(&module);
        let next = |node| At { module: Rc::clone(&module), node };
        all.iter().find_map(|export| match export {
            Export::Value(name, node) if name == head => Some(next(*node)),
            Export::Own(name, own, node) if name == head => {
                let bound = module.bound(own, node.start_byte());
                bound.first().and_then(|binding| match &binding.bound {
                    Bound::Value { of: Some(of), way, .. } if way.is_empty() => Some(next(*of)),
                    Bound::Function(node) => Some(next(*node)),
                    _ => None,
                })
            }
            Export::Whole(node) if head == "default" => Some(next(*node)),
            Export::Theirs(name, theirs, from) if name == head => {
                self.handed(&next(module.root), from, std::slice::from_ref(theirs))
            }
            Export::Whole(node) if crate::lang::javascript::inner(*node).kind() == "object" => {
                let object = crate::lang::javascript::inner(*node);
                crate::lang::javascript::children(object).into_iter().find_map(|part| {
                    let named =
                        part.child_by_field_name("key").or(part.child_by_field_name("name"));
                    let short = part.kind() == "shorthand_property_identifier";
                    let is = named.is_some_and(|named| module.code(named) == head)
                        || (short && module.code(part) == head);
                    if !is {
                        return None;
                    }
                    if short {
                        let bound = module.bound(head, part.start_byte());
                        return bound.first().and_then(|binding| match &binding.bound {
                            Bound::Value { of: Some(of), way, .. } if way.is_empty() => {
                                Some(next(*of))
                            }
                            Bound::Function(node) => Some(next(*node)),
                            _ => None,
                        });
                    }
                    Some(next(part.child_by_field_name("value").unwrap_or(part)))
                })
            }
            _ => None,
        })
    }

    /// A function that a module hands out.
    pub(super) fn function_of(&self, at: &At<'w>, from: &str, way: &[String]) -> Option<At<'w>> {
        let way = match way {
            // `import x from` or `* as x`, then a name
            [head, rest @ ..] if head == "default" && !rest.is_empty() => rest,
            way => way,
        };
        let found = self.handed(at, from, way)?;
        let found = self.expression(&found)?;
        super::functions::is_function(found.node).then_some(found)
    }
}
