//! One checklist file: guarded and decoded.

use std::ops::Range;

use serde_yaml::Value;

use super::diagnostic::{Diagnostic, Spot};
use super::guard;
use super::raw::RawChecklist;
use super::source::Source;
use super::spans::Node;
use super::words;
use crate::check::decode::{self, Step, TakenOut};

/// Keys without a value that are told of.
const MOST_WITHOUT: usize = 50;

/// A file as far as it could be read.
#[derive(Debug)]
pub(super) struct File {
    pub source: Source,
    pub raw: RawChecklist,
    /// Whether it came with gonogo.
    pub builtin: bool,
    places: Node,
    gone: TakenOut,
}

impl File {
    /// Decodes a text; nothing when it is not a YAML mapping at all.
    pub(super) fn decode(source: Source, builtin: bool) -> (Option<Self>, Vec<Diagnostic>) {
        let (document, mut told) = guard::read(&source);
        let Some(mut document) = document else {
            return (None, told);
        };
        if !document.value.is_mapping() {
            let span = document.places.span.clone();
            told.push(
                Diagnostic::error("a checklist is a mapping of keys to values")
                    .at(source.spot(&span, "not a mapping"))
                    .help("begin it with `checklist: its name`"),
            );
            return (None, told);
        }
        let mut without = 0;
        take_nulls(&mut document.value, &mut Vec::new(), &mut |path| {
            without += 1;
            if without > MOST_WITHOUT {
                return;
            }
            let key = path.last().map(show_step).unwrap_or_default();
            let at = source.spot(&document.places.key(path), "nothing follows");
            told.push(
                Diagnostic::error(format!("`{key}` has no value"))
                    .at(at)
                    .help("give it one, or remove the line"),
            );
        });
        let decoded = decode::decode_around::<RawChecklist>(&document.value);
        let (raw, mistakes, gone) = decoded.parts();
        let places = document.places;
        let file = Self { source, raw: raw.unwrap_or_default(), builtin, places, gone };
        told.extend(mistakes.iter().map(|mistake| {
            let said = words::explain(&mistake.message, field(&mistake.path));
            let at = if said.key {
                file.places.key(&mistake.path)
            } else {
                file.places.value(&mistake.path)
            };
            Diagnostic::error(said.message)
                .at(file.source.spot(&at, said.label))
                .maybe_help(said.help)
        }));
        (Some(file), told)
    }

    /// The bytes of a value, by its path in `raw`.
    pub(super) fn value(&self, path: &[Step]) -> Range<usize> {
        self.places.value(&self.gone.original(path))
    }

    /// A number or a boolean as it is spelled in the file.
    pub(super) fn spelled(&self, path: &[Step]) -> Option<&str> {
        self.source.text.get(self.value(path)).map(str::trim).filter(|text| !text.is_empty())
    }

    /// A value, by its path in `raw`.
    pub(super) fn value_spot(&self, path: &[Step], label: &str) -> Spot {
        self.source.spot(&self.value(path), label)
    }

    /// The key that a path in `raw` ends in.
    pub(super) fn key_spot(&self, path: &[Step], label: &str) -> Spot {
        self.source.spot(&self.places.key(&self.gone.original(path)), label)
    }

    /// Whether the file holds something there, mistaken or not.
    pub(super) fn has(&self, path: &[Step]) -> bool {
        self.places.has(&self.gone.original(path))
    }

    /// The line (from 1) of a value.
    pub(super) fn line(&self, path: &[Step]) -> u32 {
        self.source.line_number(self.value(path).start)
    }
}

/// The last key of a path.
pub(super) fn field(path: &[Step]) -> Option<&str> {
    path.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    })
}

fn show_step(step: &Step) -> String {
    match step {
        Step::Key(key) => words::shorten(key),
        Step::Index(index) => index.to_string(),
    }
}

/// Takes out keys without a value, and tells their paths. Below `check` each
/// kind decides for itself.
fn take_nulls(value: &mut Value, path: &mut Vec<Step>, tell: &mut dyn FnMut(&[Step])) {
    match value {
        Value::Mapping(map) => map.retain(|key, value| {
            let Some(key) = key.as_str() else {
                return true;
            };
            path.push(Step::Key(key.to_owned()));
            let keep = !value.is_null();
            if !keep {
                tell(path);
            } else if key != "check" {
                take_nulls(value, path, tell);
            }
            path.pop();
            keep
        }),
        Value::Sequence(list) => {
            for (index, value) in list.iter_mut().enumerate() {
                path.push(Step::Index(index));
                take_nulls(value, path, tell);
                path.pop();
            }
        }
        _ => {}
    }
}
