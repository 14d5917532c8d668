//! The ways in: find a checklist, load it, or tell all that is wrong with it.

use std::path::{Path, PathBuf};

use super::builtin::{self, Builtin};
use super::diagnostic::{Diagnostic, LoadError};
use super::include::{Files, OnDisk, Origin};
use super::{Checklist, Choice, build, find, merge, words};
use crate::model::CleanText;
use crate::repo::Repo;

/// A checklist that can be used.
#[derive(Debug)]
pub struct Loaded {
    /// It.
    pub checklist: Checklist,
    /// What should be looked at nevertheless.
    pub warnings: Vec<Diagnostic>,
    /// Its files on the disk, the chosen one first; none for a built-in one.
    pub files: Vec<PathBuf>,
}

/// Loads the checklist that was chosen. `cwd` is where the person stands.
///
/// # Errors
/// All mistakes of all of its files.
pub fn load(repo: &Repo, choice: &Choice, cwd: &Path) -> Result<Loaded, LoadError> {
    let mut warnings = Vec::new();
    let origin = match choice {
        Choice::Find => find::find(repo, &mut warnings)?,
        Choice::Path(path) => on_disk(&cwd.join(path), path, Some(repo.root()))?,
        Choice::Builtin(name) => by_name(name)?,
    };
    load_from(&origin, warnings)
}

/// Loads a file by itself, inside a repository or not; for `gonogo lint FILE`.
/// `file` is relative to the folder of the process.
///
/// # Errors
/// All mistakes of all of its files.
pub fn lint_file(repo: Option<&Repo>, file: &Path) -> Result<Loaded, LoadError> {
    load_from(&on_disk(file, file, repo.map(Repo::root))?, Vec::new())
}

/// Loads a file under a name that does not depend on where it lies.
#[cfg(test)]
pub(super) fn lint_as(file: &Path, name: &str) -> Result<Loaded, LoadError> {
    load_from(&on_disk(file, Path::new(name), None)?, Vec::new())
}

/// Loads a built-in checklist.
///
/// # Errors
/// When there is none of that name.
pub fn lint_builtin(name: &str) -> Result<Loaded, LoadError> {
    load_from(&by_name(name)?, Vec::new())
}

fn by_name(name: &str) -> Result<Origin, LoadError> {
    let found: Option<&'static Builtin> = builtin::find(name);
    found.map(Origin::Builtin).ok_or_else(|| {
        LoadError::one(
            Diagnostic::error(format!("there is no built-in checklist `{}`", words::shorten(name)))
                .help(builtin::meant(name)),
        )
    })
}

/// A file that was named by a person. Inside the repository it may include any
/// of its files, elsewhere those of its own folder.
pub(super) fn on_disk(path: &Path, shown: &Path, root: Option<&Path>) -> Result<Origin, LoadError> {
    let shown = CleanText::bytes(shown.as_os_str().as_encoded_bytes());
    let path = path.canonicalize().map_err(|error| {
        let told = match error.kind() {
            std::io::ErrorKind::NotFound => {
                let looked = CleanText::bytes(path.as_os_str().as_encoded_bytes());
                Diagnostic::error(format!("there is no checklist `{shown}`")).help(format!(
                    "looked at `{looked}`; a path is relative to where you stand, and `builtin:NAME` asks for one that gonogo brings along"
                ))
            }
            _ => Diagnostic::error(format!("could not read `{shown}`: {error}"))
                .help("check that you may read it"),
        };
        LoadError::one(told)
    })?;
    let root = root.and_then(|root| root.canonicalize().ok());
    let inside = root.filter(|root| path.starts_with(root));
    let fence = inside.or_else(|| path.parent().map(Path::to_path_buf)).unwrap_or_default();
    let within = path.strip_prefix(&fence).unwrap_or(&path);
    let folder = within.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok(Origin::Disk(OnDisk { name: shown, folder, fence, path }))
}

fn load_from(origin: &Origin, warnings: Vec<Diagnostic>) -> Result<Loaded, LoadError> {
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
    Ok(Loaded { checklist, warnings: told, files: gathered.paths })
}

#[cfg(test)]
mod rules_tests;
#[cfg(test)]
mod tests;
