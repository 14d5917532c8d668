//! Whether a secret stands in a file that git tracks.

use std::collections::BTreeSet;

use secrecy::{ExposeSecret as _, SecretString};

use crate::facts::{Env, Facts};
use crate::lang::dotenv::EnvEntry;
use crate::model::{CheckError, Place, RepoPath};
use crate::secret::spellings;

/// Shorter values may be there by chance, in bytes.
const LEAST: usize = 8;

/// How a value may stand in another file: to the letter, escaped as in its own
/// file, in another case of hexadecimal digits, for an address, in Base64.
pub(super) fn forms(env: &Env, entry: &EnvEntry) -> Vec<String> {
    let value = entry.value.expose_secret().trim();
    if value.len() < LEAST {
        return Vec::new();
    }
    let mut forms = spellings::all(value);
    let raw = env.text().get(entry.value_span.clone()).unwrap_or_default();
    forms.push(raw.trim_matches(['"', '\'']).to_owned());
    forms.into_iter().filter(|form| form.len() >= LEAST).collect()
}

/// The first place at which one of the forms stands in a tracked file, of those
/// in which one was met.
pub(super) fn place(
    cx: &Facts<'_>,
    met: &[RepoPath],
    forms: &[SecretString],
) -> Result<Option<Place>, CheckError> {
    let met: BTreeSet<&RepoPath> = met.iter().collect();
    let mut tracked = BTreeSet::new();
    if !met.is_empty() {
        cx.tree.each_tracked(&|path| met.contains(path), |file| {
            tracked.insert(file.path.clone());
            cx.cancel.check()
        })?;
    }
    let Some(path) = tracked.pop_first() else { return Ok(None) };
    let content = cx.tree.read(&path).ok().flatten().unwrap_or_default();
    let at = forms
        .iter()
        .filter_map(|form| memchr::memmem::find(&content, form.expose_secret().as_bytes()));
    // in another encoding it is not found again
    let Some(at) = at.min() else { return Ok(Some(Place::file(path))) };
    let before = content.get(..at).unwrap_or_default();
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let text = String::from_utf8_lossy(before.get(start..).unwrap_or_default());
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Some(Place::at(path, number(line), number(text.chars().count() + 1))))
}
