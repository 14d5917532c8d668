//! All commits and trees of a history, read once; and that of one run, of which
//! several checks ask something.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::commits::Commits;
use super::object::Id;
use super::objects::Objects;
use super::packs::Packs;
use super::paths::Use;
use super::refs::Tips;
use super::trees::Trees;
use super::unread::Gap;
use super::wanted::Wanted;
use crate::model::Digest;
use crate::repo::{Repo, RepoError};

/// A history with those of its files whose names may matter to somebody.
pub(super) struct Graph {
    pub(super) tips: Tips,
    /// The digest of the tips.
    pub(super) digest: Digest,
    pub(super) commits: Commits,
    /// The numbers of the commits, none before its parents.
    pub(super) order: Vec<usize>,
    pub(super) trees: Trees,
    /// The root trees: they have the first numbers.
    pub(super) roots: Vec<Use>,
    /// Refs, commits and trees that could not be read.
    pub(super) unread: BTreeSet<Gap>,
}

impl Graph {
    /// Reads it. None when the search was given up.
    fn read(
        repo: &Repo,
        mut tips: Tips,
        digest: Digest,
        wanted: &dyn Wanted,
        others: &Asked<'_>,
    ) -> Result<Option<Self>, RepoError> {
        let graphed = tips.shallow.is_empty() && tips.replaced.is_empty();
        let mut objects = Objects::open(repo)?.with_packs(graphed);
        let go_on = || wanted.go_on();
        let Some(commits) = Commits::read(&mut tips, &mut objects, &go_on) else { return Ok(None) };
        let (mut trees, packs) = (Trees::default(), objects.packs());
        let mut roots = Vec::new();
        let order = commits.oldest_first();
        for (place, (id, commit)) in order.iter().filter_map(|n| commits.all.get(*n)).enumerate() {
            let in_head = tips.head == Some(*id);
            let used = Use { commits: 1, first: Some(place), in_head, by_ref: None };
            add(&mut roots, &mut trees, (&packs, &tips), commit.tree, used);
        }
        for &(name, tree) in &commits.trees {
            let used = Use { commits: 0, first: None, in_head: false, by_ref: Some(name) };
            add(&mut roots, &mut trees, (&packs, &tips), tree, used);
        }
        let names = |name: &[u8]| wanted.wants_name(name) || others(name);
        if !trees.read(&mut objects, &tips.replaced, &names, &go_on) {
            return Ok(None);
        }
        let mut unread = std::mem::take(&mut tips.unread);
        unread.extend(objects.unread());
        Ok(Some(Self { tips, digest, commits, order, trees, roots, unread }))
    }
}

/// Adds a root tree, and what stands in for it.
fn add(
    roots: &mut Vec<Use>,
    trees: &mut Trees,
    (packs, tips): (&Packs, &Tips),
    tree: Id,
    used: Use,
) {
    let replaced = tips.replaced.get(&tree).into_iter().flatten();
    for tree in std::iter::once(&tree).chain(replaced) {
        match roots.get_mut(trees.number(packs, *tree) as usize) {
            Some(known) => known.join(used),
            None => roots.push(used),
        }
    }
}

/// Whether somebody may ask for files of a name.
type Asked<'a> = dyn Fn(&[u8]) -> bool + Send + Sync + 'a;

/// What the checks of one run share of a history: whichever asks first reads it
/// for all, and the others wait.
pub struct History<'a> {
    graph: Mutex<Option<Arc<Graph>>>,
    asked: Box<Asked<'a>>,
}

impl<'a> History<'a> {
    /// Not read yet. `asked` tells for a name whether somebody may ask for files
    /// of it; who asks for others may have to read again.
    pub fn new(asked: impl Fn(&[u8]) -> bool + Send + Sync + 'a) -> Self {
        Self { graph: Mutex::new(None), asked: Box::new(asked) }
    }

    /// The history as these tips reach it. None when the search was given up.
    pub(super) fn graph(
        &self,
        repo: &Repo,
        tips: Tips,
        digest: Digest,
        wanted: &dyn Wanted,
    ) -> Result<Option<Arc<Graph>>, RepoError> {
        let mut known = self.graph.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(graph) = known.as_ref()
            && graph.digest == digest
            && !graph.trees.lacks(&|name| wanted.wants_name(name))
        {
            return Ok(Some(Arc::clone(graph)));
        }
        let graph = Graph::read(repo, tips, digest, wanted, &self.asked)?.map(Arc::new);
        *known = graph.clone();
        Ok(graph)
    }
}

impl Default for History<'_> {
    /// Of which nobody else asks anything.
    fn default() -> Self {
        Self::new(|_| false)
    }
}
