//! Where a checklist's files come from, and how they are read.

use std::path::{Path, PathBuf};

use super::builtin::{self, Builtin};
use super::diagnostic::{Diagnostic, Spot};
use super::guard::LARGEST;
use super::source::Source;
use super::words;
use crate::model::{CleanText, Digest, PathError, RepoPath};
use crate::repo::{Entry, Folder, RepoError};

/// A set of files that a checklist can be read from: the work tree, a commit,
/// files in memory. Paths are relative to its top and never lead out of it.
pub(crate) trait FileSet {
    /// The beginning of a file, at most so many bytes, links followed; nothing
    /// when there is no such file.
    ///
    /// # Errors
    /// When it leads outside, is not a regular file, or cannot be read.
    fn read(&self, path: &RepoPath, most: u64) -> Result<Option<Vec<u8>>, RepoError>;

    /// What lies directly in a folder (the top, when it is none), in order;
    /// nothing when there is no such folder.
    ///
    /// # Errors
    /// When it leads outside or cannot be listed.
    fn list(&self, folder: Option<&RepoPath>) -> Result<Vec<Entry>, RepoError>;
}

impl FileSet for Folder {
    fn read(&self, path: &RepoPath, most: u64) -> Result<Option<Vec<u8>>, RepoError> {
        Self::read(self, path, most)
    }

    fn list(&self, folder: Option<&RepoPath>) -> Result<Vec<Entry>, RepoError> {
        Self::list(self, folder)
    }
}

/// One of the files that a checklist was read from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LoadedFile {
    /// Where it came from.
    pub from: LoadedFrom,
    /// Of its text; how its lines end does not matter.
    pub digest: Digest,
}

impl LoadedFile {
    /// Whether a file's content is what was read; how its lines end does not
    /// matter.
    pub(crate) fn is_still(&self, content: &[u8]) -> bool {
        let text = std::str::from_utf8(content);
        text.is_ok_and(|text| {
            digest(&Source::new(CleanText::default(), text.to_owned()).text) == self.digest
        })
    }
}

/// Where a file of a checklist came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum LoadedFrom {
    /// A file of the set that was read.
    Inside(RepoPath),
    /// A file that a person named and that lies outside, or what it includes.
    Outside(PathBuf),
    /// It came with gonogo.
    Builtin(&'static str),
}

/// A file that is to be read.
#[derive(Clone)]
pub(super) enum Origin<'a> {
    Builtin(&'static Builtin),
    File(Named<'a>),
}

/// A file of a set.
#[derive(Clone)]
pub(super) struct Named<'a> {
    pub set: &'a dyn FileSet,
    pub path: RepoPath,
    /// For people.
    pub name: CleanText,
    /// The folder that the set is, when it is not the repository.
    pub outside: Option<&'a Path>,
}

impl<'a> Origin<'a> {
    /// Where it comes from; two of the same are the same file.
    pub(super) fn from(&self) -> LoadedFrom {
        match self {
            Self::Builtin(builtin) => LoadedFrom::Builtin(builtin.name),
            Self::File(named) => match named.outside {
                Some(folder) => LoadedFrom::Outside(folder.join(named.path.as_path())),
                None => LoadedFrom::Inside(named.path.clone()),
            },
        }
    }

    pub(super) fn name(&self) -> CleanText {
        match self {
            Self::Builtin(builtin) => CleanText::line(format!("builtin:{}", builtin.name)),
            Self::File(named) => named.name.clone(),
        }
    }

    pub(super) fn read(&self) -> Result<Source, Diagnostic> {
        match self {
            Self::Builtin(builtin) => Ok(Source::new(self.name(), builtin.text.to_owned())),
            Self::File(named) => named.read(),
        }
    }

    /// What an entry of `include` in this file means.
    pub(super) fn resolve(&self, include: &str) -> Result<Origin<'a>, Diagnostic> {
        let shown = words::shorten(include);
        if let Some(name) = include.strip_prefix("builtin:") {
            return builtin::find(name).map(Origin::Builtin).ok_or_else(|| {
                Diagnostic::error(format!("there is no built-in checklist `{shown}`"))
                    .help(builtin::meant(name))
            });
        }
        let Self::File(named) = self else {
            return Err(Diagnostic::error("a built-in checklist includes only built-in ones"));
        };
        named.include(include, &shown).map(Origin::File)
    }
}

impl Named<'_> {
    fn read(&self) -> Result<Source, Diagnostic> {
        let name = &self.name;
        let bytes = match self.set.read(&self.path, LARGEST + 1) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Err(self.not_there()),
            Err(RepoError::Outside(_)) => return Err(outside(name.as_str())),
            Err(error) => {
                return Err(Diagnostic::error(error.to_string())
                    .help("check that it is a checklist in YAML and that you may read it"));
            }
        };
        if bytes.len() as u64 > LARGEST {
            return Err(Diagnostic::error(format!(
                "`{name}` is larger than {} MiB",
                LARGEST >> 20
            ))
            .help("is it a checklist? If so, split it, and include its parts"));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Source::new(name.clone(), text)),
            Err(error) => Err(no_text(name, error.as_bytes(), error.utf8_error().valid_up_to())),
        }
    }

    fn include(&self, include: &str, shown: &str) -> Result<Self, Diagnostic> {
        let is_yaml = Path::new(include).extension().is_some_and(|extension| {
            extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
        });
        if !is_yaml {
            let near = builtin::find(include)
                .map(|found| format!("did you mean `builtin:{}`?", found.name));
            let told = Diagnostic::error(format!("`{shown}` does not name a YAML file"));
            return Err(told.help(near.unwrap_or_else(|| {
                "include `builtin:NAME`, or a path that ends in `.yaml` or `.yml`".to_owned()
            })));
        }
        if Path::new(include).is_absolute() {
            let told = PathError::Absolute(CleanText::line(shown)).to_string();
            return Err(Diagnostic::error(
                told.replace("the repository's root", "the file that includes it"),
            ));
        }
        let folder = self.path.as_path().parent().unwrap_or(Path::new(""));
        let path = RepoPath::new(folder.join(include)).map_err(|_| outside(shown))?;
        let name = CleanText::line(path.to_string());
        Ok(Self { path, name, ..self.clone() })
    }

    fn not_there(&self) -> Diagnostic {
        let folder = self.path.as_path().parent().and_then(|folder| RepoPath::new(folder).ok());
        let beside: Vec<String> = self
            .set
            .list(folder.as_ref())
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| Some(entry.path.name().to_str()?.to_owned()))
            .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
            .take(1000)
            .collect();
        let name = self.path.name().to_string_lossy();
        if beside.iter().any(|beside| *beside == name) {
            return Diagnostic::error(format!(
                "`{}` is a link to a file that is not there",
                self.name
            ))
            .help("put the file itself there");
        }
        let near = words::nearest(&name, beside.iter().map(String::as_str));
        Diagnostic::error(format!("there is no file `{}`", self.name)).help(match near {
            Some(near) => {
                format!("did you mean `{near}`? A path is relative to the file that includes it")
            }
            None => "a path is relative to the file that includes it".to_owned(),
        })
    }
}

fn outside(shown: &str) -> Diagnostic {
    Diagnostic::error(format!("`{shown}` leads outside the repository"))
        .help("a checklist includes files of its own repository; copy it there")
}

/// Of a text, its lines ended as on Unix: git may change that in a checkout.
pub(super) fn digest(text: &str) -> Digest {
    Digest::of([text.replace("\r\n", "\n").as_str()])
}

fn no_text(name: &CleanText, bytes: &[u8], valid: usize) -> Diagnostic {
    const HELP: &str = "save it as UTF-8";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Diagnostic::error(format!("`{name}` is UTF-16, not UTF-8")).help(HELP);
    }
    let before = bytes.get(..valid).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let rest = bytes.get(start..).unwrap_or_default();
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len()).min(valid - start + 80);
    let shown = String::from_utf8_lossy(rest.get(..end).unwrap_or_default());
    let at = valid - start;
    let width = '\u{fffd}'.len_utf8();
    let to = (at + width).min(shown.len());
    Diagnostic::error(format!("`{name}` holds a byte that is not valid UTF-8"))
        .at(Spot::new(
            name.clone(),
            u32::try_from(line).unwrap_or(u32::MAX),
            &shown,
            at.min(to)..to,
            "here".to_owned(),
        ))
        .help(HELP)
}
