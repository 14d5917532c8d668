//! The lines of a file of attributes (gitattributes(5)).

use std::path::Path;

use crate::repo::ignores::Patterns;

/// What a line says of an attribute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Value {
    True,
    False,
    Unspecified,
    Text(Box<[u8]>),
}

/// One line: for which files, and what of them.
pub(super) struct Line {
    /// None when it is one of a macro.
    pattern: Option<Patterns>,
    /// The macro that it defines.
    pub(super) defines: Option<Box<[u8]>>,
    sets: Vec<(Box<[u8]>, Value)>,
}

/// Attributes that leave the content as it is; any other may be a macro.
const HARMLESS: &[&[u8]] = &[
    b"diff",
    b"merge",
    b"whitespace",
    b"export-ignore",
    b"export-subst",
    b"delta",
    b"encoding",
    b"conflict-marker-size",
    b"lockable",
];

/// Macros may name macros, so deep.
const DEEPEST: usize = 8;

impl Line {
    /// Whether it may concern what git makes of a file's content.
    pub(super) fn converts(&self) -> bool {
        self.sets.iter().any(|(name, _)| {
            !HARMLESS.contains(&&**name)
                && !name.starts_with(b"linguist-")
                && !name.starts_with(b"gitlab-")
        })
    }

    /// Whether it is about a file, given from the folder of the line's file.
    pub(super) fn matches(&self, below: &Path) -> bool {
        let bytes = below.as_os_str().as_encoded_bytes();
        self.pattern.as_ref().is_some_and(|pattern| pattern.last_match(bytes, false).is_some())
    }

    /// What it says of an attribute, macros of `root` put in.
    pub(super) fn value(&self, name: &str, root: &[Line]) -> Option<Value> {
        self.value_in(name.as_bytes(), root, DEEPEST)
    }

    fn value_in(&self, name: &[u8], root: &[Line], depth: usize) -> Option<Value> {
        self.sets.iter().rev().find_map(|(set, value)| {
            if **set == *name {
                return Some(value.clone());
            }
            if *value != Value::True || depth == 0 {
                return None;
            }
            let mut defined = root.iter().rev();
            match defined.find(|line| line.defines.as_deref() == Some(&**set)) {
                Some(line) => line.value_in(name, root, depth - 1),
                None => (**set == *b"binary" && name == b"text").then_some(Value::False),
            }
        })
    }
}

/// Reads a whole file.
pub(super) fn parse(bytes: &[u8], fold: bool) -> Vec<Line> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.split(|&byte| byte == b'\n').filter_map(|text| line(text, fold)).collect()
}

fn line(text: &[u8], fold: bool) -> Option<Line> {
    let text = text.trim_ascii();
    if text.is_empty() || text.starts_with(b"#") {
        return None;
    }
    let (pattern, rest) = match text.strip_prefix(b"\"") {
        Some(quoted) => unquoted(quoted)?,
        None => {
            let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
            let (pattern, rest) = text.split_at(end);
            (pattern.to_vec(), rest)
        }
    };
    let sets = rest.split(u8::is_ascii_whitespace).filter(|set| !set.is_empty()).map(set).collect();
    if let Some(name) = pattern.strip_prefix(b"[attr]") {
        // the name may stand apart
        return Some(Line { pattern: None, defines: Some(name.into()), sets });
    }
    // none that takes back, and a folder has no content
    if pattern.starts_with(b"!") || pattern.ends_with(b"/") {
        return None;
    }
    let pattern = match pattern.starts_with(b"#") {
        true => [b"\\", pattern.as_slice()].concat(),
        false => pattern,
    };
    Some(Line { pattern: Patterns::parse(&pattern, fold).ok(), defines: None, sets })
}

fn set(text: &[u8]) -> (Box<[u8]>, Value) {
    if let Some(name) = text.strip_prefix(b"-") {
        return (name.into(), Value::False);
    }
    if let Some(name) = text.strip_prefix(b"!") {
        return (name.into(), Value::Unspecified);
    }
    match text.iter().position(|&byte| byte == b'=') {
        Some(at) => {
            let (name, value) = text.split_at(at);
            (name.into(), Value::Text(value.get(1..).unwrap_or_default().into()))
        }
        None => (text.into(), Value::True),
    }
}

/// A pattern in quotes, as C has them, and what follows it.
fn unquoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut pattern = Vec::new();
    let mut rest = text;
    loop {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        match byte {
            b'"' => return Some((pattern, rest)),
            b'\\' => {
                let (&escaped, after) = rest.split_first()?;
                rest = after;
                pattern.push(match escaped {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'0'..=b'3' => {
                        let digits = rest.get(..2)?;
                        rest = rest.get(2..)?;
                        let octal = [&[escaped], digits].concat();
                        u8::from_str_radix(std::str::from_utf8(&octal).ok()?, 8).ok()?
                    }
                    other => other,
                });
            }
            other => pattern.push(other),
        }
    }
}
