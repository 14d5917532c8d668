//! The real program in a real pseudo-terminal, and what its screen shows.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::Scene;

/// How long a state may take to come before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program in a pseudo-terminal.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

struct Seen {
    parser: vt100::Parser,
    /// All bytes that the program ever wrote.
    bytes: Vec<u8>,
    /// When the last of them came.
    last: Instant,
    /// The program has closed the terminal.
    closed: bool,
}

impl Terminal {
    /// Starts gonogo in the scene's repository on a screen of this size.
    pub(crate) fn open(scene: &Scene, args: &[&str], rows: u16, cols: u16) -> Self {
        Self::open_with(scene, args, &[], rows, cols)
    }

    /// The same with more environment variables.
    pub(crate) fn open_with(
        scene: &Scene,
        args: &[&str],
        environment: &[(&str, &str)],
        rows: u16,
        cols: u16,
    ) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gonogo"));
        command.args(args);
        command.cwd(scene.root());
        command.env_clear();
        for (name, value) in scene.environment() {
            command.env(name, value);
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let seen = Seen {
            parser: vt100::Parser::new(cells(rows), cells(cols), 0),
            bytes: Vec::new(),
            last: Instant::now(),
            closed: false,
        };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            let mut buffer = [0; 65_536];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                // a test that failed while it held the lock wants nothing more
                let Ok(mut seen) = shared.0.lock() else { return };
                seen.parser.process(&buffer[..read]);
                seen.bytes.extend_from_slice(&buffer[..read]);
                seen.last = Instant::now();
                seen.closed = read == 0;
                shared.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self { child, master: pair.master, writer, seen }
    }

    /// Types.
    pub(crate) fn send(&mut self, keys: &str) -> &mut Self {
        self.writer.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self.writer.flush().expect("the terminal takes keys");
        self
    }

    /// Waits until the screen shows a text.
    pub(crate) fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("shows {text:?}"), |screen| screen.contents().contains(text))
    }

    /// Waits until the screen is as wanted.
    pub(crate) fn wait_until(
        &mut self,
        what: &str,
        wanted: impl Fn(&vt100::Screen) -> bool,
    ) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().expect("no panic");
        loop {
            if wanted(seen.parser.screen()) {
                break;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !seen.closed,
                "the screen never {what} (closed: {}); it shows:\n{}",
                seen.closed,
                seen.parser.screen().contents()
            );
            seen = self.seen.1.wait_timeout(seen, left).expect("no panic").0;
        }
        drop(seen);
        self
    }

    /// The text of the screen now.
    pub(crate) fn contents(&self) -> String {
        self.with_screen(vt100::Screen::contents)
    }

    /// Looks at the screen now.
    pub(crate) fn with_screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.seen.0.lock().expect("no panic").parser.screen())
    }

    /// Everything that the program ever wrote.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.seen.0.lock().expect("no panic").bytes.clone()
    }

    /// Waits until nothing was written for this long.
    pub(crate) fn settle(&self, quiet: Duration) {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().expect("no panic");
        while seen.last.elapsed() < quiet {
            assert!(Instant::now() < deadline, "the program never comes to rest");
            let left = quiet.saturating_sub(seen.last.elapsed());
            seen = self.seen.1.wait_timeout(seen, left).expect("no panic").0;
        }
    }

    /// Changes the size of the screen.
    pub(crate) fn resize(&self, rows: u16, cols: u16) {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.seen
            .0
            .lock()
            .expect("no panic")
            .parser
            .screen_mut()
            .set_size(cells(rows), cells(cols));
        self.master.resize(size).expect("a new size");
    }

    /// The process's number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    /// Waits for the program's end; gives its exit code.
    pub(crate) fn wait_exit(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().expect("no panic");
        while !seen.closed {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "still runs:\n{}", seen.parser.screen().contents());
            seen = self.seen.1.wait_timeout(seen, left).expect("no panic").0;
        }
        drop(seen);
        self.child.wait().expect("an end").exit_code()
    }
}

/// Rows and columns of a screen.
pub(crate) fn size(screen: &vt100::Screen) -> (u16, u16) {
    let (rows, cols) = screen.size();
    (rows.get(), cols.get())
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).expect("a screen has cells")
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // a test that failed half-way leaves nothing running
        let _ = self.child.kill();
    }
}
