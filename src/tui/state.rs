//! Everything that the screen shows. Only `update` changes it; views read it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::dialog::Dialog;
use super::glyphs::Glyphs;
use super::memory::Memory;
use super::message::{Loaded, Ticket, Toast};
use super::rows::{Row, Terms};
use super::theme::{Badge, Theme};
use crate::assess::{Assessment, ItemAssessment, Standing, Verdict};
use crate::check::Fix;
use crate::checklist::Item;
use crate::fix::Undo;
use crate::model::{CleanText, Finding, ItemId, ItemResult};

/// The whole screen.
#[derive(Debug)]
pub struct State {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What time it is.
    pub now: Timestamp,
    /// The folder that was asked about, until the repository's name is known.
    pub folder: CleanText,
    /// One line at the top.
    pub hint: Option<CleanText>,
    /// The theme.
    pub theme: Theme,
    /// The set of signs.
    pub glyphs: &'static Glyphs,
    /// The terminal reports the mouse.
    pub mouse: bool,
    /// What is known of the session; nothing until it is open.
    pub loaded: Option<Loaded>,
    /// How checks ended.
    pub results: HashMap<ItemId, ItemResult>,
    /// The checks that go on.
    pub runs: Runs,
    /// What all of it adds up to.
    pub assessed: Option<Assessed>,
    /// The session could not be read again the last time.
    pub unread: bool,
    /// The results changed since they were last assessed.
    pub assess_due: bool,
    /// The list of sections and items.
    pub list: List,
    /// The pane about the selected row.
    pub detail: Detail,
    /// Which pane has the keys.
    pub focus: Pane,
    /// What the list is filtered by.
    pub filter: Filter,
    /// What lies over the panes; the last one has the keys.
    pub dialogs: Vec<Dialog>,
    /// What is said at the bottom.
    pub toast: Option<Toast>,
    /// The spinner's beat.
    pub beat: usize,
    /// The theme was chosen by key and is worth remembering.
    pub theme_chosen: bool,
    /// The last ticket that was given out.
    pub ticket: Ticket,
    /// What takes back the fixes that were made here, the latest last.
    pub undos: Vec<Arc<Undo>>,
}

/// The panes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// Sections and items.
    List,
    /// The selected row.
    Detail,
}

/// The list's state.
#[derive(Debug, Default)]
pub struct List {
    /// The rows there are, closed sections and filter applied.
    pub rows: Vec<Row>,
    /// The selected row.
    pub cursor: usize,
    /// The first row on the screen.
    pub offset: usize,
    /// The sections that are closed.
    pub closed: HashSet<usize>,
    /// How many items the filter lets through.
    pub shown: usize,
    /// The selection moved and should be brought into view.
    pub follow: bool,
}

/// The detail's state.
#[derive(Debug, Default)]
pub struct Detail {
    /// The first line on the screen.
    pub scroll: usize,
    /// The selected finding.
    pub finding: Option<usize>,
    /// What it is about, to notice when that changes.
    pub of: Option<Row>,
}

/// The filter's state.
#[derive(Debug, Default)]
pub struct Filter {
    /// What was typed.
    pub input: tui_input::Input,
    /// It has the keys.
    pub typing: bool,
}

/// The checks that go on.
#[derive(Debug, Default)]
pub struct Runs {
    /// The number of the last one.
    pub last: u64,
    /// For each item, the run whose result counts.
    pub of_item: HashMap<ItemId, u64>,
    /// The runs that have not ended.
    pub active: HashSet<u64>,
    /// The items whose checks run at this moment.
    pub running: HashSet<ItemId>,
    /// Files read by the latest run.
    pub files: u64,
    /// How long the last one took.
    pub took: Option<std::time::Duration>,
}

/// An assessment with a way to find an item in it.
#[derive(Debug)]
pub struct Assessed {
    /// The assessment.
    pub all: Assessment,
    at: HashMap<ItemId, usize>,
}

impl Assessed {
    /// Prepares an assessment for the screen.
    pub fn new(all: Assessment) -> Self {
        let at = all.items.iter().enumerate().map(|(at, item)| (item.id.clone(), at)).collect();
        Self { all, at }
    }

    /// What it says about an item.
    pub fn item(&self, id: &ItemId) -> Option<&ItemAssessment> {
        self.all.items.get(*self.at.get(id)?)
    }
}

impl State {
    /// An empty screen for a terminal of this size.
    pub fn new(size: (u16, u16), now: Timestamp, theme: Theme, glyphs: &'static Glyphs) -> Self {
        Self {
            size,
            now,
            folder: CleanText::default(),
            hint: None,
            theme,
            glyphs,
            mouse: true,
            loaded: None,
            results: HashMap::new(),
            runs: Runs::default(),
            assessed: None,
            assess_due: false,
            unread: false,
            list: List::default(),
            detail: Detail::default(),
            focus: Pane::List,
            filter: Filter::default(),
            dialogs: Vec::new(),
            toast: None,
            beat: 0,
            theme_chosen: false,
            ticket: 0,
            undos: Vec::new(),
        }
    }

    /// The selected row.
    pub fn row(&self) -> Option<Row> {
        self.list.rows.get(self.list.cursor).copied()
    }

    /// The item of a row.
    pub fn item_at(&self, row: Row) -> Option<&Item> {
        let Row::Item { section, item } = row else { return None };
        self.loaded.as_ref()?.checklist.sections.get(section)?.items.get(item)
    }

    /// The selected item.
    pub fn item(&self) -> Option<&Item> {
        self.item_at(self.row()?)
    }

    /// What is known about an item.
    pub fn assessment(&self, id: &ItemId) -> Option<&ItemAssessment> {
        self.assessed.as_ref()?.item(id)
    }

    /// Where an item stands.
    pub fn standing(&self, id: &ItemId) -> Standing {
        self.assessment(id).map_or(Standing::Pending, |item| item.standing)
    }

    /// What an item's checks found.
    pub fn findings(&self, id: &ItemId) -> Vec<&Finding> {
        self.results.get(id).map(|result| result.findings().collect()).unwrap_or_default()
    }

    /// What gonogo can do about what an item's checks found.
    pub fn fixes(&self, item: &Item) -> Vec<Arc<dyn Fix>> {
        self.results.get(&item.id).map(|result| item.fixes(result)).unwrap_or_default()
    }

    /// Whether anything goes on that a spinner should show.
    pub fn spins(&self) -> bool {
        self.loaded.is_none()
            || !self.runs.active.is_empty()
            || matches!(self.dialogs.last(), Some(dialog) if dialog.waits())
    }

    /// What the verdict's badge says.
    pub fn badge(&self) -> Badge {
        match &self.assessed {
            // what cannot be read any more is no GO
            Some(_) if self.unread => Badge::NoGo,
            Some(assessed) if self.runs.active.is_empty() && !self.assess_due => {
                match assessed.all.verdict {
                    Verdict::Go => Badge::Go,
                    Verdict::NoGo | Verdict::Partial => Badge::NoGo,
                }
            }
            _ => Badge::Checking,
        }
    }

    /// Whether an item stands against a GO. One whose checks still run does not yet.
    pub fn blocks(&self, item: &ItemAssessment) -> bool {
        item.blocks && (item.standing != Standing::Pending || self.runs.active.is_empty())
    }

    /// How many items stand against a GO.
    pub fn blocking(&self) -> usize {
        let Some(assessed) = &self.assessed else { return 0 };
        assessed.all.items.iter().filter(|item| self.blocks(item)).count()
    }

    /// What the list is filtered by, in words to look for.
    pub fn terms(&self) -> Terms {
        Terms::new(self.filter.input.value())
    }

    /// A new ticket.
    pub fn take_ticket(&mut self) -> Ticket {
        self.ticket += 1;
        self.ticket
    }

    /// What to remember of this repository.
    pub fn memory(&self) -> Memory {
        let sections = self.loaded.as_ref().map(|loaded| loaded.checklist.sections.as_slice());
        let title = |at: usize| Some(sections?.get(at)?.title.to_string());
        let mut closed: Vec<usize> = self.list.closed.iter().copied().collect();
        closed.sort_unstable();
        Memory {
            item: self.item().map(|item| item.id.to_string()),
            section: match self.row() {
                Some(Row::Section(at)) => title(at),
                _ => None,
            },
            closed: closed.into_iter().filter_map(title).collect(),
            in_detail: self.focus == Pane::Detail,
            theme: self.theme_chosen.then(|| self.theme.word().to_owned()),
            mouse_off: !self.mouse,
        }
    }
}
