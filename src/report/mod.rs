//! A verdict as text and as JSON. Nothing is decided here.
//!
//! Every text of a [`View`] is clean and redacted already where it entered the
//! model; reports only lay it out.

mod item;
mod json;
mod list;
mod records;
pub mod style;
mod text;
pub mod wrap;

use std::collections::HashMap;

use crate::assess::Assessment;
use crate::checklist::Checklist;
use crate::model::{CleanText, ItemId, ItemResult};
use crate::repo::Head;

pub use item::item;
pub use json::{json, records_json};
pub use list::list;
pub use records::{record_line, records};
pub use text::text;

/// Everything that a report shows.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The name of the repository's folder.
    pub repository: &'a CleanText,
    /// Where `HEAD` was.
    pub head: &'a Head,
    /// What must hold.
    pub checklist: &'a Checklist,
    /// How each item's checks ended.
    pub results: &'a HashMap<ItemId, ItemResult>,
    /// What it adds up to.
    pub assessment: &'a Assessment,
    /// What the checklist's files should not be silent about.
    pub warnings: &'a [CleanText],
    /// The report is on some items only.
    pub partial: bool,
}

impl View<'_> {
    /// `main@1a2b3c4`, `detached@1a2b3c4`, `main (no commit yet)`.
    pub fn head_line(&self) -> String {
        head_line(self.head)
    }
}

/// `main@1a2b3c4`, `detached@1a2b3c4`, `main (no commit yet)`.
pub fn head_line(head: &Head) -> String {
    let branch = head.branch.as_ref().map_or("detached", CleanText::as_str);
    match &head.commit {
        Some(commit) => format!("{branch}@{}", commit.short()),
        None => format!("{branch} (no commit yet)"),
    }
}
