//! Reads the whole ledger, in an order that every clone agrees on.

use std::cmp::Reverse;
use std::collections::hash_map::Entry::Vacant as Unseen;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use git2::{Oid, Repository};

use super::ancestry::Ancestry;
use super::entry::Ledger;
use super::error::LedgerError;
use super::store::{self, Node, REF};
use crate::model::CommitId;
use crate::repo::Repo;

/// More commits than a team makes in a working life.
const MOST_COMMITS: usize = 1_000_000;

/// As many bytes as all `record.json` together may have.
const MOST_BYTES: usize = 512 << 20;

/// Reads the whole ledger.
///
/// A record comes after all that it could know of. Between two that could not
/// know of each other, made in ledgers that were joined later, the smaller name
/// comes first: no clock takes part, and every clone has the same order.
///
/// # Errors
/// When a commit of it cannot be read: nothing is skipped in silence.
pub(crate) fn read(repo: &Repo) -> Result<Ledger, LedgerError> {
    let git = repo.git()?;
    match store::tip(&git)? {
        Some(tip) => read_at(&git, tip),
        None => Ok(Ledger::default()),
    }
}

/// Reads the ledger that ends with that commit.
pub(super) fn read_at(git: &Repository, tip: Oid) -> Result<Ledger, LedgerError> {
    let mut nodes = HashMap::new();
    let mut wanted = vec![tip];
    let mut bytes = 0;
    while let Some(oid) = wanted.pop() {
        let number = nodes.len();
        if let Unseen(place) = nodes.entry(oid) {
            let node = store::load(git, oid)?;
            bytes += node.bytes;
            if number >= MOST_COMMITS || bytes > MOST_BYTES {
                return Err(LedgerError::TooLarge { commits: MOST_COMMITS, bytes: MOST_BYTES });
            }
            wanted.extend(&node.parents);
            place.insert(node);
        }
    }
    in_order(nodes, store::name(tip)?)
}

/// The commit that the ledger's ref points at now: a cheap way to see that
/// somebody has written. None when there is no ledger or git does not answer;
/// [`read`] says which.
pub(crate) fn tip(repo: &Repo) -> Option<CommitId> {
    let oid = repo.git().ok()?.refname_to_id(REF).ok()?;
    store::name(oid).ok()
}

/// Parents before children, ties by name. A commit that joins two ledgers puts
/// nothing in front of anything but of what was recorded after it, so that the
/// order does not depend on who joined what when.
fn in_order(mut nodes: HashMap<Oid, Node>, tip: CommitId) -> Result<Ledger, LedgerError> {
    let mut children: HashMap<Oid, Vec<Oid>> = HashMap::new();
    let mut missing: HashMap<Oid, usize> = HashMap::new();
    let mut ready = BinaryHeap::new();
    for (&oid, node) in &nodes {
        let parents: BTreeSet<Oid> = node.parents.iter().copied().collect();
        if parents.is_empty() {
            ready.push(Reverse(oid));
        }
        missing.insert(oid, parents.len());
        for parent in parents {
            children.entry(parent).or_default().push(oid);
        }
    }
    let mut entries = Vec::with_capacity(nodes.len());
    let mut ancestry = Ancestry::default();
    while let Some(Reverse(oid)) = ready.pop() {
        let Some(node) = nodes.remove(&oid) else { continue };
        let parents: Result<Vec<_>, _> = node.parents.iter().map(|&oid| store::name(oid)).collect();
        ancestry.add(store::name(oid)?, &parents?).map_err(|_| LedgerError::Tangled)?;
        entries.extend(node.entry);
        for child in children.remove(&oid).unwrap_or_default() {
            if let Some(left) = missing.get_mut(&child) {
                *left -= 1;
                if *left == 0 {
                    ready.push(Reverse(child));
                }
            }
        }
    }
    Ok(Ledger::new(entries, tip, ancestry))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use git2::{ObjectType, Repository};

    use super::*;
    use crate::ledger::support::{
        ann, append, commit, commit_record, git, point, repository, sign_off,
    };

    fn notes(repo: &Repo) -> Vec<String> {
        let ledger = read(repo).expect("a ledger");
        ledger
            .entries
            .iter()
            .map(|entry| entry.record.statement.words().as_str().to_owned())
            .collect()
    }

    #[test]
    fn no_ledger_is_an_empty_one() {
        let (_folder, repo) = repository();
        assert_eq!(read(&repo).expect("a ledger"), Ledger::default());
        assert_eq!(tip(&repo), None);
    }

    #[test]
    fn the_chain_orders_and_not_the_clock() {
        let (_folder, repo) = repository();
        let git = repo.git().expect("git");
        let a = commit_record(&git, "a", &[], 900);
        let b = commit_record(&git, "b", &[a], 100);
        let c = commit_record(&git, "c", &[b], 500);
        point(&git, c);
        assert_eq!(notes(&repo), ["a", "b", "c"]);
    }

    #[test]
    fn an_object_that_was_changed_in_place_is_refused() {
        let (_folder, repo) = repository();
        let git = repo.git().expect("git");
        let tip = commit_record(&git, "a", &[], 100);
        point(&git, tip);
        let other = commit_record(&git, "b", &[], 100);
        // as the search of the history leaves it
        git2::opts::strict_hash_verification(false);
        let blob = |oid| {
            let tree = git.find_commit(oid).and_then(|commit| commit.tree()).expect("a tree");
            let id = tree.get_name("record.json").expect("a record").id().to_string();
            let (folder, file) = id.split_at(2);
            git.path().join("objects").join(folder).join(file)
        };
        let (record, forged) = (blob(tip), blob(other));
        assert_eq!(notes(&repo), ["a"]);
        fs::remove_file(&record).expect("removed");
        fs::copy(forged, record).expect("forged");
        let error = read(&repo).expect_err("forged").to_string();
        assert!(error.contains("was changed"), "{error}");
    }

    #[test]
    fn joined_ledgers_hold_each_record_once() {
        let (_folder, repo) = repository();
        let git = repo.git().expect("git");
        let root = commit_record(&git, "root", &[], 100);
        let left = commit_record(&git, "left", &[root], 300);
        let left2 = commit_record(&git, "left2", &[left], 310);
        let right = commit_record(&git, "right", &[root], 200);
        let right2 = commit_record(&git, "right2", &[right], 305);
        let other_root = commit_record(&git, "other root", &[], 250);
        let join = commit(&git, &[], &[left2, right2], 400);
        let again = commit(&git, &[], &[other_root, join, left2], 410);
        let after = commit_record(&git, "after", &[again], 50);
        point(&git, after);
        let told = notes(&repo);
        let at = |note: &str| told.iter().position(|told| told == note).expect(note);
        assert_eq!((told.len(), at("after")), (7, 6), "{told:?}");
        for (before, after) in
            [("root", "left"), ("left", "left2"), ("root", "right"), ("right", "right2")]
        {
            assert!(at(before) < at(after), "{told:?}");
        }
        let ledger = read(&repo).expect("a ledger");
        let precedes = |before: Oid, after: Oid| {
            ledger.precedes(&store::name(before).expect("a"), &store::name(after).expect("b"))
        };
        assert!(precedes(root, right2) && precedes(other_root, after) && precedes(left, left2));
        assert!(!precedes(left, right2) && !precedes(right, left2) && !precedes(left, left));
        assert!(!precedes(other_root, left) && !precedes(left2, left));
        // The other clone joins the other way round and reads the same.
        let mirrored = commit(&git, &[], &[right2, left2], 400);
        point(&git, commit(&git, &[], &[mirrored, other_root], 410));
        assert_eq!(notes(&repo), told[..6]);
    }

    #[test]
    fn equal_times_are_ordered_by_name() {
        let (_folder, repo) = repository();
        let git = repo.git().expect("git");
        let roots: Vec<_> = (0..9).map(|n| commit_record(&git, &n.to_string(), &[], 7)).collect();
        point(&git, commit(&git, &[], &roots, 8));
        let mut expected: Vec<_> = roots.iter().enumerate().map(|(n, oid)| (oid, n)).collect();
        expected.sort();
        let expected: Vec<_> = expected.iter().map(|(_, n)| n.to_string()).collect();
        assert_eq!(notes(&repo), expected);
    }

    type Files = Vec<(&'static str, Vec<u8>)>;
    type Breaks = fn(&Repository) -> Oid;

    #[test]
    fn what_cannot_be_read_is_named() {
        let good = || sign_off("good").encode().expect("a record");
        let newer = good().replace("\"schema\": 2", "\"schema\": 3");
        let cases: [(&str, Files); 5] = [
            ("holds no record.json", vec![("README", b"x".to_vec())]),
            (
                "a newer gonogo wrote it (form 3); update gonogo",
                vec![("record.json", newer.into())],
            ),
            ("not UTF-8", vec![("record.json", b"\xff".to_vec())]),
            ("1048577 bytes long", vec![("record.json", vec![b' '; (1 << 20) + 1])]),
            ("not a JSON object", vec![("record.json", Vec::new())]),
        ];
        let (_folder, repo) = repository();
        let git = repo.git().expect("git");
        for (says, tree) in cases {
            let tree: Vec<_> = tree.iter().map(|(name, text)| (*name, text.as_slice())).collect();
            let bad = commit(&git, &tree, &[], 1);
            point(&git, commit_record(&git, "after it", &[bad], 2));
            refused(&repo, says, &bad.to_string()[..7]);
        }
        let with_attachment = commit(
            &git,
            &[("record.json", good().as_bytes()), ("evidence.log", b"restored")],
            &[],
            1,
        );
        point(&git, with_attachment);
        assert_eq!(notes(&repo), ["good"]);
    }

    #[test]
    fn what_is_no_ledger_is_named() {
        fn raw(git: &Repository, from: &str, to: &str) -> Oid {
            let good = commit_record(git, "x", &[], 7);
            let odb = git.odb().expect("the objects");
            let text = odb.read(good).expect("a commit").data().to_vec();
            let text = String::from_utf8(text).expect("text");
            assert!(text.contains(from), "{text}");
            odb.write(ObjectType::Commit, text.replace(from, to).as_bytes()).expect("a commit")
        }
        let cases: [(&str, Breaks); 7] = [
            ("author's time is not a date", |git| raw(git, "> 7 +0000", "> 99999999999999 +0000")),
            ("is damaged", |git| raw(git, "author ", "writer ")),
            ("not a commit but a blob", |git| git.blob(b"x").expect("a blob")),
            ("not a commit but a tree", |git| {
                git.treebuilder(None).and_then(|tree| tree.write()).expect("a tree")
            }),
            ("not a commit but a tag", |git| {
                let target = git.head().and_then(|head| head.peel(ObjectType::Commit));
                let who = git2::Signature::now("Ann", "a@b.c").expect("a signature");
                git.tag("t", &target.expect("HEAD"), &who, "a tag", true).expect("a tag")
            }),
            ("joins two ledgers and yet holds a record", |git| {
                let (a, b) = (commit_record(git, "a", &[], 1), commit_record(git, "b", &[], 2));
                commit_record(git, "join", &[a, b], 3)
            }),
            ("record.json is not a file", |git| {
                let link = git.blob(b"../../etc/passwd").expect("a blob");
                let mut tree = git.treebuilder(None).expect("a builder");
                tree.insert("record.json", link, 0o120_000).expect("an entry");
                let tree = git.find_tree(tree.write().expect("a tree")).expect("a tree");
                let who = git2::Signature::now("Ann", "a@b.c").expect("a signature");
                git.commit(None, &who, &who, "link", &tree, &[]).expect("a commit")
            }),
        ];
        let (_folder, repo) = repository();
        let git = repo.git().expect("git");
        for (says, make) in cases {
            let bad = make(&git);
            point(&git, bad);
            refused(&repo, says, &bad.to_string()[..7]);
            let error = append(&repo, &sign_off("x"), &ann()).expect_err(says);
            assert!(error.to_string().contains(says), "{error}");
        }
    }

    #[test]
    fn a_broken_ref_is_named() {
        let (folder, repo) = repository();
        let path = folder.path().join(".git/refs/gonogo/ledger");
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        for (content, says) in
            [("junk\n", "refs/gonogo/ledger"), ("ref: refs/heads/main\n", "another ref")]
        {
            fs::write(&path, content).expect("a ref");
            let error = read(&repo).expect_err(says).to_string();
            assert!(error.contains(says), "{error}");
            append(&repo, &sign_off("x"), &ann()).expect_err(says);
        }
    }

    #[test]
    fn missing_objects_are_named() {
        for victim in ["", "^{tree}", ":record.json"] {
            let (folder, repo) = repository();
            append(&repo, &sign_off("one"), &ann()).expect("appended");
            let bad = append(&repo, &sign_off("two"), &ann()).expect("appended");
            append(&repo, &sign_off("three"), &ann()).expect("appended");
            let name = git(folder.path(), &["rev-parse", &format!("{bad}{victim}")]);
            let (start, rest) = name.split_at(2);
            let object = folder.path().join(".git/objects").join(start).join(rest);
            fs::remove_file(&object).expect("removed");
            refused(&repo, "is missing here; fetch it", bad.short());
            fs::write(&object, "junk").expect("damaged");
            refused(&repo, "is damaged", bad.short());
        }
    }

    #[test]
    fn a_shallow_ledger_is_not_taken_for_a_whole_one() {
        let (folder, repo) = repository();
        for note in ["one", "two"] {
            append(&repo, &sign_off(note), &ann()).expect("appended");
        }
        let clone = tempfile::tempdir().expect("a folder");
        let here = |arguments: &[&str]| git(clone.path(), arguments);
        let from = format!("file://{}", folder.path().display());
        let refspec = format!("{REF}:{REF}");
        here(&["init", "-q"]);
        here(&["fetch", "-q", "--depth=1", &from, &refspec]);
        let cut = Repo::discover(clone.path()).expect("a repository");
        refused(&cut, "is missing here; fetch it", "");
        here(&["fetch", "-q", "--unshallow", &from, REF]);
        assert_eq!(notes(&cut), ["one", "two"]);
    }

    #[test]
    fn a_partial_clone_is_told_how_to_fetch_the_rest() {
        let (folder, repo) = repository();
        append(&repo, &sign_off("one"), &ann()).expect("appended");
        git(folder.path(), &["config", "uploadpack.allowFilter", "true"]);
        let clone = tempfile::tempdir().expect("a folder");
        let here = |arguments: &[&str]| git(clone.path(), arguments);
        let from = format!("file://{}", folder.path().display());
        here(&["clone", "-q", "--filter=blob:none", &from, "."]);
        here(&["fetch", "-q", "origin", &format!("{REF}:{REF}")]);
        let partial = Repo::discover(clone.path()).expect("a repository");
        refused(&partial, "its record.json is missing here; fetch it", "");
        here(&["log", "-p", REF]);
        assert_eq!(notes(&partial), ["one"]);
    }

    fn refused(repo: &Repo, says: &str, commit: &str) {
        let error = read(repo).expect_err(says).to_string();
        assert!(error.contains(says) && error.contains(commit), "{says}, {commit}: {error}");
    }

    #[test]
    fn a_long_chain_is_read_whole() {
        let (folder, repo) = repository();
        let git = repo.git().expect("git");
        let mut last: Option<Oid> = None;
        for number in 0..1000 {
            let parents: Vec<_> = last.into_iter().collect();
            last = Some(commit_record(&git, &number.to_string(), &parents, number));
        }
        point(&git, last.expect("a record"));
        let began = std::time::Instant::now();
        assert_eq!(notes(&repo).len(), 1000);
        eprintln!("1,000 loose records in {:?}", began.elapsed());
        packed(folder.path());
        let began = std::time::Instant::now();
        assert_eq!(notes(&repo).len(), 1000);
        eprintln!("1,000 packed records in {:?}", began.elapsed());
    }

    fn packed(folder: &Path) {
        git(folder, &["gc", "-q"]);
    }
}
