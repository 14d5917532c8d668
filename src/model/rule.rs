//! By what a finding is recognised again, apart from its prose.

use std::fmt;

use super::Digest;

/// The name of a rule, the kind before the dot: `env_keys.duplicate`.
///
/// It takes part in the identity of every finding that the rule makes, so a name
/// that was released stays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RuleId(&'static str);

impl RuleId {
    /// The rule of that name.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name as text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// What a finding is about, as its stable parts: a path, a key, the tokens of the
/// code. No line number, no prose and no secret value is among them: a digest of
/// a secret could be guessed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Subject(Vec<String>);

impl Subject {
    /// About nothing in particular: the rule alone says it.
    pub fn whole() -> Self {
        Self::default()
    }

    /// About one thing.
    pub fn of(part: impl ToString) -> Self {
        Self(vec![part.to_string()])
    }

    /// And about this, too.
    pub fn and(mut self, part: impl ToString) -> Self {
        self.0.push(part.to_string());
        self
    }

    /// The parts.
    pub fn parts(&self) -> &[String] {
        &self.0
    }
}

/// The identity of a finding, a need or an error: a digest of rule and subject.
pub(super) fn identity(rule: RuleId, subject: &Subject) -> Digest {
    Digest::of(std::iter::once(rule.as_str()).chain(subject.0.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_and_subject_alone_decide() {
        let rule = RuleId::new("kind.rule");
        let id = |subject: Subject| identity(rule, &subject);
        assert_eq!(id(Subject::of("a").and("b")), id(Subject::of("a").and("b")));
        assert_ne!(id(Subject::of("a").and("b")), id(Subject::of("ab")));
        assert_ne!(id(Subject::of("a").and("b")), id(Subject::of("b").and("a")));
        assert_ne!(id(Subject::whole()), id(Subject::of("")));
        assert_ne!(id(Subject::of("a")), identity(RuleId::new("kind.other"), &Subject::of("a")));
    }
}
