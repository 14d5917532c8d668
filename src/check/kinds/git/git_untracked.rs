//! `git_untracked`: certain files are not in git.

mod linked;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::holding::{Found, Holding, LARGEST, Rule};
use crate::check::fixes::Untrack;
use crate::check::params::{self, Globs, Selection};
use crate::check::{Check, Fix, bounds};
use crate::facts::Facts;
use crate::lang::{lfs, shell};
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
/// handed out does. Of a symbolic link, the file that it leads to counts when git
/// tracks that one; of a file in Git LFS its content, when that is here. A line that names a secret and cannot be understood leaves
/// the check undecided.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitUntracked {
    /// The files that must not be tracked.
    globs: Globs,
    /// Of these, files to leave out.
    #[serde(default, deserialize_with = "params::left_out")]
    exclude: Option<Globs>,
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
const ELSEWHERE: RuleId = RuleId::new("git_untracked.lfs");
const UNCLEAR: RuleId = RuleId::new("git_untracked.unclear");
const PACKED: RuleId = RuleId::new("git_untracked.packed");
const TOO_LARGE: RuleId = RuleId::new("git_untracked.too_large");

impl Check for GitUntracked {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let files = Selection::new(Some(self.globs.clone()), self.exclude.clone());
        let rule = self.rule(&files);
        let (mut findings, mut needs, mut harmless) = (Vec::new(), Vec::new(), Vec::new());
        // of a file in conflict the worst side counts
        let mut verdicts: BTreeMap<RepoPath, Verdict> = BTreeMap::new();
        let mut links = Vec::new();
        let counted = cx.tree.each_tracked(&|path| rule.wants(path), |file| {
            cx.cancel.check()?;
            links.extend(linked::target(rule, file));
            let verdict = judged(cx, rule, file);
            match verdicts.get(&file.path) {
                Some(known) if known.weight() >= verdict.weight() => {}
                _ => drop(verdicts.insert(file.path.clone(), verdict)),
            }
            Ok::<(), CheckError>(())
        })?;
        let matching = verdicts.len();
        for (path, verdict) in verdicts {
            match verdict {
                Verdict::Counts(finding) => findings.push(finding),
                Verdict::Passes => harmless.push(path.to_string()),
                Verdict::Unknown(need) => needs.push(need),
            }
        }
        let behind = linked::behind(cx, rule, links)?;
        findings.extend(behind.findings);
        needs.extend(behind.needs);
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
        let by_hand = [TEMPLATE, linked::LINKED];
        let found = seen.findings.iter().filter(|finding| !by_hand.contains(&finding.rule));
        let paths: Vec<RepoPath> =
            found.filter_map(|finding| Some(finding.place()?.path.clone())).collect();
        if paths.is_empty() { Vec::new() } else { vec![Arc::new(Untrack::files(paths))] }
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

fn too_large(path: &RepoPath, id: Option<String>) -> Need {
    let message = format!("`{path}` is tracked and larger than 8 MiB, and was not looked into");
    Need::new(TOO_LARGE, id.into_iter().fold(Subject::of(path), Subject::and), message)
        .at(Place::file(path.clone()))
        .help("leave it out of `globs`, or use `holding: anything`")
}

fn elsewhere(path: &RepoPath) -> Need {
    let message = format!(
        "`{path}` is tracked by Git LFS, and its content is not here: whether it holds a secret is not known"
    );
    Need::new(ELSEWHERE, Subject::of(path), message)
        .at(Place::file(path.clone()))
        .help("run `git lfs pull`, or take the file out of Git LFS")
}

/// The message of git names an object, which says less than the path.
fn unreadable(path: &RepoPath, id: Option<String>, error: &RepoError) -> Need {
    let message = format!(
        "`{path}` is tracked, and git has no readable copy of it: whether it holds a secret is not known"
    );
    let next = match error {
        RepoError::Unsupported { next, .. } => next.as_str(),
        _ => "run `git fsck`, then clone the repository again",
    };
    let subject = id.into_iter().fold(Subject::of(path), Subject::and);
    Need::new(UNREAD, subject, message).at(Place::file(path.clone())).help(next)
}

impl GitUntracked {
    fn rule<'a>(&'a self, files: &'a Selection) -> Rule<'a> {
        Rule { files, templates: self.templates.as_ref(), holding: self.holding }
    }
}

enum Verdict {
    Counts(Finding),
    Passes,
    Unknown(Need),
}

impl Verdict {
    fn weight(&self) -> u8 {
        match self {
            Self::Passes => 0,
            Self::Unknown(_) => 1,
            Self::Counts(_) => 2,
        }
    }
}

fn judged(cx: &Facts<'_>, rule: Rule<'_>, file: &Tracked<'_>) -> Verdict {
    let path = &file.path;
    let by_content = rule.is_judged_by_content(path);
    let most = if by_content { LARGEST } else { LOOKED_INTO };
    let content = match file.content(most) {
        Ok(content) => content,
        Err(error) if by_content => return Verdict::Unknown(unreadable(path, file.id(), &error)),
        // it counts anyway
        Err(_) => None,
    };
    if by_content && content.is_none() {
        return Verdict::Unknown(too_large(path, file.id()));
    }
    let content = match content {
        // what it stands for is not in git
        Some(pointer) if by_content && lfs::is_pointer(&pointer) => {
            match cx.tree.read(path).ok().flatten().filter(|real| !lfs::is_pointer(real)) {
                Some(real) => Some(real),
                None => return Verdict::Unknown(elsewhere(path)),
            }
        }
        content => content,
    };
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
