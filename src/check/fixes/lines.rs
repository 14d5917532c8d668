//! Plans lines of a `.gitignore`: the top one, or where that would not help the one
//! nearest to the path.

use std::collections::BTreeMap;
use std::path::Path;

use crate::facts::Facts;
use crate::lang::{gitignore, shell};
use crate::model::{CleanText, Edit, FixError, Plan, RepoPath};
use crate::repo::Repo;

use super::{bounded, digest, git, line, refused};

/// The most that a `.gitignore` which is edited may hold, in bytes.
const LARGEST: usize = 1 << 20;

/// So much of a line that stays is shown, in bytes.
const LONGEST_SHOWN: usize = 200;

/// What a new `.gitignore` is readable by: it is committed.
const MODE: u32 = 0o644;

/// The files of rules that get lines, each with what it holds now.
#[derive(Default)]
struct Files(BTreeMap<RepoPath, File>);

struct File {
    before: Option<Vec<u8>>,
    lines: Vec<String>,
}

impl Files {
    /// What they would hold.
    fn planned(&self) -> BTreeMap<RepoPath, Vec<u8>> {
        let files = self.0.iter();
        files.map(|(path, file)| (path.clone(), file.content())).collect()
    }

    fn file(&mut self, repo: &Repo, path: &RepoPath) -> Result<&mut File, FixError> {
        use std::collections::btree_map::Entry;
        match self.0.entry(path.clone()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => {
                Ok(new.insert(File { before: readable(repo, path)?, lines: Vec::new() }))
            }
        }
    }
}

impl File {
    fn content(&self) -> Vec<u8> {
        gitignore::append(self.before.as_deref().unwrap_or_default(), &self.lines)
    }
}

/// What a file of rules holds, if lines may be added to it.
fn readable(repo: &Repo, file: &RepoPath) -> Result<Option<Vec<u8>>, FixError> {
    // git reads no rules through a link
    if repo.is_link(file) {
        return Err(FixError::new(format!(
            "`{file}` is a symbolic link, which git does not follow; replace it by a file, then try again"
        )));
    }
    let before = repo.read(file).map_err(refused)?;
    let is_tracked = !repo.indexed(std::slice::from_ref(file)).map_err(refused)?.is_empty();
    match &before {
        None if is_tracked => {
            let word = shell::word(file);
            Err(FixError::new(format!(
                "git tracks `{file}`, and it is not on your disk: a new one would lose the rules that it has; `git restore --ignore-skip-worktree-bits -- {word}` brings it back, then try again"
            )))
        }
        Some(content) if content.len() > LARGEST => {
            Err(FixError::new(format!("`{file}` is larger than 1 MiB; add the line by hand")))
        }
        _ => Ok(before),
    }
}

/// Plans a line for each path that git does not ignore yet; false when there is none.
pub(super) fn add(
    cx: &Facts<'_>,
    paths: &[(RepoPath, bool)],
    plan: &mut Plan,
) -> Result<bool, FixError> {
    bounded(paths.len())?;
    let repo = git(cx)?;
    let mut files = Files::default();
    for (path, folder) in paths {
        // a rule of this machine alone does not help the next clone
        let is_ignored = repo.ignored(path, *folder).map_err(refused)?.shared.is_some();
        let in_submodule = repo.submodule_of(path).map_err(refused)?;
        if is_ignored || in_submodule.is_some() && !plan.edits.is_empty() {
            continue;
        }
        if let Some(module) = in_submodule {
            return Err(FixError::new(format!(
                "`{path}` lies in the submodule `{module}`, where rules of this repository have no effect; add a line for it to `{module}/.gitignore` and commit it there"
            )));
        }
        add_line(repo, path, *folder, &mut files)?;
    }
    files.0.retain(|_, file| !file.lines.is_empty());
    if files.0.is_empty() {
        return Ok(false);
    }
    for (path, file) in &files.0 {
        let rules: Vec<String> = file.lines.iter().map(|rule| format!("`{rule}`")).collect();
        let what = if rules.len() == 1 { "the line" } else { "the lines" };
        if file.before.is_none() {
            plan.changes.push(line(format!("creates `{path}`")));
        }
        for some in rules.chunks(5) {
            plan.changes.push(line(format!("adds {what} {} to `{path}`", some.join(", "))));
        }
        plan.diff.push(line(format!("  {path}")));
        let content = file.before.as_deref().unwrap_or_default();
        if let Some(last) = content.split(|&byte| byte == b'\n').rfind(|line| !line.is_empty()) {
            let last = last.strip_suffix(b"\r").unwrap_or(last);
            let last = last.get(..LONGEST_SHOWN).unwrap_or(last);
            plan.diff.push(line(format!("  {}", CleanText::bytes(last))));
        }
        plan.diff.extend(file.lines.iter().map(|rule| line(format!("+ {rule}"))));
        let mode = repo.mode(path).map_err(refused)?;
        plan.edits.push(Edit::Write {
            path: path.clone(),
            before: file.before.as_deref().map(digest),
            bytes: file.content().into(),
            mode: mode.unwrap_or(MODE),
            secret: false,
        });
    }
    let end =
        if files.0.values().map(|file| file.lines.len()).sum::<usize>() == 1 { "" } else { "s" };
    plan.changes.push(line(format!("the new line{end} must be committed to count for a GO")));
    Ok(true)
}

/// Adds the line to the top file, or to the nearest one when a rule there takes
/// back what the top file says.
fn add_line(repo: &Repo, path: &RepoPath, folder: bool, files: &mut Files) -> Result<(), FixError> {
    let unwritable = || {
        FixError::new(format!(
            "`{path}` cannot be written as a line of `.gitignore`; rename it, then try again"
        ))
    };
    let is_ignored = |files: &Files| {
        repo.would_ignore(&files.planned(), path, folder).map_err(refused).map(|by| by.is_some())
    };
    if is_ignored(files)? {
        return Ok(());
    }
    for file in candidates(repo, path)? {
        let at = file.as_path().parent().unwrap_or(Path::new(""));
        let within = path.as_path().strip_prefix(at).ok().and_then(Path::to_str);
        let within = within.filter(|text| !text.contains(['\n', '\r'])).ok_or_else(unwritable)?;
        files.file(repo, &file)?.lines.push(gitignore::line(within, folder));
        if is_ignored(files)? {
            return Ok(());
        }
        files.file(repo, &file)?.lines.pop();
    }
    Err(unwritable())
}

/// The top file, then those in the folders above the path, the nearest first.
fn candidates(repo: &Repo, path: &RepoPath) -> Result<Vec<RepoPath>, FixError> {
    let mut all = Vec::new();
    for folder in path.as_path().ancestors().skip(1) {
        let file = RepoPath::new(folder.join(".gitignore"))
            .map_err(|error| FixError::new(error.to_string()))?;
        match folder == Path::new("") {
            true => all.insert(0, file),
            false if repo.root().join(file.as_path()).exists() => all.push(file),
            false if !repo.indexed(std::slice::from_ref(&file)).map_err(refused)?.is_empty() => {
                all.push(file);
            }
            false => {}
        }
    }
    Ok(all)
}
