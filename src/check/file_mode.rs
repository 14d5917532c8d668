//! `file_mode`: certain files grant no more than they should.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::params::{FileMode, Globs};
use super::{Check, CheckError, Context, Found, bounds, shell};
use crate::model::{Finding, Observation, Place, RepoPath};
use crate::repo::Stored;

/// Files have no permission beyond those allowed.
///
/// Files on disk are looked at, also those that git ignores. Left out are
/// `.git`, nested repositories, `node_modules`, `__pycache__` and virtual
/// environments. A link is judged by the file that it leads to; one that leads
/// out of the repository is not followed, which is an error.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileModes {
    /// The files to look at.
    globs: Globs,
    /// Of these files, those to leave out.
    exclude: Option<Globs>,
    /// The permission bits that a file may have at most.
    max: FileMode,
    /// The bits that the folder of each file may have at most; the set-group-id
    /// and sticky bits do not count.
    folder_max: Option<FileMode>,
    /// Whether it is a finding when no file matches. Otherwise the check is
    /// then not applicable.
    #[serde(default)]
    required: bool,
}

impl Check for FileModes {
    fn joins_pass(&self) -> bool {
        false
    }

    fn conclude(&self, cx: &Context<'_>, mut found: Found) -> Result<Observation, CheckError> {
        let wanted = |path: &RepoPath| {
            self.globs.matches(path)
                && !self.exclude.as_ref().is_some_and(|exclude| exclude.matches(path))
        };
        let go_on = || !cx.cancel.is_cancelled();
        let matched = cx.repo.find(&self.globs.starts(), &wanted, &go_on)?;
        let mut folders = BTreeSet::new();
        let mut unknown: Vec<CheckError> = Vec::new();
        for file in matched.ok_or(CheckError::Cancelled)? {
            match file.meta {
                // what a sparse checkout left out has no mode on disk
                Ok(meta) if meta.stored == Stored::Git => {}
                Ok(meta) if meta.is_file() => {
                    found.files += 1;
                    found.findings.extend(self.file(&file.path, meta.mode));
                    found.findings.extend(self.folder(cx, &file.path, &mut folders)?);
                }
                // a socket or a pipe
                Ok(_) => {}
                Err(error) => unknown.push(error.into()),
            }
        }
        let findings = bounds::of_all(&mut found);
        let left_out = match (unknown.len(), unknown.pop()) {
            (_, Some(error)) if findings.is_empty() => return Err(error),
            (0, _) => String::new(),
            (count, _) => format!("; {count} more could not be looked at"),
        };
        let named = named(&self.globs);
        if findings.is_empty() && found.files == 0 {
            let none = format!("no file matches {named}");
            return Ok(match self.required {
                true => {
                    Observation::judge(vec![Finding::new(none)], format!("files matching {named}"))
                }
                false => Observation::not_applicable(none),
            });
        }
        Ok(Observation::judge(
            findings,
            format!("{} matching {named}{left_out}", bounds::files(&found)),
        ))
    }
}

impl FileModes {
    fn file(&self, path: &RepoPath, mode: u32) -> Option<Finding> {
        let (mode, max) = (mode & 0o7777, self.max.0);
        let beyond = mode & !max;
        (beyond != 0).then(|| {
            Finding::new(format!(
                "`{path}` has mode {}; {} is allowed at most{}",
                FileMode(mode),
                self.max,
                whom(beyond, "read", "write")
            ))
            .at(Place::file(path.clone()))
            .help(format!(
                "run `chmod {} {}`",
                FileMode(mode & max),
                shell::word(path)
            ))
        })
    }

    /// Looks at a file's folder, once for all of its files.
    fn folder(
        &self,
        cx: &Context<'_>,
        file: &RepoPath,
        seen: &mut BTreeSet<Option<RepoPath>>,
    ) -> Result<Option<Finding>, CheckError> {
        let Some(max) = self.folder_max else { return Ok(None) };
        let (folder, mode) = cx.repo.folder_mode(file)?;
        let beyond = mode & !max.0 & 0o777;
        if !seen.insert(folder.clone()) || beyond == 0 {
            return Ok(None);
        }
        let (name, word) = match &folder {
            Some(folder) => (format!("the folder `{folder}`"), shell::word(folder)),
            None => ("the repository's top folder".to_owned(), ".".to_owned()),
        };
        let finding = Finding::new(format!(
            "{name} of `{file}` has mode {}; {max} is allowed at most{}",
            FileMode(mode),
            whom(beyond, "list", "swap the file in")
        ))
        .help(format!("run `chmod {} {word}`", FileMode(mode & (max.0 | 0o7000))));
        Ok(Some(match folder {
            Some(folder) => finding.at(Place::file(folder)),
            None => finding,
        }))
    }
}

/// Who may do what by the bits beyond: `, so others may read it`.
fn whom(beyond: u32, read: &str, write: &str) -> String {
    let who = match (beyond & 0o070 != 0, beyond & 0o007 != 0) {
        (true, true) => "its group and others",
        (true, false) => "its group",
        (false, true) => "others",
        (false, false) => return String::new(),
    };
    let what = match (beyond & 0o044 != 0, beyond & 0o022 != 0) {
        (_, true) => write,
        (true, false) => read,
        (false, false) => "run",
    };
    format!(": {who} may {what} it")
}

/// The globs, for people.
pub(super) fn named(globs: &Globs) -> String {
    let quoted: Vec<String> =
        globs.patterns().iter().map(|pattern| format!("`{pattern}`")).collect();
    quoted.join(", ")
}
