//! The index of a pack, version 2: where each object begins.

use std::cmp::Ordering;

use super::super::object::Id;

/// An index as it is on disk.
pub(super) struct Index {
    bytes: Vec<u8>,
    objects: usize,
}

const FANOUT: usize = 8;
const NAMES: usize = FANOUT + 256 * 4;

/// Names are spread evenly: mostly one is less than this away from where it
/// should be.
const NEAR: usize = 24;

impl Index {
    /// None unless it is one.
    pub(super) fn of(bytes: Vec<u8>) -> Option<Self> {
        if !bytes.starts_with(b"\xfftOc\0\0\0\x02") {
            return None;
        }
        let objects = number(&bytes, FANOUT + 255 * 4)?;
        // names of 20 bytes, checksums, offsets, two digests
        if bytes.len() < NAMES + objects.checked_mul(28)? + 40 {
            return None;
        }
        Some(Self { bytes, objects })
    }

    pub(super) fn objects(&self) -> usize {
        self.objects
    }

    /// Where an object begins.
    pub(super) fn offset(&self, id: Id) -> Option<u64> {
        self.nth(self.find(id)? as usize)
    }

    /// The how-manieth object it is, in order of name.
    pub(super) fn find(&self, id: Id) -> Option<u32> {
        let first = usize::from(*id.bytes().first()?);
        let mut from = match first {
            0 => 0,
            _ => number(&self.bytes, FANOUT + (first - 1) * 4)?,
        };
        let mut to = number(&self.bytes, FANOUT + first * 4)?.min(self.objects);
        let share = u32::from_be_bytes(id.bytes().get(1..5)?.try_into().ok()?);
        let guess = from + ((to.checked_sub(from)? as u64 * u64::from(share)) >> 32) as usize;
        let (begin, rest) = id.bytes().split_first_chunk::<8>()?;
        let begin = u64::from_be_bytes(*begin);
        // the neighbours lie side by side in memory
        let (low, high) = (guess.saturating_sub(NEAR).max(from), (guess + NEAR).min(to));
        let mut at = guess.min(to);
        while at > low && self.begin(at - 1)? >= begin {
            at -= 1;
        }
        while at < high && self.begin(at)? < begin {
            at += 1;
        }
        if at == low || at == high {
            while from < to {
                let middle = from + (to - from) / 2;
                match self.begin(middle)? < begin {
                    true => from = middle + 1,
                    false => to = middle,
                }
            }
            at = from;
        }
        loop {
            let (name_begin, name_rest) = self.name(at)?.split_first_chunk::<8>()?;
            if at >= self.objects || u64::from_be_bytes(*name_begin) != begin {
                return None;
            }
            match name_rest.cmp(rest) {
                Ordering::Less => at += 1,
                Ordering::Equal => return u32::try_from(at).ok(),
                Ordering::Greater => return None,
            }
        }
    }

    /// The first bytes of a name.
    fn begin(&self, nth: usize) -> Option<u64> {
        let from = NAMES + nth * 20;
        let bytes: [u8; 8] = self.bytes.get(from..from + 8)?.try_into().ok()?;
        Some(u64::from_be_bytes(bytes))
    }

    /// The name of an object.
    pub(super) fn id(&self, nth: u32) -> Option<Id> {
        Id::raw(self.name(nth as usize)?)
    }

    /// All objects in the order in which they lie in the pack. The file beside the
    /// index that tells it, if there is one, spares sorting them (`.rev`).
    pub(super) fn order(&self, reverse: &[u8]) -> Vec<u32> {
        let told = reverse.strip_prefix(b"RIDX\0\0\0\x01\0\0\0\x01").unwrap_or_default();
        let (told, _) = told.as_chunks::<4>();
        if let Some(told) = told.get(..self.objects) {
            let told: Vec<u32> = told.iter().map(|nth| u32::from_be_bytes(*nth)).collect();
            let offset = |nth: &u32| self.nth(*nth as usize).filter(|_| *nth < self.count());
            // each is further than the one before, so that none is missing
            let mut before = None;
            let in_order = told.iter().map(offset).all(|offset| {
                let last = std::mem::replace(&mut before, offset);
                offset.is_some() && last < offset
            });
            if in_order {
                return told;
            }
        }
        let mut all: Vec<u32> = (0..self.count()).collect();
        all.sort_by_cached_key(|nth| self.nth(*nth as usize));
        all
    }

    fn count(&self) -> u32 {
        u32::try_from(self.objects).unwrap_or(u32::MAX)
    }

    fn name(&self, nth: usize) -> Option<&[u8]> {
        let from = NAMES + nth * 20;
        self.bytes.get(from..from + 20)
    }

    /// Where an object begins.
    pub(super) fn nth(&self, nth: usize) -> Option<u64> {
        const FAR: usize = 1 << 31;
        let offsets = NAMES + self.objects * 24;
        let offset = number(&self.bytes, offsets + nth * 4)?;
        if offset & FAR == 0 {
            return Some(offset as u64);
        }
        let from = offsets + self.objects * 4 + (offset ^ FAR) * 8;
        let bytes: [u8; 8] = self.bytes.get(from..from + 8)?.try_into().ok()?;
        Some(u64::from_be_bytes(bytes))
    }
}

/// A number of four bytes.
fn number(bytes: &[u8], from: usize) -> Option<usize> {
    let bytes: [u8; 4] = bytes.get(from..from + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}
