//! Loads the checklist that applies, and says what should be known of it.

use std::path::Path;

use super::{Opening, Session, SessionError, basis};
use crate::checklist::{self, Choice, FileSet, Loaded, LoadedFrom};
use crate::model::{CleanText, RepoPath};
use crate::repo::{Entry, EntryKind, Kind, Repo, RepoError, Tree};

/// The files of a tree, as a checklist is read from them.
struct Files<'t>(&'t dyn Tree);

impl FileSet for Files<'_> {
    fn read(&self, path: &RepoPath, most: u64) -> Result<Option<Vec<u8>>, RepoError> {
        let Some(mut bytes) = self.0.read(path)? else { return Ok(None) };
        bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(Some(bytes))
    }

    fn list(&self, folder: Option<&RepoPath>) -> Result<Vec<Entry>, RepoError> {
        let entry = |path: RepoPath| {
            let kind = match self.0.look(Some(&path)) {
                Ok(Some(meta)) if meta.kind == Kind::File => EntryKind::File,
                Ok(Some(meta)) if meta.kind == Kind::Folder => EntryKind::Folder,
                _ => EntryKind::Other,
            };
            Entry { path, kind }
        };
        Ok(self.0.names_in(folder)?.into_iter().map(entry).collect())
    }
}

/// Loads the checklist: of a revision that revision's, else the work tree's.
pub(super) fn load(
    repo: &Repo,
    tree: &dyn Tree,
    at_revision: bool,
    opening: &Opening<'_>,
) -> Result<Loaded, SessionError> {
    let loaded = if at_revision {
        checklist::load_from(&Files(tree), repo.root(), opening.choice, opening.folder)
    } else {
        checklist::load(repo, opening.choice, opening.folder)
    };
    loaded.map_err(|error| SessionError::Checklist(error.render(false)))
}

/// What the loader said, and the files that a caller chose outside of the
/// repository, with their digests.
pub(super) fn warnings(repo: &Repo, loaded: &Loaded) -> Vec<CleanText> {
    let outside = loaded.files.iter().filter_map(|file| match &file.from {
        LoadedFrom::Outside(path) if basis::within(repo, path).is_none() => {
            let path = CleanText::bytes(path.as_os_str().as_encoded_bytes());
            let digest = file.digest.as_str().get(..12).unwrap_or_default();
            Some(CleanText::line(format!(
                "the checklist file `{path}` lies outside the repository (digest {digest})"
            )))
        }
        LoadedFrom::Outside(_) | LoadedFrom::Inside(_) | LoadedFrom::Builtin(_) => None,
    });
    let told = loaded.warnings.iter().map(|warning| CleanText::line(warning.to_string()));
    told.chain(outside).collect()
}

/// Which fact decided on a built-in list, and what the checklist asks less than
/// it did at the commit of the newest record.
pub(super) fn notes(
    session: &Session,
    choice: &Choice,
    decided_by: Option<&RepoPath>,
) -> Vec<CleanText> {
    let mut notes = Vec::new();
    if let Some(root) = session.repo.work_tree_elsewhere() {
        notes.push(CleanText::line(format!(
            "git's setting `core.worktree` puts the work tree at `{root}`; the files there are judged"
        )));
    }
    if let Some(revision) = &session.basis.revision
        && session.repo.is_tag_and_branch(revision.as_str())
    {
        notes.push(CleanText::line(format!(
            "`{revision}` is the name of a tag and of a branch, and the tag is judged; `heads/{revision}` is the branch"
        )));
    }
    if let Some(path) = decided_by {
        let origin = &session.checklist.origin;
        notes.push(CleanText::line(format!("{origin} applies, because of `{path}`")));
    }
    if !matches!(choice, Choice::Builtin(_)) {
        notes.extend(loosened(session, choice));
    }
    notes
}

fn loosened(session: &Session, choice: &Choice) -> Vec<CleanText> {
    let newest = session.ledger.entries.iter().rev().find_map(|entry| {
        let commit = &entry.record.commit;
        Some((commit, session.repo.commit(commit).ok()?))
    });
    let Some((commit, tree)) =
        newest.filter(|(commit, _)| session.head.commit.as_ref() != Some(*commit))
    else {
        return Vec::new();
    };
    let root: &Path = session.repo.root();
    let Ok(then) = checklist::load_from(&Files(&tree), root, choice, root) else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    if then.checklist.origin != session.checklist.origin {
        notes.push(CleanText::line(format!(
            "the newest record was made when {} applied, and now {} does",
            then.checklist.origin, session.checklist.origin
        )));
    }
    let less = checklist::loosened(&then.checklist, &session.checklist);
    notes.extend(less.into_iter().map(|what| {
        CleanText::line(format!("since the newest record, on {}: {what}", commit.short()))
    }));
    notes
}
