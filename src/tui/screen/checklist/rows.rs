//! Which rows the list has: sections and items, less what is closed or filtered out.

use std::collections::HashSet;

use crate::assess::Standing;
use crate::checklist::{Checklist, Item, Section};
use crate::model::ItemId;
use crate::tui::widget::terms::Terms;

/// A row of the list, by its place in the checklist.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Row {
    /// The verdict with all that blocks it.
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

/// Whether a filter lets an item through: its words occur in what is known of it.
fn lets_through(terms: &Terms, section: &Section, item: &Item, standing: Standing) -> bool {
    terms.is_empty()
        || terms.match_text(&format!(
            "{} {} {} {} {} {}",
            item.id,
            item.title,
            standing.word(),
            section.title,
            item.severity.word(),
            item.mode().word()
        ))
}

/// The rows there are, and how many of them are items that the filter lets
/// through (those in closed sections included).
pub(crate) fn rows(
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
            .filter(|(_, item)| lets_through(terms, section, item, standing(&item.id)))
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
