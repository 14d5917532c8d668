//! Which checklist a repository means when nobody names one.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::builtin::{self, FLASK, GENERAL};
use super::diagnostic::{Diagnostic, LoadError};
use super::include::Origin;
use super::load::on_disk;
use crate::model::RepoPath;
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
    let name = if is_flask(repo) { FLASK } else { GENERAL };
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

/// Python files that are looked at, shallow ones first.
const MOST_FILES: usize = 200;
/// Bytes that are looked at in all.
const MOST_BYTES: u64 = 2 << 20;
/// Bytes of one file; imports stand at its top.
const MOST_OF_ONE: u64 = 64 << 10;

/// Whether a repository's code says that it is a Flask app: it depends on Flask,
/// or a Python file imports it.
fn is_flask(repo: &Repo) -> bool {
    let mut left = MOST_BYTES;
    candidates(repo).iter().any(|path| looks_like_flask(repo, path, &mut left))
}

/// Files that may say so: those that list dependencies first, then Python
/// files, shallow ones first.
fn candidates(repo: &Repo) -> Vec<RepoPath> {
    let mut found: Vec<(bool, usize, RepoPath)> = Vec::new();
    let mut add = |path: &[u8]| {
        let (lists, python) = (lists_dependencies(path), path.ends_with(b".py"));
        if (lists || python)
            && !is_foreign(path)
            && let Ok(text) = std::str::from_utf8(path)
            && let Ok(path) = RepoPath::new(text)
        {
            found.push((!lists, text.matches('/').count(), path));
        }
    };
    // what lies at the top counts before it is tracked, too
    for entry in fs::read_dir(repo.root()).into_iter().flatten().take(1000).flatten() {
        add(entry.file_name().as_encoded_bytes());
    }
    if let Ok(index) = repo.git().and_then(|git| {
        git.index().map_err(|error| crate::repo::RepoError::Git {
            doing: "read the index".to_owned(),
            reason: error.message().into(),
        })
    }) {
        for entry in index.iter() {
            add(&entry.path);
        }
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST_FILES);
    found.into_iter().map(|(_, _, path)| path).collect()
}

/// Other people's code in the repository says nothing about the app.
fn is_foreign(path: &[u8]) -> bool {
    path.split(|&b| b == b'/').any(|part| {
        matches!(part, b"node_modules" | b"site-packages" | b"vendor" | b"venv" | b".venv")
    })
}

fn lists_dependencies(path: &[u8]) -> bool {
    let mut parts = path.rsplit(|&b| b == b'/');
    let name = parts.next().unwrap_or_default();
    let in_requirements = parts.next() == Some(b"requirements");
    let is_list = name.ends_with(b".txt") || name.ends_with(b".in");
    matches!(name, b"pyproject.toml" | b"Pipfile" | b"setup.cfg" | b"setup.py")
        || is_list && (in_requirements || name.starts_with(b"requirements"))
}

fn looks_like_flask(repo: &Repo, path: &RepoPath, left: &mut u64) -> bool {
    let Some(bytes) = read_start(repo, path, (*left).min(MOST_OF_ONE)) else {
        return false;
    };
    *left = left.saturating_sub(bytes.len() as u64);
    let shape = if path.extension() == Some("py") && path.name() != "setup.py" {
        &IMPORTS
    } else {
        &DEPENDS
    };
    shape.as_ref().is_some_and(|shape| shape.is_match(&bytes))
}

/// The beginning of a regular file, UTF-16 made UTF-8: pip reads such lists too.
fn read_start(repo: &Repo, path: &RepoPath, most: u64) -> Option<Vec<u8>> {
    if most == 0 {
        return None;
    }
    let path = repo.absolute(path).ok()?;
    if !fs::metadata(&path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units).into_bytes()
    };
    match bytes.get(..2) {
        Some([0xff, 0xfe]) => Some(wide(u16::from_le_bytes)),
        Some([0xfe, 0xff]) => Some(wide(u16::from_be_bytes)),
        _ => Some(bytes),
    }
}

/// A line or a quoted text that begins with `flask` or an extension's name, and
/// goes on as a dependency does.
static DEPENDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?im)(?:^[ \t\u{feff}]*|["'])flask(?:[-_.][\w.-]+)?[ \t]*(?:$|\r|["'#;,<>=~!@\[]|-r\b)"#,
    )
    .ok()
});

static IMPORTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^[ \t]*(?:from[ \t]+flask(?:[._]\w+)*[ \t]+import\b|import[ \t]+(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*flask(?:[._]\w+)*\b)",
    )
    .ok()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies() {
        let depends = DEPENDS.as_ref().expect("compiles");
        for yes in [
            "flask",
            "Flask==2.3",
            "click\nFlask>=2 # web\n",
            "  flask[async]~=3",
            "flask-login",
            "Flask_SQLAlchemy==3.1",
            "flask\r\n",
            "\u{feff}Flask==2",
            "dependencies = [\"flask>=3\"]",
            "Flask = \"^3\"",
            "install_requires=['Flask']",
            "flask ; python_version > '3'",
            "flask @ git+https://x",
            "[packages]\nflask = \"*\"",
        ] {
            assert!(depends.is_match(yes.as_bytes()), "{yes:?}");
        }
        for no in [
            "# flask was here",
            "django",
            "description = \"Flask alternatives\"",
            "myflask==1",
            "description = \"a flask\"",
            "flaskish==1",
            "quart  # like flask",
        ] {
            assert!(!depends.is_match(no.as_bytes()), "{no:?}");
        }
    }

    #[test]
    fn imports() {
        let imports = IMPORTS.as_ref().expect("compiles");
        for yes in [
            "from flask import Flask",
            "import flask",
            "import os, flask",
            "  from flask.views import V",
            "import os\nfrom flask_login import x",
            "import flask as f",
            "import a as b, flask",
        ] {
            assert!(imports.is_match(yes.as_bytes()), "{yes:?}");
        }
        for no in [
            "# from flask import",
            "from flaskish import x",
            "import myflask",
            "x = 'import flask'",
        ] {
            assert!(!imports.is_match(no.as_bytes()), "{no:?}");
        }
    }

    #[test]
    fn lists() {
        for yes in [
            "requirements.txt",
            "a/requirements-dev.txt",
            "requirements/base.txt",
            "Pipfile",
            "requirements.in",
        ] {
            assert!(lists_dependencies(yes.as_bytes()), "{yes}");
        }
        for no in ["readme.txt", "requirements.md", "a/b.txt"] {
            assert!(!lists_dependencies(no.as_bytes()), "{no}");
        }
    }
}
