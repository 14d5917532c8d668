//! Which records are of one person. Each address is a person, unless a `.mailmap`
//! says that two are one: that of the judged commit, of the work tree, or of the
//! commits that the records were made on, so that taking a line out of it makes
//! nobody two people for what they said before. It makes one of two, never the other
//! way round, and gives nobody a role.

use std::collections::BTreeMap;

use crate::lang::mailmap::Mailmap;
use crate::ledger::Entry;
use crate::model::{CleanText, CommitId, Person};

/// What the repository says of who is one person.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct People {
    /// The mailmaps of the judged commit and of the work tree.
    pub(crate) now: Vec<Mailmap>,
    /// Those of the commits that records were made on, where there is one.
    pub(crate) then: BTreeMap<CommitId, Mailmap>,
    /// Why one that should have been read was not.
    pub(crate) unread: Option<CleanText>,
}

impl People {
    /// Whether the authors of two records are one person.
    pub(super) fn are_one(&self, one: &Entry, other: &Entry) -> bool {
        let then = [one, other].map(|entry| self.then.get(&entry.record.commit));
        self.now
            .iter()
            .chain(then.into_iter().flatten())
            .any(|map| joins(map, &one.author, &other.author))
            || one.author.is(other.author.email.as_str())
    }

    /// Whether this person, who says something now, is the author of a record.
    pub(crate) fn is_author(&self, person: &Person, entry: &Entry) -> bool {
        let then = self.then.get(&entry.record.commit);
        person.is(entry.author.email.as_str())
            || self.now.iter().chain(then).any(|map| joins(map, person, &entry.author))
    }

    /// Why two authors who count as two may be one, in words: `both are called Ann`.
    pub(super) fn alike(&self, one: &Person, other: &Person) -> Option<String> {
        if one.is(other.email.as_str()) {
            return None;
        }
        if self.then.values().any(|map| joins(map, one, other)) {
            return Some("a `.mailmap` of an earlier commit says that they are one person".into());
        }
        let name = |person: &Person| person.name.as_str().trim().to_lowercase();
        if !name(one).is_empty() && name(one) == name(other) {
            return Some(format!("both are called {}", one.name));
        }
        (untagged(one) == untagged(other)).then(|| "mail to both goes to one mailbox".to_owned())
    }
}

fn joins(map: &Mailmap, one: &Person, other: &Person) -> bool {
    let of = |person: &Person| (person.name.to_string(), person.email.to_string());
    let ((name, email), (other, other_email)) = (of(one), of(other));
    map.joins((&name, &email), (&other, &other_email))
}

/// The address without what stands behind a `+` of its first part.
fn untagged(person: &Person) -> String {
    let email = person.email.as_str().to_lowercase();
    match email.split_once('@') {
        Some((local, host)) => {
            format!("{}@{host}", local.split_once('+').map_or(local, |(name, _)| name))
        }
        None => email,
    }
}
