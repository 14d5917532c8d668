//! Reads the entries of trees.
//!
//! Most trees differ in one entry from the one that they are made from: what that
//! one's other entries say is known, and they are not read again.

use std::collections::HashMap;

use super::items::{Items, NOTHING};
use super::names::Asks;
use super::object::{Entries, Entry, Id};
use super::packs::{Common, Made, Packs, Place};

/// The entries of so many trees are kept, in entries.
const KEPT: usize = 64 * 1024;

/// What reads trees, one after the other.
pub(super) struct Part<'a> {
    asks: &'a Asks<'a>,
    packs: &'a Packs,
    /// What stands in for another object.
    replaced: &'a HashMap<Id, Vec<Id>>,
    /// The entries of the trees that were read last, all of them.
    kept: Made<Read>,
    /// Those of the tree that is read.
    read: Vec<Read>,
}

/// An entry that was read.
#[derive(Clone, Copy)]
struct Read {
    /// Where its bytes end in the tree.
    end: u32,
    item: u32,
}

impl<'a> Part<'a> {
    pub(super) fn new(
        asks: &'a Asks<'a>,
        packs: &'a Packs,
        replaced: &'a HashMap<Id, Vec<Id>>,
    ) -> Self {
        Self { asks, packs, replaced, kept: Made::new(KEPT), read: Vec::new() }
    }

    /// Reads a tree that was made from another one, and adds what matters of its
    /// entries. None when it is malformed: what it does tell still counts.
    pub(super) fn tree(
        &mut self,
        items: &mut Items,
        raw: &[u8],
        place: Option<Place>,
        like: Option<(Place, Common)>,
        entries: &mut Vec<u32>,
    ) -> Option<()> {
        let Self { asks, packs, replaced, kept, read } = self;
        let like = like.and_then(|(base, common)| Some((kept.get(base)?, common)));
        read.clear();
        let mut item = |entry: &Entry<'_>| items.item(entry, packs, *asks, replaced);
        let whole = entries_of(raw, like.unwrap_or_default(), &mut item, read);
        for item in read.iter().map(|read| read.item).filter(|item| *item != NOTHING) {
            entries.push(item);
            if !replaced.is_empty() {
                entries.extend_from_slice(items.stand_ins(item));
            }
        }
        if let Some(place) = place.filter(|_| whole.is_some()) {
            kept.keep(place, read);
        }
        whole
    }
}

/// Reads the entries of a tree; none that is the same in the one whose entries
/// are given.
fn entries_of(
    raw: &[u8],
    (base, common): (&[Read], Common),
    item: &mut impl FnMut(&Entry<'_>) -> u32,
    read: &mut Vec<Read>,
) -> Option<()> {
    let length = base.last().map_or(0, |last| last.end as usize);
    let same = base.partition_point(|entry| entry.end as usize <= common.front);
    read.extend_from_slice(base.get(..same)?);
    // where those begin that both end with
    let back = length.saturating_sub(common.back);
    let back = base.partition_point(|entry| (entry.end as usize) < back);
    let mut rest = base.get(back..)?;
    let mut at = read.last().map_or(0, |last| last.end as usize);
    let moved = |end: u32| (end as usize + raw.len()).checked_sub(length);
    let mut entries = Entries::of(raw.get(at..)?);
    loop {
        while let Some((first, after)) = rest.split_first() {
            let begin = moved(first.end)?;
            if begin > at {
                break;
            }
            rest = after;
            if begin == at {
                if raw.len() == length {
                    read.extend_from_slice(after);
                } else {
                    let same = after.iter().map(|entry| Some((moved(entry.end)?, entry.item)));
                    read.extend(same.flatten().map(|(end, item)| Read::new(end, item)));
                }
                return Some(());
            }
        }
        let Some(entry) = entries.next() else { return Some(()) };
        let item = item(&entry?);
        at = raw.len() - entries.left();
        read.push(Read::new(at, item));
    }
}

impl Read {
    /// What is larger is not kept, and never read in this way.
    fn new(end: usize, item: u32) -> Self {
        Self { end: u32::try_from(end).unwrap_or(u32::MAX), item }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::repo::history::items::What;
    use crate::repo::history::numbers::Known;

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

    /// What those entries say.
    fn said(items: &Items, entries: &[u32]) -> Vec<(Vec<u8>, String)> {
        let items_of = entries.iter().map(|item| items.get(*item).expect("an item"));
        let said = items_of.map(|item| {
            let what = match item.what {
                What::File(blob) => format!("file {:?}", items.blob(blob)),
                What::Folder(tree) => match items.numbers.known(tree) {
                    Some(Known::Other(id)) => format!("folder {id}"),
                    _ => panic!("there is no pack"),
                },
            };
            (items.names.name(item.name).to_vec(), what)
        });
        said.collect()
    }

    proptest! {
        #[test]
        fn a_tree_says_the_same_beside_any_other(
            trees in vec(vec((0..3_u8, 0..5_u8, 0..4_u8), 0..6), 2..8),
            share in any::<bool>(),
            replace in any::<bool>(),
            cut in 0..60_usize,
        ) {
            let asks = |name: &[u8]| name.ends_with(b".env") || name == b"ba";
            let (packs, mut replaced) = (Packs::default(), HashMap::new());
            if replace {
                let [a, b] = [[b'a'; 20], [0; 20]].map(|id| Id::raw(&id).expect("20 bytes"));
                replaced.insert(a, vec![b]);
            }
            let (mut with, mut without) =
                (Part::new(&asks, &packs, &replaced), Part::new(&asks, &packs, &replaced));
            let (mut items, mut others) = (Items::default(), Items::default());
            let places = crate::repo::history::packs::places(trees.len());
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
                    (places[before], common)
                });
                let (mut ours, mut plain) = (Vec::new(), Vec::new());
                let place = Some(places[nth]);
                let whole = with.tree(&mut items, raw, place, like, &mut ours);
                prop_assert_eq!(whole, without.tree(&mut others, raw, None, None, &mut plain));
                prop_assert_eq!(said(&items, &ours), said(&others, &plain));
            }
        }
    }
}
