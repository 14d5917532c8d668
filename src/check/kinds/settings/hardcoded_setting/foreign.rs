//! An app in another language has a signing key too, which is not read here, or was
//! not seen.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::facts::Facts;
use crate::lang::frameworks::{Serves, lists, server};
use crate::lang::own::{self, Whose};
use crate::lang::servers;
use crate::model::{CheckError, Need, Place, RepoPath, RuleId, Subject};

const OTHER_LANGUAGE: RuleId = RuleId::new("hardcoded_setting.other_language");
const LIST_UNREAD: RuleId = RuleId::new("hardcoded_setting.list_unread");

/// Larger files are not looked into, in bytes.
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

/// What was seen of the apps in other languages.
#[derive(Default)]
struct Seen {
    found: Option<(RepoPath, String)>,
    /// What renders pages in front of a server.
    pages: Option<(RepoPath, &'static str)>,
    unread: Option<RepoPath>,
    /// Folders of packages that say what they depend on.
    packages: BTreeSet<PathBuf>,
}

impl Seen {
    fn list(&mut self, path: &RepoPath, name: &str, text: &str, judged: bool) {
        if name.eq_ignore_ascii_case("package.json") {
            self.packages.extend(path.as_path().parent().map(PathBuf::from));
        }
        if judged {
            return;
        }
        match server(name, text) {
            Some(Serves::Surely(server)) => {
                self.found.get_or_insert_with(|| (path.clone(), format!("depends on {server}")));
            }
            Some(Serves::Starts) => {
                self.found.get_or_insert_with(|| (path.clone(), "starts Node.js".to_owned()));
            }
            Some(Serves::Pages(server)) => {
                self.pages.get_or_insert_with(|| (path.clone(), server));
            }
            Some(Serves::NotRead) => {
                self.unread.get_or_insert_with(|| path.clone());
            }
            None => {}
        }
    }

    /// Whether a package says of a script what it is for.
    fn is_packaged(&self, path: &RepoPath) -> bool {
        path.as_path().ancestors().skip(1).any(|folder| self.packages.contains(folder))
    }
}

/// A need for the first web app in another language than Python whose code was not
/// judged, or for the first list of what a project depends on that cannot be read.
/// What renders pages counts where no app in Python stands behind it.
pub(super) fn app(
    cx: &Facts<'_>,
    setting: &str,
    beside_python: bool,
    judged: &dyn Fn(&RepoPath) -> bool,
) -> Result<Option<Need>, CheckError> {
    let mut seen = Seen::default();
    let own = |path: &RepoPath| !own::lies_in(path, &ASIDE);
    let named = |path: &RepoPath| path.name().to_str().is_some_and(lists) && own(path);
    cx.tree.each_tracked(&named, |file| {
        cx.cancel.check()?;
        match (file.content(LARGEST), file.path.name().to_str()) {
            (Ok(Some(content)), Some(name)) => {
                let text = String::from_utf8_lossy(&content);
                seen.list(&file.path, name, &text, judged(&file.path));
            }
            _ => drop(seen.unread.get_or_insert_with(|| file.path.clone())),
        }
        Ok::<(), CheckError>(())
    })?;
    if seen.found.is_none() {
        code(cx, &own, &mut seen)?;
    }
    if !beside_python && seen.found.is_none() {
        seen.found = seen.pages.take().map(|(path, server)| (path, format!("depends on {server}")));
    }
    let unread = seen.unread.map(|path| {
        let message = format!(
            "`{path}` cannot be read: whether the project is an app in another language, whose signing key is not read here, is not known"
        );
        Need::new(LIST_UNREAD, Subject::of(&path).and(setting), message)
            .at(Place::file(path))
            .help("make it readable: see that it is valid; when its object is missing (`git fsck`), use a full clone")
    });
    let found = seen.found.map(|(path, what)| {
        let name = path.name().to_string_lossy().to_lowercase();
        let why = if name == "package.json" || servers::is_script(&name) {
            "no place was seen where the app is given its signing key"
        } else {
            "the app's signing key is set in code that is not read here, since only Python, JavaScript and TypeScript are"
        };
        let message = format!("`{path}` {what}: {why}");
        Need::new(OTHER_LANGUAGE, Subject::of(&path).and(setting), message)
            .at(Place::file(path))
            .help("read how the app gets the key that it signs sessions and tokens with: no literal of the code may become it")
    });
    Ok(found.or(unread))
}

/// Looks for code that serves where no list says so.
fn code(
    cx: &Facts<'_>,
    own: &dyn Fn(&RepoPath) -> bool,
    seen: &mut Seen,
) -> Result<(), CheckError> {
    let small = |path: &RepoPath| path.to_string().to_lowercase();
    let wanted = |path: &RepoPath| {
        let name = small(path);
        servers::may_serve(&name)
            && own(path)
            && !(servers::is_script(&name) && seen.is_packaged(path))
    };
    let mut found = None;
    cx.tree.each_tracked(&wanted, |file| {
        cx.cancel.check()?;
        if found.is_none()
            && let Ok(Some(content)) = file.content(LARGEST)
            && let Some(what) =
                servers::serves(&small(&file.path), &String::from_utf8_lossy(&content))
        {
            found = Some((file.path.clone(), format!("is {what}")));
        }
        Ok::<(), CheckError>(())
    })?;
    seen.found = found;
    Ok(())
}
