//! What a check returns when it could look.

use serde::Serialize;

use super::{CleanText, Finding, Need, Note, RepoPath};

/// What a check concluded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What must hold does hold.
    Holds,
    /// It does not; the findings say where.
    Fails,
    /// It cannot be said; the needs say what it would take.
    Undecided,
    /// There is nothing here that it could hold for.
    NotApplicable,
}

/// What a check saw. A check that could not look returns an error instead.
///
/// The outcome follows from what is in it, so that the two cannot disagree: a
/// finding makes it fail; else a need leaves it undecided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Observation {
    /// Each thing seen that speaks against it. All of them: a sign-off binds to
    /// each, and only what is shown is cut.
    pub findings: Vec<Finding>,
    /// What would be needed to decide. Beside findings it says what else is not
    /// known.
    pub needs: Vec<Need>,
    /// What should be known and binds nothing.
    pub notes: Vec<Note>,
    /// Files of the repository on which a pass depends: the `.gitignore` that
    /// ignores a path. While one of them is not committed, GO waits.
    pub rests_on: Vec<RepoPath>,
    /// Files on which a pass depends and that this machine alone has: git does
    /// not track them, and the commit's rules do not ignore them. GO waits.
    pub only_here: Vec<RepoPath>,
    /// One sentence on what was looked at: "412 files, 38 of them Python".
    pub looked_at: CleanText,
    applies: bool,
}

impl Observation {
    /// Holds exactly when there is no finding.
    pub fn judge(findings: Vec<Finding>, looked_at: impl AsRef<str>) -> Self {
        let looked_at = CleanText::line(looked_at);
        Self {
            findings,
            needs: Vec::new(),
            notes: Vec::new(),
            rests_on: Vec::new(),
            only_here: Vec::new(),
            looked_at,
            applies: true,
        }
    }

    /// Cannot be said without this.
    pub fn undecided(need: Need, looked_at: impl AsRef<str>) -> Self {
        Self { needs: vec![need], ..Self::judge(Vec::new(), looked_at) }
    }

    /// There is nothing to look at, and why.
    pub fn not_applicable(why: impl AsRef<str>) -> Self {
        Self { applies: false, ..Self::judge(Vec::new(), why) }
    }

    /// With what else would be needed to decide.
    pub fn needing(mut self, needs: impl IntoIterator<Item = Need>) -> Self {
        self.needs.extend(needs);
        self
    }

    /// With what should be known.
    pub fn noting(mut self, notes: impl IntoIterator<Item = Note>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// With the files on which a pass depends.
    pub fn resting_on(mut self, paths: impl IntoIterator<Item = RepoPath>) -> Self {
        self.rests_on.extend(paths);
        self
    }

    /// With the files on which a pass depends and that no clone has.
    pub fn resting_on_here(mut self, paths: impl IntoIterator<Item = RepoPath>) -> Self {
        self.only_here.extend(paths);
        self
    }

    /// What it comes to.
    pub fn outcome(&self) -> Outcome {
        if !self.findings.is_empty() {
            Outcome::Fails
        } else if !self.needs.is_empty() {
            Outcome::Undecided
        } else if self.applies {
            Outcome::Holds
        } else {
            Outcome::NotApplicable
        }
    }
}
