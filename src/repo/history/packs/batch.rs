//! Reads many objects of packs in order, on several threads.
//!
//! Most of the work is to unpack what lies in the packs, which needs no other
//! object: any thread does that, a chunk at a time. Making objects from it needs
//! those that they differ from, which come shortly before: one thread does that,
//! so that nothing is made twice.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use git2::ObjectType;

use super::unpack::{Head, Packed, Unpacker};
use super::{Object, Packs, Place, Spot};

/// More threads than this wait for the one that makes objects.
const MOST_THREADS: usize = 4;

/// With no more objects than this another thread is not worth its start.
const FEW: usize = 512;

/// So many objects are a chunk.
const CHUNK: usize = 256;

/// So many bytes of a chunk are unpacked; the others later, one by one.
const LARGEST: usize = 1024 * 1024;

/// So many bytes come out of most chunks.
const USUAL: usize = 24 * 1024;

/// So many chunks wait at most to be taken.
const AHEAD: usize = 4;

/// A thread that unpacks goes straight on, and keeps few pieces of packs.
const PIECES: usize = 2;

/// What is asked of many objects.
pub(in crate::repo::history) struct Asked<'a> {
    pub(in crate::repo::history) packs: &'a Packs,
    pub(in crate::repo::history) which: Which<'a>,
    /// What they should be.
    pub(in crate::repo::history) kind: ObjectType,
}

/// Which objects are asked for.
#[derive(Clone, Copy)]
pub(in crate::repo::history) enum Which<'a> {
    /// Those that begin there, each with its number.
    At(&'a [(Place, usize)]),
    /// Those of a pack, by their numbers in the order of their names.
    Of(u32, &'a [u32]),
}

impl<'a> Which<'a> {
    fn count(self) -> usize {
        match self {
            Self::At(places) => places.len(),
            Self::Of(_, spots) => spots.len(),
        }
    }

    /// Those of a chunk.
    fn chunk(self, nth: usize) -> Option<Self> {
        let begin = nth.checked_mul(CHUNK)?;
        let end = begin.saturating_add(CHUNK).min(self.count());
        (begin < end).then_some(())?;
        Some(match self {
            Self::At(places) => Self::At(places.get(begin..end)?),
            Self::Of(pack, spots) => Self::Of(pack, spots.get(begin..end)?),
        })
    }

    fn get(self, packs: &Packs, nth: usize) -> Option<(Place, usize)> {
        match self {
            Self::At(places) => places.get(nth).copied(),
            Self::Of(pack, spots) => {
                let &nth = spots.get(nth)?;
                Some((packs.place(Spot { pack, nth })?, nth as usize))
            }
        }
    }
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
        let which = asked.which;
        if which.count() <= FEW || self.threads < 2 {
            let mut chunk = Chunk::new();
            for which in (0..).map_while(|nth| which.chunk(nth)) {
                if !go_on() {
                    return false;
                }
                chunk.unpack(asked, &mut self.maker.packed, which);
                if !self.show(asked, &chunk, which, see) {
                    return true;
                }
            }
            return true;
        }
        let next = AtomicUsize::new(0);
        let claim = || {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            Some((nth, which.chunk(nth)?))
        };
        // what was shown gives its memory to the next
        let shown: Mutex<Vec<Chunk>> = Mutex::default();
        let pool = || shown.lock().unwrap_or_else(PoisonError::into_inner);
        thread::scope(|scope| {
            // dropped at the end, which ends the others
            let (send, receive) = mpsc::sync_channel(AHEAD);
            for _ in 1..self.threads {
                let (send, claim, pool) = (send.clone(), &claim, &pool);
                let work = move || {
                    let mut packed = Packed::new(PIECES);
                    while let Some((nth, which)) = claim() {
                        let mut chunk = pool().pop().unwrap_or_else(Chunk::new);
                        chunk.unpack(asked, &mut packed, which);
                        if send.send((nth, chunk)).is_err() {
                            break;
                        }
                    }
                };
                // one that cannot start leaves its part to the others
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            drop(send);
            let mut waiting = BTreeMap::new();
            for (nth, which) in (0..).map_while(|nth| Some((nth, which.chunk(nth)?))) {
                if !go_on() {
                    return false;
                }
                let chunk = loop {
                    waiting.extend(receive.try_iter());
                    if let Some(chunk) = waiting.remove(&nth) {
                        break chunk;
                    }
                    let own = if let Some(own) = claim() {
                        own
                    } else if let Ok((other, chunk)) = receive.recv() {
                        waiting.insert(other, chunk);
                        continue;
                    } else {
                        (nth, which)
                    };
                    let mut chunk = pool().pop().unwrap_or_else(Chunk::new);
                    chunk.unpack(asked, &mut self.maker.packed, own.1);
                    waiting.insert(own.0, chunk);
                };
                let more = self.show(asked, &chunk, which, see);
                pool().push(chunk);
                if !more {
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
        which: Which<'_>,
        see: &mut See<'_>,
    ) -> bool {
        let &Asked { packs, kind, .. } = asked;
        let mut begin = 0;
        for (nth, part) in chunk.parts.iter().enumerate() {
            let Some((place, number)) = which.get(packs, nth) else { continue };
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

impl Chunk {
    /// With memory for what is usual.
    fn new() -> Self {
        Self { bytes: Vec::with_capacity(USUAL), parts: Vec::with_capacity(CHUNK) }
    }

    /// Unpacks these objects in place of those before.
    fn unpack(&mut self, asked: &Asked<'_>, packed: &mut Packed, which: Which<'_>) {
        self.bytes.clear();
        self.parts.clear();
        for nth in 0..which.count() {
            let part = match which.get(asked.packs, nth) {
                Some((place, _)) => part(asked, packed, place, &mut self.bytes),
                None => Part::Later,
            };
            self.parts.push(part);
        }
    }
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
