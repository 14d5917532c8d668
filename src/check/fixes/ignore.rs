//! Adds lines to a `.gitignore`: the top one, or where that would not help the one
//! nearest to the path.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::check::{Fix, Order};
use crate::facts::Facts;
use crate::lang::{gitignore, shell};
use crate::model::{CleanText, Edit, FixError, Plan, RepoPath};
use crate::repo::Repo;

use super::{Untrack, bounded, digest, git, line, named, refused};

/// The most that a `.gitignore` which is edited may hold, in bytes.
const LARGEST: usize = 1 << 20;

/// So much of a line that stays is shown, in bytes.
const LONGEST_SHOWN: usize = 200;

/// What a new `.gitignore` is readable by: it is committed.
const MODE: u32 = 0o644;

/// Makes git ignore paths.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The paths, each with whether it is meant as a folder.
    pub paths: Vec<(RepoPath, bool)>,
    /// Take the files out of git's index, too: a rule alone has no effect on them.
    pub untrack: bool,
}

impl Fix for Ignore {
    fn title(&self) -> CleanText {
        let paths: Vec<&RepoPath> = self.paths.iter().map(|(path, _)| path).collect();
        line(format!("add {} to `.gitignore`", named(&paths)))
    }

    fn order(&self) -> Order {
        Order::OutOfGit
    }

    fn narrowed(
        &self,
        cx: &Facts<'_>,
        planned: &mut Vec<RepoPath>,
    ) -> Result<Option<Arc<dyn Fix>>, FixError> {
        bounded(self.paths.len())?;
        let mut paths = Vec::new();
        for one in &self.paths {
            let is_ignored = git(cx)?.ignored(&one.0, one.1).map_err(refused)?.shared.is_some();
            if !is_ignored && !planned.contains(&one.0) {
                planned.push(one.0.clone());
                paths.push(one.clone());
            }
        }
        let narrowed = Self { paths, untrack: self.untrack };
        Ok(Some(match narrowed.with_tracked(git(cx)?)? {
            Some(both) => Arc::new(both),
            None => Arc::new(narrowed),
        }))
    }

    fn plan(&self, cx: &Facts<'_>) -> Result<Plan, FixError> {
        if let Some(both) = self.with_tracked(git(cx)?)? {
            return both.plan(cx);
        }
        let mut plan = Plan { edits: vec![], changes: vec![], diff: vec![], loses: None };
        if !add(cx, &self.paths, &mut plan)? {
            return Ok(Plan::nothing("git ignores all of it"));
        }
        Ok(plan)
    }
}

impl Ignore {
    /// The same for files that git tracks, at these paths or below: they have to
    /// leave its index as well. None when there is no such file.
    fn with_tracked(&self, repo: &Repo) -> Result<Option<Untrack>, FixError> {
        if !self.untrack {
            return Ok(None);
        }
        let keeps_a_folder =
            |path: &RepoPath| gitignore::KEEPERS.iter().any(|name| path.name() == *name);
        let is_meant = |path: &RepoPath| {
            self.paths.iter().any(|(named, _)| {
                path == named
                    || path.as_path().starts_with(named.as_path()) && !keeps_a_folder(path)
            })
        };
        let mut paths = Vec::new();
        repo.each_tracked(&is_meant, |file| {
            paths.push(file.path.clone());
            Ok::<(), crate::repo::RepoError>(())
        })
        .map_err(refused)?;
        Ok((!paths.is_empty()).then(|| Untrack { paths, rules: self.paths.clone() }))
    }
}

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

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::check::fixes::tests::{plan, said};
    use crate::repo::support::{Sandbox, path};

    fn of(paths: &[(&str, bool)]) -> Ignore {
        let paths = paths.iter().map(|(name, folder)| (path(name), *folder));
        Ignore { paths: paths.collect(), untrack: true }
    }

    fn written(plan: &Plan) -> String {
        match &plan.edits[..] {
            [Edit::Write { bytes, .. }] => {
                String::from_utf8(bytes.expose_secret().to_vec()).expect("text")
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lines_are_added_for_what_is_not_ignored() {
        let sandbox = Sandbox::new();
        let fix = of(&[(".env", false), ("instance", true), (".env", false)]);
        let made = plan(&sandbox, &fix).expect("a plan");
        assert_eq!(written(&made), ".env\ninstance/\n");
        assert_eq!(
            said(&made.changes),
            "creates `.gitignore`\nadds the lines `.env`, `instance/` to `.gitignore`\nthe new lines must be committed to count for a GO\n"
        );
        sandbox.write(".gitignore", "*.pyc\r\n.env");
        let made = plan(&sandbox, &fix).expect("a plan");
        assert_eq!(written(&made), "*.pyc\r\n.env\r\ninstance/\r\n");
        assert_eq!(said(&made.diff), "  .gitignore\n  .env\n+ instance/\n");
        assert_eq!(of(&[(".env", false)]).title().as_str(), "add `.env` to `.gitignore`");
        sandbox.write(".gitignore", ".env\ninstance/\n");
        assert!(plan(&sandbox, &fix).expect("a plan").is_nothing());
    }

    #[test]
    fn a_line_goes_where_it_helps() {
        // the files before, the path, what the edited file holds then
        type Case<'a> = (&'a [(&'a str, &'a str)], (&'a str, bool), (&'a str, &'a str));
        let cases: [Case<'_>; 8] = [
            (
                &[(".gitignore", ".env\n!.env\n")],
                (".env", false),
                (".gitignore", ".env\n!.env\n.env\n"),
            ),
            (
                &[(".gitignore", "!.env\n")],
                ("sub/.env", false),
                (".gitignore", "!.env\nsub/.env\n"),
            ),
            (
                &[("sub/.gitignore", "!.env\n")],
                ("sub/.env", false),
                ("sub/.gitignore", "!.env\n.env\n"),
            ),
            (&[("sub/.gitignore", "*.log\n")], ("sub/.env", false), (".gitignore", "sub/.env\n")),
            (
                &[(".gitignore", ".env\n"), ("a/.gitignore", "!.env\n"), ("a/b/.gitignore", "x\n")],
                ("a/b/.env", false),
                ("a/b/.gitignore", "x\n.env\n"),
            ),
            (
                &[("a/.gitignore", "!b/.env"), ("a/b/c/.gitignore", "")],
                ("a/b/.env", false),
                ("a/.gitignore", "!b/.env\nb/.env\n"),
            ),
            (
                &[("a/.gitignore", "!logs/\n")],
                ("a/logs", true),
                ("a/.gitignore", "!logs/\nlogs/\n"),
            ),
            (&[(".gitignore", "s/*\n!s/x\n")], ("s", true), (".gitignore", "s/*\n!s/x\ns/\n")),
        ];
        for (given, named, (file, expected)) in cases {
            let sandbox = Sandbox::new();
            for (name, content) in given {
                sandbox.write(name, content);
            }
            let made = plan(&sandbox, &of(&[named])).expect("a plan");
            assert_eq!(written(&made), expected, "{given:?}");
            let [Edit::Write { path: edited, .. }] = &made.edits[..] else { panic!("{made:?}") };
            assert_eq!(edited.to_string(), file);
            sandbox.write(file, expected);
            assert!(plan(&sandbox, &of(&[named])).expect("a plan").is_nothing(), "{given:?}");
        }
    }

    #[test]
    fn what_would_lose_rules_or_not_help_is_refused() {
        let sandbox = Sandbox::new();
        sandbox.write("other", "").link(".gitignore", "other");
        let refusal = |sandbox: &Sandbox, name: &str| {
            plan(sandbox, &of(&[(name, false)])).expect_err(name).to_string()
        };
        assert!(refusal(&sandbox, ".env").contains("symbolic link"));
        assert!(refusal(&Sandbox::new(), "a\nb").contains("cannot be written as a line"));
        for hidden in [false, true] {
            let sandbox = Sandbox::new();
            sandbox.write(".gitignore", "x\n").commit("one");
            if hidden {
                sandbox.git(&["update-index", "--skip-worktree", ".gitignore"]);
            }
            sandbox.remove(".gitignore");
            let refusal = refusal(&sandbox, ".env");
            assert!(refusal.contains("would lose the rules that it has"), "{refusal}");
        }
    }

    #[test]
    fn a_tracked_file_leaves_the_index_in_the_same_plan() {
        let sandbox = Sandbox::new();
        sandbox.write(".env", "A=1\n").write("logs/a", "").write("logs/.gitkeep", "").commit("one");
        let fix = of(&[(".env", false), ("logs", true), ("new", false)]);
        let made = plan(&sandbox, &fix).expect("a plan");
        assert_eq!(
            said(&made.diff),
            "- .env (tracked)\n- logs/a (tracked)\n  .gitignore\n+ .env\n+ logs/\n+ new\n"
        );
        // where another item asks whether it may be tracked, the line alone is added
        let alone = Ignore { untrack: false, ..fix };
        let made = plan(&sandbox, &alone).expect("a plan");
        assert_eq!(said(&made.diff), "  .gitignore\n+ .env\n+ logs/\n+ new\n");
    }
}
