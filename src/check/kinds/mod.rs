//! The kinds of check, a folder for each family and a file for each kind.

pub(super) mod env;
pub(super) mod files;
pub(super) mod git;
pub(super) mod settings;
