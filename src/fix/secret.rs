//! Puts a fresh secret into an env file.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::{FixError, SecretFormat, SecretPlan, SecretRequest, generate};
use crate::lang::dotenv::{EnvChange, EnvEntry, EnvFile};
use crate::model::{CleanText, RepoPath};
use crate::repo::{Repo, RepoError};
use crate::secret::known_keys::known_key;
use crate::secret::placeholder::is_placeholder;

/// Larger files are no env files, in bytes.
const LARGEST: usize = 1 << 20;

/// Read and written by nobody but the owner.
const MODE: u32 = 0o600;

/// Looks at what writing the secret would do, and whether it may.
///
/// # Errors
/// When git would track the file, a real value would be overwritten without
/// `force`, or the file cannot be read.
pub fn plan_secret(repo: &Repo, request: &SecretRequest) -> Result<SecretPlan, FixError> {
    Ok(prepare(repo, request)?.plan)
}

/// Writes a fresh secret; every other byte of the file stays, its mode becomes 0600.
///
/// # Errors
/// As [`plan_secret`], asked again at this moment, and when writing fails.
pub fn write_secret(repo: &Repo, request: &SecretRequest) -> Result<SecretPlan, FixError> {
    let Prepared { edited, plan } = prepare(repo, request)?;
    repo.write_atomically(&request.file, edited.expose_secret().as_bytes(), MODE)
        .map_err(refused)?;
    Ok(plan)
}

struct Prepared {
    /// The file as it will be.
    edited: SecretString,
    plan: SecretPlan,
}

/// All of the work but the writing, so that a plan cannot promise too much.
fn prepare(repo: &Repo, request: &SecretRequest) -> Result<Prepared, FixError> {
    let SecretRequest { file: path, key, .. } = request;
    if !is_name(key) {
        return Err(FixError::new(format!(
            "`{key}` is no name of a variable: letters, digits and `_`, no digit first"
        )));
    }
    let secret = generate(request.bytes, request.format)?;
    out_of_git(repo, path)?;
    let old = read(repo, path)?;
    let text = old.as_deref().unwrap_or_default();
    let file = EnvFile::parse(text);
    let entry = file.get(key);
    let real = entry.filter(|entry| is_real(entry));
    if let Some(real) = real.filter(|_| !request.force) {
        return Err(FixError::new(format!(
            "`{key}` in line {} of `{path}` holds a real value; what it signed or encrypted is lost with it; `--force` overwrites it",
            real.line
        )));
    }
    let edit = EnvFile::set(text, key, &secret).ok_or_else(|| {
        FixError::new(format!(
            "`{key}` cannot be set in `{path}` without changing what else it says; mend the lines that `gonogo check` names, then try again"
        ))
    })?;
    let plan = SecretPlan {
        changes: changes(repo, request, old.is_some(), &file, edit.change, real.is_some())?,
        diff: diff(request, text, entry),
    };
    Ok(Prepared { edited: edit.text, plan })
}

/// Refuses a file that git tracks or would add, by its own path and by the one
/// that a symbolic link leads to.
fn out_of_git(repo: &Repo, path: &RepoPath) -> Result<(), FixError> {
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
    for path in std::iter::once(path).chain(target.as_ref().filter(|target| *target != path)) {
        if is_tracked(repo, path)? {
            return Err(FixError::new(format!(
                "git tracks `{path}`, so the secret would be committed; run `git rm --cached {path}`, add `{path}` to .gitignore, commit both, then try again"
            )));
        }
        if !repo.is_ignored(path, false).map_err(refused)? {
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

fn refused(error: RepoError) -> FixError {
    FixError::new(error.to_string())
}

/// Whether a value would be missed: not a placeholder, nor known to everybody.
fn is_real(entry: &EnvEntry) -> bool {
    let value = entry.value.expose_secret();
    !is_placeholder(value) && known_key(value).is_none()
}

fn is_name(key: &str) -> bool {
    !key.is_empty()
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !key.starts_with(|c: char| c.is_ascii_digit())
}

fn changes(
    repo: &Repo,
    request: &SecretRequest,
    exists: bool,
    file: &EnvFile,
    change: EnvChange,
    real: bool,
) -> Result<Vec<CleanText>, FixError> {
    let SecretRequest { file: path, key, .. } = request;
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
    if exists && let Some(mode) = mode(repo, path)? {
        let narrowed = mode & MODE;
        if mode != narrowed {
            changes.push(format!("changes the mode of `{path}` from {mode:04o} to {narrowed:04o}"));
        }
    }
    Ok(changes.iter().map(CleanText::line).collect())
}

fn diff(request: &SecretRequest, text: &str, entry: Option<&EnvEntry>) -> Vec<CleanText> {
    let mut diff = Vec::new();
    let mut before = format!("{}=", request.key);
    if let Some(entry) = entry {
        let old = entry.excerpt(text);
        before = text
            .get(entry.line_start..entry.value_span.start)
            .unwrap_or_default()
            .trim_start_matches('\u{feff}')
            .to_owned();
        diff.push(CleanText::line(format!("- {old}")));
    }
    let format = match request.format {
        SecretFormat::Hex => "hexadecimal",
        SecretFormat::Base64 => "Base64",
        SecretFormat::UrlSafe => "URL-safe Base64",
    };
    diff.push(CleanText::line(format!(
        "+ {before}••• ({} random bytes in {format})",
        request.bytes
    )));
    diff
}

#[cfg(unix)]
fn mode(repo: &Repo, path: &RepoPath) -> Result<Option<u32>, FixError> {
    use std::os::unix::fs::PermissionsExt;
    let absolute = repo.absolute(path).map_err(refused)?;
    Ok(absolute.metadata().ok().map(|meta| meta.permissions().mode() & 0o7777))
}

#[cfg(not(unix))]
fn mode(_: &Repo, _: &RepoPath) -> Result<Option<u32>, FixError> {
    Ok(None)
}

#[cfg(test)]
mod tests;
