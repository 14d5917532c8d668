//! `git_pushed`: a remote has the commit.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::Check;
use crate::facts::Facts;
use crate::model::{CheckError, CleanText, Finding, Need, Observation, RuleId, Subject};
use crate::repo::{Doubt, Pushed, Upstream};

/// The commit of `HEAD` is on the branch's upstream.
///
/// Nobody is asked over the network: what counts is what git wrote down at the
/// last fetch or push. On a branch without an upstream, and with a detached
/// `HEAD`, any remote-tracking branch will do; so it is for a revision. A remote-tracking branch whose
/// remote is not configured any more, or is this very repository, is not proof.
/// A remote that is a folder of this machine is looked into: the commit must be
/// there.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitPushed {}

const AHEAD: RuleId = RuleId::new("git_pushed.ahead");
const UPSTREAM_GONE: RuleId = RuleId::new("git_pushed.upstream_gone");
const NO_REMOTE: RuleId = RuleId::new("git_pushed.no_remote");
const NOT_THERE: RuleId = RuleId::new("git_pushed.not_there");
const UNSEEN: RuleId = RuleId::new("git_pushed.remote_unseen");
const UNPUSHED: RuleId = RuleId::new("git_pushed.unpushed");

impl Check for GitPushed {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        cx.cancel.check()?;
        let pushed = match cx.revision() {
            Some(commit) => Some(cx.git()?.pushed_commit(&commit)?),
            None => cx.git()?.pushed()?,
        };
        Ok(match pushed {
            Some(pushed) => judge(&pushed),
            None => Observation::not_applicable("there is no commit yet"),
        })
    }
}

fn judge(pushed: &Pushed) -> Observation {
    let commit = pushed.commit.short();
    let branch = pushed.branch.as_ref().map_or("HEAD", CleanText::as_str);
    match (&pushed.upstream, &pushed.held_by) {
        (Upstream::Known { name, ahead: 0, .. }, _) => {
            holds(format!("{commit} is in `{name}`, as of the last fetch or push"))
        }
        (Upstream::Known { name, ahead, behind }, held_by) => {
            let diverged = match behind {
                0 => String::new(),
                _ => format!(" and {} behind", count(*behind)),
            };
            let what =
                format!("`{branch}` is {} ahead of its upstream `{name}`{diverged}", count(*ahead));
            let help = match (held_by, behind) {
                (Some(other), _) => format!(
                    "`{other}` has the commit: push to `{name}`, or make `{other}` the upstream with `git branch --set-upstream-to={other}`"
                ),
                (None, 0) => "run `git push`".to_owned(),
                (None, _) => "run `git pull --rebase`, check again, then `git push`".to_owned(),
            };
            fails(AHEAD, pushed, what, help)
        }
        (Upstream::None | Upstream::Doubtful, Some(other)) => {
            let why = match &pushed.branch {
                Some(branch) if pushed.upstream == Upstream::None => {
                    format!("`{branch}` has no upstream, but ")
                }
                _ => String::new(),
            };
            holds(format!("{why}{commit} is in `{other}`, as of the last fetch or push"))
        }
        (Upstream::Gone { name }, held_by) => {
            let other = match held_by {
                Some(other) => format!("; `{other}` has {commit}"),
                None => String::new(),
            };
            fails(
                UPSTREAM_GONE,
                pushed,
                format!("the upstream `{name}` of `{branch}` is not known here{other}"),
                "run `git fetch`; if it was deleted, `git push -u` again or choose another upstream",
            )
        }
        (Upstream::None | Upstream::Doubtful, None) => match &pushed.doubt {
            Some(doubt) => doubtful(pushed, doubt),
            None => unpushed(pushed, branch),
        },
    }
}

/// What git noted of a remote on this machine is not so, or cannot be looked at.
fn doubtful(pushed: &Pushed, doubt: &Doubt) -> Observation {
    let Doubt { name, why, looked } = doubt;
    let what = format!("`{name}` has {}, but {why}", pushed.commit.short());
    let help = "run `git remote -v`; push the commit again, or to another remote";
    if *looked {
        return fails(NOT_THERE, pushed, what, help);
    }
    let need = Need::new(UNSEEN, Subject::of(name).and(&pushed.commit), what).help(help);
    Observation::undecided(need, "the remote-tracking branches and the remotes on this machine")
}

/// Neither an upstream nor any remote-tracking branch has the commit.
fn unpushed(pushed: &Pushed, branch: &str) -> Observation {
    let commit = pushed.commit.short();
    if let Some(orphan) = &pushed.orphan {
        return fails(
            NO_REMOTE,
            pushed,
            format!("`{orphan}` has {commit}, but that branch belongs to no remote"),
            "run `git remote -v`; add the remote that the branch came from and `git fetch`, or push to another",
        );
    }
    let Some(remote) = pushed.remotes.first() else {
        return fails(
            NO_REMOTE,
            pushed,
            format!("no remote is set, so {commit} is on this machine alone"),
            "run `git remote add origin URL`, then `git push -u origin HEAD`",
        );
    };
    let unknown = count(pushed.unpushed);
    match &pushed.branch {
        Some(_) => fails(
            UNPUSHED,
            pushed,
            match pushed.upstream {
                Upstream::Doubtful => {
                    format!("no remote is known to have {unknown} of `{branch}`")
                }
                _ => format!(
                    "`{branch}` has no upstream, and no remote is known to have {unknown} of it"
                ),
            },
            format!("run `git push -u {remote} HEAD`"),
        ),
        None => fails(
            UNPUSHED,
            pushed,
            format!("HEAD is detached at {commit}, and no remote is known to have {unknown} of it"),
            format!("push it under a name: `git push {remote} HEAD:refs/heads/NAME`"),
        ),
    }
}

fn count(commits: usize) -> String {
    if commits == 1 { "1 commit".to_owned() } else { format!("{commits} commits") }
}

fn holds(looked_at: String) -> Observation {
    Observation::judge(Vec::new(), looked_at)
}

fn fails(rule: RuleId, pushed: &Pushed, what: String, help: impl AsRef<str>) -> Observation {
    let branch = pushed.branch.as_ref().map_or("HEAD", CleanText::as_str);
    let subject = Subject::of(branch).and(&pushed.commit);
    let looked_at = "the remote-tracking branches, as of the last fetch or push";
    Observation::judge(vec![Finding::new(rule, subject, what).help(help)], looked_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CommitId, Outcome};

    fn pushed(branch: bool, upstream: Upstream, held_by: Option<&str>, remotes: &[&str]) -> Pushed {
        Pushed {
            commit: CommitId::try_from("a".repeat(40)).expect("a commit"),
            branch: branch.then(|| "main".into()),
            upstream,
            remotes: remotes.iter().map(|&name| name.into()).collect(),
            held_by: held_by.map(Into::into),
            orphan: None,
            doubt: None,
            unpushed: if held_by.is_some() { 0 } else { 3 },
        }
    }

    #[test]
    fn what_is_known_decides() {
        let known = |ahead, behind| Upstream::Known { name: "origin/main".into(), ahead, behind };
        let gone = || Upstream::Gone { name: "origin/main".into() };
        let held = Some("origin/x");
        let cases = [
            (pushed(true, known(0, 0), held, &["origin"]), true, "aaaaaaa is in `origin/main`"),
            (pushed(true, known(0, 2), held, &["origin"]), true, "aaaaaaa is in `origin/main`"),
            (pushed(true, known(1, 0), None, &["origin"]), false, "`main` is 1 commit ahead of"),
            (
                pushed(true, known(2, 1), None, &["origin"]),
                false,
                "`origin/main` and 1 commit behind",
            ),
            (pushed(true, known(1, 0), held, &["origin"]), false, "`main` is 1 commit ahead of"),
            (pushed(true, gone(), None, &["origin"]), false, "is not known here"),
            (pushed(true, Upstream::None, held, &["origin"]), true, "`main` has no upstream, but"),
            (pushed(true, Upstream::None, None, &["origin"]), false, "3 commits of it"),
            (pushed(true, Upstream::None, None, &[]), false, "no remote is set"),
            (pushed(false, Upstream::None, held, &["origin"]), true, "aaaaaaa is in `origin/x`"),
            (pushed(false, Upstream::None, None, &["origin"]), false, "HEAD is detached"),
        ];
        for (pushed, holds, words) in cases {
            let seen = judge(&pushed);
            assert_eq!(seen.outcome() == Outcome::Holds, holds, "{pushed:?}");
            let said = match seen.findings.first() {
                Some(finding) => finding.message.as_str(),
                None => seen.looked_at.as_str(),
            };
            assert!(said.contains(words), "{said}");
        }
    }
}
