//! Reads commits and trees from packs (gitformat-pack(5)).
//!
//! Most objects are kept as what they differ in from another. libgit2 makes each
//! anew from the first of its chain, or looks up under a lock what it kept, and
//! sets up zlib for every one. Here what was made is kept for the next, so that
//! most objects are made once ([`unpack`]), and several threads unpack what lies
//! in the packs ([`batch`]).
//! Whatever is not as expected is left to libgit2, whose answer then counts: this
//! here is only faster.

mod batch;
mod delta;
mod index;
mod made;
mod unpack;
mod window;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::object::Id;
use crate::repo::reader;

pub(super) use batch::{Asked, Readers, Which};
pub(super) use delta::Common;
use index::Index;
pub(super) use made::Made;
pub(super) use unpack::Object;
#[cfg(test)]
use unpack::Unpacker;

/// A pack with a longer index is left to libgit2, in bytes.
const LONGEST_INDEX: u64 = 256 * 1024 * 1024;

/// The packs of a repository as they were listed.
#[derive(Default)]
pub(super) struct Packs {
    all: Vec<Pack>,
}

/// Where an object begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pack: u32,
    offset: u64,
}

/// Which object of a pack it is, in order of name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) pack: u32,
    pub(super) nth: u32,
}

struct Pack {
    file: File,
    length: u64,
    index: Index,
    /// The path of the file that tells the order of its objects.
    reverse: PathBuf,
    /// Its objects in the order in which they lie there, once that was asked.
    order: OnceLock<Vec<u32>>,
}

impl Packs {
    /// Lists those in these folders of objects.
    pub(super) fn list(folders: &[PathBuf]) -> Self {
        let mut all = Vec::new();
        for folder in folders {
            for entry in fs::read_dir(folder.join("pack")).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.extension().is_some_and(|ending| ending == "idx") {
                    all.extend(Pack::open(&path));
                }
            }
        }
        // most objects are found in the first
        all.sort_by_key(|pack| std::cmp::Reverse(pack.index.objects()));
        Self { all }
    }

    /// Which object it is. None when it is in no pack.
    pub(super) fn find(&self, id: Id) -> Option<Spot> {
        (0..)
            .zip(&self.all)
            .find_map(|(pack, known)| Some(Spot { pack, nth: known.index.find(id)? }))
    }

    /// Where an object begins.
    pub(super) fn place(&self, Spot { pack, nth }: Spot) -> Option<Place> {
        Some(Place { pack, offset: self.pack(pack)?.index.nth(nth as usize)? })
    }

    /// The name of an object.
    pub(super) fn id(&self, Spot { pack, nth }: Spot) -> Option<Id> {
        self.pack(pack)?.index.id(nth)
    }

    /// How many objects a pack has.
    pub(super) fn count(&self, pack: u32) -> usize {
        self.pack(pack).map_or(0, |pack| pack.index.objects())
    }

    /// The objects of a pack in the order in which they lie there.
    pub(super) fn order(&self, pack: u32) -> &[u32] {
        let Some(pack) = self.pack(pack) else { return &[] };
        pack.order.get_or_init(|| pack.index.order(&pack.reverse()))
    }

    /// The how-manieth of its pack the object is that begins there, in that order.
    pub(super) fn rank(&self, Place { pack, offset }: Place) -> usize {
        let place = |nth: &u32| self.place(Spot { pack, nth: *nth });
        self.order(pack).partition_point(|nth| place(nth).is_some_and(|at| at.offset < offset))
    }

    fn pack(&self, number: u32) -> Option<&Pack> {
        self.all.get(number as usize)
    }
}

impl Pack {
    fn open(index: &Path) -> Option<Self> {
        let file = reader::open(&index.with_extension("pack")).ok()?;
        let length = file.metadata().ok()?.len();
        let meta = index.metadata().ok()?;
        if !meta.is_file() || meta.len() > LONGEST_INDEX {
            return None;
        }
        let reverse = index.with_extension("rev");
        let index = Index::of(fs::read(index).ok()?)?;
        Some(Self { file, length, index, reverse, order: OnceLock::new() })
    }

    /// The file that tells the order of the objects; empty if there is none.
    fn reverse(&self) -> Vec<u8> {
        let file = self.reverse.symlink_metadata();
        match file.is_ok_and(|file| file.is_file() && file.len() <= LONGEST_INDEX) {
            true => fs::read(&self.reverse).unwrap_or_default(),
            false => Vec::new(),
        }
    }
}

/// So many different places.
#[cfg(test)]
pub(super) fn places(count: usize) -> Vec<Place> {
    (1..).take(count).map(|offset| Place { pack: 0, offset }).collect()
}

#[cfg(test)]
mod tests;
