//! What the detail shows of an item's checks: each keeps its own result.

use super::fixture::{self, press};
use super::screens::text;
use crate::model::{
    CheckError, CheckResult, Finding, ItemResult, Need, Note, Observation, Place, RepoPath, RuleId,
    Subject,
};
use crate::tui::message::Effect;
use crate::tui::state::State;

fn place(path: &str, line: u32) -> Place {
    Place::at(RepoPath::new(path).expect("a path"), line, 1)
}

/// One check found something and noted something, one cannot say, one could not look.
fn mixed(size: (u16, u16)) -> State {
    let (rule, whole) = (RuleId::new("test.rule"), Subject::whole);
    let finding = Finding::new(rule, whole(), "a literal in the code").at(place("app.py", 3));
    let need = Need::new(rule, whole(), "the setting comes from a module that is not here")
        .at(place("settings.py", 9))
        .help("add the module, or sign it off");
    let error = CheckError::could_not_look(rule, whole(), "`big.py` is too large", "exclude it");
    let noted =
        Observation::judge(vec![finding], "2 files").noting([Note::new("tests were left out")]);
    let seen = [Ok(noted), Ok(Observation::undecided(need, "1 file")), Err(error)];
    let result = ItemResult(seen.map(|seen| CheckResult { kind: "test", seen }).into());
    let mut state = fixture::done(size);
    state.known.results.insert(fixture::id("secret-key-not-hardcoded"), result);
    press(&mut state, "n enter");
    state
}

#[test]
fn a_failure_an_open_question_and_an_error_stand_beside_each_other() {
    let text = text(&mixed((120, 60)));
    for expected in [
        "1 finding",
        "app.py:3:1",
        "What would be needed to decide, 1",
        "settings.py:9:1",
        "→ add the module, or sign it off",
        "1 error",
        "`big.py` is too large",
        "→ exclude it",
        "tests were left out",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn each_can_be_selected_and_opened() {
    for (keys, expected) in [("j e", 3), ("j j e", 9)] {
        let effects = press(&mut mixed((120, 60)), keys);
        assert!(
            matches!(effects[..], [Effect::Edit(_, Some(line))] if line == expected),
            "{keys}: {effects:?}"
        );
    }
    let mut state = mixed((120, 60));
    assert!(press(&mut state, "j j j e").is_empty(), "an error names no place");
    assert!(state.known.toast.expect("said").text.contains("names a place"));
}
