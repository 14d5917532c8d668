//! Keeps each fact of a run.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Fact, Facts};
use crate::model::CheckError;

/// A fact that is there, or being derived.
type Slot<F> = Arc<OnceLock<Result<Arc<F>, CheckError>>>;

/// By type of fact, its slots by key.
#[derive(Default)]
pub(super) struct Memo(Mutex<HashMap<TypeId, Box<dyn Any + Send>>>);

/// Stands for what is gathered elsewhere, once for each type.
type Once = ();

impl Memo {
    /// Keeps what was gathered elsewhere, unless something is there.
    pub(super) fn put<T: Send + Sync + 'static>(&self, gathered: Result<T, CheckError>) {
        let slot = self.slot::<Once, T>(&());
        // the first answer counts
        let _ = slot.set(gathered.map(Arc::new));
    }

    /// What is gathered elsewhere: waits for it when it is to come, else makes it.
    pub(super) fn gathered<T: Send + Sync + 'static>(
        &self,
        comes: bool,
        make: impl FnOnce() -> Result<T, CheckError>,
    ) -> Result<Arc<T>, CheckError> {
        let slot = self.slot::<Once, T>(&());
        match comes {
            true => slot.wait().clone(),
            false => slot.get_or_init(|| make().map(Arc::new)).clone(),
        }
    }

    pub(super) fn get<F: Fact>(&self, key: &F::Key, cx: &Facts<'_>) -> Result<Arc<F>, CheckError> {
        let slot = self.slot::<F::Key, F>(key);
        slot.get_or_init(|| F::derive(key, cx).map(Arc::new)).clone()
    }

    /// The lock is held for the look-up only: deriving a fact may ask for others.
    fn slot<K, F>(&self, key: &K) -> Slot<F>
    where
        K: Hash + Eq + Clone + Send + 'static,
        F: Send + Sync + 'static,
    {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_type = all
            .entry(TypeId::of::<(K, F)>())
            .or_insert_with(|| Box::new(HashMap::<K, Slot<F>>::new()));
        match of_type.downcast_mut::<HashMap<K, Slot<F>>>() {
            Some(slots) => Arc::clone(slots.entry(key.clone()).or_default()),
            // cannot be: the map under a type's id is that type's
            None => Slot::<F>::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use jiff::Timestamp;

    use super::*;
    use crate::model::{Cancel, RuleId, Subject};
    use crate::repo::support::Sandbox;

    static DERIVED: AtomicUsize = AtomicUsize::new(0);

    struct Doubled(usize);
    struct Quadrupled(usize);

    impl Fact for Doubled {
        type Key = usize;

        fn derive(key: &usize, _: &Facts<'_>) -> Result<Self, CheckError> {
            DERIVED.fetch_add(1, Ordering::Relaxed);
            if *key == 13 {
                let rule = RuleId::new("test.unlucky");
                return Err(CheckError::could_not_look(rule, Subject::whole(), "13", "ask 14"));
            }
            Ok(Self(key * 2))
        }
    }

    impl Fact for Quadrupled {
        type Key = usize;

        fn derive(key: &usize, cx: &Facts<'_>) -> Result<Self, CheckError> {
            Ok(Self(cx.get::<Doubled>(key)?.0 * 2))
        }
    }

    #[test]
    fn a_fact_is_derived_once_whoever_asks() {
        let sandbox = Sandbox::new();
        let repo = sandbox.repo();
        let cancel = Cancel::default();
        let doors = crate::facts::Doors::of_worktree(std::sync::Arc::new(repo));
        let cx = Facts::new(&doors, Timestamp::UNIX_EPOCH, true, &cancel);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(cx.get::<Doubled>(&4).expect("a fact").0, 8));
            }
        });
        assert_eq!(cx.get::<Quadrupled>(&4).expect("a fact").0, 16);
        assert_eq!(DERIVED.load(Ordering::Relaxed), 1);
        assert_eq!(cx.get::<Doubled>(&5).expect("a fact").0, 10);
        assert!(cx.get::<Doubled>(&13).is_err() && cx.get::<Quadrupled>(&13).is_err());
        assert_eq!(DERIVED.load(Ordering::Relaxed), 3);
    }
}
