//! A verdict as one neutral page: what every format lays out, in its order.
//!
//! Every text of it is clean and redacted already where it entered the model.

use std::collections::HashMap;

use crate::assess::{Assessment, Basis, ItemAssessment, Sharing, Standing, Verdict};
use crate::checklist::{Checklist, Item, Section};
use crate::model::{CleanText, ItemId, ItemResult};
use crate::repo::Head;

/// Everything that a report shows.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The name of the repository's folder.
    pub repository: &'a CleanText,
    /// The judged commit, and the branch when `HEAD` is judged.
    pub head: &'a Head,
    /// What was seen around it.
    pub basis: &'a Basis,
    /// What must hold.
    pub checklist: &'a Checklist,
    /// How each item's checks ended.
    pub results: &'a HashMap<ItemId, ItemResult>,
    /// What it adds up to.
    pub assessment: &'a Assessment,
    /// What the checklist's files should not be silent about.
    pub warnings: &'a [CleanText],
    /// How many columns a line may have; none where no terminal shows it.
    pub columns: Option<usize>,
}

/// One item with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The section that it is in.
    pub section: &'a Section,
    /// What must hold.
    pub item: &'a Item,
    /// Where it stands.
    pub assessed: &'a ItemAssessment,
    /// How its checks ended; none for an item without checks.
    pub result: Option<&'a ItemResult>,
}

impl<'a> Page<'a> {
    /// Every item that the report is on, in the order of the checklist.
    pub fn rows(&self) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let results = self.results;
        let mut assessed = self.assessment.items.iter().peekable();
        self.checklist.items().filter_map(move |(section, item)| {
            let assessed = assessed.next_if(|assessed| assessed.id == item.id)?;
            Some(Row { section, item, assessed, result: results.get(&item.id) })
        })
    }

    /// The item of that id.
    pub fn row(&self, id: &ItemId) -> Option<Row<'a>> {
        self.rows().find(|row| &row.item.id == id)
    }

    /// What should be known and blocks nothing.
    pub fn notes(&self) -> impl Iterator<Item = &'a CleanText> + use<'a> {
        self.warnings.iter().chain(&self.assessment.notes)
    }

    /// `main@1a2b3c4 + 3 uncommitted`, `v1.2 (1a2b3c4)`, `main (no commit yet)`.
    pub fn head_line(&self) -> String {
        head_line(self.head, self.basis)
    }

    /// `ledger ↑2 ↓0`, `ledger not shared yet`; nothing without a remote.
    pub fn ledger_line(&self) -> Option<String> {
        ledger_line(&self.basis.ledger.sharing)
    }

    /// The verdict in words: `GO for the work tree`.
    pub fn verdict(&self) -> String {
        verdict_line(self.assessment)
    }

    /// How many items stand where, all standings named.
    pub fn counts(&self) -> impl Iterator<Item = (Standing, usize)> + use<'a> {
        let counts = &self.assessment.counts;
        Standing::ALL
            .into_iter()
            .map(|standing| (standing, counts.get(&standing).copied().unwrap_or(0)))
    }
}

/// `main@1a2b3c4 + 3 uncommitted`, `v1.2 (1a2b3c4)`, `main (no commit yet)`.
pub fn head_line(head: &Head, basis: &Basis) -> String {
    let short = head.commit.as_ref().map(|commit| commit.short().to_owned());
    if let Some(revision) = &basis.revision {
        return format!("{revision} ({})", short.unwrap_or_default());
    }
    let branch = head.branch.as_ref().map_or("detached", CleanText::as_str);
    let Some(short) = short else { return format!("{branch} (no commit yet)") };
    let changed = match (&basis.uncommitted.unknown, basis.uncommitted.tracked.len()) {
        (Some(_), _) => " + changes that are not known".to_owned(),
        (None, 0) => String::new(),
        (None, number) => format!(" + {number} uncommitted"),
    };
    format!("{branch}@{short}{changed}")
}

/// `GO`, `GO for the work tree`, `PARTIAL, for the chosen items alone`.
pub fn verdict_line(assessment: &Assessment) -> String {
    let word = assessment.verdict.word();
    match assessment.verdict {
        Verdict::Go if assessment.of_work_tree => format!("{word} for the work tree"),
        Verdict::Partial => format!("{word}, for the chosen items alone"),
        Verdict::Go | Verdict::NoGo => word.to_owned(),
    }
}

/// `ledger ↑2 ↓0`, `ledger not shared yet`; nothing without a remote.
pub fn ledger_line(sharing: &Sharing) -> Option<String> {
    match sharing {
        Sharing::NoRemote => None,
        Sharing::Never(_) => Some("ledger not shared yet".to_owned()),
        Sharing::Gone(_) => Some("ledger not shared any more".to_owned()),
        Sharing::Synced { ahead, behind, .. } => Some(format!("ledger ↑{ahead} ↓{behind}")),
        Sharing::Unknown(_) => Some("ledger: sharing not known".to_owned()),
    }
}
