//! `file_present`: certain files are there, or are not.

use std::borrow::Cow;
use std::collections::BTreeSet;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use crate::check::params::{self, Globs, Selection};
use crate::check::rests::{self, Rests};
use crate::check::{Check, bounds};
use crate::facts::Facts;
use crate::model::{CheckError, Finding, Need, Observation, Place, RepoPath, RuleId, Subject};
use crate::repo::{Matched, Query, decoded};

/// The kind `file_present`, its parameters validated.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Parameters")]
pub(crate) struct FilePresent {
    files: Selection,
    /// Each pattern on its own.
    each: Vec<Selection>,
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
/// count. A link counts as the file that it leads to; one that leads nowhere or to
/// a folder is not a file, though with `absent` it is there, and one that leads out of the repository is not followed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FilePresent")]
struct Parameters {
    /// The patterns; each must be matched by a file.
    globs: Globs,
    /// Files that do not count.
    #[serde(default, deserialize_with = "params::left_out")]
    exclude: Option<Globs>,
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
        let selection = |globs| Selection::new(Some(globs), given.exclude.clone());
        let each = given.globs.patterns().iter().map(|pattern| Globs::new(&[pattern]));
        let each = each.map(|globs| globs.map(selection)).collect::<Result<_, String>>()?;
        Ok(Self { each, files: selection(given.globs.clone()), rule })
    }
}

/// The bytes of the longest byte order mark, that of UTF-32.
const LONGEST_MARK: u64 = 4;

const MISSING: RuleId = RuleId::new("file_present.missing");
const EMPTY: RuleId = RuleId::new("file_present.empty");
const UNWANTED: RuleId = RuleId::new("file_present.unwanted");
const UNKNOWN: RuleId = RuleId::new("file_present.unknown");
const UNREAD: RuleId = RuleId::new("file_present.unread");

impl Check for FilePresent {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let go_on = || !cx.cancel.is_cancelled();
        let wanted = |path: &RepoPath| self.files.matches(path);
        let starts = self.files.starts();
        let query = Query { starts: &starts, keep: &wanted, go_on: &go_on };
        let found = cx.tree.find(&query)?.ok_or(CheckError::Cancelled)?;
        let matched = found.files;
        let files = bounds::counted(matched.len(), "file");
        let looked_at = format!("{files} matching {}", self.files.named());
        if self.rule == Rule::Absent {
            // a link is there, whatever it leads to
            let files = matched.iter().map(|file| &file.path);
            let paths: BTreeSet<&RepoPath> = files.chain(&found.links).collect();
            let findings = paths.into_iter().map(unwanted).collect();
            return Ok(Observation::judge(findings, looked_at)
                .needing(bounds::unread(UNREAD, &found.unread)));
        }
        let (mut findings, mut needs, mut rests) = (Vec::new(), Vec::new(), Vec::new());
        for pattern in &self.each {
            match self.one(cx, pattern, &matched) {
                One::Here(paths) => rests.extend(rests::on_one_of(cx, &paths)?),
                One::Wrong(finding) => findings.push(finding),
                One::Unknown(need) => needs.push(need),
            }
        }
        if !findings.is_empty() {
            // what is missing may be among what could not be read
            let unread = bounds::unread(UNREAD, &found.unread);
            if !unread.is_empty() {
                findings.retain(|finding| finding.rule != MISSING);
                needs.extend(unread);
            }
        }
        Ok(Rests::told(rests, Observation::judge(findings, looked_at).needing(needs)))
    }
}

/// What one pattern comes to.
enum One<'m> {
    /// These files are there.
    Here(BTreeSet<&'m RepoPath>),
    /// None is.
    Wrong(Finding),
    /// It cannot be said.
    Unknown(Need),
}

impl FilePresent {
    /// Looks for a file that one pattern matches.
    fn one<'m>(&self, cx: &Facts<'_>, pattern: &Selection, matched: &'m [Matched]) -> One<'m> {
        let mut here = BTreeSet::new();
        let mut empty = None;
        let mut unknown = None;
        for file in matched.iter().filter(|file| pattern.matches(&file.path)) {
            match &file.meta {
                Ok(meta) if !meta.is_file() => {}
                Ok(meta) if self.rule == Rule::NotEmpty && is_empty(cx, &file.path, meta.len) => {
                    empty.get_or_insert(&file.path);
                }
                Ok(_) => {
                    here.insert(&file.path);
                }
                Err(error) => unknown = Some((&file.path, error)),
            }
        }
        if !here.is_empty() {
            return One::Here(here);
        }
        match (unknown, empty) {
            (Some((path, error)), _) => {
                let message = format!("it is not known what `{path}` is: {error}");
                let need = Need::new(UNKNOWN, Subject::of(path), message);
                One::Unknown(need.at(Place::file(path.clone())))
            }
            (None, Some(path)) => {
                let finding = Finding::new(EMPTY, Subject::of(path), format!("`{path}` is empty"));
                One::Wrong(finding.at(Place::file(path.clone())))
            }
            (None, None) => {
                let named = pattern.named();
                let message = format!("no file matches {named}");
                One::Wrong(Finding::new(MISSING, Subject::of(named), message))
            }
        }
    }
}

/// Whether a file has no content but, at most, a byte order mark.
fn is_empty(cx: &Facts<'_>, path: &RepoPath, len: u64) -> bool {
    let holds_nothing = || {
        cx.tree
            .read(path)
            .is_ok_and(|content| content.is_some_and(|content| decoded(&content).is_empty()))
    };
    len == 0 || (len <= LONGEST_MARK && holds_nothing())
}

fn unwanted(path: &RepoPath) -> Finding {
    Finding::new(UNWANTED, Subject::of(path), format!("`{path}` must not be here"))
        .at(Place::file(path.clone()))
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
