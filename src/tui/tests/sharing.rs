//! Overruling an objection and sharing the ledger: what is shown, asked, given up.

use super::fixture::{self, press};
use super::screens::text;
use crate::assess::Sharing;
use crate::ledger::{Act, Synced};
use crate::tui::message::{Answer, Effect, Message, Question, Reread};
use crate::tui::state::State;
use crate::tui::update::update;

fn with_sharing(sharing: Sharing) -> State {
    let mut state = fixture::done((100, 30));
    let loaded = state.known.loaded.as_mut().expect("loaded");
    let mut basis = (*loaded.basis).clone();
    basis.ledger.sharing = sharing;
    loaded.basis = basis.into();
    state
}

fn synced() -> Sharing {
    Sharing::Synced { remote: "origin".into(), ahead: 2, behind: 1, at: None }
}

#[test]
fn an_objection_is_overruled_with_a_reason() {
    let mut state = fixture::done((100, 30));
    press(&mut state, "/ objected enter O");
    let shown = text(&state);
    for part in ["Overrule", "This objection will no longer count", "enter overrule"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let effects = press(&mut state, "the space rules space are space there enter");
    let [Effect::Ask(job, Question::Overrule { item, why, results, .. })] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((item.as_str(), why.as_str()), ("gitignore-reviewed", "the rules are there"));
    assert!(results.is_empty(), "a manual item has no findings to accept");
    // a refusal leaves what was typed
    update(&mut state, Message::Answered(job.ticket, Err("it needs a longer reason".into())));
    let shown = text(&state);
    assert!(shown.contains("it needs a longer reason") && shown.contains("the rules are there"));
    let effects = press(&mut state, "enter");
    let [Effect::Ask(job, _)] = &effects[..] else { panic!("{effects:?}") };
    let answer = Answer::Committed(Act::Overruling, "1a2b3c4".to_owned());
    let effects = update(&mut state, Message::Answered(job.ticket, Ok(answer)));
    assert!(matches!(effects[..], [Effect::Refresh(Reread::Recorded)]));
    assert!(state.dialogs.is_empty());
}

#[test]
fn what_cannot_be_overruled_says_why() {
    for (keys, says) in
        [("O", "Select an item first."), ("/ restore enter O", "Nobody objects to this item.")]
    {
        let mut state = fixture::done((100, 30));
        assert!(press(&mut state, keys).is_empty());
        assert!(text(&state).contains(says), "{keys}");
    }
    let mut state = fixture::done((100, 30));
    let objector = state.known.assessment(&fixture::id("gitignore-reviewed")).expect("assessed");
    let objector = objector.records[0].entry.author.clone();
    state.known.loaded.as_mut().expect("loaded").me = Some(objector);
    press(&mut state, "/ objected enter O");
    assert!(text(&state).contains("withdraw it with `u`"), "{}", text(&state));
}

#[test]
fn the_ledger_is_shared_and_escape_gives_it_up() {
    let mut state = with_sharing(synced());
    press(&mut state, "S");
    let shown = text(&state);
    for part in ["Share the ledger with `origin`", "2 records to send", "1 record known"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let effects = press(&mut state, "enter");
    let [Effect::Ask(job, Question::Sync)] = &effects[..] else { panic!("{effects:?}") };
    assert!(!job.cancel.is_cancelled() && text(&state).contains("Working…"));
    press(&mut state, "esc");
    assert!(job.cancel.is_cancelled() && text(&state).contains("Giving up…"));
    update(&mut state, Message::Answered(job.ticket, Err("it was cancelled".into())));
    assert!(text(&state).contains("it was cancelled"));

    let effects = press(&mut state, "enter");
    let [Effect::Ask(job, Question::Sync)] = &effects[..] else { panic!("{effects:?}") };
    let done = Synced {
        remote: "origin".into(),
        received: Vec::new(),
        sent: 2,
        ahead: 0,
        tip: None,
        notes: Vec::new(),
    };
    let answer = Message::Answered(job.ticket, Ok(Answer::Synced(Box::new(done))));
    let effects = update(&mut state, answer);
    assert!(matches!(effects[..], [Effect::Refresh(Reread::Recorded)]));
    let toast = state.known.toast.as_ref().expect("said");
    assert_eq!(toast.text, "Ledger of `origin`: received nothing, sent 2 records");
}

#[test]
fn what_cannot_be_shared_says_why() {
    let mut offline = with_sharing(synced());
    offline.known.offline = true;
    let mut revision = with_sharing(synced());
    let loaded = revision.known.loaded.as_mut().expect("loaded");
    loaded.read_only = Some("`v1.2` is judged as it is".into());
    for (mut state, says) in [
        (offline, "--offline forbids"),
        (revision, "`v1.2` is judged as it is"),
        (with_sharing(Sharing::NoRemote), "git remote add"),
    ] {
        assert!(press(&mut state, "S").is_empty());
        assert!(text(&state).contains(says), "{}", text(&state));
        assert!(press(&mut state, "enter").is_empty() && state.dialogs.is_empty());
    }
}

#[test]
fn reading_again_is_not_said_any_longer_when_it_is_done() {
    let mut state = fixture::done((100, 30));
    assert!(matches!(press(&mut state, "R")[..], [Effect::Reopen]));
    assert!(text(&state).contains("Reading everything again"));
    update(&mut state, Message::Reread(fixture::loaded(), Reread::All));
    assert!(!text(&state).contains("Reading everything again"));
    assert_eq!(state.known.toast, None);
}
