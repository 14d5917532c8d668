//! Whether git's indexes of its objects are whole.
//!
//! libgit2 maps them into memory and believes them: a flipped bit in the index of a
//! pack leads it out of the map, and ends the process; one in the commit graph makes
//! it believe other parents. So they are looked at before it opens them: form, places
//! and checksum of each, once for as long as the folder stays as it is.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use sha1::{Digest as _, Sha1};

use super::error::shown;
use super::files::is_missing;
use super::{RepoError, reader};
use crate::model::CleanText;

/// Of a longer index of a pack the places are looked at, not the checksum, which
/// would take longer than the checks do, in bytes.
const LONGEST_SUMMED: u64 = 64 * 1024 * 1024;

/// Alternates may have alternates, as deep as git follows them.
const DEEPEST: usize = 5;

/// What a digest takes.
const SUM: u64 = 20;

const PACK: &str = "remove it and make it again with `git index-pack` and the name of its pack; when the pack is damaged too, use another clone";
const MANY: &str =
    "remove it, git does without, and make it again with `git multi-pack-index write`";
const GRAPH: &str = "remove it, git does without, and make it again with `git commit-graph write`";

/// Which folders of objects were found whole, as they were then.
static WHOLE: LazyLock<Mutex<HashMap<PathBuf, Whole>>> = LazyLock::new(Mutex::default);

#[derive(Clone)]
struct Whole {
    stamps: [Option<Stamp>; 4],
    alternates: Vec<PathBuf>,
}

/// By what a change shows: when, how long, which file.
type Stamp = (i64, i64, u64, u64);

/// Refuses a repository whose indexes are damaged, those of alternates included.
///
/// # Errors
/// [`RepoError::Damaged`], and when one cannot be read.
pub(super) fn check(common: &Path) -> Result<(), RepoError> {
    folder(&common.join("objects"), 0)
}

fn folder(objects: &Path, depth: usize) -> Result<(), RepoError> {
    let alternates = objects.join("info/alternates");
    let graph = objects.join("info/commit-graph");
    let packs = objects.join("pack");
    let many = packs.join("multi-pack-index");
    let stamps = [&packs, &many, &graph, &alternates].map(|path| stamp(path));
    let whole = || WHOLE.lock().unwrap_or_else(PoisonError::into_inner);
    let known = whole().get(objects).filter(|known| known.stamps == stamps).cloned();
    let known = match known {
        Some(known) => known,
        None => {
            for index in listed(&packs)? {
                tell(pack(&index), &index, PACK)?;
            }
            tell(summed(&many, b"MIDX"), &many, MANY)?;
            tell(summed(&graph, b"CGPH"), &graph, GRAPH)?;
            let alternates = named(objects, &alternates);
            let known = Whole { stamps, alternates };
            whole().insert(objects.to_owned(), known.clone());
            known
        }
    };
    // git takes no further ones
    if depth < DEEPEST {
        for other in &known.alternates {
            folder(other, depth + 1)?;
        }
    }
    Ok(())
}

fn stamp(path: &Path) -> Option<Stamp> {
    let meta = path.metadata().ok()?;
    Some((meta.mtime(), meta.mtime_nsec(), meta.len(), meta.ino()))
}

/// The folders of objects that a file of alternates names.
fn named(objects: &Path, file: &Path) -> Vec<PathBuf> {
    let text = fs::read(file).unwrap_or_default();
    let lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    lines.filter_map(|line| Some(objects.join(std::str::from_utf8(line).ok()?))).collect()
}

/// The indexes of packs in a folder.
fn listed(packs: &Path) -> Result<Vec<PathBuf>, RepoError> {
    let entries = match fs::read_dir(packs) {
        Ok(entries) => entries,
        Err(error) if is_missing(&error) => return Ok(Vec::new()),
        Err(error) => return Err(RepoError::file("list", packs)(error)),
    };
    let files = entries.filter_map(Result::ok).map(|entry| entry.path());
    Ok(files.filter(|path| path.extension().is_some_and(|ending| ending == "idx")).collect())
}

/// What was wrong with a file, as an error of the repository.
fn tell(looked: Result<(), Wrong>, path: &Path, next: &str) -> Result<(), RepoError> {
    match looked {
        // git may have replaced it since it was listed
        Err(Wrong::Io(error)) if is_missing(&error) => Ok(()),
        Err(Wrong::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
            Err(RepoError::file("read", path)(error))
        }
        Err(wrong) => Err(RepoError::Damaged {
            what: CleanText::line(format!(
                "git's file `{}` is damaged: {}",
                shown(path),
                match wrong {
                    Wrong::Form(what) => what,
                    Wrong::Io(_) => "it ends too early",
                }
            )),
            next: CleanText::line(next),
        }),
        Ok(()) => Ok(()),
    }
}

/// What is wrong with a file.
enum Wrong {
    Form(&'static str),
    Io(io::Error),
}

impl From<io::Error> for Wrong {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn unless(holds: bool, what: &'static str) -> Result<(), Wrong> {
    if holds { Ok(()) } else { Err(Wrong::Form(what)) }
}

/// Looks at a file that ends in the digest of the rest.
fn summed(path: &Path, magic: &[u8; 4]) -> Result<(), Wrong> {
    let file = reader::open(path)?;
    let length = file.metadata()?.len();
    unless(length >= 12 + SUM, "it is too short")?;
    let mut content = Summed::new(file, length, true);
    let mut begin = [0; 4];
    content.read_exact(&mut begin)?;
    unless(begin == *magic, "it does not begin as one")?;
    content.pass(length - 4 - SUM)?;
    content.ends_in_its_sum()
}

/// Looks at the index of a pack (gitformat-pack(5)), and at the ends of the pack.
fn pack(index: &Path) -> Result<(), Wrong> {
    let pack = reader::open(&index.with_extension("pack"))?;
    let (pack_objects, pack_length, pack_sum) = ends(pack)?;
    let file = reader::open(index)?;
    let length = file.metadata()?.len();
    let mut content = Summed::new(file, length, length <= LONGEST_SUMMED);
    let mut first = [0; 4];
    content.read_exact(&mut first)?;
    let second = first == *b"\xfftOc";
    if second {
        unless(content.number()? == 2, "its version is not known")?;
        content.read_exact(&mut first)?;
    }
    let mut objects = u32::from_be_bytes(first);
    for _ in 1..256 {
        let next = content.number()?;
        unless(next >= objects, "its counts go down")?;
        objects = next;
    }
    unless(objects == pack_objects, "it counts other objects than its pack")?;
    let objects = u64::from(objects);
    let within = |offset: u64| (12..pack_length.saturating_sub(SUM)).contains(&offset);
    let (head, each) = if second { (8 + 1024, 28) } else { (1024, 24) };
    let least = head + objects * each + 2 * SUM;
    let far = length.checked_sub(least).filter(|far| far % 8 == 0 && (second || *far == 0));
    let far = far.ok_or(Wrong::Form("its length is not that of its objects"))? / 8;
    if second {
        // names and checksums
        content.pass(objects * 24)?;
    }
    for _ in 0..objects {
        let offset = content.number()?;
        let is_far = second && offset & (1 << 31) != 0;
        let place = u64::from(offset & !(1 << 31));
        let holds = if is_far { place < far } else { within(u64::from(offset)) };
        unless(holds, "an object lies outside of its pack")?;
        if !second {
            content.pass(SUM)?;
        }
    }
    for _ in 0..far {
        let offset = u64::from(content.number()?) << 32 | u64::from(content.number()?);
        unless(within(offset), "an object lies outside of its pack")?;
    }
    let mut sum = [0; SUM as usize];
    content.read_exact(&mut sum)?;
    unless(sum == pack_sum, "it belongs to another pack, or its pack was cut short")?;
    content.ends_in_its_sum()
}

/// How many objects a pack counts, how long it is, and the digest at its end.
fn ends(mut pack: File) -> Result<(u32, u64, [u8; SUM as usize]), Wrong> {
    let length = pack.metadata()?.len();
    let mut head = [0; 12];
    pack.read_exact(&mut head)?;
    let [a, b, c, d, 0, 0, 0, 2 | 3, count @ ..] = head else {
        return Err(Wrong::Form("its pack does not begin as one"));
    };
    unless([a, b, c, d] == *b"PACK" && length >= 12 + SUM, "its pack does not begin as one")?;
    let mut sum = [0; SUM as usize];
    pack.seek(SeekFrom::End(-(SUM as i64)))?;
    pack.read_exact(&mut sum)?;
    Ok((u32::from_be_bytes(count), length, sum))
}

/// A file that is read from its beginning to its end, with the digest of what was
/// read, where that is wanted.
struct Summed {
    file: File,
    sum: Option<Sha1>,
    /// So much is still to be read of what its digest is about.
    left: usize,
    buffer: Vec<u8>,
    at: usize,
}

impl Summed {
    const STEP: u64 = 64 * 1024;

    fn new(file: File, length: u64, summed: bool) -> Self {
        let left = usize::try_from(length.saturating_sub(SUM)).unwrap_or(usize::MAX);
        Self { file, sum: summed.then(Sha1::new), left, buffer: Vec::new(), at: 0 }
    }

    fn number(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.read_exact(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn read_exact(&mut self, into: &mut [u8]) -> io::Result<()> {
        let mut into = into;
        while !into.is_empty() {
            let bytes = self.some()?;
            let taken = bytes.len().min(into.len());
            let (now, later) = into.split_at_mut(taken);
            now.copy_from_slice(bytes.get(..taken).unwrap_or_default());
            self.at += taken;
            into = later;
        }
        Ok(())
    }

    /// Goes on past so many bytes.
    fn pass(&mut self, mut count: u64) -> io::Result<()> {
        while count > 0 {
            let there = (self.buffer.len() - self.at) as u64;
            if self.sum.is_none() && there == 0 {
                self.file.seek_relative(i64::try_from(count).map_err(io::Error::other)?)?;
                return Ok(());
            }
            #[allow(clippy::cast_possible_truncation, reason = "not more than the buffer holds")]
            let taken = (self.some()?.len() as u64).min(count) as usize;
            self.at += taken;
            count -= taken as u64;
        }
        Ok(())
    }

    /// What was read and not taken yet.
    fn some(&mut self) -> io::Result<&[u8]> {
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
            (&mut self.file).take(Self::STEP).read_to_end(&mut self.buffer)?;
            if self.buffer.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let about = self.left.min(self.buffer.len());
            if let Some(sum) = &mut self.sum {
                sum.update(self.buffer.get(..about).unwrap_or_default());
            }
            self.left -= about;
        }
        Ok(self.buffer.get(self.at..).unwrap_or_default())
    }

    /// What follows is the digest of all before, and the end.
    fn ends_in_its_sum(mut self) -> Result<(), Wrong> {
        let sum = self.sum.take().map(|sum| sum.finalize());
        let mut told = [0; SUM as usize];
        self.read_exact(&mut told)?;
        let same = sum.is_none_or(|sum| sum.as_slice() == told.as_slice());
        unless(same, "its content is not what its checksum says")?;
        unless(self.some().is_err(), "something follows its end")
    }
}

#[cfg(test)]
mod tests;
