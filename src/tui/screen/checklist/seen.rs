//! What an item's checks saw, in the order in which it is shown: findings, what
//! is not known, errors. Each can be selected; notes cannot.

use crate::checklist::Item;
use crate::model::{CheckError, Finding, Need, Place};
use crate::tui::known::Known;

/// Something that speaks against a pass.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seen<'a> {
    /// A check found something.
    Finding(&'a Finding),
    /// A check cannot say without this.
    Need(&'a Need),
    /// A check could not look.
    Error(&'a CheckError),
}

impl Seen<'_> {
    /// Where it is, first of all.
    fn place(&self) -> Option<&Place> {
        match self {
            Self::Finding(finding) => finding.place(),
            Self::Need(need) => need.place(),
            Self::Error(_) => None,
        }
    }
}

/// All that speaks against a pass of this item.
pub(crate) fn against<'k>(known: &'k Known, item: &Item) -> Vec<Seen<'k>> {
    let Some(result) = known.results.get(&item.id) else { return Vec::new() };
    let findings = result.findings().map(Seen::Finding);
    let needs = result.needs().map(Seen::Need);
    findings.chain(needs).chain(result.told_errors().map(Seen::Error)).collect()
}

/// The place of each.
pub(crate) fn places(known: &Known, item: &Item) -> Vec<Option<Place>> {
    against(known, item).iter().map(|seen| seen.place().cloned()).collect()
}
