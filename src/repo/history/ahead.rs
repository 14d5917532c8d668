//! Reads commits before they are asked for: git lays them out in the order in
//! which a history is walked, so that the next ones follow.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use git2::ObjectType;

use super::many::{Readers, Seer};
use super::object::Commit;
use super::packs::{Head, Object, Packs, Place};

/// So many are read at once in the beginning, and at most.
const FIRST: usize = 64;
const MOST: usize = 4096;

/// After so many other objects in a row the commits have ended.
const ENDED: usize = 8;

/// Commits of packs.
#[derive(Default)]
pub(super) struct Ahead {
    ready: HashMap<Place, Commit, RandomState>,
    /// All that were ever read here: a walk comes back to an earlier place, and
    /// what follows there may have been read from a later one.
    known: HashSet<Place, RandomState>,
    read: usize,
    used: usize,
}

impl Ahead {
    /// The commit that begins there. None when it is not read here.
    pub(super) fn commit(
        &mut self,
        packs: &Packs,
        readers: &mut Readers,
        place: Place,
    ) -> Option<Commit> {
        if let Some(commit) = self.ready.remove(&place) {
            self.used += 1;
            return Some(commit);
        }
        // where few of those that were read are asked for, the order is another
        let most = match self.read > 4 * self.used + 4 * FIRST {
            true => 1,
            false => (FIRST + 2 * self.used).min(MOST),
        };
        let mut places = packs.from(place, most);
        places.retain(|place| self.known.insert(*place));
        let places: Vec<(Place, usize)> = places.into_iter().zip(0..).collect();
        let mut seers = Vec::new();
        seers.resize_with(readers.count(), Commits::default);
        readers.read(packs, &places, &mut seers, &|| true);
        for (number, commit) in seers.into_iter().flat_map(|seer| seer.found) {
            if let Some((place, _)) = places.get(number) {
                self.read += 1;
                self.ready.insert(*place, commit);
            }
        }
        self.used += 1;
        self.ready.remove(&place)
    }
}

#[derive(Default)]
struct Commits {
    found: Vec<(usize, Commit)>,
    others: usize,
}

impl Seer for Commits {
    fn wants(&mut self, head: Head) -> bool {
        match head {
            Head::Whole(ObjectType::Commit) => true,
            Head::Whole(ObjectType::Tag) => false,
            Head::Whole(_) => {
                self.others += 1;
                false
            }
            // what it is shows only when it is made
            Head::Delta(_) => self.others < ENDED,
        }
    }

    fn see(&mut self, number: usize, _: Place, object: Option<Object<'_>>) {
        match object {
            Some(Object { kind: ObjectType::Commit, content, .. }) => {
                self.others = 0;
                self.found.extend(Commit::read(content).map(|commit| (number, commit)));
            }
            _ => self.others += 1,
        }
    }
}
