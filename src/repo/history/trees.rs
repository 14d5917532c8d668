//! All trees that are reached, each read once, as one graph.
//!
//! git lays the trees of a pack out side by side, those of later commits first:
//! so they are read as they lie there ([`Trees::scan`]), whatever reaches them. Only
//! then it is followed what the commits reach, and what was not come across is
//! read level by level.

use std::collections::{BTreeMap, HashMap};

use super::items::{Items, What};
use super::names::Asks;
use super::numbers::Known;
use super::object::Id;
use super::objects::Objects;
use super::packs::{Common, Packs, Place, Spot, Which};
use super::part::Part;
use super::unread::ObjectKind;

/// So many trees between two questions whether to go on.
const STEP: usize = 4096;

/// With fewer commits in it a pack is not read as a whole.
const FEW: usize = 8;

/// Nor when so many objects lie between two root trees: something else lies there.
const MOST_OF_ROOT: usize = 256;

/// Where so many other objects were come across, beside half as many as trees, it is
/// given up: in packs of some servers they lie between the trees, and nothing
/// reaches many of those.
const MOST_OTHERS: usize = 128;

/// So many objects at a time are read behind the last root tree.
const BEHIND: usize = 512;

/// The trees of a history. Of their files, those are kept whose names may matter.
#[derive(Default)]
pub(super) struct Trees {
    items: Items,
    /// What was read of each tree.
    nodes: Vec<Node>,
    /// The items of all trees, one's after the other's.
    entries: Vec<u32>,
    /// Trees that were malformed, and may not be reached.
    damaged: Vec<u32>,
    /// How many were read.
    read: usize,
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

/// Which of the entries belong to a tree.
#[derive(Clone, Copy, Default)]
struct Node {
    begin: usize,
    count: u32,
    read: bool,
}

impl Trees {
    /// The number by which a tree is known; it is read with the others.
    pub(super) fn number(&mut self, packs: &Packs, id: Id) -> u32 {
        self.items.numbers.of(packs, id)
    }

    /// Reads the trees that are known by now and all below them. False when the
    /// search was given up.
    pub(super) fn read(
        &mut self,
        objects: &mut Objects,
        replaced: &HashMap<Id, Vec<Id>>,
        names: &Asks<'_>,
        go_on: &dyn Fn() -> bool,
    ) -> bool {
        let packs = objects.packs();
        let mut part = Part::new(names, &packs, replaced);
        let roots = self.items.numbers.count();
        if !self.scan(objects, &packs, &mut part, go_on) {
            return false;
        }
        if self.read == self.items.numbers.count() && self.damaged.is_empty() {
            return true;
        }
        let mut reached = Vec::new();
        let mut ahead: Vec<u32> = (0..).take(roots).collect();
        loop {
            let unread = self.unread(&mut ahead, &mut reached);
            if unread.is_empty() {
                break;
            }
            if !self.level(objects, &packs, &mut part, &unread, go_on) {
                return false;
            }
            let below = unread.iter().flat_map(|tree| self.folders(*tree));
            ahead.extend(below.map(|folder| folder.tree));
        }
        for tree in std::mem::take(&mut self.damaged) {
            if reached.get(tree as usize).is_some_and(|reached| *reached)
                && let Some(id) = self.id(&packs, tree)
            {
                objects.damaged(id, ObjectKind::Tree);
            }
        }
        true
    }

    /// Reads the packs in which the root trees lie, from the first to the last one
    /// and as long as trees follow. False when `go_on` said so.
    fn scan(
        &mut self,
        objects: &mut Objects,
        packs: &Packs,
        part: &mut Part<'_>,
        go_on: &dyn Fn() -> bool,
    ) -> bool {
        let mut found: BTreeMap<u32, (Place, Place, usize)> = BTreeMap::new();
        for tree in (0..).take(self.items.numbers.count()) {
            if let Some(Known::Packed(spot)) = self.items.numbers.known(tree)
                && let Some(place) = packs.place(spot)
            {
                let (first, last, count) = found.entry(spot.pack).or_insert((place, place, 0));
                (*first, *last) = (place.min(*first), place.max(*last));
                *count += 1;
            }
        }
        for (pack, (first, last, count)) in found {
            let (from, to) = (packs.rank(first), packs.rank(last) + 1);
            if count < FEW || (to - from) / MOST_OF_ROOT > count {
                continue;
            }
            let order = packs.order(pack);
            let behind = order.get(to..).unwrap_or_default().chunks(BEHIND);
            for some in order.get(from..to).into_iter().chain(behind) {
                let Some((trees, others)) = self.some(objects, packs, part, (pack, some), go_on)
                else {
                    return false;
                };
                if trees <= others {
                    break;
                }
            }
        }
        true
    }

    /// Reads some objects of a pack as far as they are trees; gives how many are, and
    /// how many are not. None when `go_on` said so.
    fn some(
        &mut self,
        objects: &mut Objects,
        packs: &Packs,
        part: &mut Part<'_>,
        (pack, some): (u32, &[u32]),
        go_on: &dyn Fn() -> bool,
    ) -> Option<(usize, usize)> {
        let (mut trees, mut others) = (0, 0);
        let own = objects.read_from(pack, some);
        // memory that is not used costs nothing
        self.items.reserve(some.len());
        self.nodes.reserve(some.len());
        self.entries.reserve(some.len().saturating_mul(4));
        let whole = objects.trees(
            Which::Of(pack, own.as_deref().unwrap_or(some)),
            &mut |nth, place, object| {
                match (object, u32::try_from(nth)) {
                    (Some(object), Ok(nth)) => {
                        let tree = self.items.numbers.at(packs, Spot { pack, nth });
                        if self.take(part, tree, object.content, Some(place), object.like).is_none()
                        {
                            self.damaged.push(tree);
                        }
                        trees += 1;
                    }
                    _ => others += 1,
                }
                others < trees / 2 + MOST_OTHERS
            },
            go_on,
        );
        whole.then_some((trees, others))
    }

    /// Reads the trees of one level, which are reached. False when `go_on` said so.
    fn level(
        &mut self,
        objects: &mut Objects,
        packs: &Packs,
        part: &mut Part<'_>,
        level: &[u32],
        go_on: &dyn Fn() -> bool,
    ) -> bool {
        let (mut places, mut others) = (Vec::new(), Vec::new());
        for &tree in level {
            let place = match self.items.numbers.known(tree) {
                Some(Known::Packed(spot)) if objects.is_read_from(spot) => packs.place(spot),
                _ => None,
            };
            match place {
                Some(place) => places.push((place, tree as usize)),
                None => others.push(tree),
            }
        }
        places.sort_unstable();
        let mut damaged = Vec::new();
        let whole = objects.trees(
            Which::At(&places),
            &mut |tree, place, object| {
                let Ok(tree) = u32::try_from(tree) else { return true };
                match object {
                    None => others.push(tree),
                    Some(object) => {
                        let (content, like) = (object.content, object.like);
                        if self.take(part, tree, content, Some(place), like).is_none() {
                            damaged.push(tree);
                        }
                    }
                }
                true
            },
            go_on,
        );
        self.damaged.extend(damaged);
        for (nth, &tree) in others.iter().enumerate() {
            if nth.is_multiple_of(STEP) && !go_on() {
                return false;
            }
            if let Some(id) = self.id(packs, tree) {
                objects.read(id, ObjectKind::Tree, |raw| self.take(part, tree, raw, None, None));
            }
        }
        whole
    }

    /// Adds what a tree says. None when it is malformed.
    fn take(
        &mut self,
        part: &mut Part<'_>,
        tree: u32,
        raw: &[u8],
        place: Option<Place>,
        like: Option<(Place, Common)>,
    ) -> Option<()> {
        let begin = self.entries.len();
        let whole = part.tree(&mut self.items, raw, place, like, &mut self.entries);
        let nth = tree as usize;
        if self.nodes.len() <= nth {
            self.nodes.resize(nth + 1, Node::default());
        }
        if let Some(node) = self.nodes.get_mut(nth) {
            self.read += usize::from(!node.read);
            let count = u32::try_from(self.entries.len() - begin).unwrap_or(u32::MAX);
            *node = Node { begin, count, read: true };
        }
        whole
    }

    /// Follows what is reached from these trees; gives those that were not read.
    fn unread(&self, ahead: &mut Vec<u32>, reached: &mut Vec<bool>) -> Vec<u32> {
        let mut unread = Vec::new();
        reached.resize(self.items.numbers.count(), false);
        while let Some(tree) = ahead.pop() {
            let Some(reached) = reached.get_mut(tree as usize) else { continue };
            if std::mem::replace(reached, true) {
                continue;
            }
            match self.nodes.get(tree as usize) {
                Some(Node { read: true, .. }) => {
                    ahead.extend(self.folders(tree).map(|folder| folder.tree));
                }
                _ => unread.push(tree),
            }
        }
        unread
    }

    fn id(&self, packs: &Packs, tree: u32) -> Option<Id> {
        match self.items.numbers.known(tree)? {
            Known::Packed(spot) => packs.id(spot),
            Known::Other(id) => Some(id),
        }
    }

    /// Whether files of a name that is asked for were left out.
    pub(super) fn lacks(&self, names: &Asks<'_>) -> bool {
        self.items.left_out().any(names)
    }

    /// For each name by its number whether it is asked for.
    pub(super) fn asked(&self, names: &Asks<'_>) -> Vec<bool> {
        self.items.names.all().map(names).collect()
    }

    fn entries(&self, tree: u32) -> &[u32] {
        let node = self.nodes.get(tree as usize).copied().unwrap_or_default();
        self.entries.get(node.begin..node.begin + node.count as usize).unwrap_or_default()
    }

    /// The folders in a tree.
    pub(super) fn folders(&self, tree: u32) -> impl Iterator<Item = Folder> {
        let items = self.entries(tree).iter().filter_map(|item| self.items.get(*item));
        items.filter_map(|item| match item.what {
            What::Folder(tree) => Some(Folder { name: item.name, tree }),
            What::File(_) => None,
        })
    }

    /// The files in a tree whose names may matter.
    pub(super) fn files(&self, tree: u32) -> impl Iterator<Item = File> {
        let items = self.entries(tree).iter().filter_map(|item| self.items.get(*item));
        items.filter_map(|item| match item.what {
            What::File(blob) => Some(File { name: item.name, blob: self.items.blob(blob)? }),
            What::Folder(_) => None,
        })
    }

    /// A name by its number.
    pub(super) fn name(&self, number: u32) -> &[u8] {
        self.items.names.name(number)
    }

    /// Which trees have a file at any depth whose name is asked for.
    pub(super) fn with_files(&self, asked: &[bool]) -> Vec<bool> {
        let mut with = vec![false; self.nodes.len()];
        if !asked.contains(&true) {
            return with;
        }
        let asks = |name: u32| asked.get(name as usize).is_some_and(|asked| *asked);
        loop {
            let mut more = false;
            // what a tree holds mostly has a higher number than the tree itself
            for tree in (0..).take(self.nodes.len()).collect::<Vec<u32>>().into_iter().rev() {
                let known = |tree: u32| with.get(tree as usize).is_some_and(|with| *with);
                let holds = !known(tree)
                    && self.entries(tree).iter().filter_map(|item| self.items.get(*item)).any(
                        |item| match item.what {
                            What::File(_) => asks(item.name),
                            What::Folder(tree) => known(tree),
                        },
                    );
                if holds && let Some(with) = with.get_mut(tree as usize) {
                    (*with, more) = (true, true);
                }
            }
            if !more {
                return with;
            }
        }
    }
}
