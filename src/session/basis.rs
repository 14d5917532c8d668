//! What is seen around the judged commit: the facts that the rules of a GO ask for.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use jiff::Timestamp;

use crate::assess::{Anchored, LedgerState, People, Sharing, Uncommitted};
use crate::checklist::{LoadedFile, LoadedFrom, OWN};
use crate::lang::mailmap::Mailmap;
use crate::ledger::{self, Ledger, LedgerError, Seen};
use crate::model::{CleanText, CommitId, Date, RepoPath};
use crate::repo::{self, Change, ChangeKind, Folder, Hidden, Located, Repo, Sameness, Tree};

/// A larger `.mailmap` is none that people wrote.
const LARGEST_MAILMAP: usize = 4 * 1024 * 1024;

/// What of the work tree differs from `HEAD`; what cannot be told is said.
pub(super) fn uncommitted(repo: &Repo) -> Uncommitted {
    let changes = match repo.uncommitted(repo::Untracked::Files) {
        Ok(changes) => changes,
        Err(error) => {
            let unknown = Some(CleanText::line(error.to_string()));
            return Uncommitted { unknown, ..Uncommitted::default() };
        }
    };
    let without_modes = repo.compares_modes().is_ok_and(|compares| !compares);
    let operation = repo.operation().unwrap_or_default();
    let mut uncommitted = Uncommitted { without_modes, operation, ..Uncommitted::default() };
    match repo.behind_filters() {
        Ok(files) => uncommitted.behind_filters = files,
        Err(error) => uncommitted.unknown = Some(CleanText::line(error.to_string())),
    }
    for change in changes {
        if change.is_untracked() {
            uncommitted.untracked.push(change.path);
        } else {
            if change.unstaged == Some(ChangeKind::Conflicted) {
                uncommitted.conflicted.push(change.path.clone());
            }
            uncommitted.behind_filters.retain(|(path, _)| *path != change.path);
            let how = how(&change);
            uncommitted.tracked.push((change.path, CleanText::line(how)));
        }
    }
    uncommitted
}

/// In what a file differs: `modified`, `staged: new`, `modified, hidden by …`.
fn how(change: &Change) -> String {
    let mut parts = Vec::new();
    if let Some(filter) = &change.filter {
        return format!("behind the filter `{filter}`, which is not run; `git add` it");
    }
    parts.extend(change.staged.map(|kind| format!("{} and staged", kind.word())));
    parts.extend(change.unstaged.map(|kind| kind.word().to_owned()));
    if let Some(submodule) = &change.submodule {
        let mut inside = Vec::new();
        inside.extend(submodule.other_commit.then_some("another commit"));
        inside.extend(submodule.modified.then_some("changed files"));
        inside.extend(submodule.untracked.then_some("new files"));
        parts.push(format!("submodule with {}", inside.join(", ")));
    }
    parts.extend(change.hidden.map(|hidden| match hidden {
        Hidden::SkipWorktree => "hidden from git status by skip-worktree".to_owned(),
        Hidden::AssumeUnchanged => "hidden from git status by assume-unchanged".to_owned(),
        Hidden::IgnoredSubmodule => {
            "hidden from git status by the ignore setting of submodules".to_owned()
        }
        Hidden::Attributes(from) => {
            format!("hidden from git status by an attribute in {}", from.word())
        }
    }));
    parts.join(", ")
}

/// Whether each file of the checklist is what the commit has.
pub(super) fn anchored(
    repo: &Repo,
    commit: Option<&CommitId>,
    at_revision: bool,
    files: &[LoadedFile],
) -> Vec<(CleanText, Anchored)> {
    let on_disk = |path: &RepoPath, file: &LoadedFile| {
        let Some(commit) = commit else { return Anchored::Not("is not committed".into()) };
        match (compared(repo, path, commit), repo.read(path)) {
            // a session lives on while files change
            (Anchored::Committed, Ok(Some(content))) if !file.is_still(&content) => {
                Anchored::Not("was changed since it was read, so check again".into())
            }
            (state, _) => state,
        }
    };
    files
        .iter()
        .map(|file| match &file.from {
            LoadedFrom::Builtin(name) => {
                (CleanText::line(format!("builtin:{name}")), Anchored::BuiltIn)
            }
            LoadedFrom::Outside(path) => match within(repo, path) {
                // a list outside includes it, so that it was read from the disk
                Some(inside) => (CleanText::line(inside.to_string()), on_disk(&inside, file)),
                None => (CleanText::bytes(path.as_os_str().as_encoded_bytes()), Anchored::Outside),
            },
            LoadedFrom::Inside(path) => {
                let state = if at_revision { Anchored::Committed } else { on_disk(path, file) };
                (CleanText::line(path.to_string()), state)
            }
        })
        .collect()
}

/// A file that was meant to be the checklist and is not read.
pub(super) fn misnamed((path, right): &(RepoPath, &'static str)) -> (CleanText, Anchored) {
    let how = format!("is not read: rename it to `{right}`");
    (CleanText::line(path.to_string()), Anchored::Not(CleanText::line(how)))
}

/// The commit's own checklist where another list is read in its place: a file that
/// is not on disk (a sparse checkout, a deletion that the index hides) is no choice.
pub(super) fn passed_over(
    repo: &Repo,
    commit: Option<&CommitId>,
    files: &[LoadedFile],
) -> Option<(CleanText, Anchored)> {
    let commit = commit?;
    let read = files.iter().filter_map(|file| match &file.from {
        LoadedFrom::Inside(path) => Some(path.to_string()),
        LoadedFrom::Outside(_) | LoadedFrom::Builtin(_) => None,
    });
    let read = read.collect::<Vec<_>>();
    let (name, how) = OWN.into_iter().take_while(|name| read.first().is_none_or(|f| f != name)).find_map(|name| {
        let path = RepoPath::new(name).ok()?;
        match repo.is_in_commit(&path, commit) {
            Ok(true) if !matches!(repo.same_as_commit(&path, commit), Ok(Sameness::NotHere)) => None,
            Ok(true) => Some((name, "is the commit's checklist and is not on disk, so that another one was read; bring it back (`git checkout`, `git sparse-checkout add`), or name the other one with `--checklist`".to_owned())),
            Ok(false) => None,
            Err(error) => Some((name, format!("may be the commit's checklist: {error}"))),
        }
    })?;
    Some((CleanText::line(name), Anchored::Not(CleanText::line(how))))
}

/// Where a file that was not read as one of the repository lies in it, if it does.
pub(super) fn within(repo: &Repo, path: &Path) -> Option<RepoPath> {
    match Folder::locate(Some(repo.root()), path) {
        Ok(Located::Inside(inside)) => Some(inside),
        Ok(Located::Outside { .. }) | Err(_) => None,
    }
}

fn compared(repo: &Repo, path: &RepoPath, commit: &CommitId) -> Anchored {
    let short = commit.short();
    let how = match repo.same_as_commit(path, commit) {
        Ok(Sameness::Same) => return Anchored::Committed,
        Ok(Sameness::Differs) => format!("differs from {short}"),
        Ok(Sameness::NotInCommit) => format!("is not in {short}"),
        Ok(Sameness::NotHere) => "is not on disk any more".to_owned(),
        Ok(Sameness::Outside) => "is reached by a link that leads out of the repository".to_owned(),
        Ok(Sameness::Filtered(filter)) => {
            format!(
                "is behind the filter `{filter}`, which is not run, and may differ from {short}"
            )
        }
        Err(error) => format!("could not be compared with {short}: {error}"),
    };
    Anchored::Not(CleanText::line(how))
}

/// What is known of the ledger besides its records; what could not be found out
/// is added to what was seen.
pub(super) fn ledger(
    seen: &mut Seen,
    found: Result<ledger::Sharing, LedgerError>,
    refused: Vec<CleanText>,
    vanished: Option<CleanText>,
) -> LedgerState {
    let sharing = match found {
        Ok(ledger::Sharing::NoRemote) => Sharing::NoRemote,
        Ok(ledger::Sharing::Gone { remote }) => Sharing::Gone(remote),
        Ok(ledger::Sharing::NotShared { remote }) => Sharing::Never(remote),
        Ok(ledger::Sharing::Shared { remote, ahead, behind, synced_at: at }) => {
            Sharing::Synced { remote, ahead, behind, at }
        }
        Err(error) => Sharing::Unknown(CleanText::line(error.to_string())),
    };
    let accepted = seen.accepted.iter().map(|loss| {
        CleanText::line(format!(
            "on {} somebody here accepted that the ledger lost {}",
            Date::of(loss.at),
            match loss.missing {
                1 => "1 record".to_owned(),
                missing => format!("{missing} records"),
            }
        ))
    });
    LedgerState {
        rewound: seen.rewound.as_ref().map(|rewound| CleanText::line(rewound.to_string())),
        refused: refused.into_iter().next(),
        vanished,
        sharing,
        notes: seen.notes.iter().cloned().chain(accepted).collect(),
    }
}

/// Of the commits that records were made on, those that the judged commit
/// descends from. One that is not here, or cannot be compared, is none.
pub(super) fn ancestors(
    repo: &Repo,
    commit: Option<&CommitId>,
    ledger: &Ledger,
) -> HashSet<CommitId> {
    let Some(commit) = commit else { return HashSet::new() };
    let made_on: HashSet<&CommitId> =
        ledger.entries.iter().map(|entry| &entry.record.commit).collect();
    let descends = |one: &&CommitId| *one == commit || repo.descends(commit, one).unwrap_or(false);
    made_on.into_iter().filter(descends).cloned().collect()
}

/// Which addresses of the ledger are one person, by the mailmaps of the judged
/// commit, of the work tree and of the commits that records were made on.
pub(super) fn people(
    repo: &Repo,
    tree: &dyn Tree,
    commit: Option<&CommitId>,
    ledger: &Ledger,
) -> People {
    let mut people = People::default();
    let Ok(path) = RepoPath::new(".mailmap") else { return people };
    if ledger.entries.is_empty() {
        return people;
    }
    let at = |commit: &CommitId| repo.file_at(commit, &path, LARGEST_MAILMAP);
    for read in [tree.read(&path)].into_iter().chain(commit.map(at)) {
        match read {
            Ok(content) => people.now.extend(content.map(|content| Mailmap::read(&content))),
            Err(error) => people.unread = Some(CleanText::line(error.to_string())),
        }
    }
    people.now.dedup();
    let made_on: BTreeSet<&CommitId> =
        ledger.entries.iter().map(|entry| &entry.record.commit).collect();
    for commit in made_on {
        // a commit that is not here any more says nothing
        if let Ok(Some(content)) = at(commit) {
            people.then.insert(commit.clone(), Mailmap::read(&content));
        }
    }
    people
}

/// The commit with the time at which it was committed.
pub(super) fn judged(
    repo: &Repo,
    commit: Option<&CommitId>,
) -> Result<Option<(CommitId, Timestamp)>, repo::RepoError> {
    let Some(commit) = commit else { return Ok(None) };
    Ok(Some((commit.clone(), repo.committed_at(commit)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::{self, Choice};
    use crate::repo::support::{Sandbox, git};

    const LIST: &str = "checklist: a\n";

    /// What stands of the files of the list at `path`, on `HEAD`.
    fn states(repo: &Repo, files: &[LoadedFile], at_revision: bool) -> Vec<String> {
        let commit = repo.head().expect("read").commit;
        let states = anchored(repo, commit.as_ref(), at_revision, files);
        states.iter().map(|(name, state)| format!("{name}: {state:?}")).collect()
    }

    fn loaded(repo: &Repo, path: &Path) -> Vec<LoadedFile> {
        let choice = Choice::Path(path.to_owned());
        checklist::load(repo, &choice, repo.root()).expect("loads").files
    }

    #[test]
    fn a_list_outside_does_not_vouch_for_what_it_includes_from_inside() {
        let around = Sandbox::new();
        around.write("list.yaml", "checklist: x\ninclude: [shop/a.yaml, shop/b.yaml]\n");
        around.write("shop/a.yaml", LIST).write("shop/b.yaml", LIST);
        let shop = around.path().join("shop");
        git(&shop, &["init", "-q", "-b", "main"]);
        git(&shop, &["add", "a.yaml"]);
        git(&shop, &["commit", "-qm", "one"]);
        let repo = Repo::discover(&shop).expect("a repository");
        let list = around.path().join("list.yaml");
        let files = loaded(&repo, &list);
        for at_revision in [false, true] {
            let states = states(&repo, &files, at_revision);
            let [outside, a, b] = &states[..] else { panic!("{states:?}") };
            assert_eq!(*outside, format!("{}: Outside", list.display()));
            assert_eq!(a, "a.yaml: Committed");
            assert!(b.starts_with("b.yaml: Not") && b.contains("is not in "), "{b}");
        }
    }

    #[test]
    fn what_was_read_counts_and_not_what_lies_there_now() {
        let sandbox = Sandbox::new();
        sandbox.write("a.yaml", LIST).commit("one");
        let repo = sandbox.repo();
        sandbox.write("a.yaml", "checklist: looser\n");
        let files = loaded(&repo, Path::new("a.yaml"));
        sandbox.write("a.yaml", LIST);
        let read = states(&repo, &files, false);
        assert!(read[0].contains("was changed since it was read"), "{read:?}");
        let files = loaded(&repo, Path::new("a.yaml"));
        assert_eq!(states(&repo, &files, false), ["a.yaml: Committed"]);
        sandbox.write("a.yaml", "checklist: a\r\n");
        let files = loaded(&repo, Path::new("a.yaml"));
        sandbox.write("a.yaml", LIST);
        assert_eq!(states(&repo, &files, false), ["a.yaml: Committed"]);
    }
}
