//! Which record could know of which: ancestry between the ledger's commits,
//! answered at once, without a clock.
//!
//! The commits are laid out in chains, each the ancestor of the next in its
//! chain. A commit then comes after a prefix of each chain, and one number for
//! each chain says after how many. A ledger that was never diverged is one
//! chain, and commits that follow each other share their numbers.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::CommitId;

/// So many numbers are kept, 64 MiB of them. Ten thousand records of two
/// hundred people who never synced before need 40,000.
#[cfg(not(test))]
const MOST: usize = 16 << 20;
#[cfg(test)]
const MOST: usize = 1 << 16;

/// So many numbers are looked at while they are joined, for each one kept.
const WORK: usize = 16;

/// Who comes before whom.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Ancestry {
    places: HashMap<CommitId, Place>,
    /// How many commits each chain has.
    lengths: Vec<u32>,
    /// How many numbers are kept.
    kept: usize,
    /// How many were looked at.
    work: usize,
}

/// Where a commit stands.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Place {
    chain: usize,
    /// How many of its own chain come before it.
    index: u32,
    /// How many of each other chain do; what is beyond the end is none.
    after: Arc<[u32]>,
}

/// The ledger is so entangled that comparing its records costs too much memory.
#[derive(Debug)]
pub(super) struct Tangled;

impl Ancestry {
    /// Adds a commit after all of its parents.
    pub(super) fn add(&mut self, id: CommitId, parents: &[CommitId]) -> Result<(), Tangled> {
        let parents: Vec<&Place> =
            parents.iter().filter_map(|parent| self.places.get(parent)).collect();
        let continued = match parents.as_slice() {
            [only] if self.is_last(only) => Some((only.chain, Arc::clone(&only.after))),
            _ => None,
        };
        let (chain, after) = match continued {
            Some(continued) => continued,
            None => {
                self.work += parents.iter().map(|parent| parent.after.len() + 1).sum::<usize>();
                if self.work > WORK * MOST {
                    return Err(Tangled);
                }
                let after = joined(&parents);
                let ended = |(chain, number): (usize, &u32)| {
                    (self.lengths.get(chain) == Some(number)).then_some(chain)
                };
                let chain = after.iter().enumerate().find_map(ended).unwrap_or(self.lengths.len());
                self.kept += after.len();
                (chain, after.into())
            }
        };
        if self.kept > MOST {
            return Err(Tangled);
        }
        if chain == self.lengths.len() {
            self.lengths.push(0);
        }
        let index = match self.lengths.get_mut(chain) {
            Some(length) => {
                *length += 1;
                *length - 1
            }
            None => 0,
        };
        self.places.insert(id, Place { chain, index, after });
        Ok(())
    }

    /// Whether `later` was made by somebody whose ledger held `earlier`.
    pub(super) fn precedes(&self, earlier: &CommitId, later: &CommitId) -> bool {
        let (Some(earlier), Some(later)) = (self.places.get(earlier), self.places.get(later))
        else {
            return false;
        };
        let before = if earlier.chain == later.chain {
            later.index
        } else {
            later.after.get(earlier.chain).copied().unwrap_or_default()
        };
        earlier.index < before
    }

    /// Whether it was added.
    pub(super) fn contains(&self, commit: &CommitId) -> bool {
        self.places.contains_key(commit)
    }

    fn is_last(&self, place: &Place) -> bool {
        self.lengths.get(place.chain) == Some(&(place.index + 1))
    }
}

/// How many of each chain come before a commit with these parents.
fn joined(parents: &[&Place]) -> Vec<u32> {
    let mut after: Vec<u32> = Vec::new();
    let mut raise = |chain: usize, number: u32| {
        if number > 0 && after.len() <= chain {
            after.resize(chain + 1, 0);
        }
        if let Some(before) = after.get_mut(chain) {
            *before = number.max(*before);
        }
    };
    for parent in parents {
        for (chain, &number) in parent.after.iter().enumerate() {
            raise(chain, number);
        }
        raise(parent.chain, parent.index + 1);
    }
    after
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn name(number: usize) -> CommitId {
        CommitId::try_from(format!("{number:040x}")).expect("a name")
    }

    fn names(numbers: &[usize]) -> Vec<CommitId> {
        numbers.iter().map(|&number| name(number)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

        #[test]
        fn it_agrees_with_a_walk(
            graph in prop::collection::vec(prop::collection::vec(0..64_usize, 0..4), 1..64),
        ) {
            let mut ancestry = Ancestry::default();
            let mut walked: Vec<BTreeSet<usize>> = Vec::new();
            for (number, parents) in graph.iter().enumerate() {
                // mostly chains, as ledgers are
                let parents: Vec<usize> = parents
                    .iter()
                    .filter(|_| number > 0)
                    .map(|back| number - 1 - (back / 8).min(number - 1))
                    .collect();
                let mut all: BTreeSet<usize> = parents.iter().copied().collect();
                for parent in &parents {
                    all.extend(&walked[*parent]);
                }
                walked.push(all);
                ancestry.add(name(number), &names(&parents)).expect("small");
            }
            for (later, before) in walked.iter().enumerate() {
                for earlier in 0..walked.len() {
                    let expected = before.contains(&earlier);
                    prop_assert_eq!(ancestry.precedes(&name(earlier), &name(later)), expected);
                }
            }
        }
    }

    #[test]
    fn a_long_chain_keeps_no_numbers() {
        let mut ancestry = Ancestry::default();
        ancestry.add(name(0), &[]).expect("added");
        for number in 1..10_000 {
            ancestry.add(name(number), &[name(number - 1)]).expect("added");
        }
        assert_eq!((ancestry.kept, ancestry.lengths.as_slice()), (0, &[10_000][..]));
        assert!(ancestry.precedes(&name(0), &name(9_999)));
        assert!(!ancestry.precedes(&name(9_999), &name(0)));
        assert!(!ancestry.precedes(&name(5), &name(5)));
        assert!(!ancestry.precedes(&name(5), &name(20_000)));
    }

    #[test]
    fn who_syncs_after_each_record_needs_a_chain_for_each_person() {
        let mut ancestry = Ancestry::default();
        ancestry.add(name(0), &[]).expect("added");
        let mut last = 0;
        for round in 0..1_000 {
            let (left, right, join) = (3 * round + 1, 3 * round + 2, 3 * round + 3);
            ancestry.add(name(left), &[name(last)]).expect("added");
            ancestry.add(name(right), &[name(last)]).expect("added");
            ancestry.add(name(join), &names(&[left, right])).expect("added");
            last = join;
        }
        assert_eq!(ancestry.lengths.len(), 2);
    }

    #[test]
    fn a_tangle_is_refused_in_time() {
        let mut ancestry = Ancestry::default();
        let roots = names(&(0..400).collect::<Vec<_>>());
        for root in &roots {
            ancestry.add(root.clone(), &[]).expect("added");
        }
        let refused = (400..800).any(|number| ancestry.add(name(number), &roots).is_err());
        assert!(refused, "{} numbers", ancestry.kept);
    }
}
