//! The files of one folder, ignored ones included.

use std::io::ErrorKind;

use super::{Repo, RepoError};
use crate::model::{CleanText, RepoPath};

/// A folder with more entries holds no env files to look for.
const MOST: usize = 10_000;

impl Repo {
    /// The names in a folder of the work tree (the root when none is given),
    /// in order; none when there is no such folder. Git's rules do not matter.
    ///
    /// # Errors
    /// When the folder leads outside, cannot be listed, or is very large.
    pub fn names_in(&self, folder: Option<&RepoPath>) -> Result<Vec<RepoPath>, RepoError> {
        let failed = |reason: String| RepoError::File {
            doing: "list",
            path: folder
                .map_or_else(|| CleanText::line("."), |path| CleanText::line(path.to_string())),
            reason,
        };
        let absolute = match folder {
            Some(path) => self.absolute(path)?,
            None => self.root().to_path_buf(),
        };
        let listed = match std::fs::read_dir(&absolute) {
            Ok(listed) => listed,
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(Vec::new());
            }
            Err(error) => return Err(failed(error.to_string())),
        };
        let mut names = Vec::new();
        for entry in listed {
            let name = entry.map_err(|error| failed(error.to_string()))?.file_name();
            let path = match folder {
                Some(folder) => folder.as_path().join(name),
                None => name.into(),
            };
            names.extend(RepoPath::new(path));
            if names.len() > MOST {
                return Err(failed(format!("it holds more than {MOST} entries")));
            }
        }
        names.sort();
        Ok(names)
    }
}
