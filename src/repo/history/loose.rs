//! Reads objects that lie in files of their own.
//!
//! libgit2 1.9 never comes back from a file that was cut short, as a machine
//! that loses power leaves it: so it is not asked for these.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;
use foldhash::fast::RandomState;
use git2::ObjectType;

use super::object::Id;
use crate::repo::reader;

/// A larger object is taken for damaged, in bytes.
const LARGEST: usize = 1 << 30;

/// The longest header is that of a commit with 20 digits.
const LONGEST: u64 = 32;

/// Alternates may have alternates, as deep as git follows them.
const DEEPEST: usize = 5;

/// The loose objects of a repository as they were listed; later ones are whole,
/// since git renames them into place.
#[derive(Default)]
pub(super) struct Loose {
    folders: Vec<PathBuf>,
    /// In which folder an object lies.
    files: HashMap<Id, usize, RandomState>,
}

impl Loose {
    /// Lists them, those of alternates included.
    pub(super) fn list(common: &Path) -> Self {
        let mut loose = Self::default();
        loose.folder(common.join("objects"), 0);
        loose
    }

    fn folder(&mut self, folder: PathBuf, depth: usize) {
        let Ok(entries) = fs::read_dir(&folder) else { return };
        if depth > DEEPEST || self.folders.contains(&folder) {
            return;
        }
        let number = self.folders.len();
        self.folders.push(folder.clone());
        for entry in entries.flatten() {
            let part = entry.file_name();
            let part = part.as_encoded_bytes();
            // `pack` and `info` are not digits
            if part.len() != 2 || !part.iter().all(u8::is_ascii_hexdigit) {
                continue;
            }
            for file in fs::read_dir(entry.path()).into_iter().flatten().flatten() {
                if let Some(id) = Id::hex(&[part, file.file_name().as_encoded_bytes()].concat()) {
                    self.files.entry(id).or_insert(number);
                }
            }
        }
        let alternates = fs::read(folder.join("info/alternates")).unwrap_or_default();
        for line in alternates.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii) {
            if let Ok(line) = std::str::from_utf8(line)
                && !line.is_empty()
                && !line.starts_with('#')
            {
                self.folder(folder.join(line), depth + 1);
            }
        }
    }

    /// The folders of objects, those of alternates included.
    pub(super) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Their names.
    pub(super) fn ids(&self) -> impl Iterator<Item = Id> {
        self.files.keys().copied()
    }

    /// Whether an object was listed.
    pub(super) fn holds(&self, id: Id) -> bool {
        self.files.contains_key(&id)
    }

    /// What an object is, and how many bytes it has. None unless it is loose.
    pub(super) fn header(&self, id: Id) -> Option<io::Result<(ObjectType, usize)>> {
        Some(open(&self.path(id)?).map(|(kind, size, _)| (kind, size)))
    }

    /// What an object is, and its bytes. None unless it is loose.
    pub(super) fn read(&self, id: Id) -> Option<io::Result<(ObjectType, Vec<u8>)>> {
        let path = self.path(id)?;
        Some(open(&path).and_then(|(kind, size, rest)| {
            let mut content = Vec::new();
            rest.take(LARGEST as u64).read_to_end(&mut content)?;
            if content.len() == size { Ok((kind, content)) } else { Err(damaged()) }
        }))
    }

    /// Where it lies, unless git has packed it since.
    fn path(&self, id: Id) -> Option<PathBuf> {
        let folder = self.folders.get(*self.files.get(&id)?)?;
        let name = id.to_string();
        let path = folder.join(name.get(..2)?).join(name.get(2..)?);
        path.symlink_metadata().is_ok().then_some(path)
    }
}

type Opened = (ObjectType, usize, Box<dyn Read>);

/// Reads the header: `blob 17` and a zero.
fn open(path: &Path) -> io::Result<Opened> {
    let mut content = BufReader::new(ZlibDecoder::new(reader::open(path)?));
    let mut header = Vec::new();
    content.by_ref().take(LONGEST).read_until(0, &mut header)?;
    let (kind, size) = parsed(&header).ok_or_else(damaged)?;
    Ok((kind, size, Box::new(content)))
}

fn parsed(header: &[u8]) -> Option<(ObjectType, usize)> {
    let text = std::str::from_utf8(header.strip_suffix(b"\0")?).ok()?;
    let (kind, size) = text.split_once(' ')?;
    let kind = match kind {
        "commit" => ObjectType::Commit,
        "tree" => ObjectType::Tree,
        "blob" => ObjectType::Blob,
        "tag" => ObjectType::Tag,
        _ => return None,
    };
    Some((kind, size.parse().ok()?))
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the object is damaged")
}
