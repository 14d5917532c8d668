//! Searches the whole history for files: every commit that any ref reaches.
//!
//! Commits are taken oldest first, and of their trees only what no older commit
//! had at the same path is read: each change of a folder costs one read.

mod trees;

use std::collections::{HashMap, HashSet};

use git2::{ErrorCode, ObjectType, Oid, Repository, Sort};
use jiff::Timestamp;

use super::git::name;
use super::objects::{content, missing};
use super::{Repo, RepoError};
use crate::model::{CommitId, Date, RepoPath};

use trees::Trees;

/// Refs of gonogo's own hold records, no code.
const OWN: &[u8] = b"refs/gonogo/";

/// So many commits between two questions whether to go on.
const STEP: usize = 64;

/// The handle is opened again after so many commits, since libgit2 keeps the
/// objects that it has read.
const RENEW: usize = 4096;

/// So many files are told; their number is told for the rest.
const MOST: usize = 200;

/// What is looked for in the history.
pub trait Wanted {
    /// Whether files at this path matter. Asked once for each path.
    fn wants(&self, path: &RepoPath) -> bool;
    /// How many bytes of content the judgement needs; with none, a wanted file
    /// counts whatever it holds.
    fn needs(&self, path: &RepoPath) -> Option<usize>;
    /// Whether a file with this content counts; no content means that it is
    /// larger than what was needed.
    fn counts(&self, path: &RepoPath, content: Option<&[u8]>) -> bool;
    /// Whether anybody still waits for the answer.
    fn go_on(&self) -> bool;
}

/// What the history holds of what was looked for.
#[derive(Debug, Default)]
pub struct Searched {
    /// How many commits were looked at.
    pub commits: usize,
    /// The files, in order of path.
    pub held: Vec<Held>,
    /// How many more files there are beyond those told.
    pub more: usize,
}

/// A file that counts, in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Where it was.
    pub path: RepoPath,
    /// The oldest commit that has it.
    pub first: CommitId,
    /// When that was committed, in UTC.
    pub date: Date,
    /// How many commits have it.
    pub commits: usize,
    /// How many different contents that count it had.
    pub versions: usize,
    /// `HEAD` is one of them.
    pub in_head: bool,
}

impl Repo {
    /// Searches all commits that `HEAD` or any ref reaches, gonogo's own refs
    /// left out. Nothing when the search was given up on the way.
    ///
    /// # Errors
    /// When a part of the history is not here: a shallow or a partial clone, a
    /// broken repository.
    pub fn search_history(&self, wanted: &dyn Wanted) -> Result<Option<Searched>, RepoError> {
        let git = self.git()?;
        refuse_shallow(&git)?;
        let commits = commits(&git)?;
        let mut search =
            Search { repo: self, git, wanted, trees: Trees::default(), verdicts: HashMap::new() };
        let mut found: Vec<Found> = Vec::new();
        for (number, &commit) in commits.iter().enumerate() {
            if number % STEP == 0 && !wanted.go_on() {
                return Ok(None);
            }
            if number % RENEW == RENEW - 1 {
                search.git = search.repo.git()?;
            }
            if !search.commit(commit, &mut found)? {
                return Ok(None);
            }
        }
        search.told(&commits, found)
    }
}

/// A file that counts, and where it was seen first.
struct Found {
    path: RepoPath,
    first: Oid,
}

struct Search<'a> {
    repo: &'a Repo,
    git: Repository,
    wanted: &'a dyn Wanted,
    trees: Trees,
    /// What was judged already, by the path's number.
    verdicts: HashMap<(u32, Oid), bool>,
}

impl Search<'_> {
    /// Looks at what a commit's tree has that no older one had. False when the
    /// search was given up.
    fn commit(&mut self, commit: Oid, found: &mut Vec<Found>) -> Result<bool, RepoError> {
        let tree = tree_of(&self.git, commit)?;
        let Some(new) = self.trees.new_files(&self.git, tree, self.wanted)? else {
            return Ok(false);
        };
        for (number, blob) in new {
            let Some(path) = self.trees.unfound(number) else { continue };
            if self.counts(number, &path, blob)? {
                self.trees.mark_found(number);
                found.push(Found { path, first: commit });
            }
        }
        Ok(true)
    }

    fn counts(&mut self, number: u32, path: &RepoPath, blob: Oid) -> Result<bool, RepoError> {
        if let Some(&verdict) = self.verdicts.get(&(number, blob)) {
            return Ok(verdict);
        }
        let verdict = judge(&self.git, self.wanted, path, blob)?;
        self.verdicts.insert((number, blob), verdict);
        Ok(verdict)
    }

    /// Counts the commits of what was found.
    fn told(self, commits: &[Oid], mut found: Vec<Found>) -> Result<Option<Searched>, RepoError> {
        found.sort_by(|a, b| a.path.cmp(&b.path));
        let more = found.len().saturating_sub(MOST);
        found.truncate(MOST);
        let mut holders = Holders::new(self.wanted, &found);
        let mut git = self.git;
        for (number, &commit) in commits.iter().enumerate() {
            if found.is_empty() {
                break;
            }
            if number % STEP == 0 && !self.wanted.go_on() {
                return Ok(None);
            }
            if number % RENEW == RENEW - 1 {
                git = self.repo.git()?;
            }
            holders.count(&git, commit)?;
        }
        let head = git.head().ok().and_then(|head| head.target());
        let counts = std::mem::take(&mut holders.counts);
        let held = found.iter().zip(counts).enumerate().map(|(index, (found, commits))| {
            Ok(Held {
                path: found.path.clone(),
                first: name(found.first)?,
                date: date(&git, found.first)?,
                commits,
                versions: holders.versions(index),
                in_head: match head {
                    Some(head) => holders.has(&git, head, index)?,
                    None => false,
                },
            })
        });
        let held = held.collect::<Result<Vec<Held>, RepoError>>()?;
        Ok(Some(Searched { commits: commits.len(), held, more }))
    }
}

/// Tells which commits have the files that were found.
struct Holders<'a> {
    wanted: &'a dyn Wanted,
    paths: Vec<&'a RepoPath>,
    counts: Vec<usize>,
    /// Which of the files a root tree has.
    trees: HashMap<Oid, Vec<bool>>,
    verdicts: HashMap<(usize, Oid), bool>,
}

impl<'a> Holders<'a> {
    fn new(wanted: &'a dyn Wanted, found: &'a [Found]) -> Self {
        Self {
            wanted,
            paths: found.iter().map(|found| &found.path).collect(),
            counts: vec![0; found.len()],
            trees: HashMap::new(),
            verdicts: HashMap::new(),
        }
    }

    fn count(&mut self, git: &Repository, commit: Oid) -> Result<(), RepoError> {
        let tree = tree_of(git, commit)?;
        self.read(git, tree)?;
        let has = self.trees.get(&tree).map(Vec::as_slice).unwrap_or_default();
        for (count, &has) in self.counts.iter_mut().zip(has) {
            *count += usize::from(has);
        }
        Ok(())
    }

    fn versions(&self, index: usize) -> usize {
        let counted = |((of, _), counts): (&(usize, Oid), &bool)| *of == index && *counts;
        self.verdicts.iter().filter(|entry| counted(*entry)).count()
    }

    fn has(&mut self, git: &Repository, commit: Oid, index: usize) -> Result<bool, RepoError> {
        let tree = tree_of(git, commit)?;
        self.read(git, tree)?;
        Ok(self.trees.get(&tree).and_then(|has| has.get(index)).copied().unwrap_or(false))
    }

    fn read(&mut self, git: &Repository, oid: Oid) -> Result<(), RepoError> {
        if self.trees.contains_key(&oid) {
            return Ok(());
        }
        let tree = git.find_tree(oid).map_err(|error| missing(git, error, "read a folder"))?;
        let mut has = Vec::with_capacity(self.paths.len());
        for (index, path) in self.paths.iter().enumerate() {
            let blob = match tree.get_path(path.as_path()) {
                Ok(entry) if entry.kind() == Some(ObjectType::Blob) => entry.id(),
                Ok(_) => {
                    has.push(false);
                    continue;
                }
                Err(error) if error.code() == ErrorCode::NotFound => {
                    has.push(false);
                    continue;
                }
                Err(error) => return Err(missing(git, error, "read a folder")),
            };
            has.push(match self.verdicts.get(&(index, blob)) {
                Some(&verdict) => verdict,
                None => {
                    let verdict = judge(git, self.wanted, path, blob)?;
                    self.verdicts.insert((index, blob), verdict);
                    verdict
                }
            });
        }
        self.trees.insert(oid, has);
        Ok(())
    }
}

fn judge(
    git: &Repository,
    wanted: &dyn Wanted,
    path: &RepoPath,
    blob: Oid,
) -> Result<bool, RepoError> {
    let Some(most) = wanted.needs(path) else { return Ok(true) };
    Ok(wanted.counts(path, content(git, blob, most)?.as_deref()))
}

/// All commits, oldest first, none before its parents.
fn commits(git: &Repository) -> Result<Vec<Oid>, RepoError> {
    let failed = |error: git2::Error| missing(git, error, "walk the history");
    let mut walk = git.revwalk().map_err(failed)?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME | Sort::REVERSE).map_err(failed)?;
    for tip in tips(git)? {
        walk.push(tip).map_err(failed)?;
    }
    walk.collect::<Result<Vec<Oid>, git2::Error>>().map_err(failed)
}

/// The commits that `HEAD` and the refs name, each once.
fn tips(git: &Repository) -> Result<HashSet<Oid>, RepoError> {
    let failed = |error: git2::Error| missing(git, error, "read the refs");
    let mut tips = HashSet::new();
    match git.head() {
        Ok(head) => {
            tips.insert(head.peel_to_commit().map_err(failed)?.id());
        }
        Err(error) if error.code() == ErrorCode::UnbornBranch => {}
        Err(error) => return Err(failed(error)),
    }
    for reference in git.references().map_err(failed)? {
        let reference = reference.map_err(failed)?;
        // a symbolic ref names another ref, which is listed itself, or nothing
        let Some(target) = reference.target() else { continue };
        if reference.name_bytes().starts_with(OWN) {
            continue;
        }
        let object = git.find_object(target, None).map_err(failed)?;
        match object.peel(ObjectType::Commit) {
            Ok(commit) => {
                tips.insert(commit.id());
            }
            // a tag of a tree or of a blob, which no commit holds
            Err(error) if error.code() != ErrorCode::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(tips)
}

fn tree_of(git: &Repository, commit: Oid) -> Result<Oid, RepoError> {
    git.find_commit(commit)
        .map(|commit| commit.tree_id())
        .map_err(|error| missing(git, error, "read a commit"))
}

fn date(git: &Repository, commit: Oid) -> Result<Date, RepoError> {
    let commit = git.find_commit(commit).map_err(|error| missing(git, error, "read a commit"))?;
    let moment = Timestamp::from_second(commit.time().seconds());
    Ok(Date::of(moment.unwrap_or(Timestamp::UNIX_EPOCH)))
}

/// A shallow clone ends somewhere: what came before is not here. All worktrees
/// share the file that says so.
fn refuse_shallow(git: &Repository) -> Result<(), RepoError> {
    let ends = git.commondir().join("shallow");
    if git.is_shallow() || ends.metadata().is_ok_and(|meta| meta.len() > 0) {
        return Err(RepoError::Unsupported {
            what: "this is a shallow clone, so most of its history is not here".into(),
            next: "run `git fetch --unshallow` (in CI, check out with `fetch-depth: 0`)".into(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
