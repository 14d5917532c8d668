//! Who wrote a line, and when.

use git2::{BlameHunk, BlameOptions, ErrorCode, ObjectType, Oid, Repository, Tree};
use jiff::Timestamp;

use super::names::name;
use super::{Repo, RepoError};
use crate::model::{CommitId, Person, RepoPath};

/// The commit that last changed a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// Its author.
    pub by: Person,
    /// When the author made it.
    pub at: Timestamp,
    /// Its name.
    pub commit: CommitId,
    /// The history that is here ends with it (a shallow clone): the line may be
    /// older.
    pub or_earlier: bool,
}

impl Repo {
    /// Who wrote these lines (from 1) of a file as it stands in the work tree;
    /// nobody for a line that is not committed. The cost grows with the length
    /// of the history.
    ///
    /// # Errors
    /// When git cannot read the history, or the file is not readable.
    pub fn blame(&self, path: &RepoPath, lines: &[u32]) -> Result<Vec<Option<Written>>, RepoError> {
        let nobody = || vec![None; lines.len()];
        let failed = || RepoError::git(format!("read the history of {path}"));
        let git = self.git()?;
        let Some(content) = self.read(path)? else { return Ok(nobody()) };
        let head = match git.head() {
            Ok(head) => head.peel_to_tree().map_err(failed())?,
            Err(error) if error.code() == ErrorCode::UnbornBranch => return Ok(nobody()),
            Err(error) => return Err(failed()(error)),
        };
        let Some(committed) = blob(&head, path).map_err(failed())? else { return Ok(nobody()) };

        let mut options = BlameOptions::new();
        let unchanged = is(committed, &content).map_err(failed())?;
        if unchanged {
            // only these lines are followed through the history
            let line = |line: Option<&u32>| line.map_or(1, |line| *line as usize);
            options.min_line(line(lines.iter().min())).max_line(line(lines.iter().max()));
        }
        let base = git.blame_file(path.as_path(), Some(&mut options)).map_err(failed())?;
        let blame = match unchanged {
            true => base,
            false => base.blame_buffer(&content).map_err(failed())?,
        };
        // asked for a line past the end, libgit2 answers with another one
        let last = memchr::memchr_iter(b'\n', &content).count() + 1;
        let hunk = |line: u32| blame.get_line(line as usize).filter(|_| line as usize <= last);
        let written = |line: &u32| match hunk(*line) {
            Some(hunk) => written(&git, &hunk),
            None => Ok(None),
        };
        lines.iter().map(written).collect()
    }
}

fn blob(tree: &Tree<'_>, path: &RepoPath) -> Result<Option<Oid>, git2::Error> {
    match tree.get_path(path.as_path()) {
        Ok(entry) if entry.kind() == Some(ObjectType::Blob) => Ok(Some(entry.id())),
        Ok(_) => Ok(None),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a blob holds this content, line ends in git's way or not.
fn is(blob: Oid, content: &[u8]) -> Result<bool, git2::Error> {
    if Oid::hash_object(ObjectType::Blob, content)? == blob {
        return Ok(true);
    }
    let mut line_feeds = Vec::with_capacity(content.len());
    for (at, byte) in content.iter().enumerate() {
        if *byte != b'\r' || content.get(at + 1) != Some(&b'\n') {
            line_feeds.push(*byte);
        }
    }
    Ok(Oid::hash_object(ObjectType::Blob, &line_feeds)? == blob)
}

fn written(git: &Repository, hunk: &BlameHunk<'_>) -> Result<Option<Written>, RepoError> {
    let oid = hunk.final_commit_id();
    if oid.is_zero() {
        return Ok(None);
    }
    let commit = git.find_commit(oid).map_err(RepoError::git("read a commit"))?;
    let author = commit.author();
    let lossy = |bytes| String::from_utf8_lossy(bytes);
    Ok(Some(Written {
        by: Person::new(lossy(author.name_bytes()), lossy(author.email_bytes())),
        at: Timestamp::from_second(author.when().seconds()).unwrap_or(Timestamp::UNIX_EPOCH),
        commit: name(oid)?,
        or_earlier: hunk.is_boundary() && git.is_shallow(),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::support::{Sandbox, path};

    #[test]
    fn lines_of_the_work_tree_have_their_authors() {
        let sandbox = Sandbox::new();
        let told = |name: &str, lines: &[u32]| -> Vec<String> {
            let written = sandbox.repo().blame(&path(name), lines).expect("a history");
            written
                .into_iter()
                .map(|line| line.map_or("nobody".to_owned(), |line| line.by.name.to_string()))
                .collect()
        };
        sandbox.write("a.py", "one\ntwo\n");
        assert_eq!(told("a.py", &[1]), ["nobody"]);
        sandbox.commit("first").write("a.py", "one\ntwo\nthree\n");
        sandbox.git(&["commit", "-aqm", "x", "--author", "Bob <bob@example.com>"]);
        assert_eq!(told("a.py", &[3, 1]), ["Bob", "Ann"]);
        // a line that moved and one that is new, neither committed
        sandbox.write("a.py", "zero\none\ntwo\nthree\n");
        assert_eq!(told("a.py", &[1, 2, 4]), ["nobody", "Ann", "Bob"]);
        sandbox.write("a.py", "one\nzwei\nthree\n");
        assert_eq!(told("a.py", &[1, 2, 3]), ["Ann", "nobody", "Bob"]);
        sandbox.write("a.py", "three\nfour\n");
        assert_eq!(told("a.py", &[1, 2]), ["Bob", "nobody"]);
        // line ends alone are not a change
        sandbox.write("a.py", "one\r\ntwo\r\nthree\r\n");
        assert_eq!(told("a.py", &[3, 9]), ["Bob", "nobody"]);
        sandbox.write("new.py", "x\n");
        assert_eq!(told("new.py", &[1]), ["nobody"]);
        assert_eq!(told("missing.py", &[1, 2]), ["nobody", "nobody"]);
    }
}
