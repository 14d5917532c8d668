//! One remote: which it is, and what git is asked to do with it.

use git2::{Config, ErrorCode, Oid, Repository};

use super::super::error::LedgerError;
use super::super::store::REF as THEIRS;
use super::super::swap;
use super::error::SyncError;
use crate::model::CleanText;
use crate::repo::{Ended, Manners, Repo};

/// A configured remote. Its URL is git's business alone: it may hold a password.
#[derive(Clone, Debug)]
pub(super) struct Remote(String);

/// What a fetch brought. Its refs are taken away again when this is dropped:
/// until then nothing else holds the objects.
pub(super) struct Incoming<'r> {
    repo: &'r Repo,
    folder: String,
    /// The tip of the remote's ledger, if it has one.
    pub tip: Option<Oid>,
}

impl Drop for Incoming<'_> {
    fn drop(&mut self) {
        let Ok(git) = self.repo.git() else { return };
        let Ok(references) = git.references_glob(&format!("{}/*", self.folder)) else { return };
        for mut reference in references.flatten() {
            let _ = reference.delete();
        }
    }
}

impl Remote {
    /// The remote of that name; without a name that of the current branch, else
    /// `origin`, else the only one.
    pub(super) fn choose(repo: &Repo, given: Option<&str>) -> Result<Self, SyncError> {
        let known = remotes(repo)?;
        let shown = || known.iter().map(CleanText::line).collect();
        if let Some(given) = given {
            return match known.iter().find(|name| *name == given) {
                Some(name) => Ok(Self(name.clone())),
                None => {
                    Err(SyncError::NoSuchRemote { given: CleanText::line(given), known: shown() })
                }
            };
        }
        let obvious = obvious(&repo.git().map_err(LedgerError::from)?, &known);
        match (obvious, known.is_empty()) {
            (Some(name), _) => Ok(Self(name)),
            (None, true) => Err(SyncError::NoRemote),
            (None, false) => Err(SyncError::Which { known: shown() }),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.0
    }

    pub(super) fn shown(&self) -> CleanText {
        CleanText::line(&self.0)
    }

    /// Fetches the ledger under a ref of its own. The pattern matches the one
    /// ref, and, other than its name, is not an error where the remote has none.
    pub(super) fn fetch<'r>(
        &self,
        repo: &'r Repo,
        manners: Manners<'_>,
    ) -> Result<Incoming<'r>, SyncError> {
        let folder = format!("refs/gonogo/incoming/{:016x}", rand::random::<u64>());
        let mut incoming = Incoming { repo, folder, tip: None };
        let refspec = format!("+{THEIRS}*:{}/ledger*", incoming.folder);
        let arguments = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-prune",
            "--no-prune-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--no-auto-maintenance",
            // records are small, and all of them are wanted in a partial clone too
            "--no-filter",
            // no other ref moves along
            "--refmap=",
            "--end-of-options",
            &self.0,
            &refspec,
        ];
        let ended = repo.run_git(&arguments, manners)?;
        if !ended.good {
            return Err(SyncError::NotFetched { remote: self.shown(), said: ended.said });
        }
        let git = repo.git().map_err(LedgerError::from)?;
        incoming.tip = target(&git, &format!("{}/ledger", incoming.folder))?;
        Ok(incoming)
    }

    /// Pushes, if the remote's ledger is still the one that was expected.
    pub(super) fn push(
        &self,
        repo: &Repo,
        expected: Option<Oid>,
        tip: Oid,
        manners: Manners<'_>,
    ) -> Result<Ended, SyncError> {
        let expected = expected.map(|oid| oid.to_string()).unwrap_or_default();
        let lease = format!("--force-with-lease={THEIRS}:{expected}");
        let refspec = format!("{tip}:{THEIRS}");
        let arguments = [
            "push",
            "--quiet",
            "--no-verify",
            "--no-follow-tags",
            "--no-recurse-submodules",
            &lease,
            "--end-of-options",
            &self.0,
            &refspec,
        ];
        Ok(repo.run_git(&arguments, manners)?)
    }

    /// Notes where the remote's ledger stands, for `git log` and for the header.
    pub(super) fn track(&self, repo: &Repo, tip: Oid) -> Result<(), SyncError> {
        let git = repo.git().map_err(LedgerError::from)?;
        let name = tracking_ref(&self.0);
        swap::point(&git, &name, tip, "sync").map_err(|error| {
            LedgerError::git(&format!("write {}", CleanText::line(name)), &error).into()
        })
    }
}

/// The names of the configured remotes, sorted.
///
/// # Errors
/// When git cannot read its configuration.
pub(crate) fn remotes(repo: &Repo) -> Result<Vec<String>, LedgerError> {
    let git = repo.git()?;
    let names = git.remotes().map_err(|error| LedgerError::git("list the remotes", &error))?;
    let mut names: Vec<String> = names
        .iter()
        .flatten()
        .flatten()
        .filter(|name| !name.starts_with('-'))
        .map(str::to_owned)
        .collect();
    names.sort();
    Ok(names)
}

/// Adds the ledger to what a plain `git fetch` of the remote brings. Whether it
/// was not there yet.
///
/// # Errors
/// When there is no such remote or the configuration cannot be written.
pub(crate) fn configure(repo: &Repo, remote: Option<&str>) -> Result<Option<CleanText>, SyncError> {
    let remote = Remote::choose(repo, remote)?;
    let git = repo.git().map_err(LedgerError::from)?;
    // a name without a pattern would fail every fetch while the remote has no ledger
    let refspec = format!("+{THEIRS}*:{}*", tracking_ref(remote.name()));
    let key = format!("remote.{}.fetch", remote.name());
    let add = || -> Result<bool, git2::Error> {
        let mut config = Config::open(&git.commondir().join("config"))?;
        let mut there = false;
        match config.multivar(&key, None) {
            Ok(entries) => entries.for_each(|entry| {
                there |= entry.value().ok() == Some(refspec.as_str());
            })?,
            Err(error) if error.code() == ErrorCode::NotFound => {}
            Err(error) => return Err(error),
        }
        if !there {
            // a pattern that no value matches: a line is added
            config.set_multivar(&key, "^$", &refspec)?;
        }
        Ok(!there)
    };
    let added = add().map_err(|error| LedgerError::git("write the configuration", &error))?;
    Ok(added.then(|| CleanText::line(format!("{key} = {refspec}"))))
}

/// Where the remote's ledger stood when it was last fetched.
pub(super) fn tracking(git: &Repository, remote: &str) -> Result<Option<Oid>, LedgerError> {
    target(git, &tracking_ref(remote))
}

/// The remote that needs no name.
pub(super) fn obvious(git: &Repository, known: &[String]) -> Option<String> {
    let is_known = |name: &String| known.contains(name);
    let head = git.find_reference("HEAD").ok();
    let branch = head.as_ref().and_then(|head| head.symbolic_target().ok().flatten());
    let of_branch = branch.and_then(|branch| {
        let remote = git.branch_upstream_remote(branch).ok()?;
        remote.as_str().ok().map(str::to_owned)
    });
    let origin = || Some("origin".to_owned()).filter(is_known);
    let only = || match known {
        [only] => Some(only.clone()),
        _ => None,
    };
    of_branch.filter(is_known).or_else(origin).or_else(only)
}

fn tracking_ref(remote: &str) -> String {
    format!("refs/gonogo/remotes/{remote}/ledger")
}

fn target(git: &Repository, name: &str) -> Result<Option<Oid>, LedgerError> {
    match git.refname_to_id(name) {
        Ok(oid) => Ok(Some(oid)),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(LedgerError::git(&format!("read {}", CleanText::line(name)), &error)),
    }
}
