//! What a check returns when it could look.

use serde::Serialize;

use super::{CleanText, Finding};

/// What the check concluded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What must hold does hold.
    Holds,
    /// It does not; the findings say where.
    Fails,
    /// There is nothing here that it could hold for.
    NotApplicable,
}

/// What a check saw. A check that could not look returns an error instead.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Observation {
    /// Whether it holds.
    pub outcome: Outcome,
    /// Each thing seen that speaks against it.
    pub findings: Vec<Finding>,
    /// One sentence on what was looked at: "412 files, 38 of them Python".
    pub looked_at: CleanText,
}

impl Observation {
    /// Holds exactly when there is no finding.
    pub fn judge(findings: Vec<Finding>, looked_at: impl AsRef<str>) -> Self {
        let outcome = if findings.is_empty() { Outcome::Holds } else { Outcome::Fails };
        Self { outcome, findings, looked_at: CleanText::line(looked_at) }
    }

    /// There is nothing to look at, and why.
    pub fn not_applicable(why: impl AsRef<str>) -> Self {
        Self {
            outcome: Outcome::NotApplicable,
            findings: Vec::new(),
            looked_at: CleanText::line(why),
        }
    }
}
