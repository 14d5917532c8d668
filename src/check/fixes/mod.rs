//! The fixes that checks offer, a file for each.

mod chmod;
mod generate;
mod ignore;
mod lines;
mod secret;
mod untrack;

pub use chmod::Chmod;
pub use generate::{SecretFormat, generate};
pub use ignore::Ignore;
pub use secret::{GenerateSecret, named_variable, out_of_git};
pub use untrack::Untrack;

use crate::facts::Facts;
use crate::model::{CleanText, Digest, FixError, RepoPath};
use crate::repo::{Repo, RepoError};

/// A plan is made for content that is known by this digest.
pub fn digest(bytes: &[u8]) -> Digest {
    Digest::of_bytes([bytes])
}

/// What the repository said, with its reason kept.
pub(crate) fn refused(error: RepoError) -> FixError {
    FixError::new(error.to_string()).from_source(error)
}

/// The repository that a fix changes.
fn git<'a>(cx: &Facts<'a>) -> Result<&'a Repo, FixError> {
    cx.git().map_err(|error| FixError::new(error.to_string()).from_source(error))
}

/// More files than a person looks through are not changed in one go.
fn bounded(files: usize) -> Result<(), FixError> {
    const MOST: usize = 1000;
    if files <= MOST {
        return Ok(());
    }
    Err(FixError::new(format!(
        "{files} files are too many to show what would change; do it in parts, or by hand as the findings say"
    )))
}

/// A few paths by name, the rest counted.
fn named(paths: &[&RepoPath]) -> String {
    const NAMED: usize = 3;
    let mut names: Vec<String> = paths.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    if paths.len() > NAMED {
        names.push(format!("{} more", paths.len() - NAMED));
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

fn line(text: impl AsRef<str>) -> CleanText {
    CleanText::line(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Fix;
    use crate::facts::Facts;
    use crate::model::{Cancel, Plan};
    use crate::repo::support::Sandbox;

    pub(super) fn plan(sandbox: &Sandbox, fix: &dyn Fix) -> Result<Plan, FixError> {
        let cancel = Cancel::default();
        let doors = crate::facts::Doors::of_worktree(std::sync::Arc::new(sandbox.repo()));
        fix.plan(&Facts::new(&doors, jiff::Timestamp::UNIX_EPOCH, true, &cancel))
    }

    pub(super) fn said(lines: &[CleanText]) -> String {
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn no_fix_is_longer_than_a_person_reads() {
        let sandbox = Sandbox::new();
        let paths = || (0..1001).map(|nth| RepoPath::new(format!("f{nth}")).expect("a path"));
        let fixes: [Box<dyn Fix>; 3] = [
            Box::new(Ignore { paths: paths().map(|path| (path, false)).collect(), untrack: false }),
            Box::new(Chmod { paths: paths().map(|path| (path, 0)).collect() }),
            Box::new(Untrack::files(paths().collect())),
        ];
        for fix in fixes {
            let error = plan(&sandbox, fix.as_ref()).expect_err("too many").to_string();
            assert!(error.contains("1001 files are too many"), "{error}");
            assert!(fix.title().as_str().len() < 100);
        }
    }

    #[test]
    fn the_first_few_are_named() {
        let paths = ["a", "b", "c", "d", "e"].map(|name| RepoPath::new(name).expect("a path"));
        let named = |count: usize| named(&paths.iter().take(count).collect::<Vec<_>>());
        assert_eq!(named(1), "`a`");
        assert_eq!(named(2), "`a` and `b`");
        assert_eq!(named(5), "`a`, `b`, `c` and 2 more");
    }
}
