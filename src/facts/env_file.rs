//! An env file, or another place where variables are seen: whether it is here,
//! and what it assigns.

use super::{Fact, Facts};
use crate::lang::dotenv::{EnvEntry, EnvFile, TEMPLATES};
use crate::model::{CheckError, Environment, Place, RepoPath, RuleId, Subject};
use crate::repo::process_variables;

/// Larger files are not env files, in bytes.
const LARGEST: usize = 1 << 20;

/// The variables of a place, as they are on this machine. Has no `Debug`, since
/// they may be secrets.
pub enum EnvState {
    /// They are here.
    Here(Env),
    /// Its file is not there, as in every clone; perhaps a template of it is.
    Absent {
        /// `.env.example` or the like, in the same folder.
        template: Option<RepoPath>,
    },
    /// They are not on this machine.
    Elsewhere,
    /// Its file is not text that its readers can read.
    NotText {
        /// In which encoding it seems to be: `UTF-16`, or none that is known.
        wide: bool,
        /// What a lossy reading gives, so that secrets in it are still found.
        lossy: Env,
    },
}

/// Variables that are here. Has no `Debug`, since it holds secrets.
pub struct Env {
    place: Environment,
    text: String,
    file: EnvFile,
}

impl Fact for EnvState {
    type Key = Environment;

    fn derive(place: &Environment, cx: &Facts<'_>) -> Result<Self, CheckError> {
        let path = match place {
            Environment::File(path) => path,
            Environment::Process => {
                let file = EnvFile::of_variables(process_variables());
                return Ok(Self::Here(Env { place: place.clone(), text: String::new(), file }));
            }
            Environment::Elsewhere => return Ok(Self::Elsewhere),
        };
        let Some(bytes) = bytes(cx, path)? else {
            return Ok(Self::Absent { template: template(cx, path)? });
        };
        Ok(match String::from_utf8(bytes) {
            Ok(text) => Self::Here(Env::new(path.clone(), text)),
            Err(error) => {
                let bytes = error.as_bytes();
                let wide = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
                let text = crate::repo::decoded(bytes);
                Self::NotText { wide, lossy: Env::new(path.clone(), text) }
            }
        })
    }
}

impl EnvState {
    /// What it assigns as far as it can be read.
    pub fn env(&self) -> Option<&Env> {
        match self {
            Self::Here(env) | Self::NotText { lossy: env, .. } => Some(env),
            Self::Absent { .. } | Self::Elsewhere => None,
        }
    }
}

impl Env {
    /// Reads the text of a file.
    pub fn new(path: RepoPath, text: String) -> Self {
        Self { place: Environment::File(path), file: EnvFile::parse(&text), text }
    }

    /// Where they are.
    pub fn environment(&self) -> &Environment {
        &self.place
    }

    /// The file in which they stand, if they do in one.
    pub fn path(&self) -> Option<&RepoPath> {
        self.place.file()
    }

    /// What it assigns.
    pub fn file(&self) -> &EnvFile {
        &self.file
    }

    /// All of the file, secrets included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where an entry stands in a file.
    pub fn place(&self, entry: &EnvEntry) -> Option<Place> {
        self.path().map(|path| Place::at(path.clone(), entry.line, entry.column))
    }
}

fn bytes(cx: &Facts<'_>, path: &RepoPath) -> Result<Option<Vec<u8>>, CheckError> {
    cx.cancel.check()?;
    let bytes = cx.disk.read(path).map_err(|error| {
        CheckError::could_not_look(
            RuleId::new("env_file.unreadable"),
            Subject::of(path),
            error.to_string(),
            format!("make `{path}` a regular file that you may read"),
        )
        .from_source(error)
    })?;
    if bytes.as_ref().is_some_and(|bytes| bytes.len() > LARGEST) {
        return Err(CheckError::could_not_look(
            RuleId::new("env_file.too_large"),
            Subject::of(path),
            format!("`{path}` is larger than 1 MiB, which no env file is"),
            "name the env file in the checklist",
        ));
    }
    Ok(bytes)
}

/// `.env.example` and the like, in the folder of the env file.
fn template(cx: &Facts<'_>, path: &RepoPath) -> Result<Option<RepoPath>, CheckError> {
    let names = [path.as_path().to_path_buf(), path.as_path().with_file_name(".env")];
    for ending in TEMPLATES {
        for name in &names {
            let mut name = name.clone();
            name.as_mut_os_string().push(".");
            name.as_mut_os_string().push(ending);
            let Ok(template) = RepoPath::new(name) else { continue };
            if bytes(cx, &template)?.is_some() {
                return Ok(Some(template));
            }
        }
    }
    Ok(None)
}
