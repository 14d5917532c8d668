//! `git_ignored`: git leaves certain paths out, whether or not they exist.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::check::Check;
use crate::facts::Facts;
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
            line(named)
        ))
}

/// The line of a `.gitignore` that names this path and no more than it must
/// (gitignore(5): what a backslash quotes, what a slash anchors).
fn line(named: &Named) -> String {
    let mut line = String::new();
    for c in named.path.to_string().chars() {
        if "*?[\\".contains(c) || (line.is_empty() && "!#".contains(c)) {
            line.push('\\');
        }
        line.push(c);
    }
    if let Some(kept) = line.strip_suffix(' ') {
        line = format!("{kept}\\ ");
    }
    if named.folder {
        line.push('/');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_they_should() {
        let cases = [
            (".env", ".env"),
            ("instance/", "instance/"),
            ("config/prod.env", "config/prod.env"),
            ("#notes", "\\#notes"),
            ("!x#y", "\\!x#y"),
            ("a*[b]?", "a\\*\\[b]\\?"),
            ("end ", "end\\ "),
        ];
        for (given, expected) in cases {
            let value = serde_yaml::Value::from(given);
            let named: Named = serde_yaml::from_value(value).expect(given);
            assert_eq!(line(&named), expected);
        }
    }
}
