//! Which tree has which number: trees of packs are known by where their names
//! stand in the pack's index, which is looked up once for each entry that is new.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::object::Id;
use super::packs::{Packs, Spot};

/// Numbers of trees, in the order in which they were come across.
#[derive(Default)]
pub(super) struct Numbers {
    /// For each pack and each object of it one more than its number, or zero.
    packed: Vec<Vec<u32>>,
    others: HashMap<Id, u32, RandomState>,
    all: Vec<Known>,
}

/// A tree that has a number.
#[derive(Clone, Copy)]
pub(super) enum Known {
    /// Of a pack.
    Packed(Spot),
    /// In no pack.
    Other(Id),
}

impl Numbers {
    /// So many more are about to come.
    pub(super) fn reserve(&mut self, trees: usize) {
        self.all.reserve(trees);
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// What has that number.
    pub(super) fn known(&self, number: u32) -> Option<Known> {
        self.all.get(number as usize).copied()
    }

    /// The number of a tree.
    pub(super) fn of(&mut self, packs: &Packs, id: Id) -> u32 {
        if let Some(spot) = packs.find(id) {
            return self.at(packs, spot);
        }
        let next = number(self.all.len());
        let number = *self.others.entry(id).or_insert(next);
        if number == next {
            self.all.push(Known::Other(id));
        }
        number
    }

    /// The number of a tree of a pack.
    pub(super) fn at(&mut self, packs: &Packs, spot: Spot) -> u32 {
        let (pack, nth) = (spot.pack as usize, spot.nth as usize);
        if self.packed.len() <= pack {
            self.packed.resize(pack + 1, Vec::new());
        }
        let Some(numbers) = self.packed.get_mut(pack) else { return u32::MAX };
        if numbers.is_empty() {
            *numbers = vec![0; packs.count(spot.pack)];
        }
        let Some(slot) = numbers.get_mut(nth) else { return u32::MAX };
        if *slot == 0 {
            self.all.push(Known::Packed(spot));
            *slot = number(self.all.len());
        }
        *slot - 1
    }
}

/// Nobody has memory for more trees than that.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
