//! Why the repository did not answer.

use std::io;
use std::path::Path;

use super::unread::Unread;
use crate::model::{CheckError, CleanText, RepoPath, RuleId, Subject, words};

/// Why the repository did not answer. Says what happened, where, and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum RepoError {
    /// There is none here.
    #[error(
        "no git repository at `{0}` or above; run `git init` there, or name a folder inside a repository with `-C`"
    )]
    NotFound(CleanText),
    /// It has no work tree.
    #[error(
        "`{0}` is a bare repository, which has no files to check; run gonogo in a clone or a worktree of it"
    )]
    Bare(CleanText),
    /// It has no commit yet.
    #[error(
        "this repository has no commit yet, and a sign-off belongs to a commit; make the first commit, then sign"
    )]
    Unborn,
    /// What a person named is not a commit.
    #[error(
        "`{revision}` names no commit here ({reason}); `git log --oneline --all` lists commits, and `git fetch --tags` brings those of a remote"
    )]
    NoCommit {
        /// What was named.
        revision: CleanText,
        /// What git said.
        reason: CleanText,
    },
    /// git does not know who the person is.
    #[error(
        "git does not know who you are, and a record needs a name; run `git config --global user.name \"Your Name\"` and `git config --global user.email you@example.com`"
    )]
    NoIdentity,
    /// A path leads outside, through a symbolic link.
    #[error("`{0}` leads outside the repository, and gonogo follows no link that does")]
    Outside(RepoPath),
    /// Files that should have been read and could not be, such as a submodule's.
    #[error("{}; {}", .0.what, .0.next)]
    Unread(Unread),
    /// A kind of repository that libgit2 cannot read.
    #[error("{what}; {next}")]
    Unsupported {
        /// What was met.
        what: CleanText,
        /// What to do.
        next: CleanText,
    },
    /// One of git's own files is damaged.
    #[error("{what}; {next}")]
    Damaged {
        /// Which, and how it shows.
        what: CleanText,
        /// What to do.
        next: CleanText,
    },
    /// git's library failed.
    #[error("git could not {doing}: {reason}; {}", after_git(doing, reason.as_str()))]
    Git {
        /// What was being done.
        doing: String,
        /// What it said.
        reason: CleanText,
    },
    /// A file could not be read or written.
    #[error("could not {doing} `{path}`: {reason}")]
    File {
        /// `read`, `write`, …
        doing: &'static str,
        /// Which.
        path: CleanText,
        /// Why.
        reason: String,
    },
}

impl RepoError {
    /// For `map_err`: what git's library said while something was being done.
    /// What it cannot read at all becomes [`RepoError::Unsupported`].
    pub(super) fn git(doing: impl Into<String>) -> impl FnOnce(git2::Error) -> Self {
        let doing = doing.into();
        move |error| {
            unsupported(error.message())
                .unwrap_or_else(|| Self::Git { doing, reason: CleanText::line(error.message()) })
        }
    }

    /// For `map_err`: what the file system said.
    pub(super) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = shown(path);
        move |error| Self::File { doing, path, reason: words::system(&error) }
    }
}

impl From<RepoError> for CheckError {
    fn from(error: RepoError) -> Self {
        let looked = |rule, subject, next: &str| {
            Self::could_not_look(RuleId::new(rule), subject, error.to_string(), next)
        };
        let fsck = "run `git fsck` and `git status` to see what git says, then run again";
        let told = match &error {
            RepoError::Unsupported { what, next } => {
                let rule = RuleId::new("repo.unsupported");
                Self::could_not_look(rule, Subject::of(what), what, next)
            }
            RepoError::Damaged { what, next } => {
                let rule = RuleId::new("repo.damaged");
                Self::could_not_look(rule, Subject::of(what), what, next)
            }
            RepoError::Outside(path) => looked(
                "repo.outside",
                Subject::of(path),
                "replace the link by a file inside, or check the file it leads to where it is",
            ),
            RepoError::File { path, doing, .. } => looked(
                "repo.file",
                Subject::of(path).and(doing),
                "see that it can be read by you, then run again",
            ),
            RepoError::Git { doing, reason } => Self::could_not_look(
                RuleId::new("repo.git"),
                Subject::of(doing),
                format!("git could not {doing}: {reason}"),
                after_git(doing, reason.as_str()),
            ),
            RepoError::Unread(Unread { path, what, next, .. }) => {
                Self::could_not_look(RuleId::new("repo.unread"), Subject::of(path), what, next)
            }
            RepoError::NoCommit { revision, .. } => {
                looked("repo.no_commit", Subject::of(revision), "name a commit that is here")
            }
            RepoError::NotFound(_) => looked("repo.not_found", Subject::whole(), fsck),
            RepoError::Bare(_) => looked("repo.bare", Subject::whole(), fsck),
            RepoError::Unborn => looked("repo.unborn", Subject::whole(), fsck),
            RepoError::NoIdentity => looked("repo.no_identity", Subject::whole(), fsck),
        };
        told.from_source(error)
    }
}

/// What to do after git's library failed.
fn after_git(doing: &str, reason: &str) -> &'static str {
    if reason.contains("merge conflict") {
        "resolve that first"
    } else if reason.contains("points at another ref") {
        "delete it with `git symbolic-ref -d refs/gonogo/ledger`"
    } else if doing.contains("refs/gonogo/ledger") && reason.contains("corrupted loose reference") {
        "delete the file that `git rev-parse --git-path refs/gonogo/ledger` names, then `gonogo sync` fetches the records again; of records that were never shared, `git fsck --lost-found` names the last one"
    } else {
        "run `git fsck` and `git status` to see what git says, then run again"
    }
}

/// A path as a person may see it.
pub(super) fn shown(path: &Path) -> CleanText {
    CleanText::bytes(path.as_os_str().as_encoded_bytes())
}

/// Formats that libgit2 1.9 refuses, by what it says of them (repository.c and
/// index.c of libgit2).
fn unsupported(said: &str) -> Option<RepoError> {
    let (what, next) = if said.contains("extensions.refstorage") {
        (
            "this repository keeps its refs as a reftable, which gonogo cannot read",
            "convert it with `git refs migrate --ref-format=files`",
        )
    } else if said.contains("unknown object format") || said.contains("extensions.objectformat") {
        (
            "this repository names its objects by SHA-256, which gonogo cannot read",
            "use a clone whose objects are named by SHA-1",
        )
    } else if said.contains("mandatory extension: 'link'") {
        (
            "this repository's index is split, which gonogo cannot read",
            "run `git update-index --no-split-index`",
        )
    } else if said.contains("mandatory extension: 'sdir'") {
        (
            "this repository's index is sparse, which gonogo cannot read",
            "run `git sparse-checkout reapply --no-sparse-index`",
        )
    } else if let Some((_, name)) = said.split_once("unsupported extension name ") {
        let what = format!("this repository uses `{name}`, which gonogo cannot read");
        return Some(RepoError::Unsupported {
            what: CleanText::line(what),
            next: "use an ordinary clone of it".into(),
        });
    } else {
        return None;
    };
    Some(RepoError::Unsupported { what: what.into(), next: next.into() })
}
