//! Commits as git's commit graph tells them (gitformat-commit-graph(5)), which
//! spares unpacking each.
//!
//! Its checksum was compared when the repository was opened
//! ([`crate::repo::intact`]), and what a commit says never changes. git does not
//! use it beside grafts, replacements and shallow clones, and so it is here. A
//! commit that it tells must still be there: what is lost is noticed.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use super::object::{Commit, Id};
use crate::repo::reader;

/// A longer one is not used, in bytes.
const LONGEST: u64 = 256 * 1024 * 1024;

/// For each commit its tree, two parents, its generation and time.
const RECORD: usize = 36;

/// In place of a parent.
const NONE: u32 = 0x7000_0000;

/// The other parents of a merge of many are in a list; also the end of one.
const LISTED: u32 = 0x8000_0000;

/// The graph as it is on disk, and where its parts begin.
pub(super) struct CommitGraph {
    bytes: Vec<u8>,
    counts: usize,
    names: usize,
    records: usize,
    merges: Option<usize>,
    commits: usize,
}

impl CommitGraph {
    /// None when there is none, or nothing that is understood here.
    pub(super) fn read(common: &Path) -> Option<Self> {
        if fs::symlink_metadata(common.join("info/grafts")).is_ok() {
            return None;
        }
        let file = reader::open(&common.join("objects/info/commit-graph")).ok()?;
        let meta = file.metadata().ok()?;
        if !meta.is_file() || meta.len() > LONGEST {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).ok()?);
        file.take(LONGEST).read_to_end(&mut bytes).ok()?;
        Self::of(bytes)
    }

    fn of(bytes: Vec<u8>) -> Option<Self> {
        // version 1, SHA-1, and no other graph below it
        let [b'C', b'G', b'P', b'H', 1, 1, parts, 0, ..] = *bytes.as_slice() else { return None };
        let part = |name: &[u8; 4]| {
            let parts = (0..usize::from(parts)).map(|nth| 8 + nth * 12);
            let at = parts.into_iter().find(|&at| bytes.get(at..at + 4) == Some(name))?;
            let [begin, end] = [at + 4, at + 16].map(|at| {
                let offset: [u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
                usize::try_from(u64::from_be_bytes(offset)).ok()
            });
            let (begin, end) = (begin?, end?);
            bytes.get(begin..end).map(|part| (begin, part.len()))
        };
        let (counts, length) = part(b"OIDF")?;
        let commits = number(&bytes, counts + 255 * 4)? as usize;
        let (names, names_length) = part(b"OIDL")?;
        let (records, records_length) = part(b"CDAT")?;
        let merges = part(b"EDGE").map(|(begin, _)| begin);
        let fits = length == 1024
            && names_length == commits.checked_mul(20)?
            && records_length == commits.checked_mul(RECORD)?;
        fits.then_some(Self { counts, names, records, merges, commits, bytes })
    }

    /// What a commit says. None when it is not in the graph.
    pub(super) fn commit(&self, id: Id) -> Option<Commit> {
        let first = usize::from(*id.bytes().first()?);
        let mut from = match first {
            0 => 0,
            _ => number(&self.bytes, self.counts + (first - 1) * 4)? as usize,
        };
        let mut to = number(&self.bytes, self.counts + first * 4)? as usize;
        while from < to {
            let middle = from + (to - from) / 2;
            match self.name(middle)?.cmp(id.bytes()) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => return self.record(middle),
            }
        }
        None
    }

    fn record(&self, nth: usize) -> Option<Commit> {
        let begin = self.records + nth * RECORD;
        let record = self.bytes.get(begin..begin + RECORD)?;
        let tree = Id::raw(record.get(..20)?)?;
        let mut parents = Vec::new();
        let (first, second) = (number(record, 20)?, number(record, 24)?);
        if first != NONE {
            parents.push(self.id(first)?);
        }
        if second & LISTED != 0 {
            let mut at = self.merges? + (second ^ LISTED) as usize * 4;
            loop {
                let parent = number(&self.bytes, at)?;
                parents.push(self.id(parent & !LISTED)?);
                if parent & LISTED != 0 {
                    break;
                }
                at += 4;
            }
        } else if second != NONE {
            parents.push(self.id(second)?);
        }
        // 30 bits are the generation; a time of no sense is read from the commit
        let seconds = i64::from(number(record, 28)? & 3) << 32 | i64::from(number(record, 32)?);
        (seconds > 0).then_some(Commit { tree, parents, seconds })
    }

    fn id(&self, nth: u32) -> Option<Id> {
        Id::raw(self.name(nth as usize)?)
    }

    fn name(&self, nth: usize) -> Option<&[u8]> {
        let begin = self.names + nth * 20;
        self.bytes.get(begin..begin + 20).filter(|_| nth < self.commits)
    }
}

/// A number of four bytes.
fn number(bytes: &[u8], from: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(from..from + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::Sandbox;

    #[test]
    fn it_tells_what_the_commits_say() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1").commit("first");
        for branch in ["b", "c", "d"] {
            sandbox.git(&["checkout", "-q", "-b", branch, "main"]);
            sandbox.write(branch, branch).commit(branch);
        }
        sandbox.git(&["checkout", "-q", "main"]);
        sandbox.git(&["merge", "-q", "--no-ff", "-m", "two", "b"]);
        sandbox.git(&["merge", "-q", "-m", "many", "c", "d"]);
        let common = sandbox.path().join(".git");
        assert!(CommitGraph::read(&common).is_none());
        sandbox.git(&["commit-graph", "write", "--reachable"]);
        let graph = CommitGraph::read(&common).expect("a graph");
        let all = sandbox.git(&["rev-list", "--all"]);
        assert_eq!(all.lines().count(), 6);
        let git = sandbox.repo().git().expect("a repository");
        let odb = git.odb().expect("objects");
        for id in all.lines() {
            let object = odb.read(id.parse().expect("a name")).expect("whole");
            let id = Id::hex(id.as_bytes()).expect("a name");
            assert_eq!(graph.commit(id), Commit::read(object.data()), "{id}");
        }
        assert_eq!(graph.commit(Id::raw(&[7; 20]).expect("20 bytes")), None);
        // cut anywhere it tells the same or nothing
        let whole = graph.bytes.clone();
        let ids: Vec<Id> = all.lines().filter_map(|id| Id::hex(id.as_bytes())).collect();
        for cut in 0..whole.len() {
            let Some(part) = CommitGraph::of(whole[..cut].to_vec()) else { continue };
            for id in &ids {
                let told = part.commit(*id);
                assert!(told.is_none() || told == graph.commit(*id), "{cut}");
            }
        }
        fs::write(common.join("info/grafts"), "").expect("written");
        assert!(CommitGraph::read(&common).is_none());
    }
}
