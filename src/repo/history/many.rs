//! Reads many objects of packs at once, on several threads.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::packs::{Head, Object, Packs, Place, Unpacker};

/// More threads than this wait for memory.
const MOST_THREADS: usize = 4;

/// With no more objects than this another thread is not worth its start.
const FEW: usize = *STEP.start();

/// So many objects one thread takes at once: neighbours, since one is mostly
/// made from another, and what the other thread has made is made again.
const STEP: std::ops::RangeInclusive<usize> = 512..=8192;

/// One thread's reader of objects.
pub(super) trait Seer: Send {
    /// Whether to go on with an object that is stored so.
    fn wants(&mut self, head: Head) -> bool;
    /// The object of that number; none when it was not read here.
    fn see(&mut self, number: usize, place: Place, object: Option<Object<'_>>);
}

/// What the threads need, one each.
pub(super) struct Readers(Vec<Unpacker>);

impl Readers {
    /// As many as the machine's processors.
    pub(super) fn new() -> Self {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
        Self(std::iter::repeat_with(Unpacker::new).take(threads).collect())
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Shows these objects, each to one of the seers. False when `go_on` said
    /// so on the way.
    pub(super) fn read<S: Seer>(
        &mut self,
        packs: &Packs,
        places: &[(Place, usize)],
        seers: &mut [S],
        go_on: &(dyn Fn() -> bool + Sync),
    ) -> bool {
        let next = AtomicUsize::new(0);
        let step = (places.len() / (2 * self.0.len())).clamp(*STEP.start(), *STEP.end());
        let work = |unpacker: &mut Unpacker, seer: &mut S| {
            loop {
                let from = next.fetch_add(step, Ordering::Relaxed);
                let places = places.iter().skip(from).take(step);
                if places.len() == 0 {
                    return true;
                }
                if !go_on() {
                    return false;
                }
                for &(place, number) in places {
                    read_one(packs, unpacker, seer, place, number);
                }
            }
        };
        let mut workers = self.0.iter_mut().zip(seers);
        let Some((unpacker, seer)) = workers.next() else { return true };
        if places.len() <= FEW {
            return work(unpacker, seer);
        }
        thread::scope(|scope| {
            let others: Vec<_> = workers
                .filter_map(|(unpacker, seer)| {
                    let work = &work;
                    // one that cannot start leaves its part to the others
                    thread::Builder::new().spawn_scoped(scope, || work(unpacker, seer)).ok()
                })
                .collect();
            let whole = work(unpacker, seer);
            // a panic goes on in this thread
            others.into_iter().fold(whole, |whole, other| match other.join() {
                Ok(other) => whole && other,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })
    }
}

fn read_one<S: Seer>(
    packs: &Packs,
    unpacker: &mut Unpacker,
    seer: &mut S,
    place: Place,
    number: usize,
) {
    match unpacker.head(packs, place) {
        Some(head) if !seer.wants(head) => {}
        _ => seer.see(number, place, unpacker.read(packs, place)),
    }
}
