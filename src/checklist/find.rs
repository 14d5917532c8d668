//! Which checklist a repository means when nobody names one.

use super::builtin::{self, FLASK, GENERAL};
use super::diagnostic::{Diagnostic, LoadError};
use super::flask;
use super::origin::{FileSet, Named, Origin};
use crate::model::{CleanText, RepoPath};
use crate::repo::{Entry, EntryKind, RepoError};

/// Where a repository keeps its checklist, the first that is there.
pub(crate) const OWN: [&str; 2] = [".gonogo/checklist.yaml", ".gonogo.yaml"];
/// Its folder, when it has one.
const FOLDER: &str = ".gonogo";
/// Spellings that are not looked at, and what was meant; capital letters do not matter.
const MISSPELLED: [(&str, &str); 7] = [
    (".gonogo/checklist.yaml", OWN[0]),
    (".gonogo/checklist.yml", OWN[0]),
    (".gonogo/gonogo.yaml", OWN[0]),
    (".gonogo.yaml", OWN[1]),
    (".gonogo.yml", OWN[1]),
    ("gonogo.yaml", OWN[1]),
    ("gonogo.yml", OWN[1]),
];

/// The checklist that was found.
pub(super) struct Found<'a> {
    pub origin: Origin<'a>,
    /// The file that decided which built-in list it is.
    pub decided_by: Option<RepoPath>,
    /// Files that were meant to be the checklist and are not read, by their names,
    /// each with the name that it should have.
    pub misnamed: Vec<Misnamed>,
}

/// A file with nearly the name of a checklist, and that name.
pub(crate) type Misnamed = (RepoPath, &'static str);

/// The repository's own checklist, else the built-in one that fits it.
pub(super) fn find<'a>(
    files: &'a dyn FileSet,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Found<'a>, LoadError> {
    let names = Names::of(files);
    let mut own = OWN.iter().filter(|name| names.has(name));
    if let Some(name) = own.next() {
        if let Some(second) = own.next() {
            warnings.push(
                Diagnostic::warning(format!("`{second}` is not read, since there is `{name}`"))
                    .help("keep one of them"),
            );
        }
        let origin = own_file(files, name)?;
        return Ok(Found { origin, decided_by: None, misnamed: Vec::new() });
    }
    let misnamed = names.misnamed();
    for (wrong, right) in &misnamed {
        warnings.push(
            Diagnostic::warning(format!("`{wrong}` is not read"))
                .help(format!("rename it to `{right}`")),
        );
    }
    let flask = flask::is_flask(files);
    match builtin::find(if flask.is_some() { FLASK } else { GENERAL }) {
        Some(found) => Ok(Found { origin: Origin::Builtin(found), decided_by: flask, misnamed }),
        None => Err(LoadError::one(Diagnostic::error("no checklist is built in"))),
    }
}

/// What lies where a checklist may lie, links that lead nowhere among it: such a
/// link is a mistake, and not the absence of a checklist.
struct Names<'a> {
    files: &'a dyn FileSet,
    listed: Vec<Entry>,
}

impl<'a> Names<'a> {
    fn of(files: &'a dyn FileSet) -> Self {
        // a folder too large to list is asked name by name
        let mut listed = files.list(None).unwrap_or_default();
        let is_own = |entry: &&Entry| entry.path.to_string().eq_ignore_ascii_case(FOLDER);
        let folders: Vec<RepoPath> =
            listed.iter().filter(is_own).map(|entry| entry.path.clone()).collect();
        listed.extend(folders.iter().flat_map(|one| files.list(Some(one)).unwrap_or_default()));
        Self { files, listed }
    }

    fn misnamed(&self) -> Vec<Misnamed> {
        let meant = |entry: &Entry| {
            let name = entry.path.to_string().to_lowercase();
            let (_, right) = MISSPELLED.iter().find(|(wrong, _)| *wrong == name)?;
            (entry.kind != EntryKind::Folder).then(|| (entry.path.clone(), *right))
        };
        let mut found: Vec<Misnamed> = self.listed.iter().filter_map(meant).collect();
        // what could not be listed
        for (wrong, right) in MISSPELLED.iter().filter(|(wrong, _)| !OWN.contains(wrong)) {
            let path = RepoPath::new(wrong).ok().filter(|_| self.has(wrong));
            found.extend(path.map(|path| (path, *right)));
        }
        found.sort();
        found.dedup();
        found
    }

    fn has(&self, name: &str) -> bool {
        let is_there = |path: &RepoPath| match self.files.read(path, 0) {
            Ok(None) => self.listed.iter().any(|entry| &entry.path == path),
            // what cannot be read is there
            Ok(Some(_)) | Err(_) => true,
        };
        RepoPath::new(name).is_ok_and(|path| is_there(&path))
    }
}

fn own_file<'a>(files: &'a dyn FileSet, name: &str) -> Result<Origin<'a>, LoadError> {
    let failed = |message: String| LoadError::one(Diagnostic::error(message));
    let path = RepoPath::new(name).map_err(|error| failed(error.to_string()))?;
    if let Err(RepoError::Outside(_)) = files.read(&path, 0) {
        return Err(LoadError::one(
            Diagnostic::error(format!("`{name}` is a link that leads outside the repository"))
                .help("put the file itself there, or name the other one with `--checklist`"),
        ));
    }
    Ok(Origin::File(Named { set: files, path, name: CleanText::line(name), outside: None }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::Sandbox;

    fn found(sandbox: &Sandbox) -> (String, Vec<String>) {
        let mut warnings = Vec::new();
        let folder = sandbox.repo().folder();
        let found = find(&folder, &mut warnings).expect("found");
        (found.origin.name().to_string(), warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_repositorys_own_comes_first() {
        let sandbox = Sandbox::new();
        sandbox.write("requirements.txt", "flask");
        assert_eq!(found(&sandbox), ("builtin:flask-production".into(), vec![]));
        sandbox.write(".gonogo.yml", "");
        let (name, warnings) = found(&sandbox);
        assert_eq!(name, "builtin:flask-production");
        assert_eq!(warnings, ["`.gonogo.yml` is not read; rename it to `.gonogo.yaml`"]);
        sandbox.write(".gonogo.yaml", "");
        assert_eq!(found(&sandbox), (".gonogo.yaml".into(), vec![]));
        sandbox.write(".gonogo/checklist.yaml", "");
        let (name, warnings) = found(&sandbox);
        assert_eq!(name, ".gonogo/checklist.yaml");
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn a_flask_app_by_its_code() {
        let cases: [(&str, &str, bool); 7] = [
            ("requirements.txt", "Flask==3.0\n", true),
            ("deploy/requirements/prod.txt", "flask-login\n", true),
            ("pyproject.toml", "[project]\ndependencies = [\"flask\"]\n", true),
            ("shop/web/app.py", "from flask import Flask\n", true),
            ("shop/web/app.py", "import django\n", false),
            ("venv/lib/flask/app.py", "import flask\n", false),
            ("README.md", "flask\n", false),
        ];
        for (path, content, flask) in cases {
            let sandbox = Sandbox::new();
            sandbox.write(path, content).commit("first");
            let expected = if flask { "builtin:flask-production" } else { "builtin:general" };
            assert_eq!(found(&sandbox).0, expected, "{path}");
        }
    }

    #[test]
    fn a_list_in_utf_16_is_read() {
        let sandbox = Sandbox::new();
        let wide: Vec<u8> =
            "\u{feff}flask==2.3\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        std::fs::write(sandbox.path().join("requirements.txt"), wide).expect("written");
        assert_eq!(found(&sandbox).0, "builtin:flask-production");
    }
}
