//! Settings behind a symbolic link that leads out of the repository, or to nothing.

use super::project::Project;
use super::uses::{self, Starts, is_python, word_in};
use crate::model::{CheckError, Need, Place, RepoPath, RuleId, Subject};

const LINK: RuleId = RuleId::new("hardcoded_setting.link_outside");

/// What of a line tells that it is about settings.
const ABOUT: &[&str] = &[
    "setting",
    "config",
    "conf.",
    "from_pyfile",
    "from_object",
    "from_file",
    "from_json",
    "import_string",
    "import_module",
    "import *",
    "load_dotenv",
    "read_env",
    "secret",
];

/// A need for each such link by which code of production names settings.
///
/// # Errors
/// When the project could not be looked at.
pub(super) fn needs(
    wanted: &[&str],
    aside: &dyn Fn(&RepoPath) -> bool,
    project: &dyn Project,
) -> Result<Vec<Need>, CheckError> {
    let mut needs = Vec::new();
    for link in project.links_outside()?.into_iter().filter(|link| !aside(link)) {
        let stem = uses::stem(&link);
        if stem.is_empty() {
            continue;
        }
        let mentions = project.mentioning(vec![stem.clone()])?;
        let from = mentions.files.iter().find_map(|file| {
            let path = file.path();
            let counts = match is_python(path) {
                true => !aside(path),
                false => uses::starts(path) != Starts::Never,
            };
            counts
                .then(|| names(file.text(), &link, &stem, is_python(path)))
                .flatten()
                .map(|at| file.place(at))
        });
        needs.extend(from.map(|from| need(&link, wanted, from)));
    }
    Ok(needs)
}

fn need(link: &RepoPath, names: &[&str], from: Place) -> Need {
    let name = names.join(", ");
    let message = format!(
        "`{link}` is a link that leads out of the repository or to nothing, and the code takes settings from there: whether a literal becomes {name} is not known"
    );
    Need::new(LINK, Subject::of(link).and(name), message)
        .at(from)
        .at(Place::file(link.clone()))
        .help("put the settings into the repository, without the key, or read what the link leads to where the app runs")
}

/// Where a text takes settings from what a link is called.
fn names(text: &str, link: &RepoPath, stem: &str, python: bool) -> Option<usize> {
    let file = link.name().to_string_lossy();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let lower = line.to_lowercase();
        if line.trim_start().starts_with('#') || !ABOUT.iter().any(|word| lower.contains(word)) {
            continue;
        }
        let Some(at) = word_in(line, stem) else { continue };
        let before = line.get(..at).unwrap_or_default();
        let after = line.get(at + stem.len()..).unwrap_or_default();
        let imported =
            before.trim_start().starts_with("from ") || before.trim_start().starts_with("import ");
        let quoted =
            before.ends_with(['"', '\'', '/', '.']) || !python && before.ends_with(['=', ':', ' ']);
        let within = after.starts_with(['.', '/']);
        let whole = line.contains(&format!("{file}\""))
            || line.contains(&format!("{file}'"))
            || after.starts_with(['"', '\'', ':']);
        if imported && python
            || quoted && (within || whole) && (!python || line.contains(['"', '\'']))
        {
            return Some(start + at);
        }
    }
    None
}
