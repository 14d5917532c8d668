//! What was made last of objects, since the next ones are made from it.
//!
//! It lies in one ring, so that keeping one costs no allocation, and the oldest
//! go by themselves.

use super::Place;

/// So many are found again, at most: a later one takes an earlier one's slot.
const SLOTS: usize = 1 << 12;

#[derive(Clone, Copy, Default)]
struct Slot {
    place: Place,
    /// Where it begins, counted from the first that was ever kept.
    begin: usize,
    /// None is empty that was kept.
    length: usize,
}

/// What one thread has made.
pub(in crate::repo::history) struct Made<T> {
    ring: Vec<T>,
    /// So much is kept.
    most: usize,
    slots: Vec<Slot>,
    /// Where the next one begins, counted likewise.
    next: usize,
}

impl<T: Copy> Made<T> {
    pub(in crate::repo::history) fn new(most: usize) -> Self {
        Self { ring: Vec::new(), most, slots: vec![Slot::default(); SLOTS], next: 0 }
    }

    pub(in crate::repo::history) fn get(&self, place: Place) -> Option<&[T]> {
        let slot = self.slots.get(nth(place)).filter(|slot| slot.place == place)?;
        // what was written since has not reached it
        if slot.length == 0 || slot.begin + self.most < self.next {
            return None;
        }
        let begin = slot.begin % self.most;
        self.ring.get(begin..begin + slot.length)
    }

    pub(in crate::repo::history) fn keep(&mut self, place: Place, content: &[T]) {
        let length = content.len();
        if length > self.most / 8 {
            return;
        }
        if self.next % self.most + length > self.most {
            self.next += self.most - self.next % self.most;
        }
        let (begin, at) = (self.next, self.next % self.most);
        match self.ring.get_mut(at..at + length) {
            Some(old) => old.copy_from_slice(content),
            None => {
                self.ring.truncate(at);
                self.ring.extend_from_slice(content);
            }
        }
        self.next += length;
        if let Some(slot) = self.slots.get_mut(nth(place)) {
            *slot = Slot { place, begin, length };
        }
    }
}

/// In which slot it lies: Fibonacci hashing.
fn nth(place: Place) -> usize {
    let mixed = (place.offset ^ u64::from(place.pack) << 48).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - SLOTS.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: usize = 1024 * 1024;

    #[test]
    fn what_is_kept_is_found_until_the_ring_has_come_round() {
        let mut made = Made::new(KEPT);
        let place = |offset| Place { pack: 0, offset };
        let content = |offset: u64| vec![(offset % 251) as u8; 1000 + (offset % 77) as usize];
        for offset in 1..20_000 {
            made.keep(place(offset), &content(offset));
            for back in [0, 1, 100, 900, 1100, 10_000].into_iter().filter(|back| *back < offset) {
                let asked = offset - back;
                match made.get(place(asked)) {
                    Some(found) => assert_eq!(found, content(asked)),
                    // another one's slot, or long ago
                    None => assert!(back > 0, "{offset}"),
                }
                assert!(back < 10_000 || made.get(place(asked)).is_none());
            }
        }
        made.keep(place(1), &vec![0; KEPT]);
        assert!(made.get(place(1)).is_none_or(|content| content.len() < KEPT));
        assert!(made.get(Place { pack: 1, offset: 19_999 }).is_none());
    }
}
