//! Reads commits before they are asked for: git lays them out in the order in
//! which a history is walked, so that the next ones follow.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use git2::ObjectType;

use super::object::Commit;
use super::packs::{Asked, Object, Packs, Place, Readers};

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
        let places = packs.from(place, most).into_iter().map(|(place, _)| place);
        let places = places.filter(|place| self.known.insert(*place)).zip(0..);
        let places: Vec<(Place, usize)> = places.collect();
        let asked = Asked { packs, places: &places, kind: ObjectType::Commit };
        let mut others = 0;
        let Self { ready, read, .. } = self;
        let mut see = |_, place, object: Option<Object<'_>>| {
            let commit = object.and_then(|object| Commit::read(object.content));
            let Some(commit) = commit else {
                others += 1;
                return others < ENDED;
            };
            others = 0;
            *read += 1;
            ready.insert(place, commit);
            true
        };
        readers.read(&asked, &mut see, &|| true);
        self.used += 1;
        self.ready.remove(&place)
    }
}
