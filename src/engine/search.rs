//! Which checks' literals a file holds: one search for all of them.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use indexmap::IndexMap;

use crate::check::CheckError;

/// The literals of all checks, searched for together.
#[derive(Debug)]
pub(super) struct Search {
    finder: Option<AhoCorasick>,
    /// For each literal the checks that gave it.
    owners: Vec<Vec<usize>>,
    /// For each check whether its files are shown whatever they hold.
    always: Vec<bool>,
}

/// One thread's notes, so that a file costs no allocation.
#[derive(Debug)]
pub(super) struct Hits {
    round: u32,
    /// For each check the last round in which it was asked about.
    asked: Vec<u32>,
    /// For each check the last round in which one of its literals was met.
    met: Vec<u32>,
}

impl Search {
    /// Takes each check's literals, in the order of the checks.
    ///
    /// # Errors
    /// When there are more literals than can be searched for.
    pub(super) fn new(literals: &[Vec<String>]) -> Result<Self, CheckError> {
        let mut distinct: IndexMap<&str, Vec<usize>> = IndexMap::new();
        let mut always = Vec::new();
        for (check, wanted) in literals.iter().enumerate() {
            let shown_always = wanted.iter().any(String::is_empty) || wanted.is_empty();
            always.push(shown_always);
            for literal in wanted.iter().filter(|_| !shown_always) {
                distinct.entry(literal).or_default().push(check);
            }
        }
        let finder = if distinct.is_empty() {
            None
        } else {
            // overlapping, or `secret` would hide `secret_key` from its check
            let built =
                AhoCorasickBuilder::new().match_kind(MatchKind::Standard).build(distinct.keys());
            Some(built.map_err(|error| {
                CheckError::could_not_look(
                    format!("the checks' literals cannot be searched for: {error}"),
                    "use fewer or shorter ones",
                )
            })?)
        };
        Ok(Self { finder, owners: distinct.into_values().collect(), always })
    }

    /// Room for the answers about this many checks.
    pub(super) fn hits(&self) -> Hits {
        let checks = self.always.len();
        Hits { round: 0, asked: vec![0; checks], met: vec![0; checks] }
    }

    /// Leaves of `wanting` those checks that have a literal in the text or have
    /// none to look for. Ends as soon as that is clear for all.
    pub(super) fn retain(&self, text: &[u8], hits: &mut Hits, wanting: &mut Vec<usize>) {
        let Some(finder) = &self.finder else { return };
        let always = |check: usize| self.always.get(check).copied().unwrap_or(true);
        hits.next_round();
        let mut open = 0;
        for &check in wanting.iter().filter(|&&check| !always(check)) {
            hits.ask(check);
            open += 1;
        }
        if open == 0 {
            return;
        }
        for found in finder.find_overlapping_iter(text) {
            let owners = self.owners.get(found.pattern().as_usize()).map_or(&[][..], Vec::as_slice);
            open -= owners.iter().filter(|&&check| hits.meet(check)).count();
            if open == 0 {
                break;
            }
        }
        wanting.retain(|&check| always(check) || hits.is_met(check));
    }
}

impl Hits {
    fn next_round(&mut self) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.asked.fill(0);
            self.met.fill(0);
            self.round = 1;
        }
    }

    fn ask(&mut self, check: usize) {
        if let Some(asked) = self.asked.get_mut(check) {
            *asked = self.round;
        }
    }

    /// Whether this is news about a check that was asked about.
    fn meet(&mut self, check: usize) -> bool {
        if self.asked.get(check) != Some(&self.round) {
            return false;
        }
        let round = self.round;
        self.met.get_mut(check).is_some_and(|met| std::mem::replace(met, round) != round)
    }

    fn is_met(&self, check: usize) -> bool {
        self.met.get(check) == Some(&self.round)
    }
}

#[cfg(test)]
mod tests {
    use super::Search;

    fn retained(literals: &[&[&str]], wanting: &[usize], text: &str) -> Vec<usize> {
        let literals: Vec<Vec<String>> = literals
            .iter()
            .map(|of_one| of_one.iter().map(|literal| (*literal).to_owned()).collect())
            .collect();
        let search = Search::new(&literals).expect("few literals");
        let mut hits = search.hits();
        let mut twice = Vec::new();
        for _ in 0..2 {
            twice = wanting.to_vec();
            search.retain(text.as_bytes(), &mut hits, &mut twice);
        }
        twice
    }

    #[test]
    fn no_literal_hides_another() {
        let literals: &[&[&str]] = &[&["secret"], &["secret_key"], &["t_k"], &[], &["x", "key"]];
        assert_eq!(retained(literals, &[0, 1, 2, 3, 4], "a secret_key"), [0, 1, 2, 3, 4]);
        assert_eq!(retained(literals, &[0, 1, 2, 3, 4], "a secret"), [0, 3]);
        assert_eq!(retained(literals, &[1, 4], "key"), [4]);
        assert_eq!(retained(literals, &[0, 1], ""), [0usize; 0]);
        assert_eq!(retained(literals, &[3], ""), [3]);
    }

    #[test]
    fn shared_and_empty_literals() {
        assert_eq!(retained(&[&["a"], &["a", "b"], &["b"]], &[0, 1, 2], "a"), [0, 1]);
        assert_eq!(retained(&[&["", "a"], &["a"]], &[0, 1], "x"), [0]);
        assert_eq!(retained(&[&["a"], &["a"]], &[1], "a"), [1]);
    }
}
