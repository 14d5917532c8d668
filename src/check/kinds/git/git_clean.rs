//! `git_clean`: everything is committed.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::Check;
use crate::check::params::{self, Globs};
use crate::facts::Facts;
use crate::lang::shell;
use crate::model::{CheckError, Finding, Observation, Place, RuleId, Subject};
use crate::repo::{Change, ChangeKind, Hidden, SubmoduleChange, Untracked};

/// There is nothing that the last commit does not have: no staged change, no
/// change in the work tree, no new file.
///
/// Ignored files do not count. A folder of which git knows nothing is one
/// finding. What the index hides (skip-worktree, assume-unchanged, a sparse
/// checkout) and what settings leave out of submodules is compared all the same.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitClean {
    /// Files that may differ.
    #[serde(default, deserialize_with = "params::left_out")]
    allow: Option<Globs>,
    /// Whether files that git neither tracks nor ignores count.
    #[serde(default = "yes")]
    untracked: bool,
}

fn yes() -> bool {
    true
}

const UNCOMMITTED: RuleId = RuleId::new("git_clean.uncommitted");
const SUBMODULE: RuleId = RuleId::new("git_clean.submodule");
const FILTERED: RuleId = RuleId::new("git_clean.filtered");

impl Check for GitClean {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        cx.cancel.check()?;
        if let Some(commit) = cx.revision() {
            let why = format!("{} is looked at, which has no uncommitted changes", commit.short());
            return Ok(Observation::not_applicable(why));
        }
        let untracked = match (&self.allow, self.untracked) {
            (_, false) => Untracked::None,
            // each file of a new folder may be allowed or not
            (Some(_), true) => Untracked::Files,
            (None, true) => Untracked::Folders,
        };
        let changes = cx.git()?.uncommitted(untracked)?;
        let allowed =
            |change: &Change| self.allow.as_ref().is_some_and(|allow| allow.matches(&change.path));
        let findings = changes.iter().filter(|change| !allowed(change)).map(finding).collect();
        let looked_at = match untracked {
            Untracked::None => "the index and the tracked files, compared with HEAD",
            _ => "the index and the work tree, compared with HEAD",
        };
        Ok(Observation::judge(findings, looked_at))
    }
}

fn finding(change: &Change) -> Finding {
    let path = &change.path;
    let word = shell::word(path);
    let place = Place::file(path.clone());
    let kinds = |kind: Option<ChangeKind>| kind.map_or("same", ChangeKind::word);
    let subject = Subject::of(path).and(kinds(change.staged)).and(kinds(change.unstaged));
    if let Some(filter) = &change.filter {
        let subject = Subject::of(path).and(filter);
        return Finding::new(FILTERED, subject, format!(
            "`{path}` differs from the index, or is changed by git's filter `{filter}`, which gonogo does not run"
        ))
        .at(place)
        .help(format!("run `git status {word}`: if it names the file, commit it; if not, git now knows that it is unchanged"));
    }
    if let Some(submodule) = change.submodule {
        return in_submodule(change, submodule);
    }
    if let (Some(unstaged), Some(hidden)) = (change.unstaged, change.hidden) {
        let flag = match hidden {
            Hidden::Attributes(from) => {
                return Finding::new(UNCOMMITTED, subject, format!(
                    "`{path}` is {}, which an attribute in {} hides, and that is not committed",
                    unstaged.word(),
                    from.word()
                ))
                .at(place)
                .help(format!(
                    "take the attribute out, run `git add --renormalize {word}`, then commit it or drop the change with `git restore {word}`"
                ));
            }
            Hidden::SkipWorktree => "skip-worktree",
            Hidden::AssumeUnchanged | Hidden::IgnoredSubmodule => "assume-unchanged",
        };
        let what = unstaged.word();
        return Finding::new(UNCOMMITTED, subject, format!(
            "`{path}` is {what}, which git's flag {flag} hides, and that is not committed"
        ))
        .at(place)
        .help(format!(
            "run `git update-index --no-{flag} {word}`, then commit it or drop the change with `git restore {word}`"
        ));
    }
    let new = change.is_untracked();
    let (what, help) = match (change.staged, change.unstaged) {
        _ if new && change.folder => (
            "is a folder of new files: git does not track it and does not ignore it".to_owned(),
            format!("commit it (`git add {word}`), add it to `.gitignore`, or remove it"),
        ),
        _ if new => (
            "is new: git does not track it and does not ignore it".to_owned(),
            format!("commit it (`git add {word}`), add it to `.gitignore`, or remove it"),
        ),
        (_, Some(ChangeKind::Conflicted)) => (
            "is in conflict".to_owned(),
            format!("resolve the conflict, `git add {word}`, and finish the merge"),
        ),
        (Some(staged), None) => (
            format!("is {} and staged, but not committed", staged.word()),
            "run `git commit`".to_owned(),
        ),
        (Some(staged), Some(unstaged)) => (
            format!(
                "is {} and staged, then {} again, and not committed",
                staged.word(),
                unstaged.word()
            ),
            format!("run `git add {word}` and `git commit`"),
        ),
        (None, Some(unstaged)) => (
            format!("is {}, and that is not committed", unstaged.word()),
            format!(
                "commit it, put it aside with `git stash`, or drop the change with `git restore {word}`"
            ),
        ),
        (None, None) => ("differs".to_owned(), "run `git status`".to_owned()),
    };
    Finding::new(UNCOMMITTED, subject, format!("`{path}` {what}")).at(place).help(help)
}

fn in_submodule(change: &Change, seen: SubmoduleChange) -> Finding {
    let path = &change.path;
    let word = shell::word(path);
    let (state, what) = match (seen.other_commit, seen.modified, seen.untracked) {
        (true, true, _) => (
            "moved and modified",
            "is on another commit than the index says, and holds changes of its own",
        ),
        (true, false, _) => ("moved", "is on another commit than the index says"),
        (false, true, _) => ("modified", "holds changes that are not committed there"),
        (false, false, _) => ("new files", "holds new files that it neither tracks nor ignores"),
    };
    let hidden = match change.hidden {
        Some(_) => "; `git status` is told to leave that out",
        None => "",
    };
    let help = match seen.modified || seen.untracked {
        true => format!("run `git -C {word} status`, commit there, then `git add {word}`"),
        false => format!("run `git add {word}` and commit, or `git submodule update {word}`"),
    };
    let subject = Subject::of(path).and(state);
    Finding::new(SUBMODULE, subject, format!("the submodule `{path}` {what}{hidden}"))
        .at(Place::file(path.clone()))
        .help(help)
}
