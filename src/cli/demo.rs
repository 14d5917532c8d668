//! `gonogo demo`: a small flawed shop as a real git repository, to try gonogo on.
//!
//! The shop is the project's own code, under `assets/demo/`. Its people are
//! invented, and each of its keys and passwords is made up.

mod files;
mod history;
mod open;
mod team;

pub(super) use open::run;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::global::Screen;
use crate::model::{CleanText, Person, words};
use crate::repo::{Repo, RepoError};
use crate::session::SessionError;

/// `gonogo demo`
#[derive(Args, Debug)]
pub(super) struct DemoArgs {
    /// Where to write it; without it a temporary folder
    #[arg(value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Only write it, do not open the screen
    #[arg(long)]
    pub no_open: bool,
    /// How the screen looks.
    #[command(flatten)]
    pub screen: Screen,
}

/// Who signs in the demo when git does not know who the person is.
const STRANGER: (&str, &str) = ("Robin Demo", "robin@kiosk.example");

/// What was written.
#[derive(Clone, Debug)]
pub(super) struct DemoInfo {
    /// The repository's root.
    pub root: PathBuf,
    /// Who signs in it: the person whom git knows, else an invented one.
    pub person: Person,
    /// Whether that person is invented, and named in the demo's own git configuration alone.
    pub invented: bool,
    /// How many items the invented team has signed.
    pub signed: usize,
}

impl DemoInfo {
    /// What to try, one line each, for the person who opens it.
    pub(super) fn to_try(&self) -> Vec<String> {
        let mut lines = vec![
            format!("a flawed ticket shop in {}; nothing in it is real", shown(&self.root)),
            "`n` goes to the next blocker, `enter` shows why it blocks and how to fix it"
                .to_owned(),
            "`e` opens the place in your editor, `f` writes a key, `s` signs, `w` waives"
                .to_owned(),
        ];
        lines.push(format!(
            "its team has signed {} items, and changed something since; the rest is yours",
            self.signed
        ));
        if self.invented {
            lines.push(format!("git does not know you, so you sign as {} here", self.person));
        }
        lines
    }
}

/// Why the demo was not written.
#[derive(Debug, thiserror::Error)]
pub(super) enum DemoError {
    /// There is something in the folder.
    #[error(
        "`{0}` is not empty; name a folder that is empty or not there yet, such as `gonogo demo kiosk`"
    )]
    NotEmpty(CleanText),
    /// A file could not be written.
    #[error(
        "could not write `{path}`: {}; name another folder with `gonogo demo DIR`",
        words::system(reason)
    )]
    File {
        /// Which.
        path: CleanText,
        /// Why.
        reason: io::Error,
    },
    /// git's library failed.
    #[error("git could not make the demo's history: {0}")]
    Git(#[from] git2::Error),
    /// The repository did not answer.
    #[error(transparent)]
    Repo(#[from] RepoError),
    /// The team's sign-offs could not be made.
    #[error("the demo's team could not sign: {0}")]
    Session(#[from] SessionError),
}

/// Writes the demo into a folder that is empty or not there yet.
///
/// # Errors
/// See [`DemoError`]. What was written until then stays.
pub(super) fn write(dir: &Path) -> Result<DemoInfo, DemoError> {
    make_folder(dir)?;
    // git takes a relative folder from another place
    let dir = &dir.canonicalize().map_err(|reason| DemoError::File { path: shown(dir), reason })?;
    let git = history::init(dir)?;
    let repo = Repo::discover(dir)?;
    let (person, invented) = identity(&repo, &git)?;

    let mut signed = 0;
    for commit in files::history() {
        history::add(&git, dir, &commit, &person)?;
        if commit.team_signs {
            signed = team::sign(dir)?;
        }
    }
    for file in files::uncommitted() {
        history::put(dir, &file, &person)?;
    }
    Ok(DemoInfo { root: repo.root().to_owned(), person, invented, signed })
}

fn make_folder(dir: &Path) -> Result<(), DemoError> {
    let failed = |reason| DemoError::File { path: shown(dir), reason };
    match fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(DemoError::NotEmpty(shown(dir))),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(dir).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}

/// The person whom git knows; an invented one is named in the demo's own configuration.
fn identity(repo: &Repo, git: &git2::Repository) -> Result<(Person, bool), DemoError> {
    match repo.identity() {
        Ok(person) => Ok((person, false)),
        Err(RepoError::NoIdentity) => {
            let (name, email) = STRANGER;
            let mut config = git.config()?.open_level(git2::ConfigLevel::Local)?;
            config.set_str("user.name", name)?;
            config.set_str("user.email", email)?;
            Ok((Person::new(name, email), true))
        }
        Err(error) => Err(error.into()),
    }
}

fn shown(path: &Path) -> CleanText {
    CleanText::line(path.to_string_lossy())
}

#[cfg(test)]
mod journey;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// What `git status` says: path to status.
    fn status(git: &git2::Repository) -> BTreeMap<String, git2::Status> {
        let mut options = git2::StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true);
        git.statuses(Some(&mut options))
            .expect("a status")
            .iter()
            .map(|entry| (entry.path().expect("UTF-8").to_owned(), entry.status()))
            .collect()
    }

    #[test]
    fn a_repository_with_a_past() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join("kiosk");
        let info = write(&dir).expect("the demo");
        assert!(info.root.ends_with("kiosk"));
        assert!(info.signed > 0);
        assert!(info.to_try().len() >= 3);

        let git = git2::Repository::open(&dir).expect("a repository");
        let head = git.head().expect("a head");
        assert_eq!(head.shorthand().expect("a name"), "main");
        assert_eq!(head.peel_to_commit().expect("a commit").time().seconds(), 1_794_844_980);
        let mut walk = git.revwalk().expect("a walk");
        walk.push_head().expect("a head");
        let commits: Vec<_> =
            walk.map(|id| git.find_commit(id.expect("an id")).expect("a commit")).collect();
        assert_eq!(commits.len(), files::history().len());
        let held: Vec<bool> = commits
            .iter()
            .rev()
            .map(|commit| commit.tree().expect("a tree").get_name(".env").is_some())
            .collect();
        assert_eq!(held, [false, true, true, false, false, false, false, false]);

        let changed = status(&git);
        assert_eq!(changed.keys().collect::<Vec<_>>(), [".env"], "instance/ is ignored");
        assert!(changed.values().all(|status| status.is_wt_new()));
    }

    #[cfg(unix)]
    #[test]
    fn modes_do_not_hang_on_the_umask() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path()).expect("the demo");
        for (path, mode) in [
            ("instance/shop.db", 0o644),
            ("instance", 0o755),
            (".env", 0o644),
            ("scripts/backup.sh", 0o755),
        ] {
            let data = fs::metadata(folder.path().join(path)).expect(path);
            assert_eq!(data.permissions().mode() & 0o7777, mode, "{path}");
        }
    }

    #[test]
    fn a_folder_with_something_in_it_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("thesis.txt"), "years").expect("a file");
        let error = write(folder.path()).expect_err("refused");
        assert!(matches!(error, DemoError::NotEmpty(_)), "{error}");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);

        let error = write(&folder.path().join("thesis.txt")).expect_err("a file is not a folder");
        assert!(matches!(error, DemoError::File { .. }), "{error}");
    }
}
