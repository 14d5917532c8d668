//! One-line fields: what may be typed and pasted into them, with the keys of a
//! shell.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

use crate::model::CleanText;

/// A note longer than this many characters is a document, not a note.
const LONGEST: usize = 2000;

/// Puts text into a field; what could move a cursor or hide something stays out.
pub(crate) fn insert(field: &mut Input, text: &str) {
    for letter in text.chars() {
        let letter = if letter.is_whitespace() { ' ' } else { letter };
        let safe = CleanText::line(letter.to_string()).as_str().chars().eq([letter]);
        if safe && field.value().chars().count() < LONGEST {
            field.handle(InputRequest::InsertChar(letter));
        }
    }
}

/// Lets a key edit a field, with the keys of a shell; false when it means
/// nothing there.
pub(crate) fn edit(field: &mut Input, key: &KeyEvent) -> bool {
    use InputRequest as Do;
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    let request = match key.code {
        KeyCode::Char(letter) if !ctrl && !alt => {
            insert(field, letter.encode_utf8(&mut [0; 4]));
            return true;
        }
        KeyCode::Backspace if ctrl || alt => Do::DeletePrevWord,
        KeyCode::Backspace => Do::DeletePrevChar,
        KeyCode::Delete => Do::DeleteNextChar,
        KeyCode::Left if ctrl || alt => Do::GoToPrevWord,
        KeyCode::Right if ctrl || alt => Do::GoToNextWord,
        KeyCode::Left => Do::GoToPrevChar,
        KeyCode::Right => Do::GoToNextChar,
        KeyCode::Home => Do::GoToStart,
        KeyCode::End => Do::GoToEnd,
        KeyCode::Char('a') if ctrl => Do::GoToStart,
        KeyCode::Char('e') if ctrl => Do::GoToEnd,
        KeyCode::Char('w') if ctrl => Do::DeletePrevWord,
        KeyCode::Char('u') if ctrl => Do::DeleteFromStart,
        KeyCode::Char('k') if ctrl => Do::DeleteTillEnd,
        KeyCode::Char('h') if ctrl => Do::DeletePrevChar,
        KeyCode::Char('b') if alt => Do::GoToPrevWord,
        KeyCode::Char('f') if alt => Do::GoToNextWord,
        _ => return false,
    };
    field.handle(request);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_text_is_one_safe_line() {
        let mut field = Input::default();
        insert(&mut field, "one\r\ntwo\u{1b}[31m\u{202e}é日");
        assert_eq!(field.value(), "one  two[31mé日");
        insert(&mut field, &"x".repeat(3000));
        assert_eq!(field.value().chars().count(), LONGEST);
    }

    #[test]
    fn fields_know_the_keys_of_a_shell() {
        let mut field = Input::new("one two".into());
        let cases = [
            (KeyCode::Char('w'), KeyModifiers::CONTROL, "one "),
            (KeyCode::Char('é'), KeyModifiers::NONE, "one é"),
            (KeyCode::Backspace, KeyModifiers::NONE, "one "),
            (KeyCode::Home, KeyModifiers::NONE, "one "),
            (KeyCode::Char('k'), KeyModifiers::CONTROL, ""),
        ];
        for (code, held, expected) in cases {
            assert!(edit(&mut field, &KeyEvent::new(code, held)));
            assert_eq!(field.value(), expected);
        }
        assert!(!edit(&mut field, &KeyEvent::new(KeyCode::F(5), KeyModifiers::NONE)));
    }
}
