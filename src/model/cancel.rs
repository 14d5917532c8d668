//! Lets work be given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::CheckError;

/// Lets work be given up. Clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks all who hold a clone to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// For use with `?` in long loops.
    ///
    /// # Errors
    /// [`CheckError::Cancelled`], when it was.
    pub fn check(&self) -> Result<(), CheckError> {
        if self.is_cancelled() { Err(CheckError::Cancelled) } else { Ok(()) }
    }
}
