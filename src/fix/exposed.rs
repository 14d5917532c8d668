//! What taking a fix back would show to git: files with a secret that only a line
//! ignores which goes.

use secrecy::ExposeSecret as _;

use super::undo::{Step, Undo};
use crate::check::fixes::refused;
use crate::lang::dotenv::EnvFile;
use crate::model::{CleanText, FixError, RepoPath};
use crate::repo::{Repo, RuleFile};
use crate::secret::value::{holds_private_key, holds_secret};

impl Undo {
    /// A sentence for each file that holds a secret, or cannot be read, and that
    /// git would no longer ignore.
    ///
    /// # Errors
    /// When git's rules or the files cannot be looked at.
    pub(crate) fn exposes(&self, repo: &Repo) -> Result<Vec<CleanText>, FixError> {
        let mut told = Vec::new();
        for step in &self.steps {
            let Step::File { path, before, .. } = step else { continue };
            let is_rules = path.as_path().file_name().is_some_and(|name| name == ".gitignore");
            if !is_rules {
                continue;
            }
            let now = lines(&repo.read(path).map_err(refused)?.unwrap_or_default());
            let before = before.as_ref().map(|(bytes, _)| lines(bytes.expose_secret()));
            let before = before.unwrap_or_default();
            let gone: Vec<String> = now.into_iter().filter(|line| !before.contains(line)).collect();
            told.extend(shown_by(repo, path, &gone)?);
        }
        Ok(told)
    }
}

fn lines(rules: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(rules);
    text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

fn shown_by(repo: &Repo, rules: &RepoPath, gone: &[String]) -> Result<Vec<CleanText>, FixError> {
    let file = RuleFile::Gitignore(rules.clone());
    // the fixes write plain paths, so that a rule's last part is a name on the way
    let names: Vec<String> = gone
        .iter()
        .filter_map(|line| line.trim_end_matches('/').rsplit('/').next())
        .map(|name| name.replace('\\', ""))
        .collect();
    let may_be = |path: &RepoPath| {
        path.as_path().iter().any(|part| names.iter().any(|name| part == name.as_str()))
    };
    let found = repo.find(&[None], &may_be, &|| true).map_err(refused)?.unwrap_or_default();
    let mut told = Vec::new();
    for path in found.into_iter().map(|found| found.path) {
        let rule = repo.ignored(&path, false).map_err(refused)?.here;
        let is_shown = rule.is_some_and(|rule| {
            rule.file == file && gone.iter().any(|line| CleanText::line(line) == rule.pattern)
        });
        let what = match repo.read(&path) {
            _ if !is_shown => continue,
            Ok(content) if !content.as_deref().is_some_and(holds_any) => continue,
            Ok(_) => "holds a secret",
            Err(_) => "cannot be read",
        };
        told.push(CleanText::line(format!("`{path}` {what}, and git would no longer ignore it")));
    }
    Ok(told)
}

fn holds_any(content: &[u8]) -> bool {
    let text = String::from_utf8_lossy(content);
    let env = EnvFile::parse(&text);
    let mut entries = env.entries.iter();
    holds_private_key(&text)
        || entries.any(|entry| holds_secret(&entry.key, entry.value.expose_secret()))
}
