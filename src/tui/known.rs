//! What every screen and dialog shows: the session as it was read, results, the
//! verdict, and how to draw. Only `update` changes it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::glyphs::Glyphs;
use super::theme::{Badge, Theme};
use crate::assess::{Assessment, Basis, ItemAssessment, RecordState, Standing, Verdict};
use crate::check::Fix;
use crate::checklist::{Checklist, Item};
use crate::model::words::sentence;
use crate::model::{CleanText, ItemId, ItemResult, Person};
use crate::repo::Head;
use crate::report::verdict_line;

/// Ties an answer to the question it belongs to; answers to questions that
/// were given up are dropped.
pub(crate) type Ticket = u64;

/// What is known, and how to draw it.
#[derive(Debug)]
pub(crate) struct Known {
    /// Columns and rows that are drawn on.
    pub(crate) size: (u16, u16),
    /// What time it is.
    pub(crate) now: Timestamp,
    /// The folder that was asked about, until the repository's name is known.
    pub(crate) folder: CleanText,
    /// One line at the top.
    pub(crate) hint: Option<CleanText>,
    /// The theme.
    pub(crate) theme: Theme,
    /// The theme was chosen by key and is worth remembering.
    pub(crate) theme_chosen: bool,
    /// The set of signs.
    pub(crate) glyphs: &'static Glyphs,
    /// Nothing may be asked of the network.
    pub(crate) offline: bool,
    /// The terminal reports the mouse.
    pub(crate) mouse: bool,
    /// The spinner's beat.
    pub(crate) beat: usize,
    /// What is known of the session; nothing until it is open.
    pub(crate) loaded: Option<Loaded>,
    /// How checks ended.
    pub(crate) results: HashMap<ItemId, ItemResult>,
    /// The checks that go on.
    pub(crate) runs: Runs,
    /// What all of it adds up to.
    pub(crate) assessed: Option<Assessed>,
    /// The session could not be read again the last time.
    pub(crate) unread: bool,
    /// The results changed since they were last assessed.
    pub(crate) assess_due: bool,
    /// What is said at the bottom.
    pub(crate) toast: Option<Toast>,
}

/// What the screen knows of a session: plain values, no door to the repository.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// The repository's name: its folder's.
    pub(crate) name: CleanText,
    /// Where `HEAD` is.
    pub(crate) head: Head,
    /// What was seen around the judged commit.
    pub(crate) basis: Arc<Basis>,
    /// Why nothing can be recorded or fixed here; nothing where it can.
    pub(crate) read_only: Option<CleanText>,
    /// What must hold.
    pub(crate) checklist: Arc<Checklist>,
    /// The items that have checks to run.
    pub(crate) checked: HashSet<ItemId>,
    /// Who git says that the person is.
    pub(crate) me: Option<Person>,
}

/// The checks that go on.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// The number of the last one.
    pub(crate) last: u64,
    /// For each item, the run whose result counts.
    pub(crate) of_item: HashMap<ItemId, u64>,
    /// The runs that have not ended.
    pub(crate) active: HashSet<u64>,
    /// The items whose checks run at this moment.
    pub(crate) running: HashSet<ItemId>,
    /// Files read by the latest run.
    pub(crate) files: u64,
    /// How long the last one took.
    pub(crate) took: Option<Duration>,
}

/// An assessment with a way to find an item in it.
#[derive(Debug)]
pub(crate) struct Assessed {
    /// The assessment.
    pub(crate) all: Assessment,
    at: HashMap<ItemId, usize>,
}

/// A line at the bottom, until the next key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Toast {
    /// What to say.
    pub(crate) text: String,
    /// It is about something that did not work.
    pub(crate) bad: bool,
}

impl Toast {
    /// Something went as it should.
    pub(crate) fn good(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: false }
    }

    /// Something did not.
    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: true }
    }
}

impl Assessed {
    /// Prepares an assessment for the screen.
    pub(crate) fn new(all: Assessment) -> Self {
        let at = all.items.iter().enumerate().map(|(at, item)| (item.id.clone(), at)).collect();
        Self { all, at }
    }

    /// What it says about an item.
    pub(crate) fn item(&self, id: &ItemId) -> Option<&ItemAssessment> {
        self.all.items.get(*self.at.get(id)?)
    }
}

impl Known {
    /// Nothing yet, on a terminal of this size.
    pub(crate) fn new(
        size: (u16, u16),
        now: Timestamp,
        theme: Theme,
        glyphs: &'static Glyphs,
    ) -> Self {
        Self {
            size,
            now,
            folder: CleanText::default(),
            hint: None,
            theme,
            theme_chosen: false,
            glyphs,
            offline: false,
            mouse: true,
            beat: 0,
            loaded: None,
            results: HashMap::new(),
            runs: Runs::default(),
            assessed: None,
            unread: false,
            assess_due: false,
            toast: None,
        }
    }

    /// The item with this id.
    pub(crate) fn item(&self, id: &ItemId) -> Option<&Item> {
        self.loaded.as_ref()?.checklist.item(id)
    }

    /// What is known about an item.
    pub(crate) fn assessment(&self, id: &ItemId) -> Option<&ItemAssessment> {
        self.assessed.as_ref()?.item(id)
    }

    /// Where an item stands.
    pub(crate) fn standing(&self, id: &ItemId) -> Standing {
        self.assessment(id).map_or(Standing::Pending, |item| item.standing)
    }

    /// What gonogo can do about what an item's checks found.
    pub(crate) fn fixes(&self, item: &Item) -> Vec<Arc<dyn Fix>> {
        self.results.get(&item.id).map(|result| item.fixes(result)).unwrap_or_default()
    }

    /// Why nothing can be recorded or fixed here; nothing where it can.
    pub(crate) fn read_only(&self) -> Option<String> {
        self.loaded.as_ref()?.read_only.as_ref().map(|why| sentence(why.as_str()))
    }

    /// Whether the person has a record on the item that can be taken back.
    pub(crate) fn is_mine(&self, id: &ItemId) -> bool {
        let Some(me) = self.loaded.as_ref().and_then(|loaded| loaded.me.as_ref()) else {
            return false;
        };
        self.assessment(id).is_some_and(|item| {
            item.records.iter().any(|record| {
                let open = matches!(record.state, RecordState::Counts | RecordState::Stale(_));
                open && record.entry.author.is(me.email.as_str())
            })
        })
    }

    /// What the verdict's badge says.
    pub(crate) fn badge(&self) -> Badge {
        match &self.assessed {
            // what cannot be read any more is not a GO
            Some(_) if self.unread => Badge::Verdict(Verdict::NoGo),
            Some(assessed) if self.runs.active.is_empty() && !self.assess_due => {
                Badge::Verdict(assessed.all.verdict)
            }
            _ => Badge::Checking,
        }
    }

    /// The same in words: `GO for the work tree`.
    pub(crate) fn badge_words(&self) -> String {
        match (self.badge(), &self.assessed) {
            (Badge::Verdict(verdict), Some(assessed)) if verdict == assessed.all.verdict => {
                verdict_line(&assessed.all)
            }
            (Badge::Verdict(verdict), _) => verdict.word().to_owned(),
            (Badge::Checking, _) => "CHECKING".to_owned(),
        }
    }

    /// Whether an item blocks a GO. One whose checks still run does not yet.
    pub(crate) fn blocks(&self, item: &ItemAssessment) -> bool {
        item.blocks && (item.standing != Standing::Pending || self.runs.active.is_empty())
    }

    /// How many items block a GO.
    pub(crate) fn blocking(&self) -> usize {
        let Some(assessed) = &self.assessed else { return 0 };
        assessed.all.items.iter().filter(|item| self.blocks(item)).count()
    }
}
