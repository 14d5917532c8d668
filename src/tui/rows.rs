//! Which rows the list has: sections and items, less what is closed or filtered out.

use std::collections::HashSet;

use crate::assess::Standing;
use crate::checklist::{Checklist, Item, Section};
use crate::model::ItemId;

/// A row of the list, by its place in the checklist.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Row {
    /// The verdict with all that stands against it.
    Overview,
    /// A section's heading.
    Section(usize),
    /// An item.
    Item {
        /// Its section.
        section: usize,
        /// Its place in the section.
        item: usize,
    },
}

/// The words of a filter; all must occur.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms(Vec<String>);

impl Terms {
    /// Splits what was typed.
    pub fn new(typed: &str) -> Self {
        Self(typed.split_whitespace().map(str::to_lowercase).collect())
    }

    /// Whether there are none, so that all items pass.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all occur in what is known of the item.
    pub fn match_item(&self, section: &Section, item: &Item, standing: Standing) -> bool {
        if self.is_empty() {
            return true;
        }
        let text = format!(
            "{} {} {} {} {} {}",
            item.id,
            item.title,
            standing.word(),
            section.title,
            item.severity.word(),
            item.mode().word()
        );
        self.match_text(&text)
    }

    /// Whether all occur in a text.
    pub fn match_text(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().all(|term| text.contains(term.as_str()))
    }
}

/// The rows there are, and how many of them are items that the filter lets
/// through (those in closed sections included).
pub fn rows(
    checklist: &Checklist,
    closed: &HashSet<usize>,
    terms: &Terms,
    standing: impl Fn(&ItemId) -> Standing,
) -> (Vec<Row>, usize) {
    let mut rows = Vec::new();
    let mut shown = 0;
    if terms.is_empty() {
        rows.push(Row::Overview);
    }
    for (at, section) in checklist.sections.iter().enumerate() {
        let matching: Vec<usize> = section
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| terms.match_item(section, item, standing(&item.id)))
            .map(|(index, _)| index)
            .collect();
        if matching.is_empty() {
            continue;
        }
        shown += matching.len();
        rows.push(Row::Section(at));
        if !closed.contains(&at) || !terms.is_empty() {
            rows.extend(matching.into_iter().map(|item| Row::Item { section: at, item }));
        }
    }
    (rows, shown)
}
