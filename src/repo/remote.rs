//! Whether a remote has the commit, as far as the last fetch or push tells.

use git2::{BranchType, ErrorCode, Oid, Repository};

use super::git::name;
use super::index::missing;
use super::{Repo, RepoError};
use crate::model::{CleanText, CommitId};

/// What is known of the remotes' copies of `HEAD`. Nobody was asked: this is
/// what git wrote down when it last spoke to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pushed {
    /// The commit of `HEAD`.
    pub commit: CommitId,
    /// The branch, unless `HEAD` is detached.
    pub branch: Option<CleanText>,
    /// The branch's counterpart on a remote.
    pub upstream: Upstream,
    /// Remotes, by name.
    pub remotes: Vec<CleanText>,
    /// A remote-tracking branch that contains the commit, such as `origin/main`.
    pub held_by: Option<CleanText>,
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
        let failed = |error: git2::Error| missing(&git, error, "compare with the remotes");
        let oid = Oid::from_str(commit.as_str()).map_err(failed)?;
        let upstream = match &head.branch {
            Some(_) => upstream(&git, oid)?,
            None => Upstream::None,
        };
        let mut walk = git.revwalk().map_err(failed)?;
        walk.push(oid).map_err(failed)?;
        let tracking = tracking(&git)?;
        for (_, tip) in &tracking {
            walk.hide(*tip).map_err(failed)?;
        }
        let unpushed = walk.collect::<Result<Vec<Oid>, _>>().map_err(failed)?.len();
        let mut held_by = None;
        if unpushed == 0 {
            for (name, tip) in &tracking {
                if *tip == oid || git.graph_descendant_of(*tip, oid).map_err(failed)? {
                    held_by = Some(name.clone());
                    break;
                }
            }
        }
        let remotes = git.remotes().map_err(failed)?;
        let remotes = remotes.iter_bytes().map(CleanText::bytes).collect();
        Ok(Some(Pushed {
            commit: name(oid)?,
            branch: head.branch,
            upstream,
            remotes,
            held_by,
            unpushed,
        }))
    }
}

fn upstream(git: &Repository, head: Oid) -> Result<Upstream, RepoError> {
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

/// The remote-tracking branches with their commits, those that lead nowhere left out.
fn tracking(git: &Repository) -> Result<Vec<(CleanText, Oid)>, RepoError> {
    let branches =
        git.branches(Some(BranchType::Remote)).map_err(RepoError::git("list its branches"))?;
    let mut tips: Vec<(CleanText, Oid)> = branches
        .filter_map(Result::ok)
        .filter_map(|(branch, _)| {
            let name = CleanText::bytes(branch.name_bytes().ok()?);
            Some((name, branch.get().peel_to_commit().ok()?.id()))
        })
        .collect();
    tips.sort();
    Ok(tips)
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
}
