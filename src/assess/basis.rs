//! What was seen around the judged commit: facts that the session gathers and
//! that the rules of a GO ask for.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

use crate::assess::people::People;
use crate::checklist::{Checklist, Item, Mode};
use crate::ledger::Ledger;
use crate::model::{CleanText, CommitId, ItemId, ItemResult, RepoPath};

/// Everything that an assessment rests on.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What must hold.
    pub checklist: &'a Checklist,
    /// How each item's checks ended; an item that is not in here is pending.
    pub results: &'a HashMap<ItemId, ItemResult>,
    /// Who said what.
    pub ledger: &'a Ledger,
    /// For each item whose policy covers files: these files at the judged
    /// commit, each with its blob's name.
    pub covered: &'a HashMap<ItemId, BTreeMap<String, String>>,
    /// Of the commits that records were made on, those that are the judged
    /// commit or one of its ancestors.
    pub ancestors: &'a HashSet<CommitId>,
    /// What was seen around the judged commit.
    pub basis: &'a Basis,
    /// The moment to assess for.
    pub now: Timestamp,
}

/// What was seen around the judged commit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Basis {
    /// The commit that the verdict is about, and when it was committed; none when
    /// there is no commit yet.
    pub commit: Option<(CommitId, Timestamp)>,
    /// The revision as it was asked for; none when the work tree is looked at.
    pub revision: Option<CleanText>,
    /// What of the work tree differs from the commit; of a revision nothing.
    pub uncommitted: Uncommitted,
    /// The files that the checklist came from, each with what is wrong with it.
    pub checklist: Vec<(CleanText, Anchored)>,
    /// What the checklist asks less than it did at the newest record's commit,
    /// and which fact decided on it.
    pub checklist_notes: Vec<CleanText>,
    /// What is known of the ledger.
    pub ledger: LedgerState,
    /// Which addresses are one person.
    pub people: People,
}

/// What of the work tree differs from the judged commit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Uncommitted {
    /// Tracked files that differ, each with how.
    pub tracked: Vec<(RepoPath, CleanText)>,
    /// Files that a merge left in conflict; they are among those that differ.
    pub conflicted: Vec<RepoPath>,
    /// What git is in the middle of: `a merge`.
    pub operation: Option<&'static str>,
    /// New files that git does not ignore; they stand against nothing by
    /// themselves.
    pub untracked: Vec<RepoPath>,
    /// Git is told to compare no permissions, so that a changed one is not seen.
    pub without_modes: bool,
    /// Files of which git alone says that they do not differ, each with the filter
    /// program that stands before it.
    pub behind_filters: Vec<(RepoPath, CleanText)>,
    /// Why it is not known.
    pub unknown: Option<CleanText>,
}

/// Whether a file of the checklist is what the commit has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Anchored {
    /// It came with gonogo.
    BuiltIn,
    /// It is tracked and equal to the commit's version.
    Committed,
    /// It lies outside the repository, which is the caller's choice.
    Outside,
    /// It is not, and how: `is not tracked`, `differs from main@1a2b3c4`.
    Not(CleanText),
}

/// What is known of the ledger besides its records.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LedgerState {
    /// It no longer contains what was last seen here: what is missing, and what
    /// to do.
    pub rewound: Option<CleanText>,
    /// A remote's ledger was refused, and not taken since: why.
    pub refused: Option<CleanText>,
    /// Records of a remote that were seen here are gone, without having been taken.
    pub vanished: Option<CleanText>,
    /// Whether others can know what is in it.
    pub sharing: Sharing,
    /// What should be known: an accepted loss, a memory that cannot be kept.
    pub notes: Vec<CleanText>,
}

/// Whether the ledger was shared, as far as it is known here.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Sharing {
    /// There is no remote.
    #[default]
    NoRemote,
    /// It was synced with this remote, which is not there any more.
    Gone(CleanText),
    /// It was never synced with this remote.
    Never(CleanText),
    /// It was.
    Synced {
        /// The remote.
        remote: CleanText,
        /// Records that the remote did not have.
        ahead: usize,
        /// Records of the remote that are not here.
        behind: usize,
        /// When; none when that was not remembered.
        at: Option<Timestamp>,
    },
    /// It could not be found out.
    Unknown(CleanText),
}

impl<'a> Evidence<'a> {
    /// How an item's checks ended; none while they have not. A manual item has no
    /// checks and those of a disabled one do not run, whatever somebody's
    /// leftovers say.
    pub(super) fn result(&self, item: &Item) -> Option<&'a ItemResult> {
        let runs = item.disabled.is_none() && item.mode() != Mode::Manual;
        self.results.get(&item.id).filter(|_| runs)
    }
}

impl Basis {
    /// Whether this path is changed or new, so that what rests on it waits for
    /// the commit.
    pub fn is_uncommitted(&self, path: &RepoPath) -> bool {
        self.uncommitted.untracked.contains(path)
            || self.uncommitted.tracked.iter().any(|(changed, _)| changed == path)
    }
}
