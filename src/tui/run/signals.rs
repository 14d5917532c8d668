//! What the system tells the program: end, stop, go on, a new size.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::{Handle, Signals};

use super::terminal;

/// Somebody listens: a signal that ends the program is answered by the loop.
static LISTENING: AtomicBool = AtomicBool::new(false);

/// A loop that did not leave by then is stuck, such as in writing to a terminal
/// that takes nothing.
const STUCK: Duration = Duration::from_secs(3);

/// An editor has the terminal: what the keyboard sends is for it.
static LENT: AtomicBool = AtomicBool::new(false);

/// A signal, as far as the screen has something to do about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Told {
    /// Leave; the signal's number.
    Leave(i32),
    /// Stop until continued.
    Suspend,
    /// The process was stopped and goes on.
    Continued,
    /// The terminal has a new size.
    Resized,
}

/// Listens to signals until it is dropped.
pub(crate) struct Listener(Handle);

impl Listener {
    /// Starts to listen.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn start(sink: impl Fn(Told) + Send + 'static) -> io::Result<Self> {
        let mut signals =
            Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
        let handle = signals.handle();
        LISTENING.store(true, Ordering::SeqCst);
        std::thread::Builder::new().name("signals".into()).spawn(move || {
            for signal in signals.forever() {
                let lent = LENT.load(Ordering::SeqCst);
                match signal {
                    SIGTERM | SIGHUP => {
                        sink(Told::Leave(signal));
                        end_if_stuck(signal);
                    }
                    // the editor got them too, and they are meant for it
                    SIGINT | SIGQUIT | SIGCONT if lent => {}
                    SIGINT | SIGQUIT => sink(Told::Leave(signal)),
                    // the shell waits for this process as well as for the editor
                    SIGTSTP if lent => {
                        let _ = signal_hook::low_level::emulate_default_handler(SIGTSTP);
                    }
                    SIGTSTP => sink(Told::Suspend),
                    SIGCONT => sink(Told::Continued),
                    SIGWINCH => sink(Told::Resized),
                    _ => {}
                }
            }
        })?;
        Ok(Self(handle))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        LISTENING.store(false, Ordering::SeqCst);
        self.0.close();
    }
}

fn end_if_stuck(signal: i32) {
    let _ = std::thread::Builder::new().name("last resort".into()).spawn(move || {
        std::thread::sleep(STUCK);
        if LISTENING.load(Ordering::SeqCst) {
            terminal::restore_mode();
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
}

/// Runs something that has the terminal for itself.
pub(crate) fn lend<T>(work: impl FnOnce() -> T) -> T {
    LENT.store(true, Ordering::SeqCst);
    let done = work();
    LENT.store(false, Ordering::SeqCst);
    done
}

/// Stops this process and those it was started with, as the terminal's
/// `ctrl-z` does; returns when it is continued.
pub(crate) fn stop() {
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::STOP);
}
