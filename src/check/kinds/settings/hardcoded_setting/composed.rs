//! Modules and classes that code names by a text that it puts together:
//! `"shop.settings." + os.environ.get("ENV", "dev")`.

use tree_sitter::Node;

use super::fits::{self, Fit};
use super::loaded::Loaded;
use super::project::Asker;
use super::texts::{self, Part};
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
        let all = match self.loaded.get() {
            Some(all) => all,
            None => {
                let all = self.all_loaded()?;
                self.loaded.get_or_init(|| all)
            }
        };
        let found = all.iter().find(|loaded| {
            let fit = match name {
                Some(_) => fits::dotted(&loaded.text, &dotted),
                None if loaded.place.path == *path => Fit::No,
                None => fits::dotted(&loaded.text, &dotted).max(fits::path(&loaded.text, path)),
            };
            fit >= Fit::Perhaps
        });
        Ok(found.map(|loaded| loaded.place.clone()))
    }

    /// All that production's code loads by a text that it puts together.
    fn all_loaded(&self) -> Result<Vec<Loaded>, CheckError> {
        let words = VARIABLES.iter().chain(LOADS).map(|word| (*word).to_owned()).collect();
        let mentions = self.project.mentioning(words)?;
        let served = mentions.files.iter().any(|file| {
            let name = file.path().name().to_string_lossy();
            matches!(&*name, "wsgi.py" | "asgi.py") && !self.is_aside(file.path())
        });
        let manages = !served || self.started_by_manage()?.is_some();
        let code = mentions.files.iter().filter(|file| {
            let path = file.path();
            uses::is_python(path) && !self.is_aside(path) && (path.name() != "manage.py" || manages)
        });
        Ok(code.flat_map(|file| loaded(file)).collect())
    }
}

/// What a file loads by a text that it puts together.
fn loaded(file: &SourceFile) -> Vec<Loaded> {
    let mut found = Vec::new();
    let Some(tree) = file.python() else { return found };
    let module = Module::new(file.text(), tree.root_node());
    walk(module.root, Reach::new(&module), |step| {
        let reach = Reach::enter(&module, &step, step.state, &|_| false)?;
        let at = reach.at(step.node.start_byte());
        for node in names(&module, step.node, at) {
            let node = inner(node);
            // what is told whole is found by its text
            if node.kind() == "string" && !is_interpolated(node) {
                continue;
            }
            let texts = texts::of(&module, node, at, &|_| None);
            let told =
                texts.into_iter().filter(|text| text.iter().any(|p| matches!(p, Part::Said(_))));
            let place = file.place(node.start_byte());
            found.extend(told.map(|text| Loaded { text, place: place.clone() }));
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
                let plain = |node: &Node<'_>| matches!(node.kind(), "identifier" | "attribute");
                let reads = name == "getattr";
                let all = call.positional.into_iter();
                return all.filter(|node| !(reads && plain(node))).collect();
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
