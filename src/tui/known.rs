//! What every screen and dialog shows: the session as it was read, results, the
//! verdict, and how to draw. Only `update` changes it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::glyphs::Glyphs;
use super::theme::{Badge, Theme};
use crate::assess::{Assessment, Basis, ItemAssessment, RecordState, Standing, Verdict};
use crate::checklist::{Checklist, Item};
use crate::model::words::sentence;
use crate::model::{CleanText, ItemId, ItemResult, Person};
use crate::repo::Head;
use crate::report::verdict_line;

/// Ties an answer to the question it belongs to; answers to questions that
/// were given up are dropped.
pub type Ticket = u64;

/// What is known, and how to draw it.
#[derive(Debug)]
pub struct Known {
    /// Columns and rows that are drawn on.
    pub size: (u16, u16),
    /// What time it is.
    pub now: Timestamp,
    /// The folder that was asked about, until the repository's name is known.
    pub folder: CleanText,
    /// One line at the top.
    pub hint: Option<CleanText>,
    /// The theme.
    pub theme: Theme,
    /// The theme was chosen by key and is worth remembering.
    pub theme_chosen: bool,
    /// The set of signs.
    pub glyphs: &'static Glyphs,
    /// The terminal reports the mouse.
    pub mouse: bool,
    /// The spinner's beat.
    pub beat: usize,
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
    /// What is said at the bottom.
    pub toast: Option<Toast>,
}

/// What the screen knows of a session: plain values, no door to the repository.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The repository's name: its folder's.
    pub name: CleanText,
    /// Where `HEAD` is.
    pub head: Head,
    /// What was seen around the judged commit.
    pub basis: Arc<Basis>,
    /// Why nothing can be recorded or fixed here; nothing where it can.
    pub read_only: Option<CleanText>,
    /// What must hold.
    pub checklist: Arc<Checklist>,
    /// The items that have checks to run.
    pub checked: HashSet<ItemId>,
    /// Who git says that the person is.
    pub me: Option<Person>,
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
    pub took: Option<Duration>,
}

/// An assessment with a way to find an item in it.
#[derive(Debug)]
pub struct Assessed {
    /// The assessment.
    pub all: Assessment,
    at: HashMap<ItemId, usize>,
}

/// A line at the bottom, until the next key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Toast {
    /// What to say.
    pub text: String,
    /// It is about something that did not work.
    pub bad: bool,
}

impl Toast {
    /// Something went as it should.
    pub fn good(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: false }
    }

    /// Something did not.
    pub fn bad(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: true }
    }
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

impl Known {
    /// Nothing yet, on a terminal of this size.
    pub fn new(size: (u16, u16), now: Timestamp, theme: Theme, glyphs: &'static Glyphs) -> Self {
        Self {
            size,
            now,
            folder: CleanText::default(),
            hint: None,
            theme,
            theme_chosen: false,
            glyphs,
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
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.loaded.as_ref()?.checklist.item(id)
    }

    /// What is known about an item.
    pub fn assessment(&self, id: &ItemId) -> Option<&ItemAssessment> {
        self.assessed.as_ref()?.item(id)
    }

    /// Where an item stands.
    pub fn standing(&self, id: &ItemId) -> Standing {
        self.assessment(id).map_or(Standing::Pending, |item| item.standing)
    }

    /// Why nothing can be recorded or fixed here; nothing where it can.
    pub fn read_only(&self) -> Option<String> {
        self.loaded.as_ref()?.read_only.as_ref().map(|why| sentence(why.as_str()))
    }

    /// Whether the person has a record on the item that can be taken back.
    pub fn is_mine(&self, id: &ItemId) -> bool {
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
    pub fn badge(&self) -> Badge {
        match &self.assessed {
            // what cannot be read any more is no GO
            Some(_) if self.unread => Badge::Verdict(Verdict::NoGo),
            Some(assessed) if self.runs.active.is_empty() && !self.assess_due => {
                Badge::Verdict(assessed.all.verdict)
            }
            _ => Badge::Checking,
        }
    }

    /// The same in words: `GO for the work tree`.
    pub fn badge_words(&self) -> String {
        match (self.badge(), &self.assessed) {
            (Badge::Verdict(verdict), Some(assessed)) if verdict == assessed.all.verdict => {
                verdict_line(&assessed.all)
            }
            (Badge::Verdict(verdict), _) => verdict.word().to_owned(),
            (Badge::Checking, _) => "CHECKING".to_owned(),
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
}
