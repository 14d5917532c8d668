//! Facts derived from the repository, at most once in a run, whichever check
//! asks first. A fact says what is there and never what is right.

mod deployed;
mod env_file;
mod env_loading;
mod gather;
mod loaders;
mod memo;
mod mentions;
mod scripts;

use std::hash::Hash;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::{Cancel, CheckError, CommitId, Environment, RuleId, Subject};
use crate::repo::{History, Memory, Origin, Repo, Searched, Tree, Wanted};

pub use deployed::Deployed;
pub use env_file::{Env, EnvState};
pub use env_loading::{EnvLoading, How, Loader};
use gather::{Gather, Of, Pieces};
pub use gather::{Gathered, Piece};
pub use loaders::{LOADS_BY_VARIABLE, LOADS_FILE, SettingsLoaders};
use memo::Memo;
pub use mentions::{Mentions, runs_or_starts};
pub use scripts::{KeyScripts, ScriptsNaming};

/// All that the shared pass gathers.
pub const GATHERED: &[&dyn Gathered] = &[
    &Of::<env_loading::Code>::THIS,
    &Of::<env_loading::Configuration>::THIS,
    &Of::<scripts::Named>::THIS,
    &Of::<loaders::Loading>::THIS,
];

/// What a check may ask: the doors to the repository, to read from only, and
/// the facts that follow from what is behind them.
pub struct Facts<'a> {
    git: Option<&'a Repo>,
    /// The files that are judged: the work tree, or those of a commit.
    pub tree: &'a dyn Tree,
    /// The files of this machine, for what git does not hold by nature: the env
    /// file, databases, permissions.
    pub disk: &'a dyn Tree,
    /// When the run began.
    pub now: Timestamp,
    /// Where production's variables are seen.
    pub environment: Environment,
    /// Whether the team's own checklist names the env file.
    pub env_file_named: bool,
    /// No network may be asked.
    pub offline: bool,
    /// Whether anybody still waits for the answer.
    pub cancel: &'a Cancel,
    memo: Memo,
    /// The shared pass brings what it gathers.
    pass: bool,
    history: History<'a>,
}

/// Where a run reads from.
#[derive(Clone, Debug)]
pub struct Doors {
    /// The repository; none for files in memory.
    pub git: Option<Arc<Repo>>,
    /// The files that are judged.
    pub tree: Arc<dyn Tree>,
    /// The files of this machine.
    pub disk: Arc<dyn Tree>,
}

impl Doors {
    /// A work tree as it is.
    pub fn of_worktree(repo: Arc<Repo>) -> Self {
        let tree: Arc<dyn Tree> = Arc::new(repo.worktree());
        Self { git: Some(repo), disk: Arc::clone(&tree), tree }
    }

    /// Files in memory, which are judged and are the machine's, too.
    pub fn of_memory(files: Memory) -> Self {
        let tree: Arc<dyn Tree> = Arc::new(files);
        Self { git: None, disk: Arc::clone(&tree), tree }
    }
}

/// Something that follows from the repository and that several checks ask for.
pub trait Fact: Send + Sync + Sized + 'static {
    /// What tells one fact of this type from another: a path, say.
    type Key: Hash + Eq + Clone + Send + Sync + 'static;

    /// Derives it. Called once in a run for each key, from whichever thread asks
    /// first; the others wait.
    ///
    /// # Errors
    /// When something that it follows from could not be looked at.
    fn derive(key: &Self::Key, cx: &Facts<'_>) -> Result<Self, CheckError>;
}

impl<'a> Facts<'a> {
    /// For one run.
    pub fn new(doors: &'a Doors, now: Timestamp, offline: bool, cancel: &'a Cancel) -> Self {
        Self {
            git: doors.git.as_deref(),
            tree: doors.tree.as_ref(),
            disk: doors.disk.as_ref(),
            now,
            environment: Environment::default(),
            env_file_named: false,
            offline,
            cancel,
            memo: Memo::default(),
            pass: false,
            history: History::default(),
        }
    }

    /// What git knows besides files: the history, the remotes, the index.
    ///
    /// # Errors
    /// When the files are in no repository.
    pub fn git(&self) -> Result<&'a Repo, CheckError> {
        self.git.ok_or_else(|| {
            CheckError::could_not_look(
                RuleId::new("facts.no_git"),
                Subject::whole(),
                "these files are in no git repository",
                "run it in a repository",
            )
        })
    }

    /// Searches the history, which is read once for all who ask. None when
    /// nobody waits any more.
    ///
    /// # Errors
    /// When there is no repository, or git cannot open it.
    pub fn search_history(&self, wanted: &dyn Wanted) -> Result<Option<Searched>, CheckError> {
        Ok(self.git()?.search_history(wanted, &self.history)?)
    }

    /// The same, with all names of files that this run may ask the history for.
    pub fn asking_history(self, asked: impl Fn(&[u8]) -> bool + Send + Sync + 'a) -> Self {
        Self { history: History::new(asked), ..self }
    }

    /// The name of the project's folder.
    pub fn project(&self) -> String {
        let name = self.git.and_then(|git| git.root().file_name());
        name.unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The same for a run with a shared pass: what is gathered there is waited
    /// for, so that each of [`GATHERED`] must be kept, whatever happens.
    pub fn with_pass(self) -> Self {
        Self { pass: true, ..self }
    }

    /// The same, with production's variables seen elsewhere than in `.env`.
    pub fn in_environment(self, environment: Environment, env_file_named: bool) -> Self {
        Self { environment, env_file_named, ..self }
    }

    /// The commit whose files are judged; none when it is the work tree.
    pub fn revision(&self) -> Option<CommitId> {
        match self.tree.origin() {
            Origin::Commit(id) => Some(id),
            Origin::Worktree | Origin::Memory => None,
        }
    }

    /// The fact of that key.
    ///
    /// # Errors
    /// As [`Fact::derive`], the same for everybody who asks.
    pub fn get<F: Fact>(&self, key: &F::Key) -> Result<Arc<F>, CheckError> {
        self.memo.get::<F>(key, self)
    }

    /// What the shared pass gathered for a fact.
    fn gathered<G: Gather>(&self) -> Result<Arc<Pieces<G>>, CheckError> {
        self.memo.gathered(self.pass, || gather::walk::<G>(self))
    }
}
