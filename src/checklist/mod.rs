//! The checklist: what must be true before a deploy, read from YAML.

mod build;
mod builtin;
#[cfg(test)]
mod cases;
mod check_schema;
mod diagnostic;
mod environment;
mod file;
mod find;
mod flask;
mod gate;
mod guard;
mod include;
mod item;
mod load;
mod loosened;
mod merge;
mod origin;
mod place;
mod raw;
mod requires;
mod rivals;
mod schema;
mod source;
mod spans;
mod syntax;
mod team;
mod told;
mod vars;
mod words;

pub(crate) use builtin::builtins;
#[cfg(test)]
pub(crate) use diagnostic::LoadError;
pub(crate) use diagnostic::render_all;
pub(crate) use find::OWN;
pub(crate) use gate::{Gate, LedgerRule, MayWaive, Uncommitted, Waive, WaiverLimits, WaiverRule};
pub(crate) use load::{Loaded, lint_builtin, lint_file, load, load_from};
pub(crate) use loosened::loosened;
pub(crate) use origin::{FileSet, LoadedFile, LoadedFrom};
pub(crate) use schema::schema;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::check::params::Globs;
use crate::check::{self, AnyCheck};
use crate::model::{
    CleanText, Date, Digest, Environment, ItemId, ItemOutcome, ItemResult, Period, Role, Severity,
};

/// A checklist with its includes merged and its variables filled in.
#[derive(Debug)]
pub struct Checklist {
    /// What it is called.
    pub name: CleanText,
    /// What it is for.
    pub about: CleanText,
    /// Where it came from, for people: `.gonogo/checklist.yaml` or `builtin:general`.
    pub origin: CleanText,
    /// When people last read the checklist itself.
    pub reviewed: Option<Date>,
    /// How long that reading holds.
    pub review_every: Option<Period>,
    /// Who belongs to which role, by email.
    pub team: BTreeMap<Role, Vec<String>>,
    /// What blocks.
    pub gate: Gate,
    /// Where production's variables are seen.
    pub environment: Environment,
    /// Whether a file of the team's own names an env file, and not only one that
    /// came with gonogo.
    pub env_file_set_by_team: bool,
    /// The sections, in order; none is empty.
    pub sections: Vec<Section>,
}

/// Items under one heading.
#[derive(Debug)]
pub struct Section {
    /// The heading.
    pub title: CleanText,
    /// Its items, in order.
    pub items: Vec<Item>,
}

/// One thing that must hold.
#[derive(Debug)]
pub struct Item {
    /// Its name, which records refer to.
    pub id: ItemId,
    /// What must hold, as a statement.
    pub title: CleanText,
    /// How it reads while it fails.
    pub failing: Option<CleanText>,
    /// How bad it is otherwise.
    pub severity: Severity,
    /// Why it matters.
    pub why: CleanText,
    /// How to make it hold.
    pub fix: Option<Fix>,
    /// Pages that say more.
    pub refs: Vec<CleanText>,
    /// The automatic part: all must hold. Empty for a manual item.
    pub checks: Vec<ItemCheck>,
    /// The manual part.
    pub sign_off: Option<Policy>,
    /// Who may sign while the checks cannot decide; of automatic items only.
    pub when_undecided: Option<Policy>,
    /// What it says of its waivers; see [`Checklist::waiver_limits`].
    pub waive: Waive,
    /// Why it was switched off, when it was.
    pub disabled: Option<CleanText>,
    /// The file and line (from 1) that define it.
    pub defined_at: (CleanText, u32),
    /// Over what a signer asserts: title, severity, checks, and the policies of
    /// sign-off, waiver and undecided checks. Why, fix, failing and refs are prose
    /// and may be improved without asking everybody again.
    pub digest: Digest,
}

/// One check of an item.
#[derive(Debug, Clone)]
pub struct ItemCheck {
    /// The kind's name.
    pub kind: &'static str,
    /// The check.
    pub check: AnyCheck,
    /// Its parameters as they were written, for people.
    pub parameters: serde_json::Value,
}

/// How an item is settled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// By its checks alone.
    Automatic,
    /// By sign-offs alone.
    Manual,
    /// Checks collect findings, a person judges them.
    Assisted,
}

impl Mode {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Manual => "manual",
            Self::Assisted => "assisted",
        }
    }
}

/// How to make an item hold.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Fix {
    /// Prose.
    pub text: Option<CleanText>,
    /// One act each, in order.
    pub steps: Vec<CleanText>,
    /// Code or commands to copy.
    pub code: Option<CleanText>,
}

/// The manual part of an item: whose sign-off counts, and for how long.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The role that must sign; anybody may when there is none.
    pub by: Option<Role>,
    /// How many different people must sign.
    pub count: u32,
    /// How long a sign-off holds.
    pub valid: Option<Period>,
    /// The files that it covers: when one changes, it no longer holds.
    pub covers: Option<Globs>,
    /// Whether a file that did not come with gonogo says so.
    pub covers_by_team: bool,
}

impl Checklist {
    /// All items with their sections, in order.
    pub fn items(&self) -> impl Iterator<Item = (&Section, &Item)> {
        self.sections
            .iter()
            .flat_map(|section| section.items.iter().map(move |item| (section, item)))
    }

    /// The item of that id.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.items().map(|(_, item)| item).find(|item| &item.id == id)
    }

    /// The day after which people should have read the checklist again, when
    /// that day is past.
    pub fn review_overdue(&self, now: Timestamp) -> Option<Date> {
        let due = self.review_every?.after(self.reviewed?.end());
        (due <= now).then(|| Date::of(due))
    }
}

impl Item {
    /// How it is settled.
    pub fn mode(&self) -> Mode {
        match (self.checks.is_empty(), &self.sign_off) {
            (true, _) => Mode::Manual,
            (false, None) => Mode::Automatic,
            (false, Some(_)) => Mode::Assisted,
        }
    }

    /// Whether a sign-off could settle it, as its checks ended.
    pub fn takes_sign_off(&self, result: Option<&ItemResult>) -> bool {
        let errors = result.is_some_and(|result| result.errors().next().is_some());
        let undecided = result.map(ItemResult::outcome) == Some(ItemOutcome::Undecided);
        match self.mode() {
            Mode::Manual => true,
            Mode::Assisted => !errors,
            Mode::Automatic => undecided && self.when_undecided.is_some(),
        }
    }

    /// What gonogo can do by itself about what its checks saw, in the order in
    /// which it is to be done.
    pub fn fixes(&self, result: &ItemResult) -> Vec<Arc<dyn check::Fix>> {
        // the engine ends checks in the order in which they were given
        let checks = self.checks.iter().zip(&result.0);
        let mut fixes: Vec<_> = checks
            .filter(|(check, ended)| check.kind == ended.kind)
            .filter_map(|(check, ended)| Some(check.check.fixes(ended.seen.as_ref().ok()?)))
            .flatten()
            .collect();
        fixes.sort_by_key(|fix| fix.order());
        fixes
    }
}

/// Which checklist to load.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Choice {
    /// The repository's own, else the built-in one that fits it.
    Find,
    /// A file; relative to where the person stands.
    Path(PathBuf),
    /// A built-in one by name.
    Builtin(String),
}
