//! What the kinds that look at Python share: names, constants and what runs in
//! production, read from a syntax tree.
//!
//! A file is looked at in two walks. The first builds a [`Module`]: scopes and
//! what each name is bound to. The second is the check's own (`walk`), with
//! [`Reach`] telling which code production runs. Nothing here recurses deeper
//! than [`DEEPEST`] or works longer than the module's fuel, since a hostile
//! file may nest without end.

mod bind;
mod call;
mod constant;
mod functions;
mod literal;
mod module;
mod names;
mod reach;
mod switch;
mod targets;
mod truth;
mod walk;
mod words;
mod world;

pub(crate) use call::{Call, dotted, last_name, reads_with_default};
pub(crate) use constant::{Literal, evaluate, key_text};
pub(crate) use functions::{is_conversion, is_method};
pub(crate) use literal::{Constant, content_range, is_interpolated};
pub(crate) use module::Module;
pub(crate) use names::{Binding, Bound, Import, ScopeId, ScopeKind, Use};
pub(crate) use reach::{Reach, ends, ends_badly};
pub(crate) use targets::{chain, pairs};
pub(crate) use truth::truth;
pub(crate) use walk::{Step, children, inner, kind, walk};
pub(crate) use words::{Meaning, meaning, words};
pub(crate) use world::World;

/// Expressions nested deeper than this are not understood.
pub(crate) const DEEPEST: usize = 64;
