//! A world of its own for each test: a home, a repository, the program.

mod scene;
mod terminal;

pub use scene::Scene;
pub use terminal::{Terminal, size};
