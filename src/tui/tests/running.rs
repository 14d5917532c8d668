//! Runs: whose result counts, and what the verdict says meanwhile.

use std::time::Duration;

use super::fixture::{self, press};
use crate::assess::Verdict;
use crate::engine::Event;
use crate::model::{CheckResult, ItemResult, Observation};
use crate::tui::message::{Effect, Message, Reread};
use crate::tui::state::State;
use crate::tui::theme::Badge;
use crate::tui::update::update;

fn finish(state: &mut State, run: u64, item: &str) {
    let result = Ok(Observation::judge(Vec::new(), "1 file"));
    let result = ItemResult(vec![CheckResult { kind: "test", seen: result }]);
    update(state, Message::Run(run, Event::Finished { item: fixture::id(item), result }));
}

fn end(state: &mut State, run: u64) {
    let done = Event::Done { cancelled: false, took: Duration::from_millis(3) };
    update(state, Message::Run(run, done));
}

#[test]
fn opening_checks_all() {
    let mut state = fixture::empty((80, 24));
    let effects = update(&mut state, Message::Opened(fixture::loaded(), None));
    assert!(matches!(effects[..], [Effect::CancelRuns, Effect::Run(1, None)]));
    assert_eq!(state.known.badge(), Badge::Checking);
    assert!(state.spins());
}

#[test]
fn the_verdict_waits_for_the_end_of_all_runs() {
    let mut state = fixture::done((80, 24));
    assert_eq!((state.known.badge(), state.spins()), (Badge::Verdict(Verdict::NoGo), false));
    press(&mut state, "n r");
    let why = Reread::Item(fixture::id("secret-key-not-hardcoded"));
    let effects = update(&mut state, Message::Reread(fixture::loaded(), why));
    assert!(matches!(&effects[..], [Effect::Run(2, Some(items))] if items.len() == 1));
    assert_eq!(state.known.badge(), Badge::Checking);
    let loaded = fixture::loaded();
    update(&mut state, Message::Assessed(fixture::assessment(&loaded.checklist)));
    assert_eq!(state.known.badge(), Badge::Checking);
    finish(&mut state, 2, "secret-key-not-hardcoded");
    end(&mut state, 2);
    update(&mut state, Message::Assessed(fixture::assessment(&loaded.checklist)));
    assert_eq!(state.known.badge(), Badge::Verdict(Verdict::NoGo));
}

#[test]
fn a_result_of_an_older_run_does_not_count() {
    let mut state = fixture::running((80, 24));
    let item = fixture::id("env-ignored");
    update(&mut state, Message::Reread(fixture::loaded(), Reread::Item(item.clone())));
    finish(&mut state, 1, "env-ignored");
    assert!(!state.known.results.contains_key(&item));
    finish(&mut state, 1, "uploads-safe");
    assert!(state.known.results.contains_key(&fixture::id("uploads-safe")));
    finish(&mut state, 2, "env-ignored");
    assert!(state.known.results.contains_key(&item));
    update(&mut state, Message::Reread(fixture::loaded(), Reread::All));
    assert!(state.known.results.is_empty());
    finish(&mut state, 1, "env-ignored");
    finish(&mut state, 2, "env-ignored");
    assert!(state.known.results.is_empty());
}

#[test]
fn a_moved_head_checks_all_again() {
    let mut state = fixture::done((80, 24));
    let mut moved = fixture::loaded();
    moved.head.commit = Some(fixture::commit('2'));
    let effects = update(&mut state, Message::Reread(moved, Reread::Recorded));
    assert!(matches!(effects[..], [Effect::CancelRuns, Effect::Run(2, None)]));
    assert!(state.known.toast.as_ref().expect("said").text.contains("HEAD moved to 2222222"));
}

#[test]
fn a_record_is_assessed_without_checking_again() {
    let mut state = fixture::done((80, 24));
    let effects = update(&mut state, Message::Reread(fixture::loaded(), Reread::Recorded));
    assert!(effects.is_empty() && state.known.assess_due);
}

#[test]
fn a_spinner_turns_only_while_something_runs() {
    let mut state = fixture::running((80, 24));
    let started = Event::Started(fixture::id("env-ignored"));
    update(&mut state, Message::Run(1, started));
    let before = super::screens::text(&state);
    update(&mut state, Message::Tick);
    let after = super::screens::text(&state);
    let changed = before.chars().zip(after.chars()).filter(|(a, b)| a != b).count();
    assert_eq!(changed, 2, "the one in the header and the one in the list");
    end(&mut state, 1);
    assert!(!state.spins());
}
