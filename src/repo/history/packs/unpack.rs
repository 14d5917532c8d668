//! Makes objects from what a pack holds.

use git2::ObjectType;
use libdeflater::Decompressor;

use super::super::object::Id;
use super::delta::{self, Common};
use super::made::Made;
use super::window::Windows;
use super::{Packs, Place};

/// A larger object is left to libgit2, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;

/// No chain of differences is longer; git's own are 50 by default, 4095 at most.
const LONGEST_CHAIN: usize = 4096;

/// So many pieces of packs are kept. More would be read again less often, and cost
/// more in fresh memory.
const PIECES: usize = 16;

/// So much of what was made is kept, in bytes. More would find a few bases more
/// and cost more in fresh memory.
const KEPT: usize = 1024 * 1024;

/// zlib is unpacked faster where there is room for so much more, in bytes.
pub(super) const SPARE: usize = 320;

/// The head of an object is no longer: a size, and an offset or a name.
const LONGEST_HEAD: usize = 48;

/// What one thread needs to make objects.
pub(in crate::repo::history) struct Unpacker {
    pub(super) packed: Packed,
    made: Made<u8>,
    /// What must be added to a base, the last first.
    chain: Vec<Entry>,
    delta: Vec<u8>,
    base: Vec<u8>,
    content: Vec<u8>,
}

/// What reads the bytes of packs and unpacks them.
pub(super) struct Packed {
    zlib: Decompressor,
    windows: Windows,
}

/// An object of a pack.
pub(in crate::repo::history) struct Object<'a> {
    pub(in crate::repo::history) content: &'a [u8],
    /// From what it was made, where that was seen.
    pub(in crate::repo::history) like: Option<(Place, Common)>,
}

/// How an object is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    Whole(ObjectType),
    /// As what it differs in from the one that begins there.
    Delta(u64),
}

/// An object in a pack.
pub(super) struct Entry {
    pub(super) place: Place,
    pub(super) head: Head,
    /// How many bytes come out of it.
    pub(super) size: usize,
    /// Where its packed bytes begin.
    data: Place,
}

impl Unpacker {
    pub(in crate::repo::history) fn new() -> Self {
        Self {
            packed: Packed::new(PIECES),
            made: Made::new(KEPT),
            chain: Vec::new(),
            delta: Vec::new(),
            base: Vec::new(),
            content: Vec::new(),
        }
    }

    /// The object of that kind that begins there. None when it is not read here,
    /// or is another.
    pub(in crate::repo::history) fn read(
        &mut self,
        packs: &Packs,
        place: Place,
        kind: ObjectType,
    ) -> Option<Object<'_>> {
        let like = self.object(packs, place, kind)?;
        Some(Object { content: &self.content, like })
    }

    /// The same when its own bytes are unpacked already.
    pub(super) fn complete(
        &mut self,
        packs: &Packs,
        (place, head): (Place, Head),
        unpacked: &[u8],
        kind: ObjectType,
    ) -> Option<Object<'_>> {
        let like = match head {
            Head::Whole(found) => {
                (found == kind).then_some(())?;
                self.content.clear();
                self.content.extend_from_slice(unpacked);
                None
            }
            Head::Delta(base) => {
                let base = Place { offset: base, ..place };
                let made = self.made.get(base).filter(|_| kind == ObjectType::Tree);
                let common = if let Some(made) = made {
                    delta::apply(made, unpacked, LARGEST, &mut self.content)?
                } else {
                    self.object(packs, base, kind)?;
                    std::mem::swap(&mut self.base, &mut self.content);
                    delta::apply(&self.base, unpacked, LARGEST, &mut self.content)?
                };
                Some((base, common))
            }
        };
        self.keep(place, kind);
        Some(Object { content: &self.content, like })
    }

    fn object(
        &mut self,
        packs: &Packs,
        place: Place,
        kind: ObjectType,
    ) -> Option<Option<(Place, Common)>> {
        let (mut at, mut like) = (place, None);
        self.chain.clear();
        loop {
            if let Some(content) = self.made.get(at) {
                (kind == ObjectType::Tree).then_some(())?;
                self.content.clear();
                self.content.extend_from_slice(content);
                break;
            }
            let entry = self.packed.entry(packs, at)?;
            if entry.size > LARGEST || self.chain.len() > LONGEST_CHAIN {
                return None;
            }
            match entry.head {
                Head::Whole(found) => {
                    (found == kind).then_some(())?;
                    self.packed.inflate(packs, &entry, &mut self.content)?;
                    self.keep(at, kind);
                    break;
                }
                Head::Delta(base) => {
                    at = Place { offset: base, ..at };
                    self.chain.push(entry);
                }
            }
        }
        while let Some(entry) = self.chain.pop() {
            self.packed.inflate(packs, &entry, &mut self.delta)?;
            std::mem::swap(&mut self.base, &mut self.content);
            let common = delta::apply(&self.base, &self.delta, LARGEST, &mut self.content)?;
            self.keep(entry.place, kind);
            like = Some((std::mem::replace(&mut at, entry.place), common));
        }
        Some(like)
    }

    /// Commits are hardly ever the base of another.
    fn keep(&mut self, place: Place, kind: ObjectType) {
        if kind == ObjectType::Tree {
            self.made.keep(place, &self.content);
        }
    }
}

impl Packed {
    /// Of what it has read it keeps so many pieces.
    pub(super) fn new(pieces: usize) -> Self {
        Self { zlib: Decompressor::new(), windows: Windows::new(pieces) }
    }

    /// Unpacks it; zlib's checksum is compared.
    fn inflate(&mut self, packs: &Packs, entry: &Entry, out: &mut Vec<u8>) -> Option<()> {
        out.clear();
        self.append(packs, entry, out)
    }

    /// The same to the end of what is there. What follows in it is then to be cut.
    pub(super) fn append(&mut self, packs: &Packs, entry: &Entry, out: &mut Vec<u8>) -> Option<()> {
        let begin = out.len();
        out.resize(begin + entry.size + SPARE, 0);
        let unpacked = self.unpack(packs, entry, out.get_mut(begin..)?);
        out.truncate(begin + entry.size);
        unpacked
    }

    fn unpack(&mut self, packs: &Packs, entry: &Entry, out: &mut [u8]) -> Option<()> {
        let pack = packs.pack(entry.data.pack)?;
        // what cannot be made smaller gets a little larger
        let most = entry.size + entry.size / 512 + 64;
        for least in [1, most] {
            let packed = self.windows.bytes(pack, entry.data, least, most)?;
            if self.zlib.zlib_decompress(packed, out) == Ok(entry.size) {
                return Some(());
            }
        }
        None
    }

    /// Reads the head of the object that begins there.
    pub(super) fn entry(&mut self, packs: &Packs, place: Place) -> Option<Entry> {
        let pack = packs.pack(place.pack)?;
        let bytes = self.windows.bytes(pack, place, LONGEST_HEAD, LONGEST_HEAD)?;
        let mut rest = bytes;
        let mut next = || {
            let (&byte, after) = rest.split_first()?;
            rest = after;
            Some(byte)
        };
        let mut byte = next()?;
        let kind = (byte >> 4) & 7;
        let mut size = usize::from(byte & 15);
        let mut shift = 4;
        while byte & 0x80 != 0 {
            byte = next()?;
            size |= usize::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 57)?;
            shift += 7;
        }
        let head = match kind {
            1 => Head::Whole(ObjectType::Commit),
            2 => Head::Whole(ObjectType::Tree),
            3 => Head::Whole(ObjectType::Blob),
            4 => Head::Whole(ObjectType::Tag),
            6 => {
                let mut byte = next()?;
                let mut back = u64::from(byte & 0x7f);
                while byte & 0x80 != 0 {
                    byte = next()?;
                    back = (back + 1).checked_mul(128)? | u64::from(byte & 0x7f);
                }
                Head::Delta(place.offset.checked_sub(back).filter(|_| back > 0)?)
            }
            7 => {
                let (id, after) = rest.split_at_checked(20)?;
                rest = after;
                Head::Delta(pack.index.offset(Id::raw(id)?)?)
            }
            _ => return None,
        };
        let read = (bytes.len() - rest.len()) as u64;
        let data = Place { offset: place.offset + read, ..place };
        Some(Entry { place, head, size, data })
    }
}
