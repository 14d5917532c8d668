//! An app in another language has a signing key too, which is not read here.

use crate::facts::Facts;
use crate::lang::frameworks::{lists, server};
use crate::lang::own::{self, Whose};
use crate::model::{CheckError, Need, Place, RepoPath, RuleId, Subject};

const OTHER_LANGUAGE: RuleId = RuleId::new("hardcoded_setting.other_language");

/// Larger lists are not looked into, in bytes.
const LARGEST: usize = 1 << 20;

/// What is not an app of the project's own.
const ASIDE: [Whose; 7] = [
    Whose::Test,
    Whose::Docs,
    Whose::Example,
    Whose::Script,
    Whose::Vendored,
    Whose::Installed,
    Whose::Generated,
];

/// A need for the first web app in another language than Python.
pub(super) fn app(cx: &Facts<'_>, setting: &str) -> Result<Option<Need>, CheckError> {
    let mut found: Option<(RepoPath, &str)> = None;
    let wanted =
        |path: &RepoPath| path.name().to_str().is_some_and(lists) && !own::lies_in(path, &ASIDE);
    cx.tree.each_tracked(&wanted, |file| {
        if found.is_none()
            && let Some(content) = file.content(LARGEST)?
            && let Some(name) = file.path.name().to_str()
            && let Some(server) = server(name, &String::from_utf8_lossy(&content))
        {
            found = Some((file.path.clone(), server));
        }
        Ok::<(), CheckError>(())
    })?;
    Ok(found.map(|(path, server)| {
        let message = format!(
            "`{path}` depends on {server}: the app's signing key is set in code that is not read here, since only Python is"
        );
        Need::new(OTHER_LANGUAGE, Subject::of(&path).and(setting), message)
            .at(Place::file(path))
            .help("read how the app gets the key that it signs sessions and tokens with: no literal of the code may become it")
    }))
}
