//! The Python files that load settings from files of another format.

use super::gather::Gather;
use super::{Fact, Facts};
use crate::lang::SourceFile;
use crate::lang::own::{self, Whose};
use crate::model::{CheckError, RepoPath};

/// What loads settings from a file.
pub const LOADS_FILE: &[&str] = &[
    "from_pyfile",
    "from_file",
    "from_json",
    "from_yaml",
    "from_toml",
    "from_cfg",
    "load_dotenv",
    "dotenv_values",
    "read_env",
    "read_envfile",
    "RepositoryEnv",
    "RepositoryIni",
];

/// What loads settings from the file that a variable names.
pub const LOADS_BY_VARIABLE: &str = "from_envvar";

/// All of these.
const LITERALS: [&str; LOADS_FILE.len() + 1] = {
    let mut all = [LOADS_BY_VARIABLE; LOADS_FILE.len() + 1];
    let mut at = 0;
    while at < LOADS_FILE.len() {
        all[at] = LOADS_FILE[at];
        at += 1;
    }
    all
};

/// The files.
pub struct SettingsLoaders {
    /// Their paths, in order.
    pub paths: Vec<RepoPath>,
}

/// A file in which such a word stands.
pub(super) struct Loading;

impl Gather for Loading {
    type Piece = ();

    fn wants(path: &RepoPath) -> bool {
        let is =
            |ending: &str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
        ["py", "pyw", "wsgi"].into_iter().any(is) && !own::lies_in(path, &[Whose::Installed])
    }

    fn literals() -> &'static [&'static str] {
        &LITERALS
    }

    fn look(_: &SourceFile) -> Option<()> {
        Some(())
    }
}

impl Fact for SettingsLoaders {
    type Key = ();

    fn derive((): &(), cx: &Facts<'_>) -> Result<Self, CheckError> {
        let pieces = cx.gathered::<Loading>()?;
        Ok(Self { paths: pieces.all.iter().map(|(path, ())| path.clone()).collect() })
    }
}
