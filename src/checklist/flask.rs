//! Whether a repository's code says that it is a Flask app.

use std::ffi::OsStr;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::origin::FileSet;
use crate::model::RepoPath;
use crate::repo::{Entry, EntryKind};

/// Folders are opened level by level, so many at most; that bounds the time, whatever the
/// size of the repository. (git's index would name the same files, but reading one
/// of 100,000 entries alone takes some 30 ms.)
const MOST_FOLDERS: usize = 300;
/// Names that are looked at.
const MOST_NAMES: usize = 10_000;
/// Files that are opened.
const MOST_FILES: usize = 200;
/// Bytes that are read in all.
const MOST_BYTES: u64 = 2 << 20;
/// Bytes of one file; imports stand at its top.
const MOST_OF_ONE: u64 = 64 << 10;

/// The file by which a repository depends on Flask, or the Python file of it
/// that imports Flask. Shallow files are looked at first; what is hidden, linked
/// or other people's is not looked at.
pub(super) fn is_flask(files: &dyn FileSet) -> Option<RepoPath> {
    let mut search = Search {
        set: files,
        folders: MOST_FOLDERS,
        names: MOST_NAMES,
        files: MOST_FILES,
        bytes: MOST_BYTES,
    };
    let mut level: Vec<Option<RepoPath>> = vec![None];
    while !level.is_empty() {
        let seen = search.level(&level);
        let lists = seen.lists.into_iter().map(|file| (file, &DEPENDS));
        let code = seen.code.into_iter().map(|file| (file, &IMPORTS));
        for (file, shape) in lists.chain(code) {
            if search.says(&file, shape) {
                return Some(file);
            }
        }
        level = seen.folders;
    }
    None
}

/// What may still be looked at.
struct Search<'a> {
    set: &'a dyn FileSet,
    folders: usize,
    names: usize,
    files: usize,
    bytes: u64,
}

/// What a level of folders holds.
#[derive(Default)]
struct Level {
    /// Files that list dependencies.
    lists: Vec<RepoPath>,
    /// Python files.
    code: Vec<RepoPath>,
    folders: Vec<Option<RepoPath>>,
}

impl Search<'_> {
    fn level(&mut self, folders: &[Option<RepoPath>]) -> Level {
        let mut level = Level::default();
        for folder in folders {
            if self.folders == 0 || self.names == 0 {
                break;
            }
            self.folders -= 1;
            // one that cannot be listed decides nothing
            let mut within = self.set.list(folder.as_ref()).unwrap_or_default();
            within.truncate(self.names);
            self.names -= within.len();
            // a virtual environment, whatever it is called
            if within.iter().any(|entry| entry.path.name() == "pyvenv.cfg") {
                continue;
            }
            for Entry { path, kind } in within {
                let name = path.name().as_encoded_bytes();
                let of_folder = folder.as_ref().map(|folder| folder.name());
                match kind {
                    EntryKind::Folder if !is_foreign(name) => level.folders.push(Some(path)),
                    EntryKind::File if lists_dependencies(of_folder, name) => {
                        level.lists.push(path);
                    }
                    EntryKind::File if is_python(name) => level.code.push(path),
                    _ => {}
                }
            }
        }
        level.lists.sort();
        level.code.sort();
        level.folders.sort();
        level
    }

    fn says(&mut self, file: &RepoPath, shape: &LazyLock<Option<Regex>>) -> bool {
        if self.files == 0 || self.bytes == 0 {
            return false;
        }
        self.files -= 1;
        let start = self.set.read(file, self.bytes.min(MOST_OF_ONE)).ok().flatten();
        let bytes = as_utf8(start.unwrap_or_default());
        self.bytes = self.bytes.saturating_sub(bytes.len() as u64);
        shape.as_ref().is_some_and(|shape| shape.is_match(&bytes))
    }
}

fn is_python(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(b".py") || name.ends_with(b".pyw")
}

/// Hidden folders, and other people's code.
fn is_foreign(name: &[u8]) -> bool {
    name.starts_with(b".")
        || matches!(name, b"node_modules" | b"site-packages" | b"vendor" | b"venv")
}

fn lists_dependencies(folder: Option<&OsStr>, name: &[u8]) -> bool {
    let is_list = name.ends_with(b".txt") || name.ends_with(b".in");
    let in_requirements = || folder.is_some_and(|name| name == "requirements");
    matches!(name, b"pyproject.toml" | b"Pipfile" | b"setup.cfg" | b"setup.py")
        || is_list && (name.starts_with(b"requirements") || in_requirements())
}

/// UTF-16 made UTF-8: pip reads such lists too.
fn as_utf8(bytes: Vec<u8>) -> Vec<u8> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units).into_bytes()
    };
    match bytes.get(..2) {
        Some([0xff, 0xfe]) => wide(u16::from_le_bytes),
        Some([0xfe, 0xff]) => wide(u16::from_be_bytes),
        _ => bytes,
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
    fn lists_of_dependencies() {
        let lists = |path: &str| {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            lists_dependencies(std::path::Path::new(folder).file_name(), name.as_bytes())
        };
        for yes in [
            "requirements.txt",
            "a/requirements-dev.txt",
            "requirements/base.txt",
            "Pipfile",
            "requirements.in",
        ] {
            assert!(lists(yes), "{yes}");
        }
        for no in ["readme.txt", "requirements.md", "a/b.txt"] {
            assert!(!lists(no), "{no}");
        }
    }
}
