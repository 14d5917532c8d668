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

/// So much of what was made is kept, in bytes. More would find a few bases more
/// and cost more in fresh memory.
const KEPT: usize = 1024 * 1024;

/// The head of an object is no longer: a size, and an offset or a name.
const LONGEST_HEAD: usize = 48;

/// What one thread needs to make objects.
pub(in crate::repo::history) struct Unpacker {
    zlib: Decompressor,
    windows: Windows,
    made: Made<u8>,
    /// What must be added to a base, the last first.
    chain: Vec<Entry>,
    delta: Vec<u8>,
    base: Vec<u8>,
    content: Vec<u8>,
}

/// An object of a pack.
pub(in crate::repo::history) struct Object<'a> {
    pub(in crate::repo::history) kind: ObjectType,
    pub(in crate::repo::history) content: &'a [u8],
    /// From what it was made, where that was seen.
    pub(in crate::repo::history) like: Option<(Place, Common)>,
}

/// How an object is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::repo::history) enum Head {
    Whole(ObjectType),
    /// As what it differs in from the one that begins there.
    Delta(u64),
}

/// An object in a pack.
struct Entry {
    place: Place,
    head: Head,
    /// How many bytes come out of it.
    size: usize,
    /// Where its packed bytes begin.
    data: Place,
}

impl Unpacker {
    pub(in crate::repo::history) fn new() -> Self {
        Self {
            zlib: Decompressor::new(),
            windows: Windows::new(),
            made: Made::new(KEPT),
            chain: Vec::new(),
            delta: Vec::new(),
            base: Vec::new(),
            content: Vec::new(),
        }
    }

    /// How the object there is stored.
    pub(in crate::repo::history) fn head(&mut self, packs: &Packs, place: Place) -> Option<Head> {
        Some(self.entry(packs, place)?.head)
    }

    /// The object that begins there. None when it is not read here.
    pub(in crate::repo::history) fn read(
        &mut self,
        packs: &Packs,
        place: Place,
    ) -> Option<Object<'_>> {
        let (kind, like) = self.object(packs, place)?;
        Some(Object { kind, content: &self.content, like })
    }

    fn object(
        &mut self,
        packs: &Packs,
        place: Place,
    ) -> Option<(ObjectType, Option<(Place, Common)>)> {
        let (mut at, mut like) = (place, None);
        self.chain.clear();
        let kind = loop {
            if let Some(content) = self.made.get(at) {
                self.content.clear();
                self.content.extend_from_slice(content);
                break ObjectType::Tree;
            }
            let entry = self.entry(packs, at)?;
            if entry.size > LARGEST || self.chain.len() > LONGEST_CHAIN {
                return None;
            }
            match entry.head {
                Head::Whole(kind) => {
                    let mut content = std::mem::take(&mut self.content);
                    let whole = self.inflate(packs, &entry, &mut content);
                    self.content = content;
                    whole?;
                    self.keep(at, kind);
                    break kind;
                }
                Head::Delta(base) => {
                    at = Place { offset: base, ..at };
                    self.chain.push(entry);
                }
            }
        };
        while let Some(entry) = self.chain.pop() {
            let mut delta = std::mem::take(&mut self.delta);
            let whole = self.inflate(packs, &entry, &mut delta);
            self.delta = delta;
            whole?;
            std::mem::swap(&mut self.base, &mut self.content);
            let common = delta::apply(&self.base, &self.delta, LARGEST, &mut self.content)?;
            self.keep(entry.place, kind);
            like = Some((std::mem::replace(&mut at, entry.place), common));
        }
        Some((kind, like))
    }

    /// Commits are hardly ever the base of another.
    fn keep(&mut self, place: Place, kind: ObjectType) {
        if kind == ObjectType::Tree {
            self.made.keep(place, &self.content);
        }
    }

    /// Unpacks it; zlib's checksum is compared.
    fn inflate(&mut self, packs: &Packs, entry: &Entry, out: &mut Vec<u8>) -> Option<()> {
        out.resize(entry.size, 0);
        let pack = packs.pack(entry.data.pack)?;
        // what cannot be made smaller gets a little larger
        let most = out.len() + out.len() / 512 + 64;
        for least in [1, most] {
            let packed = self.windows.bytes(pack, entry.data, least, most)?;
            if self.zlib.zlib_decompress(packed, out) == Ok(out.len()) {
                return Some(());
            }
        }
        None
    }

    /// Reads the head of the object that begins there.
    fn entry(&mut self, packs: &Packs, place: Place) -> Option<Entry> {
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
