//! Reads objects, and keeps account of those that are not here.

use std::collections::BTreeSet;
use std::sync::{Arc, Once};

use git2::{ErrorCode, ObjectType, Oid, Repository};

use super::ahead::Ahead;
use super::commit_graph::CommitGraph;
use super::loose::Loose;
use super::object::{Commit, Id};
use super::packs::{Asked, Object, Packs, Place, Readers, Spot, Which};
use super::unread::{Gap, ObjectKind};
use crate::repo::objects::is_partial;
use crate::repo::{Repo, RepoError};

/// The objects of a repository.
pub(super) struct Objects {
    git: Repository,
    loose: Loose,
    packed: Option<Packed>,
    partial: bool,
    unfetched: BTreeSet<Id>,
    gone: BTreeSet<(Id, ObjectKind)>,
}

/// The packs, and what reads many of their objects.
struct Packed {
    packs: Arc<Packs>,
    readers: Readers,
    ahead: Ahead,
    graph: Option<CommitGraph>,
}

impl Objects {
    /// To read single objects.
    pub(super) fn open(repo: &Repo) -> Result<Self, RepoError> {
        believe_names();
        let git = repo.git()?;
        let partial = is_partial(&git);
        let loose = Loose::list(git.commondir());
        let (unfetched, gone) = Default::default();
        Ok(Self { git, loose, packed: None, partial, unfetched, gone })
    }

    /// To read many, the commits from the graph where `graphed` says so.
    pub(super) fn with_packs(self, graphed: bool) -> Self {
        let packs = Arc::new(Packs::list(self.loose.folders()));
        let graph = graphed.then(|| CommitGraph::read(self.git.commondir())).flatten();
        let (readers, ahead) = (Readers::new(), Ahead::default());
        let packed = Packed { packs, readers, ahead, graph };
        Self { packed: Some(packed), ..self }
    }

    /// What an object is, and how many bytes it has. None when it is not here.
    pub(super) fn header(&self, id: Id) -> Option<(ObjectType, usize)> {
        if let Some(loose) = self.loose.header(id) {
            return loose.ok();
        }
        let odb = self.git.odb().ok()?;
        let (size, kind) = odb.read_header(Oid::from_bytes(id.bytes()).ok()?).ok()?;
        Some((kind, size))
    }

    /// Reads a commit. None when it cannot be read or is malformed, which is noted.
    pub(super) fn commit(&mut self, id: Id) -> Option<Commit> {
        if !self.loose.holds(id)
            && let Some(Packed { packs, readers, ahead, graph }) = &mut self.packed
            && let Some(spot) = packs.find(id)
            && let Some(commit) = graph
                .as_ref()
                .and_then(|graph| graph.commit(id))
                .or_else(|| ahead.commit(packs, readers, spot))
        {
            return Some(commit);
        }
        self.read(id, ObjectKind::Commit, Commit::read)
    }

    /// The packs, as far as many objects are to be read.
    pub(super) fn packs(&self) -> Arc<Packs> {
        self.packed.as_ref().map(|packed| Arc::clone(&packed.packs)).unwrap_or_default()
    }

    /// Whether an object is read from that place: not when it is loose as well, or
    /// in a pack that comes before.
    pub(super) fn is_read_from(&self, spot: Spot) -> bool {
        let Some(Packed { packs, .. }) = &self.packed else { return false };
        if spot.pack == 0 && self.loose.is_empty() {
            return true;
        }
        packs.id(spot).is_some_and(|id| packs.find(id) == Some(spot) && !self.loose.holds(id))
    }

    /// Which objects of a pack are read from there; none for all of them.
    pub(super) fn read_from(&self, pack: u32, some: &[u32]) -> Option<Vec<u32>> {
        let Packed { packs, .. } = self.packed.as_ref()?;
        let holds = |id| packs.find(id).is_some_and(|spot| spot.pack == pack);
        if pack == 0 && !self.loose.ids().any(holds) {
            return None;
        }
        let is_own = |nth: &&u32| self.is_read_from(Spot { pack, nth: **nth });
        Some(some.iter().filter(is_own).copied().collect())
    }

    /// Shows the trees of packs that are asked for, in this order. None stands for
    /// one that is something else or not read here. False when `go_on` said so.
    pub(super) fn trees(
        &mut self,
        which: Which<'_>,
        see: &mut dyn FnMut(usize, Place, Option<Object<'_>>) -> bool,
        go_on: &dyn Fn() -> bool,
    ) -> bool {
        let Some(Packed { packs, readers, .. }) = &mut self.packed else { return true };
        let asked = Asked { packs, which, kind: ObjectType::Tree };
        readers.read(&asked, see, go_on)
    }

    /// Notes that an object is not what it should be.
    pub(super) fn damaged(&mut self, id: Id, kind: ObjectKind) {
        self.gone.insert((id, kind));
    }

    /// Shows the bytes of an object that should be of that kind. None when it
    /// cannot be read or is malformed, which is noted.
    pub(super) fn read<T>(
        &mut self,
        id: Id,
        kind: ObjectKind,
        see: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let expected = match kind {
            ObjectKind::Commit => ObjectType::Commit,
            ObjectKind::Tree => ObjectType::Tree,
            ObjectKind::Blob => ObjectType::Blob,
        };
        let unfetched = match self.raw(id, expected, see) {
            Ok(Some(seen)) => return Some(seen),
            Ok(None) => false,
            Err(error) => self.partial && error.code() == ErrorCode::NotFound,
        };
        if unfetched {
            self.unfetched.insert(id);
        } else {
            self.gone.insert((id, kind));
        }
        None
    }

    /// Shows what an annotated tag holds.
    pub(super) fn tag<T>(&self, id: Id, see: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        self.raw(id, ObjectType::Tag, see).ok().flatten()
    }

    /// None for what is damaged or something else.
    fn raw<T>(
        &self,
        id: Id,
        expected: ObjectType,
        see: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, git2::Error> {
        if let Some(loose) = self.loose.read(id) {
            let found = loose.ok().filter(|(kind, _)| *kind == expected);
            return Ok(found.and_then(|(_, content)| see(&content)));
        }
        let odb = self.git.odb()?;
        let object = odb.read(Oid::from_bytes(id.bytes())?)?;
        Ok((object.kind() == expected).then(|| see(object.data())).flatten())
    }

    /// A commit that is not here because the clone is shallow is not damage.
    pub(super) fn excuse(&mut self, id: Id) {
        self.unfetched.remove(&id);
        self.gone.remove(&(id, ObjectKind::Commit));
    }

    /// What could not be read.
    pub(super) fn unread(self) -> impl Iterator<Item = Gap> {
        let objects = self.unfetched.len();
        let partial = (objects > 0).then_some(Gap::Partial { objects });
        let gone = self.gone.into_iter();
        gone.map(|(id, what)| Gap::Object { id: id.to_string(), what }).chain(partial)
    }
}

/// Two switches of libgit2, which hold for the whole process.
///
/// It would compute the SHA-1 of each object that it reads, which takes three
/// quarters of the time. `git` itself does not: bytes that changed on the disk
/// are noticed by their zlib checksum, what a fetch brings is hashed when it
/// comes, and whoever can forge a file in `.git/objects` can as well move the
/// refs. What must not be forged in place, as the ledger, is hashed where it is
/// read ([`crate::repo::is_intact`]).
///
/// And it would keep what it has read, which takes half of the rest of the time,
/// and memory, for objects that are read once each.
fn believe_names() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        git2::opts::strict_hash_verification(false);
        git2::opts::enable_caching(false);
    });
}
