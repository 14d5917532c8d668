//! One checklist file: read, guarded, decoded.

use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use serde_yaml::Value;

use super::diagnostic::{Diagnostic, Spot};
use super::guard::{self, LARGEST};
use super::raw::RawChecklist;
use super::source::Source;
use super::spans::Node;
use super::words;
use crate::check::decode::{self, Step, TakenOut};
use crate::model::CleanText;

/// Keys without a value that are told of.
const MOST_WITHOUT: usize = 50;

/// A file as far as it could be read.
#[derive(Debug)]
pub(super) struct File {
    pub source: Source,
    pub raw: RawChecklist,
    /// Whether gonogo brought it along.
    pub builtin: bool,
    places: Node,
    gone: TakenOut,
}

impl File {
    /// Decodes a text; nothing when it is no YAML mapping at all.
    pub fn decode(source: Source, builtin: bool) -> (Option<Self>, Vec<Diagnostic>) {
        let (document, mut told) = guard::read(&source);
        let Some(mut document) = document else {
            return (None, told);
        };
        if !document.value.is_mapping() {
            let span = document.places.span.clone();
            told.push(
                Diagnostic::error("a checklist is a mapping of keys to values")
                    .at(source.spot(&span, "no mapping"))
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
                    .help("give it one, or take the line out"),
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
    pub fn value(&self, path: &[Step]) -> Range<usize> {
        self.places.value(&self.gone.original(path))
    }

    /// A value, by its path in `raw`.
    pub fn value_spot(&self, path: &[Step], label: &str) -> Spot {
        self.source.spot(&self.value(path), label)
    }

    /// The key that a path in `raw` ends in.
    pub fn key_spot(&self, path: &[Step], label: &str) -> Spot {
        self.source.spot(&self.places.key(&self.gone.original(path)), label)
    }

    /// Whether the file holds something there, mistaken or not.
    pub fn has(&self, path: &[Step]) -> bool {
        self.places.has(&self.gone.original(path))
    }

    /// The line (from 1) of a value.
    pub fn line(&self, path: &[Step]) -> u32 {
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

/// Reads a file's text. Its size is asked before its content.
pub(super) fn read(path: &Path, name: &CleanText) -> Result<Source, Diagnostic> {
    let failed = |error: std::io::Error| {
        Diagnostic::error(format!("could not read `{name}`: {error}"))
            .help("check that the file is there and that you may read it")
    };
    let too_large = || {
        Diagnostic::error(format!("`{name}` is larger than {} MiB", LARGEST >> 20))
            .help("is it a checklist? If so, split it, and include its parts")
    };
    let about = fs::metadata(path).map_err(failed)?;
    if !about.is_file() {
        return Err(Diagnostic::error(format!("`{name}` is no regular file"))
            .help("name a checklist in YAML"));
    }
    if about.len() > LARGEST {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0) + 1);
    fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name.clone(), text)),
        Err(error) => Err(no_text(name, error.as_bytes(), error.utf8_error().valid_up_to())),
    }
}

fn no_text(name: &CleanText, bytes: &[u8], valid: usize) -> Diagnostic {
    const HELP: &str = "save it as UTF-8";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Diagnostic::error(format!("`{name}` is UTF-16, not UTF-8")).help(HELP);
    }
    let before = bytes.get(..valid).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let rest = bytes.get(start..).unwrap_or_default();
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len()).min(valid - start + 80);
    let shown = String::from_utf8_lossy(rest.get(..end).unwrap_or_default());
    let at = valid - start;
    let width = '\u{fffd}'.len_utf8();
    let to = (at + width).min(shown.len());
    Diagnostic::error(format!("`{name}` holds a byte that is no UTF-8"))
        .at(Spot::new(
            name.clone(),
            u32::try_from(line).unwrap_or(u32::MAX),
            &shown,
            at.min(to)..to,
            "here".to_owned(),
        ))
        .help(HELP)
}
