//! All keys there are: the common table, and what dialogs and screens register.

use crossterm::event::KeyEvent;

use super::dialog;
use super::dialog::base::Opener;
use super::keys::binding::{Binding, Chord};
use super::keys::intent::Intent;
use super::keys::table::KEYS;
use super::screen;
use super::screen::base::Shown;

/// Every row of the table.
pub(crate) fn bindings() -> impl Iterator<Item = &'static Binding> {
    let dialogs = dialog::OPENERS.iter().map(|opener| &opener.binding);
    let screens = screen::SHOWN.iter().map(|shown| &shown.binding);
    KEYS.iter().chain(dialogs).chain(screens)
}

/// What a key means on a screen.
pub(crate) fn intent(key: &KeyEvent) -> Option<Intent> {
    let chord = Chord::of(key)?;
    bindings().find(|binding| binding.chords.contains(&chord)).map(|binding| binding.intent)
}

/// The row of an intent.
pub(crate) fn binding_of(intent: Intent) -> Option<&'static Binding> {
    bindings().find(|binding| binding.intent == intent)
}

/// The dialog that an intent opens.
pub(crate) fn opener(intent: Intent) -> Option<&'static Opener> {
    dialog::OPENERS.iter().find(|opener| opener.binding.intent == intent)
}

/// The screen that an intent shows.
pub(crate) fn shown(intent: Intent) -> Option<&'static Shown> {
    screen::SHOWN.iter().find(|shown| shown.binding.intent == intent)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;
    use crate::tui::keys::intent::{Command, Move, Scroll};

    #[test]
    fn no_key_means_two_things_and_no_intent_stands_twice() {
        let mut chords = Vec::new();
        let mut intents = HashSet::new();
        for binding in bindings() {
            assert!(intents.insert(binding.intent), "{:?}", binding.intent);
            assert!(!binding.chords.is_empty());
            for chord in binding.chords {
                assert!(!chords.contains(chord), "{chord:?}");
                chords.push(*chord);
            }
        }
    }

    #[test]
    fn what_is_registered_is_found_by_its_key() {
        for opener in dialog::OPENERS {
            assert!(matches!(opener.binding.intent, Intent::Open(_)), "{opener:?}");
            assert!(opener_is_found(opener.binding.intent), "{opener:?}");
        }
        for shown in screen::SHOWN {
            assert!(matches!(shown.binding.intent, Intent::Show(_)), "{shown:?}");
            assert!(super::shown(shown.binding.intent).is_some(), "{shown:?}");
        }
        assert!(KEYS.iter().all(|binding| match binding.intent {
            Intent::Open(_) | Intent::Show(_) => false,
            Intent::Move(_) | Intent::Item(_) | Intent::Program(_) => true,
        }));
    }

    fn opener_is_found(intent: Intent) -> bool {
        opener(intent).is_some_and(|opener| opener.binding.intent == intent)
    }

    #[test]
    fn keys_are_found_with_and_without_what_terminals_add() {
        let key = |code, held| intent(&KeyEvent::new(code, held));
        let none = KeyModifiers::NONE;
        let last = Some(Intent::Move(Move::Scroll(Scroll::Last)));
        let cases = [
            (KeyCode::Char('G'), KeyModifiers::SHIFT, last),
            (KeyCode::Char('G'), none, last),
            (KeyCode::Char('?'), KeyModifiers::SHIFT, Some(Intent::Open("help"))),
            (KeyCode::F(1), none, Some(Intent::Open("help"))),
            (KeyCode::Char('c'), KeyModifiers::CONTROL, Some(Intent::Program(Command::Quit))),
            (KeyCode::Char('c'), none, None),
            (KeyCode::BackTab, KeyModifiers::SHIFT, Some(Intent::Move(Move::OtherPane))),
            (KeyCode::Char('q'), KeyModifiers::ALT, None),
            (KeyCode::Char('ß'), none, None),
        ];
        for (code, held, expected) in cases {
            assert_eq!(key(code, held), expected, "{code:?} {held:?}");
        }
    }
}
