//! The loop: messages in, effects out, a frame when something changed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use jiff::Timestamp;

use super::event::Event;
use super::input::Reader;
use super::panics::report_panics;
use super::signals::{Listener, Told};
use super::terminal::{self, Screen};
use super::{editor, signals, work};
use crate::engine::{self, Run};
use crate::model::{CleanText, ItemId, RepoPath, words};
use crate::repo::StateFolder;
use crate::session::Session;
use crate::tui::known::Toast;
use crate::tui::memory::Memory;
use crate::tui::message::{Effect, Message};
use crate::tui::options::{Exit, Options, ThemeChoice, TuiError};
use crate::tui::state::State;
use crate::tui::theme::Theme;
use crate::tui::{glyphs, update};

/// Frames come no closer than this, except for a key's: it is answered at once.
const FRAME: Duration = Duration::from_millis(10);

/// The spinner's beat.
const BEAT: Duration = Duration::from_millis(200);

/// So many messages are taken in before the next frame.
const BATCH: usize = 1000;

/// Runs the screen until the person leaves.
pub(crate) fn run(options: Options) -> Result<Exit, TuiError> {
    let (events, inbox) = unbounded();
    let env = |name: &str| std::env::var(name).ok();
    let theme = Theme::choose(options.theme, env);
    let signs = if options.ascii { &glyphs::ASCII } else { &glyphs::UNICODE };
    let mut screen = Screen::enter(options.mouse)?;
    let size = screen.size()?;
    let mut state = State::new(size, Timestamp::now(), theme, signs);
    state.known.mouse = options.mouse;
    state.known.offline = options.offline;
    state.known.hint = options.hint.as_deref().map(CleanText::line);
    let folder = std::path::absolute(&options.folder).unwrap_or_else(|_| options.folder.clone());
    let name = folder.file_name().unwrap_or(folder.as_os_str());
    state.known.folder = CleanText::bytes(name.as_encoded_bytes());
    // there before anything is read
    screen.draw(&state)?;
    let _hook = report_panics(events.clone());
    let to_loop = events.clone();
    let _listener = Listener::start(move |told| {
        let _ = to_loop.send(Event::Told(told));
    })?;
    work::open(&events, options.clone());
    let mut app = App {
        options,
        state,
        screen,
        reader: None,
        session: None,
        root: None,
        runs: HashMap::new(),
        events,
        asked: 0,
        answered: 0,
        exit: None,
    };
    app.reader = Some(app.read_keys()?);
    let exit = app.go(&inbox);
    if let (Some(root), Some(state), Ok(_)) = (&app.root, StateFolder::of_person(), &exit) {
        app.state.memory().store(&state, root);
    }
    exit
}

struct App {
    options: Options,
    state: State,
    screen: Screen,
    reader: Option<Reader>,
    session: Option<Arc<Session>>,
    root: Option<PathBuf>,
    runs: HashMap<u64, Run>,
    events: Sender<Event>,
    /// The number of the last request to read the session again.
    asked: u64,
    /// The number of the last one that was answered: an older answer is out of date.
    answered: u64,
    exit: Option<Exit>,
}

impl App {
    fn go(&mut self, inbox: &Receiver<Event>) -> Result<Exit, TuiError> {
        let mut drawn = Instant::now();
        let mut beat = Instant::now();
        let mut dirty = false;
        let mut typed = false;
        loop {
            let spins = self.state.spins();
            let until = match (dirty, spins) {
                (true, _) => Some(drawn + FRAME),
                (false, true) => Some(beat + BEAT),
                (false, false) => None,
            };
            let first = match until {
                Some(until) => inbox.recv_deadline(until),
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            if let Ok(event) = first {
                dirty = true;
                self.message(Message::Time(Timestamp::now()));
                for event in std::iter::once(event).chain(inbox.try_iter().take(BATCH)) {
                    typed |= event.is_typed();
                    self.take(event)?;
                }
            }
            if let Some(exit) = self.exit.take() {
                return Ok(exit);
            }
            let now = Instant::now();
            if spins && now >= beat + BEAT {
                self.message(Message::Tick);
                beat = now;
                dirty = true;
            }
            if dirty && (typed || now >= drawn + FRAME) {
                self.assess();
                self.draw()?;
                drawn = Instant::now();
                dirty = false;
                typed = false;
            }
        }
    }

    fn draw(&mut self) -> Result<(), TuiError> {
        panic_if_asked();
        // the terminal may have changed before its signal came
        let size = self.screen.size()?;
        if size != self.state.known.size {
            self.message(Message::Resize(size.0, size.1));
        }
        Ok(self.screen.draw(&self.state)?)
    }

    /// Adds the results up, at most once for each frame.
    fn assess(&mut self) {
        if let (true, Some(session)) = (self.state.known.assess_due, &self.session) {
            let assessment = session.assess(&self.state.known.results, self.state.known.now);
            self.message(Message::Assessed(assessment));
        }
    }

    fn message(&mut self, message: Message) {
        for effect in update::update(&mut self.state, message) {
            self.carry_out(effect);
        }
    }

    fn take(&mut self, event: Event) -> Result<(), TuiError> {
        match event {
            Event::Message(message) => self.message(message),
            Event::Opened(opened) => {
                let (session, loaded, memory) = opened.map_err(TuiError::Session)?;
                self.root = Some(session.repo.root().to_owned());
                self.session = Some(Arc::from(session));
                let memory = memory.map(|memory| self.remembered(memory));
                self.message(Message::Opened(loaded, memory));
            }
            Event::Reread(number, _, _) if number < self.answered => {}
            Event::Reread(number, why, Ok((session, loaded))) => {
                self.answered = number;
                self.session = Some(Arc::from(session));
                self.message(Message::Reread(loaded, why));
            }
            Event::Reread(_, _, Err(error)) => {
                let title = "Not read again: fix it, then press R";
                self.state.known.unread = true;
                self.message(Message::Failed { title, text: error.to_string() });
            }
            Event::Told(Told::Leave(signal)) => self.leave(Some(signal)),
            Event::Told(Told::Suspend) => self.suspend(),
            Event::Told(Told::Continued) => self.screen.enter_again(self.state.known.mouse)?,
            // the size is asked before every frame
            Event::Told(Told::Resized) => {}
            Event::Lost => self.leave(Some(signal_hook::consts::SIGHUP)),
        }
        Ok(())
    }

    /// What is remembered counts less than what was asked for.
    fn remembered(&self, mut memory: Memory) -> Memory {
        if self.options.theme != ThemeChoice::Auto || self.state.known.theme == Theme::Plain {
            memory.theme = None;
        }
        memory
    }

    fn leave(&mut self, signal: Option<i32>) {
        self.assess();
        let settled = self.state.known.runs.active.is_empty() && !self.state.known.unread;
        let verdict = self
            .state
            .known
            .assessed
            .as_ref()
            .filter(|_| settled)
            .map(|assessed| assessed.all.verdict);
        let outdated = !self.session.as_ref().is_none_or(|session| session.is_current());
        self.exit = Some(Exit { verdict: verdict.filter(|_| !outdated), outdated, signal });
    }

    fn read_keys(&self) -> std::io::Result<Reader> {
        use crossterm::event::Event as Input;
        let events = self.events.clone();
        Reader::start(move |input| {
            let message = match input {
                None => Event::Lost,
                Some(Input::Key(key)) => Event::Message(Message::Key(key)),
                Some(Input::Mouse(mouse)) => Event::Message(Message::Mouse(mouse)),
                Some(Input::Paste(text)) => Event::Message(Message::Paste(text)),
                Some(Input::FocusGained) => Event::Message(Message::Focused),
                Some(Input::Resize(..) | Input::FocusLost) => return,
            };
            let _ = events.send(message);
        })
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Quit => self.leave(None),
            Effect::Suspend => self.suspend(),
            Effect::CancelRuns => self.runs.clear(),
            Effect::Run(number, only) => self.start_run(number, only.as_deref()),
            Effect::Edit(path, line) => self.edit(&path, line),
            Effect::Copy(text) => {
                if let Err(error) = terminal::copy(&text) {
                    self.say_bad(format!("The terminal took no copy: {}", words::system(&error)));
                }
            }
            Effect::Mouse(on) => {
                if let Err(error) = terminal::report_mouse(on) {
                    self.say_bad(format!("The terminal did not answer: {}", words::system(&error)));
                }
            }
            Effect::Reopen => {
                self.asked += 1;
                work::reopen(&self.events, self.asked, self.options.clone());
            }
            Effect::Refresh(why) => {
                self.asked += 1;
                if let Some(session) = &self.session {
                    work::refresh(&self.events, self.asked, session, why);
                }
            }
            Effect::Ask(job, question) => {
                if let Some(session) = &self.session {
                    let results = &self.state.known.results;
                    work::ask(&self.events, session, results, job, question);
                }
            }
        }
    }

    fn say_bad(&self, text: String) {
        let _ = self.events.send(Event::Message(Message::Say(Toast::bad(text))));
    }

    fn start_run(&mut self, number: u64, only: Option<&[ItemId]>) {
        let Some(session) = &self.session else { return };
        let mut settings = session.settings(self.state.known.now, self.options.offline);
        settings.background = true;
        let events = self.events.clone();
        let jobs = session.jobs(only);
        let run = engine::start(session.doors(), jobs, settings, move |event| {
            let _ = events.send(Event::Message(Message::Run(number, event)));
        });
        let active = &self.state.known.runs.active;
        self.runs.retain(|number, _| active.contains(number));
        self.runs.insert(number, run);
    }

    /// Gives the terminal to something else; the keys go with it.
    fn lend<T>(&mut self, work: impl FnOnce() -> T) -> T {
        self.reader = None;
        terminal::leave();
        let done = signals::lend(work);
        let back = self.screen.enter_again(self.state.known.mouse).and_then(|()| self.read_keys());
        match back {
            Ok(reader) => self.reader = Some(reader),
            Err(_) => self.leave(Some(signal_hook::consts::SIGHUP)),
        }
        done
    }

    fn suspend(&mut self) {
        self.lend(signals::stop);
    }

    fn edit(&mut self, path: &RepoPath, line: Option<u32>) {
        let Some(session) = self.session.clone() else { return };
        let env = |name: &str| std::env::var(name).ok();
        let command = session
            .repo
            .absolute(path)
            .map_err(|error| error.to_string())
            .and_then(editor::text_file)
            .and_then(|file| editor::command(env, &file, line));
        let edited = match command {
            Err(text) => Err(text),
            Ok(mut command) => {
                command.current_dir(session.repo.root());
                let status = self.lend(|| command.status());
                status.map(|_| ()).map_err(|error| editor::did_not_start(env, &command, &error))
            }
        };
        self.message(Message::Edited(edited));
    }
}

/// Lets a test see that the terminal is restored after a panic; builds with
/// debug assertions only.
#[allow(clippy::panic, reason = "that is what it is for")]
fn panic_if_asked() {
    if cfg!(debug_assertions) && std::env::var_os("GONOGO_TEST_PANIC").is_some() {
        panic!("asked for by a test");
    }
}
