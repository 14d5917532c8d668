//! `git_history_without`: certain files were never in git.

use schemars::JsonSchema;
use serde::Deserialize;

use super::holding::{self, Holding, LARGEST, Rule};
use crate::check::params::Globs;
use crate::check::{Cancel, Check, CheckError, Context, Found};
use crate::lang::shell;
use crate::model::{Finding, Observation, Place, RepoPath};
use crate::repo::{Held, Nameless, Origin, Searched, Unread, Wanted};

/// No commit ever held one of these files.
///
/// Everything is looked at that any branch, remote-tracking branch, tag, entry
/// of the stash or other ref reaches, and the `HEAD` of each worktree; only
/// gonogo's ledger is left out. `ORIG_HEAD`, `FETCH_HEAD` and the reflogs of
/// branches do not count: what they alone hold is on this machine only. Grafts
/// and replacements hide nothing. A finding names the file, the oldest commit
/// that has it, its date, and whether `HEAD` still has it; a file without a name,
/// which a tag can hold, counts when it holds a secret. What is not here is
/// never taken for clean: a shallow clone, a partial clone that lacks a needed
/// object, a ref that cannot be read.
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

impl Check for GitHistoryWithout {
    fn joins_pass(&self) -> bool {
        false
    }

    fn conclude(&self, cx: &Context<'_>, _: Found) -> Result<Observation, CheckError> {
        let rule =
            Rule { globs: &self.globs, templates: self.templates.as_ref(), holding: self.holding };
        let sought = Sought { rule, cancel: cx.cancel };
        let Some(searched) = cx.repo.search_history(&sought)? else {
            return Err(CheckError::Cancelled);
        };
        judged(rule, &searched)
    }
}

fn judged(rule: Rule<'_>, searched: &Searched) -> Result<Observation, CheckError> {
    let held = searched.held.iter().map(|held| finding(rule, held));
    let findings: Vec<Finding> = held.chain(searched.nameless.iter().map(nameless)).collect();
    if findings.is_empty() {
        if let Some((first, rest)) = searched.unread.split_first() {
            return Err(unread(first, rest.len()));
        }
        if let Some(path) = searched.too_large.first() {
            return Err(CheckError::could_not_look(
                format!("`{path}` was once larger than 8 MiB, and was not looked into"),
                "leave it out of `globs`, or use `holding: anything`",
            ));
        }
        if searched.commits == 0 {
            return Ok(Observation::not_applicable("there is no commit yet"));
        }
    }
    let gaps = searched.unread.iter().map(|gap| {
        Finding::new(format!("not all of the history was read: {gap}")).help(gap.next())
    });
    let findings = findings.into_iter().chain(gaps).collect();
    let commits = commits(searched.commits);
    Ok(Observation::judge(findings, format!("{commits} on all branches, tags and other refs")))
}

fn unread(first: &Unread, more: usize) -> CheckError {
    let what = match more {
        0 => first.to_string(),
        1 => format!("{first}, and 1 more part of the history was not read"),
        more => format!("{first}, and {more} more parts of the history were not read"),
    };
    CheckError::could_not_look(what, first.next())
}

struct Sought<'a> {
    rule: Rule<'a>,
    cancel: &'a Cancel,
}

impl Wanted for Sought<'_> {
    fn question(&self) -> Vec<String> {
        let Rule { globs, templates, holding } = self.rule;
        let templates = templates.map(Globs::patterns).unwrap_or_default();
        vec![format!("git_history_without {:?} {templates:?} {holding:?}", globs.patterns())]
    }

    fn wants_name(&self, name: &[u8]) -> bool {
        self.rule.globs.may_match_name(name)
    }

    fn wants(&self, path: &RepoPath) -> bool {
        self.rule.wants(path)
    }

    fn needs(&self, path: Option<&RepoPath>) -> Option<usize> {
        path.is_none_or(|path| self.rule.is_judged_by_content(path)).then_some(LARGEST)
    }

    fn counts(&self, _: Option<&RepoPath>, content: &[u8]) -> bool {
        holding::first_secret(content).is_some()
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
    // the sentence is by what a waiver knows the finding again: it changes with
    // each new secret version of the file, but not when the file is taken out
    let versions = match held.blobs.len() {
        0 | 1 => String::new(),
        n => format!(", in {n} versions"),
    };
    let place = Place::file(path.clone());
    let (origin, place) = match &held.origin {
        Origin::Commit { id, date } => {
            (format!("{} of {date}", id.short()), place.in_commit(id.clone()))
        }
        Origin::Ref(name) => (format!("the folder that `{name}` names"), place),
    };
    Finding::new(format!("`{path}` {what} in {origin}{versions}")).at(place).help(help(held))
}

fn nameless(file: &Nameless) -> Finding {
    let Nameless { reference, blob } = file;
    let short = blob.get(..7).unwrap_or(blob);
    Finding::new(format!("`{reference}` names a file with a secret value, blob {short}")).help(
        "replace every secret that the file holds, then delete the ref here and wherever it was pushed",
    )
}

fn help(held: &Held) -> String {
    let path = shell::word(&held.path);
    let first = if held.in_head {
        format!("HEAD still has it: run `git rm --cached {path}` and commit; then replace")
    } else if held.commits == 0 {
        "no commit has it, but the ref does: delete the ref, and replace".to_owned()
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
