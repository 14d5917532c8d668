//! One repository with its checklist and its ledger: what both the screen and
//! the command line do with it.

mod basis;
mod covered;
mod draft;
mod error;
mod list;
mod overrule;
mod record;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use jiff::Timestamp;

use crate::assess::{self, Assessment, Basis, Evidence};
use crate::checklist::{Checklist, Choice, Item, LoadedFile, LoadedFrom};
use crate::engine::{Job, Settings};
use crate::facts::Doors;
use crate::ledger::{self, Ledger, Seen};
use crate::model::{CleanText, CommitId, ItemId, ItemResult, RepoPath};
use crate::repo::{Head, Repo, RepoError, StateFolder, Tree};

pub(crate) use covered::Covered;
pub(crate) use draft::Draft;
pub(crate) use error::SessionError;

/// What to open.
#[derive(Clone, Debug)]
pub(crate) struct Opening<'a> {
    /// A folder of the repository; paths of the choice are relative to it.
    pub folder: &'a Path,
    /// Which checklist.
    pub choice: &'a Choice,
    /// The revision to judge, from git's objects; the work tree when it is none.
    pub at: Option<&'a str>,
    /// Where it is remembered what was last seen of the ledger; nowhere when it
    /// is none, which a note says.
    pub state: Option<StateFolder>,
}

/// A repository, its checklist and its ledger, as read at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// The repository.
    pub repo: Arc<Repo>,
    /// The files that checks read.
    pub tree: Arc<dyn Tree>,
    /// The judged commit, and the branch when that is where `HEAD` was.
    pub head: Head,
    /// What must hold.
    pub checklist: Arc<Checklist>,
    /// Who said what.
    pub ledger: Arc<Ledger>,
    /// For each item whose policy covers files: these files at the judged
    /// commit, each with its blob's name.
    pub covered: Arc<Covered>,
    /// What was seen around the judged commit.
    pub basis: Arc<Basis>,
    /// What the checklist's files should not be silent about, for people.
    pub warnings: Arc<Vec<CleanText>>,
    /// What is known of earlier looks at the ledger.
    pub seen: Arc<Seen>,
    files: Arc<Vec<LoadedFile>>,
    misnamed: Arc<Vec<(RepoPath, &'static str)>>,
    /// Nobody named a checklist.
    found: bool,
    ancestors: Arc<HashSet<CommitId>>,
    state: Option<StateFolder>,
}

impl Session {
    /// Opens the repository around a folder and loads everything.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub(crate) fn open(opening: &Opening<'_>) -> Result<Self, SessionError> {
        let repo = Repo::discover(opening.folder)?;
        let (head, tree, revision) = judged(&repo, opening.at)?;
        // what is not committed does not depend on the checklist, and takes as long
        let (read, uncommitted) = thread::scope(|scope| {
            let beside = revision.is_none().then(|| scope.spawn(|| basis::uncommitted(&repo)));
            let read = || -> Result<_, SessionError> {
                let loaded = list::load(&repo, tree.as_ref(), revision.is_some(), opening)?;
                let warnings = list::warnings(&repo, &loaded);
                let ledger = ledger::read(&repo)?;
                let covered = covered::covered(&repo, head.commit.as_ref(), &loaded.checklist)?;
                Ok((loaded, warnings, ledger, covered))
            };
            (read(), beside.and_then(|beside| beside.join().ok()))
        });
        repo.forget_trees();
        let (loaded, warnings, ledger, covered) = read?;
        let session = Self {
            repo: Arc::new(repo),
            tree,
            head,
            checklist: Arc::new(loaded.checklist),
            ledger: Arc::new(ledger),
            covered: Arc::new(covered),
            basis: Arc::new(Basis { revision, ..Basis::default() }),
            warnings: Arc::new(warnings),
            seen: Arc::default(),
            files: Arc::new(loaded.files),
            misnamed: Arc::new(loaded.misnamed),
            found: matches!(opening.choice, Choice::Find),
            ancestors: Arc::default(),
            state: opening.state.clone(),
        };
        let notes = list::notes(&session, opening.choice, loaded.decided_by.as_ref());
        session.looked_around(notes, uncommitted)
    }

    /// The same session with `HEAD`, ledger, covered files and changes read
    /// again; the checklist stays.
    ///
    /// # Errors
    /// When the repository or the ledger did not answer.
    pub(crate) fn refreshed(&self) -> Result<Self, SessionError> {
        let head = match self.basis.revision {
            Some(_) => self.head.clone(),
            None => self.repo.head()?,
        };
        let covered = if head.commit == self.head.commit {
            Arc::clone(&self.covered)
        } else {
            Arc::new(covered::covered(&self.repo, head.commit.as_ref(), &self.checklist)?)
        };
        let ledger = Arc::new(ledger::read(&self.repo)?);
        let again = Self { head, covered, ledger, ..self.clone() };
        again.looked_around(self.basis.checklist_notes.clone(), None)
    }

    /// Looks at all that the rules of a GO ask for; what is not committed may be
    /// known already.
    fn looked_around(
        self,
        checklist_notes: Vec<CleanText>,
        uncommitted: Option<assess::Uncommitted>,
    ) -> Result<Self, SessionError> {
        let commit = self.head.commit.as_ref();
        let revision = self.basis.revision.clone();
        let mut seen = ledger::seen::look(&self.repo, self.state.as_ref(), &self.ledger);
        let found = ledger::sharing(&self.repo, self.state.as_ref(), &self.ledger);
        let refused = ledger::refused(&self.repo, self.state.as_ref())?;
        // what cannot be read there is told as the state of sharing
        let vanished = ledger::vanished(&self.repo, self.state.as_ref(), &self.ledger);
        let vanished = vanished.unwrap_or_default();
        let ledger_state = basis::ledger(&mut seen, found, refused, vanished);
        let uncommitted = match (&revision, uncommitted) {
            (Some(_), _) => assess::Uncommitted::default(),
            (None, Some(known)) => known,
            (None, None) => basis::uncommitted(&self.repo),
        };
        let mut checklist = basis::anchored(&self.repo, commit, revision.is_some(), &self.files);
        checklist.extend(self.misnamed.iter().map(basis::misnamed));
        if self.found && revision.is_none() {
            checklist.extend(basis::passed_over(&self.repo, commit, &self.files));
        }
        let basis = Basis {
            commit: basis::judged(&self.repo, commit)?,
            checklist,
            revision,
            uncommitted,
            checklist_notes,
            ledger: ledger_state,
            people: basis::people(&self.repo, self.tree.as_ref(), commit, &self.ledger),
        };
        let ancestors = basis::ancestors(&self.repo, commit, &self.ledger);
        Ok(Self {
            basis: Arc::new(basis),
            ancestors: Arc::new(ancestors),
            seen: Arc::new(seen),
            ..self
        })
    }

    /// Where checks read from.
    pub(crate) fn doors(&self) -> Doors {
        let disk: Arc<dyn Tree> = match self.basis.revision {
            Some(_) => Arc::new(self.repo.worktree()),
            None => Arc::clone(&self.tree),
        };
        Doors { git: Some(Arc::clone(&self.repo)), tree: Arc::clone(&self.tree), disk }
    }

    /// The folder in which it remembers.
    pub(crate) fn state(&self) -> Option<&StateFolder> {
        self.state.as_ref()
    }

    /// Why nothing can be changed from here; nothing when it can.
    pub(crate) fn read_only(&self) -> Option<CleanText> {
        let revision = self.basis.revision.as_ref()?;
        Some(read_only(revision.as_str()))
    }

    /// Whether `HEAD` and the ledger are still those that were read. When git
    /// does not answer, they are not.
    pub(crate) fn is_current(&self) -> bool {
        let head =
            self.basis.revision.is_some() || self.repo.head().is_ok_and(|head| head == self.head);
        head && ledger::tip(&self.repo) == self.ledger.tip
    }

    /// The checks to run, of all items or of some. Manual and disabled items have none.
    pub(crate) fn jobs(&self, only: Option<&[ItemId]>) -> Vec<Job> {
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
    pub(crate) fn settings(&self, now: Timestamp, offline: bool) -> Settings {
        let inside = |file: &LoadedFile| match &file.from {
            LoadedFrom::Inside(path) => self.tree.real(path).ok(),
            LoadedFrom::Outside(_) | LoadedFrom::Builtin(_) => None,
        };
        Settings {
            now,
            list: self.files.iter().filter_map(inside).collect(),
            environment: self.checklist.environment.clone(),
            env_file_named: self.checklist.env_file_set_by_team,
            offline,
            background: false,
        }
    }

    /// What these results add up to.
    pub(crate) fn assess(
        &self,
        results: &HashMap<ItemId, ItemResult>,
        now: Timestamp,
    ) -> Assessment {
        assess::assess(&Evidence {
            checklist: &self.checklist,
            results,
            ledger: &self.ledger,
            covered: &self.covered,
            ancestors: &self.ancestors,
            basis: &self.basis,
            now,
        })
    }

    /// The item of that id.
    ///
    /// # Errors
    /// [`SessionError::Usage`] with the nearest ids, when there is none.
    pub(crate) fn item(&self, id: &ItemId) -> Result<&Item, SessionError> {
        self.checklist.item(id).ok_or_else(|| SessionError::Usage(self.no_such_item(id.as_str())))
    }

    /// What to tell a person who named an item that is not there.
    pub(crate) fn no_such_item(&self, given: &str) -> String {
        let near = self
            .checklist
            .items()
            .map(|(_, item)| item.id.as_str())
            .map(|id| (strsim::jaro_winkler(id, given), id))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let near = near.map(|(_, id)| format!(", did you mean `{id}`")).unwrap_or_default();
        let end = if near.is_empty() { ";" } else { "?" };
        format!(
            "no item `{}` in the checklist {}{near}{end} `gonogo list` names them all",
            CleanText::line(given),
            self.checklist.origin
        )
    }
}

/// Why nothing is changed while a revision is judged.
pub(crate) fn read_only(revision: &str) -> CleanText {
    CleanText::line(format!(
        "`{revision}` is judged as it is, and nothing is changed; records, fixes and secrets are made without `--at`"
    ))
}

/// The judged commit, the files that checks read, and the revision as asked for.
#[allow(clippy::type_complexity, reason = "three things that are taken apart at once")]
fn judged(
    repo: &Repo,
    at: Option<&str>,
) -> Result<(Head, Arc<dyn Tree>, Option<CleanText>), RepoError> {
    match at {
        None => Ok((repo.head()?, Arc::new(repo.worktree()), None)),
        Some(revision) => {
            let commit = repo.commit_named(revision)?;
            let tree = repo.commit(&commit)?;
            let head = Head { branch: None, commit: Some(commit) };
            Ok((head, Arc::new(tree), Some(CleanText::line(revision))))
        }
    }
}
