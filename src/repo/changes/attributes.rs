//! Attributes (gitattributes(5)) that only this clone knows, and what the tracked
//! ones say alone.
//!
//! An attribute can make a changed file look clean: a filter, an encoding, line
//! ends, `$Id$`. What git tracks says so to everybody; `.git/info/attributes`, the
//! person's and the machine's files and a `.gitattributes` that git does not track
//! say so to nobody else. Of the files that these concern no note of the index is
//! believed, and they are compared as the tracked attributes alone have it.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use git2::{Config, Oid, Repository};

use super::lines::{Line, Value, parse};
use crate::model::RepoPath;
use crate::repo::index::Entries;
use crate::repo::{Repo, RepoError, objects, reader};

const FILE: &str = ".gitattributes";

/// git reads no longer file of attributes, in bytes.
const LONGEST: usize = 100 * 1024 * 1024;

/// Where attributes stand that git does not track.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum OwnAttributes {
    /// `.git/info/attributes`.
    Info,
    /// The person's file, which `core.attributesFile` names.
    Personal,
    /// The machine's, such as `/etc/gitattributes`.
    System,
    /// A `.gitattributes` that is not, or not so, in the index.
    Untracked,
    /// The tree that the setting `attr.tree` names.
    Tree,
}

impl OwnAttributes {
    /// Its name, for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "`.git/info/attributes`",
            Self::Personal => "the file that `core.attributesFile` names",
            Self::System => "the attributes file of this machine",
            Self::Untracked => "a `.gitattributes` that git does not track",
            Self::Tree => "the setting `attr.tree`",
        }
    }
}

/// The attributes that only this clone knows, by where they count.
pub(super) struct Own {
    fold: bool,
    /// All files are concerned.
    all: Option<OwnAttributes>,
    everywhere: Vec<(OwnAttributes, Vec<Line>)>,
    /// By folder.
    folders: BTreeMap<PathBuf, Vec<Line>>,
    /// The `.gitattributes` of the index.
    tracked: Vec<(PathBuf, Oid)>,
    read: OnceLock<BTreeMap<PathBuf, Vec<Line>>>,
}

impl Own {
    /// Reads those that may concern files of these folders.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub(super) fn read(
        repo: &Repo,
        git: &Repository,
        index: &Entries,
        folders: &BTreeSet<&Path>,
    ) -> Result<Self, RepoError> {
        let config = git.config().map_err(RepoError::git("read its configuration"))?;
        let fold = config.get_bool("core.ignorecase").unwrap_or(false);
        let tree =
            config.get_entry("attr.tree").is_ok() || env::var_os("GIT_ATTR_SOURCE").is_some();
        let mut own = Self {
            fold,
            all: tree.then_some(OwnAttributes::Tree),
            everywhere: Vec::new(),
            folders: BTreeMap::new(),
            tracked: tracked(index),
            read: OnceLock::new(),
        };
        own.everywhere(OwnAttributes::Info, &git.commondir().join("info/attributes"))?;
        let personal = match config.get_path("core.attributesfile") {
            Ok(path) => Some(path).filter(|path| !path.as_os_str().is_empty()),
            Err(_) => default_file(),
        };
        if let Some(path) = personal {
            own.everywhere(OwnAttributes::Personal, &repo.root().join(path))?;
        }
        for path in system_files() {
            own.everywhere(OwnAttributes::System, &path)?;
        }
        for folder in folders {
            let named = folder.join(FILE);
            if index.get(named.as_os_str().as_encoded_bytes()).is_some() {
                continue;
            }
            if let Some(bytes) = content(&repo.root().join(&named))? {
                let lines = parse(&bytes, fold);
                own.takes_macros(OwnAttributes::Untracked, &lines);
                own.folders.insert((*folder).to_owned(), lines);
            }
        }
        Ok(own)
    }

    fn everywhere(&mut self, from: OwnAttributes, path: &Path) -> Result<(), RepoError> {
        if let Some(bytes) = content(path)? {
            let lines = parse(&bytes, self.fold);
            self.takes_macros(from, &lines);
            self.everywhere.push((from, lines));
        }
        Ok(())
    }

    /// A macro may be used in any file.
    fn takes_macros(&mut self, from: OwnAttributes, lines: &[Line]) {
        if lines.iter().any(|line| line.defines.is_some() && line.converts()) {
            self.all.get_or_insert(from);
        }
    }

    /// Where an attribute of one's own stands that concerns the content of a file.
    pub(super) fn concerns(&self, path: &RepoPath) -> Option<OwnAttributes> {
        let of = |lines: &[Line], below: &Path| {
            lines.iter().any(|line| line.converts() && line.matches(below))
        };
        let path = path.as_path();
        // one that is tracked may name itself
        if path.file_name().is_some_and(|name| name == FILE) {
            return Some(OwnAttributes::Untracked);
        }
        let everywhere = self.everywhere.iter().find(|(_, lines)| of(lines, path));
        let inside = || {
            if self.folders.is_empty() {
                return None;
            }
            path.ancestors().skip(1).find_map(|folder| {
                let below = path.strip_prefix(folder).ok()?;
                of(self.folders.get(folder)?, below).then_some(OwnAttributes::Untracked)
            })
        };
        self.all.or_else(|| everywhere.map(|(from, _)| *from)).or_else(inside)
    }

    /// What the tracked files alone say of a path.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub(super) fn tracked_value(
        &self,
        git: &Repository,
        path: &RepoPath,
        name: &str,
    ) -> Result<Value, RepoError> {
        let files = match self.read.get() {
            Some(files) => files,
            None => {
                let mut files = BTreeMap::new();
                for (folder, oid) in &self.tracked {
                    let bytes = objects::content(git, *oid, LONGEST)?.unwrap_or_default();
                    files.insert(folder.clone(), parse(&bytes, self.fold));
                }
                self.read.get_or_init(|| files)
            }
        };
        let root = files.get(Path::new("")).map(Vec::as_slice).unwrap_or_default();
        let path = path.as_path();
        for folder in path.ancestors().skip(1) {
            let (Some(lines), Ok(below)) = (files.get(folder), path.strip_prefix(folder)) else {
                continue;
            };
            let matching = lines.iter().rev().filter(|line| line.matches(below));
            if let Some(value) = matching.filter_map(|line| line.value(name, root)).next() {
                return Ok(value);
            }
        }
        Ok(Value::Unspecified)
    }
}

/// The folders of the `.gitattributes` of the index, with their content.
pub(super) fn tracked(index: &Entries) -> Vec<(PathBuf, Oid)> {
    let files =
        index.iter().filter(|entry| entry.is_file() && entry.path.ends_with(FILE.as_bytes()));
    let path = |path: &[u8]| crate::repo::names::path_from_git(path);
    files
        .filter_map(|entry| Some((path(&entry.path)?, entry.oid)))
        .filter(|(path, _)| path.name() == FILE)
        .filter_map(|(path, oid)| Some((path.as_path().parent()?.to_owned(), oid)))
        .collect()
}

/// The bytes of a file, if there is one.
fn content(path: &Path) -> Result<Option<Vec<u8>>, RepoError> {
    use std::io::Read as _;
    let failed = || RepoError::file("read", path);
    match path.metadata() {
        Ok(meta) if meta.is_file() && meta.len() > 0 => {}
        Ok(_) => return Ok(None),
        Err(error) if crate::repo::files::is_missing(&error) => return Ok(None),
        Err(error) => return Err(failed()(error)),
    }
    let mut bytes = Vec::new();
    let file = reader::open(path).map_err(failed())?;
    file.take(LONGEST as u64).read_to_end(&mut bytes).map_err(failed())?;
    Ok(Some(bytes))
}

/// Where git looks when `core.attributesFile` is not set.
fn default_file() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    Some(config.join("git/attributes"))
}

/// Where the machine's file lies, by how git was built.
fn system_files() -> BTreeSet<PathBuf> {
    if env::var_os("GIT_ATTR_NOSYSTEM").is_some_and(|value| !value.is_empty() && value != "0") {
        return BTreeSet::new();
    }
    let beside = Config::find_system().ok().and_then(|path| Some(path.parent()?.to_owned()));
    let usual = ["/etc", "/usr/local/etc", "/opt/homebrew/etc"].map(PathBuf::from);
    usual.into_iter().chain(beside).map(|folder| folder.join("gitattributes")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::{Sandbox, path};
    use crate::repo::{Hidden, Sameness, Untracked};

    /// A committed `app.py` and another one on disk that git was made to take for
    /// the same, by a program that answers with the committed one.
    fn disguised(attributes: &dyn Fn(&Sandbox)) -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.write("sub/app.py", "KEY = 1\n").write("z.txt", "z\n").commit("first");
        sandbox.git(&["config", "filter.hide.clean", "git cat-file blob HEAD:sub/app.py"]);
        attributes(&sandbox);
        sandbox.write("sub/app.py", "KEY = 22\n");
        sandbox.git(&["add", "sub/app.py"]);
        assert_eq!(sandbox.git(&["status", "--porcelain", "-uno"]), "", "git is misled");
        sandbox
    }

    fn told(sandbox: &Sandbox) -> Vec<String> {
        let changes = sandbox.repo().uncommitted(Untracked::None).expect("compared");
        changes.iter().map(|change| format!("{} {:?}", change.path, change.hidden)).collect()
    }

    #[test]
    fn a_filter_of_ones_own_hides_nothing() {
        let info = |text: &'static str| {
            move |sandbox: &Sandbox| {
                sandbox.write(".git/info/attributes", text);
            }
        };
        for text in [
            "app.py filter=hide\n",
            "*.py diff=python filter=hide\n",
            "/sub/*.py filter=hide",
            "\"sub/\\141pp.py\" filter=hide\n",
            "[attr]quiet filter=hide\n*.py quiet\n",
            "# nothing\n* filter=hide\n*.txt -filter\n",
            "sub/** filter=hide\n",
        ] {
            let sandbox = disguised(&info(text));
            assert_eq!(told(&sandbox), ["sub/app.py Some(Attributes(Info))"], "{text}");
            let head = sandbox.repo().commit_named("HEAD").expect("a commit");
            let same = sandbox.repo().same_as_commit(&path("sub/app.py"), &head);
            assert_eq!(same.expect("compared"), Sameness::Differs, "{text}");
        }
        let personal = disguised(&|sandbox| {
            sandbox.write(".git/mine", "*.py filter=hide\n");
            let file = sandbox.path().join(".git/mine");
            sandbox.git(&["config", "core.attributesFile", &file.to_string_lossy()]);
        });
        assert_eq!(told(&personal), ["sub/app.py Some(Attributes(Personal))"]);
        for folder in ["", "sub/"] {
            let untracked = disguised(&|sandbox| {
                sandbox.write(&format!("{folder}.gitattributes"), "*.py filter=hide\n");
            });
            assert_eq!(told(&untracked), ["sub/app.py Some(Attributes(Untracked))"]);
        }
    }

    #[test]
    fn a_file_of_attributes_does_not_hide_itself() {
        let sandbox = Sandbox::new();
        sandbox.write(".gitattributes", "*.txt text\n").commit("first");
        sandbox.git(&["config", "filter.hide.clean", "git cat-file blob HEAD:.gitattributes"]);
        sandbox.write(".gitattributes", ".gitattributes filter=hide\n");
        sandbox.git(&["add", ".gitattributes"]);
        assert_eq!(sandbox.git(&["status", "--porcelain"]), "", "git is misled");
        let hidden = Hidden::Attributes(OwnAttributes::Untracked);
        assert_eq!(told(&sandbox), [format!(".gitattributes Some({hidden:?})")]);
    }

    #[test]
    fn conversions_of_ones_own_hide_nothing() {
        for (attributes, committed, on_disk) in [
            ("* text=auto", "one\n", "one\r\n"),
            ("*.py text", "one\n", "one\r\n"),
            ("*.py eol=crlf", "one\n", "one\r\n"),
            ("*.py crlf", "one\n", "one\r\n"),
            ("*.py ident", "$Id$\n", "$Id: secret $\n"),
            ("*.py working-tree-encoding=UTF-16LE", "o\n", "o\0\n\0"),
        ] {
            let sandbox = Sandbox::new();
            sandbox.write("app.py", committed).commit("first");
            sandbox.write(".git/info/attributes", attributes).write("app.py", on_disk);
            sandbox.git(&["add", "app.py"]);
            assert_eq!(sandbox.git(&["status", "--porcelain"]), "", "{attributes}: git is misled");
            assert_eq!(told(&sandbox), ["app.py Some(Attributes(Info))"], "{attributes}");
        }
    }

    #[test]
    fn what_is_as_committed_is_no_change_whoever_has_attributes() {
        let sandbox = Sandbox::new();
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\nsize 1\n";
        sandbox.write(".gitattributes", "[attr]win text eol=crlf\n*.bin filter=lfs -text\n*.bat win\n*.id ident\nsub/*.raw binary\n");
        sandbox.write("a.bat", "one\r\n").write("a.id", "$Id$\n").write("sub/a.raw", "\r\n");
        sandbox.write("a.py", "one\n").write("a.bin", pointer).commit("first");
        sandbox.write("a.bin", "x").write("a.id", "$Id: 0123 $\n");
        for own in ["* text=auto\n", "* diff=x text eol=lf ident\n", "* -text !eol\n"] {
            sandbox.write(".git/info/attributes", own);
            assert_eq!(told(&sandbox), [""; 0], "{own}");
        }
        // what tells nothing of the content leaves the index's note as it is
        let filtered = Sandbox::new();
        filtered.git(&["config", "filter.crypt.clean", "rev"]);
        filtered.write(".gitattributes", "*.key filter=crypt\n").write("a.key", "abc\n");
        filtered
            .commit("first")
            .write(".git/info/attributes", "*.key diff=crypt linguist-vendored\n");
        assert_eq!(told(&filtered), [""; 0]);
        filtered.write(".git/info/attributes", "* text=auto\n");
        assert_eq!(told(&filtered), [""; 0]);
    }
}
