//! Keeps a check's panic from ending the run, and from being printed.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::model::{CheckError, RuleId, Subject};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Calls a check. A panic in it becomes an error that does not repeat the
/// panic's text, which may hold what the check was reading.
pub(super) fn guard<T>(call: impl FnOnce() -> T) -> Result<T, CheckError> {
    silence();
    let before = GUARDED.replace(true);
    // what the check was building is thrown away, and so is the check's result
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    GUARDED.set(before);
    result.map_err(|_| {
        CheckError::could_not_look(
            RuleId::new("engine.internal_error"),
            Subject::whole(),
            "internal error in this check",
            "please report it with the check's parameters; until it is fixed, a person must look",
        )
    })
}

/// Whether this thread is inside a check, whose panic is caught. A panic hook
/// that restores the terminal leaves such a panic alone.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Makes the panic hook that is in place say nothing about guarded panics.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !is_guarded() {
                before(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::{guard, is_guarded};

    #[test]
    fn a_panic_is_an_error_without_its_text() {
        let error = guard::<()>(|| panic!("hunter2")).expect_err("caught");
        assert!(!error.to_string().contains("hunter2") && error.to_string().contains("report"));
        assert!(!is_guarded());
        assert!(guard(is_guarded).expect("no panic"));
    }
}
