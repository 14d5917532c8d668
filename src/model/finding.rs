//! What a check saw: findings, and what it would need to decide.

use serde::Serialize;

use super::rule::{RuleId, Subject, identity};
use super::{CleanText, Digest, Place, Redacted};

/// One thing that a check saw and that speaks against the item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which rule saw it.
    pub rule: RuleId,
    /// What it is about; with the rule, its identity.
    pub subject: Subject,
    /// What is wrong, in one sentence that names no secret value.
    pub message: CleanText,
    /// Where it was seen, the most telling place first.
    pub places: Vec<Place>,
    /// The line at the first place, secrets masked.
    pub excerpt: Option<Redacted>,
    /// What to do about this very finding, when the item's fix does not say it.
    pub help: Option<CleanText>,
}

/// What a check would need to decide: something is not here, or was not understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Need {
    /// Which rule asks for it.
    pub rule: RuleId,
    /// What it is about; with the rule, its identity.
    pub subject: Subject,
    /// What is not known, in one sentence.
    pub message: CleanText,
    /// Where it was looked for.
    pub places: Vec<Place>,
    /// How to make it known.
    pub help: Option<CleanText>,
}

/// Something that a check saw, that speaks neither for nor against the item, and
/// to which no sign-off is bound.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// One sentence.
    pub message: CleanText,
    /// Where it was seen.
    pub place: Option<Place>,
}

macro_rules! seen {
    ($type:ident) => {
        impl $type {
            /// Says where, too.
            pub fn at(mut self, place: Place) -> Self {
                self.places.push(place);
                self
            }

            /// Says where, too, as far as that is known.
            pub fn at_all(mut self, places: impl IntoIterator<Item = Place>) -> Self {
                self.places.extend(places);
                self
            }

            /// Says what to do.
            pub fn help(mut self, help: impl AsRef<str>) -> Self {
                self.help = Some(CleanText::line(help));
                self
            }

            /// The first place.
            pub fn place(&self) -> Option<&Place> {
                self.places.first()
            }

            /// By what it is recognised again: rule and subject, no prose.
            pub fn identity(&self) -> Digest {
                identity(self.rule, &self.subject)
            }
        }
    };
}

seen!(Finding);
seen!(Need);

impl Finding {
    /// A finding without a place.
    pub fn new(rule: RuleId, subject: Subject, message: impl AsRef<str>) -> Self {
        let message = CleanText::line(message);
        Self { rule, subject, message, places: Vec::new(), excerpt: None, help: None }
    }

    /// The line, when it says more than the message does.
    pub fn telling_excerpt(&self) -> Option<&str> {
        let line = self.excerpt.as_ref()?.as_str().trim();
        (!self.message.as_str().contains(line)).then_some(line)
    }

    /// Shows the line.
    pub fn showing(mut self, excerpt: Redacted) -> Self {
        self.excerpt = Some(excerpt);
        self
    }
}

impl Need {
    /// A need without a place.
    pub fn new(rule: RuleId, subject: Subject, message: impl AsRef<str>) -> Self {
        Self { rule, subject, message: CleanText::line(message), places: Vec::new(), help: None }
    }
}

impl Note {
    /// A note without a place.
    pub fn new(message: impl AsRef<str>) -> Self {
        Self { message: CleanText::line(message), place: None }
    }

    /// Says where.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

impl Serialize for Finding {
    /// `{"rule","message","path","line","column","commit","places","excerpt","help"}`;
    /// path to commit are those of the first place; what is unknown is null.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let place = self.place();
        let mut out = serializer.serialize_struct("Finding", 9)?;
        out.serialize_field("rule", self.rule.as_str())?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("path", &place.map(|p| p.path.to_string()))?;
        out.serialize_field("line", &place.and_then(|p| p.line))?;
        out.serialize_field("column", &place.and_then(|p| p.column))?;
        out.serialize_field("commit", &place.and_then(|p| p.commit.as_ref()))?;
        out.serialize_field("places", &self.places)?;
        out.serialize_field("excerpt", &self.excerpt.as_ref().map(Redacted::as_str))?;
        out.serialize_field("help", &self.help)?;
        out.end()
    }
}

impl Serialize for Need {
    /// `{"rule","message","places","help"}`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Need", 4)?;
        out.serialize_field("rule", self.rule.as_str())?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("places", &self.places)?;
        out.serialize_field("help", &self.help)?;
        out.end()
    }
}

impl Serialize for Note {
    /// `{"message","place"}`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Note", 2)?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("place", &self.place)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RepoPath;

    #[test]
    fn prose_and_place_take_no_part_in_the_identity() {
        let rule = RuleId::new("todo.note");
        let at = |line| Place::at(RepoPath::new("a.py").expect("a plain path"), line, 1);
        let one = Finding::new(rule, Subject::of("a.py").and("TODO x"), "TODO: x").at(at(1));
        let moved = Finding::new(rule, Subject::of("a.py").and("TODO x"), "a note: x")
            .at(at(9))
            .help("do it");
        assert_eq!(one.identity(), moved.identity());
        let changed = Finding::new(rule, Subject::of("a.py").and("TODO y"), "TODO: x").at(at(1));
        assert_ne!(one.identity(), changed.identity());
    }
}
