//! Values that are read from a file of their own: which one it can be.

use tree_sitter::Node;

use super::{Open, Search};
use crate::check::kinds::settings::hardcoded_setting::found::FileRead;
use crate::check::kinds::settings::hardcoded_setting::texts::{self, Text};
use crate::lang::python::{Binding, Call, Use, children, inner, key_text, last_name};

/// So many files of one expression are told: no person reads more.
const MOST_FILES: usize = 8;

/// So many steps lead from a value to the file that holds it.
const DEEPEST: usize = 12;

impl<'t> Search<'_, 't> {
    /// Notes the file that a call reads.
    pub(super) fn file_read(&mut self, open: &Open<'t>, node: Node<'t>, call: &Call<'t>) {
        let name = call.name(self.module.text);
        let first = call.positional.first().copied();
        let of_package = call.positional.get(1).copied();
        let texts = match (name, call.receiver()) {
            ("read" | "readline" | "readlines", Some(of)) => {
                self.opened(open, of, open.at, DEEPEST)
            }
            ("read_text" | "read_bytes", Some(of)) => match of_package {
                Some(named) => self.texts(open, named, open.at),
                None => self.texts(open, of, open.at),
            },
            ("load" | "safe_load" | "full_load" | "unsafe_load" | "next", _) => {
                let Some(first) = first else { return };
                let opened = self.opened(open, first, open.at, DEEPEST);
                let by_name = opened.is_empty() && name != "next";
                if by_name { self.texts(open, first, open.at) } else { opened }
            }
            ("get_data" | "resource_string", _) => {
                of_package.map(|named| self.texts(open, named, open.at)).unwrap_or_default()
            }
            ("getline", _) => {
                first.map(|named| self.texts(open, named, open.at)).unwrap_or_default()
            }
            ("loads", _) => {
                let Some(held) = first.map(inner) else { return };
                if let Some(call) = Call::of(held) {
                    self.file_read(open, held, &call);
                }
                return;
            }
            _ => return,
        };
        self.read_from(node, texts);
    }

    fn read_from(&mut self, node: Node<'t>, texts: Vec<Text>) {
        if !texts.is_empty() && self.found.files.len() < MOST_FILES {
            self.found.files.push(FileRead { node, texts });
        }
    }

    /// Notes the file that an entry is from: `json.load(open("x.json"))["KEY"]`,
    /// `parser["app"]["key"]` after `parser.read("x.ini")`.
    pub(super) fn entry_read(&mut self, open: &Open<'t>, node: Node<'t>, key: Node<'t>) {
        let before = self.found.files.len();
        let mut root = node;
        for _ in 0..DEEPEST {
            let next = match root.kind() {
                "subscript" => root.child_by_field_name("value"),
                "call" => Call::of(root)
                    .filter(|call| matches!(call.name(self.module.text), "get" | "pop"))
                    .and_then(|call| call.receiver()),
                _ => None,
            };
            match next {
                Some(next) => root = inner(next),
                None => break,
            }
        }
        let values: Vec<(Node<'t>, Use)> = match root.kind() {
            "identifier" | "attribute" => {
                let found = self.module.lookup(root, open.at).into_iter();
                found
                    .filter_map(|b: &Binding<'t>| {
                        Some((inner(b.value()?), Use { scope: b.scope, at: b.at }))
                    })
                    .collect()
            }
            _ => vec![(root, open.at)],
        };
        for (value, at) in values {
            if let Some(call) = Call::of(value) {
                self.file_read(&Open { at, ..open.clone() }, value, &call);
            }
        }
        let parser = self.module.source(root);
        let calls: Vec<_> = ["read", "read_file", "load"]
            .iter()
            .flat_map(|name| self.module.calls(name).copied())
            .take(MOST_FILES)
            .collect();
        for (call, at) in calls {
            let Some(call) = Call::of(call) else { continue };
            let own = call.receiver().is_some_and(|of| self.module.source(of) == parser);
            if let Some(first) = call.positional.first().map(|first| inner(*first)).filter(|_| own)
            {
                let all = match first.kind() {
                    "list" | "tuple" => children(first),
                    _ => vec![first],
                };
                for named in all {
                    let mut texts = self.opened(open, named, at, DEEPEST);
                    if texts.is_empty() {
                        texts = self.texts(open, named, at);
                    }
                    self.read_from(node, texts);
                }
            }
        }
        if self.found.files.len() > before {
            self.found.keys.extend(key_text(self.module, key, open.at));
        }
    }

    /// The names that what was opened can have.
    fn opened(&self, open: &Open<'t>, node: Node<'t>, at: Use, depth: usize) -> Vec<Text> {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.module.spend(64)) else {
            return Vec::new();
        };
        let node = inner(node);
        let text = self.module.text;
        if let Some(call) = Call::of(node) {
            let first = call.positional.first().copied();
            let of_package = call.positional.get(1).copied();
            let receiver = call.receiver();
            let module = receiver.and_then(|of| last_name(text, of)).unwrap_or_default();
            let named = match call.name(text) {
                "open"
                    if receiver.is_none()
                        || matches!(
                            module,
                            "io" | "codecs" | "os" | "gzip" | "builtins" | "aiofiles"
                        ) =>
                {
                    first.or_else(|| call.keyword(text, &["file"]))
                }
                "open" => receiver,
                "file" | "open_resource" | "FileIO" => first,
                "open_text" | "open_binary" | "resource_stream" => of_package,
                "TextIOWrapper" | "BufferedReader" | "iter" => {
                    return first
                        .map(|held| self.opened(open, held, at, depth))
                        .unwrap_or_default();
                }
                _ => None,
            };
            return named.map(|named| self.texts(open, named, at)).unwrap_or_default();
        }
        if node.kind() != "identifier" {
            return Vec::new();
        }
        let bound: Vec<_> = self.module.lookup(node, at).into_iter().collect();
        let mut all = Vec::new();
        for binding in bound {
            if let Some(value) = binding.value() {
                let there = Use { scope: binding.scope, at: binding.at };
                all.extend(self.opened(open, value, there, depth));
            }
        }
        if all.is_empty()
            && let Some(held) = self.with_as(node)
        {
            all = self.opened(open, held, at, depth);
        }
        all
    }

    /// What a `with` around the use of a name holds by it.
    fn with_as(&self, name: Node<'t>) -> Option<Node<'t>> {
        let wanted = self.module.source(name);
        let up = std::iter::successors(name.parent(), Node::parent).take(64);
        for whole in up.filter(|up| up.kind() == "with_statement") {
            let clause = children(whole).into_iter().find(|part| part.kind() == "with_clause")?;
            for item in children(clause) {
                let value = item.child_by_field_name("value").unwrap_or(item);
                if value.kind() == "as_pattern"
                    && let [held, target] = children(value).as_slice()
                    && self.module.source(*target) == wanted
                {
                    return Some(*held);
                }
            }
        }
        None
    }

    fn texts(&self, open: &Open<'t>, node: Node<'t>, at: Use) -> Vec<Text> {
        let argument = |name: &str| {
            let frame = open.frame.as_ref()?;
            Some((self.argument(frame.function, frame.call, name)?, frame.at))
        };
        texts::of(self.module, node, at, &argument)
    }
}
