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

pub use call::{Call, dotted, last_name, reads_with_default};
pub use constant::{Literal, evaluate, key_text};
pub use functions::{is_conversion, is_method};
pub use literal::{Constant, content_range, is_interpolated};
pub use module::Module;
pub use names::{Binding, Bound, Import, Scope, ScopeId, ScopeKind, Use};
pub use reach::{Reach, ends, ends_badly};
pub use targets::{chain, pairs};
pub use truth::truth;
pub use walk::{Step, children, inner, kind, walk};
pub use words::{Meaning, meaning, words};
pub use world::{Holds, World};

/// Expressions nested deeper than this are not understood.
pub const DEEPEST: usize = 64;
