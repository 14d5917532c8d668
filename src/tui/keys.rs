//! The one table of keys: what each does, and the words for it. The help and
//! the hints at the bottom follow from it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::glyphs::Glyphs;

/// What a person wants.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Intent {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// To the list, or close the section.
    Left,
    /// To the detail, or open the section.
    Right,
    /// To the top.
    First,
    /// To the bottom.
    Last,
    /// A pane's height up.
    PageUp,
    /// A pane's height down.
    PageDown,
    /// Half a pane up.
    HalfUp,
    /// Half a pane down.
    HalfDown,
    /// The keys go to the other pane.
    OtherPane,
    /// Open what is selected.
    Enter,
    /// One step back.
    Back,
    /// Type a filter.
    Filter,
    /// To the next item that blocks.
    NextBlocker,
    /// To the one before.
    PreviousBlocker,
    /// Sign the item off.
    SignOff,
    /// Object to the item.
    Object,
    /// Waive the item.
    Waive,
    /// Withdraw one's own record.
    Withdraw,
    /// Let gonogo make the item hold.
    Fix,
    /// Take the latest fix back.
    Undo,
    /// Check the item again.
    Rerun,
    /// Read everything and check all again.
    RerunAll,
    /// Open the place in the editor.
    Edit,
    /// Copy the place or the id.
    Copy,
    /// Copy the fix's code.
    CopyCode,
    /// Mouse on or off.
    Mouse,
    /// The next theme.
    Theme,
    /// Help.
    Help,
    /// Leave the program.
    Quit,
    /// Stop the program until the shell's `fg`.
    Suspend,
}

/// One key with what is held down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chord {
    code: KeyCode,
    ctrl: bool,
}

/// A row of the table.
#[derive(Debug)]
pub struct Binding {
    /// The keys; the first is the one to name.
    pub chords: &'static [Chord],
    /// What they do.
    pub intent: Intent,
    /// The heading it stands under in the help.
    pub group: &'static str,
    /// What it does, for the help.
    pub help: &'static str,
    /// A word or two for the bottom line.
    pub hint: &'static str,
}

const fn plain(code: KeyCode) -> Chord {
    Chord { code, ctrl: false }
}

const fn ch(letter: char) -> Chord {
    plain(KeyCode::Char(letter))
}

const fn ctrl(letter: char) -> Chord {
    Chord { code: KeyCode::Char(letter), ctrl: true }
}

const fn binding(
    chords: &'static [Chord],
    intent: Intent,
    group: &'static str,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding { chords, intent, group, help, hint }
}

const MOVE: &str = "Moving";
const ACT: &str = "Acting on the selected item";
const REST: &str = "The program";

/// All keys of the main screen.
pub const KEYS: &[Binding] = {
    use Intent as I;
    use KeyCode as K;
    &[
        binding(
            &[plain(K::Up), ch('k')],
            I::Up,
            MOVE,
            "up",
            "one row up; in the detail, the finding above",
        ),
        binding(
            &[plain(K::Down), ch('j')],
            I::Down,
            MOVE,
            "down",
            "one row down; in the detail, the finding below",
        ),
        binding(
            &[plain(K::Left), ch('h')],
            I::Left,
            MOVE,
            "list",
            "back to the list; in the list, close the section",
        ),
        binding(
            &[plain(K::Right), ch('l')],
            I::Right,
            MOVE,
            "detail",
            "to the detail; on a closed section, open it",
        ),
        binding(&[plain(K::Home), ch('g')], I::First, MOVE, "top", "to the top"),
        binding(&[plain(K::End), ch('G')], I::Last, MOVE, "bottom", "to the bottom"),
        binding(&[plain(K::PageUp), ctrl('b')], I::PageUp, MOVE, "page up", "a page up"),
        binding(
            &[plain(K::PageDown), ctrl('f'), ch(' ')],
            I::PageDown,
            MOVE,
            "page down",
            "a page down",
        ),
        binding(&[ctrl('u')], I::HalfUp, MOVE, "half up", "half a page up"),
        binding(&[ctrl('d')], I::HalfDown, MOVE, "half down", "half a page down"),
        binding(
            &[plain(K::Tab), plain(K::BackTab)],
            I::OtherPane,
            MOVE,
            "other pane",
            "between the list and the detail",
        ),
        binding(
            &[plain(K::Enter)],
            I::Enter,
            MOVE,
            "open",
            "open the item; open or close the section; open the finding in the editor",
        ),
        binding(
            &[plain(K::Esc)],
            I::Back,
            MOVE,
            "back",
            "one step back: from the detail to the list, then clear the filter",
        ),
        binding(
            &[ch('n')],
            I::NextBlocker,
            MOVE,
            "next blocker",
            "to the next item that stands against a GO",
        ),
        binding(
            &[ch('p'), ch('N')],
            I::PreviousBlocker,
            MOVE,
            "previous blocker",
            "to the one before",
        ),
        binding(
            &[ch('/')],
            I::Filter,
            MOVE,
            "filter",
            "show only items with these words in id, title, section, standing or severity",
        ),
        binding(
            &[ch('s')],
            I::SignOff,
            ACT,
            "sign off",
            "sign it off: you vouch that it holds on this commit",
        ),
        binding(&[ch('o')], I::Object, ACT, "object", "object: you say that it does not hold"),
        binding(
            &[ch('w')],
            I::Waive,
            ACT,
            "waive",
            "waive it: it may be ignored until a day, for a reason",
        ),
        binding(&[ch('u')], I::Withdraw, ACT, "withdraw", "withdraw your own latest record on it"),
        binding(
            &[ch('f')],
            I::Fix,
            ACT,
            "fix",
            "let gonogo make it hold, where it can; it shows what will change first",
        ),
        binding(&[ch('e')], I::Edit, ACT, "edit", "open the finding's place in $VISUAL or $EDITOR"),
        binding(
            &[ch('y')],
            I::Copy,
            ACT,
            "copy",
            "copy the finding's place; in the list, the item's id",
        ),
        binding(&[ch('Y')], I::CopyCode, ACT, "copy code", "copy the code of the fix"),
        binding(&[ch('r')], I::Rerun, ACT, "check again", "check it again"),
        binding(
            &[ch('R')],
            I::RerunAll,
            REST,
            "check all again",
            "read checklist, commit and ledger again and check all",
        ),
        binding(&[ch('U')], I::Undo, REST, "undo", "take the latest fix back"),
        binding(
            &[ch('m')],
            I::Mouse,
            REST,
            "mouse",
            "mouse on or off; off, the terminal selects text",
        ),
        binding(&[ch('T')], I::Theme, REST, "theme", "the next theme: dark, light, colourless"),
        binding(&[ch('?'), plain(K::F(1))], I::Help, REST, "help", "this help"),
        binding(&[ch('q'), ctrl('c')], I::Quit, REST, "quit", "leave"),
        binding(&[ctrl('z')], I::Suspend, REST, "suspend", "stop until the shell's `fg`"),
    ]
};

/// What a key means on the main screen.
pub fn intent(key: &KeyEvent) -> Option<Intent> {
    let chord = Chord::of(key)?;
    KEYS.iter().find(|binding| binding.chords.contains(&chord)).map(|binding| binding.intent)
}

/// The row of an intent.
pub fn binding_of(intent: Intent) -> Option<&'static Binding> {
    KEYS.iter().find(|binding| binding.intent == intent)
}

impl Chord {
    /// The key as the table writes it; none when alt or another modifier is held.
    fn of(key: &KeyEvent) -> Option<Self> {
        let held = key.modifiers;
        if held.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META) {
            return None;
        }
        Some(Self { code: key.code, ctrl: held.contains(KeyModifiers::CONTROL) })
    }

    /// Its name, for people.
    pub fn name(self, glyphs: &Glyphs) -> String {
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
    pub fn names(&self, glyphs: &Glyphs) -> String {
        let names: Vec<String> = self.chords.iter().map(|chord| chord.name(glyphs)).collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_key_means_two_things_and_no_intent_stands_twice() {
        let mut chords = Vec::new();
        let mut intents = HashSet::new();
        for binding in KEYS {
            assert!(intents.insert(binding.intent), "{:?}", binding.intent);
            assert!(!binding.chords.is_empty());
            for chord in binding.chords {
                assert!(!chords.contains(chord), "{chord:?}");
                chords.push(*chord);
            }
        }
    }

    #[test]
    fn keys_are_found_with_and_without_what_terminals_add() {
        let key = |code, held| intent(&KeyEvent::new(code, held));
        let none = KeyModifiers::NONE;
        let cases = [
            (KeyCode::Char('G'), KeyModifiers::SHIFT, Some(Intent::Last)),
            (KeyCode::Char('G'), none, Some(Intent::Last)),
            (KeyCode::Char('?'), KeyModifiers::SHIFT, Some(Intent::Help)),
            (KeyCode::F(1), none, Some(Intent::Help)),
            (KeyCode::Char('c'), KeyModifiers::CONTROL, Some(Intent::Quit)),
            (KeyCode::Char('c'), none, None),
            (KeyCode::BackTab, KeyModifiers::SHIFT, Some(Intent::OtherPane)),
            (KeyCode::Char('q'), KeyModifiers::ALT, None),
            (KeyCode::Char('ß'), none, None),
        ];
        for (code, held, expected) in cases {
            assert_eq!(key(code, held), expected, "{code:?} {held:?}");
        }
    }
}
