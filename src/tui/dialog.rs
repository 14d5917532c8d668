//! What can lie over the panes, and the fields that are typed into.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

use super::message::{Planned, Ticket};
use crate::ledger::Entry;
use crate::model::{CleanText, Date, ItemId};
use crate::session::Draft;

/// A note longer than this many characters is a document, not a note.
const LONGEST: usize = 2000;

/// What lies over the panes.
#[derive(Debug)]
pub enum Dialog {
    /// The help.
    Help(Help),
    /// Something is being prepared.
    Waiting {
        /// Which question.
        ticket: Ticket,
        /// About which item, whatever is selected when the answer comes.
        item: ItemId,
        /// What about.
        title: &'static str,
        /// The item's title.
        about: CleanText,
    },
    /// A sign-off, an objection or a waiver.
    Record(Box<RecordForm>),
    /// A withdrawal.
    Withdrawal(Box<WithdrawalForm>),
    /// A fix.
    Fix(Box<FixForm>),
    /// Something to read.
    Notice(Notice),
}

/// The help's state.
#[derive(Debug, Default)]
pub struct Help {
    /// What is looked for.
    pub search: Input,
    /// The first line shown.
    pub scroll: usize,
}

/// Something to read, such as an error.
#[derive(Debug)]
pub struct Notice {
    /// A heading.
    pub title: &'static str,
    /// What to read.
    pub text: String,
    /// The first line shown.
    pub scroll: usize,
}

/// What a form has besides its fields.
#[derive(Debug, Default)]
pub struct Form {
    /// The first line of its text shown.
    pub scroll: usize,
    /// What is wrong with what was typed, or why it could not be done.
    pub error: Option<String>,
    /// It is being carried out.
    pub working: Option<Ticket>,
}

/// A sign-off, an objection or a waiver.
#[derive(Debug)]
pub struct RecordForm {
    /// What will be written.
    pub draft: Draft,
    /// The item's title.
    pub title: CleanText,
    /// The findings that the signer accepts, one line each.
    pub accepted: Vec<String>,
    /// The last day on which the item's policy lets it hold.
    pub valid_until: Option<Date>,
    /// The person's words.
    pub note: Input,
    /// The waiver's last day, as typed.
    pub until: Input,
    /// The last day has the keys, not the note.
    pub on_date: bool,
    /// The rest.
    pub form: Form,
}

/// A withdrawal.
#[derive(Debug)]
pub struct WithdrawalForm {
    /// What will be written.
    pub draft: Draft,
    /// What it takes back.
    pub entry: Entry,
    /// The item's title.
    pub title: CleanText,
    /// The person's words.
    pub note: Input,
    /// The rest.
    pub form: Form,
}

/// A fix.
#[derive(Debug)]
pub struct FixForm {
    /// The item that it was opened for.
    pub item: ItemId,
    /// What changes.
    pub planned: Planned,
    /// The item's title.
    pub title: CleanText,
    /// What is typed to agree that something is lost.
    pub confirm: Input,
    /// The rest.
    pub form: Form,
}

impl Dialog {
    /// Whether it waits for something, so that a spinner turns.
    pub fn waits(&self) -> bool {
        match self {
            Self::Waiting { .. } => true,
            Self::Record(record) => record.form.working.is_some(),
            Self::Withdrawal(withdrawal) => withdrawal.form.working.is_some(),
            Self::Fix(fix) => fix.form.working.is_some(),
            Self::Help(_) | Self::Notice(_) => false,
        }
    }

    /// The first line shown.
    pub fn scroll(&mut self) -> Option<&mut usize> {
        match self {
            Self::Help(help) => Some(&mut help.scroll),
            Self::Notice(notice) => Some(&mut notice.scroll),
            Self::Waiting { .. } => None,
            _ => self.form().map(|form| &mut form.scroll),
        }
    }

    /// What a form has besides its fields.
    pub fn form(&mut self) -> Option<&mut Form> {
        match self {
            Self::Record(record) => Some(&mut record.form),
            Self::Withdrawal(withdrawal) => Some(&mut withdrawal.form),
            Self::Fix(fix) => Some(&mut fix.form),
            _ => None,
        }
    }

    /// The field that has the keys.
    pub fn field(&mut self) -> Option<&mut Input> {
        match self {
            Self::Help(help) => Some(&mut help.search),
            Self::Record(record) => {
                let record = record.as_mut();
                Some(if record.on_date { &mut record.until } else { &mut record.note })
            }
            Self::Withdrawal(withdrawal) => Some(&mut withdrawal.note),
            Self::Fix(fix) if fix.planned.plan.loses.is_some() => Some(&mut fix.confirm),
            _ => None,
        }
    }
}

/// Puts text into a field; what could move a cursor or hide something stays out.
pub fn insert(field: &mut Input, text: &str) {
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
pub fn edit(field: &mut Input, key: &KeyEvent) -> bool {
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
