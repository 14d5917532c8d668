//! A bare repository, and people with clones of it.

use std::path::Path;

use tempfile::TempDir;

use crate::ledger::store::REF;
use crate::ledger::support::{ann, append, git, sign_off};
use crate::ledger::sync::*;
use crate::ledger::{patiently, read, tip};

/// A bare repository and people with clones of it.
pub(super) struct World {
    pub(super) folder: TempDir,
}

/// One person with a clone and a memory.
pub(super) struct Clone {
    pub(super) repo: Repo,
    pub(super) state: StateFolder,
}

pub(super) fn world() -> World {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "-q", "--bare", "-b", "main", "shop.git"]);
    git(folder.path(), &["init", "-q", "-b", "main", "seed"]);
    let seed = folder.path().join("seed");
    git(&seed, &["commit", "-q", "--allow-empty", "-m", "first"]);
    git(&seed, &["push", "-q", "../shop.git", "main"]);
    World { folder }
}

impl World {
    pub(super) fn bare(&self) -> std::path::PathBuf {
        self.folder.path().join("shop.git")
    }

    pub(super) fn clone(&self, name: &str) -> Clone {
        self.clone_from(name, &self.bare().to_string_lossy())
    }

    pub(super) fn clone_from(&self, name: &str, url: &str) -> Clone {
        // objects are not hard links to those of the remote
        let from = format!("file://{}", self.bare().display());
        git(self.folder.path(), &["clone", "-q", &from, name]);
        let path = self.folder.path().join(name);
        git(&path, &["remote", "set-url", "origin", url]);
        let repo = Repo::discover(&path).expect("a repository");
        Clone { repo, state: StateFolder::at(self.folder.path().join(format!("{name}-state"))) }
    }

    pub(super) fn their_tip(&self) -> String {
        git(&self.bare(), &["for-each-ref", "--format=%(objectname)", REF])
    }

    pub(super) fn set_their_tip(&self, tip: &str) {
        git(&self.bare(), &["update-ref", REF, tip]);
    }
}

impl Clone {
    pub(super) fn path(&self) -> &Path {
        self.repo.root()
    }

    pub(super) fn with<T>(&self, accept_rewind: bool, work: impl FnOnce(&Sync<'_>) -> T) -> T {
        work(&Sync {
            repo: &self.repo,
            state: Some(&self.state),
            terminal: false,
            limit: Duration::from_secs(60),
            cancelled: &|| false,
            waiting: &patiently,
            accept_rewind,
            now: "2026-03-15T12:00:00Z".parse().expect("a moment"),
        })
    }

    pub(super) fn sync(&self) -> Result<Synced, SyncError> {
        self.with(false, |how| sync(how, None))
    }

    pub(super) fn synced(&self) -> (usize, usize) {
        let done = self.sync().expect("synced");
        assert_eq!(done.notes, Vec::<CleanText>::new());
        assert_eq!(done.tip, tip(&self.repo));
        (done.received.len(), done.sent)
    }

    pub(super) fn refused(&self) -> String {
        let before = tip(&self.repo);
        let error = self.sync().expect_err("refused").to_string();
        assert_eq!(tip(&self.repo), before, "nothing changed here");
        self.no_leftovers();
        error
    }

    pub(super) fn append(&self, note: &str) -> CommitId {
        append(&self.repo, &sign_off(note), &ann()).expect("appended")
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let entries = read(&self.repo).expect("a ledger").entries;
        entries.iter().map(|entry| entry.record.statement.words().to_string()).collect()
    }

    pub(super) fn sharing(&self) -> Sharing {
        let ledger = read(&self.repo).expect("a ledger");
        sharing(&self.repo, Some(&self.state), &ledger).expect("readable")
    }

    pub(super) fn ahead_and_behind(&self) -> (usize, usize) {
        match self.sharing() {
            Sharing::Shared { ahead, behind, .. } => (ahead, behind),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn refusals(&self) -> Vec<String> {
        let refused = refused(&self.repo, Some(&self.state)).expect("readable");
        refused.iter().map(ToString::to_string).collect()
    }

    pub(super) fn no_leftovers(&self) {
        let left = git(self.path(), &["for-each-ref", "refs/gonogo/incoming"]);
        assert_eq!(left, "");
    }
}
