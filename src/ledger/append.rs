//! Appends a record: objects first, the ref last.

use std::time::Duration;

use git2::{Error, Oid, Repository, Signature};

use super::durable::keep_object;
use super::error::LedgerError;
use super::record::Record;
use super::store::{self, FILE};
use super::swap::{self, PATIENCE, Tell};
use crate::model::{CleanText, CommitId, Person};
use crate::repo::{Repo, RepoError};

/// Appends a record by compare-and-swap: nobody else's record is lost, and a
/// process that is killed leaves the ledger as it was or with the record.
/// So does a power cut: what the ref points at is on the disk before the ref.
///
/// No hook runs and nothing asks for a passphrase. The author and the committer
/// are told apart wherever the record has an effect. `tell` hears each second for
/// what it waits.
///
/// # Errors
/// When the record is not one that could count, the author has no name or email,
/// the ledger cannot be read, or the ref stayed locked for 30 seconds.
pub(crate) fn append(
    repo: &Repo,
    record: &Record,
    author: &Person,
    committer: &Person,
    tell: Tell<'_>,
) -> Result<CommitId, LedgerError> {
    append_within(repo, record, (author, committer), PATIENCE, tell)
}

fn append_within(
    repo: &Repo,
    record: &Record,
    (author, committer): (&Person, &Person),
    patience: Duration,
    tell: Tell<'_>,
) -> Result<CommitId, LedgerError> {
    let json = record.encode().map_err(|what| LedgerError::Invalid(CleanText::line(what)))?;
    let git = repo.git()?;
    let (author, committer) = (signature(author)?, signature(committer)?);
    let tree = tree(&git, &json).map_err(|error| LedgerError::git("write the record", &error))?;
    let written = swap::advance(&git, &record.summary(), patience, tell, |tip| {
        write(&git, record, (&author, &committer), tree, tip)
    })?;
    store::name(written)
}

/// Writes the record's blob and tree.
fn tree(git: &Repository, json: &str) -> Result<Oid, Error> {
    let blob = git.blob(json.as_bytes())?;
    let mut tree = git.treebuilder(None)?;
    tree.insert(FILE, blob, 0o100_644)?;
    let tree = tree.write()?;
    keep_object(git, blob);
    keep_object(git, tree);
    Ok(tree)
}

/// Writes the commit after the tip, which must be a part of a ledger: nothing
/// is built on what cannot be read.
fn write(
    git: &Repository,
    record: &Record,
    (author, committer): (&Signature<'_>, &Signature<'_>),
    tree: Oid,
    tip: Option<Oid>,
) -> Result<Oid, LedgerError> {
    let parent = match tip {
        Some(tip) => {
            store::load(git, tip)?;
            Some(store::commit(git, tip)?)
        }
        None => None,
    };
    let parents: Vec<_> = parent.iter().collect();
    git.find_tree(tree)
        .and_then(|tree| git.commit(None, author, committer, &record.message(), &tree, &parents))
        .inspect(|&commit| keep_object(git, commit))
        .map_err(|error| LedgerError::git("write the record's commit", &error))
}

/// The person at this moment, as git would write them.
fn signature(author: &Person) -> Result<Signature<'static>, LedgerError> {
    // git writes neither angle brackets nor, at either end, these characters.
    let plain = |text: &CleanText| {
        let text: String = text.as_str().chars().filter(|c| !matches!(c, '<' | '>')).collect();
        let crud = |c: char| c <= ' ' || ".,:;\"\\'".contains(c);
        text.trim_matches(crud).to_owned()
    };
    let (name, email) = (plain(&author.name), plain(&author.email));
    if name.is_empty() || email.is_empty() {
        return Err(RepoError::NoIdentity.into());
    }
    Signature::now(&name, &email).map_err(|error| LedgerError::git("name the author", &error))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::env;
    use std::fs::{self, File};
    use std::process::{Command, Stdio};
    use std::sync::Mutex;
    use std::thread;
    use std::time::{Instant, SystemTime};

    use std::ops::ControlFlow;

    use super::*;
    use crate::ledger::Wait;
    use crate::ledger::store::REF;
    use crate::ledger::support::{ann, append, commit, git, point, repository, sign_off};
    use crate::ledger::{Statement, read, tip};

    #[test]
    fn a_record_is_a_commit_of_its_author() {
        let (folder, repo) = repository();
        assert_eq!(tip(&repo), None);
        let first = append(&repo, &sign_off("one"), &ann()).expect("appended");
        let second = append(&repo, &sign_off("two"), &ann()).expect("appended");
        assert_eq!(tip(&repo), Some(second.clone()));
        let ledger = read(&repo).expect("a ledger");
        let ids: Vec<_> = ledger.entries.iter().map(|entry| entry.id.clone()).collect();
        assert_eq!(ids, [first, second.clone()]);
        assert_eq!(ledger.tip, Some(second));
        assert_eq!(ledger.entries[0].record, sign_off("one"));
        assert_eq!(ledger.entries[0].author, ann());
        let age = jiff::Timestamp::now().duration_since(ledger.entries[0].at);
        assert!((0..60).contains(&age.as_secs()), "{age}");
        let log = git(folder.path(), &["log", "--format=%an <%ae> %cn <%ce>|%s|%b", REF]);
        let expected =
            "Ann <ann@example.com> Ann <ann@example.com>|sign-off: restore-rehearsed on 1a2b3c4|";
        assert!(log.starts_with(&format!("{expected}two")), "{log}");
        git(folder.path(), &["fsck", "--strict"]);
    }

    #[test]
    fn sixteen_at_once_lose_nothing() {
        let (folder, repo) = repository();
        thread::scope(|scope| {
            for writer in 0..16 {
                let repo = Repo::discover(folder.path()).expect("a repository");
                scope.spawn(move || {
                    for number in 0..25 {
                        let note = format!("{writer} {number}");
                        append(&repo, &sign_off(&note), &ann()).expect("appended");
                    }
                });
            }
        });
        let ledger = read(&repo).expect("a ledger");
        let notes: BTreeSet<_> =
            ledger.entries.iter().map(|e| e.record.statement.words().as_str().to_owned()).collect();
        assert_eq!((ledger.entries.len(), notes.len()), (400, 400));
        for writer in 0..16 {
            let prefix = format!("{writer} ");
            let own: Vec<usize> = ledger
                .entries
                .iter()
                .filter_map(|e| {
                    e.record.statement.words().as_str().strip_prefix(&prefix)?.parse().ok()
                })
                .collect();
            assert!(own.is_sorted(), "{own:?}");
        }
    }

    #[test]
    fn the_ledger_survives_packing_meanwhile() {
        let (folder, repo) = repository();
        thread::scope(|scope| {
            for _ in 0..2 {
                let repo = repo.clone();
                scope.spawn(move || {
                    for number in 0..20 {
                        append(&repo, &sign_off(&number.to_string()), &ann()).expect("appended");
                    }
                });
            }
            for _ in 0..10 {
                git(folder.path(), &["pack-refs", "--all"]);
            }
        });
        git(folder.path(), &["gc", "-q"]);
        assert_eq!(read(&repo).expect("a ledger").entries.len(), 40);
    }

    #[test]
    fn all_worktrees_share_it() {
        let (folder, repo) = repository();
        let other = folder.path().join("other");
        git(folder.path(), &["worktree", "add", "-q", "--detach", "other"]);
        let worktree = Repo::discover(&other).expect("a worktree");
        append(&worktree, &sign_off("from the worktree"), &ann()).expect("appended");
        append(&repo, &sign_off("from the main one"), &ann()).expect("appended");
        for repo in [&repo, &worktree] {
            assert_eq!(read(repo).expect("a ledger").entries.len(), 2);
        }
        let lock = folder.path().join(".git/refs/gonogo/ledger.lock");
        fs::write(&lock, "").expect("a lock");
        let moment = Duration::from_millis(20);
        let error =
            append_within(&worktree, &sign_off("x"), (&ann(), &ann()), moment, &swap::patiently);
        let error = error.expect_err("locked");
        let LedgerError::Locked { lock: named, .. } = &error else { panic!("{error}") };
        let named = fs::canonicalize(named.as_str()).expect("the lock's path");
        assert_eq!(named, fs::canonicalize(&lock).expect("the lock's path"));
        assert!(error.to_string().contains("delete"), "{error}");
        assert_eq!(read(&worktree).expect("still readable").entries.len(), 2);
        fs::remove_file(&lock).expect("unlocked");
        append(&worktree, &sign_off("x"), &ann()).expect("appended");
    }

    #[test]
    fn a_submodule_keeps_its_own() {
        let (outer, outer_repo) = repository();
        let (inner, _) = repository();
        let from = inner.path().to_string_lossy();
        git(outer.path(), &["submodule", "--quiet", "add", &from, "part"]);
        let part = Repo::discover(&outer.path().join("part")).expect("the submodule");
        append(&part, &sign_off("inside"), &ann()).expect("appended");
        assert_eq!(read(&part).expect("a ledger").entries.len(), 1);
        assert_eq!(tip(&outer_repo), None);
    }

    #[test]
    fn it_needs_no_head_and_follows_none() {
        let folder = tempfile::tempdir().expect("a folder");
        git(folder.path(), &["init", "-q"]);
        let repo = Repo::discover(folder.path()).expect("a repository");
        append(&repo, &sign_off("unborn"), &ann()).expect("appended");
        git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "first"]);
        git(folder.path(), &["checkout", "-q", "--detach"]);
        append(&repo, &sign_off("detached"), &ann()).expect("appended");
        assert_eq!(read(&repo).expect("a ledger").entries.len(), 2);
    }

    #[test]
    fn a_lock_that_goes_away_is_waited_for() {
        let (folder, repo) = repository();
        append(&repo, &sign_off("one"), &ann()).expect("appended");
        let lock = folder.path().join(".git/refs/gonogo/ledger.lock");
        fs::write(&lock, "").expect("a lock");
        thread::scope(|scope| {
            let writer = scope.spawn(|| append(&repo, &sign_off("two"), &ann()));
            thread::yield_now();
            fs::remove_file(&lock).expect("unlocked");
            writer.join().expect("no panic").expect("appended");
        });
        assert_eq!(read(&repo).expect("a ledger").entries.len(), 2);
    }

    #[test]
    fn it_says_while_it_waits_and_for_what() {
        let (folder, repo) = repository();
        append(&repo, &sign_off("one"), &ann()).expect("appended");
        let lock = folder.path().join(".git/refs/gonogo/ledger.lock");
        fs::write(&lock, "").expect("a lock");
        let told = Mutex::new(Vec::new());
        let tell = |wait: &Wait| {
            told.lock().expect("a list").push(wait.clone());
            let _ = fs::remove_file(&lock);
            ControlFlow::Continue(())
        };
        let patience = Duration::from_secs(3);
        append_within(&repo, &sign_off("two"), (&ann(), &ann()), patience, &tell)
            .expect("appended");
        let told = told.into_inner().expect("a list");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].lock.as_str().ends_with("refs/gonogo/ledger.lock"), "{told:?}");
        let line = told[0].to_string();
        assert!(line.starts_with("waiting for `/") && line.contains("ledger.lock`, 0 s"), "{line}");
    }

    #[test]
    fn waiting_can_be_given_up() {
        let (folder, repo) = repository();
        append(&repo, &sign_off("one"), &ann()).expect("appended");
        fs::write(folder.path().join(".git/refs/gonogo/ledger.lock"), "").expect("a lock");
        let give_up = |_: &Wait| ControlFlow::Break(());
        let patience = Duration::from_secs(3);
        let error = append_within(&repo, &sign_off("two"), (&ann(), &ann()), patience, &give_up);
        assert!(matches!(error, Err(LedgerError::GivenUp)), "{error:?}");
        assert_eq!(read(&repo).expect("a ledger").entries.len(), 1, "nothing was written");
    }

    #[test]
    fn a_lock_that_was_left_behind_is_not_waited_for() {
        let (folder, repo) = repository();
        append(&repo, &sign_off("one"), &ann()).expect("appended");
        let lock = File::create(folder.path().join(".git/refs/gonogo/ledger.lock"));
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        lock.and_then(|lock| lock.set_modified(hour_ago)).expect("an old lock");
        let began = Instant::now();
        let error = append(&repo, &sign_off("two"), &ann()).expect_err("locked").to_string();
        assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
        assert!(error.starts_with("the ledger stayed locked for 36"), "{error}");
    }

    #[test]
    fn a_killed_writer_leaves_a_readable_ledger() {
        const FOLDER: &str = "GONOGO_TEST_WRITES_UNTIL_KILLED";
        if let Some(folder) = env::var_os(FOLDER) {
            let repo = Repo::discover(folder.as_ref()).expect("a repository");
            for number in 0..10_000 {
                append(&repo, &sign_off(&number.to_string()), &ann()).expect("appended");
            }
            return;
        }
        let (folder, repo) = repository();
        let lock = folder.path().join(".git/refs/gonogo/ledger.lock");
        for round in 0..8 {
            let before = read(&repo).expect("a ledger");
            let mut writer = Command::new(env::current_exe().expect("this program"))
                .args([
                    "--exact",
                    "ledger::append::tests::a_killed_writer_leaves_a_readable_ledger",
                ])
                .env(FOLDER, folder.path())
                .stdout(Stdio::null())
                .spawn()
                .expect("a writer");
            while tip(&repo) == before.tip {
                assert!(writer.try_wait().expect("its state").is_none(), "the writer gave up");
                thread::yield_now();
            }
            thread::sleep(Duration::from_micros(rand::random_range(0..5_000)));
            writer.kill().expect("killed");
            writer.wait().expect("ended");
            let after = read(&repo).expect("still readable");
            assert!(after.entries.starts_with(&before.entries), "round {round}");
            assert!(after.entries.len() > before.entries.len(), "round {round}");
            // At worst it held the lock, which the error of an append names.
            let _ = fs::remove_file(&lock);
            append(&repo, &sign_off("still writable"), &ann()).expect("appended");
        }
        git(folder.path(), &["fsck", "--strict"]);
    }

    #[test]
    fn what_cannot_count_is_refused() {
        let (_folder, repo) = repository();
        let mut objection = sign_off("why");
        objection.statement = Statement::Objection { why: "no".into() };
        let error = append(&repo, &objection, &ann()).expect_err("no reason");
        assert!(matches!(error, LedgerError::Invalid(_)), "{error}");
        for nobody in [Person::new("", "a@b.c"), Person::new("Ann", " <> ")] {
            let error = append(&repo, &sign_off("x"), &nobody).expect_err("nobody");
            assert!(matches!(error, LedgerError::Repo(RepoError::NoIdentity)), "{error}");
        }
        assert_eq!(tip(&repo), None);
    }

    #[test]
    fn odd_names_are_written_as_git_would() {
        let (_folder, repo) = repository();
        let odd = Person::new("Ann <the\u{202e} boss>\n", "<ann@example.com>");
        append(&repo, &sign_off("x"), &odd).expect("appended");
        let entry = read(&repo).expect("a ledger").entries.remove(0);
        assert_eq!(entry.author.to_string(), "Ann theU+202E boss␊ <ann@example.com>");
    }

    #[test]
    fn nothing_is_built_on_what_cannot_be_read() {
        let (_folder, repo) = repository();
        let git = repo.git().expect("git");
        let stranger = commit(&git, &[("README", b"code")], &[], 0);
        point(&git, stranger);
        let error = append(&repo, &sign_off("x"), &ann()).expect_err("no ledger");
        assert!(error.to_string().contains("holds no record.json"), "{error}");
        assert_eq!(tip(&repo).map(String::from), Some(stranger.to_string()));
    }
}
