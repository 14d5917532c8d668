//! Settings in tracked files of configuration that are no Python code, and that
//! the code names: `app.config.from_pyfile("config.cfg")`, `load_dotenv("x.env")`.

use super::project::Project;
use super::uses::{is_python, word_in};
use crate::lang::SourceFile;
use crate::lang::own::{self, Whose};
use crate::model::{CheckError, Need, Place, RepoPath, RuleId, Subject};

const CONFIG_FILE: RuleId = RuleId::new("hardcoded_setting.config_file");

/// How such a file's name ends.
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
    let name = path.name().to_string_lossy().to_lowercase();
    (name.starts_with(".env") || ENDINGS.iter().any(|ending| name.ends_with(ending)))
        && !["example", "sample", "template"].iter().any(|word| path.to_string().contains(word))
        && !own::lies_in(path, &[Whose::Test, Whose::Docs, Whose::Vendored, Whose::Installed])
}

/// The tracked files of configuration that give one of the settings a value and
/// that code of production names.
///
/// # Errors
/// When the project could not be looked at.
pub(super) fn needs(
    names: &[&str],
    aside: &dyn Fn(&RepoPath) -> bool,
    project: &dyn Project,
) -> Result<Vec<Need>, CheckError> {
    let mut held: Vec<(String, Place, RepoPath)> = Vec::new();
    for file in project.configs(names)? {
        let given = names.iter().find_map(|name| Some(((*name).to_owned(), given(&file, name)?)));
        held.extend(given.map(|(name, place)| (name, place, file.path().clone())));
    }
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let words = held.iter().map(|(.., path)| path.name().to_string_lossy().into_owned()).collect();
    let mentions = project.mentioning(words)?;
    let mut needs = Vec::new();
    for (name, place, path) in held {
        let code = mentions.files.iter().filter(|file| is_python(file.path()));
        let code = code.filter(|file| !aside(file.path()));
        let Some(from) = code.into_iter().find_map(|file| named(file, &path)) else { continue };
        needs.push(
            Need::new(
                CONFIG_FILE,
                Subject::of(path.to_string()),
                format!("`{path}` gives {name} a value and is tracked, and the code names that file; whether the app takes it from there is not followed"),
            )
            .help(format!("remove {name} from `{path}`, and read it from the environment alone"))
            .at(place)
            .at(from),
        );
    }
    Ok(needs)
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
