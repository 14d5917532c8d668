//! `file_present`: certain files are there, or are not.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use super::file_mode::named;
use super::params::Globs;
use super::{Check, CheckError, Context, Found, bounds};
use crate::model::{Finding, Observation, Place, RepoPath};
use crate::repo::Matched;

/// The kind `file_present`, its parameters validated.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Parameters")]
pub struct FilePresent {
    globs: Globs,
    /// Each pattern on its own.
    each: Vec<Globs>,
    rule: Rule,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Rule {
    Present,
    NotEmpty,
    Absent,
}

/// For each pattern there is a file, or with `absent` there is none.
///
/// Files on disk are looked at, also those that git ignores. Left out are
/// `.git`, nested repositories, `node_modules`, `__pycache__` and virtual
/// environments, unless a pattern begins with their path. Folders do not
/// count. A link counts as the file that it leads to; one that leads nowhere is
/// no file, and one that leads out of the repository is not followed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FilePresent")]
struct Parameters {
    /// The patterns; each must be matched by a file.
    globs: Globs,
    /// Whether a file must hold something to count.
    #[serde(default)]
    not_empty: bool,
    /// Turns the check around: each file that matches is a finding.
    #[serde(default)]
    absent: bool,
}

impl JsonSchema for FilePresent {
    fn schema_name() -> Cow<'static, str> {
        Parameters::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Parameters::json_schema(generator)
    }
}

impl TryFrom<Parameters> for FilePresent {
    type Error = String;

    /// # Errors
    /// A sentence, when the parameters contradict each other or mean nothing.
    fn try_from(given: Parameters) -> Result<Self, String> {
        let rule = match (given.not_empty, given.absent) {
            (false, false) => Rule::Present,
            (true, false) => Rule::NotEmpty,
            (false, true) => Rule::Absent,
            (true, true) => {
                return Err("`absent` and `not_empty` contradict each other".to_owned());
            }
        };
        if given.globs.patterns().is_empty() {
            return Err("`globs` names no file; give at least one pattern".to_owned());
        }
        let each = given.globs.patterns().iter().map(|pattern| Globs::new(&[pattern]));
        Ok(Self { each: each.collect::<Result<_, String>>()?, globs: given.globs, rule })
    }
}

impl Check for FilePresent {
    fn joins_pass(&self) -> bool {
        false
    }

    fn conclude(&self, cx: &Context<'_>, mut found: Found) -> Result<Observation, CheckError> {
        let go_on = || !cx.cancel.is_cancelled();
        let wanted = |path: &RepoPath| self.globs.matches(path);
        let matched = cx.repo.find(&self.globs.starts(), &wanted, &go_on)?;
        let matched = matched.ok_or(CheckError::Cancelled)?;
        found.files = matched.len();
        let looked_at = format!("{} matching {}", bounds::files(&found), named(&self.globs));
        match self.rule {
            Rule::Absent => found.findings = matched.iter().map(unwanted).collect(),
            Rule::Present | Rule::NotEmpty => {
                let mut unknown = None;
                for pattern in &self.each {
                    match self.one(pattern, &matched) {
                        Some(Ok(finding)) => found.findings.push(finding),
                        Some(Err(error)) => unknown = Some(error),
                        None => {}
                    }
                }
                if let (true, Some(error)) = (found.findings.is_empty(), unknown) {
                    return Err(error);
                }
            }
        }
        Ok(Observation::judge(bounds::of_all(&mut found), looked_at))
    }
}

impl FilePresent {
    /// Looks for a file that one pattern matches: what is wrong, if anything.
    fn one(&self, pattern: &Globs, matched: &[Matched]) -> Option<Result<Finding, CheckError>> {
        let mut empty = None;
        let mut unknown = None;
        for file in matched.iter().filter(|file| pattern.matches(&file.path)) {
            match &file.meta {
                Ok(meta) if !meta.is_file() => {}
                Ok(meta) if self.rule == Rule::NotEmpty && meta.len == 0 => {
                    empty.get_or_insert(&file.path);
                }
                Ok(_) => return None,
                Err(error) => unknown = Some(error),
            }
        }
        Some(match (unknown, empty) {
            (Some(error), _) => Err(error.into()),
            (None, Some(path)) => {
                Ok(Finding::new(format!("`{path}` is empty")).at(Place::file(path.clone())))
            }
            (None, None) => Ok(Finding::new(format!("no file matches {}", named(pattern)))),
        })
    }
}

fn unwanted(file: &Matched) -> Finding {
    Finding::new(format!("`{}` must not be here", file.path)).at(Place::file(file.path.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::decode::decode;

    #[test]
    fn what_means_nothing_is_refused() {
        for (yaml, expected) in [
            ("{globs: []}", "names no file"),
            ("{globs: [a], absent: true, not_empty: true}", "contradict"),
            ("{globs: [../a]}", "leaves the repository"),
            ("{absent: true}", "globs"),
        ] {
            let value = serde_yaml::from_str(yaml).expect("YAML");
            let told = decode::<FilePresent>(&value).expect_err(yaml);
            assert!(told.iter().any(|told| told.message.contains(expected)), "{yaml}: {told:?}");
        }
    }
}
