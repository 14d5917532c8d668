//! Takes permissions away from files and folders.

use crate::check::{Fix, Order};
use crate::facts::Facts;
use crate::model::{CleanText, Edit, FixError, Plan, RepoPath};

use super::{bounded, git, line, named, refused};

/// Files and folders, each with the bits that it may keep.
#[derive(Clone, Debug)]
pub struct Chmod {
    /// Each path with the permission bits that it may have at most.
    pub paths: Vec<(RepoPath, u32)>,
}

impl Fix for Chmod {
    fn title(&self) -> CleanText {
        let paths: Vec<&RepoPath> = self.paths.iter().map(|(path, _)| path).collect();
        line(format!("take permissions away from {}", named(&paths)))
    }

    fn order(&self) -> Order {
        Order::Modes
    }

    fn plan(&self, cx: &Facts<'_>) -> Result<Plan, FixError> {
        let mut plan = Plan { edits: vec![], changes: vec![], diff: vec![], loses: None };
        bounded(self.paths.len())?;
        for (path, most) in &self.paths {
            // gone meanwhile: nothing to take away
            let Some(found) = git(cx)?.on_disk(path).map_err(refused)? else { continue };
            let (from, to) = (found.mode, found.mode & most);
            if to == from {
                continue;
            }
            let leads = match found.real == path.as_path() {
                true => String::new(),
                false => format!(", which leads to `{}`,", found.real.display()),
            };
            plan.changes.push(line(format!(
                "changes the mode of `{path}`{leads} from {from:04o} to {to:04o}"
            )));
            plan.diff.push(line(format!("- {from:04o} {path}")));
            plan.diff.push(line(format!("+ {to:04o} {path}")));
            plan.edits.push(Edit::Chmod { path: path.clone(), inode: found.inode, from, to });
        }
        if plan.edits.is_empty() {
            return Ok(Plan::nothing("no file grants too much any more"));
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::check::fixes::tests::{plan, said};
    use crate::repo::support::{Sandbox, path};

    #[test]
    fn modes_are_narrowed_and_never_widened() {
        let sandbox = Sandbox::new();
        let set = |name: &str, mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(sandbox.path().join(name), permissions).expect("set");
        };
        sandbox.write("a", "").write("b", "").write("in/c", "");
        for (name, mode) in [("a", 0o664), ("b", 0o400), ("in", 0o2777)] {
            set(name, mode);
        }
        let paths = [("a", 0o640), ("b", 0o640), ("in", 0o7750), ("gone", 0)];
        let fix = Chmod { paths: paths.map(|(name, most)| (path(name), most)).to_vec() };
        let made = plan(&sandbox, &fix).expect("a plan");
        assert_eq!(said(&made.diff), "- 0664 a\n+ 0640 a\n- 2777 in\n+ 2750 in\n");
        assert_eq!(made.edits.len(), 2);
        set("a", 0o600);
        set("in", 0o700);
        assert!(plan(&sandbox, &fix).expect("a plan").is_nothing());
    }
}
