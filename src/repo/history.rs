//! Searches the whole history for files: everything that any ref reaches.
//!
//! Each object is read once ([`graph`]): the refs from git's own files
//! ([`refs`]), each commit ([`commits`]), each tree ([`trees`]). Only then paths are made, of what
//! may matter ([`paths`]), and contents read. When nothing has moved since the
//! last search for the same, its answer is taken from the user's cache
//! ([`kept`]). Packs are read here, by several threads ([`packs`]);
//! what is loose, or not as expected, by libgit2.

mod ahead;
mod commit_graph;
mod commits;
mod graph;
mod items;
mod kept;
mod loose;
mod names;
mod numbers;
mod object;
mod objects;
mod packs;
mod part;
mod paths;
mod refs;
mod trees;
mod unread;
mod wanted;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use super::{Repo, RepoError};
use crate::model::{CleanText, CommitId, Date, RepoPath};

pub use graph::History;
pub use unread::{Gap, ObjectKind, RefFault};
pub use wanted::{Held, HeldVersion, Holder, Nameless, Searched, TooLarge, Wanted};

use commits::Commits;
use graph::Graph;
use kept::Kept;
use object::Id;
use objects::Objects;
use paths::{Paths, Use, Version};
use refs::Tips;

impl Repo {
    /// Searches everything that any ref, `HEAD` or stash reaches, gonogo's
    /// ledger left out. None when the search was given up on the way.
    ///
    /// What cannot be read is told in [`Searched::unread`], with all that was
    /// found in the rest.
    ///
    /// # Errors
    /// When git cannot open the repository, or the history was made to be
    /// unpacked without end.
    pub fn search_history(
        &self,
        wanted: &dyn Wanted,
        history: &History<'_>,
    ) -> Result<Option<Searched>, RepoError> {
        self.search_history_with(wanted, history, kept::folder().as_deref())
    }

    /// The same with a folder for answers, or without one.
    fn search_history_with(
        &self,
        wanted: &dyn Wanted,
        history: &History<'_>,
        answers: Option<&Path>,
    ) -> Result<Option<Searched>, RepoError> {
        let common = self.git()?.commondir().to_path_buf();
        let tips = Tips::read(&common, &self.git_dir);
        let digest = tips.digest();
        let kept = answers
            .map(|folder| Kept::at(folder, &common, &self.git_dir, &wanted.question(), &digest));
        if let Some(kept) = &kept
            && tips.unread.is_empty()
            && let Some(searched) = kept.load()
        {
            return Ok(Some(searched));
        }
        let Some(graph) = history.graph(self, tips, digest, wanted)? else { return Ok(None) };
        let Some(searched) = search(self, &graph, wanted)? else { return Ok(None) };
        if let Some(kept) = &kept
            && searched.unread.is_empty()
        {
            kept.store(&searched);
        }
        Ok(Some(searched))
    }
}

fn search(repo: &Repo, graph: &Graph, wanted: &dyn Wanted) -> Result<Option<Searched>, RepoError> {
    let mut unread = graph.unread.clone();
    let Some(found) = Paths::find(&graph.trees, &graph.roots, wanted, &mut unread)? else {
        return Ok(None);
    };
    let objects = Objects::open(repo)?;
    let mut judging = Judging { wanted, objects, too_large: BTreeSet::new() };
    let Some(versions) = judging.counting(&found) else { return Ok(None) };
    let nameless = judging.nameless(&graph.commits, &graph.tips);
    let held = versions
        .chunk_by(|a, b| found.paths.get(a.path) == found.paths.get(b.path))
        .filter_map(|versions| told(versions, &found, graph))
        .collect();
    let too_large = judging.too_large.into_iter().collect();
    let unread = summed(unread.into_iter().chain(judging.objects.unread()));
    Ok(Some(Searched { commits: graph.commits.all.len(), held, nameless, too_large, unread }))
}

/// The gaps in order, with one number of the objects that were not fetched.
fn summed(gaps: impl Iterator<Item = Gap>) -> Vec<Gap> {
    let mut unfetched = 0;
    let mut others: BTreeSet<Gap> = gaps
        .filter(|gap| match gap {
            Gap::Partial { objects } => {
                unfetched += objects;
                false
            }
            _ => true,
        })
        .collect();
    if unfetched > 0 {
        others.insert(Gap::Partial { objects: unfetched });
    }
    others.into_iter().collect()
}

/// Reads contents, where they decide.
struct Judging<'a> {
    wanted: &'a dyn Wanted,
    objects: Objects,
    too_large: BTreeSet<TooLarge>,
}

impl Judging<'_> {
    /// The versions that count. None when the search was given up.
    fn counting<'f>(&mut self, found: &'f Paths) -> Option<Vec<&'f Version>> {
        let mut counting = Vec::new();
        for version in &found.versions {
            let Some(path) = found.paths.get(version.path) else { continue };
            let Some(most) = self.wanted.needs(Some(path)) else {
                counting.push(version);
                continue;
            };
            if !self.wanted.go_on() {
                return None;
            }
            match self.judge(version.blob, most, Some(path)) {
                Some(true) => counting.push(version),
                Some(false) => {}
                None => {
                    let (path, blob) = (path.clone(), version.blob.to_string());
                    self.too_large.insert(TooLarge { path, blob });
                }
            }
        }
        Some(counting)
    }

    /// The files that a ref names directly, if they count.
    fn nameless(&mut self, commits: &Commits, tips: &Tips) -> Vec<Nameless> {
        let mut counting = Vec::new();
        for &(number, blob) in &commits.blobs {
            let reference = CleanText::bytes(tip_name(tips, number));
            let counts = match self.wanted.needs(None) {
                None => Some(true),
                Some(most) => self.judge(blob, most, None),
            };
            // one that is too large is named by its ref
            match (counts, RepoPath::new(reference.as_str())) {
                (Some(true), _) => {
                    counting.push(Nameless { reference, blob: blob.to_string() });
                }
                (None, Ok(path)) => {
                    self.too_large.insert(TooLarge { path, blob: blob.to_string() });
                }
                _ => {}
            }
        }
        counting
    }

    /// None when it has more bytes than that.
    fn judge(&mut self, blob: Id, most: usize, path: Option<&RepoPath>) -> Option<bool> {
        if self.objects.header(blob).is_some_and(|(_, size)| size > most) {
            return None;
        }
        let wanted = self.wanted;
        let see = |content: &[u8]| Some(wanted.counts(path, content));
        // one that cannot be read was noted
        Some(self.objects.read(blob, ObjectKind::Blob, see).unwrap_or(false))
    }
}

/// What is told of a file, from those of its versions that count.
fn told(versions: &[&Version], found: &Paths, graph: &Graph) -> Option<Held> {
    let (first, rest) = versions.split_first()?;
    let mut used = first.used;
    for version in rest {
        used.join(version.used);
    }
    let mut by_age = versions.to_vec();
    by_age.sort_by_key(|version| {
        let Use { first, by_ref, .. } = version.used;
        (first.is_none(), first, by_ref, version.blob)
    });
    by_age.dedup_by_key(|version| version.blob);
    let versions = by_age.iter().filter_map(|version| {
        let origin = origin(version.used, graph)?;
        Some(HeldVersion { blob: version.blob.to_string(), origin })
    });
    Some(Held {
        path: found.paths.get(first.path)?.clone(),
        // a tree that names a file twice has it once
        commits: used.commits.min(graph.commits.all.len()),
        versions: versions.collect(),
        in_head: used.in_head,
    })
}

/// What had a content first.
fn origin(used: Use, graph: &Graph) -> Option<Holder> {
    let Graph { commits, order, tips, .. } = graph;
    if let Some(place) = used.first {
        let (id, commit) = commits.all.get(*order.get(place)?)?;
        let moment = Timestamp::from_second(commit.seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        return Some(Holder::Commit { id: commit_name(*id)?, date: Date::of(moment) });
    }
    let (name, object) = tips.named.get(used.by_ref?)?;
    Some(Holder::Ref { name: CleanText::bytes(name), object: object.to_string() })
}

fn tip_name(tips: &Tips, number: usize) -> &[u8] {
    tips.named.get(number).map(|(name, _)| name.as_slice()).unwrap_or_default()
}

fn commit_name(id: Id) -> Option<CommitId> {
    CommitId::try_from(id.to_string()).ok()
}

#[cfg(test)]
mod tests;
