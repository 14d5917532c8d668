//! Keys that are read from a file of their own, and that file is in the repository:
//! `open("secret_key.txt").read()`.

use super::config_files::{CONFIG_FILE, gives_any};
use super::fits::{self, Fit};
use super::hit::Reads;
use super::project::{Kept, Project};
use super::told::NEW_VALUE;
use crate::lang::SourceFile;
use crate::model::{CheckError, Finding, Need, Place, RepoPath, RuleId, Subject};

const KEY_FILE: RuleId = RuleId::new("hardcoded_setting.key_file");
const KEY_FILE_UNREAD: RuleId = RuleId::new("hardcoded_setting.key_file_unread");
const PERHAPS_KEY_FILE: RuleId = RuleId::new("hardcoded_setting.perhaps_key_file");

/// A longer text is not a key, in bytes.
const LONGEST: usize = 16 * 1024;

/// Endings of files that hold several values by name.
const STRUCTURED: &[&str] =
    &["json", "toml", "yaml", "yml", "ini", "cfg", "conf", "properties", "env", "xml", "json5"];

/// Endings of files that are no keys, whatever reads them.
const OTHERS: &[&str] = &[
    "py", "pyi", "md", "rst", "html", "css", "js", "ts", "csv", "png", "jpg", "svg", "po", "lock",
    "sql", "sh", "ipynb", "in",
];

/// What tracked files say about the keys that are read from files.
///
/// # Errors
/// When the tracked files could not be listed.
pub(super) fn look(
    reads: &[Reads],
    project: &dyn Project,
) -> Result<(Vec<Finding>, Vec<Need>), CheckError> {
    let (mut findings, mut needs) = (Vec::new(), Vec::new());
    if reads.is_empty() {
        return Ok((findings, needs));
    }
    let fit = |read: &Reads, path: &RepoPath| {
        read.texts.iter().map(|text| fits::path(text, path)).max().unwrap_or(Fit::No)
    };
    let may =
        |path: &RepoPath| !ends(path, OTHERS) || reads.iter().any(|r| fit(r, path) == Fit::Yes);
    let kept = project
        .tracked(&|path| may(path) && reads.iter().any(|read| fit(read, path) != Fit::No))?;
    for read in reads {
        for file in &kept {
            let fit = fit(read, &file.path);
            if fit == Fit::No || file.is_link {
                continue;
            }
            let surely = fit == Fit::Yes;
            match judge(read, file, surely) {
                Some(Ok(finding)) => findings.push(finding),
                Some(Err(need)) => needs.push(need),
                None => {}
            }
        }
    }
    Ok((findings, needs))
}

fn judge(read: &Reads, file: &Kept, surely: bool) -> Option<Result<Finding, Need>> {
    let Reads { setting, shown, path: from, .. } = read;
    let path = &file.path;
    let subject = Subject::of(from).and(setting).and(path.to_string());
    let Some(text) = &file.text else {
        let message = format!(
            "{shown} is read from `{path}`, which git tracks and which cannot be read here: whether a key stands in it is not known"
        );
        let need = Need::new(KEY_FILE_UNREAD, subject, message)
            .at(read.place.clone())
            .help("read that file: whoever has the repository has what stands in it");
        return surely.then_some(Err(need));
    };
    if text.trim().is_empty() || text.starts_with("\0GITCRYPT") {
        return None;
    }
    let help =
        format!("take `{path}` out of git (`git rm --cached {path}`) and ignore it; {NEW_VALUE}");
    if ends(path, STRUCTURED) {
        let mut names: Vec<&str> = read.keys.iter().map(String::as_str).collect();
        let lower = setting.to_lowercase();
        names.extend([setting.as_str(), lower.as_str()]);
        let source = SourceFile::new(path.clone(), text.clone());
        let (_, place) = gives_any(&source, &names)?;
        let message = format!(
            "{shown} is read from `{path}`, which git tracks and which gives it a value; whether the app takes it from there is not followed"
        );
        return Some(Err(Need::new(CONFIG_FILE, Subject::of(path.to_string()), message)
            .at(place)
            .at(read.place.clone())
            .help(help)));
    }
    if text.len() > LONGEST {
        return None;
    }
    if surely {
        let message = format!(
            "{shown} is read from `{path}`, which git tracks: whoever has the repository has the key"
        );
        return Some(Ok(Finding::new(KEY_FILE, subject, message)
            .at(read.place.clone())
            .at(Place::file(path.clone()))
            .help(help)));
    }
    // a key is one word on a line of its own
    let one = text.trim().lines().count() == 1 && !text.trim().contains(' ');
    let message = format!(
        "{shown} is read from a file whose name the code puts together, and `{path}`, which git tracks, can be that file"
    );
    one.then(|| {
        Err(Need::new(PERHAPS_KEY_FILE, subject, message)
            .at(read.place.clone())
            .at(Place::file(path.clone()))
            .help(help))
    })
}

fn ends(path: &RepoPath, with: &[&str]) -> bool {
    path.extension().is_some_and(|own| with.iter().any(|end| own.eq_ignore_ascii_case(end)))
}
