//! The styles of the screen, which its text does not show.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::fixture::{self, press};
use crate::assess::Standing;
use crate::tui::draw;
use crate::tui::state::State;
use crate::tui::theme::{Role, Theme};

fn buffer(state: &State) -> Buffer {
    let backend = TestBackend::new(state.known.size.0, state.known.size.1);
    let mut terminal = Terminal::new(backend).expect("a terminal");
    terminal.draw(|frame| draw::draw(frame, state)).expect("drawn");
    terminal.backend().buffer().clone()
}

/// The cells of the first line that has the text, from where it begins.
fn cells(buffer: &Buffer, text: &str) -> Vec<Cell> {
    let width = usize::from(buffer.area.width);
    for row in buffer.content().chunks(width) {
        let line: Vec<&str> = row.iter().map(Cell::symbol).collect();
        for at in 0..line.len() {
            if line.get(at..).is_some_and(|rest| rest.concat().starts_with(text)) {
                return row[at..at + text.chars().count()].to_vec();
            }
        }
    }
    panic!("`{text}` is not on the screen");
}

/// The selected row, from its pointer on.
fn selected_row(buffer: &Buffer) -> Vec<Cell> {
    let narrow = buffer.area.width < 46;
    cells(buffer, if narrow { "▸ ✗ SECRET_KEY" } else { "▸   ✗ SECRET_KEY" })
}

const THEMES: [Theme; 3] = [Theme::Dark, Theme::Light, Theme::Plain];

#[test]
fn the_selection_is_marked_by_a_sign_and_reversed() {
    for theme in THEMES {
        for size in [(40, 12), (80, 24), (200, 50)] {
            let mut state = fixture::done(size);
            state.known.theme = theme;
            press(&mut state, "down down");
            let buffer = buffer(&state);
            let row = selected_row(&buffer);
            assert!(row[2..].iter().all(|cell| cell.modifier.contains(Modifier::REVERSED)));
            let other = cells(&buffer, "  ✓ git ignores");
            assert!(!other.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED)));
        }
    }
}

#[test]
fn the_selection_stays_visible_when_the_detail_has_the_keys() {
    for theme in THEMES {
        let mut state = fixture::done((200, 50));
        state.known.theme = theme;
        press(&mut state, "down down enter down");
        let buffer = buffer(&state);
        let row = selected_row(&buffer);
        assert!(row[2..].iter().all(|cell| cell.modifier.contains(Modifier::BOLD)));
        let finding = cells(&buffer, "▸ shop/app.py:189:1");
        assert!(finding[2..].iter().all(|cell| cell.modifier.contains(Modifier::REVERSED)));
    }
}

#[test]
fn standings_have_the_colours_of_the_theme() {
    for theme in [Theme::Dark, Theme::Light] {
        let mut state = fixture::done((200, 50));
        state.known.theme = theme;
        let buffer = buffer(&state);
        let cases = [
            ("✗ SECRET_KEY", Standing::Failed),
            ("✓ git ignores", Standing::Passed),
            ("✎ No SQL", Standing::SignedOff),
            ("≈ Mail", Standing::Waived),
            ("– Names", Standing::NotApplicable),
            ("○ A backup", Standing::Unsigned),
            ("↻ Payments", Standing::Stale),
            ("⊘ The ignore", Standing::Objected),
            ("E No commit", Standing::Errored),
        ];
        for (text, standing) in cases {
            let expected = theme.style(Role::Standing(standing)).fg;
            assert_eq!(cells(&buffer, text)[0].style().fg, expected, "{theme:?} {text}");
        }
    }
}

#[test]
fn the_colourless_theme_draws_no_colour() {
    for keys in ["down down", "down down enter down", "?", "/ unsigned", "down down down f"] {
        let mut state = fixture::done((200, 50));
        state.known.theme = Theme::Plain;
        press(&mut state, keys);
        for cell in buffer(&state).content() {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{keys}: {cell:?}");
        }
    }
}

#[test]
fn the_verdict_is_a_badge_in_every_theme() {
    for theme in THEMES {
        let mut state = fixture::done((80, 24));
        state.known.theme = theme;
        let badge = cells(&buffer(&state), " NO-GO ");
        for cell in badge {
            assert!(cell.modifier.contains(Modifier::BOLD));
            let reversed = cell.modifier.contains(Modifier::REVERSED);
            assert!(reversed || cell.bg != Color::Reset, "{theme:?}");
        }
    }
}
