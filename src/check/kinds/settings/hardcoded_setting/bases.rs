//! Settings that several modules share, `settings/base.py`, each of which may
//! replace what it takes: `from .base import *`, then `SECRET_KEY = …`.

use std::rc::Rc;

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
    /// each module of production that takes it over sets its own. Then it cannot be
    /// told: no reader of files knows which of them a server is started with.
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
        let Some(production) = heirs
            .iter()
            .find(|heir| said(heir) == Some(Meaning::Production))
            .map(|heir| heir.path())
        else {
            return Ok(stands);
        };
        let own = Used::Perhaps(Place::file(production.clone()));
        if !matches!(self.file(path, Serves::No)?, Used::No) && self.is_started(path) {
            return Ok(stands);
        }
        let named = self.production_has_settings();
        let mut perhaps = None;
        for heir in heirs.into_iter().filter(|heir| !sets(heir, setting)) {
            let aside = (self.aside)(heir.path()) || said(heir) == Some(Meaning::Development);
            if !aside {
                return Ok(stands);
            }
            match self.about(heir.path())?.file(heir.path(), Serves::No)? {
                Used::No => {}
                Used::Perhaps(place) => perhaps = perhaps.or(Some(place)),
                // by default, while production names its own
                Used::Yes(place) if named => perhaps = perhaps.or(Some(place)),
                _ => return Ok(stands),
            }
        }
        Ok(perhaps.map_or(own, Used::Perhaps))
    }

    /// The same questions, answered from what names another file.
    fn about(&self, path: &RepoPath) -> Result<Asker<'_>, CheckError> {
        let mut words = ways_to_name(path);
        words.push("DJANGO_SETTINGS_MODULE".to_owned());
        let mentions = self.project.mentioning(words)?;
        let loaded = Rc::clone(&self.loaded);
        let Self { project, excused, aside, .. } = *self;
        Ok(Asker { project, mentions, excused, aside, loaded })
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

/// Whether a module gives a name a value of its own on each way through it, after
/// all that it takes over, and not made from the one that it took over.
fn sets(file: &SourceFile, name: &str) -> bool {
    let Some(tree) = file.python() else { return false };
    let root = tree.root_node();
    let text = file.text();
    let taken = memchr::memmem::rfind(text.as_bytes(), b"import *").unwrap_or(0);
    let replaced = ["globals()", "locals()", "vars()"].iter().any(|all| text.contains(all));
    !root.has_error() && !replaced && block_sets(&Own { text, name, taken }, root)
}

/// What is asked of a module.
struct Own<'a> {
    text: &'a str,
    name: &'a str,
    /// Where the last of what it takes over is named.
    taken: usize,
}

impl Own<'_> {
    /// Whether a node gives the name a value that is not made from the name's own.
    fn is_set_by(&self, node: Node<'_>) -> bool {
        let source = |field| {
            let part = node.child_by_field_name(field)?;
            self.text.get(part.byte_range())
        };
        node.kind() == "assignment"
            && node.start_byte() >= self.taken
            && source("left") == Some(self.name)
            && source("right").is_some_and(|right| !names(right, self.name))
    }
}

/// Whether code names a variable, outside of quotes.
fn names(code: &str, name: &str) -> bool {
    let part = |c: char| c == '_' || c.is_alphanumeric();
    code.match_indices(name).any(|(at, _)| {
        let before = code.get(..at).and_then(|before| before.chars().next_back());
        let after = code.get(at + name.len()..).and_then(|after| after.chars().next());
        let quoted = before.is_some_and(|c| matches!(c, '"' | '\''));
        !quoted && !before.is_some_and(part) && !after.is_some_and(part)
    })
}

fn block_sets(own: &Own<'_>, block: Node<'_>) -> bool {
    children(block).into_iter().any(|statement| match statement.kind() {
        "expression_statement" => children(statement).into_iter().any(|node| own.is_set_by(node)),
        "raise_statement" => true,
        "if_statement" => branches_set(own, statement),
        "with_statement" => {
            statement.child_by_field_name("body").is_some_and(|body| block_sets(own, body))
        }
        "try_statement" => tries_set(own, statement),
        _ => false,
    })
}

/// Whether a `try` does, whatever it raises.
fn tries_set(own: &Own<'_>, statement: Node<'_>) -> bool {
    let body = statement.child_by_field_name("body");
    let mut handlers =
        children(statement).into_iter().filter(|part| part.kind() == "except_clause");
    body.is_some_and(|body| block_sets(own, body))
        && handlers.all(|handler| {
            let block = children(handler).into_iter().find(|part| part.kind() == "block");
            block.is_some_and(|block| block_sets(own, block))
        })
}

/// Whether all branches of an `if` do, of which the last is an `else`.
fn branches_set(own: &Own<'_>, statement: Node<'_>) -> bool {
    let first = statement.child_by_field_name("consequence");
    let mut has_else = false;
    let others = children(statement).into_iter().all(|part| match part.kind() {
        "elif_clause" => {
            part.child_by_field_name("consequence").is_some_and(|b| block_sets(own, b))
        }
        "else_clause" => {
            has_else = true;
            part.child_by_field_name("body").is_some_and(|b| block_sets(own, b))
        }
        _ => true,
    });
    has_else && others && first.is_some_and(|block| block_sets(own, block))
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
            ("from .base import *\nKEY = env.get('KEY', KEY)\n", false),
            ("from .base import *\nKEY = env.get('KEY') or KEY\n", false),
            ("KEY = env['KEY']\nfrom .base import *\n", false),
            ("KEY = env['KEY']\nglobals().update(vars(base))\n", false),
            ("from .base import *\nKEY = env['KEY'] + MY_KEY\n", true),
            ("OTHER = KEY\n", false),
            ("def f():\n    KEY = 1\n", false),
            ("KEY = (\n", false),
        ] {
            let file = SourceFile::new(RepoPath::new("a.py").expect("a path"), text.to_owned());
            assert_eq!(sets(&file, "KEY"), expected, "{text}");
        }
    }
}
