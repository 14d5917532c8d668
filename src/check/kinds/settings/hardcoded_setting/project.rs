//! What is asked of the rest of the project once all files were seen.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use super::hit::Serves;
use super::loaded::Loaded;
use super::uses::{self, Starts, Used, Wanted};
use crate::facts::{Facts, Mentions, SettingsLoaders};
use crate::lang::SourceFile;
use crate::lang::own::{self, Whose};
use crate::lang::python::{Meaning, meaning};
use crate::model::{CheckError, Place, RepoPath};
use crate::repo::decoded;

/// So many names are followed from one to the next.
const MOST: usize = 16;

/// Larger files of configuration, in bytes, are looked into only when code names
/// them.
pub(super) const LARGEST: usize = 256 * 1024;

/// The project's files.
pub(super) trait Project {
    /// Those that mention one of these words.
    fn mentioning(&self, words: Vec<String>) -> Result<Arc<Mentions>, CheckError>;

    /// The Python files that load settings from files of another format.
    fn loaders(&self) -> Result<Vec<SourceFile>, CheckError>;

    /// Tracked files of configuration that are no Python code, and mention one of
    /// these names or were not read.
    fn configs(&self, names: &[&str]) -> Result<Vec<Config>, CheckError>;

    /// The files that git tracks whose path passes, as git has them.
    fn tracked(&self, keep: &dyn Fn(&RepoPath) -> bool) -> Result<Vec<Kept>, CheckError>;

    /// The tracked symbolic links that lead out of the repository, or to nothing.
    fn links_outside(&self) -> Result<Vec<RepoPath>, CheckError>;

    /// One of them; none when it is not there or not readable.
    fn read(&self, path: &RepoPath) -> Option<SourceFile>;
}

/// A tracked file.
pub(super) struct Kept {
    pub(super) path: RepoPath,
    /// It is a symbolic link, and the text is where it leads.
    pub(super) is_link: bool,
    /// What it holds; none when it is large or not here.
    pub(super) text: Option<String>,
}

/// A tracked file of configuration.
pub(super) enum Config {
    /// It mentions one of the names.
    Read(SourceFile),
    /// It is large, or git's copy of it is not here: what it says is not known yet.
    Unread(RepoPath),
}

impl Project for Facts<'_> {
    fn mentioning(&self, words: Vec<String>) -> Result<Arc<Mentions>, CheckError> {
        self.get::<Mentions>(&words)
    }

    fn loaders(&self) -> Result<Vec<SourceFile>, CheckError> {
        let loaders = self.get::<SettingsLoaders>(&())?;
        Ok(loaders.paths.iter().filter_map(|path| Project::read(self, path)).collect())
    }

    fn configs(&self, names: &[&str]) -> Result<Vec<Config>, CheckError> {
        let mut files = Vec::new();
        self.tree.each_tracked(&is_config, |file| {
            self.cancel.check()?;
            let path = file.path.clone();
            let Ok(Some(content)) = file.content(LARGEST) else {
                files.push(Config::Unread(path));
                return Ok(());
            };
            let holds = |name: &&str| memchr::memmem::find(&content, name.as_bytes()).is_some();
            if names.iter().any(holds) {
                files.push(Config::Read(SourceFile::new(path, decoded(&content))));
            }
            Ok::<(), CheckError>(())
        })?;
        Ok(files)
    }

    fn tracked(&self, keep: &dyn Fn(&RepoPath) -> bool) -> Result<Vec<Kept>, CheckError> {
        let mut files = Vec::new();
        self.tree.each_tracked(keep, |file| {
            self.cancel.check()?;
            let text = file.content(LARGEST).ok().flatten().map(|content| decoded(&content));
            files.push(Kept { path: file.path.clone(), is_link: file.is_link, text });
            Ok::<(), CheckError>(())
        })?;
        Ok(files)
    }

    fn links_outside(&self) -> Result<Vec<RepoPath>, CheckError> {
        let mut links = Vec::new();
        self.tree.each_tracked(&|_| true, |file| {
            links.extend(file.is_link.then(|| file.path.clone()));
            Ok::<(), CheckError>(())
        })?;
        links.retain(|link| !matches!(self.tree.look(Some(link)), Ok(Some(_))));
        Ok(links)
    }

    fn read(&self, path: &RepoPath) -> Option<SourceFile> {
        let bytes = self.tree.read(path).ok()??;
        Some(SourceFile::new(path.clone(), decoded(&bytes)))
    }
}

/// How the name of a file of configuration ends.
const ENDINGS: &[&str] = &[
    ".cfg",
    ".conf",
    ".config",
    ".env",
    ".ini",
    ".json",
    ".properties",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
];

/// Whether a file of this name may configure an app.
pub(super) fn is_config(path: &RepoPath) -> bool {
    let name = path.name().as_encoded_bytes();
    let starts = |start: &str| {
        name.get(..start.len()).is_some_and(|name| name.eq_ignore_ascii_case(start.as_bytes()))
    };
    let ends = |end: &&str| {
        let rest = name.len().checked_sub(end.len()).and_then(|from| name.get(from..));
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(end.as_bytes()))
    };
    (starts(".env") || ENDINGS.iter().any(ends))
        && !["example", "sample", "template"].iter().any(|word| path.to_string().contains(word))
        && !own::lies_in(path, &[Whose::Test, Whose::Docs, Whose::Vendored, Whose::Installed])
}

/// Asks whether production uses something.
pub(super) struct Asker<'a> {
    pub(super) project: &'a dyn Project,
    /// The files that mention any of the names that are asked for first.
    pub(super) mentions: Arc<Mentions>,
    /// Names that are for development.
    pub(super) excused: &'a dyn Fn(&str) -> bool,
    /// Files that production does not run by themselves.
    pub(super) aside: &'a dyn Fn(&RepoPath) -> bool,
    /// What code loads by names that it puts together, once it was asked for.
    pub(super) loaded: Rc<OnceCell<Vec<Loaded>>>,
}

impl Asker<'_> {
    /// Whether production uses a class or function.
    pub(super) fn name(&self, wanted: &Wanted<'_>) -> Result<Used, CheckError> {
        let mut open = vec![(wanted.name.to_owned(), wanted.path.clone())];
        let mut done: Vec<(String, RepoPath)> = Vec::new();
        let mut perhaps = None;
        while let Some(next) = open.pop() {
            if done.contains(&next) {
                continue;
            }
            if done.len() > MOST {
                return Ok(Used::Perhaps(Place::file(wanted.path.clone())));
            }
            let first = done.is_empty();
            let (name, path) = &next;
            let mentions = if first {
                Arc::clone(&self.mentions)
            } else {
                self.project.mentioning(vec![name.clone()])?
            };
            let asked = Wanted { name, path, setting: wanted.setting };
            for file in &mentions.files {
                let aside = match uses::is_python(file.path()) {
                    true => self.is_aside(file.path()),
                    false => self.is_aside_text(file)?,
                };
                if aside || !file.text().contains(name.as_str()) {
                    continue;
                }
                for used in uses::in_file(file, &asked, self.excused) {
                    match used {
                        Used::Yes(place) => return Ok(Used::Yes(place)),
                        Used::Perhaps(place) => perhaps = perhaps.or(Some(place)),
                        Used::Through(name, path) => open.push((name, path)),
                        Used::Key(key, place) => {
                            if self.is_default(&key)? {
                                return Ok(Used::Yes(place));
                            }
                            let told = self.told(&key)?;
                            perhaps = perhaps.or(told);
                        }
                        Used::No => {}
                    }
                }
            }
            done.push(next);
        }
        let perhaps = match perhaps {
            None => self.composed(wanted.path, Some(wanted.name))?,
            perhaps => perhaps,
        };
        Ok(perhaps.map_or(Used::No, Used::Perhaps))
    }

    /// Whether some code that makes the app takes this key where no variable says
    /// which: `create_app(os.getenv("ENV", "development"))`.
    fn is_default(&self, key: &str) -> Result<bool, CheckError> {
        let words = vec![format!("\"{key}\""), format!("'{key}'")];
        let mentions = self.project.mentioning(words)?;
        let name = |path: &RepoPath| path.name().to_string_lossy().into_owned();
        let wsgi =
            mentions.paths.iter().any(|path| matches!(name(path).as_str(), "wsgi.py" | "asgi.py"));
        Ok(mentions.files.iter().any(|file| {
            uses::is_python(file.path())
                && !self.is_aside(file.path())
                && !(wsgi && name(file.path()) == "manage.py")
                && uses::takes_by_default(file, key)
        }))
    }

    /// Whether production uses a file.
    ///
    /// # Errors
    /// When the project could not be looked at.
    pub(super) fn file(&self, path: &RepoPath, serves: Serves) -> Result<Used, CheckError> {
        let parts = uses::parts(path);
        let dotted = parts.join(".");
        let last = parts.iter().rev().take(2).rev().cloned().collect::<Vec<_>>().join(".");
        let whole = path.to_string();
        let mut perhaps = None;
        let mut asked_by_manage = None;
        let mut other_settings = false;
        let default = self.production_has_settings();
        for file in &self.mentions.files {
            let from = file.path();
            let python = uses::is_python(from);
            let aside = if python { self.is_aside(from) } else { self.is_aside_text(file)? };
            if from == path || aside {
                continue;
            }
            let starts = if python { Starts::Production } else { uses::starts(from) };
            if starts == Starts::Never {
                continue;
            }
            // which files belong to the package
            let packs = from.name() == "pyproject.toml" || from.name() == "MANIFEST.in";
            let manage = from.name() == "manage.py";
            if python && !manage && file.text().contains("DJANGO_SETTINGS_MODULE") {
                other_settings = true;
            }
            let mut offset = 0;
            let mut builds = false;
            for line in file.text().split_inclusive('\n') {
                let plain = line.trim_start();
                builds = plain.starts_with("RUN ") || builds;
                let skipped = plain.starts_with('#')
                    || is_for_tests(plain)
                    || (python && is_prose(plain, &whole))
                    || (builds && line.contains("DJANGO_SETTINGS_MODULE"))
                    || (packs && line.contains(&whole));
                let said = !skipped
                    && (mentions(line, &dotted, &last, &whole)
                        || (python && imports(plain, from, path)));
                builds &= plain.trim_end().ends_with('\\');
                if said {
                    let place = file.place(offset);
                    match starts {
                        Starts::Production
                            if python && !manage && default && line.contains("setdefault") =>
                        {
                            perhaps = perhaps.or(Some(place));
                        }
                        _ if manage => asked_by_manage = Some(place),
                        Starts::Production => return Ok(Used::Yes(place)),
                        _ => perhaps = perhaps.or(Some(place)),
                    }
                }
                offset += line.len();
            }
        }
        let manage = match asked_by_manage {
            Some(_) if other_settings => self.started_by_manage()?,
            asked => asked,
        };
        Ok(match (serves, perhaps.or(manage)) {
            (Serves::Yes, _) => Used::Yes(Place::file(path.clone())),
            (_, Some(place)) => Used::Perhaps(place),
            (Serves::Perhaps, None) => Used::Perhaps(Place::file(path.clone())),
            (Serves::No, None) => self.composed(path, None)?.map_or(Used::No, Used::Perhaps),
        })
    }

    /// Whether what starts production names settings that are production's, which
    /// outranks what is taken by default.
    pub(super) fn production_has_settings(&self) -> bool {
        let all = self.mentions.files.iter().filter(|file| {
            let path = file.path();
            let python = uses::is_python(path);
            let wsgi = python && path.name().to_string_lossy().ends_with("wsgi.py");
            let folders = path.as_path().iter().filter_map(|part| part.to_str());
            wsgi || !python
                && (uses::starts(path) == Starts::Production
                    || folders.into_iter().any(|part| meaning(part) == Some(Meaning::Production)))
        });
        all.into_iter().any(|file| {
            file.text().lines().any(|line| {
                let line = line.trim_start();
                let named = line
                    .split_once("DJANGO_SETTINGS_MODULE")
                    .filter(|_| !line.starts_with(['#', '/']))
                    .and_then(|(_, rest)| {
                        let apart = |c: char| c.is_whitespace() || "\"'=,:()[]".contains(c);
                        rest.split(apart).find(|word| !word.is_empty())
                    });
                named.is_some_and(|value| meaning(value) == Some(Meaning::Production))
            })
        })
    }

    pub(super) fn is_aside(&self, path: &RepoPath) -> bool {
        let stem = uses::stem(path);
        (self.aside)(path)
            || (uses::is_python(path) && meaning(&stem) == Some(Meaning::Development))
    }
}

/// A path in a line of Python without quotes, as a page about the code has it.
fn is_prose(line: &str, whole: &str) -> bool {
    line.contains(whole) && !line.contains(['"', '\''])
}

/// What test runners and type checkers are told: `--ds=shop.settings.test`.
fn is_for_tests(line: &str) -> bool {
    line.contains("--ds=") || line.contains("--ds ") || line.contains("django_settings_module")
}

/// How other files may name a file: `settings.dev`, `examples/app`, `from .dev import`.
pub(super) fn ways_to_name(path: &RepoPath) -> Vec<String> {
    let parts = uses::parts(path);
    let stem = parts.last().cloned().unwrap_or_default();
    let folder = parts.iter().rev().nth(1).cloned();
    let mut words = vec![format!(".{stem} import"), format!("from {stem} import")];
    match folder {
        Some(folder) => words.extend([
            format!("{folder}.{stem}"),
            format!("{folder}/{stem}"),
            format!("{folder} import"),
        ]),
        None => words.extend([format!("{stem}:"), format!("{stem}.py"), format!("\"{stem}\"")]),
    }
    words.push("import ".to_owned() + &stem);
    words
}

/// Whether a line names a file by its dotted name or path.
fn mentions(line: &str, dotted: &str, last: &str, whole: &str) -> bool {
    let quoted_last = ['"', '\'', '.', ' ', '='].iter().any(|before| {
        line.find(&format!("{before}{last}")).is_some_and(|at| {
            let after = line.get(at + 1 + last.len()..).and_then(|rest| rest.chars().next());
            last.contains('.') && after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
    });
    let started = !dotted.contains('.') && line.contains(&format!(" {dotted}:"));
    quoted_last
        || started
        || (dotted.contains('.') && uses::word_in(line, dotted).is_some())
        || uses::word_in(line, whole).is_some()
}

/// `from .dev import *`, `from settings import dev`.
pub(super) fn imports(line: &str, from: &RepoPath, path: &RepoPath) -> bool {
    let Some(rest) = line.strip_prefix("from ") else { return false };
    let Some((module, names)) = rest.split_once(" import ") else { return false };
    let parts = uses::parts(path);
    let Some((stem, folders)) = parts.split_last() else { return false };
    let same_folder = from.as_path().parent() == path.as_path().parent();
    let module = module.trim();
    let names_it = names
        .split('#')
        .next()
        .unwrap_or_default()
        .split([',', '(', ')', ' ', '\n', '\r'])
        .any(|name| name == stem);
    let relative = module.trim_start_matches('.');
    if same_folder && (module.starts_with('.') || relative == stem) {
        return relative == stem || (relative.is_empty() && names_it);
    }
    let last = relative.rsplit('.').next().unwrap_or_default();
    let folder = folders.last().map(String::as_str).unwrap_or_default();
    (last == stem && relative.ends_with(&format!("{folder}.{stem}")) && !folder.is_empty())
        || (!folder.is_empty() && last == folder && names_it)
}
