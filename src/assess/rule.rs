//! The rules of a GO by name, and what stands against one.

use serde::Serialize;

use crate::model::{CleanText, ItemId};

/// A rule of a GO.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// There is a commit.
    Commit,
    /// The checklist has items, and one was settled by a check or a sign-off.
    Verified,
    /// Every item that blocks is passed, signed off, waived or not applicable.
    Item,
    /// The checklist is what the commit has.
    Checklist,
    /// No tracked file differs from the commit.
    Uncommitted,
    /// No pass rests on a file that is not committed.
    RestsOnUncommitted,
    /// No objection stands.
    Objection,
    /// The ledger holds what was last seen, and was synced where a team needs it.
    Ledger,
    /// The clock is not behind the commit.
    Clock,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Commit,
        Self::Verified,
        Self::Item,
        Self::Checklist,
        Self::Uncommitted,
        Self::RestsOnUncommitted,
        Self::Objection,
        Self::Ledger,
        Self::Clock,
    ];
}

/// Something that blocks a GO.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blocker {
    /// Which rule is broken.
    pub rule: Rule,
    /// About which item, when it is about one.
    pub item: Option<ItemId>,
    /// What blocks it, and what to do.
    pub message: CleanText,
}

impl Blocker {
    /// Something that blocks a GO, about no item.
    pub fn new(rule: Rule, message: impl AsRef<str>) -> Self {
        Self { rule, item: None, message: CleanText::line(message) }
    }

    pub(super) fn on(mut self, item: &ItemId) -> Self {
        self.item = Some(item.clone());
        self
    }
}
