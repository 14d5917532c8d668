//! The thread that reads keys, and that lets go of the terminal at once when an
//! editor is to have it.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::thread::JoinHandle;
use std::time::Duration;

use crossterm::event::Event as Input;
use rustix::event::{PollFd, PollFlags, poll};

/// Reads keys until it is dropped.
pub(crate) struct Reader {
    /// Closing it wakes the thread.
    stop: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts to read. `sink` gets what was typed, and nothing once, when the
    /// terminal is gone.
    ///
    /// # Errors
    /// When there is no terminal to read from.
    pub(crate) fn start(sink: impl Fn(Option<Input>) + Send + 'static) -> io::Result<Self> {
        let (stop, stopped) = UnixStream::pair()?;
        let stdin = io::stdin();
        // crossterm reads from the same one of the two
        let terminal = if stdin.is_terminal() { None } else { Some(File::open("/dev/tty")?) };
        let thread = std::thread::Builder::new().name("keys".into()).spawn(move || {
            let tty = terminal.as_ref().map_or(stdin.as_fd(), |file| file.as_fd());
            if read(tty, &stopped, &sink).is_err() {
                sink(None);
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Waits, without any time limit, for a key or the end. Ends without an error
/// when it was stopped.
fn read(
    tty: BorrowedFd<'_>,
    stopped: &UnixStream,
    sink: &impl Fn(Option<Input>),
) -> io::Result<()> {
    loop {
        let mut both = [PollFd::new(&tty, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
        match poll(&mut both, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        let [tty_events, stop_events] = [both[0].revents(), both[1].revents()];
        if !stop_events.is_empty() {
            let mut rest = [0; 1];
            let _ = (&mut &*stopped).read(&mut rest);
            return Ok(());
        }
        if tty_events.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        // not zero, with which crossterm would not look at the terminal at all
        while crossterm::event::poll(Duration::from_millis(5))? {
            sink(Some(crossterm::event::read()?));
        }
    }
}
