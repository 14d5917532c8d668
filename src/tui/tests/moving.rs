//! Moving: sequences of keys and what is selected afterwards.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::fixture::{self, press};
use crate::tui::layout;
use crate::tui::message::Message;
use crate::tui::screen::checklist::board::Pane;
use crate::tui::screen::checklist::rows::Row;
use crate::tui::screen::checklist::{detail, panes};
use crate::tui::state::State;
use crate::tui::update::update;

/// What is selected, in a word.
fn selected(state: &State) -> String {
    let row = match state.main.row() {
        Some(Row::Overview) => "overview".to_owned(),
        Some(Row::Section(at)) => format!("section {at}"),
        Some(Row::Item { .. }) => state.item().expect("an item").id.to_string(),
        None => "nothing".to_owned(),
    };
    match (state.main.focus, state.main.detail.finding) {
        (Pane::List, _) => row,
        (Pane::Detail, None) => format!("{row} detail"),
        (Pane::Detail, Some(at)) => format!("{row} finding {at}"),
    }
}

fn detail_area(state: &State) -> ratatui::layout::Rect {
    let body = layout::parts(&state.known).expect("room").body;
    panes::panes(body, state.main.focus).detail.expect("the detail")
}

#[test]
fn keys_move_the_selection() {
    let cases = [
        ("", "overview"),
        ("up", "overview"),
        ("j", "section 0"),
        ("j j", "secret-key-not-hardcoded"),
        ("j j k", "section 0"),
        ("G", "stripe-live"),
        ("end down", "stripe-live"),
        ("G g", "overview"),
        ("end home", "overview"),
        ("pgdn", "stripe-live"),
        ("ctrl-d", "payments-tested"),
        ("ctrl-d ctrl-u", "overview"),
        ("j enter j", "section 1"),
        ("j h j", "section 1"),
        ("j h l j", "secret-key-not-hardcoded"),
        ("j j j h", "section 0"),
        ("j j enter", "secret-key-not-hardcoded detail"),
        ("j j l j", "secret-key-not-hardcoded finding 0"),
        ("j j l j j", "secret-key-not-hardcoded finding 1"),
        ("j j l j j k", "secret-key-not-hardcoded finding 0"),
        ("j j tab", "secret-key-not-hardcoded detail"),
        ("j j tab tab", "secret-key-not-hardcoded"),
        ("j j enter esc", "secret-key-not-hardcoded"),
        ("j j enter h", "secret-key-not-hardcoded"),
        ("n", "secret-key-not-hardcoded"),
        ("n n n", "env-never-committed"),
        ("n n n n", "restore-rehearsed"),
        ("p", "gitignore-reviewed"),
        ("p n", "secret-key-not-hardcoded"),
        ("j enter n", "secret-key-not-hardcoded"),
        ("n enter n", "secret-key-strong detail"),
        ("/ stale enter", "payments-tested"),
        ("/ stale enter n", "payments-tested"),
        ("/ stale esc", "payments-tested"),
        ("/ stale down", "payments-tested"),
        ("/ SECRET space strong enter", "secret-key-strong"),
        ("/ nothing-like-it enter", "nothing"),
        ("/ x bs bs j", "mail-password-encrypted"),
        ("f1 esc", "overview"),
        ("? ?", "overview"),
        ("? esc j", "section 0"),
        ("j j f", "secret-key-not-hardcoded"),
    ];
    for (keys, expected) in cases {
        let mut state = fixture::done((120, 28));
        press(&mut state, keys);
        assert_eq!(selected(&state), expected, "{keys}");
    }
}

#[test]
fn on_a_narrow_screen_one_pane_is_there_at_a_time() {
    let mut state = fixture::done((40, 12));
    press(&mut state, "n enter");
    assert_eq!(selected(&state), "secret-key-not-hardcoded detail");
    press(&mut state, "n");
    assert_eq!(selected(&state), "secret-key-strong detail");
    press(&mut state, "esc");
    assert_eq!(selected(&state), "secret-key-strong");
}

#[test]
fn the_selection_is_always_in_sight() {
    for size in [(40, 12), (80, 24), (200, 50)] {
        for keys in ["G", "G k k k", "ctrl-d", "n n n n n", "pgdn pgup", "p", "G g"] {
            let mut state = fixture::done(size);
            press(&mut state, keys);
            let height = usize::from(size.1) - 4;
            let seen = state.main.list.offset..state.main.list.offset + height;
            assert!(seen.contains(&state.main.list.cursor), "{size:?} {keys}");
        }
    }
}

#[test]
fn the_selected_finding_is_always_in_sight() {
    for size in [(40, 12), (80, 24), (200, 50)] {
        let mut state = fixture::done(size);
        press(&mut state, "n enter");
        for keys in ["j", "j", "j", "j", "j", "k", "k", "k", "k", "k", "k"] {
            press(&mut state, keys);
            let Some(at) = state.main.detail.finding else { continue };
            let area = detail_area(&state);
            let columns = usize::from(panes::detail_text(area).width);
            let start = detail::build(&state.main, &state.known, columns).findings[at].start;
            let seen =
                state.main.detail.scroll..state.main.detail.scroll + usize::from(area.height);
            // its first line stays until the end of the text is reached
            assert!(seen.contains(&start) || keys == "j", "{size:?} {keys} {at}");
        }
    }
}

#[test]
fn the_filter_counts_and_follows_every_letter() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "/ un");
    assert_eq!(state.main.list.shown, 2);
    press(&mut state, "signed enter");
    assert_eq!((state.main.list.shown, state.main.list.rows.len()), (2, 3));
    press(&mut state, "esc");
    assert_eq!(state.main.list.shown, 12);
}

fn mouse(state: &mut State, kind: MouseEventKind, column: u16, row: u16) {
    let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    update(state, Message::Mouse(event));
}

#[test]
fn the_mouse_selects_opens_and_scrolls() {
    let click = MouseEventKind::Down(MouseButton::Left);
    let mut state = fixture::done((120, 28));
    mouse(&mut state, click, 5, 3 + 2);
    assert_eq!(selected(&state), "secret-key-not-hardcoded");
    mouse(&mut state, click, 5, 3 + 2);
    assert_eq!(selected(&state), "secret-key-not-hardcoded detail");
    mouse(&mut state, click, 5, 3 + 1);
    assert_eq!((selected(&state), state.main.list.rows.len()), ("section 0".to_owned(), 12));
    mouse(&mut state, click, 5, 3 + 1);
    assert_eq!(state.main.list.rows.len(), 16);
    press(&mut state, "n");
    let area = detail_area(&state);
    let columns = usize::from(panes::detail_text(area).width);
    let lines = detail::build(&state.main, &state.known, columns).findings;
    let line = u16::try_from(lines[1].start).expect("near");
    mouse(&mut state, click, area.x + 4, area.y + line);
    assert_eq!(selected(&state), "secret-key-not-hardcoded finding 1");

    let mut state = fixture::done((40, 12));
    mouse(&mut state, MouseEventKind::ScrollDown, 5, 5);
    assert_eq!((state.main.list.offset, state.main.list.cursor), (3, 0));
    mouse(&mut state, MouseEventKind::ScrollUp, 5, 5);
    assert_eq!(state.main.list.offset, 0);
}

#[test]
fn what_was_open_comes_back() {
    let mut state = fixture::done((120, 28));
    press(&mut state, "j enter G enter");
    let memory = state.memory();
    assert_eq!(memory.item.as_deref(), Some("stripe-live"));
    let mut again = fixture::empty((120, 28));
    update(&mut again, Message::Opened(fixture::loaded(), Some(memory.clone())));
    assert_eq!(selected(&again), "stripe-live detail");
    assert_eq!(again.memory(), memory);

    let mut gone = memory;
    gone.item = Some("an-item-that-is-gone".into());
    gone.closed.push("No such section".into());
    let mut again = fixture::empty((120, 28));
    update(&mut again, Message::Opened(fixture::loaded(), Some(gone)));
    assert_eq!(selected(&again), "overview detail");
}
