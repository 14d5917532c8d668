//! Reads commits and trees from packs.
//!
//! Most are kept as what they differ in from another. libgit2 makes each one
//! anew from the first of its chain, or looks up what it kept under a lock, and
//! sets up zlib for every one; here what was made is kept for the next, and most
//! objects are unpacked once. Whatever is not as expected is left to libgit2,
//! whose answer then counts: this here is only faster.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use foldhash::fast::RandomState;
use git2::ObjectType;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use super::object::Id;
use crate::repo::reader;

/// A pack with a longer index is left to libgit2, in bytes.
const LONGEST_INDEX: u64 = 128 * 1024 * 1024;

/// A larger object is left to libgit2, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;

/// No chain of differences is longer; git's own are 50 by default, 4095 at most.
const LONGEST_CHAIN: usize = 4096;

/// So much of what was made is kept twice over, in bytes.
const KEPT: usize = 12 * 1024 * 1024;

/// So much is read from a pack at once, and kept so many times, in bytes.
const PIECE: usize = 64 * 1024;
const PIECES: usize = 32;

/// A piece reaches so far into the next one: what begins in it mostly ends in it.
const OVERLAP: usize = 8 * 1024;

/// The packs of a repository as they were listed.
pub(super) struct Packs {
    all: Vec<Pack>,
    /// The one in which an object was found last.
    last: usize,
    made: Made,
    zlib: Box<DecompressorOxide>,
    /// What one delta says; memory to use again.
    delta: Vec<u8>,
}

/// An object's kind and bytes.
type Object = (ObjectType, Rc<[u8]>);

impl Packs {
    /// Lists those in these folders of objects.
    pub(super) fn list(folders: &[PathBuf]) -> Self {
        let mut all = Vec::new();
        for folder in folders {
            for entry in fs::read_dir(folder.join("pack")).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.extension().is_some_and(|ending| ending == "idx") {
                    all.extend(Pack::open(&path));
                }
            }
        }
        let (made, delta) = (Made::default(), Vec::new());
        Self { all, last: 0, made, zlib: Box::default(), delta }
    }

    /// A commit or a tree. None when it is not in a pack, something else, or
    /// not read here.
    pub(super) fn read(&mut self, id: Id) -> Option<Object> {
        let order = std::iter::once(self.last).chain(0..self.all.len());
        let (pack, offset) =
            order.filter_map(|pack| Some((pack, self.all.get(pack)?.offset(id)?))).next()?;
        self.last = pack;
        self.object(pack, offset)
    }

    fn object(&mut self, pack: usize, mut offset: u64) -> Option<Object> {
        // what must be added to the base, the last first
        let mut chain: Vec<(u64, u64, usize)> = Vec::new();
        let (kind, mut content) = loop {
            if let Some(made) = self.made.get((pack, offset)) {
                break made;
            }
            let entry = self.all.get_mut(pack)?.entry(offset)?;
            if entry.size > LARGEST || chain.len() > LONGEST_CHAIN {
                return None;
            }
            let kind = match entry.kind {
                Stored::Whole(kind) => kind,
                Stored::Delta(base) => {
                    chain.push((offset, entry.data, entry.size));
                    offset = base;
                    continue;
                }
            };
            let mut content = vec![0; entry.size];
            self.inflate(pack, entry.data, &mut content)?;
            let content: Rc<[u8]> = content.into();
            self.made.keep((pack, offset), (kind, Rc::clone(&content)));
            break (kind, content);
        };
        while let Some((offset, data, size)) = chain.pop() {
            let mut delta = std::mem::take(&mut self.delta);
            delta.clear();
            delta.resize(size, 0);
            self.inflate(pack, data, &mut delta)?;
            content = applied(&content, &delta)?.into();
            self.delta = delta;
            self.made.keep((pack, offset), (kind, Rc::clone(&content)));
        }
        Some((kind, content))
    }

    /// Unpacks exactly as many bytes as `out` has; their checksum is compared.
    fn inflate(&mut self, pack: usize, data: u64, out: &mut [u8]) -> Option<()> {
        const FLAGS: u32 = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER
            | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF
            | inflate_flags::TINFL_FLAG_COMPUTE_ADLER32;
        // what cannot be made smaller gets a little larger
        let most = out.len() + out.len() / 512 + 64;
        let packed = self.all.get_mut(pack)?.bytes(data, most)?;
        self.zlib.init();
        let (status, _, written) = decompress(&mut self.zlib, packed, out, 0, FLAGS);
        (status == TINFLStatus::Done && written == out.len()).then_some(())
    }
}

/// How an object is stored.
enum Stored {
    Whole(ObjectType),
    /// As what it differs in from the one that begins there.
    Delta(u64),
}

/// The head of an object in a pack.
struct Entry {
    kind: Stored,
    /// How many bytes come out of it.
    size: usize,
    /// Where its packed bytes begin.
    data: u64,
}

/// One pack with its index (gitformat-pack(5), version 2).
struct Pack {
    file: File,
    length: u64,
    index: Vec<u8>,
    objects: usize,
    /// Which piece of the file each holds, and its bytes.
    pieces: Vec<Option<(u64, Vec<u8>)>>,
    /// What is in no one piece.
    rest: Vec<u8>,
}

const FANOUT: usize = 8;
const NAMES: usize = FANOUT + 256 * 4;

impl Pack {
    fn open(index: &Path) -> Option<Self> {
        let file = reader::open(&index.with_extension("pack")).ok()?;
        let length = file.metadata().ok()?.len();
        let meta = index.metadata().ok()?;
        if !meta.is_file() || meta.len() > LONGEST_INDEX {
            return None;
        }
        let index = fs::read(index).ok()?;
        if !index.starts_with(b"\xfftOc\0\0\0\x02") {
            return None;
        }
        let objects = number(&index, FANOUT + 255 * 4)?;
        // names of 20 bytes, checksums, offsets, two digests
        if index.len() < NAMES + objects.checked_mul(28)? + 40 {
            return None;
        }
        let pieces = std::iter::repeat_with(|| None).take(PIECES).collect();
        Some(Self { file, length, index, objects, pieces, rest: Vec::new() })
    }

    fn name(&self, nth: usize) -> Option<&[u8]> {
        let from = NAMES + nth * 20;
        self.index.get(from..from + 20)
    }

    /// Where an object begins.
    fn offset(&self, id: Id) -> Option<u64> {
        let first = usize::from(*id.bytes().first()?);
        let mut from = match first {
            0 => 0,
            _ => number(&self.index, FANOUT + (first - 1) * 4)?,
        };
        let mut to = number(&self.index, FANOUT + first * 4)?.min(self.objects);
        while from < to {
            let middle = from + (to - from) / 2;
            match self.name(middle)?.cmp(id.bytes()) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => return self.nth(middle),
            }
        }
        None
    }

    fn nth(&self, nth: usize) -> Option<u64> {
        const FAR: usize = 1 << 31;
        let offsets = NAMES + self.objects * 24;
        let offset = number(&self.index, offsets + nth * 4)?;
        if offset & FAR == 0 {
            return Some(offset as u64);
        }
        let from = offsets + self.objects * 4 + (offset ^ FAR) * 8;
        let bytes: [u8; 8] = self.index.get(from..from + 8)?.try_into().ok()?;
        Some(u64::from_be_bytes(bytes))
    }

    /// Reads the head of the object that begins there.
    fn entry(&mut self, offset: u64) -> Option<Entry> {
        // a size, and an offset or a name
        let head = self.bytes(offset, 48)?;
        let mut bytes = head.iter().copied().enumerate();
        let (_, mut byte) = bytes.next()?;
        let kind = (byte >> 4) & 7;
        let mut size = usize::from(byte & 15);
        let mut shift = 4;
        while byte & 0x80 != 0 {
            (_, byte) = bytes.next()?;
            size |= usize::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 57)?;
            shift += 7;
        }
        let kind = match kind {
            1 => Stored::Whole(ObjectType::Commit),
            2 => Stored::Whole(ObjectType::Tree),
            6 => {
                let (_, mut byte) = bytes.next()?;
                let mut back = u64::from(byte & 0x7f);
                while byte & 0x80 != 0 {
                    (_, byte) = bytes.next()?;
                    back = (back + 1).checked_mul(128)? | u64::from(byte & 0x7f);
                }
                Stored::Delta(offset.checked_sub(back).filter(|_| back > 0)?)
            }
            7 => {
                let from = bytes.next()?.0;
                let id = Id::raw(head.get(from..from + 20)?)?;
                let data = offset + from as u64 + 20;
                return Some(Entry { kind: Stored::Delta(self.offset(id)?), size, data });
            }
            _ => return None,
        };
        let read = bytes.next()?.0;
        Some(Entry { kind, size, data: offset + read as u64 })
    }

    /// The bytes from there on, so many or as many as there are.
    fn bytes(&mut self, from: u64, most: usize) -> Option<&[u8]> {
        let left = usize::try_from(self.length.checked_sub(from)?).unwrap_or(usize::MAX);
        let most = most.min(left);
        let (nth, within) = (from / PIECE as u64, usize::try_from(from % PIECE as u64).ok()?);
        if within + most > PIECE + OVERLAP {
            self.rest.resize(most, 0);
            self.file.read_exact_at(&mut self.rest, from).ok()?;
            return Some(&self.rest);
        }
        let slot = self.pieces.get_mut(usize::try_from(nth).ok()? % PIECES)?;
        if slot.as_ref().is_none_or(|(known, _)| *known != nth) {
            let start = nth * PIECE as u64;
            let length = (self.length - start).min((PIECE + OVERLAP) as u64);
            let mut bytes = slot.take().map(|(_, bytes)| bytes).unwrap_or_default();
            bytes.resize(usize::try_from(length).ok()?, 0);
            self.file.read_exact_at(&mut bytes, start).ok()?;
            *slot = Some((nth, bytes));
        }
        slot.as_ref()?.1.get(within..within + most)
    }
}

/// A number of four bytes.
fn number(bytes: &[u8], from: usize) -> Option<usize> {
    let bytes: [u8; 4] = bytes.get(from..from + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}

/// Makes an object from its base and what it differs in.
fn applied(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let mut rest = delta;
    if length(&mut rest)? != base.len() {
        return None;
    }
    let size = length(&mut rest).filter(|size| *size <= LARGEST)?;
    let mut made = Vec::with_capacity(size);
    while let Some((&op, after)) = rest.split_first() {
        rest = after;
        if op & 0x80 == 0 {
            let (new, after) = rest.split_at_checked(usize::from(op)).filter(|_| op > 0)?;
            made.extend_from_slice(new);
            rest = after;
        } else {
            let mut part = |bits: std::ops::Range<u32>| {
                let mut value = 0;
                for (nth, bit) in bits.enumerate() {
                    if op & (1 << bit) != 0 {
                        let (&byte, after) = rest.split_first()?;
                        value |= usize::from(byte) << (8 * nth);
                        rest = after;
                    }
                }
                Some(value)
            };
            let from = part(0..4)?;
            let count = match part(4..7)? {
                0 => 0x10000,
                count => count,
            };
            made.extend_from_slice(base.get(from..from.checked_add(count)?)?);
        }
        if made.len() > size {
            return None;
        }
    }
    (made.len() == size).then_some(made)
}

/// A length as a delta begins with two of.
fn length(bytes: &mut &[u8]) -> Option<usize> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 57)?;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
}

/// What was made last, by pack and offset, in two generations.
#[derive(Default)]
struct Made {
    young: HashMap<(usize, u64), Object, RandomState>,
    old: HashMap<(usize, u64), Object, RandomState>,
    bytes: usize,
}

impl Made {
    fn get(&mut self, at: (usize, u64)) -> Option<Object> {
        if let Some(object) = self.young.get(&at) {
            return Some(object.clone());
        }
        let object = self.old.remove(&at)?;
        self.keep(at, object.clone());
        Some(object)
    }

    fn keep(&mut self, at: (usize, u64), object: Object) {
        self.bytes += object.1.len();
        self.young.insert(at, object);
        if self.bytes > KEPT {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests;
