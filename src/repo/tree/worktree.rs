//! The files on disk.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use super::seen::{Counted, Found, Meta, Origin, Query, Visitors};
use super::submodule::Modules;
use super::{Tree, walk};
use crate::model::RepoPath;
use crate::repo::files::{LARGEST_WHOLE, is_missing};
use crate::repo::names::path_from_git;
use crate::repo::{Ignored, Repo, RepoError, Source, Tracked};

/// The files of a repository's work tree and of its submodules, as they are on
/// disk now. Files that a sparse checkout left out come from the index.
#[derive(Clone, Debug)]
pub struct Worktree {
    repo: Repo,
}

impl Repo {
    /// The files on disk.
    pub fn worktree(&self) -> Worktree {
        Worktree { repo: self.clone() }
    }
}

impl Worktree {
    /// Asks the repository that holds a path (a submodule's, or this one) for
    /// what a sparse checkout left out of it.
    fn not_on_disk<T>(
        &self,
        path: &RepoPath,
        ask: impl FnOnce(&Repo, &Path) -> Result<Option<T>, RepoError>,
    ) -> Result<Option<T>, RepoError> {
        let modules = self.repo.modules()?;
        let resolved = self.repo.absolute(path)?;
        let resolved = resolved.strip_prefix(self.repo.root()).unwrap_or(path.as_path());
        if let Some(unread) = modules.unread_at(resolved) {
            return Err(RepoError::Unread(unread.clone()));
        }
        match modules.holding(resolved) {
            Some((repo, within)) => ask(repo, within),
            None => ask(&self.repo, resolved),
        }
    }
}

impl Tree for Worktree {
    fn origin(&self) -> Origin {
        Origin::Worktree
    }

    fn walk(&self, threads: usize, visitors: Visitors<'_, '_>) -> Result<(), RepoError> {
        walk::all(&self.repo, threads, visitors)
    }

    fn find(&self, wanted: &Query<'_>) -> Result<Option<Found>, RepoError> {
        self.repo.find_all(wanted)
    }

    fn tracked(
        &self,
        keep: &dyn Fn(&RepoPath) -> bool,
        see: &mut dyn FnMut(&Tracked<'_>) -> ControlFlow<()>,
    ) -> Result<Counted, RepoError> {
        let Modules { open, unread } = self.repo.modules()?;
        let mut counted = Counted { files: 0, unread };
        let mut over = tracked(&self.repo, Path::new(""), keep, see, &mut counted.files)?;
        for module in &open {
            if over.is_break() {
                break;
            }
            let files = &mut counted.files;
            over = tracked(&module.repo, module.path.as_path(), keep, see, files)?;
        }
        Ok(counted)
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, RepoError> {
        match self.repo.read(path)? {
            Some(bytes) => Ok(Some(bytes)),
            None => self.not_on_disk(path, |repo, path| repo.left_out(path, LARGEST_WHOLE)),
        }
    }

    fn look(&self, path: Option<&RepoPath>) -> Result<Option<Meta>, RepoError> {
        let Some(path) = path else {
            let root = self.repo.root();
            let meta = root.metadata().map_err(RepoError::file("look at", root))?;
            return Ok(Some(Meta::of(&meta)));
        };
        match self.repo.absolute(path)?.symlink_metadata() {
            Ok(meta) => Ok(Some(Meta::of(&meta))),
            Err(error) if is_missing(&error) => self.not_on_disk(path, Repo::look_left_out),
            Err(error) => Err(RepoError::file("look at", path.as_path())(error)),
        }
    }

    fn real(&self, path: &RepoPath) -> Result<RepoPath, RepoError> {
        let absolute = self.repo.absolute(path)?;
        let inside = absolute.strip_prefix(self.repo.root()).unwrap_or(&absolute);
        RepoPath::new(inside).map_err(|_| RepoError::Outside(path.clone()))
    }

    fn names_in(&self, folder: Option<&RepoPath>) -> Result<Vec<RepoPath>, RepoError> {
        let mut names: BTreeSet<RepoPath> = self.repo.names_in(folder)?.into_iter().collect();
        let top = folder.map_or(Path::new(""), RepoPath::as_path);
        let mut add = |repo: &Repo, within: &Path| -> Result<Option<()>, RepoError> {
            for path in repo.left_out_below(within)? {
                let rest = path.as_path().strip_prefix(within).unwrap_or(path.as_path());
                let name = rest.components().next().map(|name| top.join(name));
                names.extend(name.and_then(|name| RepoPath::new(name).ok()));
            }
            Ok(None)
        };
        match folder {
            Some(folder) => self.not_on_disk(folder, add)?,
            None => add(&self.repo, top)?,
        };
        Ok(names.into_iter().collect())
    }

    fn ignored(&self, path: &RepoPath, folder: bool) -> Result<Ignored, RepoError> {
        let modules = self.repo.modules()?;
        // git knows no file beyond a link: it is where the link leads
        let at = match path.as_path().parent().and_then(|above| RepoPath::new(above).ok()) {
            Some(above) => {
                let above = self.real(&above)?;
                RepoPath::new(above.as_path().join(path.name()))
                    .map_err(|_| RepoError::Outside(path.clone()))?
            }
            None => path.clone(),
        };
        if let Some(unread) = modules.unread_at(at.as_path()).filter(|unread| unread.path != at) {
            return Err(RepoError::Unread(unread.clone()));
        }
        let Some((repo, within)) = modules.holding(at.as_path()) else {
            return self.repo.ignored(&at, folder);
        };
        // the submodule itself is no file of its own
        let Ok(within) = RepoPath::new(within) else { return self.repo.ignored(&at, folder) };
        let top = at.as_path().ancestors().nth(within.as_path().components().count());
        Ok(repo.ignored(&within, folder)?.below(top.unwrap_or(Path::new(""))))
    }

    fn blobs(
        &self,
        keep: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<Vec<(RepoPath, String)>, RepoError> {
        let listing = self.repo.listing()?;
        let mut kept = Vec::new();
        let mut before: &[u8] = &[];
        for entry in listing.iter() {
            // a file in conflict has up to three entries
            if *entry.path != *before
                && let Some(path) = path_from_git(&entry.path).filter(|path| keep(path))
            {
                kept.push((path, entry.oid.to_string()));
            }
            before = &entry.path;
        }
        kept.sort();
        Ok(kept)
    }

    fn submodules(&self) -> Result<Vec<RepoPath>, RepoError> {
        let listing = self.repo.listing()?;
        let modules = listing.iter().filter(|entry| entry.is_submodule());
        let mut paths: Vec<_> = modules.filter_map(|module| path_from_git(&module.path)).collect();
        paths.sort();
        paths.dedup();
        Ok(paths)
    }
}

/// Shows the files of one index.
fn tracked(
    repo: &Repo,
    prefix: &Path,
    keep: &dyn Fn(&RepoPath) -> bool,
    see: &mut dyn FnMut(&Tracked<'_>) -> ControlFlow<()>,
    count: &mut usize,
) -> Result<ControlFlow<()>, RepoError> {
    let listing = repo.listing()?;
    let git = repo.git()?;
    let mut before: &[u8] = &[];
    for entry in listing.iter() {
        if entry.is_submodule() {
            continue;
        }
        // a file in conflict has up to three entries
        *count += usize::from(*entry.path != *before);
        before = &entry.path;
        let path = path_from_git(&entry.path);
        let path = match prefix.as_os_str().is_empty() {
            true => path,
            false => path.and_then(|path| RepoPath::new(prefix.join(path.as_path())).ok()),
        };
        if let Some(path) = path.filter(|path| keep(path)) {
            let source = Source::blob(&git, entry.oid);
            if see(&Tracked { path, is_link: entry.is_link(), source }).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}
