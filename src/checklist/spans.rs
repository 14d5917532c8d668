//! Where each value of a YAML document stands.

use std::ops::Range;

use indexmap::IndexMap;

use crate::check::decode::Step;

/// A value's place, and those of what it holds.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The bytes of the value; of a mapping or list, those of its beginning.
    pub span: Range<usize>,
    pub holds: Holds,
}

#[derive(Debug, Default)]
pub(super) enum Holds {
    #[default]
    Nothing,
    Map(IndexMap<String, Entry>),
    List(Vec<Node>),
}

/// A key of a mapping, and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub key: Range<usize>,
    pub value: Node,
}

impl Node {
    /// The bytes of the value at a path; of the nearest that there is above it.
    pub(super) fn value(&self, path: &[Step]) -> Range<usize> {
        let (node, key) = self.find(path);
        match node.holds {
            // a scalar that is empty in the text is best shown at its key
            Holds::Nothing if node.span.is_empty() => key.unwrap_or_else(|| node.span.clone()),
            _ => node.span.clone(),
        }
    }

    /// The bytes of the key that the path ends in; for an entry of a list, those
    /// of the entry.
    pub(super) fn key(&self, path: &[Step]) -> Range<usize> {
        let (node, key) = self.find(path);
        key.unwrap_or_else(|| node.span.clone())
    }

    /// Whether something stands at exactly this path.
    pub(super) fn has(&self, path: &[Step]) -> bool {
        let mut node = self;
        path.iter().all(|step| match node.step(step) {
            Some((next, _)) => {
                node = next;
                true
            }
            None => false,
        })
    }

    fn find(&self, path: &[Step]) -> (&Node, Option<Range<usize>>) {
        let (mut node, mut key) = (self, None);
        for step in path {
            match node.step(step) {
                Some((next, its_key)) => (node, key) = (next, its_key),
                None => break,
            }
        }
        (node, key)
    }

    fn step(&self, step: &Step) -> Option<(&Node, Option<Range<usize>>)> {
        match (&self.holds, step) {
            (Holds::Map(entries), Step::Key(key)) => {
                entries.get(key).map(|entry| (&entry.value, Some(entry.key.clone())))
            }
            (Holds::List(nodes), Step::Index(index)) => nodes.get(*index).map(|node| (node, None)),
            _ => None,
        }
    }
}
