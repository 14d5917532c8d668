//! The ledger's commits as git objects: one commit in, one node out.

use git2::{Commit, ErrorClass, ErrorCode, ObjectType, Oid, Repository, Signature};
use jiff::Timestamp;

use super::entry::Entry;
use super::error::LedgerError;
use super::record::{LONGEST, Record, Undecodable};
use crate::model::{CleanText, CommitId, Person};
use crate::repo::is_intact;

/// The ref that the records hang on. All worktrees of a repository share it.
pub(crate) const REF: &str = "refs/gonogo/ledger";

/// The file of a commit's tree that holds the record.
pub(super) const FILE: &str = "record.json";

const UPDATE: &str = "update gonogo";
const LOOK: &str = "look at it with `git log -p refs/gonogo/ledger`, then fetch the ledger from a clone where it is whole, or move the ref back with `git update-ref`";
const FETCH: &str = "fetch it: in a shallow clone with `git fetch --unshallow REMOTE refs/gonogo/ledger`, in a partial clone with `git log -p refs/gonogo/ledger`";

/// One commit of the ledger.
pub(super) struct Node {
    /// The commits before it, as they are written in it.
    pub parents: Vec<Oid>,
    /// Its record; none for a commit that only joins two ledgers.
    pub entry: Option<Entry>,
    /// How long its `record.json` is.
    pub bytes: usize,
}

/// The commit that the ref points at.
pub(super) fn tip(git: &Repository) -> Result<Option<Oid>, LedgerError> {
    let doing = format!("read {REF}");
    match git.find_reference(REF) {
        Ok(reference) => reference.target().map(Some).ok_or_else(|| {
            let what = "it points at another ref, not at a commit";
            LedgerError::git(&doing, &git2::Error::from_str(what))
        }),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(LedgerError::git(&doing, &error)),
    }
}

/// Loads one commit with its record.
pub(super) fn load(git: &Repository, oid: Oid) -> Result<Node, LedgerError> {
    let commit = commit(git, oid)?;
    intact(git, oid, oid)?;
    let parents = parents(&commit)?;
    let (entry, bytes) = match parents.len() {
        0 | 1 => entry(git, &commit).map(|(entry, bytes)| (Some(entry), bytes))?,
        _ => (joint(&commit)?, 0),
    };
    Ok(Node { parents, entry, bytes })
}

/// Finds a commit of the ledger.
pub(super) fn commit(git: &Repository, oid: Oid) -> Result<Commit<'_>, LedgerError> {
    git.find_commit(oid).map_err(|error| match git.odb().and_then(|odb| odb.read_header(oid)) {
        Ok((_, kind)) if kind != ObjectType::Commit => {
            unreadable(oid, format!("it is not a commit but a {kind}"), LOOK)
        }
        _ => not_read(oid, "the commit", &error),
    })
}

/// The parents that the commit names. libgit2's own list leaves out those that
/// a shallow clone cut off, and a ledger must not be cut in silence.
fn parents(commit: &Commit<'_>) -> Result<Vec<Oid>, LedgerError> {
    commit
        .raw_header_bytes()
        .split(|&byte| byte == b'\n')
        .skip(1)
        .map_while(|line| line.strip_prefix(b"parent "))
        .map(|name| {
            std::str::from_utf8(name)
                .ok()
                .and_then(|name| Oid::from_str(name).ok())
                .ok_or_else(|| unreadable(commit.id(), "it names a parent that is none", LOOK))
        })
        .collect()
}

/// A commit that joins two ledgers says nothing itself; a record in it would
/// stand at no certain place.
fn joint(commit: &Commit<'_>) -> Result<Option<Entry>, LedgerError> {
    let tree = commit.tree().map_err(|error| not_read(commit.id(), "its tree", &error))?;
    match tree.get_name(FILE) {
        None => Ok(None),
        Some(_) => Err(unreadable(
            commit.id(),
            "it joins two ledgers and yet holds a record of its own",
            LOOK,
        )),
    }
}

fn entry(git: &Repository, commit: &Commit<'_>) -> Result<(Entry, usize), LedgerError> {
    let author = commit.author();
    let at = Timestamp::from_second(author.when().seconds())
        .map_err(|_| unreadable(commit.id(), "its author's time is not a date", LOOK))?;
    let (record, bytes) = record(git, commit)?;
    let entry = Entry {
        id: name(commit.id())?,
        author: person(&author),
        committer: person(&commit.committer()),
        at,
        record,
    };
    Ok((entry, bytes))
}

fn person(who: &Signature<'_>) -> Person {
    Person { name: CleanText::bytes(who.name_bytes()), email: CleanText::bytes(who.email_bytes()) }
}

fn record(git: &Repository, commit: &Commit<'_>) -> Result<(Record, usize), LedgerError> {
    let oid = commit.id();
    let tree = commit.tree().map_err(|error| not_read(oid, "its tree", &error))?;
    intact(git, oid, tree.id())?;
    let file = tree.get_name(FILE).ok_or_else(|| {
        unreadable(oid, format!("it holds no {FILE}, so it is not a record"), LOOK)
    })?;
    // A link's blob is a path, and a folder or a submodule has no blob at all.
    if file.kind() != Some(ObjectType::Blob) || file.filemode() == 0o120_000 {
        return Err(unreadable(oid, format!("its {FILE} is not a file"), LOOK));
    }
    let missing = |error: git2::Error| not_read(oid, "its record.json", &error);
    let odb = git.odb().map_err(missing)?;
    let (size, _) = odb.read_header(file.id()).map_err(missing)?;
    if size > LONGEST {
        let what = format!("its {FILE} is {size} bytes long and may be {LONGEST}");
        return Err(unreadable(oid, what, LOOK));
    }
    intact(git, oid, file.id())?;
    let blob = odb.read(file.id()).map_err(missing)?;
    Record::decode(blob.data()).map(|record| (record, size)).map_err(|why| match why {
        Undecodable::Newer(version) => {
            unreadable(oid, format!("a newer gonogo wrote it (form {version})"), UPDATE)
        }
        Undecodable::Malformed(what) => unreadable(oid, what, LOOK),
    })
}

/// Refuses an object that was changed under its name: it would be another record.
fn intact(git: &Repository, commit: Oid, object: Oid) -> Result<(), LedgerError> {
    match is_intact(git, object) {
        Ok(true) => Ok(()),
        Ok(false) => Err(unreadable(commit, format!("its object {object} was changed"), LOOK)),
        Err(error) => Err(not_read(commit, "an object of it", &error)),
    }
}

/// The commit's name in the model.
pub(super) fn name(oid: Oid) -> Result<CommitId, LedgerError> {
    CommitId::try_from(oid.to_string())
        .map_err(|what| LedgerError::git("name a commit", &git2::Error::from_str(&what)))
}

fn not_read(oid: Oid, what: &str, error: &git2::Error) -> LedgerError {
    if error.code() == ErrorCode::NotFound && error.class() == ErrorClass::Odb {
        unreadable(oid, format!("{what} is missing here"), FETCH)
    } else {
        unreadable(oid, format!("{what} is damaged ({})", error.message()), LOOK)
    }
}

fn unreadable(oid: Oid, reason: impl AsRef<str>, next: &'static str) -> LedgerError {
    match name(oid) {
        Ok(commit) => LedgerError::Unreadable { commit, reason: CleanText::line(reason), next },
        Err(error) => error,
    }
}
