//! The bytes of packs, read in pieces of which the last ones are kept.

use std::os::unix::fs::FileExt as _;

use super::{Pack, Place};

/// So much is read at once, in bytes.
const PIECE: usize = 16 * 1024;

/// A piece reaches so far into the next one: what begins in it mostly ends in it.
const OVERLAP: usize = 2 * 1024;

/// What one thread has read.
pub(super) struct Windows {
    pieces: Vec<Piece>,
    /// What is in no one piece.
    rest: Vec<u8>,
}

#[derive(Clone, Default)]
struct Piece {
    /// Of which pack it is, and the how-manieth there.
    of: Option<(u32, u64)>,
    bytes: Vec<u8>,
}

impl Windows {
    /// That keep so many pieces.
    pub(super) fn new(pieces: usize) -> Self {
        Self { pieces: vec![Piece::default(); pieces.max(1)], rest: Vec::new() }
    }

    /// The bytes from there on as far as they were read at once: `most`, or
    /// fewer, but no fewer than `least` unless the file ends.
    pub(super) fn bytes(
        &mut self,
        pack: &Pack,
        place: Place,
        least: usize,
        most: usize,
    ) -> Option<&[u8]> {
        let left = usize::try_from(pack.length.checked_sub(place.offset)?).unwrap_or(usize::MAX);
        let (least, most) = (least.min(left), most.min(left));
        let nth = place.offset / PIECE as u64;
        let within = usize::try_from(place.offset % PIECE as u64).ok()?;
        if within + least > PIECE + OVERLAP {
            self.rest.resize(most, 0);
            pack.file.read_exact_at(&mut self.rest, place.offset).ok()?;
            return Some(&self.rest);
        }
        let slot =
            usize::try_from((nth + u64::from(place.pack) * 7) % self.pieces.len() as u64).ok()?;
        let piece = self.pieces.get_mut(slot)?;
        if piece.of != Some((place.pack, nth)) {
            let start = nth * PIECE as u64;
            let length = (pack.length - start).min((PIECE + OVERLAP) as u64);
            piece.of = None;
            piece.bytes.resize(usize::try_from(length).ok()?, 0);
            pack.file.read_exact_at(&mut piece.bytes, start).ok()?;
            piece.of = Some((place.pack, nth));
        }
        let end = piece.bytes.len().min(within + most);
        piece.bytes.get(within..end)
    }
}
