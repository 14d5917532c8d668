//! Puts a fresh secret into an env file.

use std::path::Path;
use std::sync::Arc;

use secrecy::ExposeSecret;

use super::{Ignore, SecretFormat, Untrack, digest, generate, git, line, refused};
use crate::check::{Fix, Order};
use crate::facts::Facts;
use crate::lang::dotenv::{EnvChange, EnvEntry, EnvFile};
use crate::lang::shell;
use crate::model::{CleanText, Edit, FixError, Loss, Plan, RepoPath};
use crate::repo::{Repo, RepoError};
use crate::secret::known_keys::known_key;
use crate::secret::placeholder::is_placeholder;

/// Larger files are not env files, in bytes.
const LARGEST: usize = 1 << 20;

/// Read and written by nobody but the owner.
const MODE: u32 = 0o600;

/// A fresh secret under this name in an env file; every other byte stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GenerateSecret {
    /// The env file.
    pub file: RepoPath,
    /// The variable.
    pub key: String,
    /// How many random bytes, from 16 to 1024.
    pub bytes: usize,
    /// How they are written down.
    pub format: SecretFormat,
}

impl Fix for GenerateSecret {
    fn title(&self) -> CleanText {
        line(format!("put a fresh secret under `{}` into `{}`", self.key, self.file))
    }

    fn order(&self) -> Order {
        Order::Secrets
    }

    fn first(&self, cx: &Facts<'_>) -> Result<Vec<Arc<dyn Fix>>, FixError> {
        let mut first: Vec<Arc<dyn Fix>> = Vec::new();
        for path in seen_by_git(git(cx)?, &self.file)? {
            if is_tracked(git(cx)?, &path)? {
                first.push(Arc::new(Untrack::files(vec![path])));
            } else if !git(cx)?.is_ignored(&path, false).map_err(refused)? {
                first.push(Arc::new(Ignore { paths: vec![(path, false)], untrack: false }));
            }
        }
        Ok(first)
    }

    fn foreseen(&self, cx: &Facts<'_>) -> Result<Option<Loss>, FixError> {
        seen_by_git(git(cx)?, &self.file)?;
        Ok(self.planned(git(cx)?)?.loses)
    }

    fn plan(&self, cx: &Facts<'_>) -> Result<Plan, FixError> {
        named_variable(&self.key)?;
        out_of_git(git(cx)?, &self.file)?;
        self.planned(git(cx)?)
    }
}

impl GenerateSecret {
    /// The plan, whatever git would do with the file.
    fn planned(&self, repo: &Repo) -> Result<Plan, FixError> {
        let Self { file: path, key, .. } = self;
        named_variable(key)?;
        let secret = generate(self.bytes, self.format)?;
        let old = read(repo, path)?;
        let text = old.as_deref().unwrap_or_default();
        let file = EnvFile::parse(text);
        let entry = file.get(key);
        let loses = entry.filter(|entry| is_real(entry)).map(|real| Loss {
            what: line(format!(
                "`{key}` in line {} of `{path}` holds a real value; what it signed or encrypted is lost with it",
                real.line
            )),
            typed: line(key),
        });
        let edit = EnvFile::set(text, key, &secret).ok_or_else(|| {
            FixError::new(format!(
                "`{key}` cannot be set in `{path}` without changing what else it says; correct the lines that `gonogo check` names, then try again"
            ))
        })?;
        Ok(Plan {
            changes: self.changes(repo, old.is_some(), &file, edit.change, loses.is_some())?,
            diff: self.diff(text, entry),
            edits: vec![Edit::Write {
                path: path.clone(),
                before: old.as_deref().map(|text| digest(text.as_bytes())),
                bytes: edit.text.expose_secret().as_bytes().to_vec().into(),
                mode: MODE,
                secret: true,
            }],
            loses,
        })
    }
}

/// The paths by which git would see a file: its own, and the one that a symbolic
/// link leads to.
fn seen_by_git(repo: &Repo, path: &RepoPath) -> Result<Vec<RepoPath>, FixError> {
    let absolute = repo.absolute(path).map_err(refused)?;
    if !absolute.parent().is_some_and(Path::is_dir) {
        return Err(FixError::new(format!(
            "`{path}` is in no folder that exists; make that first"
        )));
    }
    let target = absolute.strip_prefix(repo.root()).ok();
    let target = target.and_then(|inside| RepoPath::new(inside).ok());
    if [Some(path), target.as_ref()].into_iter().flatten().any(is_gits_own) {
        return Err(FixError::new(format!(
            "`{path}` is one of git's own files; name an env file of the project"
        )));
    }
    Ok(std::iter::once(path.clone()).chain(target.filter(|target| target != path)).collect())
}

/// Refuses a file that git tracks or would add.
///
/// # Errors
/// Then, and when git does not answer.
pub fn out_of_git(repo: &Repo, path: &RepoPath) -> Result<(), FixError> {
    for path in seen_by_git(repo, path)? {
        if is_tracked(repo, &path)? {
            if !is_called_env(&path) {
                return Err(FixError::new(format!(
                    "git tracks `{path}`, so the secret would be committed; name an env file that git ignores instead, such as `.env`"
                )));
            }
            let word = shell::word(&path);
            return Err(FixError::new(format!(
                "git tracks `{path}`, so the secret would be committed; run `git rm --cached {word}`, add `{path}` to .gitignore, commit both, then try again"
            )));
        }
        if !repo.is_ignored(&path, false).map_err(refused)? {
            return Err(FixError::new(format!(
                "git does not ignore `{path}`, so the secret would be committed one day; add `{path}` to .gitignore first, then try again"
            )));
        }
    }
    Ok(())
}

fn is_gits_own(path: &RepoPath) -> bool {
    path.as_path().iter().any(|part| part.eq_ignore_ascii_case(".git"))
}

fn is_tracked(repo: &Repo, path: &RepoPath) -> Result<bool, FixError> {
    let mut tracked = false;
    repo.each_tracked(&|other| other == path, |_| {
        tracked = true;
        Ok::<(), RepoError>(())
    })
    .map_err(refused)?;
    Ok(tracked)
}

fn read(repo: &Repo, path: &RepoPath) -> Result<Option<String>, FixError> {
    let Some(bytes) = repo.read(path).map_err(refused)? else {
        return Ok(None);
    };
    if bytes.len() > LARGEST {
        return Err(FixError::new(format!(
            "`{path}` is larger than 1 MiB, which no env file is; name the env file"
        )));
    }
    String::from_utf8(bytes).map(Some).map_err(|_| {
        FixError::new(format!("`{path}` is not all UTF-8; save it as UTF-8, then try again"))
    })
}

/// Whether a value would be missed: not a placeholder, nor known to everybody.
fn is_real(entry: &EnvEntry) -> bool {
    let value = entry.value.expose_secret();
    !is_placeholder(value) && known_key(value).is_none()
}

/// Refuses what no variable can be called.
///
/// # Errors
/// When it is no name of a variable.
pub fn named_variable(key: &str) -> Result<(), FixError> {
    let is_name = !key.is_empty()
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !key.starts_with(|c: char| c.is_ascii_digit());
    if is_name {
        return Ok(());
    }
    Err(FixError::new(format!(
        "`{key}` is not a name of a variable: letters, digits and `_`, no digit first"
    )))
}

/// Whether a file is called as env files are: `.env`, `.env.prod`, `prod.env`, `.envrc`.
fn is_called_env(path: &RepoPath) -> bool {
    let name = path.as_path().file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.starts_with(".env") || name == "env" || name.ends_with(".env")
}

impl GenerateSecret {
    fn changes(
        &self,
        repo: &Repo,
        exists: bool,
        file: &EnvFile,
        change: EnvChange,
        real: bool,
    ) -> Result<Vec<CleanText>, FixError> {
        let Self { file: path, key, .. } = self;
        let mut changes = Vec::new();
        if !exists {
            changes.push(format!("creates `{path}` with mode 0600, readable by you alone"));
        }
        changes.push(match change {
            EnvChange::Replaced(line) => {
                format!("replaces the value of `{key}` in line {line} of `{path}`")
            }
            EnvChange::Appended(line) => format!("adds `{key}` as line {line} of `{path}`"),
        });
        let times = file.entries.iter().filter(|entry| entry.key == *key).count();
        if times > 1 {
            changes.push(format!(
                "`{key}` is set {times} times; the last one counts and is the one that changes"
            ));
        }
        if real {
            changes.push(format!(
                "the old value of `{key}` is lost, and what it signed or encrypted with it"
            ));
        }
        if let Some(mode) = repo.mode(path).map_err(refused)?.filter(|_| exists) {
            let narrowed = mode & MODE;
            if mode != narrowed {
                changes.push(format!(
                    "changes the mode of `{path}` from {mode:04o} to {narrowed:04o}"
                ));
            }
        }
        Ok(changes.iter().map(CleanText::line).collect())
    }

    fn diff(&self, text: &str, entry: Option<&EnvEntry>) -> Vec<CleanText> {
        let mut diff = Vec::new();
        let mut before = format!("{}=", self.key);
        if let Some(entry) = entry {
            let old = entry.excerpt(text);
            before = text
                .get(entry.line_start..entry.value_span.start)
                .unwrap_or_default()
                .trim_start_matches('\u{feff}')
                .to_owned();
            diff.push(CleanText::line(format!("- {old}")));
        }
        let format = match self.format {
            SecretFormat::Hex => "hexadecimal",
            SecretFormat::Base64 => "Base64",
            SecretFormat::UrlSafe => "URL-safe Base64",
        };
        diff.push(CleanText::line(format!(
            "+ {before}••• ({} random bytes in {format})",
            self.bytes
        )));
        diff
    }
}
