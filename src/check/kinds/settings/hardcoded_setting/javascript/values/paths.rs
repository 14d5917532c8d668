//! Paths of files and modules that code puts together.

use super::super::value::{At, Values};
use super::super::world::Led;
use super::{Around, Search};
use crate::lang::javascript::{children, inner, string};
use crate::model::RepoPath;

impl<'w> Search<'_, 'w> {
    /// A path, with `*` for what is not known; one of the file's own folder
    /// begins with `/`.
    pub(super) fn path(&self, at: &At<'w>, depth: usize) -> String {
        let at = &at.with(inner(at.node));
        let unknown = || "*".to_owned();
        if depth > 16 {
            return unknown();
        }
        if let Some(text) = string(at.module.text, at.node) {
            return text;
        }
        let field = |name| at.node.child_by_field_name(name).map(|node| at.with(node));
        match at.node.kind() {
            "template_string" => children(at.node)
                .into_iter()
                .map(|part| match part.kind() {
                    "template_substitution" => children(part)
                        .first()
                        .map_or_else(unknown, |inside| self.path(&at.with(*inside), depth + 1)),
                    _ => at.module.code(part).to_owned(),
                })
                .collect(),
            "identifier" if at.code() == "__dirname" => folder(at.module.path()),
            "identifier" => match self.expression(at) {
                Some(to) if to.node.id() != at.node.id() => self.path(&to, depth + 1),
                _ => unknown(),
            },
            "binary_expression" => {
                let operator = at.node.child_by_field_name("operator");
                if operator.is_none_or(|operator| at.module.code(operator) != "+") {
                    return unknown();
                }
                let side = |name| field(name).map_or_else(unknown, |at| self.path(&at, depth + 1));
                side("left") + &side("right")
            }
            "call_expression" => {
                let function = field("function");
                let called = function.as_ref().map(At::code).unwrap_or_default();
                let arguments = at.node.child_by_field_name("arguments").map(children);
                let arguments = arguments.unwrap_or_default();
                match called.rsplit('.').next() {
                    Some("join" | "resolve" | "normalize") => {
                        let parts: Vec<String> = arguments
                            .into_iter()
                            .map(|argument| self.path(&at.with(argument), depth + 1))
                            .collect();
                        let path = parts.join("/");
                        if called.contains("resolve") && !path.starts_with('/') {
                            return format!("/{path}");
                        }
                        path
                    }
                    Some("cwd") => "/".to_owned(),
                    _ => unknown(),
                }
            }
            _ => unknown(),
        }
    }

    /// `require(…)` with a name that is put together.
    pub(super) fn required_by_path(
        &self,
        at: &At<'w>,
        argument: &At<'w>,
        way: &[String],
        around: &Around<'w>,
    ) -> Values<'w> {
        let path = self.path(argument, 0);
        if path.starts_with(['.', '/']) {
            return self.module_value(at, &path, way, around);
        }
        Values::unknown(at, "comes from a module whose name is not known")
    }

    /// A file that is read: what is in the repository is known to all who have it.
    pub(super) fn read_file(&self, at: &At<'w>, argument: &At<'w>) -> Values<'w> {
        let path = self.path(argument, 0);
        if path.contains('*') {
            return Values::outside();
        }
        let public = [".pub", ".crt", ".cer"].iter().any(|end| path.ends_with(end))
            || path.contains("public");
        let path = path.trim_start_matches("./");
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        match self.world.lead(at.module.path(), &path) {
            Led::Own(paths) if !public => {
                let path = paths.first().map(ToString::to_string).unwrap_or_default();
                Values::unknown(at, format!("is read from `{path}`, which is in the repository"))
            }
            _ => {
                let parts = path.trim_start_matches('/');
                let there = RepoPath::new(parts).is_ok_and(|path| self.world.has(&path));
                if there && !public {
                    return Values::unknown(
                        at,
                        format!("is read from `{parts}`, which is in the repository"),
                    );
                }
                Values::outside()
            }
        }
    }
}

fn folder(path: &RepoPath) -> String {
    let folder = path.as_path().parent();
    format!("/{}", folder.map(|folder| folder.to_string_lossy()).unwrap_or_default())
}
