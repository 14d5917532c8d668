//! YAML text → values with their places, or what is wrong with it.
//!
//! One pass over the events of a parser that neither recurses nor expands
//! anything. A checklist needs no anchors, aliases, merge keys, tags,
//! directives or second documents, and neither great depth nor size: all of
//! these are refused here, before anything else looks at the content.

use std::ops::Range;

use indexmap::IndexMap;
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_yaml::{Mapping, Value};

use super::diagnostic::{Diagnostic, first};
use super::source::Source;
use super::spans::{Entry, Holds, Node};
use super::syntax;

/// A file's size in bytes.
pub(super) const LARGEST: u64 = 4 << 20;
const DEEPEST: usize = 64;
/// Values and keys of a file.
const MOST_VALUES: usize = 20_000;
/// Entries of one list.
const MOST_ENTRIES: usize = 500;
/// The parser holds a whole `[…]` or `{…}` back until it ends, about 300 bytes
/// for each of these characters.
const MOST_MARKS: usize = 100_000;
const MARKS: &[u8] = b"[]{},:\"'?&*!";
/// Mistakes after which the rest of a file is not looked at.
const MOST_MISTAKES: usize = 50;

/// A document as values, and where each of them stands.
#[derive(Debug)]
pub(super) struct Document {
    pub value: Value,
    pub places: Node,
}

/// Reads a document. With mistakes that leave its structure clear (a duplicate
/// key), there is a document nevertheless, so that the rest can be looked at.
pub(super) fn read(source: &Source) -> (Option<Document>, Vec<Diagnostic>) {
    if let Some(refused) = refuse_at_sight(source) {
        return (None, vec![refused]);
    }
    let mut builder = Builder::new(source);
    let mut parser = Parser::new_from_str(&source.text);
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                builder.mistakes.push(syntax::explain(source, &error));
                return (None, builder.mistakes);
            }
        };
        let at = source.byte(span.start.line(), span.start.col());
        let end = source.byte(span.end.line(), span.end.col());
        builder.take(event, at..end.max(at));
        if builder.given_up || builder.mistakes.len() >= MOST_MISTAKES {
            return (None, builder.mistakes);
        }
    }
    if builder.document.is_none() && builder.mistakes.is_empty() {
        let empty = Diagnostic::error("the file is empty")
            .at(source.spot(&(0..0), ""))
            .help("a checklist begins with `checklist: its name`");
        builder.mistakes.push(empty);
    }
    (builder.document, builder.mistakes)
}

/// What needs no parser to be refused, or would cost one too much.
fn refuse_at_sight(source: &Source) -> Option<Diagnostic> {
    let bytes = source.text.as_bytes();
    if let Some(at) = memchr::memchr(0, bytes) {
        return Some(
            Diagnostic::error("the file holds a NUL byte, so it is not text")
                .at(source.spot(&(at..at + 1), "here"))
                .help("save it as UTF-8"),
        );
    }
    if let Some(at) = source.text.find('\u{feff}') {
        return Some(
            Diagnostic::error("there is a byte order mark inside the file")
                .at(source.spot(&(at..at + 3), "here"))
                .help("remove it, or save the file again as UTF-8"),
        );
    }
    let mut marks = bytes.iter().enumerate().filter(|(_, byte)| MARKS.contains(byte));
    if let Some((at, _)) = marks.nth(MOST_MARKS) {
        let message = format!(
            "more than {MOST_MARKS} brackets, commas, colons and quotes; a checklist needs fewer"
        );
        return Some(Diagnostic::error(message).at(source.spot(&(at..at + 1), "up to here")));
    }
    let mut start = 0;
    for line in source.text.split_inclusive(['\n', '\r']) {
        if line.starts_with('%') {
            let span = start..start + line.trim_end().len();
            return Some(
                Diagnostic::error("a checklist has no YAML directives")
                    .at(source.spot(&span, "a directive"))
                    .help("remove the line"),
            );
        }
        if !line.trim_start().is_empty() && !line.trim_start().starts_with('#') {
            break;
        }
        start += line.len();
    }
    None
}

/// A mapping or list that is not closed yet.
enum Open {
    Map { at: Range<usize>, values: Mapping, entries: IndexMap<String, Entry>, key: Option<Key> },
    List { at: Range<usize>, values: Vec<Value>, nodes: Vec<Node> },
}

/// A key whose value is awaited; without a name its value is dropped.
struct Key {
    name: Option<String>,
    at: Range<usize>,
}

struct Builder<'a> {
    source: &'a Source,
    open: Vec<Open>,
    values: usize,
    documents: usize,
    document: Option<Document>,
    mistakes: Vec<Diagnostic>,
    given_up: bool,
}

impl<'a> Builder<'a> {
    fn new(source: &'a Source) -> Self {
        Self {
            source,
            open: Vec::new(),
            values: 0,
            documents: 0,
            document: None,
            mistakes: Vec::new(),
            given_up: false,
        }
    }

    fn take(&mut self, event: Event<'_>, at: Range<usize>) {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.give_up(&at, "a second document begins here", "one file, one checklist");
                }
            }
            Event::Alias(_) => {
                self.refuse_alias(&at);
                self.complete(None, Node { span: at, holds: Holds::Nothing });
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), &at);
                let value = match style {
                    ScalarStyle::Plain => plain(&text),
                    _ => Value::String(text.into_owned()),
                };
                self.complete(Some(value), Node { span: at, holds: Holds::Nothing });
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), &at);
                self.push(Open::List { at, values: Vec::new(), nodes: Vec::new() });
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), &at);
                let (values, entries) = (Mapping::new(), IndexMap::new());
                self.push(Open::Map { at, values, entries, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::List { at, values, nodes }) => {
                    let node = Node { span: self.first_char(&at), holds: Holds::List(nodes) };
                    self.complete(Some(Value::Sequence(values)), node);
                }
                Some(Open::Map { at, values, entries, .. }) => {
                    let span = match entries.first() {
                        Some((_, first)) if first.key.start == at.start => first.key.clone(),
                        _ => self.first_char(&at),
                    };
                    let node = Node { span, holds: Holds::Map(entries) };
                    self.complete(Some(Value::Mapping(values)), node);
                }
                None => {}
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }

    fn first_char(&self, at: &Range<usize>) -> Range<usize> {
        at.start..self.source.text.ceil_char_boundary((at.start + 1).min(self.source.text.len()))
    }

    fn push(&mut self, open: Open) {
        self.open.push(open);
        if self.open.len() > DEEPEST {
            let Some(Open::Map { at, .. } | Open::List { at, .. }) = self.open.pop() else {
                return;
            };
            let message = format!("nested more than {DEEPEST} levels deep");
            self.give_up(&at, &message, "a checklist needs fewer than ten");
        }
    }

    /// Puts a finished value where it belongs. Of a refused one only the place is
    /// kept, so that it is told of once.
    fn complete(&mut self, value: Option<Value>, node: Node) {
        self.values += 1;
        if self.values > MOST_VALUES {
            let message = format!("more than {MOST_VALUES} values");
            self.give_up(&node.span, &message, "split the checklist, and include its parts");
            return;
        }
        match self.open.last_mut() {
            None => {
                if self.document.is_none() {
                    let value = value.unwrap_or_default();
                    self.document = Some(Document { value, places: node });
                }
            }
            Some(Open::List { values, .. }) if values.len() >= MOST_ENTRIES => {
                let message = format!("more than {MOST_ENTRIES} entries in one list");
                self.give_up(&node.span, &message, "split the list");
            }
            Some(Open::List { values, nodes, .. }) => {
                values.push(value.unwrap_or_else(|| Value::String(String::new())));
                nodes.push(node);
            }
            Some(Open::Map { values, entries, key, .. }) => match key.take() {
                Some(Key { name: Some(name), at }) => {
                    if let Some(value) = value {
                        values.insert(Value::String(name.clone()), value);
                    }
                    entries.insert(name, Entry { key: at, value: node });
                }
                Some(Key { name: None, .. }) => {}
                None => self.key(value.unwrap_or_default(), node.span),
            },
        }
    }

    fn key(&mut self, value: Value, at: Range<usize>) {
        let Some(Open::Map { entries, key, .. }) = self.open.last_mut() else {
            return;
        };
        let mistake = match value {
            Value::String(name) if name == "<<" => {
                Diagnostic::error("a checklist has no merge keys")
                    .at(self.source.spot(&at, "a merge key"))
                    .help("use `include` to build on another file")
            }
            Value::String(name) => match entries.get(&name) {
                None => {
                    *key = Some(Key { name: Some(name), at });
                    return;
                }
                Some(known) => Diagnostic::error(format!("`{}` is given twice", first(&name, 40)))
                    .at(self.source.spot(&at, "again here"))
                    .also(self.source.spot(&known.key, "first here")),
            },
            _ => Diagnostic::error("a key is text")
                .at(self.source.spot(&at, "not text"))
                .help("put it in quotes if it is meant as a key, or put a space after the `-` or before the `{` if not"),
        };
        *key = Some(Key { name: None, at });
        self.mistakes.push(mistake);
    }

    fn refuse_extras(&mut self, anchor: usize, tag: bool, at: &Range<usize>) {
        let line_start = self.source.text[..at.start].rfind('\n').map_or(0, |at| at + 1);
        let sign = |sign: char| {
            self.source.text[line_start..at.start].rfind(sign).map_or(at.start, |i| i + line_start)
        };
        if anchor > 0 {
            let from = sign('&');
            self.refuse_alias(&(from..from + 1));
        }
        if tag {
            let from = sign('!');
            let mistake = Diagnostic::error("a checklist has no YAML tags")
                .at(self.source.spot(&(from..from + 1), "a tag"))
                .help("put text that begins with `!` in quotes");
            self.mistakes.push(mistake);
        }
    }

    fn refuse_alias(&mut self, at: &Range<usize>) {
        self.mistakes.push(syntax::no_aliases(self.source, at));
    }

    fn give_up(&mut self, at: &Range<usize>, message: &str, help: &str) {
        let at = at.start..at.end.max(at.start + 1);
        let mistake = Diagnostic::error(message).at(self.source.spot(&at, "here")).help(help);
        self.mistakes.push(mistake);
        self.given_up = true;
    }
}

/// What unquoted text stands for, as serde_yaml reads it.
fn plain(text: &str) -> Value {
    const WORDS: [&str; 16] = [
        "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", ".nan",
        ".NaN", ".NAN", ".inf", "-.inf",
    ];
    let number = text.len() <= 64
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if number || WORDS.contains(&text) {
        let read = serde_yaml::from_str(text);
        if let Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) = read {
            return value;
        }
    }
    Value::String(text.to_owned())
}

#[cfg(test)]
mod tests;
