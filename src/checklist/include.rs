//! Brings together a checklist's files: the chosen one and all that it includes.

use std::path::{Path, PathBuf};

use super::builtin::{self, Builtin};
use super::diagnostic::Diagnostic;
use super::file::{self, File};
use super::place::Place;
use super::source::Source;
use super::told::Told;
use super::words;
use crate::check::decode::Step;
use crate::model::{CleanText, PathError, RepoPath};

/// Includes of includes of …
const DEEPEST: usize = 8;
/// Files of one checklist.
const MOST_FILES: usize = 100;

/// Where a checklist comes from.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    Builtin(&'static Builtin),
    Disk(OnDisk),
}

/// A file on the disk.
#[derive(Clone, Debug)]
pub(super) struct OnDisk {
    /// Where it is, symbolic links followed.
    pub path: PathBuf,
    /// For people.
    pub name: CleanText,
    /// What it may include from: the repository, or its own folder.
    pub fence: PathBuf,
    /// Its folder, from the fence.
    pub folder: PathBuf,
}

/// All files of a checklist.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The chosen file first, each file before what it includes.
    pub files: Vec<File>,
    /// Indexes into `files`: each file after what it includes.
    pub order: Vec<usize>,
    /// Those that are on the disk.
    pub paths: Vec<PathBuf>,
    pub told: Told,
    /// Files that ask for another version of gonogo. What else is wrong with them
    /// may be due to that.
    pub unmet: Vec<Diagnostic>,
    /// Every file met, readable or not: what it is, and who included it first.
    met: Vec<(String, Option<Place>)>,
    /// The files that are being included, innermost last.
    open: Vec<String>,
}

impl Origin {
    /// What makes it the same file.
    fn identity(&self) -> String {
        match self {
            Self::Builtin(builtin) => format!("builtin:{}", builtin.name),
            Self::Disk(disk) => disk.path.to_string_lossy().into_owned(),
        }
    }

    pub fn name(&self) -> CleanText {
        match self {
            Self::Builtin(builtin) => CleanText::line(format!("builtin:{}", builtin.name)),
            Self::Disk(disk) => disk.name.clone(),
        }
    }

    fn read(&self) -> Result<Source, Diagnostic> {
        match self {
            Self::Builtin(builtin) => Ok(Source::new(self.name(), builtin.text.to_owned())),
            Self::Disk(disk) => file::read(&disk.path, &disk.name),
        }
    }
}

impl Files {
    /// Reads a checklist and all that it includes.
    pub fn gather(origin: &Origin) -> Self {
        let mut files = Self::default();
        files.take(origin, None);
        files
    }

    fn take(&mut self, origin: &Origin, from: Option<Place>) {
        let identity = origin.identity();
        if let Some(refused) = self.refuse(&identity, origin, from.as_ref()) {
            self.told.push(refused);
            return;
        }
        self.met.push((identity.clone(), from.clone()));
        if let Origin::Disk(disk) = origin {
            self.paths.push(disk.path.clone());
        }
        let source = match origin.read() {
            Ok(source) => source,
            Err(mut told) => {
                if told.place.is_none() {
                    told.place = from.map(|at| Box::new(at.value(&self.files, "included here")));
                }
                self.told.push(told);
                return;
            }
        };
        let (file, told) = File::decode(source, matches!(origin, Origin::Builtin(_)));
        self.told.extend(told);
        let Some(file) = file else {
            return;
        };
        let asks = file.raw.requires.as_ref().and_then(|written| written.0.unmet());
        if let Some(told) = asks {
            let at = [Step::Key("requires".to_owned())];
            self.unmet.push(told.at(file.value_spot(&at, "")));
        }
        let index = self.files.len();
        let includes = file.raw.include.clone().unwrap_or_default();
        self.files.push(file);
        self.open.push(identity);
        for (nth, include) in includes.iter().enumerate() {
            if self.told.full() {
                break;
            }
            let at = Place::top(index, "include").index(nth);
            match resolve(origin, include) {
                Ok(included) => self.take(&included, Some(at)),
                Err(told) => {
                    let place = at.value(&self.files, "included here");
                    self.told.push(told.at(place));
                }
            }
        }
        self.open.pop();
        self.order.push(index);
    }

    fn refuse(&self, identity: &str, origin: &Origin, from: Option<&Place>) -> Option<Diagnostic> {
        let here = from?.value(&self.files, "included here");
        let name = origin.name();
        if self.open.iter().any(|open| open == identity) {
            return Some(
                Diagnostic::error(format!("`{name}` includes itself, by way of what it includes"))
                    .at(here)
                    .help("take one of the includes out"),
            );
        }
        if let Some((_, first)) = self.met.iter().find(|(met, _)| met == identity) {
            let mut told = Diagnostic::error(format!("`{name}` is included twice"))
                .at(here)
                .help("take one of the includes out");
            if let Some(first) = first {
                told = told.also(first.value(&self.files, "first included here"));
            }
            return Some(told);
        }
        if self.open.len() > DEEPEST {
            let message = format!("checklists include each other more than {DEEPEST} deep");
            return Some(Diagnostic::error(message).at(here).help("include it further up"));
        }
        (self.met.len() >= MOST_FILES).then(|| {
            Diagnostic::error(format!("more than {MOST_FILES} files in one checklist"))
                .at(here)
                .help("put some of them together")
        })
    }
}

/// What an entry of `include` means in a file.
fn resolve(from: &Origin, include: &str) -> Result<Origin, Diagnostic> {
    let shown = words::shorten(include);
    if let Some(name) = include.strip_prefix("builtin:") {
        return builtin::find(name).map(Origin::Builtin).ok_or_else(|| {
            Diagnostic::error(format!("there is no built-in checklist `{shown}`"))
                .help(builtin::meant(name))
        });
    }
    let Origin::Disk(from) = from else {
        return Err(Diagnostic::error("a built-in checklist includes only built-in ones"));
    };
    let is_yaml = Path::new(include).extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    });
    if !is_yaml {
        let near =
            builtin::find(include).map(|found| format!("did you mean `builtin:{}`?", found.name));
        return Err(Diagnostic::error(format!("`{shown}` is no name of a YAML file")).help(
            near.unwrap_or_else(|| {
                "include `builtin:NAME`, or a path that ends in `.yaml` or `.yml`".to_owned()
            }),
        ));
    }
    if Path::new(include).is_absolute() {
        return Err(Diagnostic::error(
            PathError::Absolute(CleanText::line(&shown))
                .to_string()
                .replace("the repository's root", "the file that includes it"),
        ));
    }
    let within = RepoPath::new(from.folder.join(include)).map_err(|_| outside(&shown))?;
    let wanted = from.fence.join(within.as_path());
    let path = wanted.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => not_there(&shown, &wanted),
        _ => Diagnostic::error(format!("could not read `{within}`: {error}"))
            .help("check that you may read it"),
    })?;
    if !path.starts_with(&from.fence) {
        return Err(outside(&shown));
    }
    let folder = within.as_path().parent().map(Path::to_path_buf).unwrap_or_default();
    Ok(Origin::Disk(OnDisk {
        path,
        name: CleanText::line(within.to_string()),
        fence: from.fence.clone(),
        folder,
    }))
}

fn outside(shown: &str) -> Diagnostic {
    Diagnostic::error(format!("`{shown}` leads outside the repository"))
        .help("a checklist includes files of its own repository; copy it there")
}

fn not_there(shown: &str, wanted: &Path) -> Diagnostic {
    let name = wanted.file_name().map(|name| name.to_string_lossy().into_owned());
    let beside: Vec<String> = wanted
        .parent()
        .and_then(|folder| folder.read_dir().ok())
        .into_iter()
        .flatten()
        .take(1000)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"))
        .collect();
    let near = name.and_then(|name| words::nearest(&name, beside.iter().map(String::as_str)));
    Diagnostic::error(format!("there is no file `{shown}`")).help(match near {
        Some(near) => {
            format!("did you mean `{near}`? A path is relative to the file that includes it")
        }
        None => "a path is relative to the file that includes it".to_owned(),
    })
}
