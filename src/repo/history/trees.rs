//! All trees that are reached, each read once, as one graph.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::names::{Asks, Names};
use super::object::Id;
use super::objects::Objects;
use super::part::Part;
use super::unread::ObjectKind;

/// So many trees between two questions whether to go on.
const STEP: usize = 4096;

/// So many trees are mostly found for each commit.
const TREES_OF_ROOT: usize = 8;

/// A chain of replacements is followed so far.
const MOST_REPLACED: usize = 8;

/// The trees of a history. Of their files, those are kept whose names may matter.
#[derive(Default)]
pub(super) struct Trees {
    numbers: HashMap<Id, u32, RandomState>,
    ids: Vec<Id>,
    nodes: Vec<Node>,
    folders: Vec<Folder>,
    files: Vec<File>,
    names: Names,
    /// The names of the files that are not kept.
    left_out: HashSet<Box<[u8]>, RandomState>,
}

/// A folder in a tree.
#[derive(Clone, Copy)]
pub(super) struct Folder {
    /// The number of its name.
    pub(super) name: u32,
    /// The number of its tree.
    pub(super) tree: u32,
}

/// A file in a tree.
#[derive(Clone, Copy)]
pub(super) struct File {
    /// The number of its name.
    pub(super) name: u32,
    pub(super) blob: Id,
}

/// Which of the lists belong to a tree.
#[derive(Clone, Copy, Default)]
struct Node {
    folders: (usize, usize),
    files: (usize, usize),
}

impl Trees {
    /// The number by which a tree is known; it is read with the others.
    pub(super) fn number(&mut self, id: Id) -> u32 {
        let next = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(id).or_insert(next);
        if number == next {
            self.ids.push(id);
        }
        number
    }

    /// Reads the trees that are known by now and all below them, level by level:
    /// those of one level in any order, by several threads. False when the search
    /// was given up.
    pub(super) fn read(
        &mut self,
        objects: &mut Objects,
        replaced: &HashMap<Id, Vec<Id>>,
        names: &Asks<'_>,
        go_on: &(dyn Fn() -> bool + Sync),
    ) -> bool {
        self.numbers.reserve(self.ids.len().saturating_mul(TREES_OF_ROOT));
        let mut parts = Vec::new();
        parts.resize_with(objects.seers(), || Part::new(names));
        // each level that is read adds the one below it to the end
        while self.nodes.len() < self.ids.len() {
            let level = self.nodes.len()..self.ids.len();
            self.nodes.resize(level.end, Node::default());
            let ids = level.clone().zip(self.ids.iter().skip(level.start));
            let ids = ids.map(|(number, id)| (*id, number));
            let Some(mut left) = objects.packed(ids, &mut parts, go_on) else { return false };
            for part in &mut parts {
                left.append(&mut part.left);
                for number in part.damaged.drain(..) {
                    if let Some(id) = self.ids.get(number) {
                        objects.damaged(*id, ObjectKind::Tree);
                    }
                }
                self.take(part, replaced);
            }
            let Some(part) = parts.first_mut() else { return true };
            for (nth, number) in left.into_iter().enumerate() {
                if nth.is_multiple_of(STEP) && !go_on() {
                    return false;
                }
                if let Some(&id) = self.ids.get(number) {
                    objects.read(id, ObjectKind::Tree, |raw| part.tree(number, raw, None));
                    self.take(part, replaced);
                }
            }
        }
        for part in &parts {
            self.left_out.extend(part.left_out().map(Box::from));
        }
        true
    }

    /// Whether files of a name that is asked for were left out.
    pub(super) fn lacks(&self, names: &Asks<'_>) -> bool {
        self.left_out.iter().any(|name| names(name))
    }

    /// For each name by its number whether it is asked for.
    pub(super) fn asked(&self, names: &Asks<'_>) -> Vec<bool> {
        self.names.all().map(names).collect()
    }

    /// Adds what a thread has read.
    fn take(&mut self, part: &mut Part<'_>, replaced: &HashMap<Id, Vec<Id>>) {
        let mut names = std::mem::take(&mut self.names);
        part.settle(&mut names, |id| self.number(id));
        self.names = names;
        let entries = std::mem::take(&mut part.entries);
        let mut rest = entries.as_slice();
        let mut before = 0;
        for (number, end) in std::mem::take(&mut part.seen) {
            let (of_tree, after) = rest.split_at_checked(end - before).unwrap_or_default();
            (rest, before) = (after, end);
            let starts = (self.folders.len(), self.files.len());
            for &number in of_tree {
                let Some(item) = part.item(number) else { continue };
                match item.is_file {
                    true => self.files.push(File { name: item.name, blob: item.id }),
                    false => self.folders.push(Folder { name: item.name, tree: item.tree }),
                }
                if !replaced.is_empty() {
                    for id in stand_ins(replaced, item.id) {
                        self.add(item.name, id, item.is_file);
                    }
                }
            }
            if let Some(node) = self.nodes.get_mut(number) {
                node.folders = (starts.0, self.folders.len());
                node.files = (starts.1, self.files.len());
            }
        }
    }

    fn add(&mut self, name: u32, id: Id, file: bool) {
        if file {
            self.files.push(File { name, blob: id });
        } else {
            let tree = self.number(id);
            self.folders.push(Folder { name, tree });
        }
    }

    /// The folders in a tree.
    pub(super) fn folders(&self, tree: u32) -> &[Folder] {
        let node = self.nodes.get(tree as usize).copied().unwrap_or_default();
        self.folders.get(node.folders.0..node.folders.1).unwrap_or_default()
    }

    /// The files in a tree whose names may matter.
    pub(super) fn files(&self, tree: u32) -> &[File] {
        let node = self.nodes.get(tree as usize).copied().unwrap_or_default();
        self.files.get(node.files.0..node.files.1).unwrap_or_default()
    }

    /// A name by its number.
    pub(super) fn name(&self, number: u32) -> &[u8] {
        self.names.name(number)
    }

    /// Which trees have a file at any depth whose name is asked for.
    pub(super) fn with_files(&self, asked: &[bool]) -> Vec<bool> {
        let mut with = vec![false; self.nodes.len()];
        let asks = |file: &File| asked.get(file.name as usize).is_some_and(|asked| *asked);
        let all = (0..).take(self.nodes.len());
        let mut ahead: Vec<u32> = all.filter(|tree| self.files(*tree).iter().any(asks)).collect();
        if ahead.is_empty() {
            return with;
        }
        let (ends, above) = self.above();
        while let Some(tree) = ahead.pop() {
            let tree = tree as usize;
            if let Some(with) = with.get_mut(tree)
                && !std::mem::replace(with, true)
            {
                let (from, to) = (ends.get(tree).copied(), ends.get(tree + 1).copied());
                let above = above.get(from.unwrap_or(0)..to.unwrap_or(above.len()));
                ahead.extend(above.unwrap_or_default());
            }
        }
        with
    }

    /// The trees that each tree is in, one's after the other's, and where those of
    /// each begin.
    fn above(&self) -> (Vec<usize>, Vec<u32>) {
        let mut begins = vec![0; self.nodes.len() + 1];
        for folder in &self.folders {
            if let Some(count) = begins.get_mut(folder.tree as usize) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut begins {
            sum += *count;
            *count = sum;
        }
        // each is filled from its end
        let mut above = vec![0; self.folders.len()];
        for tree in (0..).take(self.nodes.len()) {
            for folder in self.folders(tree) {
                if let Some(end) = begins.get_mut(folder.tree as usize) {
                    *end -= 1;
                    if let Some(place) = above.get_mut(*end) {
                        *place = tree;
                    }
                }
            }
        }
        (begins, above)
    }
}

/// What stands in for an object.
fn stand_ins(replaced: &HashMap<Id, Vec<Id>>, id: Id) -> Vec<Id> {
    let mut found = vec![id];
    let mut next = 0;
    while let Some(id) = found.get(next)
        && next < MOST_REPLACED
    {
        let new = replaced.get(id).into_iter().flatten().filter(|id| !found.contains(id));
        let new: Vec<Id> = new.copied().collect();
        found.extend(new);
        next += 1;
    }
    found.split_off(1)
}
