//! Tracked files whose content is believed to be the commit's on git's word alone.

use git2::{AttrCheckFlags, Oid, Repository};

use super::attributes;
use crate::model::{CleanText, RepoPath};
use crate::repo::names::path_from_git;
use crate::repo::{Repo, RepoError, objects};

/// The programs of Git LFS, whose pointers say what a file must hold.
const LFS: &[&str] = &["git-lfs ", "git lfs "];

/// Larger files of attributes are not searched for filters, but taken to name some.
const LONGEST: usize = 1024 * 1024;

impl Repo {
    /// Tracked files that a filter program of this machine's configuration changes on
    /// their way into the index, each with the filter's name, when they are not the
    /// index's content as they are. The program is not run, so that nobody but git says
    /// that they are unchanged. Those of Git LFS do not count.
    ///
    /// # Errors
    /// When the index, the attributes or the configuration cannot be read.
    pub fn behind_filters(&self) -> Result<Vec<(RepoPath, CleanText)>, RepoError> {
        let git = self.git()?;
        let drivers = drivers(&git).map_err(RepoError::git("read its configuration"))?;
        let index = self.listing()?;
        let names_some = |oid: Oid| -> Result<bool, RepoError> {
            let content = objects::content(&git, oid, LONGEST)?;
            let names = |content: &[u8]| memchr::memmem::find(content, b"filter").is_some();
            Ok(content.is_none_or(|content| names(&content)))
        };
        let mut believed = Vec::new();
        if drivers.is_empty() {
            return Ok(believed);
        }
        let mut any = false;
        for (_, oid) in attributes::tracked(&index) {
            any = any || names_some(oid)?;
        }
        let files = index.iter().filter(|entry| any && entry.is_file() && entry.stage == 0);
        for entry in files {
            let Some(path) = path_from_git(&entry.path) else { continue };
            let flags = AttrCheckFlags::FILE_THEN_INDEX;
            let name = git.get_attr_bytes(path.as_path(), "filter", flags).ok().flatten();
            let Some(name) = name.filter(|name| drivers.iter().any(|one| one.as_bytes() == *name))
            else {
                continue;
            };
            let on_disk = Oid::hash_file(git2::ObjectType::Blob, self.root().join(path.as_path()));
            // one that is not there, or not readable, is told as a change
            if on_disk.is_ok_and(|oid| oid != entry.oid) {
                let name = CleanText::bytes(name);
                believed.push((path, name));
            }
        }
        Ok(believed)
    }
}

/// The names of the filters that a program stands behind.
fn drivers(git: &Repository) -> Result<Vec<String>, git2::Error> {
    let mut drivers = Vec::new();
    let config = git.config()?;
    config.entries(Some(r"^filter\..*\.(clean|process)$"))?.for_each(|entry| {
        let name = entry.name().ok().and_then(|name| name.strip_prefix("filter."));
        let name = name.and_then(|name| name.rsplit_once('.')).map(|(name, _)| name);
        let program = entry.value().unwrap_or_default();
        if let Some(name) = name
            && !LFS.iter().any(|lfs| program.starts_with(lfs))
        {
            drivers.push(name.to_owned());
        }
    })?;
    Ok(drivers)
}

#[cfg(test)]
mod tests {
    use crate::repo::support::Sandbox;

    fn told(sandbox: &Sandbox) -> Vec<String> {
        let told = sandbox.repo().behind_filters().expect("read");
        told.iter().map(|(path, filter)| format!("{path} {filter}")).collect()
    }

    #[test]
    fn what_only_git_says_is_unchanged_is_named() {
        let sandbox = Sandbox::new();
        sandbox.write(".gitattributes", "*.key filter=hide\n*.bin filter=lfs\n");
        sandbox.write("a.key", "one\n").write("c.txt", "c\n").commit("first");
        assert_eq!(told(&sandbox), [""; 0], "no program stands behind it");
        sandbox.git(&["config", "filter.hide.clean", "git cat-file blob HEAD:a.key"]);
        sandbox.git(&["config", "filter.lfs.clean", "git-lfs clean -- %f"]);
        assert_eq!(told(&sandbox), [""; 0], "they are as they are in the index");
        sandbox.write("a.key", "another\n");
        sandbox.git(&["add", "a.key"]);
        assert_eq!(sandbox.git(&["status", "--porcelain"]), "", "git is misled");
        assert_eq!(told(&sandbox), ["a.key hide"]);
    }
}
