//! Reads many objects of packs in order, on several threads.
//!
//! Most of the work is to unpack what lies in the packs, which needs no other
//! object: any thread does that, a chunk at a time. Making objects from it needs
//! those that they differ from, which come shortly before: one thread does that,
//! so that nothing is made twice.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use git2::ObjectType;

use super::unpack::{Head, Packed, Unpacker};
use super::{Object, Packs, Place};

/// More threads than this wait for the one that makes objects.
const MOST_THREADS: usize = 4;

/// With no more objects than this another thread is not worth its start.
const FEW: usize = 512;

/// So many objects are a chunk.
const CHUNK: usize = 256;

/// So many bytes of a chunk are unpacked; the others later, one by one.
const LARGEST: usize = 1024 * 1024;

/// So many chunks wait at most to be taken.
const AHEAD: usize = 8;

/// A thread that unpacks goes straight on, and keeps few pieces of packs.
const PIECES: usize = 2;

/// What is asked of many objects.
pub(in crate::repo::history) struct Asked<'a> {
    pub(in crate::repo::history) packs: &'a Packs,
    /// Where they begin, each with its number.
    pub(in crate::repo::history) places: &'a [(Place, usize)],
    /// What they should be.
    pub(in crate::repo::history) kind: ObjectType,
}

/// Is shown the object of each number in order, or none when it is another or not
/// read here, and says whether to go on.
type See<'a> = dyn FnMut(usize, Place, Option<Object<'_>>) -> bool + 'a;

/// What reads many objects.
pub(in crate::repo::history) struct Readers {
    maker: Unpacker,
    threads: usize,
}

/// The objects of a chunk, unpacked.
struct Chunk {
    bytes: Vec<u8>,
    parts: Vec<Part>,
}

enum Part {
    /// It is stored so, and its bytes end there in the chunk.
    Unpacked(Head, usize),
    /// It is something else than what was asked for.
    Other,
    /// It is to be read by itself.
    Later,
}

impl Readers {
    /// As many threads as the machine has processors.
    pub(in crate::repo::history) fn new() -> Self {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
        Self { maker: Unpacker::new(), threads }
    }

    /// Shows these objects. False when `go_on` said so on the way.
    pub(in crate::repo::history) fn read(
        &mut self,
        asked: &Asked<'_>,
        see: &mut See<'_>,
        go_on: &dyn Fn() -> bool,
    ) -> bool {
        let chunks: Vec<&[(Place, usize)]> = asked.places.chunks(CHUNK).collect();
        if asked.places.len() <= FEW || self.threads < 2 {
            for places in chunks {
                if !go_on() {
                    return false;
                }
                let chunk = unpacked(asked, &mut self.maker.packed, places);
                if !self.show(asked, &chunk, places, see) {
                    return true;
                }
            }
            return true;
        }
        let next = AtomicUsize::new(0);
        let claim = || {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            Some((nth, *chunks.get(nth)?))
        };
        thread::scope(|scope| {
            // dropped at the end, which ends the others
            let (send, receive) = mpsc::sync_channel(AHEAD);
            for _ in 1..self.threads {
                let (send, claim) = (send.clone(), &claim);
                let work = move || {
                    let mut packed = Packed::new(PIECES);
                    while let Some((nth, places)) = claim() {
                        if send.send((nth, unpacked(asked, &mut packed, places))).is_err() {
                            break;
                        }
                    }
                };
                // one that cannot start leaves its part to the others
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            drop(send);
            let mut waiting = BTreeMap::new();
            for (nth, places) in chunks.iter().enumerate() {
                if !go_on() {
                    return false;
                }
                let chunk = loop {
                    waiting.extend(receive.try_iter());
                    if let Some(chunk) = waiting.remove(&nth) {
                        break chunk;
                    }
                    if let Some((mine, places)) = claim() {
                        waiting.insert(mine, unpacked(asked, &mut self.maker.packed, places));
                    } else if let Ok((other, chunk)) = receive.recv() {
                        waiting.insert(other, chunk);
                    } else {
                        break unpacked(asked, &mut self.maker.packed, places);
                    }
                };
                if !self.show(asked, &chunk, places, see) {
                    return true;
                }
            }
            true
        })
    }

    /// Shows the objects of a chunk. False when no more are wanted.
    fn show(
        &mut self,
        asked: &Asked<'_>,
        chunk: &Chunk,
        places: &[(Place, usize)],
        see: &mut See<'_>,
    ) -> bool {
        let &Asked { packs, kind, .. } = asked;
        let mut begin = 0;
        for (part, &(place, number)) in chunk.parts.iter().zip(places) {
            let object = match *part {
                Part::Unpacked(head, end) => {
                    let unpacked = chunk.bytes.get(begin..end).unwrap_or_default();
                    begin = end;
                    self.maker.complete(packs, (place, head), unpacked, kind)
                }
                Part::Other => None,
                Part::Later => self.maker.read(packs, place, kind),
            };
            if !see(number, place, object) {
                return false;
            }
        }
        true
    }
}

fn unpacked(asked: &Asked<'_>, packed: &mut Packed, places: &[(Place, usize)]) -> Chunk {
    let mut chunk = Chunk { bytes: Vec::new(), parts: Vec::with_capacity(places.len()) };
    for (place, _) in places {
        chunk.parts.push(part(asked, packed, *place, &mut chunk.bytes));
    }
    chunk
}

fn part(asked: &Asked<'_>, packed: &mut Packed, place: Place, bytes: &mut Vec<u8>) -> Part {
    let Some(entry) = packed.entry(asked.packs, place) else { return Part::Later };
    if matches!(entry.head, Head::Whole(kind) if kind != asked.kind) {
        return Part::Other;
    }
    let begin = bytes.len();
    if begin.saturating_add(entry.size) > LARGEST {
        return Part::Later;
    }
    match packed.append(asked.packs, &entry, bytes) {
        Some(()) => Part::Unpacked(entry.head, bytes.len()),
        None => {
            bytes.truncate(begin);
            Part::Later
        }
    }
}
