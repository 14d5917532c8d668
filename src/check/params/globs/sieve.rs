//! Of many patterns, those that may match a path, by single letters of its names:
//! to compare each pattern with each path of a large repository takes longer than
//! to open its files.

use super::quick::Way;

/// So many kinds of letters are told apart.
const KINDS: usize = 64;

/// Patterns that were taken apart.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    ways: Vec<Way>,
    /// For each 64 of them.
    rows: Vec<Row>,
}

/// For 64 patterns a bit each.
#[derive(Debug)]
struct Row {
    /// By the first letter of a path's last name, who may match.
    begins: [u64; KINDS],
    /// By the last letter of that name.
    ends: [u64; KINDS],
    /// By the first letter of a folder, who waits for such a one.
    folders: [u64; KINDS],
    /// Who waits for no folder.
    anywhere: u64,
}

/// The kind of a letter: the same for a capital and its small letter.
fn kind(letter: u8) -> usize {
    usize::from((letter & 0x1f) | ((letter & 0x40) >> 1))
}

fn at(table: &[u64; KINDS], letter: Option<&u8>) -> u64 {
    letter.map_or(u64::MAX, |&letter| table.get(kind(letter)).copied().unwrap_or(u64::MAX))
}

impl Sieve {
    pub(super) fn new(ways: Vec<Way>) -> Self {
        let rows = ways.chunks(64).map(Row::new).collect();
        Self { ways, rows }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ways.is_empty()
    }

    /// Whether one of them matches a path, given as the names on the way to it.
    pub(super) fn matches(&self, names: &[&[u8]]) -> bool {
        let mut rows = self.rows.iter().zip(self.ways.chunks(64));
        rows.any(|(row, ways)| {
            let mut may = row.may_match(names);
            while may != 0 {
                let next = may.trailing_zeros() as usize;
                if ways.get(next).is_some_and(|way| way.matches(names)) {
                    return true;
                }
                may &= may - 1;
            }
            false
        })
    }
}

impl Row {
    fn new(ways: &[Way]) -> Self {
        let none = [0; KINDS];
        let mut row = Self { begins: none, ends: none, folders: none, anywhere: 0 };
        for (number, way) in ways.iter().enumerate() {
            let bit = 1 << number;
            let (first, last) = way.last();
            add(&mut row.begins, first, bit);
            add(&mut row.ends, last, bit);
            match way.folder() {
                Some(first) => add(&mut row.folders, Some(first), bit),
                None => row.anywhere |= bit,
            }
        }
        row
    }

    fn may_match(&self, names: &[&[u8]]) -> u64 {
        let Some((last, folders)) = names.split_last() else { return u64::MAX };
        let may = at(&self.begins, last.first()) & at(&self.ends, last.last());
        if may & !self.anywhere == 0 {
            return may;
        }
        let folders = folders.iter().map(|folder| at(&self.folders, folder.first()));
        may & folders.fold(self.anywhere, |all, one| all | one)
    }
}

/// Notes a pattern under a letter, or under all.
fn add(table: &mut [u64; KINDS], letter: Option<u8>, bit: u64) {
    match letter {
        Some(letter) => {
            if let Some(slot) = table.get_mut(kind(letter)) {
                *slot |= bit;
            }
        }
        None => table.iter_mut().for_each(|slot| *slot |= bit),
    }
}
