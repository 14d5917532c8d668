//! Settings that several modules share, `settings/base.py`, each of which may
//! replace what it takes: `from .base import *`, then `SECRET_KEY = …`.

use tree_sitter::Node;

use super::hit::Serves;
use super::project::{Asker, imports, ways_to_name};
use super::uses::{self, Used};
use crate::lang::SourceFile;
use crate::lang::python::{Meaning, children, meaning};
use crate::model::{CheckError, Place, RepoPath};

/// What such modules are called.
const NAMES: &[&str] = &["base", "common", "defaults", "default", "shared"];

/// Whether a module is meant to be taken over by others.
pub(super) fn is_base(path: &RepoPath) -> bool {
    uses::is_python(path) && NAMES.contains(&uses::stem(path).as_str())
}

impl Asker<'_> {
    /// Whether production takes a setting's value from a shared module: yes unless
    /// each module of production that takes it over sets its own.
    pub(super) fn base(&self, path: &RepoPath, setting: &str) -> Result<Used, CheckError> {
        let all = self.mentions.files.iter().map(AsRef::<SourceFile>::as_ref);
        let all = all.filter(|file| uses::is_python(file.path()));
        let heirs: Vec<&SourceFile> = all
            .filter(|file| file.path() != path)
            .filter(|file| {
                file.text()
                    .lines()
                    .any(|line| line.contains("import *") && imports(line, file.path(), path))
            })
            .collect();
        let said = |file: &SourceFile| meaning(&uses::stem(file.path()));
        let stands = Used::Yes(Place::file(path.clone()));
        if !heirs.iter().any(|heir| said(heir) == Some(Meaning::Production)) {
            return Ok(stands);
        }
        if !matches!(self.file(path, Serves::No), Used::No) && self.is_started(path) {
            return Ok(stands);
        }
        let named = self.production_has_settings();
        let mut perhaps = None;
        for heir in heirs.into_iter().filter(|heir| !sets(heir, setting)) {
            let aside = (self.aside)(heir.path()) || said(heir) == Some(Meaning::Development);
            if !aside {
                return Ok(stands);
            }
            match self.about(heir.path())?.file(heir.path(), Serves::No) {
                Used::No => {}
                Used::Perhaps(place) => perhaps = perhaps.or(Some(place)),
                // by default, while production names its own
                Used::Yes(place) if named => perhaps = perhaps.or(Some(place)),
                _ => return Ok(stands),
            }
        }
        Ok(perhaps.map_or(Used::No, Used::Perhaps))
    }

    /// The same questions, answered from what names another file.
    fn about(&self, path: &RepoPath) -> Result<Asker<'_>, CheckError> {
        let mut words = ways_to_name(path);
        words.push("DJANGO_SETTINGS_MODULE".to_owned());
        let mentions = self.project.mentioning(words)?;
        Ok(Asker { project: self.project, mentions, excused: self.excused, aside: self.aside })
    }

    /// Whether something names the module itself as the settings.
    fn is_started(&self, path: &RepoPath) -> bool {
        let dotted = uses::parts(path).join(".");
        let last: Vec<String> = uses::parts(path).into_iter().rev().take(2).collect();
        let last: Vec<&str> = last.iter().rev().map(String::as_str).collect();
        let last = last.join(".");
        self.mentions.files.iter().filter(|file| !(self.aside)(file.path())).any(|file| {
            file.text().lines().any(|line| {
                line.contains("SETTINGS")
                    && (uses::word_in(line, &dotted).is_some() || line.contains(&last))
            })
        })
    }
}

/// Whether a module gives a name a value of its own on each way through it.
fn sets(file: &SourceFile, name: &str) -> bool {
    let Some(tree) = file.python() else { return false };
    let root = tree.root_node();
    !root.has_error() && block_sets(file.text(), root, name)
}

fn block_sets(text: &str, block: Node<'_>, name: &str) -> bool {
    children(block).into_iter().any(|statement| match statement.kind() {
        "expression_statement" => children(statement).into_iter().any(|node| {
            let left = node.child_by_field_name("left").map(|left| left.byte_range());
            let named = left.and_then(|range| text.get(range)) == Some(name);
            node.kind() == "assignment" && named && node.child_by_field_name("right").is_some()
        }),
        "raise_statement" => true,
        "if_statement" => branches_set(text, statement, name),
        "with_statement" => {
            statement.child_by_field_name("body").is_some_and(|body| block_sets(text, body, name))
        }
        "try_statement" => tries_set(text, statement, name),
        _ => false,
    })
}

/// Whether a `try` does, whatever it raises.
fn tries_set(text: &str, statement: Node<'_>, name: &str) -> bool {
    let body = statement.child_by_field_name("body");
    let mut handlers =
        children(statement).into_iter().filter(|part| part.kind() == "except_clause");
    body.is_some_and(|body| block_sets(text, body, name))
        && handlers.all(|handler| {
            let block = children(handler).into_iter().find(|part| part.kind() == "block");
            block.is_some_and(|block| block_sets(text, block, name))
        })
}

/// Whether all branches of an `if` do, of which the last is an `else`.
fn branches_set(text: &str, statement: Node<'_>, name: &str) -> bool {
    let first = statement.child_by_field_name("consequence");
    let mut has_else = false;
    let others = children(statement).into_iter().all(|part| match part.kind() {
        "elif_clause" => {
            part.child_by_field_name("consequence").is_some_and(|b| block_sets(text, b, name))
        }
        "else_clause" => {
            has_else = true;
            part.child_by_field_name("body").is_some_and(|b| block_sets(text, b, name))
        }
        _ => true,
    });
    has_else && others && first.is_some_and(|block| block_sets(text, block, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_set_on_each_way() {
        for (text, expected) in [
            ("KEY = a()\n", true),
            ("from .base import *\nKEY: str = env['KEY']\n", true),
            ("if x:\n    KEY = 1\nelse:\n    KEY = 2\n", true),
            ("if x:\n    KEY = 1\nelif y:\n    KEY = 3\nelse:\n    raise E\n", true),
            ("if x:\n    KEY = 1\n", false),
            ("if x:\n    KEY = 1\nelif y:\n    KEY = 2\n", false),
            ("with a() as b:\n    KEY = b\n", true),
            ("try:\n    KEY = a()\nexcept:\n    KEY = b()\n", true),
            ("try:\n    KEY = a()\nexcept E:\n    pass\n", false),
            ("try:\n    KEY = a()\nexcept E:\n    raise F\n", true),
            ("KEY: str\n", false),
            ("OTHER = KEY\n", false),
            ("def f():\n    KEY = 1\n", false),
            ("KEY = (\n", false),
        ] {
            let file = SourceFile::new(RepoPath::new("a.py").expect("a path"), text.to_owned());
            assert_eq!(sets(&file, "KEY"), expected, "{text}");
        }
    }
}
