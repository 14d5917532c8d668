//! `git_history_without`: certain files were never in git.

use schemars::JsonSchema;
use serde::Deserialize;

use super::holding::{Found, Holding, LARGEST, Rule};
use crate::check::Check;
use crate::check::params::{self, Globs, Selection};
use crate::facts::Facts;
use crate::lang::shell;
use crate::model::{
    Cancel, CheckError, Finding, Need, Note, Observation, Place, RepoPath, RuleId, Subject,
};
use crate::repo::{Held, Holder, Nameless, Searched, TooLarge, Wanted};

/// No commit ever held one of these files.
///
/// Everything is looked at that any branch, remote-tracking branch, tag, entry
/// of the stash or other ref reaches, and the `HEAD` of each worktree; only
/// gonogo's ledger is left out. `ORIG_HEAD`, `FETCH_HEAD` and the reflogs of
/// branches do not count: what they alone hold is on this machine only. Grafts
/// and replacements hide nothing. A finding names the file, the oldest commit
/// that has it, its date, and whether `HEAD` still has it; a file without a name,
/// which a tag can hold, counts when it holds a secret. What is not here leaves
/// it undecided: a shallow clone, a partial clone that lacks a needed object, a
/// ref or an object that cannot be read. A submodule's history is not searched: a
/// note names it, and gonogo is to be run there.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitHistoryWithout {
    /// The files that must never have been committed.
    globs: Globs,
    /// Of these, files to leave out.
    #[serde(default, deserialize_with = "params::left_out")]
    exclude: Option<Globs>,
    /// Of these, files that are meant to be shared, such as `.env.example`:
    /// they pass while they held no secret value, only placeholders and
    /// settings that are not secrets.
    #[serde(default, deserialize_with = "params::any_number")]
    templates: Option<Globs>,
    /// What a file must have held to count; `secrets` lets files pass that
    /// never held any.
    #[serde(default)]
    holding: Holding,
}

const COMMITTED: RuleId = RuleId::new("git_history_without.committed");
const NAMELESS: RuleId = RuleId::new("git_history_without.nameless");
const TOO_LARGE: RuleId = RuleId::new("git_history_without.too_large");
const UNREAD: RuleId = RuleId::new("git_history_without.unread");

impl Check for GitHistoryWithout {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let files = self.selection();
        let rule =
            Rule { files: &files, templates: self.templates.as_ref(), holding: self.holding };
        let sought = Sought { rule, cancel: cx.cancel };
        let Some(searched) = cx.search_history(&sought)? else {
            return Err(CheckError::Cancelled);
        };
        let in_head = searched.held.iter().filter(|held| held.in_head);
        let in_head: Vec<RepoPath> = in_head.map(|held| held.path.clone()).collect();
        // what is in conflict is in the index
        let indexed = match in_head.is_empty() {
            true => None,
            false => cx.git()?.indexed(&in_head).ok(),
        };
        let is_out = |path| indexed.as_ref().is_some_and(|indexed| !indexed.contains_key(path));
        let held = searched.held.iter().map(|held| finding(rule, held, is_out(&held.path)));
        let findings: Vec<Finding> = held.chain(searched.nameless.iter().map(nameless)).collect();
        let needs = needs(&searched);
        if searched.commits == 0 && findings.is_empty() && needs.is_empty() {
            return Ok(Observation::not_applicable("there is no commit yet"));
        }
        let commits = commits(searched.commits);
        let looked_at = format!("{commits} on all branches, tags and other refs");
        let note = submodules_note(&cx.tree.submodules()?);
        Ok(Observation::judge(findings, looked_at).needing(needs).noting(note))
    }

    fn asks_history(&self, name: &[u8]) -> bool {
        self.selection().may_match_name(name)
    }
}

impl GitHistoryWithout {
    fn selection(&self) -> Selection {
        Selection::new(Some(self.globs.clone()), self.exclude.clone())
    }
}

/// What has a history of its own, which is another project's to answer for.
fn submodules_note(paths: &[RepoPath]) -> Option<Note> {
    const NAMED: usize = 5;
    let (first, _) = paths.split_first()?;
    let named: Vec<String> = paths.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    let more = match paths.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (what, own) = match paths.len() {
        1 => ("the submodule", "has a history of its own"),
        _ => ("the submodules", "have histories of their own"),
    };
    let message = format!(
        "{what} {}{more} {own}, not searched here: run gonogo in `{first}`",
        named.join(", ")
    );
    Some(Note::new(message))
}

/// What would have to be read as well.
fn needs(searched: &Searched) -> Vec<Need> {
    let unread = searched.unread.iter().map(|gap| {
        let subject = gap.subject().into_iter().fold(Subject::default(), Subject::and);
        Need::new(UNREAD, subject, gap.to_string()).help(gap.next())
    });
    let too_large = searched.too_large.iter().map(|TooLarge { path, blob }| {
        let message = format!("`{path}` was once larger than 8 MiB, and was not looked into");
        Need::new(TOO_LARGE, Subject::of(path).and(blob), message)
            .help("leave it out of `globs`, or use `holding: anything`")
    });
    unread.chain(too_large).collect()
}

struct Sought<'a> {
    rule: Rule<'a>,
    cancel: &'a Cancel,
}

impl Wanted for Sought<'_> {
    fn question(&self) -> Vec<String> {
        let Rule { files, templates, holding } = self.rule;
        let templates = templates.map(Globs::patterns).unwrap_or_default();
        vec![format!("git_history_without 4 {:?} {templates:?} {holding:?}", files.patterns())]
    }

    fn wants_name(&self, name: &[u8]) -> bool {
        self.rule.files.may_match_name(name)
    }

    fn wants(&self, path: &RepoPath) -> bool {
        self.rule.wants(path)
    }

    fn needs(&self, path: Option<&RepoPath>) -> Option<usize> {
        path.is_none_or(|path| self.rule.is_judged_by_content(path)).then_some(LARGEST)
    }

    fn counts(&self, path: Option<&RepoPath>, content: &[u8]) -> bool {
        // what was not understood or is packed counts: it was shared with everybody
        self.rule.found_at(path, content) != Found::Nothing
    }

    fn go_on(&self) -> bool {
        !self.cancel.is_cancelled()
    }
}

fn finding(rule: Rule<'_>, held: &Held, is_out: bool) -> Finding {
    let path = &held.path;
    let what = match (rule.is_template(path), rule.holding) {
        (true, _) => "was committed as a template with a secret value",
        (false, Holding::Secrets) => "was committed with a secret value",
        (false, Holding::Anything) => "was committed",
    };
    let versions = match held.versions.len() {
        0 | 1 => String::new(),
        n => format!(", in {n} versions"),
    };
    let mut place = Place::file(path.clone());
    let origin = match held.origin() {
        Some(Holder::Commit { id, date }) => {
            place = place.in_commit(id.clone());
            format!("{} of {date}", id.short())
        }
        Some(Holder::Ref { name, .. }) => format!("a folder that `{name}` names"),
        None => "the history".to_owned(),
    };
    // each new version of the file asks again; taking it out of HEAD does not
    let subject =
        held.versions.iter().fold(Subject::of(path), |subject, version| match &version.origin {
            Holder::Commit { id, .. } => subject.and(id),
            Holder::Ref { name, object } => subject.and(name).and(object),
        });
    Finding::new(COMMITTED, subject, format!("`{path}` {what} in {origin}{versions}"))
        .at(place)
        .help(help(held, is_out))
}

/// The blob's short name tells another file from it, and no guess of a secret
/// can be proven by it.
fn nameless(file: &Nameless) -> Finding {
    let reference = &file.reference;
    let blob = file.blob.get(..7).unwrap_or(&file.blob);
    let message = format!("`{reference}` names a file with a secret value, blob {blob}");
    Finding::new(NAMELESS, Subject::of(reference).and(blob), message).help(
        "replace every secret that the file holds, then delete the ref here and wherever it was pushed",
    )
}

fn help(held: &Held, is_out: bool) -> String {
    let path = shell::word(&held.path);
    let first = if held.in_head && is_out {
        "HEAD still has it, git's index has it no more: commit that; then replace".to_owned()
    } else if held.in_head {
        format!("HEAD still has it: run `git rm --cached {path}` and commit; then replace")
    } else if held.commits == 0 {
        "no commit has it, but the ref does: delete the ref, and replace".to_owned()
    } else {
        format!("it is gone from HEAD, but {} it: replace", have(held.commits))
    };
    format!(
        "{first} every secret that the file held, since whoever has a clone has them; to take it out of the history as well, install git-filter-repo, a tool of its own, run `git filter-repo --invert-paths --path {path}` and force-push all branches and tags"
    )
}

fn commits(count: usize) -> String {
    if count == 1 { "1 commit".to_owned() } else { format!("{count} commits") }
}

fn have(count: usize) -> String {
    if count == 1 { "1 commit has".to_owned() } else { format!("{count} commits have") }
}
