//! Joins two ledgers that grew apart, by union.
//!
//! The joint depends on what it joins and on nothing else: parents sorted, no
//! person as author, a time that follows from the parents. So two people who
//! merge the same tips get the same commit.

use git2::{Oid, Repository, Signature, Time};

use super::durable::keep_object;
use super::entry::Ledger;
use super::error::LedgerError;
use super::read::read_at;
use super::store;
use crate::model::CommitId;

/// Whom a joint names as its author: it says nothing that somebody answers for.
const NAME: &str = "gonogo";
const EMAIL: &str = "ledger@gonogo.invalid";

/// The last second of the year 9999; git's own tools stumble over later ones.
const LATEST: i64 = 253_402_300_799;

/// The ledger that holds the records of both, as a commit; no ref is moved.
/// Where one contains the other, it is that one.
///
/// # Errors
/// When ours cannot be read whole.
pub(super) fn join(
    git: &Repository,
    ours: Option<Oid>,
    theirs: Oid,
    their_ledger: &Ledger,
) -> Result<Oid, LedgerError> {
    let Some(ours) = ours.filter(|&ours| ours != theirs) else { return Ok(theirs) };
    if their_ledger.contains(&store::name(ours)?) {
        return Ok(theirs);
    }
    if read_at(git, ours)?.contains(&store::name(theirs)?) {
        return Ok(ours);
    }
    write(git, ours, theirs)
}

fn write(git: &Repository, ours: Oid, theirs: Oid) -> Result<Oid, LedgerError> {
    let mut parents = [store::commit(git, ours)?, store::commit(git, theirs)?];
    parents.sort_by_key(|parent| parent.id());
    // git's walks expect that a commit is not older than its parents
    let seconds = parents.iter().map(|parent| parent.committer().when().seconds()).max();
    let time = Time::new(seconds.unwrap_or_default().clamp(0, LATEST), 0);
    let failed = |error: git2::Error| LedgerError::git("join two ledgers", &error);
    let nobody = Signature::new(NAME, EMAIL, &time).map_err(failed)?;
    let empty = git.treebuilder(None).and_then(|tree| tree.write()).map_err(failed)?;
    let tree = git.find_tree(empty).map_err(failed)?;
    let [first, second] = &parents;
    let message = "join two ledgers\n";
    let joint = git.commit(None, &nobody, &nobody, message, &tree, &[first, second]);
    let joint = joint.map_err(failed)?;
    Ok(joint)
}

/// Sees to it that a joint is on the disk before a ref points at it.
pub(super) fn keep(git: &Repository, joint: Oid) -> Result<(), LedgerError> {
    keep_object(git, store::commit(git, joint)?.tree_id());
    keep_object(git, joint);
    Ok(())
}

/// git's name of a commit.
pub(super) fn oid(commit: &CommitId) -> Result<Oid, LedgerError> {
    Oid::from_str(commit.as_str()).map_err(|error| LedgerError::git("name a commit", &error))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use proptest::prelude::*;

    use super::*;
    use crate::ledger::read;
    use crate::ledger::support::{commit_record, git, join as joined, point, repository};
    use crate::repo::Repo;

    fn id(oid: Oid) -> CommitId {
        store::name(oid).expect("a name")
    }

    fn ids(repo: &Repo, tip: &CommitId) -> Vec<CommitId> {
        let git = repo.git().expect("git");
        let ledger = read_at(&git, oid(tip).expect("a name")).expect("a ledger");
        ledger.entries.into_iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn who_merges_the_same_gets_the_same() {
        let (folder, repo) = repository();
        let git2 = repo.git().expect("git");
        let root = commit_record(&git2, "root", &[], 100);
        let left = commit_record(&git2, "left", &[root], 300);
        let right = commit_record(&git2, "right", &[root], 200);
        let one = joined(&repo, &id(left), &id(right)).expect("merged");
        let other = joined(&repo, &id(right), &id(left)).expect("merged");
        assert_eq!(one, other);
        let shown =
            git(folder.path(), &["log", "-1", "--format=%an %ae %at %ct %p|%s|", one.as_str()]);
        let mut parents = [left, right].map(|oid| oid.to_string()[..7].to_owned());
        parents.sort();
        let parents = parents.join(" ");
        let expected = format!("gonogo ledger@gonogo.invalid 300 300 {parents}|join two ledgers|");
        assert_eq!(shown, expected);
        point(&git2, oid(&one).expect("a name"));
        assert_eq!(read(&repo).expect("a ledger").entries.len(), 3);
        git(folder.path(), &["fsck", "--strict"]);
    }

    #[test]
    fn what_contains_the_other_is_the_union() {
        let (_folder, repo) = repository();
        let git = repo.git().expect("git");
        // the clocks say the opposite of the chain
        let old = commit_record(&git, "old", &[], 900);
        let new = commit_record(&git, "new", &[old], 100);
        for (ours, theirs) in [(old, new), (new, old), (new, new)] {
            assert_eq!(joined(&repo, &id(ours), &id(theirs)).expect("merged"), id(new));
        }
        let apart = commit_record(&git, "apart", &[], 50);
        let joint = joined(&repo, &id(new), &id(apart)).expect("merged");
        for part in [old, new, apart] {
            assert_eq!(joined(&repo, &joint, &id(part)).expect("merged"), joint);
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_merged() {
        let (folder, repo) = repository();
        let git2 = repo.git().expect("git");
        let good = id(commit_record(&git2, "good", &[], 1));
        let head = git(folder.path(), &["rev-parse", "HEAD"]);
        let stranger = CommitId::try_from(head).expect("a name");
        for (ours, theirs) in [(&good, &stranger), (&stranger, &good)] {
            let error = joined(&repo, ours, theirs).expect_err("no ledger").to_string();
            assert!(error.contains("holds no record.json"), "{error}");
        }
    }

    #[test]
    fn two_hundred_ledgers_in_any_order_are_one() {
        let (_folder, repo) = repository();
        let git = repo.git().expect("git");
        let root = commit_record(&git, "root", &[], 100);
        let mut before = vec![root];
        let mut tips = Vec::new();
        for number in 0..200_usize {
            // from somewhere in what is there, with a clock of its own
            let parent = before[number * 7 % before.len()];
            let at = i64::try_from(number * 31 % 97).expect("small");
            let first = commit_record(&git, &format!("{number}"), &[parent], at);
            let tip = commit_record(&git, &format!("{number} again"), &[first], 1);
            before.push(first);
            tips.push(id(tip));
        }
        let expected: RefCell<Option<Vec<CommitId>>> = RefCell::default();
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
            cases: 3,
            failure_persistence: None,
            ..Default::default()
        });
        let order = Just(tips).prop_shuffle();
        let groups = prop::collection::vec(0..1_000_usize, 200);
        runner
            .run(&(order, groups), |(mut left, groups)| {
                // two of those that are left are joined, until one is
                for group in groups {
                    if left.len() > 1 {
                        let one = left.swap_remove(group % left.len());
                        let at = (group / 7) % left.len();
                        left[at] = joined(&repo, &one, &left[at]).expect("merged");
                    }
                }
                let all = ids(&repo, &left[0]);
                prop_assert_eq!(all.len(), 401);
                let mut expected = expected.borrow_mut();
                let first = expected.get_or_insert_with(|| all.clone());
                prop_assert_eq!(&all, first);
                Ok(())
            })
            .expect("the same in any order");
    }
}
