//! Whether production uses a class, function or file that is not meant for it.

use tree_sitter::Node;

use crate::lang::SourceFile;
use crate::lang::python::{
    Call, Meaning, Module, Reach, Step, children, inner, last_name, meaning, reads_with_default,
    walk,
};
use crate::model::{Place, RepoPath};

/// Whether production uses something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Used {
    /// Nothing says so.
    No,
    /// It cannot be told.
    Perhaps(Place),
    /// Only if production uses this, which is in that file.
    Through(String, RepoPath),
    /// Only if production takes this key of a dictionary.
    Key(String, Place),
    /// It does.
    Yes(Place),
}

/// What is asked for: a class or function, and where it is defined.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) path: &'a RepoPath,
    /// What an heir may set by itself.
    pub(super) setting: &'a str,
}

/// All uses in a file.
pub(super) fn in_file(
    file: &SourceFile,
    wanted: &Wanted<'_>,
    excused: &dyn Fn(&str) -> bool,
) -> Vec<Used> {
    if is_python(file.path()) { in_python(file, wanted, excused) } else { in_text(file, wanted) }
}

/// Whether a file is Python code.
pub(super) fn is_python(path: &RepoPath) -> bool {
    let is = |ending: &str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
    ["py", "pyw", "wsgi"].into_iter().any(is)
}

/// The last name of a file's module: `dev` of `settings/dev.py`, `settings` of
/// `settings/__init__.py`.
pub(super) fn stem(path: &RepoPath) -> String {
    parts(path).pop().unwrap_or_default()
}

/// The parts of a file's dotted name.
pub(super) fn parts(path: &RepoPath) -> Vec<String> {
    let text = path.to_string();
    let text = text.rsplit_once('.').map_or(text.as_str(), |(before, _)| before);
    let mut parts: Vec<String> = text.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "__init__") {
        parts.pop();
    }
    parts
}

/// How a file says what it starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Starts {
    /// It starts production.
    Production,
    /// It may.
    Perhaps,
    /// It starts tests, or a developer's machine.
    Never,
}

/// What a file that is not Python code starts.
pub(super) fn starts(path: &RepoPath) -> Starts {
    let text = path.to_string().to_lowercase();
    let name = path.name().to_string_lossy().to_lowercase();
    let ci = [
        ".idea/",
        ".vscode/",
        ".github/",
        ".circleci/",
        ".gitlab",
        ".ci/",
        "tox.ini",
        "setup.cfg",
        "pytest.ini",
    ];
    if ci.iter().any(|part| text.contains(part)) || meaning(&name) == Some(Meaning::Development) {
        return Starts::Never;
    }
    let sure = name.starts_with("procfile")
        || name.starts_with("dockerfile")
        || name.starts_with("containerfile")
        || name.ends_with(".dockerfile")
        || name.ends_with(".service")
        || matches!(
            name.as_str(),
            "app.json" | "app.yaml" | "fly.toml" | "uwsgi.ini" | "render.yaml"
        );
    if sure { Starts::Production } else { Starts::Perhaps }
}

fn in_text(file: &SourceFile, wanted: &Wanted<'_>) -> Vec<Used> {
    let starts = starts(file.path());
    if starts == Starts::Never {
        return Vec::new();
    }
    let mut offset = 0;
    for line in file.text().split_inclusive('\n') {
        let code = !line.trim_start().starts_with('#');
        if let Some(at) = code.then(|| word_in(line, wanted.name)).flatten() {
            let qualified = line.get(..at).unwrap_or_default().ends_with(['.', ':']);
            if qualified {
                let place = file.place(offset + at);
                return vec![if starts == Starts::Production {
                    Used::Yes(place)
                } else {
                    Used::Perhaps(place)
                }];
            }
        }
        offset += line.len();
    }
    Vec::new()
}

/// Where a word stands by itself.
pub(super) fn word_in(line: &str, word: &str) -> Option<usize> {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).map(|(at, _)| at).find(|at| {
        !joins(line.get(..*at).and_then(|before| before.chars().next_back()))
            && !joins(line.get(at + word.len()..).and_then(|after| after.chars().next()))
    })
}

#[derive(Clone)]
struct State {
    reach: Reach,
    /// The outermost class or function that does not count by its name.
    within: Option<String>,
}

fn in_python(file: &SourceFile, wanted: &Wanted<'_>, excused: &dyn Fn(&str) -> bool) -> Vec<Used> {
    let Some(tree) = file.python() else {
        return vec![Used::Perhaps(Place::file(file.path().clone()))];
    };
    let module = Module::new(file.text(), tree.root_node());
    let here = file.path() == wanted.path;
    let mut names: Vec<&str> = Vec::new();
    if here {
        names.push(wanted.name);
    }
    for (name, import) in module.imports() {
        if import.name.as_deref() == Some(wanted.name) && is_from(&import.module, wanted.path) {
            names.push(name);
        }
    }
    let stars = file.text().contains("import *");
    if stars && names.is_empty() {
        names.push(wanted.name);
    }
    let stem = stem(wanted.path);
    let is_plain = !excused(wanted.name);
    let mut uses = Vec::new();
    let start = State { reach: Reach::new(&module), within: None };
    walk(module.root, start, |step| {
        let reach = Reach::enter(&module, &step, &step.state.reach, &|_| false)?;
        let node = step.node;
        let mut within = step.state.within.clone();
        if matches!(step.kind, "import_statement" | "import_from_statement") {
            return None;
        }
        if within.is_none()
            && matches!(step.kind, "class_definition" | "function_definition")
            && let Some(name) = node.child_by_field_name("name").map(|name| module.source(name))
            && excused(name)
        {
            within = Some(name.to_owned());
        }
        let named = match step.kind {
            "identifier" => {
                let attribute = step.parent().is_some_and(|p| p.kind() == "attribute")
                    && step.field == Some("attribute");
                let keyword = step.parent().is_some_and(|p| p.kind() == "keyword_argument")
                    && step.field == Some("name");
                let object = step.parent().and_then(|p| p.child_by_field_name("object"));
                let text = module.source(node);
                if attribute {
                    let of = object.and_then(|object| last_name(module.text, inner(object)));
                    text == wanted.name && (!is_plain || of == Some(stem.as_str()))
                } else {
                    !keyword && names.contains(&text)
                }
            }
            "string" => module.plain_string(node).is_some_and(|value| {
                let text = value.text.trim_end_matches("()");
                let before =
                    text.strip_suffix(wanted.name).and_then(|b| b.strip_suffix(['.', ':']));
                before.is_some_and(|before| {
                    !is_plain || before.rsplit(['.', '/']).next() == Some(stem.as_str())
                })
            }),
            _ => false,
        };
        if named {
            let used = classify(file, &module, &step, wanted);
            uses.extend(match (used, &within) {
                (Used::No, _) => None,
                (_, Some(name)) if name == wanted.name && here => None,
                (_, Some(name)) => Some(Used::Through(name.clone(), file.path().clone())),
                (used, None) => Some(used),
            });
        }
        Some(State { reach, within })
    });
    uses
}

/// Whether a module's name can be that file's.
fn is_from(module: &str, path: &RepoPath) -> bool {
    let last = module.rsplit('.').next().unwrap_or_default();
    last.is_empty() || parts(path).iter().any(|part| part == last)
}

/// What one use says.
fn classify(
    file: &SourceFile,
    module: &Module<'_>,
    step: &Step<'_, '_, State>,
    wanted: &Wanted<'_>,
) -> Used {
    let place = || file.place(step.node.start_byte());
    let mut below = step.node;
    for (node, state) in step.above.iter().rev().take(24) {
        match node.kind() {
            "class_definition" | "function_definition" => {
                let definition = node.child_by_field_name("name");
                if definition.is_some_and(|name| name.id() == below.id()) {
                    return Used::No;
                }
                if node.child_by_field_name("superclasses").is_some_and(|s| s.id() == below.id()) {
                    return heir(file, module, *node, wanted, place());
                }
                return Used::Perhaps(place());
            }
            "type" | "comparison_operator" | "decorator" | "except_clause" => return Used::No,
            "attribute" => {}
            "pair" => {
                let key = node.child_by_field_name("key").filter(|key| key.id() != below.id());
                let key = key.map(|key| module.source(key)).unwrap_or_default();
                let key = key.trim_matches(['"', '\'']);
                return match meaning(key) {
                    Some(Meaning::Development) => Used::Key(key.to_owned(), place()),
                    Some(Meaning::Production) => Used::Yes(place()),
                    None if key == "default" => Used::Yes(place()),
                    None => Used::Perhaps(place()),
                };
            }
            "keyword_argument" => {
                let key = node.child_by_field_name("name").map(|name| module.source(name));
                if key.is_some_and(|key| meaning(key) == Some(Meaning::Development)) {
                    return Used::No;
                }
            }
            "call" => {
                let called =
                    node.child_by_field_name("function").is_some_and(|f| f.id() == below.id());
                if called {
                    return Used::Yes(place());
                }
                let Some(call) = Call::of(*node) else { return Used::Perhaps(place()) };
                let name = call.name(module.text);
                if matches!(name, "isinstance" | "issubclass" | "print" | "super" | "hasattr") {
                    return Used::No;
                }
                let default =
                    reads_with_default(module.text, &call).and_then(|(_, default)| default);
                let is_default =
                    default.is_some_and(|d| d.byte_range().contains(&step.node.start_byte()));
                let loads = matches!(
                    name,
                    "from_object"
                        | "import_string"
                        | "import_module"
                        | "create_app"
                        | "make_app"
                        | "create_application"
                        | "init_app"
                        | "setdefault"
                        | "configure"
                );
                return if is_default || loads {
                    Used::Yes(place())
                } else {
                    Used::Perhaps(place())
                };
            }
            "boolean_operator" => {
                let right = node.child_by_field_name("right").is_some_and(|r| r.id() == below.id());
                if right {
                    return Used::Yes(place());
                }
            }
            "assignment" => {
                let target = node.child_by_field_name("left");
                if target.is_some_and(|target| target.id() == below.id()) {
                    // `DevConfig.X = …` changes it, and does not use it
                    return Used::No;
                }
                let name =
                    target.and_then(|target| last_name(module.text, target)).unwrap_or_default();
                let environ = target.is_some_and(|t| module.source(t).contains("environ"));
                if environ {
                    return Used::Yes(place());
                }
                if meaning(name) == Some(Meaning::Development) {
                    return Used::No;
                }
                return Used::Perhaps(place());
            }
            "expression_statement" if below.kind() == "string" => return Used::No,
            _ => {}
        }
        let _ = state;
        below = *node;
    }
    Used::Perhaps(place())
}

/// Whether a file that chooses a configuration takes this key when nothing says
/// which one.
pub(super) fn takes_by_default(file: &SourceFile, key: &str) -> bool {
    let text = file.text();
    let chooses =
        ["create_app(", "from_object(", "config[", "configs[", "config_by_name", "config.get("];
    if !chooses.iter().any(|said| text.contains(said)) {
        return false;
    }
    let Some(tree) = file.python() else { return true };
    let module = Module::new(text, tree.root_node());
    let mut found = false;
    walk(module.root, Reach::new(&module), |step| {
        let reach = Reach::enter(&module, &step, step.state, &|_| false)?;
        let node = step.node;
        if step.kind == "string" && module.plain_string(node).is_some_and(|v| v.text == key) {
            let parent = step.parent();
            let kind = parent.map(|parent| parent.kind()).unwrap_or_default();
            found |= match kind {
                "boolean_operator" => step.field == Some("right"),
                "default_parameter" | "typed_default_parameter" => true,
                "argument_list" => {
                    let call = step.above.iter().rev().nth(1).and_then(|(up, _)| Call::of(*up));
                    let default = call.as_ref().and_then(|c| reads_with_default(module.text, c)?.1);
                    let makes = call.as_ref().is_some_and(|c| c.name(module.text) == "create_app");
                    makes || default.is_some_and(|default| default.id() == node.id())
                }
                "keyword_argument" => parent
                    .and_then(|parent| parent.child_by_field_name("name"))
                    .is_some_and(|name| module.source(name) == "default"),
                _ => false,
            };
        }
        Some(reach)
    });
    found
}

/// A class that inherits: it uses the setting unless it has its own.
fn heir(
    file: &SourceFile,
    module: &Module<'_>,
    class: Node<'_>,
    wanted: &Wanted<'_>,
    place: Place,
) -> Used {
    let name =
        class.child_by_field_name("name").map(|name| module.source(name)).unwrap_or_default();
    let body = class.child_by_field_name("body").map(children).unwrap_or_default();
    let own = body.into_iter().any(|statement| {
        let text = module.source(statement);
        let word = word_in(text.split(['=', '(']).next().unwrap_or_default(), wanted.setting);
        word.is_some() && statement.kind() != "if_statement"
    });
    match meaning(name) {
        _ if own => Used::No,
        Some(Meaning::Production) => Used::Yes(place),
        Some(Meaning::Development) => Used::Through(name.to_owned(), file.path().clone()),
        None => Used::Through(name.to_owned(), file.path().clone()),
    }
}
