//! What screens and dialogs are made of.

pub(crate) mod footer;
pub(crate) mod header;
pub(crate) mod input;
pub(crate) mod record;
pub(crate) mod sheet;
pub(crate) mod spans;
pub(crate) mod terms;
pub(crate) mod useful;
pub(crate) mod wheel;
pub(crate) mod writer;
