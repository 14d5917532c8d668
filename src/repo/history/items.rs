//! What the entries of trees say that matters, each kept once for all trees that
//! have it from the same tree before them.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::names::{Asks, Names};
use super::numbers::Numbers;
use super::object::{Entry, Id, Kind};
use super::packs::Packs;

/// In place of an item, for an entry that does not matter.
pub(super) const NOTHING: u32 = u32::MAX;

/// A chain of replacements is followed so far.
const MOST_REPLACED: usize = 8;

/// The items by number, and the trees and names that they speak of.
#[derive(Default)]
pub(super) struct Items {
    pub(super) numbers: Numbers,
    pub(super) names: Names,
    /// For each name whether a file of it may matter, once that was asked.
    matters: Vec<Option<bool>>,
    all: Vec<Item>,
    blobs: Vec<Id>,
    /// For an item those that stand in for it.
    stand_ins: HashMap<u32, Vec<u32>, RandomState>,
}

/// What an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The number of its name.
    pub(super) name: u32,
    pub(super) what: What,
}

/// What an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// The number of a tree.
    Folder(u32),
    /// The number of a blob.
    File(u32),
}

impl Items {
    /// So many trees are about to be read.
    pub(super) fn reserve(&mut self, trees: usize) {
        self.all.reserve(trees);
        self.numbers.reserve(trees);
    }

    /// An item by its number.
    pub(super) fn get(&self, number: u32) -> Option<Item> {
        self.all.get(number as usize).copied()
    }

    /// A blob by its number.
    pub(super) fn blob(&self, number: u32) -> Option<Id> {
        self.blobs.get(number as usize).copied()
    }

    /// The items that stand in for one.
    pub(super) fn stand_ins(&self, number: u32) -> &[u32] {
        self.stand_ins.get(&number).map(Vec::as_slice).unwrap_or_default()
    }

    /// The names of the files that are left out.
    pub(super) fn left_out(&self) -> impl Iterator<Item = &[u8]> {
        let matters = self.matters.iter().zip(self.names.all());
        matters.filter(|(matters, _)| **matters == Some(false)).map(|(_, name)| name)
    }

    /// The number of what an entry says, or [`NOTHING`].
    pub(super) fn item(
        &mut self,
        entry: &Entry<'_>,
        packs: &Packs,
        asks: &Asks<'_>,
        replaced: &HashMap<Id, Vec<Id>>,
    ) -> u32 {
        if entry.kind == Kind::Submodule {
            return NOTHING;
        }
        let name = self.names.number(entry.name);
        let is_file = entry.kind == Kind::File;
        if is_file && !self.matters(name, entry.name, asks) {
            return NOTHING;
        }
        let item = self.add(name, is_file, entry.id, packs);
        if !replaced.is_empty() {
            let others = stand_ins(replaced, entry.id);
            let others = others.into_iter().map(|id| self.add(name, is_file, id, packs));
            let others: Vec<u32> = others.collect();
            self.stand_ins.insert(item, others);
        }
        item
    }

    fn add(&mut self, name: u32, is_file: bool, id: Id, packs: &Packs) -> u32 {
        let what = if is_file {
            self.blobs.push(id);
            What::File(number(self.blobs.len() - 1))
        } else {
            What::Folder(self.numbers.of(packs, id))
        };
        self.all.push(Item { name, what });
        number(self.all.len() - 1)
    }

    fn matters(&mut self, number: u32, name: &[u8], asks: &Asks<'_>) -> bool {
        let number = number as usize;
        if self.matters.len() <= number {
            self.matters.resize(number + 1, None);
        }
        let matters = self.matters.get_mut(number);
        matters.is_none_or(|matters| *matters.get_or_insert_with(|| asks(name)))
    }
}

/// Nobody has memory for more of them than that.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NOTHING)
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
