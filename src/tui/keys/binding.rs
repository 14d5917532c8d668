//! A row of the table of keys.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::intent::Intent;
use crate::tui::glyphs::Glyphs;

/// One key with what is held down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Chord {
    code: KeyCode,
    ctrl: bool,
}

/// The headings of the help.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Group {
    /// Moving about.
    Moving,
    /// The selected item.
    Acting,
    /// The rest.
    Program,
}

impl Group {
    /// All, in the order of the help.
    pub(crate) const ALL: [Self; 3] = [Self::Moving, Self::Acting, Self::Program];

    /// The heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Moving => "Moving",
            Self::Acting => "Acting on the selected item",
            Self::Program => "The program",
        }
    }
}

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Binding {
    /// The keys; the first is the one to name.
    pub(crate) chords: &'static [Chord],
    /// What they do.
    pub(crate) intent: Intent,
    /// The heading it stands under in the help.
    pub(crate) group: Group,
    /// A word or two for the bottom line.
    pub(crate) hint: &'static str,
    /// What it does, for the help.
    pub(crate) help: &'static str,
}

/// A key by itself.
pub(crate) const fn plain(code: KeyCode) -> Chord {
    Chord { code, ctrl: false }
}

/// A letter.
pub(crate) const fn ch(letter: char) -> Chord {
    plain(KeyCode::Char(letter))
}

/// A letter with ctrl.
pub(crate) const fn ctrl(letter: char) -> Chord {
    Chord { code: KeyCode::Char(letter), ctrl: true }
}

impl Chord {
    /// The key as the table writes it; none when alt or another modifier is held.
    pub(crate) fn of(key: &KeyEvent) -> Option<Self> {
        let held = key.modifiers;
        if held.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META) {
            return None;
        }
        Some(Self { code: key.code, ctrl: held.contains(KeyModifiers::CONTROL) })
    }

    /// Its name, for people.
    pub(crate) fn name(self, glyphs: &Glyphs) -> String {
        let [up, down, left, right] = glyphs.arrows;
        let name = match self.code {
            KeyCode::Char(' ') => "space".to_owned(),
            KeyCode::Char(letter) => letter.to_string(),
            KeyCode::F(number) => format!("F{number}"),
            KeyCode::Up => up.to_owned(),
            KeyCode::Down => down.to_owned(),
            KeyCode::Left => left.to_owned(),
            KeyCode::Right => right.to_owned(),
            KeyCode::Home => "home".to_owned(),
            KeyCode::End => "end".to_owned(),
            KeyCode::PageUp => "page up".to_owned(),
            KeyCode::PageDown => "page down".to_owned(),
            KeyCode::Tab => "tab".to_owned(),
            KeyCode::BackTab => "shift-tab".to_owned(),
            KeyCode::Enter => "enter".to_owned(),
            KeyCode::Esc => "esc".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        if self.ctrl { format!("ctrl-{name}") } else { name }
    }
}

impl Binding {
    /// All its keys by name.
    pub(crate) fn names(&self, glyphs: &Glyphs) -> String {
        let names: Vec<String> = self.chords.iter().map(|chord| chord.name(glyphs)).collect();
        names.join(", ")
    }

    /// The name of the first key.
    pub(crate) fn name(&self, glyphs: &Glyphs) -> String {
        self.chords.first().map(|chord| chord.name(glyphs)).unwrap_or_default()
    }
}
