//! Whether a remote has a commit, as far as the last fetch or push tells.
//!
//! A remote-tracking branch tells only of a remote that is still configured and
//! whose fetches write it: git keeps the branch of a remote that was taken out
//! of the configuration by hand, and anybody can make one with `update-ref`.

use std::path::Path;

use git2::{BranchType, Direction, ErrorCode, Oid, Remote, Repository};

use super::names::name;
use super::objects::missing;
use super::{Repo, RepoError};
use crate::model::{CleanText, CommitId};

/// What is known of the remotes' copies of a commit. Nobody was asked: this is
/// what git wrote down when it last spoke to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pushed {
    /// Which commit.
    pub commit: CommitId,
    /// The branch, unless `HEAD` is detached or a commit was asked for.
    pub branch: Option<CleanText>,
    /// The branch's counterpart on a remote.
    pub upstream: Upstream,
    /// Remotes, by name.
    pub remotes: Vec<CleanText>,
    /// A remote-tracking branch that contains the commit, such as `origin/main`.
    pub held_by: Option<CleanText>,
    /// A branch under `refs/remotes/` that contains the commit and that no
    /// remote of another repository stands behind: no proof of a push.
    pub orphan: Option<CleanText>,
    /// How many commits no remote-tracking branch contains.
    pub unpushed: usize,
}

/// A branch's counterpart on a remote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Upstream {
    /// None is configured, or it is a branch of this very repository.
    None,
    /// It is configured, but no fetch has brought it here, or it was deleted.
    Gone {
        /// `origin/main`
        name: CleanText,
    },
    /// It is here.
    Known {
        /// `origin/main`
        name: CleanText,
        /// Commits of `HEAD` that it has not.
        ahead: usize,
        /// Its commits that `HEAD` has not.
        behind: usize,
    },
}

impl Repo {
    /// What is known of the remotes' copies of `HEAD`'s commit; nothing when
    /// there is no commit yet.
    ///
    /// # Errors
    /// When git cannot read its refs or commits.
    pub fn pushed(&self) -> Result<Option<Pushed>, RepoError> {
        let head = self.head()?;
        let Some(commit) = head.commit else { return Ok(None) };
        let git = self.git()?;
        let tracking = Tracking::of(&git, self.root())?;
        let failed = |error: git2::Error| missing(&git, error, "compare with the remotes");
        let oid = Oid::from_str(commit.as_str()).map_err(failed)?;
        let upstream = match &head.branch {
            Some(_) => upstream(&git, oid, &tracking)?,
            None => Upstream::None,
        };
        tracking.pushed(&git, oid, (head.branch, upstream)).map(Some)
    }

    /// What is known of the remotes' copies of any commit; its branch does not
    /// matter, so that any remote-tracking branch will do.
    ///
    /// # Errors
    /// When git cannot read its refs, or the commit is not here.
    pub fn pushed_commit(&self, commit: &CommitId) -> Result<Pushed, RepoError> {
        let git = self.git()?;
        let failed = |error: git2::Error| missing(&git, error, "compare with the remotes");
        let oid = Oid::from_str(commit.as_str()).map_err(failed)?;
        Tracking::of(&git, self.root())?.pushed(&git, oid, (None, Upstream::None))
    }
}

/// Branches under `refs/remotes/` with their commits, those that lead nowhere
/// left out.
struct Tracking {
    remotes: Vec<CleanText>,
    /// A remote stands behind each.
    live: Vec<(CleanText, Oid)>,
    orphans: Vec<(CleanText, Oid)>,
}

impl Tracking {
    fn of(git: &Repository, root: &Path) -> Result<Self, RepoError> {
        let failed = || RepoError::git("list its remotes");
        let names = git.remotes().map_err(failed())?;
        let mut remotes = Vec::new();
        for name in names.iter().flatten().flatten() {
            remotes.push(git.find_remote(name).map_err(failed())?);
        }
        let remotes_elsewhere: Vec<&Remote<'_>> =
            remotes.iter().filter(|remote| !is_this_one(remote, git, root)).collect();
        let branches = git.branches(Some(BranchType::Remote)).map_err(failed())?;
        let (mut live, mut orphans) = (Vec::new(), Vec::new());
        for (branch, _) in branches.filter_map(Result::ok) {
            let Ok(name) = branch.name_bytes().map(CleanText::bytes) else { continue };
            let Ok(commit) = branch.get().peel_to_commit() else { continue };
            let full = branch.get().name().unwrap_or_default();
            let from = remotes_elsewhere.iter().any(|remote| writes(remote, full));
            (if from { &mut live } else { &mut orphans }).push((name, commit.id()));
        }
        live.sort();
        orphans.sort();
        Ok(Self { remotes: names.iter_bytes().map(CleanText::bytes).collect(), live, orphans })
    }

    fn pushed(
        self,
        git: &Repository,
        oid: Oid,
        (branch, upstream): (Option<CleanText>, Upstream),
    ) -> Result<Pushed, RepoError> {
        let failed = |error: git2::Error| missing(git, error, "compare with the remotes");
        let mut walk = git.revwalk().map_err(failed)?;
        walk.push(oid).map_err(failed)?;
        for (_, tip) in &self.live {
            walk.hide(*tip).map_err(failed)?;
        }
        let unpushed = walk.collect::<Result<Vec<Oid>, _>>().map_err(failed)?.len();
        let holder = |tips: &[(CleanText, Oid)]| -> Result<Option<CleanText>, RepoError> {
            for (name, tip) in tips {
                if *tip == oid || git.graph_descendant_of(*tip, oid).map_err(failed)? {
                    return Ok(Some(name.clone()));
                }
            }
            Ok(None)
        };
        let held_by = if unpushed == 0 { holder(&self.live)? } else { None };
        let orphan = if held_by.is_none() { holder(&self.orphans)? } else { None };
        let (commit, remotes) = (name(oid)?, self.remotes);
        Ok(Pushed { commit, branch, upstream, remotes, held_by, orphan, unpushed })
    }
}

/// Whether a fetch from a remote writes a ref. What a mirror writes is no
/// remote-tracking branch.
fn writes(remote: &Remote<'_>, full: &str) -> bool {
    remote.refspecs().any(|spec| {
        spec.direction() == Direction::Fetch
            && spec.dst_bytes().starts_with(b"refs/remotes/")
            && spec.dst_matches(full)
    })
}

/// Whether a remote's address is a path that leads to this very repository: to
/// have pushed there is not to have pushed.
fn is_this_one(remote: &Remote<'_>, git: &Repository, root: &Path) -> bool {
    let Ok(url) = remote.url() else { return false };
    let path = url.strip_prefix("file://").unwrap_or(url);
    let Ok(path) = root.join(path).canonicalize() else { return false };
    let same = |other: &Path| other.canonicalize().is_ok_and(|other| other == path);
    same(root) || same(git.path()) || same(git.commondir())
}

fn upstream(git: &Repository, head: Oid, tracking: &Tracking) -> Result<Upstream, RepoError> {
    let failed = |error: git2::Error| missing(git, error, "compare with the upstream");
    let branch = git.head().map_err(failed)?;
    let Ok(branch) = branch.name() else { return Ok(Upstream::None) };
    let full = match git.branch_upstream_name(branch) {
        Ok(full) => full.to_vec(),
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(Upstream::None),
        Err(error) => return Err(failed(error)),
    };
    let Some(short) = full.strip_prefix(b"refs/remotes/") else { return Ok(Upstream::None) };
    let short = CleanText::bytes(short);
    if tracking.orphans.iter().any(|(name, _)| *name == short) {
        return Ok(Upstream::None);
    }
    let Ok(full) = std::str::from_utf8(&full) else { return Ok(Upstream::None) };
    let tip = match git.find_reference(full).and_then(|found| found.peel_to_commit()) {
        Ok(tip) => tip.id(),
        Err(error) if error.code() == ErrorCode::NotFound => {
            return Ok(Upstream::Gone { name: short });
        }
        Err(error) => return Err(failed(error)),
    };
    let (ahead, behind) = git.graph_ahead_behind(head, tip).map_err(failed)?;
    Ok(Upstream::Known { name: short, ahead, behind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::Sandbox;

    fn pushed(sandbox: &Sandbox) -> Pushed {
        sandbox.repo().pushed().expect("compared").expect("a commit")
    }

    #[test]
    fn from_nothing_to_diverged() {
        let sandbox = Sandbox::new();
        assert_eq!(sandbox.repo().pushed().expect("compared"), None);
        sandbox.write("a", "1").commit("first");
        let seen = pushed(&sandbox);
        assert_eq!((&seen.upstream, &seen.held_by), (&Upstream::None, &None));
        assert_eq!((seen.remotes.len(), seen.unpushed), (0, 1));

        let remote = tempfile::tempdir().expect("a folder");
        sandbox.git(&["init", "-q", "--bare", &remote.path().to_string_lossy()]);
        sandbox.git(&["remote", "add", "origin", &remote.path().to_string_lossy()]);
        sandbox.git(&["push", "-q", "-u", "origin", "main"]);
        let known = |ahead, behind| Upstream::Known { name: "origin/main".into(), ahead, behind };
        let seen = pushed(&sandbox);
        assert_eq!((seen.upstream, seen.held_by), (known(0, 0), Some("origin/main".into())));

        sandbox.write("a", "2").commit("theirs");
        sandbox.git(&["push", "-q"]);
        sandbox.git(&["reset", "-q", "--hard", "HEAD~1"]);
        let seen = pushed(&sandbox);
        assert_eq!((seen.upstream, seen.unpushed), (known(0, 1), 0));
        sandbox.write("b", "1").commit("ours");
        let seen = pushed(&sandbox);
        assert_eq!((seen.upstream, seen.held_by, seen.unpushed), (known(1, 1), None, 1));

        sandbox.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
        let seen = pushed(&sandbox);
        assert_eq!(seen.upstream, Upstream::Gone { name: "origin/main".into() });
        sandbox.git(&["checkout", "-q", "--detach"]);
        assert_eq!((pushed(&sandbox).upstream, pushed(&sandbox).branch), (Upstream::None, None));
    }

    #[test]
    fn a_branch_without_its_remote_is_no_proof() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").commit("first");
        let remote = tempfile::tempdir().expect("a folder");
        sandbox.git(&["init", "-q", "--bare", &remote.path().to_string_lossy()]);
        sandbox.git(&["remote", "add", "origin", &remote.path().to_string_lossy()]);
        sandbox.git(&["push", "-q", "-u", "origin", "main"]);
        sandbox.git(&["config", "--remove-section", "remote.origin"]);
        let seen = pushed(&sandbox);
        assert_eq!((&seen.upstream, &seen.held_by), (&Upstream::None, &None));
        assert_eq!((seen.orphan, seen.unpushed), (Some("origin/main".into()), 1));
        // another remote is none of its, and neither is one that writes elsewhere
        sandbox.git(&["remote", "add", "other", "https://git.example.com/x.git"]);
        assert_eq!(pushed(&sandbox).held_by, None);
        sandbox.git(&["remote", "add", "--mirror=fetch", "mirror", "https://git.example.com/x"]);
        assert_eq!(pushed(&sandbox).held_by, None);
        // a remote that is this very repository
        for url in [".", &sandbox.path().to_string_lossy(), "./.git"] {
            sandbox.git(&["config", "remote.origin.url", url]);
            sandbox.git(&["config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"]);
            let seen = pushed(&sandbox);
            assert_eq!((seen.upstream, seen.held_by), (Upstream::None, None), "{url}");
        }
        sandbox.git(&["config", "remote.origin.url", &remote.path().to_string_lossy()]);
        assert_eq!(pushed(&sandbox).held_by, Some("origin/main".into()));
    }

    #[test]
    fn any_commit_can_be_asked_for() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").commit("first");
        sandbox.git(&["remote", "add", "origin", "https://git.example.com/x.git"]);
        sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        sandbox.write("a", "2").commit("second");
        let repo = sandbox.repo();
        let at = |revision: &str| {
            let commit = repo.commit_named(revision).expect("a commit");
            let seen = repo.pushed_commit(&commit).expect("compared");
            (seen.held_by, seen.unpushed)
        };
        assert_eq!(at("HEAD~1"), (Some("origin/main".into()), 0));
        assert_eq!(at("HEAD"), (None, 1));
    }
}
