//! Pure readers of file formats: text in, structure out. No I/O and no opinion
//! about what is right.

pub mod assigned;
pub mod comments;
pub mod dotenv;
pub mod env_loads;
pub mod frameworks;
pub mod gitignore;
pub mod own;
pub mod python;
pub mod shell;
mod source;
pub mod tokens;

pub use source::SourceFile;
