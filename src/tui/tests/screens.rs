//! The text of the screen at three sizes, as snapshots.

use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::fixture::{self, press};
use crate::assess::{Assessment, Verdict};
use crate::ledger::Act;
use crate::model::{Loss, Plan};
use crate::report::wrap;
use crate::tui::draw;
use crate::tui::message::{Answer, Message};
use crate::tui::state::State;
use crate::tui::update::update;

pub(super) const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (200, 50)];

/// The screen as lines of text.
pub(super) fn text(state: &State) -> String {
    let backend = TestBackend::new(state.known.size.0, state.known.size.1);
    let mut terminal = Terminal::new(backend).expect("a terminal");
    terminal.draw(|frame| draw::draw(frame, state)).expect("drawn");
    let buffer = terminal.backend().buffer().clone();
    let width = usize::from(buffer.area.width);
    let cells: Vec<&str> = buffer.content().iter().map(|cell| cell.symbol()).collect();
    let lines: Vec<String> = cells
        .chunks(width)
        .map(|row| {
            // a wide letter's second cell holds a space that is not shown
            let mut line = String::new();
            let mut skip = 0;
            for symbol in row {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                line.push_str(symbol);
                skip = wrap::width(symbol).saturating_sub(1);
            }
            line.trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

fn snapshot(name: &str, state: &State) {
    let (width, height) = state.known.size;
    insta::assert_snapshot!(format!("{name}_{width}x{height}"), text(state));
}

#[test]
fn before_the_repository_is_read() {
    for size in SIZES {
        snapshot("loading", &fixture::empty(size));
    }
}

#[test]
fn while_checks_run() {
    for size in SIZES {
        let mut state = fixture::running(size);
        let started = crate::engine::Event::Started(fixture::id("env-ignored"));
        update(&mut state, Message::Run(1, started));
        update(&mut state, Message::Run(1, crate::engine::Event::Progress { files: 12034 }));
        snapshot("running", &state);
    }
}

#[test]
fn the_overview_names_all_that_stands_against_it() {
    for size in SIZES {
        let mut state = fixture::done(size);
        if size.0 < 100 {
            press(&mut state, "enter");
        }
        snapshot("overview", &state);
    }
}

#[test]
fn an_item_with_findings() {
    for size in SIZES {
        let mut state = fixture::done(size);
        press(&mut state, "down down");
        snapshot("list", &state);
        press(&mut state, "enter down down");
        snapshot("findings", &state);
    }
}

#[test]
fn an_item_with_a_history() {
    for size in SIZES {
        let mut state = fixture::done(size);
        press(&mut state, "/ payments enter enter");
        if size.0 < 100 {
            press(&mut state, "pgdn pgdn");
        }
        snapshot("history", &state);
    }
}

#[test]
fn typing_a_filter() {
    for size in SIZES {
        let mut state = fixture::done(size);
        press(&mut state, "/ unsigned");
        snapshot("filter", &state);
    }
}

#[test]
fn help() {
    for size in SIZES {
        let mut state = fixture::done(size);
        press(&mut state, "?");
        snapshot("help", &state);
        press(&mut state, "sign");
        snapshot("help_searched", &state);
    }
}

#[test]
fn signing_off() {
    for size in SIZES {
        let mut state = fixture::done(size);
        press(&mut state, "/ todos enter s");
        let draft = fixture::draft(Act::SignOff, "todos-reviewed");
        update(&mut state, Message::Answered(1, Ok(Answer::Drafted(Box::new(draft)))));
        press(&mut state, "Both space are space harmless");
        snapshot("sign", &state);
    }
}

#[test]
fn waiving_without_a_day() {
    for size in SIZES {
        let mut state = fixture::done(size);
        press(&mut state, "/ restore enter w");
        let draft = fixture::draft(Act::Waiver, "restore-rehearsed");
        update(&mut state, Message::Answered(1, Ok(Answer::Drafted(Box::new(draft)))));
        press(&mut state, "2015/10/21 enter");
        snapshot("waive", &state);
    }
}

#[test]
fn withdrawing() {
    let mut state = fixture::done((80, 24));
    press(&mut state, "/ payments enter u");
    let answer = Answer::WithdrawalDrafted(Box::new(fixture::withdrawal("payments-tested")));
    update(&mut state, Message::Answered(1, Ok(answer)));
    snapshot("withdraw", &state);
}

#[test]
fn fixing() {
    for size in SIZES {
        let mut state = fixture::done(size);
        press(&mut state, "down down down f");
        let what = "SECRET_KEY holds a value that is not a placeholder".into();
        let loss = Loss { what, typed: "SECRET_KEY".into() };
        let mut planned = fixture::planned(Some(loss), &[]);
        planned.plan = Arc::new(Plan {
            edits: Vec::new(),
            changes: vec!["`.env`: SECRET_KEY gets 32 fresh random bytes".into()],
            diff: vec!["- SECRET_KEY=•••".into(), "+ SECRET_KEY=•••".into()],
            loses: planned.plan.loses.clone(),
        });
        let answer = Answer::Planned(fixture::id("secret-key-strong"), planned);
        update(&mut state, Message::Answered(1, Ok(answer)));
        snapshot("fix", &state);
    }
}

#[test]
fn an_error_to_read() {
    let mut state = fixture::done((80, 24));
    let text = "git does not know who you are, and a record needs a name; run `git config --global user.name \"Your Name\"`\nand once more".to_owned();
    update(&mut state, Message::Failed { title: "That cannot be recorded", text });
    snapshot("notice", &state);
}

#[test]
fn ascii_without_colours() {
    for size in SIZES {
        let mut state = fixture::plain(fixture::done(size));
        press(&mut state, "down down");
        let text = text(&state).replace('決', "").replace("済テスト", "");
        assert!(text.replace(['…', '•'], "").is_ascii(), "{text}");
        snapshot("ascii", &state);
    }
}

#[test]
fn the_largest_terminal_costs_no_more_than_a_large_one() {
    let mut state = fixture::done((80, 24));
    update(&mut state, Message::Resize(u16::MAX, u16::MAX));
    assert_eq!(state.known.size, crate::tui::layout::LARGEST);
    assert!(text(&state).contains("minipass"));
}

#[test]
fn the_header_says_what_is_judged_as_far_as_there_is_room() {
    let cases = [
        (200, None, 3, "main@1111111 + 3 uncommitted  ledger ↑2 ↓0  minipass production"),
        (200, None, 0, "minipass  main@1111111  ledger"),
        (200, Some("v1.2"), 0, "minipass  v1.2 (1111111), read-only  ledger"),
        (66, None, 3, "minipass  main@1111111 + 3 uncommitted"),
        (50, None, 0, "minipass  main@1111111"),
        (40, None, 3, "minipass  1111111"),
        (40, Some("v1.2"), 0, "minipass  v1.2"),
    ];
    for (width, revision, uncommitted, expected) in cases {
        let mut state = fixture::done((width, 24));
        let loaded = state.known.loaded.as_mut().expect("loaded");
        loaded.basis = std::sync::Arc::new(fixture::basis(revision, uncommitted));
        let text = text(&state);
        let first = text.lines().next().expect("a line");
        assert!(first.contains(expected), "{width} {revision:?} {uncommitted}: {first}");
    }
}

#[test]
fn a_go_says_what_it_is_for() {
    let cases = [(Verdict::Go, false, " GO  "), (Verdict::Go, true, " GO for the work tree  ")];
    for (verdict, of_work_tree, expected) in cases {
        let mut state = fixture::done((80, 24));
        let assessment = fixture::assessment(&fixture::checklist());
        let items = Vec::new();
        let all = Assessment { verdict, of_work_tree, items, ..assessment };
        update(&mut state, Message::Assessed(all));
        let text = text(&state);
        assert!(text.contains(expected), "{text}");
        // what cannot be read any more is not a GO, whatever it was
        state.known.unread = true;
        assert!(super::screens::text(&state).contains("NO-GO"));
    }
}

#[test]
fn the_bottom_line_offers_what_settles_the_item_first() {
    let mut state = fixture::done((40, 12));
    press(&mut state, "/ restore enter");
    let bottom = |state: &State| text(state).lines().last().expect("a line").to_owned();
    assert!(bottom(&state).starts_with(" s sign off  w waive"), "{}", bottom(&state));
    press(&mut state, "enter");
    assert!(bottom(&state).contains("s sign off"), "{}", bottom(&state));
}

#[test]
fn withdrawing_is_offered_only_to_who_can() {
    for (me, offered) in [(Some(fixture::RON), true), (Some(fixture::LEA), false), (None, false)] {
        let mut state = fixture::done((200, 50));
        let loaded = state.known.loaded.as_mut().expect("loaded");
        loaded.me = me.map(|(name, email)| crate::model::Person::new(name, email));
        press(&mut state, "/ payments enter");
        assert_eq!(text(&state).contains("u withdraw"), offered, "{me:?}");
    }
}

#[test]
fn too_small() {
    let state = fixture::done((20, 5));
    snapshot("small", &state);
    assert!(text(&fixture::done((39, 50))).contains("40x12"));
    assert!(text(&fixture::done((200, 11))).contains("40x12"));
}

#[test]
fn no_size_breaks_a_screen() {
    for width in [1, 2, 9, 39, 40, 41, 45, 46, 59, 60, 63, 64, 99, 100, 101, 121] {
        for height in [1, 2, 3, 11, 12, 13, 16, 17, 19, 20, 29] {
            let mut state = fixture::done((width, height));
            press(&mut state, "end enter down s");
            let ticket = state.ticket;
            let draft = fixture::draft(Act::Waiver, "todos-reviewed");
            update(&mut state, Message::Answered(ticket, Ok(Answer::Drafted(Box::new(draft)))));
            text(&state);
            press(&mut state, "esc ?");
            text(&state);
        }
    }
}
