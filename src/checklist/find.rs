//! Which checklist a repository means when nobody names one.

use std::fs;
use std::path::Path;

use super::builtin::{self, FLASK, GENERAL};
use super::diagnostic::{Diagnostic, LoadError};
use super::flask;
use super::include::Origin;
use super::load::on_disk;
use crate::repo::Repo;

/// Where a repository keeps its checklist, the first that is there.
const OWN: [&str; 2] = [".gonogo/checklist.yaml", ".gonogo.yaml"];
/// Spellings that are not looked at, and what was meant.
const MISSPELLED: [(&str, &str); 3] =
    [(".gonogo/checklist.yml", OWN[0]), (".gonogo.yml", OWN[1]), ("gonogo.yaml", OWN[1])];

/// The repository's own checklist, else the built-in one that fits it.
pub(super) fn find(repo: &Repo, warnings: &mut Vec<Diagnostic>) -> Result<Origin, LoadError> {
    let there = |name: &&&str| fs::symlink_metadata(repo.root().join(name)).is_ok();
    let mut own = OWN.iter().filter(there);
    if let Some(name) = own.next() {
        if let Some(second) = own.next() {
            warnings.push(
                Diagnostic::warning(format!("`{second}` is not read, since there is `{name}`"))
                    .help("keep one of them"),
            );
        }
        return own_file(repo, name);
    }
    for (wrong, right) in MISSPELLED {
        if there(&&wrong) {
            warnings.push(
                Diagnostic::warning(format!("`{wrong}` is not read"))
                    .help(format!("rename it to `{right}`")),
            );
        }
    }
    let name = if flask::is_flask(repo.root()) { FLASK } else { GENERAL };
    match builtin::find(name) {
        Some(found) => Ok(Origin::Builtin(found)),
        None => Err(LoadError::one(Diagnostic::error("no checklist is built in"))),
    }
}

fn own_file(repo: &Repo, name: &str) -> Result<Origin, LoadError> {
    let origin = on_disk(&repo.root().join(name), Path::new(name), Some(repo.root()))?;
    let outside = match (&origin, repo.root().canonicalize()) {
        (Origin::Disk(disk), Ok(root)) => !disk.path.starts_with(root),
        _ => false,
    };
    if outside {
        return Err(LoadError::one(
            Diagnostic::error(format!("`{name}` is a link that leads outside the repository"))
                .help("put the file itself there, or name the other one with `--checklist`"),
        ));
    }
    Ok(origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::Sandbox;

    fn found(sandbox: &Sandbox) -> (String, Vec<String>) {
        let mut warnings = Vec::new();
        let origin = find(&sandbox.repo(), &mut warnings).expect("found");
        (origin.name().to_string(), warnings.iter().map(ToString::to_string).collect())
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
