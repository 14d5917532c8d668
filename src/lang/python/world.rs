//! What is taken to be so while a condition is judged.

use tree_sitter::Node;

use super::literal::Constant;
use super::names::Use;

/// Tells whether an expression has a setting's value.
pub(crate) type Holds<'w> = dyn Fn(Node<'_>, Use) -> bool + 'w;

/// What is taken to be so while a condition is judged, besides production.
#[derive(Clone, Copy, Default)]
pub(crate) struct World<'w> {
    /// A setting's value, and which expressions have it.
    pub setting: Option<(&'w Constant, &'w Holds<'w>)>,
    /// An environment variable that is not set.
    pub unset: Option<&'w str>,
}
