//! The checklist: a list of sections and items, and a pane about what is selected.

pub(crate) mod board;
pub(crate) mod detail;
pub(crate) mod filter;
mod item;
mod list;
pub(crate) mod mouse;
pub(crate) mod moves;
mod overview;
pub(crate) mod panes;
pub(crate) mod rows;
mod screen;
mod seen;
pub(crate) mod settle;
