//! What screens and dialogs are made of.

pub mod footer;
pub mod header;
pub mod input;
pub mod record;
pub mod sheet;
pub mod spans;
pub mod terms;
pub mod useful;
pub mod wheel;
pub mod writer;
