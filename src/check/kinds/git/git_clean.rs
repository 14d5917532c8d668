//! `git_clean`: everything is committed.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::Check;
use crate::check::params::Globs;
use crate::facts::Facts;
use crate::lang::shell;
use crate::model::{CheckError, Finding, Observation, Place, RuleId, Subject};
use crate::repo::{Change, ChangeKind, Untracked};

/// There is nothing that the last commit does not have: no staged change, no
/// change in the work tree, no new file.
///
/// Ignored files do not count. A folder of which git knows nothing is one
/// finding.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GitClean {
    /// Files that may differ.
    allow: Option<Globs>,
    /// Whether files that git neither tracks nor ignores count.
    #[serde(default = "yes")]
    untracked: bool,
}

fn yes() -> bool {
    true
}

const UNCOMMITTED: RuleId = RuleId::new("git_clean.uncommitted");
const FILTERED: RuleId = RuleId::new("git_clean.filtered");

impl Check for GitClean {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        cx.cancel.check()?;
        let untracked = match (&self.allow, self.untracked) {
            (_, false) => Untracked::None,
            // each file of a new folder may be allowed or not
            (Some(_), true) => Untracked::Files,
            (None, true) => Untracked::Folders,
        };
        let changes = cx.repo.status(untracked)?;
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
    if let Some(filter) = &change.filter {
        let subject = Subject::of(path).and(filter);
        return Finding::new(FILTERED, subject, format!(
            "`{path}` differs from the index, or is changed by git's filter `{filter}`, which gonogo does not run"
        ))
        .at(place)
        .help(format!("run `git status {word}`: if it names the file, commit it; if not, git now knows that it is unchanged"));
    }
    let new = change.unstaged == Some(ChangeKind::New) && change.staged.is_none();
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
            format!("is {} and staged, but not committed", kind(staged)),
            "run `git commit`".to_owned(),
        ),
        (Some(staged), Some(unstaged)) => (
            format!(
                "is {} and staged, then {} again, and not committed",
                kind(staged),
                kind(unstaged)
            ),
            format!("run `git add {word}` and `git commit`"),
        ),
        (None, Some(unstaged)) => (
            format!("is {}, and that is not committed", kind(unstaged)),
            format!(
                "commit it, put it aside with `git stash`, or drop the change with `git restore {word}`"
            ),
        ),
        (None, None) => ("differs".to_owned(), "run `git status`".to_owned()),
    };
    let kinds = |kind: Option<ChangeKind>| kind.map_or("same", self::kind);
    let subject = Subject::of(path).and(kinds(change.staged)).and(kinds(change.unstaged));
    Finding::new(UNCOMMITTED, subject, format!("`{path}` {what}")).at(place).help(help)
}

fn kind(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::New => "new",
        ChangeKind::Modified => "modified",
        ChangeKind::Deleted => "deleted",
        ChangeKind::Retyped => "of another type",
        ChangeKind::Conflicted => "in conflict",
    }
}
