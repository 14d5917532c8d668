//! Where production's variables are seen.

use std::fmt;

use super::RepoPath;

/// The env file when nothing names one.
const USUAL: &str = ".env";

/// Where production's variables are seen.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Environment {
    /// In an env file in the repository's folder.
    File(RepoPath),
    /// Among the variables that gonogo was started with.
    Process,
    /// They are not on this machine.
    Elsewhere,
}

impl Environment {
    /// The env file, where there is one.
    pub fn file(&self) -> Option<&RepoPath> {
        match self {
            Self::File(path) => Some(path),
            Self::Process | Self::Elsewhere => None,
        }
    }
}

impl Default for Environment {
    /// What holds when a checklist says nothing.
    fn default() -> Self {
        #[allow(clippy::expect_used, reason = "the path is a constant, and a test makes it")]
        let file = RepoPath::new(USUAL).expect("a relative path");
        Self::File(file)
    }
}

impl fmt::Display for Environment {
    /// In the words of a sentence: "`.env`", "the environment of this process".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "`{path}`"),
            Self::Process => f.write_str("the environment of this process"),
            Self::Elsewhere => f.write_str("production's environment, which is not here"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_file_is_a_path() {
        assert_eq!(Environment::default(), Environment::File(RepoPath::new(".env").expect("one")));
    }
}
