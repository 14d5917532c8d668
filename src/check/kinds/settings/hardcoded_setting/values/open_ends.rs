//! Where the search ends without a value: what is not followed and not known.

use tree_sitter::Node;

use super::{Open, Search};
use crate::check::kinds::settings::hardcoded_setting::found::{Form, Opaque, Why};
use crate::lang::python::{Binding, Call, Use, inner, last_name, walk};

/// So much of one expression is told that is not followed: no person writes more.
const MOST_OPAQUE: usize = 64;

impl<'t> Search<'_, 't> {
    /// Notes a literal in an expression that is not followed.
    pub(super) fn not_followed(&mut self, open: &Open<'t>, node: Node<'t>) {
        match self.literal_in(node).or_else(|| self.number_in(node)) {
            Some(literal) => self.opaque(literal, node, Why::Literal),
            None => self.unknown(open, node),
        }
    }

    /// Notes an expression of which the file does not tell what it is.
    pub(super) fn unknown(&mut self, open: &Open<'t>, node: Node<'t>) {
        self.found.unknown = true;
        let name = last_name(self.module.text, node).unwrap_or_default();
        if self.falls_back(open) && !(self.own_name)(name) {
            self.opaque(node, node, Why::Fallback);
        }
    }

    pub(super) fn opaque(&mut self, at: Node<'t>, around: Node<'t>, why: Why) {
        if self.found.opaque.len() < MOST_OPAQUE {
            self.found.opaque.push(Opaque { at, around, why });
        }
    }

    /// Whether an expression is what the setting falls back to.
    pub(super) fn falls_back(&self, open: &Open<'t>) -> bool {
        self.fallback
            || matches!(
                open.form,
                Form::Default(_) | Form::Or | Form::Branch | Form::Field | Form::Parameter
            )
    }

    pub(super) fn is_zero(&self, number: Node<'t>) -> bool {
        let digits = self.module.source(number).trim_start_matches(['0', 'x', 'o', 'b', 'X']);
        !digits.contains(|c: char| c.is_ascii_hexdigit() && c != '0')
    }

    /// The first literal that could be a secret within an expression.
    pub(super) fn literal_in(&self, node: Node<'t>) -> Option<Node<'t>> {
        if !self.module.spend(node.byte_range().len()) {
            return None;
        }
        let mut found = None;
        walk(node, (), |step| {
            if found.is_some() {
                return None;
            }
            let node = step.node;
            if step.field == Some("subscript") || step.field == Some("key") {
                return None;
            }
            if step.kind == "string" {
                let text = self.module.plain_string(node).map(|value| value.text);
                if text.is_none_or(|text| !text.is_empty() && !self.is_a_name(&text)) {
                    found = Some(node);
                }
                return None;
            }
            Some(())
        });
        found
    }

    /// `SECRET_KEY`, which names a setting or variable and is none's value.
    pub(super) fn is_a_name(&self, text: &str) -> bool {
        (self.own_name)(text)
            || (text.contains('_')
                && text.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit()))
    }

    /// The value of `(name := value)` in the same statement, where it stands behind
    /// the use of the name: `name if (name := value) else other`.
    pub(super) fn walrus(&self, name: Node<'t>) -> Option<Node<'t>> {
        memchr::memmem::find(self.module.text.as_bytes(), b":=")?;
        let up = std::iter::successors(name.parent(), Node::parent);
        let whole = up.take(16).find(|up| up.kind() == "conditional_expression")?;
        if !self.module.spend(whole.byte_range().len()) {
            return None;
        }
        let mut value = None;
        walk(whole, (), |step| {
            let parts = (step.node.kind() == "named_expression")
                .then(|| step.node.child_by_field_name("name"))
                .flatten()
                .filter(|bound| self.module.source(*bound) == self.module.source(name));
            value = value.or(parts.and_then(|_| step.node.child_by_field_name("value")));
            value.is_none().then_some(())
        });
        value
    }

    /// Whether an object holds what was given on the command line.
    pub(super) fn is_command_line(&self, object: Node<'t>, at: Use) -> bool {
        let bound = self.module.lookup(object, at).into_iter().filter_map(Binding::value);
        bound.filter_map(|value| Call::of(inner(value))).any(|call| {
            matches!(call.name(self.module.text), "parse_args" | "parse_known_args" | "docopt")
        })
    }
}
