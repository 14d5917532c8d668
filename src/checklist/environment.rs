//! Where production's variables are seen.

use super::diagnostic::Diagnostic;
use super::include::Files;
use super::place::Place;
use super::raw::RawEnvironment;
use super::vars::{self, Values};
use crate::model::{Environment, RepoPath};

/// The variable that names the env file.
const ENV_FILE: &str = "env_file";
/// Bytes of a path.
const LONGEST: usize = 4096;
/// Decides it for all files together: the outermost file that says anything
/// decides, and in one file `environment` goes before the variable `env_file`.
/// `${env_file}` then stands for the chosen file. The second value says whether
/// a file that did not come with gonogo names an env file.
pub(super) fn choose(gathered: &mut Files, values: &mut Values) -> (Environment, bool) {
    let says = |&index: &usize| {
        let raw = &gathered.files[index].raw;
        raw.environment.is_some()
            || raw.vars.as_ref().is_some_and(|vars| vars.contains_key(ENV_FILE))
    };
    let by_team = gathered.files.iter().filter(|file| !file.builtin).any(|file| {
        let vars = file.raw.vars.as_ref();
        matches!(file.raw.environment, Some(RawEnvironment::File(_)))
            || vars.is_some_and(|vars| vars.contains_key(ENV_FILE))
    });
    let Some(index) = gathered.order.iter().rev().copied().find(says) else {
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
            let value = values.get(ENV_FILE).cloned().unwrap_or_default();
            (Ok(value), Place::top(index, "vars").key(ENV_FILE))
        }
    };
    let told = match named {
        Ok(name) => match RepoPath::new(&name) {
            Ok(path) => {
                values.insert(ENV_FILE.to_owned(), name);
                return (Environment::File(path), by_team);
            }
            Err(error) => Diagnostic::error(format!("the env file is not in the repository: {error}"))
                .help("name a path from the repository's root; variables that are not here are `environment: elsewhere`"),
        },
        Err(trouble) => trouble.explain(values),
    };
    let told = told.at(at.value(&gathered.files, ""));
    gathered.told.push(told);
    (Environment::default(), by_team)
}
