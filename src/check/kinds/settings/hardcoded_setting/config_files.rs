//! Settings in tracked files of configuration that are no Python code, and that
//! the code names: `app.config.from_pyfile("config.cfg")`, `load_dotenv("x.env")`.

use std::sync::Arc;

use super::project::{Config, Project};
use super::uses::{is_python, word_in};
use crate::lang::SourceFile;
use crate::model::{CheckError, Need, Place, RepoPath, RuleId, Subject};

pub(super) const CONFIG_FILE: RuleId = RuleId::new("hardcoded_setting.config_file");
const CONFIG_UNREAD: RuleId = RuleId::new("hardcoded_setting.config_unread");

/// A file that may give a setting a value.
enum Held {
    /// It does, there.
    Gives(String, Place, RepoPath),
    /// It was not read.
    Unread(RepoPath),
}

impl Held {
    fn path(&self) -> &RepoPath {
        match self {
            Self::Gives(.., path) | Self::Unread(path) => path,
        }
    }
}

/// The tracked files of configuration that give one of the settings a value, or
/// cannot be read, and that code of production names.
///
/// # Errors
/// When the project could not be looked at.
pub(super) fn needs(
    names: &[&str],
    aside: &dyn Fn(&RepoPath) -> bool,
    project: &dyn Project,
) -> Result<Vec<Need>, CheckError> {
    let held = project.configs(names)?.into_iter().filter_map(|config| match config {
        Config::Read(file) => gives(&file, names),
        Config::Unread(path) => Some(Held::Unread(path)),
    });
    let held: Vec<Held> = held.collect();
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let name = |held: &Held| held.path().name().to_string_lossy().into_owned();
    let mut words: Vec<String> = held.iter().map(name).collect();
    words.sort();
    words.dedup();
    let mentions = project.mentioning(words)?;
    let code = mentions.files.iter().filter(|file| is_python(file.path()) && !aside(file.path()));
    let code: Vec<&SourceFile> = code.map(Arc::as_ref).collect();
    let mut needs = Vec::new();
    for held in held {
        let Some(from) = code.iter().find_map(|file| named(file, held.path())) else { continue };
        let held = match held {
            Held::Gives(..) => Some(held),
            // what is on disk tells when git's copy is not here
            Held::Unread(path) => match project.read(&path) {
                Some(file) => gives(&file, names),
                None => Some(Held::Unread(path)),
            },
        };
        needs.extend(held.map(|held| need(held, names).at(from)));
    }
    Ok(needs)
}

/// Whether a file gives one of the settings a value.
fn gives(file: &SourceFile, names: &[&str]) -> Option<Held> {
    let given = |name: &&str| Some(((*name).to_owned(), given(file, name)?));
    let (name, place) = names.iter().find_map(given)?;
    Some(Held::Gives(name, place, file.path().clone()))
}

/// Where a file gives one of these names a value.
pub(super) fn gives_any<'n>(file: &SourceFile, names: &[&'n str]) -> Option<(&'n str, Place)> {
    names.iter().find_map(|name| Some((*name, given(file, name)?)))
}

/// A tracked file that gives a setting a value, and that the code loads.
pub(super) fn given_need(name: &str, place: Place, path: &RepoPath) -> Need {
    need(Held::Gives(name.to_owned(), place, path.clone()), &[])
}

fn need(held: Held, names: &[&str]) -> Need {
    match held {
        Held::Gives(name, place, path) => Need::new(
            CONFIG_FILE,
            Subject::of(path.to_string()),
            format!("`{path}` gives {name} a value and is tracked, and the code names that file; whether the app takes it from there is not followed"),
        )
        .help(format!("remove {name} from `{path}`, and read it from the environment alone"))
        .at(place),
        Held::Unread(path) => {
            let name = names.first().copied().unwrap_or_default();
            let message = format!(
                "`{path}` is tracked and cannot be read, and the code names that file; whether it gives {name} a value is not known"
            );
            Need::new(CONFIG_UNREAD, Subject::of(&path), message)
                .help("make it readable: `git fsck` tells which objects are missing, and a full clone has them")
                .at(Place::file(path))
        }
    }
}

/// Where a line gives the setting a value of its own: `SECRET_KEY = "x"`, `"SECRET_KEY": "x"`.
fn given(file: &SourceFile, name: &str) -> Option<Place> {
    let mut offset = 0;
    for line in file.text().split_inclusive('\n') {
        let remark =
            line.trim_start().starts_with(['#', ';']) || line.trim_start().starts_with("//");
        if let Some(at) = (!remark).then(|| word_in(line, name)).flatten()
            && line.get(at + name.len()..).is_some_and(is_value)
        {
            return Some(file.place(offset + at));
        }
        offset += line.len();
    }
    None
}

/// Whether what follows the name is a value, and none from elsewhere.
fn is_value(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['"', '\'', ' ', '\t', ']']);
    let Some(value) = rest.strip_prefix(['=', ':']) else { return false };
    let value = value.trim().trim_end_matches(',').trim_matches(['"', '\'']).trim();
    let elsewhere = value.starts_with(['$', '<', '#', '{', '['])
        || value.starts_with("%(")
        || value.contains("environ")
        || value.contains("getenv")
        || matches!(value, "null" | "None" | "~");
    !value.is_empty() && !elsewhere
}

/// Where code names a file, between quotes: `"config.cfg"`, `'../conf/config.cfg'`.
fn named(file: &SourceFile, path: &RepoPath) -> Option<Place> {
    let name = path.name().to_string_lossy();
    let mut offset = 0;
    for line in file.text().split_inclusive('\n') {
        let remark = line.trim_start().starts_with('#');
        let ends = |at: usize| {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + name.len()..).unwrap_or_default();
            before.ends_with(['"', '\'', '/']) && after.starts_with(['"', '\''])
        };
        let at = line.match_indices(&*name).map(|(at, _)| at).find(|&at| !remark && ends(at));
        if let Some(at) = at {
            return Some(file.place(offset + at));
        }
        offset += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::is_value;

    #[test]
    fn a_value_of_its_own_is_told_from_one_from_elsewhere() {
        for rest in ["=dev", " = \"dev-key\"", "\": \"dev\",", ": dev", "'] = 'x'"] {
            assert!(is_value(rest), "{rest}");
        }
        for rest in
            ["", " is read", "=", " = \"\"", ": ${KEY}", "=$KEY", ": {{ key }}", ": null,", "\": {"]
        {
            assert!(!is_value(rest), "{rest}");
        }
    }
}
