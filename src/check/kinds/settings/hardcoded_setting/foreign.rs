//! An app in another language has a signing key too, which is not read here, or was
//! not seen.

use crate::facts::Facts;
use crate::lang::frameworks::{lists, server};
use crate::lang::own::{self, Whose};
use crate::model::{CheckError, Need, Place, RepoPath, RuleId, Subject};

const OTHER_LANGUAGE: RuleId = RuleId::new("hardcoded_setting.other_language");
const LIST_UNREAD: RuleId = RuleId::new("hardcoded_setting.list_unread");

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

/// A need for the first web app in another language than Python whose code was not
/// judged, or for the first list of what a project depends on that cannot be read.
pub(super) fn app(
    cx: &Facts<'_>,
    setting: &str,
    judged: &dyn Fn(&RepoPath) -> bool,
) -> Result<Option<Need>, CheckError> {
    let mut found: Option<(RepoPath, &str)> = None;
    let mut unread: Option<RepoPath> = None;
    let wanted = |path: &RepoPath| {
        path.name().to_str().is_some_and(lists) && !own::lies_in(path, &ASIDE) && !judged(path)
    };
    cx.tree.each_tracked(&wanted, |file| {
        cx.cancel.check()?;
        if found.is_some() {
            return Ok(());
        }
        let Ok(content) = file.content(LARGEST) else {
            unread.get_or_insert_with(|| file.path.clone());
            return Ok(());
        };
        if let Some(content) = content
            && let Some(name) = file.path.name().to_str()
            && let Some(server) = server(name, &String::from_utf8_lossy(&content))
        {
            found = Some((file.path.clone(), server));
        }
        Ok::<(), CheckError>(())
    })?;
    let unread = unread.map(|path| {
        let message = format!(
            "`{path}` cannot be read: whether the project is an app in another language, whose signing key is not read here, is not known"
        );
        Need::new(LIST_UNREAD, Subject::of(&path).and(setting), message)
            .at(Place::file(path))
            .help("make it readable: `git fsck` tells which objects are missing, and a full clone has them")
    });
    let found = found.map(|(path, server)| {
        let script = path.name() == "package.json";
        let why = if script {
            "no place was seen where the app is given its signing key"
        } else {
            "the app's signing key is set in code that is not read here, since only Python, JavaScript and TypeScript are"
        };
        let message = format!("`{path}` depends on {server}: {why}");
        Need::new(OTHER_LANGUAGE, Subject::of(&path).and(setting), message)
            .at(Place::file(path))
            .help("read how the app gets the key that it signs sessions and tokens with: no literal of the code may become it")
    });
    Ok(found.or(unread))
}
