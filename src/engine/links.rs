//! Symbolic links of the shared pass. The walk does not follow them; here each
//! is followed to the files of the repository that it leads to. A scan that wants
//! the link's name and not the file's own sees the file under that name, once.
//! What leads elsewhere is told as unread.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;

use super::eyes::Eyes;
use crate::check::Gap;
use crate::model::{Cancel, CleanText, RepoPath};
use crate::repo::{Kind, Query, RepoError, Source, Tree, Unread};

/// So many folders within each other are looked into through links.
const DEEPEST: usize = 8;

/// More files than this behind links are not looked at.
const MOST: usize = 100_000;

/// Follows the links that a walk has shown.
///
/// # Errors
/// When git cannot read its index or ignore rules.
pub(super) fn follow(
    tree: &dyn Tree,
    cancel: &Cancel,
    mut links: Vec<RepoPath>,
    eyes: &mut Eyes<'_>,
) -> Result<(), RepoError> {
    links.sort();
    let mut way = Way { tree, cancel, files: BTreeMap::new(), wanted: HashMap::new() };
    for link in &links {
        if cancel.is_cancelled() {
            return Ok(());
        }
        if way.goes(link, link, &mut Vec::new(), eyes)?.is_break() {
            eyes.miss_at(link, "leads to too many files", Gap::Outside);
            break;
        }
    }
    way.look(eyes)
}

/// Where the links lead.
struct Way<'a> {
    tree: &'a dyn Tree,
    cancel: &'a Cancel,
    /// By the name behind a link: the file's own name, and the link.
    files: BTreeMap<RepoPath, (RepoPath, RepoPath)>,
    /// By folder, whether git ignores it.
    wanted: HashMap<RepoPath, bool>,
}

impl Way<'_> {
    /// Notes the files that `at` leads to, which is `link` or a link behind it.
    fn goes(
        &mut self,
        link: &RepoPath,
        at: &RepoPath,
        through: &mut Vec<RepoPath>,
        eyes: &mut Eyes<'_>,
    ) -> Result<ControlFlow<()>, RepoError> {
        let kind = match self.tree.look(Some(at)) {
            Ok(Some(meta)) => meta.kind,
            Ok(None) => {
                eyes.miss_at(at, "leads to nothing that is here", Gap::Nowhere);
                return Ok(ControlFlow::Continue(()));
            }
            Err(RepoError::Outside(_)) => {
                eyes.miss_at(at, "leads out of the repository", Gap::Outside);
                return Ok(ControlFlow::Continue(()));
            }
            Err(RepoError::Unread(gap)) => {
                eyes.miss_link(Unread { path: at.clone(), ..gap }, Gap::Outside);
                return Ok(ControlFlow::Continue(()));
            }
            Err(error) => {
                eyes.miss_at(at, &format!("cannot be followed: {error}"), Gap::Nowhere);
                return Ok(ControlFlow::Continue(()));
            }
        };
        // the top has no name, and all of it is seen under names of its own
        let Ok(real) = self.tree.real(at) else { return Ok(ControlFlow::Continue(())) };
        match kind {
            Kind::Special => {
                eyes.miss_at(at, "leads to what is not a regular file", Gap::Nowhere);
            }
            Kind::File => {
                self.files.insert(at.clone(), (real, link.clone()));
            }
            Kind::Folder if self.tree.ignored(&real, true)?.here.is_some() => {
                eyes.miss_at(at, &format!("leads to `{real}`, which git ignores"), Gap::Ignored);
            }
            Kind::Folder if through.len() >= DEEPEST || through.contains(&real) => {}
            Kind::Folder => {
                through.push(real);
                let done = self.below(link, at, through, eyes);
                through.pop();
                return done;
            }
        }
        Ok(match self.files.len() > MOST {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        })
    }

    fn below(
        &mut self,
        link: &RepoPath,
        at: &RepoPath,
        through: &mut Vec<RepoPath>,
        eyes: &mut Eyes<'_>,
    ) -> Result<ControlFlow<()>, RepoError> {
        let (starts, cancel) = ([Some(at.clone())], self.cancel);
        let go_on = || !cancel.is_cancelled();
        let query = Query { starts: &starts, keep: &|_| true, go_on: &go_on };
        let found = match self.tree.find(&query) {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(ControlFlow::Continue(())),
            Err(error) => {
                eyes.miss_at(at, &format!("cannot be looked into: {error}"), Gap::Nowhere);
                return Ok(ControlFlow::Continue(()));
            }
        };
        for gap in found.unread {
            eyes.miss_link(gap, Gap::Outside);
        }
        for file in found.files {
            match (file.meta, self.tree.real(&file.path)) {
                (Ok(_), Ok(real)) => {
                    self.files.insert(file.path, (real, link.clone()));
                }
                _ => eyes.miss_at(&file.path, "leads out of the repository", Gap::Outside),
            }
            if self.files.len() > MOST {
                return Ok(ControlFlow::Break(()));
            }
        }
        for inner in found.links {
            if self.goes(link, &inner, through, eyes)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Shows the files to whom they are news.
    fn look(mut self, eyes: &mut Eyes<'_>) -> Result<(), RepoError> {
        let files = std::mem::take(&mut self.files);
        let news = |(name, (real, _)): &(RepoPath, (RepoPath, RepoPath))| eyes.is_news(name, real);
        let files: Vec<_> = files.into_iter().filter(news).collect();
        if files.is_empty() {
            return Ok(());
        }
        let reals: HashSet<&RepoPath> = files.iter().map(|(_, (real, _))| real).collect();
        let tracked = self.tree.blobs(&|path| reals.contains(path))?;
        let tracked: HashSet<&RepoPath> = tracked.iter().map(|(path, _)| path).collect();
        for (name, (real, link)) in &files {
            if self.cancel.is_cancelled() {
                return Ok(());
            }
            let content = self.tree.read(name);
            if !tracked.contains(real) && self.is_ignored(real)? {
                // as in a folder that is walked, what git ignores is passed over
                if name == link {
                    let id = content.ok().flatten();
                    let id = id.map(|content| Source::memory(&content).id());
                    let why = format!("leads to `{real}`, which git ignores");
                    eyes.miss_link(unread(name, &why, id.flatten()), Gap::Ignored);
                }
                continue;
            }
            match content {
                Ok(Some(content)) => eyes.behind_link(name, real, &Source::memory(&content)),
                Ok(None) => {}
                Err(error) => eyes.miss_at(name, &error.to_string(), Gap::Nowhere),
            }
        }
        Ok(())
    }

    fn is_ignored(&mut self, path: &RepoPath) -> Result<bool, RepoError> {
        if let Some(known) = self.wanted.get(path) {
            return Ok(*known);
        }
        let ignored = self.tree.ignored(path, false)?.here.is_some();
        self.wanted.insert(path.clone(), ignored);
        Ok(ignored)
    }
}

/// A link behind which nothing was looked at, with a reason that goes on from its name.
fn unread(link: &RepoPath, why: &str, id: Option<String>) -> Unread {
    Unread {
        path: link.clone(),
        what: CleanText::line(format!("the link `{link}` {why}, so nothing was looked at there")),
        next: CleanText::line(
            "put the file itself into the repository, or leave the link out with `exclude`",
        ),
        id,
    }
}

impl Eyes<'_> {
    /// Whether a scan wants a file by the name behind a link and not surely by its own.
    fn is_news(&self, name: &RepoPath, real: &RepoPath) -> bool {
        self.scans().any(|scan| scan.wants(name) && !(scan.wants(real) && scan.counts(real)))
    }

    fn miss_at(&mut self, link: &RepoPath, why: &str, gap: Gap) {
        self.miss_link(unread(link, why, None), gap);
    }

    fn miss_link(&mut self, unread: Unread, gap: Gap) {
        self.who_needs(&unread.path, gap);
        self.miss(&unread);
    }
}
