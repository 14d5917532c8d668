//! `git_untracked`: certain files are not in git.

use schemars::JsonSchema;
use serde::Deserialize;

use super::holding::{self, Holding, LARGEST, Rule};
use crate::check::params::Globs;
use crate::check::{Check, CheckError, Context, Found, bounds};
use crate::lang::shell;
use crate::model::{Finding, Observation, Place, RepoPath};
use crate::repo::Tracked;

/// In a file that counts whatever it holds, a secret is looked for only to show
/// where it is: in so many bytes.
const LOOKED_INTO: usize = 256 * 1024;

/// Git tracks none of these files.
///
/// The index is looked at: what was added counts before it is committed, and
/// whether the file exists on disk does not matter. A finding names the file
/// and the line of the first secret in it, never a value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GitUntracked {
    /// The files that must not be tracked.
    globs: Globs,
    /// Of these, files that are meant to be shared, such as `.env.example`:
    /// they pass while they hold no secret value, only placeholders and
    /// settings that are no secret.
    templates: Option<Globs>,
    /// What a file must hold to count; `secrets` lets files pass that hold none.
    #[serde(default)]
    holding: Holding,
}

impl Check for GitUntracked {
    fn joins_pass(&self) -> bool {
        false
    }

    fn conclude(&self, cx: &Context<'_>, mut found: Found) -> Result<Observation, CheckError> {
        let rule = self.rule();
        let mut too_large = None;
        let tracked = cx.repo.each_tracked(&|path| rule.wants(path), |file| {
            cx.cancel.check()?;
            found.files += 1;
            match judged(rule, file)? {
                Verdict::Counts(finding) => found.findings.push(finding),
                Verdict::Passes => {}
                Verdict::TooLarge => {
                    too_large.get_or_insert_with(|| file.path.clone());
                }
            }
            Ok::<(), CheckError>(())
        })?;
        let findings = bounds::of_all(&mut found);
        if let (true, Some(path)) = (findings.is_empty(), too_large) {
            return Err(CheckError::could_not_look(
                format!("`{path}` is tracked and larger than 8 MiB, and was not looked into"),
                "leave it out of `globs`, or use `holding: anything`",
            ));
        }
        let of = match found.files {
            0 => "none of them matches".to_owned(),
            1 => "1 of them matches".to_owned(),
            count => format!("{count} of them match"),
        };
        let files = if tracked == 1 { "file" } else { "files" };
        Ok(Observation::judge(findings, format!("{tracked} tracked {files}; {of}")))
    }
}

impl GitUntracked {
    fn rule(&self) -> Rule<'_> {
        Rule { globs: &self.globs, templates: self.templates.as_ref(), holding: self.holding }
    }
}

enum Verdict {
    Counts(Finding),
    Passes,
    TooLarge,
}

fn judged(rule: Rule<'_>, file: &Tracked<'_>) -> Result<Verdict, CheckError> {
    let path = &file.path;
    let by_content = rule.is_judged_by_content(path);
    let most = if by_content { LARGEST } else { LOOKED_INTO };
    let content = match file.content(most) {
        Ok(content) => content,
        Err(error) if by_content => return Err(error.into()),
        // it counts anyway
        Err(_) => None,
    };
    if by_content && content.is_none() {
        return Ok(Verdict::TooLarge);
    }
    let place = content.as_deref().and_then(holding::first_secret);
    if by_content && place.is_none() {
        return Ok(Verdict::Passes);
    }
    let what = match (rule.is_template(path), place) {
        (true, _) => "is tracked as a template, but holds a secret value",
        (false, Some(_)) => "is tracked, and holds a secret value",
        (false, None) => "is tracked",
    };
    let place = match place {
        Some((line, column)) => Place::at(path.clone(), line, column),
        None => Place::file(path.clone()),
    };
    Ok(Verdict::Counts(Finding::new(format!("`{path}` {what}")).at(place).help(help(rule, path))))
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
