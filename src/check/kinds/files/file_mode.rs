//! `file_mode`: certain files grant no more than they should.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::fixes::Chmod;
use crate::check::kinds::git::{Found, Holding, Rule};
use crate::check::params::{self, FileMode, Globs, Selection};
use crate::check::{Check, Fix, bounds};
use crate::facts::Facts;
use crate::lang::shell;
use crate::model::{
    CheckError, Finding, Need, Note, Observation, Place, RepoPath, RuleId, Subject,
};
use crate::repo::{Query, RepoError, Stored};
use crate::secret::key_store::is_key_store;

/// Files have no permission beyond those allowed.
///
/// Files on disk are looked at, also those that git ignores. Left out are
/// `.git`, nested repositories, `node_modules`, `__pycache__` and virtual
/// environments. A link is judged by the file that it leads to; one that leads
/// out of the repository is not followed, which is an error.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileModes {
    /// The files to look at.
    globs: Globs,
    /// Of these files, those to leave out.
    #[serde(default, deserialize_with = "params::left_out")]
    exclude: Option<Globs>,
    /// The permission bits that a file may have at most.
    max: FileMode,
    /// The bits that the folder of each file may have at most; the set-group-id
    /// and sticky bits do not count.
    folder_max: Option<FileMode>,
    /// Leave out files that git tracks and that hold no secret value now: git
    /// gives them their mode, and everybody with a clone may read them. A store
    /// of keys (PKCS #12, Java's, DER) is not left out.
    #[serde(default)]
    but_tracked_without_secrets: bool,
    /// Whether it is a finding when no file matches. Otherwise the check is
    /// then not applicable.
    #[serde(default)]
    required: bool,
}

const FILE: RuleId = RuleId::new("file_mode.file");
const FOLDER: RuleId = RuleId::new("file_mode.folder");
const MISSING: RuleId = RuleId::new("file_mode.missing");
const UNKNOWN: RuleId = RuleId::new("file_mode.unknown");
const UNREAD: RuleId = RuleId::new("file_mode.unread");

impl Check for FileModes {
    fn judge(&self, cx: &Facts<'_>) -> Result<Observation, CheckError> {
        let selection = self.selection();
        let wanted = |path: &RepoPath| selection.matches(path);
        let go_on = || !cx.cancel.is_cancelled();
        let starts = selection.starts();
        let query = Query { starts: &starts, keep: &wanted, go_on: &go_on };
        let found = cx.disk.find(&query)?.ok_or(CheckError::Cancelled)?;
        let mut folders = BTreeSet::new();
        let (mut files, mut findings, mut needs) = (0, Vec::new(), Vec::new());
        needs.extend(bounds::unread(UNREAD, &found.unread));
        let harmless = self.harmless(cx, found.files.iter().map(|file| &file.path))?;
        for file in found.files {
            if harmless.contains(&file.path) {
                continue;
            }
            match file.meta {
                // what a sparse checkout left out has no mode on disk
                Ok(meta) if meta.stored == Stored::Git => {}
                // a pipe, a socket or a device has a mode as a file has
                Ok(meta) if !meta.is_dir() => {
                    files += 1;
                    findings.extend(self.file(&file.path, meta.mode));
                    findings.extend(self.folder(cx, &file.path, &mut folders)?);
                }
                Ok(_) => {}
                Err(error) => needs.push(unknown(&file.path, &error)),
            }
        }
        for link in &found.links {
            // one that leads to a folder is no file
            if let Ok(None) = cx.disk.look(Some(link)) {
                needs.push(dangling(link));
            }
        }
        let named = selection.named();
        if findings.is_empty() && needs.is_empty() && files == 0 {
            let none = match harmless.is_empty() {
                true => format!("no file matches {named}"),
                false => format!(
                    "{} no secret value, so its mode does not matter",
                    tracked(&harmless, "holds", "hold")
                ),
            };
            if !self.required || !harmless.is_empty() {
                return Ok(Observation::not_applicable(none));
            }
            findings.push(Finding::new(MISSING, Subject::of(&named), none));
        }
        let looked_at = format!("{} matching {named}", bounds::counted(files, "file"));
        let note = (!harmless.is_empty())
            .then(|| Note::new(format!("{} no secret value", tracked(&harmless, "holds", "hold"))));
        Ok(Observation::judge(findings, looked_at).needing(needs).noting(note))
    }

    /// The repository's top folder has no path of its own and stays for the
    /// person; the finding's help says how.
    fn fixes(&self, seen: &Observation) -> Vec<Arc<dyn Fix>> {
        let paths: Vec<(RepoPath, u32)> = seen
            .findings
            .iter()
            .filter_map(|finding| {
                let most = match (finding.rule, self.folder_max) {
                    (FILE, _) => self.max.0,
                    (FOLDER, Some(most)) => most.0 | 0o7000,
                    _ => return None,
                };
                Some((finding.place()?.path.clone(), most))
            })
            .collect();
        if paths.is_empty() { Vec::new() } else { vec![Arc::new(Chmod { paths })] }
    }
}

fn unknown(path: &RepoPath, error: &RepoError) -> Need {
    Need::new(UNKNOWN, Subject::of(path), format!("the mode of `{path}` is not known: {error}"))
        .at(Place::file(path.clone()))
        .help("see that the file is inside the repository and can be looked at by you")
}

fn dangling(link: &RepoPath) -> Need {
    let message =
        format!("`{link}` is a link that leads to nothing here, so its mode is not known");
    Need::new(UNKNOWN, Subject::of(link).and("nothing"), message)
        .at(Place::file(link.clone()))
        .help("make the file that it leads to, or remove the link")
}

impl FileModes {
    fn selection(&self) -> Selection {
        Selection::new(Some(self.globs.clone()), self.exclude.clone())
    }

    fn file(&self, path: &RepoPath, mode: u32) -> Option<Finding> {
        let (mode, max) = (mode & 0o7777, self.max.0);
        let beyond = mode & !max;
        (beyond != 0).then(|| {
            let message = format!(
                "`{path}` has mode {}; {} is allowed at most{}",
                FileMode(mode),
                self.max,
                whom(beyond, "read", "write")
            );
            Finding::new(FILE, Subject::of(path).and(FileMode(mode)), message)
                .at(Place::file(path.clone()))
                .help(format!("run `chmod {} {}`", FileMode(mode & max), shell::word(path)))
        })
    }

    /// Of these files, those that git tracks and that hold no secret value on disk.
    fn harmless<'p>(
        &self,
        cx: &Facts<'_>,
        found: impl Iterator<Item = &'p RepoPath>,
    ) -> Result<BTreeSet<RepoPath>, CheckError> {
        let found: BTreeSet<&RepoPath> = match self.but_tracked_without_secrets {
            true => found.collect(),
            false => return Ok(BTreeSet::new()),
        };
        let mut tracked = Vec::new();
        cx.tree.each_tracked(&|path| found.contains(path), |file| {
            tracked.push(file.path.clone());
            Ok::<(), CheckError>(())
        })?;
        let files = self.selection();
        let rule = Rule { files: &files, templates: None, holding: Holding::Secrets };
        let mut harmless = BTreeSet::new();
        for path in tracked {
            // what cannot be read is looked at as any other
            let content = cx.disk.read(&path).ok().flatten();
            let plain = |content: Vec<u8>| {
                rule.found(&path, &content) == Found::Nothing
                    && !is_key_store(path.as_path(), &content)
            };
            if content.is_some_and(plain) {
                harmless.insert(path);
            }
        }
        Ok(harmless)
    }

    /// Looks at a file's folder, once for all of its files.
    fn folder(
        &self,
        cx: &Facts<'_>,
        file: &RepoPath,
        seen: &mut BTreeSet<Option<RepoPath>>,
    ) -> Result<Option<Finding>, CheckError> {
        let Some(max) = self.folder_max else { return Ok(None) };
        let folder = file.as_path().parent().and_then(|folder| RepoPath::new(folder).ok());
        let Some(meta) = cx.disk.look(folder.as_ref())? else { return Ok(None) };
        let mode = meta.mode;
        let beyond = mode & !max.0 & 0o777;
        if !seen.insert(folder.clone()) || beyond == 0 {
            return Ok(None);
        }
        let (name, word) = match &folder {
            Some(folder) => (format!("the folder `{folder}`"), shell::word(folder)),
            None => ("the repository's top folder".to_owned(), ".".to_owned()),
        };
        let message = format!(
            "{name} of `{file}` has mode {}; {max} is allowed at most{}",
            FileMode(mode),
            whom(beyond, "list", "swap the file in")
        );
        let subject = Subject::of(&word).and(FileMode(mode));
        let finding = Finding::new(FOLDER, subject, message)
            .help(format!("run `chmod {} {word}`", FileMode(mode & (max.0 | 0o7000))));
        Ok(Some(match folder {
            Some(folder) => finding.at(Place::file(folder)),
            None => finding,
        }))
    }
}

/// The beginning of a sentence about tracked files.
fn tracked(paths: &BTreeSet<RepoPath>, one: &str, many: &str) -> String {
    const NAMED: usize = 5;
    let named: Vec<String> = paths.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    let more = match paths.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (verb, holds) = if paths.len() == 1 { ("is", one) } else { ("are", many) };
    format!("{}{more} {verb} tracked and {holds}", named.join(", "))
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::model::{Cancel, CleanText};
    use crate::repo::support::Sandbox;

    /// How a file's mode is judged, each by its path.
    fn judged(doors: &crate::facts::Doors) -> Vec<String> {
        let yaml = serde_yaml::from_str("{ globs: ['*'], max: '0600' }").expect("YAML");
        let check: FileModes = serde_yaml::from_value(yaml).expect("a check");
        let cancel = Cancel::default();
        let cx = Facts::new(doors, jiff::Timestamp::UNIX_EPOCH, true, &cancel);
        let seen = check.judge(&cx).expect("seen");
        seen.findings.iter().map(|finding| finding.message.to_string()).collect()
    }

    #[test]
    fn a_device_is_judged_as_a_file_is() {
        let files = crate::repo::Memory::default();
        let files = files.with("null", "", 0o020_666).expect("a path");
        let files = files.with("disk", "", 0o060_600).expect("a path");
        let told = judged(&crate::facts::Doors::of_memory(files));
        let said =
            "`null` has mode 0666; 0600 is allowed at most: its group and others may write it";
        assert_eq!(told, [said]);

        let sandbox = Sandbox::new();
        let at = sandbox.path().join("null");
        let made = std::process::Command::new("mknod").arg(&at).args(["c", "1", "3"]).output();
        // only root may make one, and not everywhere
        if made.is_ok_and(|made| made.status.success()) {
            fs::set_permissions(&at, fs::Permissions::from_mode(0o666)).expect("set");
            let told = judged(&crate::facts::Doors::of_worktree(Arc::new(sandbox.repo())));
            assert_eq!(told, [said]);
        }
    }

    #[test]
    fn the_fix_is_for_each_file_and_folder_that_grants_too_much() {
        let sandbox = Sandbox::new();
        let set = |name: &str, mode| {
            let at = sandbox.path().join(name);
            fs::set_permissions(at, fs::Permissions::from_mode(mode)).expect("set");
        };
        sandbox.write("in/a.key", "").write("in/b.key", "").write("c.key", "");
        for (name, mode) in [("in/a.key", 0o644), ("in/b.key", 0o600), ("c.key", 0o660)] {
            set(name, mode);
        }
        set("in", 0o2755);
        set("", 0o755);
        let yaml = "{ globs: ['*.key'], max: '0600', folder_max: '0700' }";
        let yaml = serde_yaml::from_str(yaml).expect("YAML");
        let check: FileModes = serde_yaml::from_value(yaml).expect("a check");
        let cancel = Cancel::default();
        let doors = crate::facts::Doors::of_worktree(Arc::new(sandbox.repo()));
        let cx = Facts::new(&doors, jiff::Timestamp::UNIX_EPOCH, true, &cancel);
        let fixes = check.fixes(&check.judge(&cx).expect("seen"));
        let [fix] = &fixes[..] else { panic!("{fixes:?}") };
        let diff = fix.plan(&cx).expect("a plan").diff;
        let mut diff: Vec<&str> = diff.iter().map(CleanText::as_str).collect();
        diff.retain(|line| line.starts_with('+'));
        diff.sort_unstable();
        assert_eq!(diff, ["+ 0600 c.key", "+ 0600 in/a.key", "+ 2700 in"]);
    }
}
