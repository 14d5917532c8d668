//! Makes git ignore paths, and leaves no file in its index on which that would have
//! no effect.

use std::sync::Arc;

use crate::check::{Fix, Order};
use crate::facts::Facts;
use crate::lang::gitignore;
use crate::model::{CleanText, FixError, Plan, RepoPath};
use crate::repo::{Repo, RepoError};

use super::lines::add;
use super::{Untrack, bounded, git, line, named, refused};

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
            Ok::<(), RepoError>(())
        })
        .map_err(refused)?;
        Ok((!paths.is_empty()).then(|| Untrack { paths, rules: self.paths.clone() }))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::check::fixes::tests::{plan, said};
    use crate::model::Edit;
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
