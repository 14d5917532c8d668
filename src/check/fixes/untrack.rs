//! Takes files out of git's index and keeps them out.

use crate::check::{Fix, Order};
use crate::facts::Facts;
use crate::model::{CleanText, Edit, FixError, Plan, RepoPath};

use super::{bounded, git, ignore, line, named, refused};

/// Files that git should stop tracking. They stay on the disk.
#[derive(Clone, Debug)]
pub struct Untrack {
    /// Which.
    pub paths: Vec<RepoPath>,
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
        let mut plan = Plan { edits: vec![], changes: vec![], diff: vec![], loses: None };
        bounded(self.paths.len())?;
        let files: Vec<(RepoPath, String)> = git(cx)?
            .indexed(&self.paths)
            .map_err(refused)?
            .into_iter()
            .map(|(path, entry)| (path, entry.blob().to_owned()))
            .collect();
        if files.is_empty() {
            return Ok(Plan::nothing("git tracks none of it any more"));
        }
        let paths: Vec<&RepoPath> = files.iter().map(|(path, _)| path).collect();
        let stay = if files.len() == 1 { "the file stays" } else { "the files stay" };
        plan.changes
            .push(line(format!("takes {} out of git's index; {stay} on your disk", named(&paths))));
        plan.diff.extend(paths.iter().map(|path| line(format!("- {path} (tracked)"))));
        plan.edits.push(Edit::Untrack { files });
        let paths: Vec<(RepoPath, bool)> =
            self.paths.iter().map(|path| (path.clone(), false)).collect();
        ignore::add(cx, &paths, &mut plan)?;
        plan.changes.push(line("the commits that hold it stay: replace every secret that it held"));
        Ok(plan)
    }
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
        let fix = Untrack { paths: vec![path(".env"), path("b.env"), path("none")] };
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
}
