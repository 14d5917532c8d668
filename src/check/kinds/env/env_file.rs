//! What the kinds that look at env files share: loading one, and findings in it.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::check::{CheckError, Context, bounds};
use crate::lang::dotenv::{EnvEntry, EnvFile};
use crate::model::{CleanText, Finding, Place, RepoPath};

/// Larger files are no env files, in bytes.
const LARGEST: usize = 1 << 20;

/// Endings of the templates that projects keep beside an env file.
const TEMPLATES: &[&str] = &["example", "sample", "template", "dist", "tpl"];

/// How an env file was found.
pub(super) enum Loaded {
    /// It is there.
    Env(Env),
    /// It is not there, or its readers cannot read it: what to say.
    Unfit(Finding),
}

/// An env file that is there. Has no `Debug`, since it holds secrets.
pub(super) struct Env {
    path: RepoPath,
    text: String,
    file: EnvFile,
}

/// The path of the env file when none is given.
pub(super) fn default_path() -> RepoPath {
    #[allow(clippy::expect_used, reason = "a constant that is a path")]
    RepoPath::new(".env").expect("`.env` is a path")
}

/// Reads an env file.
///
/// # Errors
/// When it cannot be looked at: a folder, too large, not readable.
pub(super) fn load(cx: &Context<'_>, path: &RepoPath) -> Result<Loaded, CheckError> {
    let Some(bytes) = bytes(cx, path)? else {
        return Ok(Loaded::Unfit(missing(cx, path)?));
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Loaded::Env(Env::new(path.clone(), text))),
        Err(error) => {
            let wide = matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
            let what = if wide { "is UTF-16" } else { "is not all UTF-8" };
            let finding = Finding::new(format!("`{path}` {what}, so its readers cannot read it"))
                .at(Place::file(path.clone()))
                .help("save it as UTF-8");
            Ok(Loaded::Unfit(finding))
        }
    }
}

/// Reads an env file to compare with; none when it is not there. Bytes that are
/// no text are replaced, since only what is text can be equal to anything.
///
/// # Errors
/// When it cannot be looked at.
pub(super) fn load_other(cx: &Context<'_>, path: &RepoPath) -> Result<Option<Env>, CheckError> {
    let bytes = bytes(cx, path)?;
    Ok(bytes.map(|bytes| Env::new(path.clone(), String::from_utf8_lossy(&bytes).into_owned())))
}

fn bytes(cx: &Context<'_>, path: &RepoPath) -> Result<Option<Vec<u8>>, CheckError> {
    cx.cancel.check()?;
    let bytes = cx.repo.read(path).map_err(|error| {
        CheckError::could_not_look(
            error.to_string(),
            format!("make `{path}` a regular file that you may read"),
        )
    })?;
    if bytes.as_ref().is_some_and(|bytes| bytes.len() > LARGEST) {
        return Err(CheckError::could_not_look(
            format!("`{path}` is larger than 1 MiB, which no env file is"),
            "name the env file in the checklist",
        ));
    }
    Ok(bytes)
}

fn missing(cx: &Context<'_>, path: &RepoPath) -> Result<Finding, CheckError> {
    let finding = Finding::new(format!("there is no `{path}`")).at(Place::file(path.clone()));
    for template in templates(path) {
        if bytes(cx, &template)?.is_some() {
            return Ok(finding.help(format!(
                "create it: `cp {template} {path} && chmod 600 {path}`, then fill in the values"
            )));
        }
    }
    Ok(finding.help(format!(
        "create it with mode 0600: `install -m 600 /dev/null {path}`, then write a line `NAME=value` for each variable"
    )))
}

/// `.env.example` and the like, in the folder of the env file.
fn templates(path: &RepoPath) -> impl Iterator<Item = RepoPath> {
    let names = [path.as_path().to_path_buf(), path.as_path().with_file_name(".env")];
    TEMPLATES.iter().flat_map(move |ending| {
        names.clone().into_iter().filter_map(move |mut name| {
            name.as_mut_os_string().push(".");
            name.as_mut_os_string().push(ending);
            RepoPath::new(name).ok()
        })
    })
}

impl Env {
    fn new(path: RepoPath, text: String) -> Self {
        Self { path, file: EnvFile::parse(&text), text }
    }

    pub(super) fn path(&self) -> &RepoPath {
        &self.path
    }

    pub(super) fn file(&self) -> &EnvFile {
        &self.file
    }

    pub(super) fn place(&self, entry: &EnvEntry) -> Place {
        Place::at(self.path.clone(), entry.line, entry.column)
    }

    /// A finding about an entry, with its line, value masked.
    pub(super) fn finding(&self, entry: &EnvEntry, message: impl AsRef<str>) -> Finding {
        Finding::new(message).at(self.place(entry)).showing(entry.excerpt(&self.text))
    }

    /// A finding about a variable that is not there.
    pub(super) fn not_set(&self, key: &str) -> Finding {
        let finding = Finding::new(format!("`{key}` is not set in `{}`", self.path))
            .at(Place::file(self.path.clone()));
        match self.file.problems.first() {
            // perhaps it is on the line that could not be read
            Some(problem) => {
                finding.help(format!("line {} of it: {}", problem.line, problem.message))
            }
            None => finding,
        }
    }

    /// Findings for the lines that a reader trips over.
    pub(super) fn problems(&self) -> Vec<Finding> {
        bounds::of_one_file(self.file.problems.iter(), |problem| {
            let place = Place::at(self.path.clone(), problem.line, problem.column);
            Finding::new(problem.message).at(place)
        })
    }
}

/// The name of an environment variable that any program can set and read.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, JsonSchema)]
#[schemars(transparent)]
pub(super) struct Name(#[schemars(regex(pattern = r"^[A-Za-z_][A-Za-z0-9_]*$"))] String);

impl Name {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let good = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit());
        if good {
            Ok(Self(name))
        } else {
            Err(D::Error::custom(format!(
                "`{}` is no name of a variable: letters, digits and `_`, no digit first",
                CleanText::line(&name)
            )))
        }
    }
}
