//! All trees that are reached, each read once, as one graph.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::object::{Entries, Id, Kind};
use super::objects::Objects;
use super::unread::ObjectKind;
use super::wanted::Wanted;

/// So many trees between two questions whether to go on.
const STEP: usize = 4096;

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

    /// Reads the trees that are known by now and all below them. False when the
    /// search was given up.
    pub(super) fn read(
        &mut self,
        objects: &mut Objects,
        replaced: &HashMap<Id, Vec<Id>>,
        wanted: &dyn Wanted,
    ) -> bool {
        // each tree that is read adds those below it to the end
        while let Some(&id) = self.ids.get(self.nodes.len()) {
            if self.nodes.len().is_multiple_of(STEP) && !wanted.go_on() {
                return false;
            }
            let starts = (self.folders.len(), self.files.len());
            objects.read(id, ObjectKind::Tree, |raw| {
                let whole = Entries::of(raw).try_for_each(|entry| {
                    let entry = entry?;
                    let file = match entry.kind {
                        Kind::Folder => false,
                        Kind::File => true,
                        Kind::Submodule => return Some(()),
                    };
                    let Some(name) = self.names.number(entry.name, file, wanted) else {
                        return Some(());
                    };
                    self.add(name, entry.id, file);
                    if !replaced.is_empty() {
                        for id in stand_ins(replaced, entry.id) {
                            self.add(name, id, file);
                        }
                    }
                    Some(())
                });
                // what a damaged tree does tell still counts
                whole
            });
            self.nodes.push(Node {
                folders: (starts.0, self.folders.len()),
                files: (starts.1, self.files.len()),
            });
        }
        true
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
        self.names.list.get(number as usize).map(AsRef::as_ref).unwrap_or_default()
    }

    /// Which trees have such a file at any depth.
    pub(super) fn with_files(&self) -> Vec<bool> {
        let mut above: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        let mut with = vec![false; self.nodes.len()];
        let mut ahead = Vec::new();
        for tree in (0..).take(self.nodes.len()) {
            if !self.files(tree).is_empty() {
                ahead.push(tree);
            }
            for folder in self.folders(tree) {
                if let Some(above) = above.get_mut(folder.tree as usize) {
                    above.push(tree);
                }
            }
        }
        while let Some(tree) = ahead.pop() {
            if let Some(with) = with.get_mut(tree as usize)
                && !std::mem::replace(with, true)
            {
                ahead.extend(above.get(tree as usize).into_iter().flatten());
            }
        }
        with
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

/// The names of files and folders, each kept once.
#[derive(Default)]
struct Names {
    known: HashMap<Box<[u8]>, Name, RandomState>,
    list: Vec<Box<[u8]>>,
}

#[derive(Clone, Copy)]
struct Name {
    number: u32,
    /// Whether a file of that name may matter, once that was asked.
    file: Option<bool>,
}

impl Names {
    /// The number of a name, unless it is a file's that does not matter.
    fn number(&mut self, name: &[u8], file: bool, wanted: &dyn Wanted) -> Option<u32> {
        let known = match self.known.get_mut(name) {
            Some(known) => known,
            None => {
                let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
                self.list.push(name.into());
                self.known.entry(name.into()).or_insert(Name { number, file: None })
            }
        };
        let matters = !file || *known.file.get_or_insert_with(|| wanted.wants_name(name));
        matters.then_some(known.number)
    }
}
