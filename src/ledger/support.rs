//! Repositories and records for this folder's tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use git2::{Oid, Repository, Signature, Time};
use tempfile::TempDir;

use super::append::append as append_by;
use super::error::LedgerError;
use super::store::{self, REF};
use super::{Record, Statement, merge, patiently, read};
use crate::model::{CommitId, Digest, Person};
use crate::repo::Repo;

/// A repository in a folder of its own, with one commit.
pub(super) fn repository() -> (TempDir, Repo) {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "first"]);
    let repo = Repo::discover(folder.path()).expect("a repository");
    (folder, repo)
}

/// Runs git as nobody in particular, away from the machine's settings.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git runs");
    assert!(status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).trim().to_owned()
}

/// Appends a record of that author, who commits it too.
pub(super) fn append(
    repo: &Repo,
    record: &Record,
    author: &Person,
) -> Result<CommitId, LedgerError> {
    append_by(repo, record, author, author, &patiently)
}

/// Joins two ledgers of a repository.
pub(super) fn join(
    repo: &Repo,
    ours: &CommitId,
    theirs: &CommitId,
) -> Result<CommitId, LedgerError> {
    let git = repo.git()?;
    let theirs = merge::oid(theirs)?;
    let their_ledger = read::read_at(&git, theirs)?;
    store::name(merge::join(&git, Some(merge::oid(ours)?), theirs, &their_ledger)?)
}

pub(super) fn ann() -> Person {
    Person::new("Ann", "ann@example.com")
}

/// A sign-off that its note tells apart.
pub(super) fn sign_off(note: &str) -> Record {
    Record::new(
        "restore-rehearsed".parse().expect("an id"),
        Digest::of(["item"]),
        CommitId::try_from("1a2b3c4d".repeat(5)).expect("a commit"),
        Statement::SignOff {
            covered: BTreeMap::new(),
            accepted: Vec::new(),
            role: None,
            note: note.into(),
        },
    )
}

/// Writes a commit with this tree by hand, at this second, and moves no ref.
pub(super) fn commit(git: &Repository, tree: &[(&str, &[u8])], parents: &[Oid], at: i64) -> Oid {
    let mut builder = git.treebuilder(None).expect("a builder");
    for (name, content) in tree {
        let blob = git.blob(content).expect("a blob");
        builder.insert(*name, blob, 0o100_644).expect("an entry");
    }
    let tree = git.find_tree(builder.write().expect("a tree")).expect("a tree");
    let who = Signature::new("Ann", "ann@example.com", &Time::new(at, 0)).expect("a signature");
    let parents: Vec<_> =
        parents.iter().map(|&oid| git.find_commit(oid).expect("a parent")).collect();
    let parents: Vec<_> = parents.iter().collect();
    git.commit(None, &who, &who, "by hand", &tree, &parents).expect("a commit")
}

/// Writes a record's commit by hand.
pub(super) fn commit_record(git: &Repository, note: &str, parents: &[Oid], at: i64) -> Oid {
    let json = sign_off(note).encode().expect("a record");
    commit(git, &[("record.json", json.as_bytes())], parents, at)
}

/// Points the ledger's ref at an object, whatever it is.
pub(super) fn point(git: &Repository, oid: Oid) {
    git.reference(REF, oid, true, "by hand").expect("a ref");
}
