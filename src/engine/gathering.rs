//! Lets facts take part in the shared pass.

use std::fmt;

use super::eyes::Noted;
use super::guard::guard;
use crate::check::{AnyScan, Hits, Scan};
use crate::facts::{Facts, GATHERED, Gathered, Piece};
use crate::lang::SourceFile;
use crate::model::{CheckError, Observation, RepoPath, RuleId, Subject};

/// What is gathered for a fact, as a scan.
pub(super) struct Gathering(pub(super) &'static dyn Gathered);

impl fmt::Debug for Gathering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gathering")
    }
}

impl Gathering {
    /// Keeps what the pass noted.
    pub(super) fn keep(&self, cx: &Facts<'_>, noted: Result<Noted, CheckError>) {
        let judged = noted.and_then(|Noted { bags, files, unread, .. }| {
            guard(|| AnyScan::judge(self, cx, bags, files, unread))?
        });
        if let Err(error) = judged {
            self.0.keep(cx, Err(error));
        }
    }
}

impl Scan for Gathering {
    type Hit = (RepoPath, Piece);

    fn wants(&self, path: &RepoPath) -> bool {
        self.0.wants(path)
    }

    fn literals(&self) -> Vec<String> {
        self.0.literals()
    }

    fn look(&self, file: &SourceFile, hits: &mut Vec<Self::Hit>) {
        hits.extend(self.0.look(file).map(|piece| (file.path().clone(), piece)));
    }

    fn judge(&self, cx: &Facts<'_>, hits: Hits<Self::Hit>) -> Result<Observation, CheckError> {
        self.0.keep(cx, Ok((hits.all, hits.unread)));
        Ok(Observation::not_applicable("gathered for others"))
    }
}

/// Sees to it that nobody waits for what the pass gathers when the pass ends
/// in another way.
pub(super) struct Promise<'a, 'r> {
    pub(super) facts: &'a Facts<'r>,
}

impl Drop for Promise<'_, '_> {
    fn drop(&mut self) {
        for gathered in GATHERED {
            let error = CheckError::could_not_look(
                RuleId::new("engine.not_gathered"),
                Subject::whole(),
                "the files were not read to the end",
                "run the check again",
            );
            gathered.keep(self.facts, Err(error));
        }
    }
}
