//! A world of its own for each test: a home, a repository, the program.

mod scene;
mod terminal;

pub use scene::{Output, Scene};
pub use terminal::Terminal;
