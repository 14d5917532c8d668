//! Whether a pass that needs a file to be there holds in a clone, too.

use std::collections::BTreeSet;

use crate::facts::Facts;
use crate::model::{CheckError, Note, Observation, Place, RepoPath};

/// So many files that git does not track are asked about.
const MOST: usize = 100;

/// On which of some files a pass rests that needs one of them.
pub(in crate::check) enum Rests {
    /// Git tracks it.
    On(RepoPath),
    /// The commit's own rules keep it out of git: it is asked of each machine.
    KeptOut(RepoPath),
    /// This machine alone has it, whatever personal or uncommitted rules ignore.
    OnlyHere(RepoPath),
}

impl Rests {
    /// Adds it to what was seen.
    pub(in crate::check) fn told(rests: Vec<Self>, mut seen: Observation) -> Observation {
        for one in rests {
            seen = match one {
                Self::On(path) => seen.resting_on([path]),
                Self::KeptOut(path) => {
                    let told = format!(
                        "`{path}` is ignored by git: it was seen on this machine, and no clone has it"
                    );
                    let note = Note::new(told).at(Place::file(path.clone()));
                    seen.resting_on([path]).noting([note])
                }
                Self::OnlyHere(path) => seen.resting_on_here([path]),
            };
        }
        seen
    }
}

/// The best of these files to rest on; none when there are none. A link rests on
/// the file that it leads to, too.
///
/// # Errors
/// When git cannot say what it tracks or ignores.
pub(in crate::check) fn on_one_of(
    cx: &Facts<'_>,
    files: &BTreeSet<&RepoPath>,
) -> Result<Option<Rests>, CheckError> {
    let mut kept = None;
    let mut waits = files.first().map(|path| Rests::OnlyHere((*path).clone()));
    for path in tracked(cx, files)?.into_iter().take(MOST) {
        cx.cancel.check()?;
        let real = cx.tree.real(&path)?;
        let alone = BTreeSet::from([&real]);
        if real == path || !tracked(cx, &alone)?.is_empty() {
            return Ok(Some(Rests::On(path)));
        }
        if kept_out(cx, &real)? {
            kept.get_or_insert(real);
            continue;
        }
        waits = Some(Rests::OnlyHere(real));
    }
    if let Some(kept) = kept {
        return Ok(Some(Rests::KeptOut(kept)));
    }
    for path in files.iter().take(MOST) {
        cx.cancel.check()?;
        if kept_out(cx, path)? {
            return Ok(Some(Rests::KeptOut((*path).clone())));
        }
    }
    Ok(waits)
}

/// Those of the files that git does not track, in order: no clone has them.
///
/// # Errors
/// When git cannot say what it tracks.
pub(in crate::check) fn not_tracked(
    cx: &Facts<'_>,
    files: &BTreeSet<&RepoPath>,
) -> Result<Vec<RepoPath>, CheckError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let tracked: BTreeSet<RepoPath> = tracked(cx, files)?.into_iter().collect();
    Ok(files.iter().filter(|path| !tracked.contains(**path)).map(|path| (*path).clone()).collect())
}

/// Those of the files that git tracks, in order.
fn tracked(cx: &Facts<'_>, files: &BTreeSet<&RepoPath>) -> Result<Vec<RepoPath>, CheckError> {
    // of a submodule only its folder is named
    let below = |tracked: &RepoPath| -> Vec<RepoPath> {
        let from = files.range::<RepoPath, _>(tracked..).copied();
        from.take_while(|path| path.as_path().starts_with(tracked.as_path())).cloned().collect()
    };
    let tracked = cx.tree.blobs(&|path| !below(path).is_empty())?;
    Ok(tracked.iter().flat_map(|(path, _)| below(path)).collect())
}

/// Whether the commit's own rules ignore it.
fn kept_out(cx: &Facts<'_>, path: &RepoPath) -> Result<bool, CheckError> {
    Ok(cx.tree.ignored(path, false)?.committed.is_some())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::facts::Doors;
    use crate::model::Cancel;
    use crate::repo::support::Sandbox;

    /// What a pass rests on that needs one of `files`: `on a`, `only here: a`.
    fn rests(sandbox: &Sandbox, files: &[&str]) -> String {
        let files: Vec<RepoPath> =
            files.iter().map(|path| RepoPath::new(path).expect("a path")).collect();
        let doors = Doors::of_worktree(Arc::new(sandbox.repo()));
        let cancel = Cancel::default();
        let cx = Facts::new(&doors, Timestamp::UNIX_EPOCH, true, &cancel);
        match on_one_of(&cx, &files.iter().collect()).expect("git answers") {
            Some(Rests::On(path)) => format!("on {path}"),
            Some(Rests::KeptOut(path)) => format!("kept out: {path}"),
            Some(Rests::OnlyHere(path)) => format!("only here: {path}"),
            None => "on nothing".to_owned(),
        }
    }

    #[test]
    fn a_clone_has_what_is_tracked_and_what_the_commit_keeps_out() {
        let sandbox = Sandbox::new();
        for (path, text) in [("a.md", "x"), ("d/b.md", "x"), (".gitignore", "kept.db\n")] {
            sandbox.write(path, text);
        }
        sandbox.git(&["add", "."]);
        sandbox.git(&["commit", "-qm", "one"]);
        for path in ["kept.db", "a-new.md", "own.md", "hidden/x.md"] {
            sandbox.write(path, "x");
        }
        sandbox.write(".git/info/exclude", "own.md\n");
        sandbox.write("hidden/.gitignore", "*\n");
        sandbox.link("to-tracked", "d/b.md").link("to-new", "a-new.md").link("to-kept", "kept.db");
        sandbox.link("to-config", ".git/config").link("to-link", "to-new");
        sandbox.git(&["add", "to-tracked", "to-new", "to-kept", "to-config", "to-link"]);
        for (files, expected) in [
            (&[][..], "on nothing"),
            (&["a-new.md", "d/b.md"], "on d/b.md"),
            (&["a-new.md", "kept.db"], "kept out: kept.db"),
            (&["a-new.md"], "only here: a-new.md"),
            (&["own.md"], "only here: own.md"),
            (&["hidden/x.md"], "only here: hidden/x.md"),
            (&["to-tracked"], "on to-tracked"),
            (&["to-kept"], "kept out: kept.db"),
            (&["to-new"], "only here: a-new.md"),
            (&["to-link"], "only here: a-new.md"),
            (&["to-new", "to-tracked"], "on to-tracked"),
            (&["to-kept", "to-tracked"], "on to-tracked"),
            (&["to-kept", "to-new"], "kept out: kept.db"),
            (&["to-config"], "only here: .git/config"),
            (&["d/b", "d/b.md.more"], "only here: d/b"),
        ] {
            assert_eq!(rests(&sandbox, files), expected, "{files:?}");
        }
    }

    #[test]
    fn a_file_is_not_tracked_whether_or_not_it_is_ignored() {
        let sandbox = Sandbox::new();
        sandbox.write("a.py", "x").write(".gitignore", ".gitignore\nkept.py\n");
        sandbox.git(&["add", "a.py"]);
        sandbox.write("new.py", "x").write("d/new.py", "x").write("kept.py", "x");
        let files = ["a.py", "new.py", "d/new.py", "kept.py", ".gitignore"]
            .map(|path| RepoPath::new(path).expect("a path"));
        let doors = Doors::of_worktree(Arc::new(sandbox.repo()));
        let cancel = Cancel::default();
        let cx = Facts::new(&doors, Timestamp::UNIX_EPOCH, true, &cancel);
        let told = not_tracked(&cx, &files.iter().collect()).expect("git answers");
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(told, [".gitignore", "d/new.py", "kept.py", "new.py"]);
    }
}
