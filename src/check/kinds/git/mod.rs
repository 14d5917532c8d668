//! Kinds that ask git: what is committed, tracked, ignored, pushed.

pub(in crate::check) mod git_clean;
pub(in crate::check) mod git_history_without;
pub(in crate::check) mod git_ignored;
pub(in crate::check) mod git_pushed;
pub(in crate::check) mod git_untracked;
mod holding;

pub(super) use holding::{Found, Holding, Rule};
