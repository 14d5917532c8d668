//! What a name means.

use super::super::conditions::is_for_others;
use super::super::value::{At, Values};
use super::{Around, Search};
use crate::lang::javascript::{Bound, children};

impl<'w> Search<'_, 'w> {
    pub(super) fn name(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        self.meaning(at, at.code(), way, around).through(at.code())
    }

    /// What a name means at an expression.
    pub(super) fn meaning(
        &self,
        at: &At<'w>,
        name: &str,
        way: &[String],
        around: &Around<'w>,
    ) -> Values<'w> {
        let module = &at.module;
        let bound: Vec<Bound<'w>> = module
            .bound(name, at.node.start_byte())
            .into_iter()
            .map(|binding| binding.bound.clone())
            .collect();
        if bound.is_empty() {
            return match name {
                "undefined" => Values::default(),
                "module" | "exports" => self.handed_out(module, way, around),
                _ => Values::unknown(at, format!("comes from `{name}`, which is not followed")),
            };
        }
        let mut all = Values::default();
        for bound in bound {
            all = all.or(self.one(at, bound, way, around));
        }
        if !way.is_empty() {
            all = self.assigned(at, name, way, around).into_iter().fold(all, Values::or);
        }
        all
    }

    fn one(
        &self,
        at: &At<'w>,
        bound: Bound<'w>,
        way: &[String],
        around: &Around<'w>,
    ) -> Values<'w> {
        let longer = |of: &[String]| of.iter().chain(way).cloned().collect::<Vec<String>>();
        match bound {
            Bound::Value { of, way: inside, default } => {
                let Some(of) = of.filter(|of| !is_for_others(&at.module, *of)) else {
                    return Values::default();
                };
                let value = self.value(&at.with(of), &longer(&inside), around);
                match default {
                    Some(default) => value.or_else(self.value(&at.with(default), way, around)),
                    None => value,
                }
            }
            Bound::Import { from, what } => self.imported(at, &from, &what, way, around),
            Bound::Parameter { function, index, way: inside, default } => {
                let default = default.map(|default| self.value(&at.with(default), way, around));
                let given = self.given(&at.with(function), index, &longer(&inside), around);
                match default {
                    Some(default) => given.or_else(default),
                    None => given,
                }
            }
            Bound::Function(node) if way.is_empty() => self.returned(&at.with(node), &[], around),
            Bound::Function(_) | Bound::Other => {
                Values::unknown(at, format!("comes from `{}`, which is not followed", at.shown()))
            }
        }
    }

    /// What the same file assigns to properties of a name: `name.a.b = value`.
    pub(super) fn assigned(
        &self,
        at: &At<'w>,
        name: &str,
        way: &[String],
        around: &Around<'w>,
    ) -> Vec<Values<'w>> {
        let members = at.module.members(name);
        let fit = members.iter().filter(|member| {
            way.starts_with(&member.way) && !is_for_others(&at.module, member.value)
        });
        let fit: Vec<_> = fit.cloned().collect();
        fit.into_iter()
            .map(|member| {
                let rest = way.get(member.way.len()..).unwrap_or_default();
                self.value(&at.with(member.value), rest, around)
            })
            .collect()
    }

    /// `this.a`: what the class around it gives the field.
    pub(super) fn own_field(&self, at: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let mut node = at.node;
        while let Some(up) = node.parent() {
            node = up;
            if matches!(node.kind(), "class_body" | "object") {
                break;
            }
        }
        let values = if node.kind() == "object" {
            self.value(&at.with(node), way, around)
        } else {
            self.field(&at.with(node), way, around)
        };
        if !values.is_nothing() {
            return values;
        }
        let name = way.first().map(String::as_str).unwrap_or_default();
        Values::unknown(at, format!("comes from `this.{name}`, of which no value was seen"))
    }

    /// What a class gives one of its fields.
    pub(super) fn field(&self, body: &At<'w>, way: &[String], around: &Around<'w>) -> Values<'w> {
        let Some((name, rest)) = way.split_first() else { return Values::default() };
        let module = &body.module;
        let mut all = Values::default();
        for part in children(body.node) {
            let named = part.child_by_field_name("property").or(part.child_by_field_name("name"));
            if named.is_none_or(|named| module.code(named).trim_matches(['"', '\'']) != name) {
                continue;
            }
            let value = part.child_by_field_name("value");
            if let Some(value) = value {
                all = all.or(self.value(&body.with(value), rest, around));
            } else if part.kind() == "method_definition" {
                all = all.or(self.returned(&body.with(part), rest, around));
            }
        }
        for member in module.members("this").to_vec() {
            let inside = body.node.byte_range().contains(&member.left.start_byte());
            if inside && way.starts_with(&member.way) && !is_for_others(module, member.value) {
                let rest = way.get(member.way.len()..).unwrap_or_default();
                all = all.or(self.value(&body.with(member.value), rest, around));
            }
        }
        all
    }
}
