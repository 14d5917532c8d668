//! What one thread reads of the trees.
//!
//! Most trees differ in one entry from the one that they are made from: what that
//! one's other entries say is known, and they are not read again.

use git2::ObjectType;

use super::many::Seer;
use super::names::{Asks, Names};
use super::object::{Entries, Entry, Id, Kind};
use super::packs::{Common, Head, Made, Object, Place};

/// The entries of so many trees are kept, in entries.
const KEPT: usize = 64 * 1024;

/// In place of an item, for an entry that does not matter.
const NOTHING: u32 = u32::MAX;

/// The entries that matter of those trees that one thread has read.
pub(super) struct Part<'a> {
    known: Known<'a>,
    /// The entries of the trees that were read last, all of them.
    kept: Made<Read>,
    /// Those of the tree that is read.
    read: Vec<Read>,
    /// By their numbers among the items, one tree's after the other's.
    pub(super) entries: Vec<u32>,
    /// The trees by number, each with the place where its entries end.
    pub(super) seen: Vec<(usize, usize)>,
    /// Trees that were malformed.
    pub(super) damaged: Vec<usize>,
    /// Trees that were not read, or are not trees.
    pub(super) left: Vec<usize>,
}

/// An entry that was read.
#[derive(Clone, Copy)]
struct Read {
    /// Where its bytes end in the tree.
    end: usize,
    item: u32,
}

/// All that one thread came across.
pub(super) struct Known<'a> {
    asks: &'a Asks<'a>,
    names: Names,
    /// What is known of each name.
    about: Vec<About>,
    items: Vec<Item>,
    /// So many of the items were given their numbers among all parts.
    settled: usize,
}

/// What entries say that matter.
#[derive(Clone, Copy)]
pub(super) struct Item {
    /// The number of its name; once it is settled, among those of all parts.
    pub(super) name: u32,
    pub(super) is_file: bool,
    pub(super) id: Id,
    /// The number of a folder's tree, once it is settled.
    pub(super) tree: u32,
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
            known: Known {
                asks,
                names: Names::default(),
                about: Vec::new(),
                items: Vec::new(),
                settled: 0,
            },
            kept: Made::new(KEPT),
            read: Vec::new(),
            entries: Vec::new(),
            seen: Vec::new(),
            damaged: Vec::new(),
            left: Vec::new(),
        }
    }

    /// Reads a tree, which may have something in common with another one. None
    /// when it is malformed: what it does tell still counts.
    pub(super) fn tree(
        &mut self,
        number: usize,
        raw: &[u8],
        like: Option<(Place, Common)>,
    ) -> Option<()> {
        let like = like.and_then(|(base, common)| Some((self.kept.get(base)?, common)));
        self.read.clear();
        let whole = self.known.read(raw, like.unwrap_or_default(), &mut self.read);
        let items = self.read.iter().map(|read| read.item).filter(|item| *item != NOTHING);
        self.entries.extend(items);
        self.seen.push((number, self.entries.len()));
        whole
    }

    /// What is known of the entries by their numbers.
    pub(super) fn item(&self, number: u32) -> Option<Item> {
        self.known.items.get(number as usize).copied()
    }

    /// Numbers what is new among the names and trees of all parts.
    pub(super) fn settle(&mut self, names: &mut Names, mut tree: impl FnMut(Id) -> u32) {
        let Known { items, settled, about, names: own, .. } = &mut self.known;
        if about.len() < own.count() {
            about.resize(own.count(), About::default());
        }
        for item in items.iter_mut().skip(*settled) {
            if let Some(about) = about.get_mut(item.name as usize) {
                let name = own.name(item.name);
                item.name = *about.whole.get_or_insert_with(|| names.number(name));
            }
            if !item.is_file {
                item.tree = tree(item.id);
            }
        }
        *settled = items.len();
    }

    /// The names of the files that it passed over.
    pub(super) fn left_out(&self) -> impl Iterator<Item = &[u8]> {
        let about = self.known.about.iter().zip(self.known.names.all());
        about.filter(|(about, _)| about.matters == Some(false)).map(|(_, name)| name)
    }
}

impl Known<'_> {
    /// Reads the entries of a tree; none that is the same in the one whose
    /// entries are given.
    fn read(
        &mut self,
        raw: &[u8],
        (base, common): (&[Read], Common),
        read: &mut Vec<Read>,
    ) -> Option<()> {
        let length = base.last().map_or(0, |last| last.end);
        let same = base.partition_point(|entry| entry.end <= common.front);
        read.extend(base.iter().take(same));
        // where those begin that both end with
        let back = length.saturating_sub(common.back);
        let mut rest = base.get(base.partition_point(|entry| entry.end < back)..)?;
        let mut at = read.last().map_or(0, |last| last.end);
        let moved = |end: usize| (end + raw.len()).checked_sub(length);
        let mut entries = Entries::of(raw.get(at..)?);
        loop {
            while let Some((first, after)) = rest.split_first() {
                let begin = moved(first.end)?;
                if begin > at {
                    break;
                }
                rest = after;
                if begin == at {
                    let same = after.iter().map(|entry| Some((moved(entry.end)?, entry.item)));
                    read.extend(same.flatten().map(|(end, item)| Read { end, item }));
                    return Some(());
                }
            }
            let Some(entry) = entries.next() else { return Some(()) };
            let item = self.item(&entry?);
            at = raw.len() - entries.left();
            read.push(Read { end: at, item });
        }
    }

    /// The number of what an entry says.
    fn item(&mut self, entry: &Entry<'_>) -> u32 {
        if entry.kind == Kind::Submodule {
            return NOTHING;
        }
        let is_file = entry.kind == Kind::File;
        let name = self.names.number(entry.name);
        if is_file && !self.matters(name, entry.name) {
            return NOTHING;
        }
        self.items.push(Item { name, is_file, id: entry.id, tree: NOTHING });
        u32::try_from(self.items.len() - 1).unwrap_or(NOTHING)
    }

    fn matters(&mut self, number: u32, name: &[u8]) -> bool {
        let asks = self.asks;
        self.about(number).is_none_or(|about| *about.matters.get_or_insert_with(|| asks(name)))
    }

    fn about(&mut self, number: u32) -> Option<&mut About> {
        let number = number as usize;
        if self.about.len() <= number {
            self.about.resize(number + 1, About::default());
        }
        self.about.get_mut(number)
    }
}

impl Seer for Part<'_> {
    fn wants(&mut self, _: Head) -> bool {
        true
    }

    fn see(&mut self, number: usize, place: Place, object: Option<Object<'_>>) {
        match object {
            Some(Object { kind: ObjectType::Tree, content, like }) => {
                if self.tree(number, content, like).is_some() {
                    self.kept.keep(place, &self.read);
                } else {
                    self.damaged.push(number);
                }
            }
            _ => self.left.push(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// A tree of such entries: of which kind, with which of some names and ids.
    fn tree(entries: &[(u8, u8, u8)]) -> Vec<u8> {
        let mut raw = Vec::new();
        for (kind, name, id) in entries {
            raw.extend_from_slice(
                [b"40000 ".as_slice(), b"100644 ", b"160000 "][usize::from(*kind)],
            );
            // ids may look like entries, and names like each other's ends
            raw.extend_from_slice(
                ["a", "aa", "ba", "40000 a", "b.env"][usize::from(*name)].as_bytes(),
            );
            raw.push(0);
            let ids: [&[u8; 20]; 4] =
                [&[b'a'; 20], &[0; 20], b"40000 a\0aaaaaaaaaaaa", b"aaaaaaaaaaa\x0040000 a\0"];
            raw.extend_from_slice(ids[usize::from(*id)]);
        }
        raw
    }

    fn common(a: &[u8], b: &[u8]) -> Common {
        let front = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let back = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
        Common { front, back }
    }

    /// What the tree of that number says.
    fn said(part: &Part<'_>, nth: usize) -> Vec<(Vec<u8>, bool, Id)> {
        let begin = nth.checked_sub(1).map_or(0, |before| part.seen[before].1);
        let items = part.entries[begin..part.seen[nth].1].iter().map(|item| part.item(*item));
        let items = items.map(|item| item.expect("an item"));
        items
            .map(|item| (part.known.names.name(item.name).to_vec(), item.is_file, item.id))
            .collect()
    }

    proptest! {
        #[test]
        fn a_tree_says_the_same_beside_any_other(
            trees in vec(vec((0..3_u8, 0..5_u8, 0..4_u8), 0..6), 2..8),
            share in any::<bool>(),
            cut in 0..60_usize,
        ) {
            let asks = |name: &[u8]| name.ends_with(b".env") || name == b"ba";
            let (mut with, mut without) = (Part::new(&asks), Part::new(&asks));
            let packs = crate::repo::history::packs::places(trees.len());
            let mut raws: Vec<Vec<u8>> = trees.iter().map(|entries| tree(entries)).collect();
            if let Some(last) = raws.last_mut() {
                // malformed, mostly
                last.truncate(last.len().saturating_sub(cut.saturating_sub(20)));
            }
            for (nth, raw) in raws.iter().enumerate() {
                let like = nth.checked_sub(1).map(|before| {
                    let mut common = common(&raws[before], raw);
                    if share {
                        common.front /= 2;
                        common.back /= 2;
                    }
                    (packs[before], common)
                });
                let kind = ObjectType::Tree;
                with.see(nth, packs[nth], Some(Object { kind, content: raw, like }));
                without.see(nth, packs[nth], Some(Object { kind, content: raw, like: None }));
                prop_assert_eq!(said(&with, nth), said(&without, nth));
                prop_assert_eq!(&with.damaged, &without.damaged);
            }
        }
    }
}
