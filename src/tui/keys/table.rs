//! The one table of keys: what each does, and the words for it.

use super::binding::{Binding, Chord, Group, ch, ctrl, plain};
use super::intent::{Action, Command, Intent, Move, Scroll};
use crossterm::event::KeyCode;

const fn binding(
    chords: &'static [Chord],
    intent: Intent,
    group: Group,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding { chords, intent, group, hint, help }
}

const fn scroll(way: Scroll) -> Intent {
    Intent::Move(Move::Scroll(way))
}

/// The keys that every screen has; dialogs and screens register more.
pub(crate) const KEYS: &[Binding] = {
    use Intent as I;
    use KeyCode as K;
    &[
        binding(
            &[plain(K::Up), ch('k')],
            scroll(Scroll::Up),
            Group::Moving,
            "up",
            "one row up; in the detail, the finding above",
        ),
        binding(
            &[plain(K::Down), ch('j')],
            scroll(Scroll::Down),
            Group::Moving,
            "down",
            "one row down; in the detail, the finding below",
        ),
        binding(
            &[plain(K::Left), ch('h')],
            I::Move(Move::Left),
            Group::Moving,
            "list",
            "back to the list; in the list, close the section",
        ),
        binding(
            &[plain(K::Right), ch('l')],
            I::Move(Move::Right),
            Group::Moving,
            "detail",
            "to the detail; on a closed section, open it",
        ),
        binding(
            &[plain(K::Home), ch('g')],
            scroll(Scroll::First),
            Group::Moving,
            "top",
            "to the top",
        ),
        binding(
            &[plain(K::End), ch('G')],
            scroll(Scroll::Last),
            Group::Moving,
            "bottom",
            "to the bottom",
        ),
        binding(
            &[plain(K::PageUp), ctrl('b')],
            scroll(Scroll::PageUp),
            Group::Moving,
            "page up",
            "a page up",
        ),
        binding(
            &[plain(K::PageDown), ctrl('f'), ch(' ')],
            scroll(Scroll::PageDown),
            Group::Moving,
            "page down",
            "a page down",
        ),
        binding(&[ctrl('u')], scroll(Scroll::HalfUp), Group::Moving, "half up", "half a page up"),
        binding(
            &[ctrl('d')],
            scroll(Scroll::HalfDown),
            Group::Moving,
            "half down",
            "half a page down",
        ),
        binding(
            &[plain(K::Tab), plain(K::BackTab)],
            I::Move(Move::OtherPane),
            Group::Moving,
            "other pane",
            "between the list and the detail",
        ),
        binding(
            &[plain(K::Enter)],
            I::Move(Move::Enter),
            Group::Moving,
            "open",
            "open the item; open or close the section; open the finding in the editor",
        ),
        binding(
            &[plain(K::Esc)],
            I::Move(Move::Back),
            Group::Moving,
            "back",
            "one step back: from the detail to the list, then clear the filter",
        ),
        binding(
            &[ch('n')],
            I::Move(Move::NextBlocker),
            Group::Moving,
            "next blocker",
            "to the next item that blocks a GO",
        ),
        binding(
            &[ch('p'), ch('N')],
            I::Move(Move::PreviousBlocker),
            Group::Moving,
            "previous blocker",
            "to the one before",
        ),
        binding(
            &[ch('/')],
            I::Move(Move::Filter),
            Group::Moving,
            "filter",
            "show only items with these words in id, title, section, standing or severity",
        ),
        binding(
            &[ch('s')],
            I::Item(Action::SignOff),
            Group::Acting,
            "sign off",
            "sign it off: you vouch that it holds on this commit",
        ),
        binding(
            &[ch('o')],
            I::Item(Action::Object),
            Group::Acting,
            "object",
            "object: you say that it does not hold",
        ),
        binding(
            &[ch('w')],
            I::Item(Action::Waive),
            Group::Acting,
            "waive",
            "waive it: it may be ignored until a day, for a reason",
        ),
        binding(
            &[ch('u')],
            I::Item(Action::Withdraw),
            Group::Acting,
            "withdraw",
            "withdraw your own latest record on it",
        ),
        binding(
            &[ch('f')],
            I::Item(Action::Fix),
            Group::Acting,
            "fix",
            "let gonogo make it hold, where it can; it shows what will change first",
        ),
        binding(
            &[ch('e')],
            I::Item(Action::Edit),
            Group::Acting,
            "edit",
            "open the finding's place in $VISUAL or $EDITOR",
        ),
        binding(
            &[ch('y')],
            I::Item(Action::Copy),
            Group::Acting,
            "copy",
            "copy the finding's place; in the list, the item's id",
        ),
        binding(
            &[ch('Y')],
            I::Item(Action::CopyCode),
            Group::Acting,
            "copy code",
            "copy the code of the fix",
        ),
        binding(&[ch('r')], I::Item(Action::Rerun), Group::Acting, "check again", "check it again"),
        binding(
            &[ch('R')],
            I::Program(Command::RerunAll),
            Group::Program,
            "check all again",
            "read checklist, commit and ledger again and check all",
        ),
        binding(
            &[ch('U')],
            I::Program(Command::Undo),
            Group::Program,
            "undo",
            "take the latest fix back",
        ),
        binding(
            &[ch('m')],
            I::Program(Command::Mouse),
            Group::Program,
            "mouse",
            "mouse on or off; off, the terminal selects text",
        ),
        binding(
            &[ch('T')],
            I::Program(Command::Theme),
            Group::Program,
            "theme",
            "the next theme: dark, light, colourless",
        ),
        binding(&[ch('q'), ctrl('c')], I::Program(Command::Quit), Group::Program, "quit", "leave"),
        binding(
            &[ctrl('z')],
            I::Program(Command::Suspend),
            Group::Program,
            "suspend",
            "stop until the shell's `fg`",
        ),
    ]
};
