//! Kinds that look at env files.

pub(in crate::check) mod env_distinct;
mod env_file;
pub(in crate::check) mod env_keys;
mod printed;
pub(in crate::check) mod secret_strength;
