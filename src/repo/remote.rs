//! Whether a remote has a commit, as far as the last fetch or push tells.
//!
//! A remote-tracking branch tells only of a remote that is still configured and
//! whose fetches write it: git keeps the branch of a remote that was taken out
//! of the configuration by hand, and anybody can make one with `update-ref`.
//! Where the remote is a folder of this machine, it is looked into.

mod place;

use std::path::Path;

use git2::{BranchType, Direction, ErrorCode, Oid, Remote, Repository};

use self::place::{Place, places};
use super::names::name;
use super::objects::{missing, ungrafted};
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
    /// A remote-tracking branch that contains the commit, whose remote on this
    /// machine has it no longer, or cannot be looked into.
    pub doubt: Option<Doubt>,
    /// How many commits no remote-tracking branch contains.
    pub unpushed: usize,
}

/// Git's note of a remote, and what is there instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// `origin/main`
    pub name: CleanText,
    /// Why it is not believed: `../shop.git is not there`.
    pub why: CleanText,
    /// It was looked into, and the commit is not there.
    pub looked: bool,
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
    /// Its remote is on this machine, and what git noted of it is not to be believed.
    Doubtful,
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
        ungrafted(&git)?;
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
        ungrafted(&git)?;
        let failed = |error: git2::Error| missing(&git, error, "compare with the remotes");
        let oid = Oid::from_str(commit.as_str()).map_err(failed)?;
        Tracking::of(&git, self.root())?.pushed(&git, oid, (None, Upstream::None))
    }
}

/// Branches under `refs/remotes/` with their commits, those that lead nowhere
/// left out.
struct Tracking {
    remotes: Vec<CleanText>,
    /// A remote stands behind each; one on this machine says the same.
    live: Vec<(CleanText, Oid)>,
    orphans: Vec<(CleanText, Oid)>,
    /// What git noted, and why it is not believed.
    doubtful: Vec<(Oid, Doubt)>,
}

/// A remote with the places where it lies.
struct Known<'a> {
    remote: Remote<'a>,
    places: Vec<Place>,
}

/// What stands behind a remote-tracking branch.
enum Behind {
    Remote(Oid),
    Nothing,
    Doubt { why: String, looked: bool },
}

impl Tracking {
    fn of(git: &Repository, root: &Path) -> Result<Self, RepoError> {
        let failed = || RepoError::git("list its remotes");
        let names = git.remotes().map_err(failed())?;
        let mut remotes = Vec::new();
        for name in names.iter().flatten().flatten() {
            let remote = git.find_remote(name).map_err(failed())?;
            let places = places(&remote, git, root);
            remotes.push(Known { remote, places });
        }
        let branches = git.branches(Some(BranchType::Remote)).map_err(failed())?;
        let remotes_named = names.iter_bytes().map(CleanText::bytes).collect();
        let mut all = Self {
            remotes: remotes_named,
            live: Vec::new(),
            orphans: Vec::new(),
            doubtful: Vec::new(),
        };
        for (branch, _) in branches.filter_map(Result::ok) {
            let Ok(name) = branch.name_bytes().map(CleanText::bytes) else { continue };
            let Ok(commit) = branch.get().peel_to_commit() else { continue };
            // `origin/HEAD` is a name for another; one that leads out of here is none
            let Ok(direct) = branch.get().resolve() else { continue };
            match behind(git, &remotes, direct.name().unwrap_or_default(), commit.id()) {
                Behind::Remote(tip) => all.live.push((name, tip)),
                Behind::Nothing => all.orphans.push((name, commit.id())),
                Behind::Doubt { why, looked } => {
                    let why = CleanText::line(why);
                    all.doubtful.push((commit.id(), Doubt { name, why, looked }));
                }
            }
        }
        all.live.sort();
        all.orphans.sort();
        Ok(all)
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
        let contains = |tip: Oid| -> Result<bool, RepoError> {
            Ok(tip == oid || git.graph_descendant_of(tip, oid).map_err(failed)?)
        };
        let holder = |tips: &[(CleanText, Oid)]| -> Result<Option<CleanText>, RepoError> {
            for (name, tip) in tips {
                if contains(*tip)? {
                    return Ok(Some(name.clone()));
                }
            }
            Ok(None)
        };
        let held_by = if unpushed == 0 { holder(&self.live)? } else { None };
        let orphan = if held_by.is_none() { holder(&self.orphans)? } else { None };
        let mut doubt = None;
        for (tip, found) in &self.doubtful {
            if held_by.is_none() && doubt.is_none() && contains(*tip)? {
                doubt = Some(found.clone());
            }
        }
        let (commit, remotes) = (name(oid)?, self.remotes);
        Ok(Pushed { commit, branch, upstream, remotes, held_by, orphan, doubt, unpushed })
    }
}

/// What stands behind a remote-tracking branch, whose commit git noted. A remote
/// on this machine is asked where its own branch stands.
fn behind(git: &Repository, remotes: &[Known<'_>], full: &str, noted: Oid) -> Behind {
    let mut found = Behind::Nothing;
    for Known { remote, places } in remotes {
        let Some(there) = source(remote, full) else { continue };
        let name = CleanText::bytes(remote.name_bytes().unwrap_or_default());
        for place in places {
            let why = match place {
                Place::Elsewhere => return Behind::Remote(noted),
                Place::Here => return Behind::Nothing,
                Place::Local(local) => match local.tip(&there) {
                    Some(tip) if git.find_commit(tip).is_ok() => return Behind::Remote(tip),
                    // it moved on since the last fetch
                    Some(tip) if local.holds(tip, noted) => return Behind::Remote(noted),
                    tip => {
                        let short = there.strip_prefix("refs/heads/").unwrap_or(&there);
                        let how = match tip {
                            Some(_) => "leads elsewhere now",
                            None => "is not there any more",
                        };
                        let why = format!("`{short}` of `{}` {how}", local.address);
                        found = Behind::Doubt { why, looked: true };
                        continue;
                    }
                },
                Place::Unseen(why) => format!("the remote `{name}` was not asked: {why}"),
            };
            if !matches!(found, Behind::Doubt { looked: true, .. }) {
                found = Behind::Doubt { why, looked: false };
            }
        }
    }
    found
}

/// The remote's own ref that a fetch writes to this one. What a mirror writes is no
/// remote-tracking branch.
fn source(remote: &Remote<'_>, full: &str) -> Option<String> {
    let spec = remote.refspecs().find(|spec| {
        spec.direction() == Direction::Fetch
            && spec.dst_bytes().starts_with(b"refs/remotes/")
            && spec.dst_matches(full)
    })?;
    let there = spec.rtransform(full).ok()?;
    std::str::from_utf8(&there).ok().map(str::to_owned)
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
    let full = first_of_several(git, branch).unwrap_or(full);
    let Some(short) = full.strip_prefix(b"refs/remotes/") else { return Ok(Upstream::None) };
    let short = CleanText::bytes(short);
    if tracking.orphans.iter().any(|(name, _)| *name == short) {
        return Ok(Upstream::None);
    }
    if tracking.doubtful.iter().any(|(_, doubt)| doubt.name == short) {
        return Ok(Upstream::Doubtful);
    }
    let Ok(full) = std::str::from_utf8(&full) else { return Ok(Upstream::None) };
    let tip = match tracking.live.iter().find(|(name, _)| *name == short) {
        Some((_, tip)) => *tip,
        None => match git.find_reference(full).and_then(|found| found.peel_to_commit()) {
            Ok(tip) => tip.id(),
            Err(error) if error.code() == ErrorCode::NotFound => {
                return Ok(Upstream::Gone { name: short });
            }
            Err(error) => return Err(failed(error)),
        },
    };
    let (ahead, behind) = git.graph_ahead_behind(head, tip).map_err(failed)?;
    Ok(Upstream::Known { name: short, ahead, behind })
}

/// The upstream of a branch with several: git takes the first, its library the last.
fn first_of_several(git: &Repository, branch: &str) -> Option<Vec<u8>> {
    let short = branch.strip_prefix("refs/heads/")?;
    let config = git.config().ok()?.snapshot().ok()?;
    let mut merges = Vec::new();
    let entries = config.multivar(&format!("branch.{short}.merge"), None).ok()?;
    entries.for_each(|entry| merges.extend(entry.value().ok().map(str::to_owned))).ok()?;
    let (first, true) = (merges.first()?, merges.len() > 1) else { return None };
    let remote = git.find_remote(config.get_str(&format!("branch.{short}.remote")).ok()?).ok()?;
    let mut specs = remote.refspecs();
    let spec =
        specs.find(|spec| spec.direction() == Direction::Fetch && spec.src_matches(first))?;
    spec.transform(first).ok().map(|full| full.to_vec())
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
