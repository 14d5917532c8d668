//! What is selected, open, filtered and scrolled in the checklist.

use std::collections::HashSet;

use super::rows::Row;
use crate::checklist::Item;
use crate::tui::known::{Known, Loaded};
use crate::tui::memory::Memory;
use crate::tui::widget::terms::Terms;

/// The checklist's screen.
#[derive(Debug, Default)]
pub(crate) struct ChecklistScreen {
    /// The list of sections and items.
    pub(crate) list: List,
    /// The pane about the selected row.
    pub(crate) detail: Detail,
    /// Which pane has the keys.
    pub(crate) focus: Pane,
    /// What the list is filtered by.
    pub(crate) filter: Filter,
}

/// The panes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Pane {
    /// Sections and items.
    #[default]
    List,
    /// The selected row.
    Detail,
}

/// The list's state.
#[derive(Debug, Default)]
pub(crate) struct List {
    /// The rows there are, closed sections and filter applied.
    pub(crate) rows: Vec<Row>,
    /// The selected row.
    pub(crate) cursor: usize,
    /// The first row on the screen.
    pub(crate) offset: usize,
    /// The sections that are closed.
    pub(crate) closed: HashSet<usize>,
    /// How many items the filter lets through.
    pub(crate) shown: usize,
    /// The selection moved and should be brought into view.
    pub(crate) follow: bool,
}

/// The detail's state.
#[derive(Debug, Default)]
pub(crate) struct Detail {
    /// The first line on the screen.
    pub(crate) scroll: usize,
    /// The selected finding.
    pub(crate) finding: Option<usize>,
    /// What it is about, to notice when that changes.
    pub(crate) of: Option<Row>,
}

/// The filter's state.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    /// What was typed.
    pub(crate) input: tui_input::Input,
    /// It has the keys.
    pub(crate) typing: bool,
}

/// The item of a row.
pub(crate) fn item_at(known: &Known, row: Row) -> Option<&Item> {
    let Row::Item { section, item } = row else { return None };
    known.loaded.as_ref()?.checklist.sections.get(section)?.items.get(item)
}

impl ChecklistScreen {
    /// The selected row.
    pub(crate) fn row(&self) -> Option<Row> {
        self.list.rows.get(self.list.cursor).copied()
    }

    /// The selected item.
    pub(crate) fn selected<'k>(&self, known: &'k Known) -> Option<&'k Item> {
        item_at(known, self.row()?)
    }

    /// Selects a row by its number.
    pub(crate) fn select(&mut self, cursor: usize) {
        self.list.cursor = cursor;
        self.list.follow = true;
    }

    /// What the list is filtered by, in words to look for.
    pub(crate) fn terms(&self) -> Terms {
        Terms::new(self.filter.input.value())
    }

    /// What to remember of it.
    pub(crate) fn memory(&self, known: &Known) -> Memory {
        let sections = known.loaded.as_ref().map(|loaded| loaded.checklist.sections.as_slice());
        let title = |at: usize| Some(sections?.get(at)?.title.to_string());
        let mut closed: Vec<usize> = self.list.closed.iter().copied().collect();
        closed.sort_unstable();
        Memory {
            item: self.selected(known).map(|item| item.id.to_string()),
            section: match self.row() {
                Some(Row::Section(at)) => title(at),
                Some(Row::Overview | Row::Item { .. }) | None => None,
            },
            closed: closed.into_iter().filter_map(title).collect(),
            in_detail: self.focus == Pane::Detail,
            ..Memory::default()
        }
    }

    /// Which sections were closed, and the row that was selected, by name, as
    /// far as they are still there.
    pub(crate) fn recalled(loaded: &Loaded, memory: &Memory) -> (HashSet<usize>, Option<Row>) {
        let sections = &loaded.checklist.sections;
        let was_closed = |title: &str| memory.closed.iter().any(|closed| closed == title);
        let closed = sections
            .iter()
            .enumerate()
            .filter(|(_, section)| was_closed(section.title.as_str()))
            .map(|(at, _)| at)
            .collect();
        let row = sections.iter().enumerate().find_map(|(at, section)| {
            if let Some(id) = &memory.item {
                let item = section.items.iter().position(|item| item.id.as_str() == id)?;
                return Some(Row::Item { section: at, item });
            }
            let title = memory.section.as_deref()?;
            (section.title.as_str() == title).then_some(Row::Section(at))
        });
        (closed, row)
    }
}
