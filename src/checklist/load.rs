//! The ways in: find a checklist, load it, or tell all that is wrong with it.

use std::path::Path;

use super::builtin::{self, Builtin};
use super::diagnostic::{Diagnostic, LoadError};
use super::include::Files;
use super::origin::{FileSet, LoadedFile, Named, Origin};
use super::{Checklist, Choice, build, find, merge, words};
use crate::model::{CleanText, RepoPath};
use crate::repo::{Entry, Folder, Located, Repo, RepoError};

/// A checklist that can be used.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// It.
    pub checklist: Checklist,
    /// What should be looked at nevertheless.
    pub warnings: Vec<Diagnostic>,
    /// Every file that it was read from, the chosen one first.
    pub files: Vec<LoadedFile>,
    /// The file that decided which built-in list fits, when one did.
    pub decided_by: Option<RepoPath>,
    /// Files that were meant to be the checklist and are not read, each with the
    /// name that it should have.
    pub misnamed: Vec<find::Misnamed>,
}

/// Loads the checklist that was chosen, from the work tree. `cwd` is where the
/// person stands.
///
/// # Errors
/// All mistakes of all of its files.
pub(crate) fn load(repo: &Repo, choice: &Choice, cwd: &Path) -> Result<Loaded, LoadError> {
    load_from(&repo.folder(), repo.root(), choice, cwd)
}

/// Loads the checklist that was chosen, from any set of files. `root` is the
/// folder on disk that the set stands for and `cwd` where the person stands:
/// both give a path that the person named its place. One that lies outside of
/// `root` is read from the disk.
///
/// # Errors
/// All mistakes of all of its files.
pub(crate) fn load_from(
    files: &dyn FileSet,
    root: &Path,
    choice: &Choice,
    cwd: &Path,
) -> Result<Loaded, LoadError> {
    match choice {
        Choice::Find => {
            let mut warnings = Vec::new();
            let found = find::find(files, &mut warnings)?;
            let loaded = assemble(&found.origin, warnings)?;
            Ok(Loaded { decided_by: found.decided_by, misnamed: found.misnamed, ..loaded })
        }
        Choice::Path(path) => named(files, Some(root), &cwd.join(path), path),
        Choice::Builtin(name) => assemble(&by_name(name)?, Vec::new()),
    }
}

/// Loads a file by itself, inside a repository or not; for `gonogo lint FILE`.
/// `file` is relative to the folder of the process.
///
/// # Errors
/// All mistakes of all of its files.
pub(crate) fn lint_file(repo: Option<&Repo>, file: &Path) -> Result<Loaded, LoadError> {
    match repo {
        Some(repo) => named(&repo.folder(), Some(repo.root()), file, file),
        None => outside(file, file),
    }
}

/// Loads a file under a name that does not depend on where it lies.
#[cfg(test)]
pub(super) fn lint_as(file: &Path, name: &str) -> Result<Loaded, LoadError> {
    outside(file, Path::new(name))
}

/// Loads a built-in checklist.
///
/// # Errors
/// When there is none of that name.
pub(crate) fn lint_builtin(name: &str) -> Result<Loaded, LoadError> {
    assemble(&by_name(name)?, Vec::new())
}

fn by_name(name: &str) -> Result<Origin<'static>, LoadError> {
    let found: Option<&'static Builtin> = builtin::find(name);
    found.map(Origin::Builtin).ok_or_else(|| {
        LoadError::one(
            Diagnostic::error(format!("there is no built-in checklist `{}`", words::shorten(name)))
                .help(builtin::meant(name)),
        )
    })
}

fn outside(path: &Path, shown: &Path) -> Result<Loaded, LoadError> {
    struct Nothing;
    impl FileSet for Nothing {
        fn read(&self, _: &RepoPath, _: u64) -> Result<Option<Vec<u8>>, RepoError> {
            Ok(None)
        }

        fn list(&self, _: Option<&RepoPath>) -> Result<Vec<Entry>, RepoError> {
            Ok(Vec::new())
        }
    }
    named(&Nothing, None, path, shown)
}

/// A file that a person named. Inside the repository it may include any of its
/// files, elsewhere those of its own folder.
fn named(
    files: &dyn FileSet,
    root: Option<&Path>,
    path: &Path,
    shown: &Path,
) -> Result<Loaded, LoadError> {
    let name = CleanText::bytes(shown.as_os_str().as_encoded_bytes());
    let failed = |error: RepoError| {
        LoadError::one(
            Diagnostic::error(error.to_string())
                .help("check that the path is right and that you may read it"),
        )
    };
    let missing = || {
        let looked = CleanText::bytes(path.as_os_str().as_encoded_bytes());
        LoadError::one(Diagnostic::error(format!("there is no checklist `{name}`")).help(format!(
            "looked at `{looked}`; a path is relative to where you stand, and `builtin:NAME` asks for one that comes with gonogo"
        )))
    };
    let load = |file: Named<'_>| match file.set.read(&file.path, 0) {
        Ok(None) => Err(missing()),
        // another error is told with its reason
        _ => assemble(&Origin::File(file), Vec::new()),
    };
    match Folder::locate(root, path).map_err(failed)? {
        Located::Inside(path) => {
            load(Named { set: files, path, name: name.clone(), outside: None })
        }
        Located::Outside { folder, name: file } => {
            let set = match Folder::open(&folder) {
                Ok(set) => set,
                Err(_) => return Err(missing()),
            };
            let outside = Some(set.root());
            load(Named { set: &set, path: file, name: name.clone(), outside })
        }
    }
}

fn assemble(origin: &Origin<'_>, warnings: Vec<Diagnostic>) -> Result<Loaded, LoadError> {
    let mut gathered = Files::gather(origin);
    if !gathered.unmet.is_empty() {
        return Err(LoadError { diagnostics: gathered.unmet });
    }
    let drafts = merge::merge(&mut gathered);
    let checklist = build::build(&mut gathered, drafts);
    let mut told = warnings;
    told.extend(gathered.told.take());
    if told.iter().any(|diagnostic| diagnostic.error) {
        // in order of the files and their lines
        let position = |diagnostic: &Diagnostic| {
            let place = diagnostic.place.as_ref()?;
            let file = gathered.files.iter().position(|file| file.source.name == place.file);
            Some((file, place.line, place.column))
        };
        told.sort_by_cached_key(position);
        return Err(LoadError { diagnostics: told });
    }
    let (files, decided_by, misnamed) = (gathered.loaded, None, Vec::new());
    Ok(Loaded { checklist, warnings: told, files, decided_by, misnamed })
}

#[cfg(test)]
mod files_tests;
#[cfg(test)]
mod rules_tests;
#[cfg(test)]
mod tests;
