//! Which names read the environment.

use tree_sitter::Node;

use crate::lang::python::{Module, dotted};

/// Whether a name reads the environment: `os.environ`, `os.getenv`, `env.str`.
pub(super) fn is_environment(module: &Module<'_>, node: Node<'_>) -> bool {
    dotted(module.text, node).is_some_and(|name| {
        crate::lang::python::words(&name)
            .iter()
            .any(|word| matches!(word.as_str(), "env" | "environ" | "getenv"))
    })
}
