//! Where production's variables are seen.

use super::diagnostic::Diagnostic;
use super::include::Files;
use super::place::Place;
use super::raw::RawEnvironment;
use super::rivals::{Families, Rivals};
use super::vars::{self, Values};
use crate::check::params::{Globs, path_as_written};
use crate::model::{Environment, RepoPath};

/// The variable that names the env file.
pub(super) const ENV_FILE: &str = "env_file";
/// Bytes of a path.
const LONGEST: usize = 4096;

/// The values as they are filled in where patterns of paths are asked: the env
/// file's path stands for that very file.
pub(super) fn in_patterns(values: &Values) -> Values {
    let mut values = values.clone();
    if let Some(path) = values.get_mut(ENV_FILE) {
        *path = Globs::escape(path);
    }
    values
}

/// Decides it for all files together: the outermost file that says anything
/// decides, and in one file `environment` goes before the variable `env_file`.
/// `${env_file}` then stands for the chosen file. The second value says whether
/// a file that did not come with gonogo names an env file.
pub(super) fn choose(gathered: &mut Files, values: &mut Values) -> (Environment, bool) {
    let by_team = gathered.files.iter().filter(|file| !file.builtin).any(|file| {
        let vars = file.raw.vars.as_ref();
        matches!(file.raw.environment, Some(RawEnvironment::File(_)))
            || vars.is_some_and(|vars| vars.contains_key(ENV_FILE))
    });
    if let Some(named) = values.get_mut(ENV_FILE)
        && let Some(path) =
            RepoPath::new(&*named).ok().as_ref().and_then(|path| path.as_path().to_str())
    {
        *named = path.to_owned();
    }
    let Some(index) = decides(gathered) else {
        return (Environment::default(), false);
    };
    let file = &gathered.files[index];
    let (named, at) = match file.raw.environment.clone() {
        Some(RawEnvironment::Process) => return (Environment::Process, by_team),
        Some(RawEnvironment::Elsewhere) => return (Environment::Elsewhere, by_team),
        Some(RawEnvironment::File(raw)) => {
            let at = Place::top(index, "environment").key("file");
            if vars::measure(&raw.file, values) > LONGEST {
                let told = Diagnostic::error("the path of the env file is too long")
                    .at(at.value(&gathered.files, ""))
                    .help("write it out, or use fewer variables");
                gathered.told.push(told);
                return (Environment::default(), by_team);
            }
            (vars::fill(&raw.file, values), at)
        }
        None => {
            let given = file.raw.vars.as_ref().and_then(|vars| vars.get(ENV_FILE));
            let value = given.map(|given| given.text.clone()).unwrap_or_default();
            (Ok(value), Place::top(index, "vars").key(ENV_FILE))
        }
    };
    let told = match named {
        Ok(name) => match RepoPath::new(&name).map(|path| (path_as_written(&name), path)) {
            Ok((Ok(()), path)) => {
                // as the file is called wherever it is found
                let name = path.as_path().to_str().unwrap_or(&name);
                values.insert(ENV_FILE.to_owned(), name.to_owned());
                return (Environment::File(path), by_team);
            }
            Ok((Err(wrong), _)) => Diagnostic::error(format!("the path of the env file {wrong}")),
            Err(error) => Diagnostic::error(format!("the env file is not in the repository: {error}"))
                .help("name a path from the repository's root; variables that are not here are `environment: elsewhere`"),
        },
        Err(trouble) => trouble.explain(values),
    };
    let told = told.at(at.value(&gathered.files, ""));
    gathered.told.push(told);
    (Environment::default(), by_team)
}

/// The file that decides where the variables are seen. Tells of included files
/// that say it differently.
fn decides(gathered: &mut Files) -> Option<usize> {
    let families = Families::of(gathered);
    let mut rivals = Rivals::default();
    let mut known: Option<(Place, String)> = None;
    for &index in &gathered.order {
        let raw = &gathered.files[index].raw;
        let variable = raw.vars.as_ref().and_then(|vars| vars.get(ENV_FILE));
        let path = |text: &str| match RepoPath::new(text) {
            Ok(path) => format!("file {path}"),
            Err(_) => format!("text {text}"),
        };
        let (at, says) = match (&raw.environment, variable) {
            (Some(RawEnvironment::File(raw)), _) => {
                (Place::top(index, "environment"), path(&raw.file))
            }
            (Some(other), _) => (Place::top(index, "environment"), format!("{other:?}")),
            (None, Some(value)) => (Place::top(index, "vars").key(ENV_FILE), path(&value.text)),
            (None, None) => continue,
        };
        if let Some((first, before)) = &known {
            let what = "the place of production's variables";
            if !rivals.decide(&families, what, first, &at, *before == says) {
                continue;
            }
        }
        known = Some((at, says));
    }
    rivals.tell(&gathered.files, &mut gathered.told);
    known.map(|(at, _)| at.file)
}
