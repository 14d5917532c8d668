//! What gives an object's fields other values than its class says: other files that
//! settings are read from, and code that writes fields by their names. It is not
//! followed, and leaves the setting undecided.

use tree_sitter::Node;

use super::Search;
use super::fields::MOST_BASES;
use crate::check::kinds::settings::hardcoded_setting::found::Why;
use crate::lang::python::{Call, ScopeId, children, inner, last_name, walk};

/// Options of pydantic's settings that name files; `_env_file` is one of a call.
/// <https://docs.pydantic.dev/latest/concepts/pydantic_settings/>
const FILES: &[&str] =
    &["env_file", "secrets_dir", "json_file", "toml_file", "yaml_file", "cli_parse_args"];

/// What a class of settings overrides to read from elsewhere.
const SOURCES: &[&str] = &["settings_customise_sources", "customise_sources"];

/// Calls that write fields by name.
const WRITERS: &[&str] = &["setattr", "__setattr__", "vars"];

impl<'t> Search<'_, 't> {
    /// Notes that settings of this class, or of this call of it, come from other files
    /// than an env file, which another check asks for.
    pub(super) fn other_files(&mut self, class: ScopeId, call: Option<Node<'t>>, bases: usize) {
        let Some(scope) = self.module.scopes().get(class) else { return };
        for node in call.into_iter().chain([scope.node]) {
            if let Some(trap) = self.other_file_in(node) {
                self.opaque(trap, trap, Why::Literal);
            }
        }
        if bases < MOST_BASES {
            for base in self.own_bases(class) {
                self.other_files(base, None, bases + 1);
            }
        }
    }

    fn other_file_in(&self, node: Node<'t>) -> Option<Node<'t>> {
        let module = self.module;
        if !module.spend(node.byte_range().len()) {
            return Some(node);
        }
        let mut trap = None;
        walk(node, (), |step| {
            let node = step.node;
            let (name, value) = match step.kind {
                "function_definition" => (node.child_by_field_name("name"), Some(node)),
                "keyword_argument" => {
                    (node.child_by_field_name("name"), node.child_by_field_name("value"))
                }
                "assignment" => {
                    (node.child_by_field_name("left"), node.child_by_field_name("right"))
                }
                "pair" => (node.child_by_field_name("key"), node.child_by_field_name("value")),
                _ => return Some(()),
            };
            let name = name.map(|name| module.source(name)).unwrap_or_default();
            let name = name.trim_matches(['"', '\'', '_']);
            let is_trap = SOURCES.contains(&name)
                || (FILES.contains(&name)
                    && value.is_some_and(|value| {
                        !(name == "env_file" && self.are_env_files(value))
                            && inner(value).kind() != "none"
                    }));
            if is_trap {
                trap = trap.or(Some(value.unwrap_or(node)));
            }
            trap.is_none().then_some(())
        });
        trap
    }

    /// Whether these are files with an env file's name, wherever they lie.
    fn are_env_files(&self, value: Node<'t>) -> bool {
        let (mut texts, mut all) = (0, true);
        walk(value, (), |step| {
            if step.kind == "string" {
                texts += 1;
                let text = self.module.plain_string(step.node).map(|text| text.text);
                let name = text.as_deref().and_then(|text| text.rsplit('/').next());
                all &= name.is_some_and(|name| name == ".env" || name.starts_with(".env."));
            }
            Some(())
        });
        texts > 0 && all
    }

    /// Notes that code of the file writes fields of objects by their names, and may
    /// write one of these; of any, when none are given.
    pub(super) fn written_by_name(&mut self, names: &[&str]) {
        let module = self.module;
        let text = module.text;
        // once is enough
        if self.found.opaque.iter().any(|known| known.why == Why::Literal) {
            return;
        }
        if !WRITERS.iter().any(|word| text.contains(word)) && !text.contains("__dict__") {
            return;
        }
        let mut trap = None;
        walk(module.root, (), |step| {
            let call = Call::of(step.node).filter(|call| WRITERS.contains(&call.name(text)));
            let dict = step.kind == "attribute" && last_name(text, step.node) == Some("__dict__");
            // `setattr(settings, "debug", False)` gives no text
            let other =
                call.as_ref().filter(|call| call.name(text) != "vars").is_some_and(|call| {
                    let mut texts = call.positional.iter().take(2);
                    let written = texts.find_map(|given| module.plain_string(inner(*given)));
                    // what a class keeps for itself may hold the others
                    let holds = |written: &str| {
                        let value = call.positional.last().copied();
                        written.starts_with('_')
                            && value.is_some_and(|value| self.literal_in(value).is_some())
                    };
                    written.is_some_and(|written| {
                        let written = written.text.as_str();
                        !names.is_empty() && !names.contains(&written) && !holds(written)
                    })
                });
            let harmless = other
                || call.as_ref().is_some_and(|call| {
                    call.name(text) == "setattr"
                        && call.positional.get(2).is_some_and(|value| {
                            matches!(inner(*value).kind(), "true" | "false" | "none" | "integer")
                        })
                });
            if dict || (call.is_some() && !harmless) {
                trap = Some(step.node);
            }
            trap.is_none().then_some(())
        });
        if let Some(trap) = trap {
            self.opaque(trap, trap, Why::Literal);
        }
    }

    /// A field's default within its annotation: `Annotated[str, Field(default=…)]`.
    pub(super) fn annotated_default(&self, declared: Node<'t>) -> Option<(Node<'t>, bool)> {
        let text = self.module.text;
        let mut found = None;
        walk(declared, (), |step| {
            let call = Call::of(step.node).filter(|call| call.name(text) == "Field");
            let default = call.as_ref().and_then(|call| call.keyword(text, &["default"]));
            let made = call.as_ref().and_then(|call| call.keyword(text, &["default_factory"]));
            found = found.or(default.map(|node| (node, false))).or(made.map(|node| (node, true)));
            found.is_none().then_some(())
        });
        found
    }

    /// The default of `environ.var("…")` of the package environ-config, of which the
    /// name comes from the class; none for a variable that must be set.
    pub(super) fn environ_default(
        &self,
        value: Node<'t>,
        class: ScopeId,
    ) -> Option<Option<Node<'t>>> {
        let call = Call::of(inner(value))?;
        let text = self.module.text;
        let scope = self.module.scopes().get(class)?;
        let definition = scope.node.parent().filter(|p| p.kind() == "decorated_definition")?;
        let decorators = children(definition).into_iter().filter(|p| p.kind() == "decorator");
        let is_config = decorators.map(|d| self.module.source(d)).any(|d| d.contains("config"));
        (is_config && call.name(text) == "var")
            .then(|| call.positional.first().copied().or_else(|| call.keyword(text, &["default"])))
    }
}
