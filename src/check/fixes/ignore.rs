//! Adds lines to the `.gitignore` at the top of the repository.

use std::sync::Arc;

use crate::check::{Fix, Order};
use crate::facts::Facts;
use crate::lang::gitignore;
use crate::model::{CleanText, Edit, FixError, Plan, RepoPath};

use super::{bounded, digest, git, line, named, refused};

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
        Ok(Some(Arc::new(Self { paths })))
    }

    fn plan(&self, cx: &Facts<'_>) -> Result<Plan, FixError> {
        let mut plan = Plan { edits: vec![], changes: vec![], diff: vec![], loses: None };
        if !add(cx, &self.paths, &mut plan)? {
            return Ok(Plan::nothing("git ignores all of it"));
        }
        Ok(plan)
    }
}

/// Plans a line for each path that git does not ignore yet; false when there is none.
pub(super) fn add(
    cx: &Facts<'_>,
    paths: &[(RepoPath, bool)],
    plan: &mut Plan,
) -> Result<bool, FixError> {
    bounded(paths.len())?;
    let mut missing: Vec<&(RepoPath, bool)> = Vec::new();
    for one in paths {
        // a rule of this machine alone does not help the next clone
        if git(cx)?.ignored(&one.0, one.1).map_err(refused)?.shared.is_none() {
            missing.push(one);
        }
    }
    if missing.is_empty() {
        return Ok(false);
    }
    let file = file()?;
    // git reads no rules through a link
    if git(cx)?.is_link(&file) {
        return Err(FixError::new(
            "`.gitignore` is a symbolic link, which git does not follow; replace it by a file, then try again",
        ));
    }
    let before = git(cx)?.read(&file).map_err(refused)?;
    let content = before.as_deref().unwrap_or_default();
    if content.len() > LARGEST {
        return Err(FixError::new("`.gitignore` is larger than 1 MiB; add the line by hand"));
    }
    let mut lines: Vec<String> = Vec::new();
    for (path, folder) in missing {
        let text = path.as_path().to_str().filter(|text| !text.contains(['\n', '\r']));
        let Some(text) = text else {
            return Err(FixError::new(format!(
                "`{path}` cannot be written as a line of `.gitignore`; rename it, then try again"
            )));
        };
        let rule = gitignore::line(text, *folder);
        if gitignore::has(content, &rule) {
            return Err(FixError::new(format!(
                "`.gitignore` has the line `{rule}` already, and a rule with `!` takes it back; remove that rule, `git check-ignore -v --no-index` names it"
            )));
        }
        if !lines.contains(&rule) {
            lines.push(rule);
        }
    }
    if before.is_none() {
        plan.changes.push(line("creates `.gitignore`"));
    }
    let rules: Vec<String> = lines.iter().map(|rule| format!("`{rule}`")).collect();
    let (what, end) = match rules.len() {
        1 => ("the line", ""),
        _ => ("the lines", "s"),
    };
    for some in rules.chunks(5) {
        plan.changes.push(line(format!("adds {what} {} to `.gitignore`", some.join(", "))));
    }
    plan.changes.push(line(format!("the new line{end} must be committed to count for a GO")));
    plan.diff.push(line("  .gitignore"));
    if let Some(last) = content.split(|&byte| byte == b'\n').rfind(|line| !line.is_empty()) {
        let last = last.strip_suffix(b"\r").unwrap_or(last);
        let last = last.get(..LONGEST_SHOWN).unwrap_or(last);
        plan.diff.push(line(format!("  {}", CleanText::bytes(last))));
    }
    plan.diff.extend(lines.iter().map(|rule| line(format!("+ {rule}"))));
    let mode = git(cx)?.mode(&file).map_err(refused)?;
    plan.edits.push(Edit::Write {
        path: file,
        before: before.as_deref().map(digest),
        bytes: gitignore::append(content, &lines).into(),
        mode: mode.unwrap_or(MODE),
        secret: false,
    });
    Ok(true)
}

fn file() -> Result<RepoPath, FixError> {
    RepoPath::new(".gitignore").map_err(|error| FixError::new(error.to_string()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::check::fixes::tests::{plan, said};
    use crate::repo::support::{Sandbox, path};

    fn of(paths: &[(&str, bool)]) -> Ignore {
        Ignore { paths: paths.iter().map(|(name, folder)| (path(name), *folder)).collect() }
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
    fn a_line_that_would_not_help_is_not_added() {
        let cases: [(&str, &str, &str); 2] =
            [(".gitignore", ".env\n!.env\n", "takes it back"), ("other", "", "symbolic link")];
        for (file, content, expected) in cases {
            let sandbox = Sandbox::new();
            sandbox.write(file, content);
            if file != ".gitignore" {
                sandbox.link(".gitignore", file);
            }
            let refusal = plan(&sandbox, &of(&[(".env", false)])).expect_err(file).to_string();
            assert!(refusal.contains(expected), "{refusal}");
        }
    }
}
