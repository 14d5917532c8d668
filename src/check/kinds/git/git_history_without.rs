//! `git_history_without`: certain files were never in git.

use std::sync::Mutex;

use schemars::JsonSchema;
use serde::Deserialize;

use super::holding::{Found, Holding, LARGEST, Rule};
use crate::check::Check;
use crate::check::params::Globs;
use crate::facts::Facts;
use crate::lang::shell;
use crate::model::{
    Cancel, CheckError, Finding, Need, Observation, Place, RepoPath, RuleId, Subject,
};
use crate::repo::{Held, Wanted};

/// No commit ever held one of these files.
///
/// Every commit is looked at that `HEAD` or any branch, remote-tracking branch,
/// tag, stash or other ref reaches; only gonogo's own records are left out. A
/// finding names the file, the oldest commit that has it, its date, and whether
/// `HEAD` still has it. Shallow clones, and partial clones that lack a needed
/// object, are an error: they hold a part of the history only.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GitHistoryWithout {
    /// The files that must never have been committed.
    globs: Globs,
    /// Of these, files that are meant to be shared, such as `.env.example`:
    /// they pass while they held no secret value, only placeholders and
    /// settings that are no secret.
    templates: Option<Globs>,
    /// What a file must have held to count; `secrets` lets files pass that
    /// never held any.
    #[serde(default)]
    holding: Holding,
}

const COMMITTED: RuleId = RuleId::new("git_history_without.committed");
const TOO_LARGE: RuleId = RuleId::new("git_history_without.too_large");

impl Check for GitHistoryWithout {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let rule =
            Rule { globs: &self.globs, templates: self.templates.as_ref(), holding: self.holding };
        let sought = Sought { rule, cancel: cx.cancel, too_large: Mutex::new(None) };
        let Some(searched) = cx.repo.search_history(&sought)? else {
            return Err(CheckError::Cancelled);
        };
        if searched.commits == 0 {
            return Ok(Observation::not_applicable("there is no commit yet"));
        }
        let findings: Vec<Finding> = searched.held.iter().map(|held| finding(rule, held)).collect();
        let too_large = sought.too_large.into_inner().unwrap_or_default().map(|path| {
            let message = format!("`{path}` was once larger than 8 MiB, and was not looked into");
            Need::new(TOO_LARGE, Subject::of(&path), message)
                .help("leave it out of `globs`, or use `holding: anything`")
        });
        let commits = commits(searched.commits);
        let looked_at = format!("{commits} on all branches, tags and other refs");
        Ok(Observation::judge(findings, looked_at).needing(too_large))
    }
}

struct Sought<'a> {
    rule: Rule<'a>,
    cancel: &'a Cancel,
    too_large: Mutex<Option<RepoPath>>,
}

impl Wanted for Sought<'_> {
    fn wants(&self, path: &RepoPath) -> bool {
        self.rule.wants(path)
    }

    fn needs(&self, path: &RepoPath) -> Option<usize> {
        self.rule.is_judged_by_content(path).then_some(LARGEST)
    }

    fn counts(&self, path: &RepoPath, content: Option<&[u8]>) -> bool {
        match content {
            // what was not understood counts: it was shared with everybody
            Some(content) => self.rule.found(path, content) != Found::Nothing,
            None => {
                if let Ok(mut too_large) = self.too_large.lock() {
                    too_large.get_or_insert_with(|| path.clone());
                }
                false
            }
        }
    }

    fn go_on(&self) -> bool {
        !self.cancel.is_cancelled()
    }
}

fn finding(rule: Rule<'_>, held: &Held) -> Finding {
    let path = &held.path;
    let what = match (rule.is_template(path), rule.holding) {
        (true, _) => "was committed as a template with a secret value",
        (false, Holding::Secrets) => "was committed with a secret value",
        (false, Holding::Anything) => "was committed",
    };
    let (commit, date) = (held.first.short(), held.date);
    let versions = match held.versions {
        0 | 1 => String::new(),
        n => format!(", in {n} versions"),
    };
    // each new version of the file asks again; taking it out of HEAD does not
    let subject = Subject::of(path).and(&held.first).and(held.versions);
    Finding::new(COMMITTED, subject, format!("`{path}` {what} in {commit} of {date}{versions}"))
        .at(Place::file(path.clone()).in_commit(held.first.clone()))
        .help(help(held))
}

fn help(held: &Held) -> String {
    let path = shell::word(&held.path);
    let first = if held.in_head {
        format!("HEAD still has it: run `git rm --cached {path}` and commit; then replace")
    } else {
        format!("it is gone from HEAD, but {} it: replace", have(held.commits))
    };
    format!(
        "{first} every secret that the file held, since whoever has a clone has them; to take it out of the history as well, run `git filter-repo --invert-paths --path {path}` and force-push all branches and tags"
    )
}

fn commits(count: usize) -> String {
    if count == 1 { "1 commit".to_owned() } else { format!("{count} commits") }
}

fn have(count: usize) -> String {
    if count == 1 { "1 commit has".to_owned() } else { format!("{count} commits have") }
}
