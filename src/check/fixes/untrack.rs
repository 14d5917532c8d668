//! Takes files out of git's index and keeps them out.

use crate::check::{Fix, Order};
use crate::facts::Facts;
use crate::lang::shell;
use crate::model::{CleanText, Edit, FixError, Plan, RepoPath};
use crate::repo::{IndexedFile, IndexedFiles, Repo};

use super::{bounded, git, line, lines, named, refused};

/// Files that git should stop tracking. They stay on the disk.
#[derive(Clone, Debug)]
pub struct Untrack {
    /// Which.
    pub paths: Vec<RepoPath>,
    /// What git should ignore from then on, each with whether it is a folder.
    pub rules: Vec<(RepoPath, bool)>,
}

impl Untrack {
    /// These files, each ignored by its own line.
    pub fn files(paths: Vec<RepoPath>) -> Self {
        let rules = paths.iter().map(|path| (path.clone(), false)).collect();
        Self { paths, rules }
    }
}

impl Fix for Untrack {
    fn title(&self) -> CleanText {
        let paths: Vec<&RepoPath> = self.paths.iter().collect();
        line(format!("stop tracking {} in git", named(&paths)))
    }

    fn order(&self) -> Order {
        Order::OutOfGit
    }

    /// The ignore lines come with it: without them the next `git add` would track
    /// the files again.
    fn plan(&self, cx: &Facts<'_>) -> Result<Plan, FixError> {
        let repo = git(cx)?;
        let mut plan = Plan { edits: vec![], changes: vec![], diff: vec![], loses: None };
        bounded(self.paths.len())?;
        let mut elsewhere = Vec::new();
        for path in &self.paths {
            if let Some(module) = repo.submodule_of(path).map_err(refused)? {
                elsewhere.push(in_submodule(path, &module));
            }
        }
        let entries = repo.indexed(&self.paths).map_err(refused)?;
        if entries.is_empty() {
            return match elsewhere.first() {
                Some(first) => Err(FixError::new(first)),
                None => Ok(Plan::nothing("git tracks none of it any more")),
            };
        }
        for (path, entry) in &entries {
            on_disk(repo, path, entry)?;
        }
        let paths: Vec<&RepoPath> = entries.keys().collect();
        let stay = if paths.len() == 1 { "the file stays" } else { "the files stay" };
        plan.changes
            .push(line(format!("takes {} out of git's index; {stay} on your disk", named(&paths))));
        plan.changes.extend(only_staged(repo, &entries)?);
        plan.changes.extend(elsewhere.iter().map(|text| line(format!("not done: {text}"))));
        plan.diff.extend(paths.iter().map(|path| line(format!("- {path} (tracked)"))));
        let files = entries.iter().map(|(path, entry)| (path.clone(), entry.blob().to_owned()));
        plan.edits.push(Edit::Untrack { files: files.collect() });
        lines::add(cx, &self.rules, &mut plan)?;
        plan.changes.push(line("the commits that hold it stay: replace every secret that it held"));
        Ok(plan)
    }
}

/// Refuses to take out of the index what the work tree does not have.
fn on_disk(repo: &Repo, path: &RepoPath, entry: &IndexedFile) -> Result<(), FixError> {
    if repo.is_checked_out(path, entry).map_err(refused)? {
        return Ok(());
    }
    let word = shell::word(path);
    Err(FixError::new(format!(
        "`{path}` is not on your disk, so taking it out of git's index could lose it: `git restore --ignore-skip-worktree-bits -- {word}` brings it back, `git rm --cached {word}` takes it out if nobody needs it; then try again"
    )))
}

/// Versions that git would keep only until it cleans up.
fn only_staged(repo: &Repo, entries: &IndexedFiles) -> Result<Vec<CleanText>, FixError> {
    let mut told = Vec::new();
    for (path, entry) in entries {
        if repo.is_only_staged(path, entry).map_err(refused)? {
            told.push(line(format!(
                "what was staged of `{path}` is neither on your disk nor in the last commit: git keeps it only until it cleans up"
            )));
        }
    }
    Ok(told)
}

fn in_submodule(path: &RepoPath, module: &RepoPath) -> String {
    let within = path.as_path().strip_prefix(module.as_path()).ok();
    let within = within.and_then(|within| RepoPath::new(within).ok());
    let word = shell::word(within.as_ref().unwrap_or(path));
    let folder = shell::word(module);
    format!(
        "`{path}` is tracked by the submodule `{module}`, which has an index of its own: run `git -C {folder} rm --cached {word}`, add a line for it to `{module}/.gitignore` and commit both there, then commit `{module}` here"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixes::tests::{plan, said};
    use crate::repo::support::{Sandbox, path};

    #[test]
    fn what_is_tracked_is_taken_out_and_ignored() {
        let sandbox = Sandbox::new();
        sandbox.write(".env", "A=1\n").write("b.env", "A=1\n").commit("one");
        let fix = Untrack::files(vec![path(".env"), path("b.env"), path("none")]);
        let made = plan(&sandbox, &fix).expect("a plan");
        assert_eq!(
            said(&made.diff),
            "- .env (tracked)\n- b.env (tracked)\n  .gitignore\n+ .env\n+ b.env\n+ none\n"
        );
        assert!(said(&made.changes).starts_with("takes `.env` and `b.env` out of git's index"));
        assert_eq!(made.edits.len(), 2);
        sandbox.git(&["rm", "-q", "--cached", ".env", "b.env"]);
        assert!(plan(&sandbox, &fix).expect("a plan").is_nothing());
    }

    #[test]
    fn the_only_copy_is_not_taken_out() {
        type Loses = fn(&Sandbox);
        let cases: [(&str, Loses); 6] = [
            ("never committed, deleted", |sandbox| {
                sandbox.write(".env", "A=1\n").git(&["add", ".env"]);
                sandbox.remove(".env");
            }),
            ("committed, deleted", |sandbox| {
                sandbox.write(".env", "A=1\n").commit("one");
                sandbox.remove(".env");
            }),
            ("skip-worktree", |sandbox| {
                sandbox.write(".env", "A=1\n").commit("one");
                sandbox.git(&["update-index", "--skip-worktree", ".env"]);
                sandbox.remove(".env");
            }),
            ("a folder in its place", |sandbox| {
                sandbox.write(".env", "A=1\n").git(&["add", ".env"]);
                sandbox.remove(".env");
                sandbox.write(".env/x", "");
            }),
            ("a link to nothing in its place", |sandbox| {
                sandbox.write(".env", "A=1\n").git(&["add", ".env"]);
                sandbox.remove(".env");
                sandbox.link(".env", "nowhere");
            }),
            ("one of two", |sandbox| {
                sandbox.write(".env", "A=1\n").write("b.env", "").git(&["add", "."]);
                sandbox.remove(".env");
            }),
        ];
        for (name, lose) in cases {
            let sandbox = Sandbox::new();
            lose(&sandbox);
            let fix = Untrack::files(vec![path(".env"), path("b.env")]);
            let refusal = plan(&sandbox, &fix).expect_err(name).to_string();
            assert!(refusal.contains("`.env` is not on your disk"), "{name}: {refusal}");
            assert!(refusal.contains("git restore"), "{name}: {refusal}");
        }
    }

    #[test]
    fn links_and_files_of_another_content_are_taken_out() {
        let sandbox = Sandbox::new();
        sandbox.write("real", "A=1\n").link(".env", "nowhere").write("b.env", "1").commit("one");
        let fix = Untrack::files(vec![path(".env"), path("b.env")]);
        let said_by = |fix: &Untrack| said(&plan(&sandbox, fix).expect("a plan").changes);
        sandbox.write("b.env", "2");
        assert!(!said_by(&fix).contains("cleans up"), "the commit has it");
        sandbox.git(&["add", "b.env"]);
        assert!(!said_by(&fix).contains("cleans up"), "the disk has it");
        sandbox.write("b.env", "3");
        assert!(said_by(&fix).contains("what was staged of `b.env` is neither"));
    }

    #[test]
    fn what_a_submodule_tracks_is_done_there() {
        let sandbox = Sandbox::new();
        let other = Sandbox::new();
        other.write(".env", "A=1\n").commit("one");
        let from = other.path().to_string_lossy().into_owned();
        sandbox.git(&["-c", "protocol.file.allow=always", "submodule", "add", "-q", &from, "in/s"]);
        sandbox.write(".env", "").commit("one");
        let refusal = plan(&sandbox, &Untrack::files(vec![path("in/s/.env")]));
        let refusal = refusal.expect_err("not here").to_string();
        assert!(refusal.contains("run `git -C in/s rm --cached .env`"), "{refusal}");
        let both = Untrack::files(vec![path(".env"), path("in/s/.env")]);
        let made = plan(&sandbox, &both).expect("a plan");
        assert!(said(&made.changes).contains("not done: `in/s/.env` is tracked by the submodule"));
        assert!(!said(&made.diff).contains("in/s"), "{}", said(&made.diff));
    }
}
