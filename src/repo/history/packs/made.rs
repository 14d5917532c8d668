//! The trees that were made last, since the next ones are made from them.
//!
//! They lie in one ring of bytes, so that keeping one costs no allocation, and
//! the oldest go by themselves.

use super::Place;

/// So much is kept, in bytes. More would find a few bases more and cost more
/// in fresh memory.
const KEPT: usize = 1024 * 1024;

/// So many are found again, at most: a later one takes an earlier one's slot.
const SLOTS: usize = 1 << 12;

#[derive(Clone, Copy, Default)]
struct Slot {
    place: Place,
    /// Where its bytes begin, counted from the first that was ever kept.
    begin: usize,
    /// None is empty that was kept.
    length: usize,
}

/// What one thread has made.
pub(super) struct Made {
    ring: Vec<u8>,
    slots: Vec<Slot>,
    /// Where the next one begins, counted likewise.
    next: usize,
}

impl Made {
    pub(super) fn new() -> Self {
        Self { ring: Vec::new(), slots: vec![Slot::default(); SLOTS], next: 0 }
    }

    pub(super) fn get(&self, place: Place) -> Option<&[u8]> {
        let slot = self.slots.get(nth(place)).filter(|slot| slot.place == place)?;
        // what was written since has not reached it
        if slot.length == 0 || slot.begin + KEPT < self.next {
            return None;
        }
        let begin = slot.begin % KEPT;
        self.ring.get(begin..begin + slot.length)
    }

    pub(super) fn keep(&mut self, place: Place, content: &[u8]) {
        let length = content.len();
        if length > KEPT / 8 {
            return;
        }
        if self.next % KEPT + length > KEPT {
            self.next += KEPT - self.next % KEPT;
        }
        let (begin, at) = (self.next, self.next % KEPT);
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

    #[test]
    fn what_is_kept_is_found_until_the_ring_has_come_round() {
        let mut made = Made::new();
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
