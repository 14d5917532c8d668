//! The files of a commit, from git's objects.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use git2::{ErrorCode, ObjectType, Oid, Repository, RepositoryOpenFlags};

use super::Tree;
use super::list::{Door, Held, Item, List};
use super::seen::{Meta, Origin};
use super::submodule::unread;
use crate::model::{CleanText, CommitId, RepoPath};
use crate::repo::names::{joined, name, path_from_git};
use crate::repo::{Ignored, Repo, RepoError, ignores, objects};

/// Deeper submodules are none that people made.
const DEEPEST: usize = 16;

/// The files of a commit and of the submodules that it stands on, from git's
/// objects; nothing of the work tree takes part, its configuration neither.
/// Personal ignore rules do not count, and modes are git's.
///
/// An object that is not here, as in a partial clone, is an error of whoever
/// needs it; nothing is fetched.
#[derive(Clone, Debug)]
pub struct Commit {
    repo: Repo,
    id: CommitId,
    list: Arc<List>,
    /// The git folders of the submodules.
    modules: Arc<Vec<PathBuf>>,
}

/// Why git found nothing, in words of our own.
fn unnamed(error: &git2::Error) -> &'static str {
    match error.code() {
        ErrorCode::NotFound => "there is nothing of that name",
        ErrorCode::Ambiguous => "several objects begin so; give more digits",
        ErrorCode::InvalidSpec => "it is not written as git writes revisions",
        _ => "git does not know it",
    }
}

impl Repo {
    /// The commit that a person means: a name of a commit or tag, `HEAD~1`, …
    ///
    /// # Errors
    /// [`RepoError::NoCommit`] when it names none.
    pub fn commit_named(&self, revision: &str) -> Result<CommitId, RepoError> {
        let git = self.git()?;
        let found = git.revparse_single(revision).map_err(|error| unnamed(&error));
        let commit = found.and_then(|found| {
            found.peel_to_commit().map_err(|_| match found.kind() {
                Some(ObjectType::Blob) => "it is a file, not a commit",
                Some(ObjectType::Tree) => "it is a folder, not a commit",
                _ => "it is not a commit",
            })
        });
        match commit {
            Ok(commit) => name(commit.id()),
            Err(reason) => Err(RepoError::NoCommit {
                revision: CleanText::line(revision),
                reason: CleanText::line(reason),
            }),
        }
    }

    /// Whether a name is both a tag's and a branch's.
    pub fn is_tag_and_branch(&self, name: &str) -> bool {
        let Ok(git) = self.git() else { return false };
        let is = |folder: &str| git.find_reference(&format!("refs/{folder}/{name}")).is_ok();
        is("tags") && is("heads")
    }

    /// The content of one file of a commit, by its very name: of a link, what it
    /// holds; nothing when there is none, or when it is larger than `most` bytes.
    ///
    /// # Errors
    /// When the commit or the file is not here.
    pub(crate) fn file_at(
        &self,
        commit: &CommitId,
        path: &RepoPath,
        most: usize,
    ) -> Result<Option<Vec<u8>>, RepoError> {
        let git = self.git()?;
        let failed = |error| objects::missing(&git, error, &format!("read `{path}`"));
        let oid = Oid::from_str(commit.as_str()).map_err(failed)?;
        let tree = git.find_commit(oid).and_then(|commit| commit.tree()).map_err(failed)?;
        match tree.get_path(path.as_path()) {
            Ok(entry) if entry.kind() == Some(ObjectType::Blob) => {
                objects::content(&git, entry.id(), most)
            }
            Ok(_) => Ok(None),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// The files of a commit. Its trees are read now, its files when they are
    /// needed.
    ///
    /// # Errors
    /// When the commit or one of its trees is not here.
    pub fn commit(&self, id: &CommitId) -> Result<Commit, RepoError> {
        let git = self.git()?;
        let failed = |error| objects::missing(&git, error, &format!("read commit {}", id.short()));
        let oid = Oid::from_str(id.as_str()).map_err(failed)?;
        let tree = git.find_commit(oid).map(|commit| commit.tree_id()).map_err(failed)?;
        let mut reading = Reading { list: List::default(), modules: Vec::new() };
        reading.add(self, &git, tree, (Path::new(""), 0, DEEPEST)).map_err(failed)?;
        let Reading { mut list, modules } = reading;
        list.sort();
        Ok(Commit {
            repo: self.clone(),
            id: id.clone(),
            list: Arc::new(list),
            modules: Arc::new(modules),
        })
    }
}

/// A commit while its trees are read.
struct Reading {
    list: List,
    modules: Vec<PathBuf>,
}

impl Reading {
    /// Adds the files of a tree: where it is, which repository holds it, and how
    /// many submodules may follow.
    fn add(
        &mut self,
        outer: &Repo,
        git: &Repository,
        top: Oid,
        (prefix, at, depth): (&Path, usize, usize),
    ) -> Result<(), git2::Error> {
        let mut ahead: Vec<(Vec<u8>, Oid)> = vec![(Vec::new(), top)];
        while let Some((folder, oid)) = ahead.pop() {
            let tree = git.find_tree(oid)?;
            for entry in &tree {
                let bytes = joined(&folder, entry.name_bytes());
                if entry.kind() == Some(ObjectType::Tree) {
                    ahead.push((bytes, entry.id()));
                    continue;
                }
                // a path that no checkout would make
                let Some(within) = path_from_git(&bytes) else { continue };
                let Ok(path) = RepoPath::new(prefix.join(within.as_path())) else { continue };
                match entry.kind() {
                    Some(ObjectType::Blob) => self.list.items.push(Item {
                        path,
                        mode: entry.filemode().cast_unsigned(),
                        oid: entry.id(),
                        at,
                        tracked: true,
                        shown: true,
                    }),
                    Some(ObjectType::Commit) => self.module(outer, path, entry.id(), depth),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn module(&mut self, outer: &Repo, path: RepoPath, commit: Oid, depth: usize) {
        self.list.modules.push((path.clone(), commit));
        let held = || -> Result<(), String> {
            if depth == 0 {
                return Err("lies too deep in others".to_owned());
            }
            let short: String = commit.to_string().chars().take(7).collect();
            let Some(git) = outer.holder_of(&path, commit) else {
                return Err(format!("stands on commit {short}, which is not here"));
            };
            self.modules.push(git.path().to_owned());
            let place = (path.as_path(), self.modules.len(), depth - 1);
            let tree = git.find_commit(commit).map(|commit| commit.tree_id());
            tree.and_then(|tree| self.add(outer, &git, tree, place))
                .map_err(|error| format!("cannot be read ({})", CleanText::line(error.message())))
        };
        let mut held = held;
        if let Err(reason) = held() {
            self.list.unread.push(unread(&path, &reason, commit));
        }
    }
}

impl Held for Commit {
    fn origin(&self) -> Origin {
        Origin::Commit(self.id.clone())
    }

    fn list(&self) -> &List {
        &self.list
    }

    fn door(&self) -> Result<Door<'_>, RepoError> {
        let mut all = vec![self.repo.git()?];
        for module in self.modules.iter() {
            let nothing_above: [&str; 0] = [];
            let flags = RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::BARE;
            let git = Repository::open_ext(module, flags, nothing_above);
            let git = git.map_err(RepoError::git("open a submodule"))?;
            crate::repo::intact::check(git.commondir())?;
            all.push(git);
        }
        Ok(Door::Git(all))
    }

    fn meta(&self, mode: u32, len: u64) -> Meta {
        Meta::in_git(mode, len)
    }

    fn ignored(&self, path: &RepoPath, folder: bool) -> Result<Ignored, RepoError> {
        // git knows no file beyond a link: it is where the link leads
        let path = &match path.as_path().parent().and_then(|above| RepoPath::new(above).ok()) {
            Some(above) => RepoPath::new(self.real(&above)?.as_path().join(path.name()))
                .map_err(|_| RepoError::Outside(path.clone()))?,
            None => path.clone(),
        };
        let holds =
            |module: &RepoPath| module != path && path.as_path().starts_with(module.as_path());
        if let Some((module, commit)) = self.list.modules.iter().find(|(module, _)| holds(module)) {
            let reason = "has ignore rules of its own, which are not read of a revision";
            return Err(RepoError::Unread(unread(module, reason, *commit)));
        }
        let git = self.repo.git()?;
        let failed = |error| objects::missing(&git, error, "read ignore rules");
        let tree = Oid::from_str(self.id.as_str())
            .and_then(|oid| git.find_commit(oid))
            .and_then(|commit| commit.tree())
            .map_err(failed)?;
        let folder = folder
            || tree.get_path(path.as_path()).is_ok_and(|e| e.kind() == Some(ObjectType::Tree));
        let tree = tree.id();
        let rules = ignores::committed_rules(self.repo.git()?, tree, false);
        let rule = rules.ignored(path.as_path(), folder)?;
        Ok(Ignored { here: rule.clone(), shared: rule.clone(), committed: rule })
    }
}
