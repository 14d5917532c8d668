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
const NEAR: usize = 16;

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
        let first = usize::from(*id.bytes().first()?);
        let mut from = match first {
            0 => 0,
            _ => number(&self.bytes, FANOUT + (first - 1) * 4)?,
        };
        let mut to = number(&self.bytes, FANOUT + first * 4)?.min(self.objects);
        let share = u32::from_be_bytes(id.bytes().get(1..5)?.try_into().ok()?);
        let guess = from + ((to.checked_sub(from)? as u64 * u64::from(share)) >> 32) as usize;
        let (before, after) = (guess.saturating_sub(NEAR), guess + NEAR);
        if before > from && self.name(before)? <= id.bytes() {
            from = before;
        }
        if after < to && self.name(after)? > id.bytes() {
            to = after;
        }
        let (begin, rest) = id.bytes().split_first_chunk::<8>()?;
        let begin = u64::from_be_bytes(*begin);
        while from < to {
            let middle = from + (to - from) / 2;
            let (name_begin, name_rest) = self.name(middle)?.split_first_chunk::<8>()?;
            match u64::from_be_bytes(*name_begin).cmp(&begin).then_with(|| name_rest.cmp(rest)) {
                Ordering::Less => from = middle + 1,
                Ordering::Greater => to = middle,
                Ordering::Equal => return self.nth(middle),
            }
        }
        None
    }

    /// Where all objects begin, in order. The file beside the index that tells
    /// the order, if there is one, spares sorting them (`.rev`).
    pub(super) fn offsets(&self, reverse: &[u8]) -> Vec<u64> {
        let told = reverse.strip_prefix(b"RIDX\0\0\0\x01\0\0\0\x01").unwrap_or_default();
        let (told, _) = told.as_chunks::<4>();
        let mut all: Vec<u64> = match told.get(..self.objects) {
            Some(told) => {
                let told = told.iter().map(|nth| u32::from_be_bytes(*nth) as usize);
                told.filter(|nth| *nth < self.objects).filter_map(|nth| self.nth(nth)).collect()
            }
            None => (0..self.objects).filter_map(|nth| self.nth(nth)).collect(),
        };
        // at once where they are in order
        all.sort_unstable();
        all
    }

    fn name(&self, nth: usize) -> Option<&[u8]> {
        let from = NAMES + nth * 20;
        self.bytes.get(from..from + 20)
    }

    fn nth(&self, nth: usize) -> Option<u64> {
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
