//! Which checks' literals a file holds: one search for all that want the file.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::{
    AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, Anchored, BuildError, Input, MatchKind,
    StartKind, automaton::OverlappingState,
};
use indexmap::IndexMap;

use crate::model::{CheckError, RuleId, Subject};

/// So many different sets of checks get an automaton of their own; files that
/// yet another set wants are searched for the literals of all checks.
const SETS: usize = 64;

/// The literals of all checks.
#[derive(Debug)]
pub(super) struct Search<'a> {
    /// For each check its literals; none when its files are always shown.
    literals: Vec<Option<&'a [String]>>,
    all: Arc<Finder>,
    /// By the checks that want a file: in a repository few sets occur, and one
    /// that wants notes from a README need not look for the Python checks' words.
    by_set: Mutex<HashMap<Vec<usize>, Arc<Finder>>>,
}

/// One thread's notes, so that a file costs no allocation.
#[derive(Debug)]
pub(super) struct Hits {
    known: HashMap<Vec<usize>, Arc<Finder>>,
    round: u32,
    /// For each check the last round in which it was asked about.
    asked: Vec<u32>,
    /// For each check the last round in which one of its literals was met.
    met: Vec<u32>,
}

impl<'a> Search<'a> {
    /// Takes each check's literals, in the order of the checks.
    ///
    /// # Errors
    /// When there are more literals than can be searched for.
    pub(super) fn new(literals: &'a [Vec<String>]) -> Result<Self, CheckError> {
        let literals: Vec<Option<&[String]>> = literals
            .iter()
            .map(|of_one| {
                let always = of_one.is_empty() || of_one.iter().any(String::is_empty);
                (!always).then_some(of_one.as_slice())
            })
            .collect();
        let all = Finder::new(&literals, 0..literals.len()).map_err(|error| {
            CheckError::could_not_look(
                RuleId::new("engine.too_many_literals"),
                Subject::whole(),
                format!("the checks' literals cannot be searched for: {error}"),
                "use fewer or shorter ones",
            )
        })?;
        Ok(Self { literals, all: Arc::new(all), by_set: Mutex::default() })
    }

    /// Room for the answers to one thread.
    pub(super) fn hits(&self) -> Hits {
        let checks = self.literals.len();
        Hits { known: HashMap::new(), round: 0, asked: vec![0; checks], met: vec![0; checks] }
    }

    /// Leaves of `wanting` those checks that have a literal in the text or have
    /// none to look for. Ends as soon as that is clear for all.
    pub(super) fn retain(&self, text: &[u8], hits: &mut Hits, wanting: &mut Vec<usize>) {
        let always = |check: usize| self.literals.get(check).is_none_or(Option::is_none);
        hits.next_round();
        let mut open = 0;
        for &check in wanting.iter().filter(|&&check| !always(check)) {
            hits.ask(check);
            open += 1;
        }
        if open == 0 {
            return;
        }
        let finder = match hits.known.get(wanting.as_slice()) {
            Some(finder) => Arc::clone(finder),
            None => {
                let finder = self.finder(wanting);
                hits.known.insert(wanting.clone(), Arc::clone(&finder));
                finder
            }
        };
        finder.each(text, |owners| {
            open -= owners.iter().filter(|&&check| hits.meet(check)).count();
            open > 0
        });
        wanting.retain(|&check| always(check) || hits.is_met(check));
    }

    fn finder(&self, wanting: &[usize]) -> Arc<Finder> {
        let mut sets = self.by_set.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = sets.get(wanting) {
            return Arc::clone(known);
        }
        if sets.len() >= SETS {
            return Arc::clone(&self.all);
        }
        let finder = match Finder::new(&self.literals, wanting.iter().copied()) {
            Ok(finder) => Arc::new(finder),
            Err(_) => Arc::clone(&self.all),
        };
        sets.insert(wanting.to_vec(), Arc::clone(&finder));
        finder
    }
}

/// Finds the literals of some checks.
#[derive(Debug)]
struct Finder {
    /// Finds where the next literal may begin, by vectors of bytes.
    first: AhoCorasick,
    /// Finds all that begin there, or from there on; overlapping ones too, since
    /// `secret` must not hide `secret_key` from its check.
    rest: AhoCorasick,
    /// For each literal the checks that gave it.
    owners: Vec<Vec<usize>>,
}

impl Finder {
    fn new(
        literals: &[Option<&[String]>],
        checks: impl Iterator<Item = usize>,
    ) -> Result<Self, BuildError> {
        let mut distinct: IndexMap<&str, Vec<usize>> = IndexMap::new();
        for check in checks {
            for literal in literals.get(check).copied().flatten().into_iter().flatten() {
                distinct.entry(literal).or_default().push(check);
            }
        }
        let build = |kind| AhoCorasickBuilder::new().match_kind(kind).clone();
        Ok(Self {
            first: build(MatchKind::LeftmostFirst).build(beginnings(&distinct))?,
            // a larger automaton is searched faster, and costs more than that saves
            rest: build(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .start_kind(StartKind::Both)
                .build(distinct.keys())?,
            owners: distinct.into_values().collect(),
        })
    }

    /// Tells the owners of each literal met, until told to stop.
    fn each(&self, text: &[u8], mut go_on: impl FnMut(&[usize]) -> bool) {
        let mut tell = |input: Input<'_>| {
            let mut state = OverlappingState::start();
            loop {
                self.rest.find_overlapping(input.clone(), &mut state);
                let Some(found) = state.get_match() else { return true };
                let owners = self.owners.get(found.pattern().as_usize());
                if !go_on(owners.map_or(&[], Vec::as_slice)) {
                    return false;
                }
            }
        };
        let (mut from, mut stops) = (0, 0);
        while let Some(first) = self.first.find(Input::new(text).range(from..)) {
            let here = Input::new(text).range(first.start()..);
            stops += 1;
            // where they stand close, byte by byte is faster
            if stops > STOPS && stops * APART > first.start() {
                tell(here);
                return;
            }
            if !tell(here.anchored(Anchored::Yes)) {
                return;
            }
            from = first.start() + 1;
        }
    }
}

/// After so many places where a literal may begin it is asked how close they stand:
/// closer than so many bytes, on the average, is close.
const STOPS: usize = 16;
const APART: usize = 24;

/// So many texts can be looked for by vectors of bytes.
const BY_VECTORS: usize = 64;

/// With what the literals begin: as much of each as leaves few enough to be looked
/// for by vectors of bytes; all of each, when that would be too little.
fn beginnings<'l>(literals: &IndexMap<&'l str, Vec<usize>>) -> Vec<&'l [u8]> {
    let cut = |longest: usize| {
        let mut cut: Vec<&[u8]> = Vec::new();
        cut.extend(literals.keys().map(|l| l.as_bytes().get(..longest).unwrap_or(l.as_bytes())));
        cut.sort_unstable();
        cut.dedup();
        cut
    };
    let whole = cut(usize::MAX);
    if whole.len() <= BY_VECTORS {
        return whole;
    }
    (4..=16).rev().map(cut).find(|cut| cut.len() <= BY_VECTORS).unwrap_or(whole)
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
    use super::{SETS, Search};

    fn owned(literals: &[&[&str]]) -> Vec<Vec<String>> {
        let one = |of_one: &&[&str]| of_one.iter().map(|text| (*text).to_owned()).collect();
        literals.iter().map(one).collect()
    }

    fn retained(literals: &[&[&str]], wanting: &[usize], text: &str) -> Vec<usize> {
        let literals = owned(literals);
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
    fn of_many_literals_each_is_found() {
        let all: Vec<Vec<String>> = (0..90).map(|n| vec![format!("begin_{n}_end")]).collect();
        let search = Search::new(&all).expect("few literals");
        let mut hits = search.hits();
        for n in 0..90 {
            let mut wanting: Vec<usize> = (0..90).collect();
            let text = format!("begin_ begin_{n} begin_{n}_end");
            search.retain(text.as_bytes(), &mut hits, &mut wanting);
            assert_eq!(wanting, [n]);
        }
        let finder = search.finder(&(0..90).collect::<Vec<_>>());
        assert_eq!((finder.first.patterns_len(), finder.rest.patterns_len()), (10, 90));
    }

    #[test]
    fn what_stands_close_is_found_as_what_stands_apart() {
        let literals: &[&[&str]] = &[&["ab"], &["abab"], &["b_a"], &["zz"], &["a"]];
        for blank in ["", " ", &" ".repeat(100)] {
            for times in [1, 2, 15, 16, 17, 40] {
                let text = format!("{}{blank}z", format!("ab{blank}").repeat(times));
                let mut expected = vec![0, 4];
                if blank.is_empty() && times > 1 {
                    expected.insert(1, 1);
                }
                assert_eq!(retained(literals, &[0, 1, 2, 3, 4], &text), expected, "{text}");
                let more = format!("{text}b_a{text}zz");
                assert!(retained(literals, &[2, 3], &more) == [2, 3], "{more}");
            }
        }
    }

    #[test]
    fn shared_and_empty_literals() {
        assert_eq!(retained(&[&["a"], &["a", "b"], &["b"]], &[0, 1, 2], "a"), [0, 1]);
        assert_eq!(retained(&[&["", "a"], &["a"]], &[0, 1], "x"), [0]);
        assert_eq!(retained(&[&["a"], &["a"]], &[1], "a"), [1]);
    }

    #[test]
    fn many_sets_of_checks_are_answered_alike() {
        let texts = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let one = texts.map(|text| vec![text.to_owned()]);
        let search = Search::new(&one).expect("few literals");
        let mut hits = search.hits();
        let mut sets = 0;
        for bits in 1_usize..256 {
            let of = |bits: usize| (0..8).filter(move |check| bits & (1 << check) != 0);
            let mut wanting: Vec<usize> = of(bits).collect();
            search.retain(b"xaxcxgx", &mut hits, &mut wanting);
            let expected: Vec<usize> = of(bits & 0b0100_0101).collect();
            assert_eq!(wanting, expected);
            sets += 1;
        }
        assert!(sets > SETS && search.by_set.lock().expect("whole").len() == SETS);
    }
}
