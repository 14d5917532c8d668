//! One repository with its checklist and its ledger: what both the screen and
//! the command line do with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

mod record;

pub use record::Draft;

use crate::assess::{self, Assessment, Facts};
use crate::check::params::Globs;
use crate::checklist::{self, Checklist, Choice, Item};
use crate::engine::{Job, Settings};
use crate::ledger::{self, Ledger, LedgerError};
use crate::model::{CleanText, ItemId, ItemResult};
use crate::repo::{Head, Repo, RepoError};

/// A repository, its checklist and its ledger, as read at one moment.
#[derive(Debug, Clone)]
pub struct Session {
    /// The repository.
    pub repo: Arc<Repo>,
    /// Where `HEAD` was.
    pub head: Head,
    /// What must hold.
    pub checklist: Arc<Checklist>,
    /// Who said what.
    pub ledger: Arc<Ledger>,
    /// For each item whose policy covers files: these files at `HEAD`, each
    /// with its blob's name.
    pub covered: Arc<Covered>,
    /// What the checklist's files should not be silent about, for people.
    pub warnings: Arc<Vec<CleanText>>,
}

/// For each item whose policy covers files: path → blob name.
pub type Covered = HashMap<ItemId, BTreeMap<String, String>>;

/// Why a session could not be opened or a record not be made, for people: what
/// happened, where, what to do next.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The checklist is mistaken; the text shows every mistake with its line.
    #[error("{0}")]
    Checklist(String),
    /// What was asked for cannot be done as asked, such as an item that is not there.
    #[error("{0}")]
    Usage(String),
    /// The repository or the ledger did not answer.
    #[error("{0}")]
    Failed(String),
}

impl From<RepoError> for SessionError {
    fn from(error: RepoError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<LedgerError> for SessionError {
    fn from(error: LedgerError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Session {
    /// Opens the repository around a folder and loads everything.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub fn open(folder: &Path, choice: &Choice) -> Result<Self, SessionError> {
        let repo = Repo::discover(folder)?;
        let loaded = checklist::load(&repo, choice, folder)
            .map_err(|error| SessionError::Checklist(error.render(false)))?;
        let head = repo.head()?;
        let covered = covered(&repo, &head, &loaded.checklist)?;
        let ledger = ledger::read(&repo)?;
        let warnings =
            loaded.warnings.iter().map(|warning| CleanText::line(warning.to_string())).collect();
        Ok(Self {
            repo: Arc::new(repo),
            head,
            checklist: Arc::new(loaded.checklist),
            ledger: Arc::new(ledger),
            covered: Arc::new(covered),
            warnings: Arc::new(warnings),
        })
    }

    /// The same session with `HEAD`, ledger and covered files read again; the
    /// checklist stays.
    ///
    /// # Errors
    /// When the repository or the ledger did not answer.
    pub fn refreshed(&self) -> Result<Self, SessionError> {
        let head = self.repo.head()?;
        let covered = if head.commit == self.head.commit {
            Arc::clone(&self.covered)
        } else {
            Arc::new(covered(&self.repo, &head, &self.checklist)?)
        };
        let ledger = Arc::new(ledger::read(&self.repo)?);
        Ok(Self { head, covered, ledger, ..self.clone() })
    }

    /// Whether `HEAD` and the ledger are still those that were read. When git
    /// does not answer, they are not.
    pub fn is_current(&self) -> bool {
        let head = self.repo.head().is_ok_and(|head| head == self.head);
        head && ledger::tip(&self.repo) == self.ledger.tip
    }

    /// The checks to run, of all items or of some. Manual and disabled items have none.
    pub fn jobs(&self, only: Option<&[ItemId]>) -> Vec<Job> {
        let chosen = |item: &&Item| only.is_none_or(|ids| ids.contains(&item.id));
        self.checklist
            .items()
            .map(|(_, item)| item)
            .filter(|item| item.disabled.is_none() && !item.checks.is_empty())
            .filter(chosen)
            .map(|item| Job {
                item: item.id.clone(),
                checks: item.checks.iter().map(|one| (one.kind, one.check.clone())).collect(),
            })
            .collect()
    }

    /// What holds for a run of them.
    pub fn settings(&self, now: Timestamp, offline: bool) -> Settings {
        Settings {
            now,
            environment: self.checklist.environment.clone(),
            env_file_named: self.checklist.env_file_set_by_team,
            offline,
        }
    }

    /// What these results add up to.
    pub fn assess(&self, results: &HashMap<ItemId, ItemResult>, now: Timestamp) -> Assessment {
        assess::assess(&Facts {
            checklist: &self.checklist,
            results,
            ledger: &self.ledger,
            covered: &self.covered,
            now,
        })
    }

    /// The item of that id.
    ///
    /// # Errors
    /// [`SessionError::Usage`] with the nearest ids, when there is none.
    pub fn item(&self, id: &ItemId) -> Result<&Item, SessionError> {
        self.checklist.item(id).ok_or_else(|| SessionError::Usage(self.no_such_item(id.as_str())))
    }

    /// What to tell a person who named an item that is not there.
    pub fn no_such_item(&self, given: &str) -> String {
        let near = self
            .checklist
            .items()
            .map(|(_, item)| item.id.as_str())
            .map(|id| (strsim::jaro_winkler(id, given), id))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let near = near.map(|(_, id)| format!("; did you mean `{id}`?")).unwrap_or_default();
        format!(
            "no item `{}` in the checklist {}{near} `gonogo list` names them all",
            CleanText::line(given),
            self.checklist.origin
        )
    }
}

fn covered(repo: &Repo, head: &Head, checklist: &Checklist) -> Result<Covered, RepoError> {
    let Some(commit) = &head.commit else {
        return Ok(Covered::new());
    };
    let policies: Vec<_> = checklist
        .items()
        .filter_map(|(_, item)| {
            let globs = item.sign_off.as_ref()?.covers.as_ref()?;
            Some((item.id.clone(), globs))
        })
        .collect();
    let mut covered: Covered =
        policies.iter().map(|(id, _)| (id.clone(), BTreeMap::new())).collect();
    if policies.is_empty() {
        return Ok(covered);
    }
    // one set for all: a path that nobody covers is asked about once
    let all: Vec<&String> = policies
        .iter()
        .flat_map(|(_, globs)| globs.patterns())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let wanted = Globs::new(&all);
    let wanted = |path: &_| wanted.as_ref().map_or(true, |globs| globs.matches(path));
    for (path, blob) in repo.blobs(commit, &wanted)? {
        for (id, globs) in &policies {
            if globs.matches(&path)
                && let Some(files) = covered.get_mut(id)
            {
                files.insert(path.to_string(), blob.clone());
            }
        }
    }
    Ok(covered)
}
