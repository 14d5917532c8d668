//! Modules and classes that code names by a text that it puts together:
//! `"shop.settings." + os.environ.get("ENV", "dev")`.

use tree_sitter::Node;

use super::fits::{self, Fit};
use super::project::Asker;
use super::texts;
use super::uses;
use crate::lang::SourceFile;
use crate::lang::python::{Call, Module, Reach, Use, inner, is_interpolated, key_text, walk};
use crate::model::{CheckError, Place, RepoPath};

/// What names the settings' module.
const VARIABLES: &[&str] = &["DJANGO_SETTINGS_MODULE", "SETTINGS_MODULE", "FLASK_APP"];

/// What loads a module, a class or a file by its name.
const LOADS: &[&str] = &[
    "import_module",
    "import_string",
    "__import__",
    "from_object",
    "from_pyfile",
    "run_path",
    "run_module",
    "execfile",
    "include",
    "getattr",
    "locate",
];

impl Asker<'_> {
    /// Where production's code may name something by a text that it puts together.
    ///
    /// # Errors
    /// When the project could not be looked at.
    pub(super) fn composed(
        &self,
        path: &RepoPath,
        name: Option<&str>,
    ) -> Result<Option<Place>, CheckError> {
        let mut dotted = uses::parts(path);
        dotted.extend(name.map(str::to_owned));
        let dotted = dotted.join(".");
        let words = VARIABLES.iter().chain(LOADS).map(|word| (*word).to_owned()).collect();
        let mentions = self.project.mentioning(words)?;
        let served = mentions.files.iter().any(|file| {
            let name = file.path().name().to_string_lossy();
            matches!(&*name, "wsgi.py" | "asgi.py") && !self.is_aside(file.path())
        });
        let manages = !served || self.started_by_manage()?.is_some();
        Ok(mentions.files.iter().find_map(|file| {
            let from = file.path();
            if from == path && name.is_none() || !uses::is_python(from) || self.is_aside(from) {
                return None;
            }
            if from.name() == "manage.py" && !manages {
                return None;
            }
            loaded(file, &|text| match name {
                Some(_) => fits::dotted(text, &dotted),
                None => fits::dotted(text, &dotted).max(fits::path(text, path)),
            })
        }))
    }
}

/// Where a file loads something by a text that fits.
fn loaded(file: &SourceFile, fit: &dyn Fn(&texts::Text) -> Fit) -> Option<Place> {
    let tree = file.python()?;
    let module = Module::new(file.text(), tree.root_node());
    let mut found = None;
    walk(module.root, Reach::new(&module), |step| {
        let reach = Reach::enter(&module, &step, step.state, &|_| false)?;
        if found.is_some() {
            return None;
        }
        let at = reach.at(step.node.start_byte());
        for node in names(&module, step.node, at) {
            let node = inner(node);
            // what is told whole is found by its text
            if node.kind() == "string" && !is_interpolated(node) {
                continue;
            }
            let texts = texts::of(&module, node, at, &|_| None);
            if texts.iter().any(|text| fit(text) >= Fit::Perhaps) {
                found = Some(file.place(node.start_byte()));
            }
        }
        Some(reach)
    });
    found
}

/// The expressions that name what is loaded here.
fn names<'t>(module: &Module<'t>, node: Node<'t>, at: Use) -> Vec<Node<'t>> {
    let is_variable = |key: Node<'t>| {
        key_text(module, key, at).is_some_and(|key| VARIABLES.contains(&key.as_str()))
    };
    match node.kind() {
        "call" => {
            let Some(call) = Call::of(node) else { return Vec::new() };
            let name = call.name(module.text);
            if LOADS.contains(&name) {
                return call.positional;
            }
            match call.positional.as_slice() {
                [key, value, ..]
                    if matches!(name, "setdefault" | "putenv" | "__setitem__")
                        && is_variable(inner(*key)) =>
                {
                    vec![*value]
                }
                _ => Vec::new(),
            }
        }
        "assignment" => {
            let target = node.child_by_field_name("left").filter(|left| left.kind() == "subscript");
            let key = target.and_then(|target| target.child_by_field_name("subscript"));
            let value = node.child_by_field_name("right");
            value.filter(|_| key.is_some_and(is_variable)).into_iter().collect()
        }
        "pair" => {
            let key = node.child_by_field_name("key");
            let value = node.child_by_field_name("value");
            value.filter(|_| key.is_some_and(is_variable)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
