//! What one thread reads of the trees.

use git2::ObjectType;

use super::many::Seer;
use super::names::{Asks, Names};
use super::object::{Entries, Id, Kind};
use super::packs::Head;

/// The entries that matter of those trees that one thread has read.
pub(super) struct Part<'a> {
    asks: &'a Asks<'a>,
    /// All names that it came across.
    pub(super) names: Names,
    /// What is known of each of them.
    about: Vec<About>,
    /// One tree's after the other's.
    pub(super) entries: Vec<PartEntry>,
    /// The trees by number, each with the place where its entries end.
    pub(super) seen: Vec<(usize, usize)>,
    /// Trees that were malformed.
    pub(super) damaged: Vec<usize>,
    /// Trees that were not read, or are not trees.
    pub(super) left: Vec<usize>,
}

/// An entry of a tree.
#[derive(Clone, Copy)]
pub(super) struct PartEntry {
    /// By its number among the names of this part.
    pub(super) name: u32,
    pub(super) is_file: bool,
    pub(super) id: Id,
}

/// What is known of a name.
#[derive(Clone, Copy, Default)]
struct About {
    /// Whether a file of that name may matter, once that was asked.
    matters: Option<bool>,
    /// Its number among the names of all parts, once it has one.
    whole: Option<u32>,
}

impl<'a> Part<'a> {
    pub(super) fn new(asks: &'a Asks<'a>) -> Self {
        Self {
            asks,
            names: Names::default(),
            about: Vec::new(),
            entries: Vec::new(),
            seen: Vec::new(),
            damaged: Vec::new(),
            left: Vec::new(),
        }
    }

    /// Reads a tree. None when it is malformed: what it does tell still counts.
    pub(super) fn tree(&mut self, number: usize, raw: &[u8]) -> Option<()> {
        let whole = Entries::of(raw).try_for_each(|entry| {
            let entry = entry?;
            let is_file = match entry.kind {
                Kind::Folder => false,
                Kind::File => true,
                Kind::Submodule => return Some(()),
            };
            let name = self.names.number(entry.name);
            if !is_file || self.matters(name, entry.name) {
                self.entries.push(PartEntry { name, is_file, id: entry.id });
            }
            Some(())
        });
        self.seen.push((number, self.entries.len()));
        whole
    }

    fn matters(&mut self, number: u32, name: &[u8]) -> bool {
        let asks = self.asks;
        self.about(number).is_none_or(|about| *about.matters.get_or_insert_with(|| asks(name)))
    }

    /// The names of the files that it passed over.
    pub(super) fn left_out(&self) -> impl Iterator<Item = &[u8]> {
        let about = self.about.iter().zip(self.names.all());
        about.filter(|(about, _)| about.matters == Some(false)).map(|(_, name)| name)
    }

    fn about(&mut self, number: u32) -> Option<&mut About> {
        let number = number as usize;
        if self.about.len() <= number {
            self.about.resize(number + 1, About::default());
        }
        self.about.get_mut(number)
    }

    /// The number of a name among those of all parts.
    pub(super) fn whole(&mut self, number: u32, all: &mut Names) -> u32 {
        if let Some(whole) = self.about(number).and_then(|about| about.whole) {
            return whole;
        }
        let whole = all.number(self.names.name(number));
        if let Some(about) = self.about(number) {
            about.whole = Some(whole);
        }
        whole
    }
}

impl Seer for Part<'_> {
    fn wants(&mut self, _: Head) -> bool {
        true
    }

    fn see(&mut self, number: usize, object: Option<(ObjectType, &[u8])>) {
        match object {
            Some((ObjectType::Tree, raw)) => {
                if self.tree(number, raw).is_none() {
                    self.damaged.push(number);
                }
            }
            _ => self.left.push(number),
        }
    }
}
