//! How the checks of one item ended, each kept.

use serde::Serialize;

use super::{CheckError, CleanText, Digest, Finding, Need, Note, Observation, Outcome};

/// How one check ended.
#[derive(Clone, PartialEq, Debug)]
pub struct CheckResult {
    /// The kind, as it is written in YAML.
    pub kind: &'static str,
    /// What it saw, or why it could not look.
    pub seen: Result<Observation, CheckError>,
}

/// How all checks of an item ended, in the order of the checklist. An error of
/// one never hides the findings of another.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ItemResult(pub Vec<CheckResult>);

/// What the checks of an item add up to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemOutcome {
    /// One fails.
    Fails,
    /// None fails, and one could not look.
    Errored,
    /// None fails, all could look, and one cannot say.
    Undecided,
    /// One holds, and the others do or do not apply.
    Holds,
    /// None applies.
    NotApplicable,
}

impl ItemResult {
    /// Precedence: fails, errored, undecided, holds, not applicable. No check at
    /// all is an error: nothing was looked at.
    pub fn outcome(&self) -> ItemOutcome {
        let any = |wanted| self.observations().any(|seen| seen.outcome() == wanted);
        if any(Outcome::Fails) {
            ItemOutcome::Fails
        } else if self.errors().next().is_some() || self.0.is_empty() {
            ItemOutcome::Errored
        } else if any(Outcome::Undecided) {
            ItemOutcome::Undecided
        } else if any(Outcome::Holds) {
            ItemOutcome::Holds
        } else {
            ItemOutcome::NotApplicable
        }
    }

    /// All findings of all checks.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.observations().flat_map(|seen| &seen.findings)
    }

    /// All that would be needed to decide.
    pub fn needs(&self) -> impl Iterator<Item = &Need> {
        self.observations().flat_map(|seen| &seen.needs)
    }

    /// Why checks could not look.
    pub fn errors(&self) -> impl Iterator<Item = &CheckError> {
        self.0.iter().filter_map(|check| check.seen.as_ref().err())
    }

    /// The same for people: what several checks say alike, once.
    pub fn told_errors(&self) -> impl Iterator<Item = &CheckError> {
        let mut told: Vec<&CheckError> = Vec::new();
        for error in self.errors() {
            if !told.contains(&error) {
                told.push(error);
            }
        }
        told.into_iter()
    }

    /// All notes.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        self.observations().flat_map(|seen| &seen.notes)
    }

    /// The identities of everything that speaks against a pass: findings, needs
    /// and errors, equal ones as often as they occur. A sign-off or waiver binds
    /// to all of them.
    pub fn identities(&self) -> Vec<Digest> {
        let findings = self.findings().map(Finding::identity);
        let needs = self.needs().map(Need::identity);
        findings.chain(needs).chain(self.errors().map(CheckError::identity)).collect()
    }

    /// What was looked at, in one line.
    pub fn looked_at(&self) -> CleanText {
        let texts: Vec<&str> = self
            .observations()
            .map(|seen| seen.looked_at.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        CleanText::line(texts.join("; "))
    }

    /// What each check that could look saw.
    pub fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.0.iter().filter_map(|check| check.seen.as_ref().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RuleId, Subject};

    fn finding(what: &str) -> Finding {
        Finding::new(RuleId::new("test.rule"), Subject::of(what), what)
    }

    fn need(what: &str) -> Need {
        Need::new(RuleId::new("test.need"), Subject::of(what), what)
    }

    #[test]
    fn a_failure_outranks_an_error_and_hides_nothing() {
        let check = |seen| CheckResult { kind: "test", seen };
        let holds = || check(Ok(Observation::judge(vec![], "a")));
        let fails = || check(Ok(Observation::judge(vec![finding("x")], "b")));
        let none = || check(Ok(Observation::not_applicable("c")));
        let unsure = || check(Ok(Observation::undecided(need("n"), "d")));
        let both = || check(Ok(Observation::judge(vec![finding("y")], "e").needing([need("m")])));
        let error = || {
            let rule = RuleId::new("test.error");
            check(Err(CheckError::could_not_look(rule, Subject::of("e"), "no", "look")))
        };
        let cases = [
            (vec![holds(), none()], ItemOutcome::Holds, 0),
            (vec![none(), none()], ItemOutcome::NotApplicable, 0),
            (vec![none(), fails(), holds()], ItemOutcome::Fails, 1),
            (vec![error(), fails(), unsure()], ItemOutcome::Fails, 3),
            (vec![holds(), unsure(), error()], ItemOutcome::Errored, 2),
            (vec![holds(), unsure(), none()], ItemOutcome::Undecided, 1),
            (vec![both()], ItemOutcome::Fails, 2),
            (vec![], ItemOutcome::Errored, 0),
        ];
        for (checks, outcome, identities) in cases {
            let result = ItemResult(checks);
            assert_eq!(result.outcome(), outcome, "{result:?}");
            assert_eq!(result.identities().len(), identities, "{result:?}");
        }
        assert_eq!(ItemResult(vec![fails(), error(), holds()]).looked_at().as_str(), "b; a");
    }
}
