//! From trees to paths: which file was where, in how many commits, and in which
//! one first.
//!
//! The folders are gone through level by level, each tree once for each path at
//! which it stands; what is known of a tree there is handed down to what it
//! holds. So the work does not grow with the commits that share a tree.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

use super::object::Id;
use super::trees::Trees;
use super::unread::Gap;
use super::wanted::Wanted;
use crate::model::{CleanText, RepoPath};
use crate::repo::RepoError;
use crate::repo::names::{joined, path_from_git};

/// No honest history has so many folders or files to look at; one that does
/// was made to be unpacked without end.
const MOST: usize = 1_000_000;

/// Nor do the paths of honest folders take so many bytes.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Deeper than git itself goes (`core.maxTreeDepth`).
const DEEPEST: usize = 2048;

/// So many steps between two questions whether to go on.
const STEP: usize = 16_384;

/// What is known of a tree or a file at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    /// How many commits have it.
    pub(super) commits: usize,
    /// The oldest of them, by its place in their order.
    pub(super) first: Option<usize>,
    /// `HEAD` has it.
    pub(super) in_head: bool,
    /// A ref has it without a commit, by the number of its name.
    pub(super) by_ref: Option<usize>,
}

impl Use {
    /// Joins what is known from two sides.
    pub(super) fn join(&mut self, other: Self) {
        self.commits += other.commits;
        self.first = earlier(self.first, other.first);
        self.in_head |= other.in_head;
        self.by_ref = earlier(self.by_ref, other.by_ref);
    }
}

fn earlier(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    a.into_iter().chain(b).min()
}

/// A wanted file as it once was.
pub(super) struct Version {
    /// The number of its path.
    pub(super) path: usize,
    pub(super) blob: Id,
    pub(super) used: Use,
}

/// The wanted files of a history.
#[derive(Default)]
pub(super) struct Paths {
    pub(super) paths: Vec<RepoPath>,
    /// In order of path and blob.
    pub(super) versions: Vec<Version>,
}

/// A map from two numbers.
type Pairs<T> = HashMap<(u32, u32), T, RandomState>;

impl Paths {
    /// Finds them below these root trees. None when the search was given up.
    pub(super) fn find(
        trees: &Trees,
        roots: &[Use],
        wanted: &dyn Wanted,
        unread: &mut BTreeSet<Gap>,
    ) -> Result<Option<Self>, RepoError> {
        let asked = trees.asked(&|name| wanted.wants_name(name));
        let with_files = trees.with_files(&asked);
        let asks = |name: u32| asked.get(name as usize).copied().unwrap_or(false);
        let matters = |tree: u32| with_files.get(tree as usize).copied().unwrap_or(false);
        let mut places = Places::new(trees, wanted, unread);
        let roots = (0..).zip(roots).filter(|(tree, _)| matters(*tree));
        let mut level: Vec<((u32, u32), Use)> =
            roots.map(|(tree, used)| ((tree, 0), *used)).collect();
        let mut versions: HashMap<(u32, Id), Use, RandomState> = HashMap::default();
        let (mut depth, mut steps) = (0, 0);
        while !level.is_empty() {
            let mut below: Pairs<Use> = HashMap::default();
            for &((tree, place), used) in &level {
                for file in trees.files(tree).filter(|file| asks(file.name)) {
                    if let Some(path) = places.file(place, file.name) {
                        join(versions.entry((path, file.blob)), used);
                    }
                }
                for folder in trees.folders(tree).filter(|folder| matters(folder.tree)) {
                    let place = places.folder(place, folder.name);
                    join(below.entry((folder.tree, place)), used);
                }
                steps += 1;
                if steps % STEP == 0 && !wanted.go_on() {
                    return Ok(None);
                }
                let count = places.count().max(below.len()).max(versions.len());
                if count > MOST || places.bytes > MOST_BYTES || depth > DEEPEST {
                    return Err(endless());
                }
            }
            depth += 1;
            level = below.into_iter().collect();
        }
        Ok(Some(places.sorted(versions)))
    }
}

fn join<K>(entry: std::collections::hash_map::Entry<'_, K, Use>, used: Use) {
    entry.and_modify(|known| known.join(used)).or_insert(used);
}

fn endless() -> RepoError {
    RepoError::Unsupported {
        what: "the history holds more than 1,000,000 folders or files to look at".into(),
        next: "look for a commit that was made to exhaust its readers, or ask for fewer files"
            .into(),
    }
}

/// The folders and files by number; a number stands for a path, whatever was
/// there at which time.
struct Places<'a> {
    trees: &'a Trees,
    wanted: &'a dyn Wanted,
    unread: &'a mut BTreeSet<Gap>,
    /// The paths of the folders; the first is the root.
    folders: Vec<Vec<u8>>,
    /// How long they are together.
    bytes: usize,
    known_folders: Pairs<u32>,
    known_files: Pairs<Option<u32>>,
    paths: Vec<RepoPath>,
}

impl<'a> Places<'a> {
    fn new(trees: &'a Trees, wanted: &'a dyn Wanted, unread: &'a mut BTreeSet<Gap>) -> Self {
        Self {
            trees,
            wanted,
            unread,
            folders: vec![Vec::new()],
            bytes: 0,
            known_folders: HashMap::default(),
            known_files: HashMap::default(),
            paths: Vec::new(),
        }
    }

    fn count(&self) -> usize {
        self.folders.len().max(self.known_files.len())
    }

    fn folder(&mut self, parent: u32, name: u32) -> u32 {
        if self.bytes > MOST_BYTES {
            // the search ends after this tree
            return parent;
        }
        let (trees, folders, bytes) = (self.trees, &mut self.folders, &mut self.bytes);
        *self.known_folders.entry((parent, name)).or_insert_with(|| {
            let parent = folders.get(parent as usize).map(Vec::as_slice).unwrap_or_default();
            let path = joined(parent, trees.name(name));
            *bytes += path.len();
            folders.push(path);
            u32::try_from(folders.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// The number of a file's path, if it is wanted.
    fn file(&mut self, folder: u32, name: u32) -> Option<u32> {
        if let Some(known) = self.known_files.get(&(folder, name)) {
            return *known;
        }
        let parent = self.folders.get(folder as usize).map(Vec::as_slice).unwrap_or_default();
        let bytes = joined(parent, self.trees.name(name));
        let number = match path_from_git(&bytes) {
            Some(path) if self.wanted.wants(&path) => {
                self.paths.push(path);
                u32::try_from(self.paths.len() - 1).ok()
            }
            Some(_) => None,
            None => {
                self.unread.insert(Gap::Path(CleanText::bytes(&bytes)));
                None
            }
        };
        self.known_files.insert((folder, name), number);
        number
    }

    fn sorted(self, versions: HashMap<(u32, Id), Use, RandomState>) -> Paths {
        let mut versions: Vec<Version> = versions
            .into_iter()
            .map(|((path, blob), used)| Version { path: path as usize, blob, used })
            .collect();
        let paths = self.paths;
        versions.sort_by(|a, b| {
            let by_path = paths.get(a.path).cmp(&paths.get(b.path));
            by_path.then_with(|| a.blob.cmp(&b.blob))
        });
        Paths { paths, versions }
    }
}
