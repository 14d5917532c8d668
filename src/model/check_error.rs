//! Why a check could not look.

use std::error::Error;
use std::sync::Arc;

use super::rule::{RuleId, Subject, identity};
use super::{CleanText, Digest};

/// Why a check could not look. An error is not a pass.
///
/// It has rule and subject as a finding has, so that who accepted one error has
/// not accepted another.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CheckError {
    /// The run was given up.
    #[error("the run was cancelled")]
    Cancelled,
    /// Something stood in the way.
    #[error("{what}; {next}")]
    CouldNotLook {
        /// What stood in the way.
        rule: RuleId,
        /// Where.
        subject: Subject,
        /// What happened, and where, for people.
        what: CleanText,
        /// What to do next.
        next: CleanText,
        /// What it came from.
        source: Option<Arc<dyn Error + Send + Sync>>,
    },
}

impl CheckError {
    /// Says what happened and where, and what to do next.
    pub fn could_not_look(
        rule: RuleId,
        subject: Subject,
        what: impl AsRef<str>,
        next: impl AsRef<str>,
    ) -> Self {
        let (what, next) = (CleanText::line(what), CleanText::line(next));
        Self::CouldNotLook { rule, subject, what, next, source: None }
    }

    /// Keeps what it came from.
    pub fn from_source(mut self, error: impl Error + Send + Sync + 'static) -> Self {
        if let Self::CouldNotLook { source, .. } = &mut self {
            *source = Some(Arc::new(error));
        }
        self
    }

    /// By what it is recognised again.
    pub fn identity(&self) -> Digest {
        match self {
            Self::Cancelled => identity(RuleId::new("run.cancelled"), &Subject::whole()),
            Self::CouldNotLook { rule, subject, .. } => identity(*rule, subject),
        }
    }
}

impl PartialEq for CheckError {
    /// Equal when they say the same; what they came from takes no part.
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity() && self.to_string() == other.to_string()
    }
}
