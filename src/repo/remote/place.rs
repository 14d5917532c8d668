//! Where a remote lies: on this machine, where it can be looked into, or elsewhere.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Oid, Remote, Repository, RepositoryOpenFlags};

use crate::model::CleanText;

/// Where a remote lies.
pub(super) enum Place {
    /// Over the network: git's notes of the last fetch or push are all there is.
    Elsewhere,
    /// It is this very repository, or borrows its objects from it.
    Here,
    /// A repository on this machine.
    Local(Local),
    /// On this machine, and not to be looked into, and why.
    Unseen(CleanText),
}

/// A repository on this machine that is a remote of this one.
pub(super) struct Local {
    git: Repository,
    /// As the configuration spells it.
    pub(super) address: CleanText,
}

impl Local {
    /// The commit that a ref of it stands on, when that commit is there.
    pub(super) fn tip(&self, full: &str) -> Option<Oid> {
        Some(self.git.find_reference(full).ok()?.peel_to_commit().ok()?.id())
    }

    /// Whether the one commit is the other, or has it among its ancestors, there.
    pub(super) fn holds(&self, tip: Oid, commit: Oid) -> bool {
        tip == commit || self.git.graph_descendant_of(tip, commit).unwrap_or(false)
    }
}

/// Where a remote lies, and where pushes to it go when that is another place.
pub(super) fn places(remote: &Remote<'_>, git: &Repository, root: &Path) -> Vec<Place> {
    let mut urls: Vec<String> = remote.url().ok().map(str::to_owned).into_iter().collect();
    urls.extend(remote.pushurl().ok().flatten().map(str::to_owned));
    urls.retain(|url| !url.is_empty());
    if urls.is_empty() {
        return vec![Place::Unseen("it has no address".into())];
    }
    urls.iter().map(|url| place(url, git, root)).collect()
}

fn place(url: &str, git: &Repository, root: &Path) -> Place {
    if let Some((helper, _)) = url.split_once("::")
        && matches!(helper, "ext" | "fd")
    {
        return Place::Unseen(CleanText::line(format!(
            "its address `{helper}::…` is a program, which is not run"
        )));
    }
    let Some(path) = local_path(url) else { return Place::Elsewhere };
    let address = CleanText::line(url);
    match open(&root.join(&path)) {
        Opened::Repository(other) if is_same(&other, git) => Place::Here,
        Opened::Repository(other) => Place::Local(Local { git: *other, address }),
        Opened::Not(why) => Place::Unseen(CleanText::line(format!("`{address}` {why}"))),
    }
}

/// The path that an address stands for, as git reads it (git-fetch(1), "GIT URLS"):
/// an address with a colon before its first slash is a host's.
fn local_path(url: &str) -> Option<PathBuf> {
    if let Some(rest) = strip_scheme(url, "file://") {
        let rest = decoded(rest);
        let path = match rest.strip_prefix('/') {
            Some(_) => rest,
            // `file://localhost/srv/x.git`
            None => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/").to_owned(),
        };
        return Some(path.into());
    }
    if url.contains("://") || url.contains("::") {
        return None;
    }
    let before_slash = url.split('/').next().unwrap_or_default();
    if before_slash.contains(':') {
        return None;
    }
    match url.strip_prefix("~/") {
        Some(rest) => Some(Path::new(&std::env::var_os("HOME")?).join(rest)),
        None => Some(url.into()),
    }
}

fn strip_scheme<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let head = url.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| url.get(scheme.len()..)).flatten()
}

/// `%20` as a blank.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let coded = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match coded.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| byte == b'%') {
            Some(value) => {
                bytes.push(value);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

enum Opened {
    Repository(Box<Repository>),
    /// How it is not one.
    Not(&'static str),
}

/// Opens the repository at a path, or at that path with `.git`, as git does.
fn open(path: &Path) -> Opened {
    let mut with_ending = path.as_os_str().to_owned();
    with_ending.push(".git");
    let mut there = false;
    for candidate in [path, Path::new(&with_ending)] {
        if candidate.is_file() && candidate == path {
            return Opened::Not("is a file, to which nothing is pushed");
        }
        if !candidate.exists() {
            continue;
        }
        there = true;
        let nothing_above: [&std::ffi::OsStr; 0] = [];
        match Repository::open_ext(candidate, RepositoryOpenFlags::NO_SEARCH, nothing_above) {
            Ok(git) if crate::repo::intact::check(git.commondir()).is_ok() => {
                return Opened::Repository(Box::new(git));
            }
            Ok(_) => return Opened::Not("is damaged"),
            Err(error) if error.code() == ErrorCode::Owner => {
                return Opened::Not("belongs to another user, and git trusts no such repository");
            }
            Err(_) => {}
        }
    }
    match there {
        true => Opened::Not("is not a repository any more, or cannot be read"),
        false => Opened::Not("is not there"),
    }
}

/// Whether two handles are of one repository, or the other one takes objects from
/// this one: what is there then was never copied.
fn is_same(other: &Repository, git: &Repository) -> bool {
    let resolved = |path: &Path| path.canonicalize().ok();
    let own = resolved(&git.commondir().join("objects"));
    let objects = other.commondir().join("objects");
    if own.is_some() && resolved(&objects) == own {
        return true;
    }
    let borrowed = std::fs::read_to_string(objects.join("info/alternates")).unwrap_or_default();
    borrowed.lines().any(|line| resolved(&objects.join(line)).is_some_and(|at| Some(at) == own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_git_does() {
        let cases = [
            ("/srv/x.git", Some("/srv/x.git")),
            ("../x", Some("../x")),
            ("./a:b", Some("./a:b")),
            ("x", Some("x")),
            ("file:///srv/x.git", Some("/srv/x.git")),
            ("FILE:///srv/x.git", Some("/srv/x.git")),
            ("file://localhost/srv/x", Some("/srv/x")),
            ("file:///srv/a%20b%2e", Some("/srv/a b.")),
            ("file:///srv/100%", Some("/srv/100%")),
            ("git@example.com:shop.git", None),
            ("example.com:shop.git", None),
            ("https://example.com/shop.git", None),
            ("ssh://example.com/shop.git", None),
            ("codecommit::eu-west-1://shop", None),
            ("s3::bucket/x", None),
        ];
        for (url, expected) in cases {
            assert_eq!(local_path(url).as_deref(), expected.map(Path::new), "{url}");
        }
    }
}
