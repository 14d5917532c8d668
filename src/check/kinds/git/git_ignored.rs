//! `git_ignored`: git leaves certain paths out, whether or not they exist.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::check::fixes::Ignore;
use crate::check::{Check, Fix};
use crate::facts::Facts;
use crate::lang::gitignore;
use crate::model::{CheckError, Finding, Observation, Place, RepoPath, RuleId, Subject};
use crate::repo::{Rule, RuleFile};

/// Git ignores each of these paths.
///
/// Asked as `git check-ignore --no-index` asks: a tracked file counts as
/// ignored when a rule names it, and a path that does not exist counts as if it
/// did. Only `.gitignore` files count: `.git/info/exclude` and the person's own
/// `core.excludesFile` stay on this machine, so that every other clone would
/// commit the file. Each path that no rule ignores is a finding, with the line
/// to add.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GitIgnored {
    /// The paths, from the repository's root. One that ends in `/` is a folder.
    paths: Vec<Named>,
}

/// A path, and whether it was written as a folder.
#[derive(Debug)]
struct Named {
    path: RepoPath,
    folder: bool,
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let path = RepoPath::new(&text).map_err(D::Error::custom)?;
        Ok(Self { path, folder: text.ends_with('/') })
    }
}

impl JsonSchema for Named {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        RepoPath::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        RepoPath::json_schema(generator)
    }
}

const NOT_IGNORED: RuleId = RuleId::new("git_ignored.not_ignored");

impl Check for GitIgnored {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let mut findings = Vec::new();
        for named in &self.paths {
            cx.cancel.check()?;
            let ignored = cx.repo.ignored(&named.path, named.folder)?;
            match (ignored.shared, ignored.here) {
                (Some(_), _) => {}
                (None, Some(rule)) => findings.push(only_here(named, &rule)),
                (None, None) => findings.push(finding(named)),
            }
        }
        let asked: Vec<String> =
            self.paths.iter().map(|named| format!("`{}`", named.path)).collect();
        Ok(Observation::judge(findings, format!("git's ignore rules for {}", asked.join(", "))))
    }

    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        let found = seen.findings.iter().filter(|finding| finding.rule == NOT_IGNORED);
        let paths: Vec<_> = found
            .filter_map(|finding| {
                let path = finding.place()?.path.clone();
                let folder = self.paths.iter().any(|named| named.folder && named.path == path);
                Some((path, folder))
            })
            .collect();
        if paths.is_empty() { Vec::new() } else { vec![Arc::new(Ignore { paths })] }
    }
}

/// A rule ignores it, and no other clone has that rule.
fn only_here(named: &Named, rule: &Rule) -> Finding {
    let file = match &rule.file {
        RuleFile::Gitignore(path) => path.to_string(),
        RuleFile::Exclude => ".git/info/exclude".to_owned(),
        RuleFile::Personal(path) => path.to_string(),
    };
    let message = format!(
        "git ignores `{}` on this machine alone, by line {} of `{file}`",
        named.path, rule.line
    );
    Finding::new(NOT_IGNORED, Subject::of(&named.path), message)
        .at(Place::file(named.path.clone()))
        .help("add the rule to the `.gitignore` in the repository's top folder, which every clone has")
}

fn finding(named: &Named) -> Finding {
    let message = format!("git does not ignore `{}`", named.path);
    Finding::new(NOT_IGNORED, Subject::of(&named.path), message)
        .at(Place::file(named.path.clone()))
        .help(format!(
            "add the line `{}` at the end of the `.gitignore` in the repository's top folder",
            gitignore::line(&named.path.to_string(), named.folder)
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Order;
    use crate::model::Cancel;
    use crate::repo::support::Sandbox;

    #[test]
    fn the_fix_is_for_what_was_found() {
        let sandbox = Sandbox::new();
        sandbox.write(".gitignore", "*.key\n");
        let yaml = serde_yaml::from_str("paths: [.env, a.key, instance/]").expect("YAML");
        let check: GitIgnored = serde_yaml::from_value(yaml).expect("a check");
        let (repo, cancel) = (sandbox.repo(), Cancel::default());
        let tree = repo.worktree();
        let see = || {
            let cx = Facts::new(&repo, &tree, jiff::Timestamp::UNIX_EPOCH, true, &cancel);
            check.judge(&cx).expect("seen")
        };
        let fixes = check.fixes(&see());
        let [fix] = &fixes[..] else { panic!("{fixes:?}") };
        assert_eq!(fix.title().as_str(), "add `.env` and `instance` to `.gitignore`");
        assert_eq!(fix.order(), Order::OutOfGit);
        let cx = Facts::new(&repo, &tree, jiff::Timestamp::UNIX_EPOCH, true, &cancel);
        let diff = fix.plan(&cx).expect("a plan").diff;
        assert_eq!(diff.last().expect("a line").as_str(), "+ instance/");
        sandbox.write(".gitignore", "*.key\n.env\ninstance/\n");
        assert!(check.fixes(&see()).is_empty());
    }
}
