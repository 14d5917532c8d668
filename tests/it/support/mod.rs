//! A world of its own for each test: a home, a repository, the program.

mod scene;
mod terminal;

pub(crate) use scene::Scene;
#[allow(unused_imports, reason = "not every user of the support needs all of it")]
pub(crate) use terminal::{Terminal, size};
