//! All commits that are reached, each read once, and their order.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use foldhash::fast::RandomState;
use git2::ObjectType;

use super::object::{Commit, Id, tagged};
use super::objects::Objects;
use super::refs::Tips;
use super::unread::{Gap, RefFault};
use crate::model::CleanText;

/// So many commits between two questions whether to go on.
const STEP: usize = 1024;

/// No honest tag leads through so many others.
const MOST_TAGS: usize = 64;

/// The commits of a history, and what refs name besides.
#[derive(Default)]
pub(super) struct Commits {
    pub(super) all: Vec<(Id, Commit)>,
    /// Folders that a ref names, with the number of its name in the tips.
    pub(super) trees: Vec<(usize, Id)>,
    /// Files that a ref names, likewise.
    pub(super) blobs: Vec<(usize, Id)>,
}

impl Commits {
    /// Reads them. None when the search was given up.
    pub(super) fn read(
        tips: &mut Tips,
        objects: &mut Objects,
        go_on: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let mut found = Self::default();
        let mut seen: HashSet<Id, RandomState> = HashSet::default();
        let mut ahead = Vec::new();
        for (number, (name, id)) in tips.named.iter().enumerate() {
            match peeled(objects, *id) {
                Some((ObjectType::Commit, id)) => {
                    if seen.insert(id) {
                        ahead.push(id);
                    }
                }
                Some((ObjectType::Tree, id)) => found.trees.push((number, id)),
                Some((ObjectType::Blob, id)) => found.blobs.push((number, id)),
                _ => {
                    let name = CleanText::bytes(name);
                    tips.unread.insert(Gap::Ref { name, why: RefFault::Object });
                }
            }
        }
        let mut gone = HashSet::new();
        while let Some(id) = ahead.pop() {
            if found.all.len().is_multiple_of(STEP) && !go_on() {
                return None;
            }
            let Some(commit) = objects.commit(id) else {
                gone.insert(id);
                continue;
            };
            ahead.extend(commit.parents.iter().filter(|&&parent| seen.insert(parent)));
            found.all.push((id, commit));
        }
        if !gone.is_empty() {
            found.cut_off(&gone, tips, objects);
        }
        Some(found)
    }

    /// Tells parents that a shallow clone left out from those that are lost.
    fn cut_off(&self, gone: &HashSet<Id>, tips: &mut Tips, objects: &mut Objects) {
        let mut ends = 0;
        let (mut cut, mut lost): (HashSet<&Id>, HashSet<&Id>) = Default::default();
        for (id, commit) in &self.all {
            let missing = commit.parents.iter().filter(|parent| gone.contains(*parent));
            if tips.shallow.contains(id) {
                let missing: Vec<&Id> = missing.collect();
                ends += usize::from(!missing.is_empty());
                cut.extend(missing);
            } else {
                lost.extend(missing);
            }
        }
        for id in cut.difference(&lost) {
            objects.excuse(**id);
        }
        if ends > 0 {
            tips.unread.insert(Gap::Shallow { commits: ends });
        }
    }

    /// The numbers of the commits, none before its parents, else by their time.
    pub(super) fn oldest_first(&self) -> Vec<usize> {
        let numbers: HashMap<Id, usize, RandomState> =
            self.all.iter().enumerate().map(|(number, (id, _))| (*id, number)).collect();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); self.all.len()];
        let mut waits: Vec<usize> = vec![0; self.all.len()];
        for (number, (_, commit)) in self.all.iter().enumerate() {
            for parent in commit.parents.iter().filter_map(|parent| numbers.get(parent)) {
                if let (Some(children), Some(waits)) =
                    (children.get_mut(*parent), waits.get_mut(number))
                {
                    children.push(number);
                    *waits += 1;
                }
            }
        }
        let key = |number: usize| {
            self.all.get(number).map(|(id, commit)| Reverse((commit.seconds, *id, number)))
        };
        let first = waits.iter().enumerate().filter(|(_, waits)| **waits == 0);
        let mut ready: BinaryHeap<_> = first.filter_map(|(number, _)| key(number)).collect();
        let mut order = Vec::with_capacity(self.all.len());
        while let Some(Reverse((_, _, number))) = ready.pop() {
            order.push(number);
            for child in children.get_mut(number).map(std::mem::take).unwrap_or_default() {
                let Some(waits) = waits.get_mut(child) else { continue };
                *waits -= 1;
                if *waits == 0 {
                    ready.extend(key(child));
                }
            }
        }
        if order.len() < self.all.len() {
            // a circle, which only forged objects can form: still each is told
            let in_order: HashSet<usize> = order.iter().copied().collect();
            order.extend((0..self.all.len()).filter(|number| !in_order.contains(number)));
        }
        order
    }
}

/// What a tip leads to through annotated tags. None when that is not here.
fn peeled(objects: &Objects, mut id: Id) -> Option<(ObjectType, Id)> {
    for _ in 0..MOST_TAGS {
        match objects.header(id)? {
            (ObjectType::Tag, _) => id = objects.tag(id, tagged)?,
            (kind, _) => return Some((kind, id)),
        }
    }
    None
}
