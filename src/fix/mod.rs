//! What gonogo does about a failing item when the person agrees.

mod generate;
mod secret;

pub use generate::generate;
pub use secret::{plan_secret, write_secret};

use crate::model::{CleanText, RepoPath};

/// How a fresh secret is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SecretFormat {
    /// Lower-case hexadecimal, as `secrets.token_hex` writes it.
    #[default]
    Hex,
    /// Base64 with padding.
    Base64,
    /// Base64 with `-` and `_`, without padding.
    UrlSafe,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct SecretRequest {
    /// The env file.
    pub file: RepoPath,
    /// The variable.
    pub key: String,
    /// How many random bytes, from 16 to 1024.
    pub bytes: usize,
    /// How they are written down.
    pub format: SecretFormat,
    /// A value that is no placeholder may be overwritten.
    pub force: bool,
}

/// What will happen to the env file, without any value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretPlan {
    /// Sentences for the person, one for each thing that will change.
    pub changes: Vec<CleanText>,
    /// The lines that change, as a diff with masked values: `- SECRET_KEY=•••`.
    pub diff: Vec<CleanText>,
}

/// Why the secret was not written: what stands in the way, and what to do next.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct FixError(pub CleanText);

impl FixError {
    fn new(text: impl AsRef<str>) -> Self {
        Self(CleanText::line(text))
    }
}
