//! The checklist: a list of sections and items, and a pane about what is selected.

pub mod board;
pub mod detail;
pub mod filter;
mod item;
mod list;
pub mod mouse;
pub mod moves;
mod overview;
pub mod panes;
pub mod rows;
mod screen;
mod seen;
pub mod settle;
