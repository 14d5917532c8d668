//! Kinds that look at files: their presence, their permissions, their text.

pub(in crate::check) mod file_mode;
pub(in crate::check) mod file_present;
pub(in crate::check) mod private_keys;
pub(in crate::check) mod text;
pub(in crate::check) mod todo;
