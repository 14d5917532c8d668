//! The variables that gonogo itself was started with.

use std::env;

/// Name and value of each, by name. What is not UTF-8 comes with replacement
/// characters.
pub fn process_variables() -> Vec<(String, String)> {
    let text = |bytes: std::ffi::OsString| bytes.to_string_lossy().into_owned();
    let mut all: Vec<_> = env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
    all.sort();
    all
}
