//! `git_untracked`: certain files are not in git.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::holding::{Found, Holding, LARGEST, Rule};
use crate::check::fixes::Untrack;
use crate::check::params::{self, Globs};
use crate::check::{Check, Fix, bounds};
use crate::facts::Facts;
use crate::lang::shell;
use crate::model::{
    CheckError, Finding, Need, Note, Observation, Place, RepoPath, RuleId, Subject,
};
use crate::repo::{RepoError, Tracked};

/// In a file that counts whatever it holds, a secret is looked for only to show
/// where it is: in so many bytes.
const LOOKED_INTO: usize = 256 * 1024;

/// Git tracks none of these files.
///
/// The index is looked at: what was added counts before it is committed, and
/// whether the file exists on disk does not matter. A finding names the file
/// and the line of the first secret in it, never a value.
///
/// Where the content decides, secrets are found in env files, YAML, JSON, TOML,
/// shells, PHP, XML and comments. In templates, and in files whose name says
/// that they are for development, values that everybody starts with
/// (`postgres`, `admin`) do not count; in folders for tests only what a vendor
/// handed out does. A line that names a secret and cannot be understood leaves
/// the check undecided.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitUntracked {
    /// The files that must not be tracked.
    globs: Globs,
    /// Of these, files that are meant to be shared, such as `.env.example`:
    /// they pass while they hold no secret value, only placeholders and
    /// settings that are not secrets.
    #[serde(default, deserialize_with = "params::any_number")]
    templates: Option<Globs>,
    /// What a file must hold to count; `secrets` lets files pass that hold none.
    #[serde(default)]
    holding: Holding,
}

const TRACKED: RuleId = RuleId::new("git_untracked.tracked");
const HOLDS_SECRET: RuleId = RuleId::new("git_untracked.holds_secret");
const TEMPLATE: RuleId = RuleId::new("git_untracked.template_holds_secret");
const UNREAD: RuleId = RuleId::new("git_untracked.unread");
const UNCLEAR: RuleId = RuleId::new("git_untracked.unclear");
const PACKED: RuleId = RuleId::new("git_untracked.packed");
const TOO_LARGE: RuleId = RuleId::new("git_untracked.too_large");

impl Check for GitUntracked {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let rule = self.rule();
        let (mut matching, mut findings, mut needs) = (0, Vec::new(), Vec::new());
        let mut harmless = Vec::new();
        let counted = cx.tree.each_tracked(&|path| rule.wants(path), |file| {
            cx.cancel.check()?;
            matching += 1;
            match judged(rule, file) {
                Verdict::Counts(finding) => findings.push(finding),
                Verdict::Passes => harmless.push(file.path.to_string()),
                Verdict::Unknown(need) => needs.push(need),
            }
            Ok::<(), CheckError>(())
        })?;
        let of = match matching {
            0 => "none of them matches".to_owned(),
            1 => "1 of them matches".to_owned(),
            count => format!("{count} of them match"),
        };
        let tracked = bounds::counted(counted.files, "tracked file");
        needs.extend(bounds::unread(UNREAD, &counted.unread));
        let looked_at = format!("{tracked}; {of}");
        Ok(Observation::judge(findings, looked_at).needing(needs).noting(harmless_note(&harmless)))
    }

    /// A template stays tracked: its value is replaced by hand.
    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        let found = seen.findings.iter().filter(|finding| finding.rule != TEMPLATE);
        let paths: Vec<RepoPath> =
            found.filter_map(|finding| Some(finding.place()?.path.clone())).collect();
        if paths.is_empty() { Vec::new() } else { vec![Arc::new(Untrack { paths })] }
    }
}

/// Which files match and pass, since they hold no secret value.
fn harmless_note(paths: &[String]) -> Option<Note> {
    const NAMED: usize = 5;
    let named: Vec<String> = paths.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    let more = match paths.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (verb, hold) = if paths.len() == 1 { ("is", "holds") } else { ("are", "hold") };
    let message = format!("{}{more} {verb} tracked and {hold} no secret value", named.join(", "));
    (!paths.is_empty()).then(|| Note::new(message))
}

fn unclear(path: &RepoPath, line: u32, column: u32) -> Need {
    let message =
        format!("`{path}` is tracked, and names a secret in a line that was not understood");
    Need::new(UNCLEAR, Subject::of(path), message)
        .at(Place::at(path.clone(), line, column))
        .help("write it as `NAME=value`, with a placeholder if the file is to be shared")
}

fn packed(path: &RepoPath) -> Need {
    let message = format!("`{path}` is tracked and compressed, and was not looked into");
    Need::new(PACKED, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .help("unpack it and look; a copy of an env file does not belong into git")
}

fn too_large(path: &RepoPath) -> Need {
    let message = format!("`{path}` is tracked and larger than 8 MiB, and was not looked into");
    Need::new(TOO_LARGE, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .help("leave it out of `globs`, or use `holding: anything`")
}

/// The message of git names an object, which says less than the path.
fn unreadable(path: &RepoPath, error: &RepoError) -> Need {
    let message = format!(
        "`{path}` is tracked, and git has no readable copy of it: whether it holds a secret is not known"
    );
    let next = match error {
        RepoError::Unsupported { next, .. } => next.as_str(),
        _ => "run `git fsck`, then clone the repository again",
    };
    Need::new(UNREAD, Subject::of(path), message).at(Place::file(path.clone())).help(next)
}

impl GitUntracked {
    fn rule(&self) -> Rule<'_> {
        Rule { globs: &self.globs, templates: self.templates.as_ref(), holding: self.holding }
    }
}

enum Verdict {
    Counts(Finding),
    Passes,
    Unknown(Need),
}

fn judged(rule: Rule<'_>, file: &Tracked<'_>) -> Verdict {
    let path = &file.path;
    let by_content = rule.is_judged_by_content(path);
    let most = if by_content { LARGEST } else { LOOKED_INTO };
    let content = match file.content(most) {
        Ok(content) => content,
        Err(error) if by_content => return Verdict::Unknown(unreadable(path, &error)),
        // it counts anyway
        Err(_) => None,
    };
    if by_content && content.is_none() {
        return Verdict::Unknown(too_large(path));
    }
    let found = content.map_or(Found::Nothing, |content| rule.found(path, &content));
    let place = match found {
        Found::Secret(line, column) => Some((line, column)),
        Found::Unclear(line, column) if by_content => {
            return Verdict::Unknown(unclear(path, line, column));
        }
        Found::Packed if by_content => return Verdict::Unknown(packed(path)),
        Found::Nothing if by_content => return Verdict::Passes,
        Found::Nothing | Found::Unclear(..) | Found::Packed => None,
    };
    let (id, what) = match (rule.is_template(path), place) {
        (true, _) => (TEMPLATE, "is tracked as a template, but holds a secret value"),
        (false, Some(_)) => (HOLDS_SECRET, "is tracked, and holds a secret value"),
        (false, None) => (TRACKED, "is tracked"),
    };
    let place = match place {
        Some((line, column)) => Place::at(path.clone(), line, column),
        None => Place::file(path.clone()),
    };
    let finding = Finding::new(id, Subject::of(path), format!("`{path}` {what}"));
    Verdict::Counts(finding.at(place).help(help(rule, path)))
}

fn help(rule: Rule<'_>, path: &RepoPath) -> String {
    if rule.is_template(path) {
        return "put a placeholder in the value's place, and replace the secret where it is used: it stays in the history".to_owned();
    }
    format!(
        "run `git rm --cached {}`, add the file to `.gitignore` and commit; it stays on your disk. Replace every secret that it held: they stay in the history",
        shell::word(path)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cancel;
    use crate::repo::support::Sandbox;

    #[test]
    fn the_fix_leaves_templates_tracked() {
        let sandbox = Sandbox::new();
        let secret = "DB_PASSWORD=tulip-harbour-93\n";
        sandbox.write(".env", secret).write(".env.example", secret).write("a.py", "").commit("one");
        let yaml = serde_yaml::from_str("{ globs: ['.env*'], templates: ['*.example'] }");
        let check: GitUntracked = serde_yaml::from_value(yaml.expect("YAML")).expect("a check");
        let cancel = Cancel::default();
        let doors = crate::facts::Doors::of_worktree(Arc::new(sandbox.repo()));
        let see = || {
            let cx = Facts::new(&doors, jiff::Timestamp::UNIX_EPOCH, true, &cancel);
            check.judge(&cx).expect("seen")
        };
        let seen = see();
        assert_eq!(seen.findings.len(), 2);
        let fixes = check.fixes(&seen);
        let [fix] = &fixes[..] else { panic!("{fixes:?}") };
        assert_eq!(fix.title().as_str(), "stop tracking `.env` in git");
        sandbox.git(&["rm", "-q", "--cached", ".env"]);
        assert!(check.fixes(&see()).is_empty());
    }
}
