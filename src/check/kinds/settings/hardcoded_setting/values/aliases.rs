//! Readers under another name, and members by their names.

use super::calls::is_library;
use super::{Open, Search, is_environment};
use crate::check::kinds::settings::hardcoded_setting::found::Form;
use crate::lang::python::{Bound, Call, Import, inner, key_text, last_name};

impl<'t> Search<'_, 't> {
    /// `get = partial(os.getenv, "KEY", default)`, and then `get()`. False when the
    /// called name is no such thing.
    pub(super) fn partial(&mut self, open: &Open<'t>, call: &Call<'t>) -> bool {
        if call.function.kind() != "identifier" {
            return false;
        }
        let text = self.module.text;
        let bound = self.module.lookup(call.function, open.at);
        let made = bound.into_iter().filter_map(|binding| {
            let value = inner(binding.value()?);
            Some((value, Call::of(value).filter(|made| made.name(text) == "partial")?))
        });
        let made: Vec<_> = made.collect();
        for (value, made) in &made {
            let default = made
                .keyword(text, &["default", "fallback", "default_value"])
                .or_else(|| made.positional.get(2).copied());
            let reads = made.positional.first().is_some_and(|function| {
                is_environment(self.module, *function) || last_name(text, *function) == Some("get")
            });
            match (reads, default) {
                (true, default) => {
                    self.found.outside = true;
                    if let Some(default) = default {
                        self.push(open, default, Form::Default("partial".to_owned()));
                    }
                }
                (false, _) => self.not_followed(open, *value),
            }
        }
        !made.is_empty()
    }

    /// `getattr(Config, "KEY")` of a class of this project. False when it is none.
    pub(super) fn member_by_name(&mut self, open: &Open<'t>, call: &Call<'t>) -> bool {
        let text = self.module.text;
        let [object, key, default @ ..] = call.positional.as_slice() else { return false };
        if call.name(text) != "getattr" || call.receiver().is_some() {
            return false;
        }
        let Some(key) = key_text(self.module, inner(*key), open.at) else { return false };
        let object = inner(*object);
        let bound = self.module.lookup(object, open.at).into_iter();
        let class = bound.clone().find_map(|binding| match binding.bound {
            Bound::Scope(id) => Some(id),
            _ => None,
        });
        let class = class.or_else(|| self.module.class_of(object, open.at));
        let members = class.map(|class| self.module.member(class, &key, open.at));
        let members = members.unwrap_or_default();
        let import = self.import(object, open.at).filter(|import| !is_library(&import.module));
        match (members.is_empty(), import) {
            (false, _) => {
                for member in members {
                    self.binding(open, &key, member);
                }
            }
            (true, Some(Import { module, name })) => {
                let gap = if module.ends_with('.') { "" } else { "." };
                let module = name.map_or(module.clone(), |name| format!("{module}{gap}{name}"));
                self.imported(open, Import { module, name: Some(key) }, object);
            }
            (true, None) => return false,
        }
        if let Some(default) = default.first() {
            self.push(open, *default, Form::Default("getattr".to_owned()));
        }
        true
    }
}
