//! Pure readers of file formats: text in, structure out. No I/O and no opinion
//! about what is right.

pub(crate) mod assigned;
pub(crate) mod comments;
pub(crate) mod deploys;
pub(crate) mod dotenv;
pub(crate) mod env_loads;
pub(crate) mod frameworks;
pub(crate) mod gitignore;
pub(crate) mod javascript;
pub(crate) mod lfs;
pub(crate) mod mailmap;
pub(crate) mod own;
pub(crate) mod python;
pub(crate) mod servers;
pub(crate) mod shell;
mod source;
pub(crate) mod text_names;
pub(crate) mod tokens;

pub(crate) use source::SourceFile;
