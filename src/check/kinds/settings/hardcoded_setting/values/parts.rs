//! Values put together from parts, and names of other modules.

use tree_sitter::Node;

use super::{Open, Search};
use crate::check::kinds::settings::hardcoded_setting::found::Values;
use crate::lang::python::{Import, Use, children, dotted, evaluate, inner, is_interpolated};

impl<'t> Search<'_, 't> {
    /// Text put together from parts: a literal when each of them can be one.
    pub(super) fn composite(&mut self, open: &Open<'t>, node: Node<'t>) {
        let mut parts = Vec::new();
        let mut rest = vec![node];
        while let Some(node) = rest.pop().map(inner) {
            if !self.module.spend(1) {
                return;
            }
            match node.kind() {
                "binary_operator" | "concatenated_string" | "list" | "tuple" => {
                    rest.extend(children(node));
                }
                "string" if is_interpolated(node) => {
                    let held = children(node).into_iter();
                    let held = held.filter_map(|part| part.child_by_field_name("expression"));
                    rest.extend(held);
                }
                "string" => {}
                _ => parts.push(node),
            }
        }
        self.together(open, node, &parts);
    }

    pub(super) fn together(&mut self, open: &Open<'t>, whole: Node<'t>, parts: &[Node<'t>]) {
        let mut all = Values::default();
        for part in parts {
            if evaluate(self.module, *part, open.at).is_some() {
                continue;
            }
            let mut part = self.apart(open, *part);
            // what has a part from outside, and nothing in its place, is not a literal
            if part.outside && part.literals.is_empty() {
                self.found.files.append(&mut part.files);
                self.found.outside = true;
                return;
            }
            all.outside |= part.outside;
            self.found.files.extend(part.files);
            self.found.keys.extend(part.keys);
            self.found.variables.extend(part.variables);
            all.literals.extend(part.literals);
            all.opaque.extend(part.opaque);
            all.imported.extend(part.imported);
            self.found.parameters.extend(part.parameters);
        }
        let told = !all.literals.is_empty() || !all.opaque.is_empty() || !all.imported.is_empty();
        self.found.outside |= all.outside;
        self.found.literals.extend(all.literals);
        self.found.opaque.extend(all.opaque);
        self.found.imported.extend(all.imported);
        if !told {
            self.not_followed(open, whole);
        }
    }

    /// What this name, or the object of this attribute, was imported as.
    pub(super) fn import(&self, node: Node<'t>, at: Use) -> Option<Import> {
        let module = self.module;
        let name = dotted(module.text, node)?;
        let (first, rest) =
            name.split_once('.').map_or((name.as_str(), None), |(a, b)| (a, Some(b)));
        if !module.lookup_named(first, at).is_empty() {
            return None;
        }
        let import = module.import(first)?;
        let Some(rest) = rest else { return Some(import.clone()) };
        let mut path = import.module.clone();
        if let Some(name) = &import.name {
            let gap = if path.ends_with('.') { "" } else { "." };
            path = format!("{path}{gap}{name}");
        }
        let (folders, last) = match rest.rsplit_once('.') {
            Some((folders, last)) => (Some(folders), last),
            None => (None, rest),
        };
        if let Some(folders) = folders {
            // `import a.b` has already said what `a.b.c` begins with
            let tail = folders.strip_prefix(path.split_once('.').map_or("", |(_, tail)| tail));
            let more = tail.unwrap_or(folders).trim_start_matches('.');
            if !more.is_empty() {
                path = format!("{path}.{more}");
            }
        }
        Some(Import { module: path, name: Some(last.to_owned()) })
    }
}
