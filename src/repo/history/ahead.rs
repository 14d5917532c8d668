//! Reads commits before they are asked for: git lays them out in the order in
//! which a history is walked, so that the next ones follow.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use git2::ObjectType;

use super::object::Commit;
use super::packs::{Asked, Object, Packs, Readers, Spot, Which};

/// So many are read at once in the beginning, and at most.
const FIRST: usize = 64;
const MOST: usize = 4096;

/// After so many other objects in a row the commits have ended.
const ENDED: usize = 8;

/// Commits of packs.
#[derive(Default)]
pub(super) struct Ahead {
    ready: HashMap<(u32, u32), Commit, RandomState>,
    /// For each pack, in its order, what was ever read here: a walk comes back to an
    /// earlier place, and what follows there may have been read from a later one.
    known: Vec<Vec<bool>>,
    read: usize,
    used: usize,
}

impl Ahead {
    /// A commit. None when it is not read here.
    pub(super) fn commit(
        &mut self,
        packs: &Packs,
        readers: &mut Readers,
        spot: Spot,
    ) -> Option<Commit> {
        let Spot { pack, nth } = spot;
        if let Some(commit) = self.ready.remove(&(pack, nth)) {
            self.used += 1;
            return Some(commit);
        }
        // where few of those that were read are asked for, the order is another
        let most = match self.read > 4 * self.used + 4 * FIRST {
            true => 1,
            false => (FIRST + 4 * self.used).min(MOST),
        };
        let rank = packs.rank(packs.place(spot)?);
        let order = packs.order(pack).get(rank..)?;
        let order = order.get(..self.unknown(packs, pack, rank, most)).unwrap_or_default();
        let asked = Asked { packs, which: Which::Of(pack, order), kind: ObjectType::Commit };
        let Self { ready, read, .. } = self;
        let mut others = 0;
        let mut see = |nth: usize, _, object: Option<Object<'_>>| {
            let commit = object.and_then(|object| Commit::read(object.content));
            match (commit, u32::try_from(nth)) {
                (Some(commit), Ok(nth)) => {
                    others = 0;
                    *read += 1;
                    ready.insert((pack, nth), commit);
                }
                _ => others += 1,
            }
            others < ENDED
        };
        readers.read(&asked, &mut see, &|| true);
        self.used += 1;
        self.ready.remove(&(pack, nth))
    }

    /// How many from that one on were not read yet, at most so many; they are now.
    fn unknown(&mut self, packs: &Packs, pack: u32, rank: usize, most: usize) -> usize {
        let nth = pack as usize;
        if self.known.len() <= nth {
            self.known.resize(nth + 1, Vec::new());
        }
        let Some(known) = self.known.get_mut(nth) else { return 0 };
        if known.is_empty() {
            *known = vec![false; packs.count(pack)];
        }
        let from = known.iter_mut().skip(rank).take(most).take_while(|known| !**known);
        from.map(|known| *known = true).count()
    }
}
