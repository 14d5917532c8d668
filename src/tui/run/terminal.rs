//! Entering and leaving the terminal's other screen, exactly once each.

use std::io::{self, IsTerminal as _, Stdout, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use crossterm::{Command, cursor, execute, queue, terminal};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use crate::tui::state::State;
use crate::tui::{draw, layout};

/// Whether the other screen is on, for whoever must restore the terminal: the
/// end of the program, a panic, a signal.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal as the screen draws on it. Dropping it restores the terminal.
pub(crate) struct Screen {
    terminal: Terminal<CrosstermBackend<Frames<Stdout>>>,
    /// Columns and rows that are drawn on.
    size: (u16, u16),
}

impl Screen {
    /// Enters the other screen.
    ///
    /// # Errors
    /// When the terminal does not answer.
    pub(crate) fn enter(mouse: bool) -> io::Result<Self> {
        // `NO_COLOR` is the theme's to respect: crossterm would swallow
        // reverse and bold with the colours, and so the selection
        crossterm::style::force_color_output(true);
        enter(mouse)?;
        let blank = drawn_size().and_then(|size| Ok((blank(stdout(), size)?, size)));
        match blank {
            Ok((terminal, size)) => Ok(Self { terminal, size }),
            Err(error) => {
                leave();
                Err(error)
            }
        }
    }

    /// Enters again after [`leave`], with nothing of the old picture left.
    ///
    /// # Errors
    /// When the terminal does not answer.
    pub(crate) fn enter_again(&mut self, mouse: bool) -> io::Result<()> {
        leave();
        enter(mouse)?;
        // not `Terminal::clear`: it asks where the cursor is, and a terminal
        // that does not answer, or a key typed meanwhile, would end the screen
        self.size = drawn_size()?;
        self.terminal = blank(stdout(), self.size)?;
        Ok(())
    }

    /// Draws the state; only what changed is written.
    ///
    /// # Errors
    /// When the terminal does not answer.
    pub(crate) fn draw(&mut self, state: &State) -> io::Result<()> {
        if !entered() {
            return Ok(());
        }
        if self.size != state.known.size {
            self.size = state.known.size;
            self.terminal = blank(stdout(), self.size)?;
            // with the next frame, not before it
            queue!(self.terminal.backend_mut(), Clear(ClearType::All))?;
        }
        self.terminal.draw(|frame| draw::draw(frame, state))?;
        Ok(())
    }

    /// Columns and rows that are drawn on.
    ///
    /// # Errors
    /// When the terminal does not answer.
    pub(crate) fn size(&self) -> io::Result<(u16, u16)> {
        drawn_size()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// How many columns the terminal on standard output has; none without one.
pub(crate) fn columns() -> Option<usize> {
    if !stdout().is_terminal() {
        return None;
    }
    // zero is what a terminal says that does not know
    terminal::size().ok().map(|(columns, _)| columns.into()).filter(|columns| *columns > 0)
}

/// How much of the terminal is drawn on.
fn drawn_size() -> io::Result<(u16, u16)> {
    terminal::size().map(layout::drawn)
}

/// A terminal of which nothing is known to be drawn: entering the other screen
/// emptied it. Its buffers have this size, whatever the terminal claims.
fn blank<W: Write>(to: W, size: (u16, u16)) -> io::Result<Terminal<CrosstermBackend<Frames<W>>>> {
    let (width, height) = layout::drawn(size);
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    let backend = CrosstermBackend::new(Frames::new(to, entered));
    Terminal::with_options(backend, TerminalOptions { viewport })
}

fn entered() -> bool {
    ENTERED.load(Ordering::SeqCst)
}

fn enter(mouse: bool) -> io::Result<()> {
    terminal::enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    let entered = execute!(
        stdout(),
        EnterAlternateScreen,
        Clear(ClearType::All),
        EnableBracketedPaste,
        EnableFocusChange,
        cursor::Hide
    )
    .and_then(|()| if mouse { execute!(stdout(), EnableMouseCapture) } else { Ok(()) });
    if entered.is_err() {
        leave();
    }
    entered
}

/// Restores the terminal, whoever calls it, and only the first time. A terminal
/// that is gone cannot be restored, so errors are nobody's.
pub(crate) fn leave() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            stdout(),
            EndSynchronizedUpdate,
            DisableMouseCapture,
            DisableBracketedPaste,
            DisableFocusChange,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = terminal::disable_raw_mode();
    }
}

/// Restores the terminal's mode alone, for when it takes no bytes.
pub(crate) fn restore_mode() {
    let _ = terminal::disable_raw_mode();
}

/// Lets the terminal report the mouse, or not.
///
/// # Errors
/// When the terminal does not answer.
pub(crate) fn report_mouse(on: bool) -> io::Result<()> {
    if on {
        execute!(stdout(), EnableMouseCapture)
    } else {
        execute!(stdout(), DisableMouseCapture)
    }
}

/// Puts text into the clipboard of the person's terminal (OSC 52), which works
/// through SSH too.
///
/// # Errors
/// When the terminal does not answer.
pub(crate) fn copy(text: &str) -> io::Result<()> {
    execute!(stdout(), crossterm::clipboard::CopyToClipboard::to_clipboard_from(text))
}

/// Collects what is drawn and writes a frame at once, between the marks that
/// keep a terminal from showing half of it. Without a frame it writes nothing.
struct Frames<W: Write> {
    to: W,
    frame: Vec<u8>,
    /// Whether to write at all. After the screen was left nothing is: ratatui
    /// would show the cursor once more, and complain, when the terminal is gone.
    on: fn() -> bool,
}

impl<W: Write> Frames<W> {
    fn new(to: W, on: fn() -> bool) -> Self {
        Self { to, frame: Vec::with_capacity(16 * 1024), on }
    }
}

impl<W: Write> Write for Frames<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() || !(self.on)() {
            self.frame.clear();
            return Ok(());
        }
        let mut all = ansi(BeginSynchronizedUpdate);
        all.append(&mut self.frame);
        all.extend(ansi(EndSynchronizedUpdate));
        self.to.write_all(&all)?;
        self.to.flush()
    }
}

fn ansi(command: impl Command) -> Vec<u8> {
    let mut text = String::new();
    // writing into a string cannot fail
    let _ = command.write_ansi(&mut text);
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_do_not_follow_whatever_a_terminal_claims() {
        let mut terminal = blank(Vec::new(), (u16::MAX, u16::MAX)).expect("a terminal");
        let area = terminal.get_frame().area();
        assert_eq!((area.width, area.height), layout::LARGEST);
    }

    #[test]
    fn a_frame_is_one_write_and_no_frame_is_none() {
        #[derive(Default)]
        struct Writes(Vec<Vec<u8>>);
        impl Write for &mut Writes {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.push(bytes.to_vec());
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut writes = Writes::default();
        let mut frames = Frames::new(&mut writes, || true);
        frames.flush().expect("written");
        frames.write_all(b"one ").expect("written");
        frames.write_all(b"two").expect("written");
        frames.flush().expect("written");
        frames.flush().expect("written");
        assert_eq!(writes.0, [b"\x1b[?2026hone two\x1b[?2026l".to_vec()]);

        let mut writes = Writes::default();
        let mut frames = Frames::new(&mut writes, || false);
        frames.write_all(b"late").expect("taken");
        frames.flush().expect("dropped");
        assert!(writes.0.is_empty(), "nothing after the screen was left");
    }
}
