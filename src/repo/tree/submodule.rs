//! Submodules: repositories in the work tree whose files count as the tree's.

use std::path::{Path, PathBuf};

use git2::{Oid, Repository};

use super::walk::{is_repository, regular_or_folder};
use crate::model::{CleanText, RepoPath};
use crate::repo::git::Trees;
use crate::repo::names::path_from_git;
use crate::repo::{Listing, Repo, RepoError, Unread, intact};

/// Deeper ones are not submodules that people made.
const DEEPEST: usize = 16;

/// A submodule that is checked out.
#[derive(Debug)]
pub(in crate::repo) struct Module {
    /// Where it is in the outermost tree.
    pub(in crate::repo) path: RepoPath,
    pub(in crate::repo) repo: Repo,
}

/// The submodules of a work tree and of its submodules.
#[derive(Debug, Default)]
pub(in crate::repo) struct Modules {
    pub(in crate::repo) open: Vec<Module>,
    pub(in crate::repo) unread: Vec<Unread>,
}

impl Modules {
    /// The submodule that a path lies in, and the path within it.
    pub(in crate::repo) fn holding<'m>(&'m self, path: &'m Path) -> Option<(&'m Repo, &'m Path)> {
        // the innermost comes last
        self.open
            .iter()
            .rev()
            .find_map(|module| Some((&module.repo, path.strip_prefix(module.path.as_path()).ok()?)))
    }

    /// Why nothing is known of a path, when it lies in what is not read.
    pub(in crate::repo) fn unread_at(&self, path: &Path) -> Option<&Unread> {
        self.unread.iter().find(|unread| path.starts_with(unread.path.as_path()))
    }
}

impl Repo {
    /// The submodules that the index names, and theirs; outer before inner.
    ///
    /// # Errors
    /// When the index cannot be read. A submodule that cannot be read is told.
    pub(in crate::repo) fn modules(&self) -> Result<Modules, RepoError> {
        let mut modules = Modules::default();
        self.add_modules(Path::new(""), DEEPEST, &mut modules)?;
        Ok(modules)
    }

    fn add_modules(&self, at: &Path, depth: usize, all: &mut Modules) -> Result<(), RepoError> {
        let listing = self.listing()?;
        let mut before: &[u8] = &[];
        for entry in listing.iter().filter(|entry| entry.is_submodule()) {
            if *entry.path == *before {
                continue;
            }
            before = &entry.path;
            let Some(within) = path_from_git(&entry.path) else { continue };
            let Ok(path) = RepoPath::new(at.join(within.as_path())) else { continue };
            let opened = match depth {
                0 => Err("lies too deep in others".to_owned()),
                _ => self.submodule(&within),
            };
            match opened {
                Ok(repo) => {
                    all.open.push(Module { path: path.clone(), repo: repo.clone() });
                    if let Err(error) = repo.add_modules(path.as_path(), depth - 1, all) {
                        all.unread.push(unread(&path, &error.to_string(), entry.oid));
                    }
                }
                Err(reason) => all.unread.push(unread(&path, &reason, entry.oid)),
            }
        }
        Ok(())
    }

    /// The repository that is checked out at a submodule's path, or why there
    /// is none. It must keep its git folder within itself or this repository's:
    /// a `.git` file that leads elsewhere was not written by git.
    pub(in crate::repo) fn submodule(&self, path: &RepoPath) -> Result<Self, String> {
        let root = self.root().join(path.as_path());
        let is_folder = regular_or_folder(self.root(), path.as_path(), true);
        if !is_folder.unwrap_or(false) || !is_repository(&root) {
            return Err("is not checked out".to_owned());
        }
        let git = Repository::open(&root)
            .map_err(|error| format!("cannot be opened ({})", CleanText::line(error.message())))?;
        let git_dir = git.path().canonicalize().map_err(|_| "is not checked out".to_owned())?;
        let own = self.git().map_err(|error| error.to_string())?;
        let shared = own.commondir().canonicalize().unwrap_or_else(|_| self.git_dir().to_owned());
        if !git_dir.starts_with(&root) && !git_dir.starts_with(shared) {
            return Err("keeps its git folder outside of this repository".to_owned());
        }
        Ok(Self { root, git_dir, listing: Listing::default(), trees: Trees::default() })
    }

    /// A repository that has a commit of a submodule: the one that is checked
    /// out, or one that git keeps of those that were.
    pub(in crate::repo) fn holder_of(&self, path: &RepoPath, commit: Oid) -> Option<Repository> {
        let has = |git: &Repository| git.find_commit(commit).is_ok();
        let out = self.submodule(path).ok().and_then(|module| module.git().ok());
        if let Some(git) = out.filter(has) {
            return Some(git);
        }
        let own = self.git().ok()?;
        let mut names = vec![path.as_path().to_owned()];
        names.extend(configured(&own));
        // objects are known by their content, so that any repository will do
        names.into_iter().find_map(|name| {
            let git = Repository::open_bare(own.commondir().join("modules").join(name)).ok()?;
            intact::check(git.commondir()).ok()?;
            Some(git).filter(has)
        })
    }
}

/// The names of the submodules that git's configuration knows.
fn configured(git: &Repository) -> Vec<PathBuf> {
    let mut names = Vec::new();
    let Ok(config) = git.config() else { return names };
    let Ok(mut entries) = config.entries(Some(r"^submodule\..*\.(url|active)$")) else {
        return names;
    };
    while let Some(Ok(entry)) = entries.next() {
        let Ok(key) = entry.name() else { continue };
        let name = key.strip_prefix("submodule.").and_then(|rest| rest.rsplit_once('.'));
        let Some((name, _)) = name else { continue };
        // a name that climbs out is none
        if !name.split('/').any(|part| part == "..")
            && let Ok(name) = RepoPath::new(name)
        {
            names.push(name.as_path().to_owned());
        }
    }
    names
}

/// A submodule of which nothing is known, with a reason that goes on from its name.
pub(super) fn unread(path: &RepoPath, reason: &str, commit: Oid) -> Unread {
    Unread {
        path: path.clone(),
        what: CleanText::line(format!(
            "the submodule `{path}` {reason}, so its files were not read"
        )),
        next: CleanText::line(format!("run `git submodule update --init --recursive -- {path}`")),
        id: Some(commit.to_string()),
    }
}
