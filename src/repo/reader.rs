//! Reads many files through one buffer and tells text from other data.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use git2::{ObjectType, Oid, Repository};

use super::{RepoError, encoding, objects};

/// Larger files are not looked into, in bytes.
pub const LARGEST: usize = 8 * 1024 * 1024;

/// A NUL within so many bytes makes a file binary, as git has it (buffer.c of
/// git: `FIRST_FEW_BYTES`).
const SNIFFED: usize = 8000;

/// Larger objects of git's are not even read to tell text from other data.
const MOST_OF_A_BLOB: usize = 64 * 1024 * 1024;

/// Buffers of this size are kept between files; larger ones are let go.
const KEPT: usize = 256 * 1024;

/// What a file turned out to hold.
#[derive(Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// Text in UTF-8 without its byte order mark; UTF-16 and UTF-32 were
    /// converted. Bytes that are no UTF-8 may remain.
    Text(&'a [u8]),
    /// No text.
    Binary,
    /// More than [`LARGEST`] bytes of text.
    TooLarge,
}

/// Where a file's content is: on disk, among git's objects, or in memory.
#[derive(Clone, Copy)]
pub struct Source<'a>(Place<'a>);

#[derive(Clone, Copy)]
enum Place<'a> {
    Disk(&'a Path),
    Blob(&'a Repository, Oid),
    Memory(&'a [u8]),
}

impl<'a> Source<'a> {
    /// A file on disk, by its absolute path.
    pub fn disk(path: &'a Path) -> Self {
        Self(Place::Disk(path))
    }

    pub(super) fn blob(git: &'a Repository, oid: Oid) -> Self {
        Self(Place::Blob(git, oid))
    }

    /// Bytes at hand.
    pub fn memory(bytes: &'a [u8]) -> Self {
        Self(Place::Memory(bytes))
    }

    /// The name that git gives a blob of this content, filters aside; none when
    /// it cannot be read.
    pub fn id(&self) -> Option<String> {
        let id = match self.0 {
            Place::Blob(_, oid) => Ok(oid),
            Place::Memory(bytes) => Oid::hash_object(ObjectType::Blob, bytes),
            Place::Disk(path) => Oid::hash_file(ObjectType::Blob, path),
        };
        id.ok().map(|id| id.to_string())
    }

    /// All of it, or nothing when it has more bytes than that.
    ///
    /// # Errors
    /// When it cannot be read, or the object is not there, as in a partial clone.
    pub(super) fn content(&self, most: usize) -> Result<Option<Vec<u8>>, RepoError> {
        match self.0 {
            Place::Blob(git, oid) => objects::content(git, oid, most),
            Place::Memory(bytes) => Ok((bytes.len() <= most).then(|| bytes.to_vec())),
            Place::Disk(path) => {
                let failed = RepoError::file("read", path);
                let mut content = Vec::new();
                let read = open(path).and_then(|file| {
                    file.take((most as u64).saturating_add(1)).read_to_end(&mut content)
                });
                let read = read.map_err(failed)?;
                Ok((read <= most).then_some(content))
            }
        }
    }
}

impl std::fmt::Debug for Source<'_> {
    /// Without the content, which may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Place::Disk(path) => f.debug_tuple("Disk").field(&path).finish(),
            Place::Blob(_, oid) => f.debug_tuple("Blob").field(&oid).finish(),
            Place::Memory(bytes) => f.debug_tuple("Memory").field(&bytes.len()).finish(),
        }
    }
}

/// Reads one file after the other, using its memory again.
#[derive(Debug)]
pub struct Reader {
    buffer: Vec<u8>,
    /// An object of git's, which comes as memory of its own.
    object: Vec<u8>,
    converted: Vec<u8>,
}

impl Reader {
    /// A reader with a buffer that most source files fit in.
    pub fn new() -> Self {
        Self { buffer: vec![0; KEPT / 4], object: Vec::new(), converted: Vec::new() }
    }

    /// Reads a file. On disk, a symbolic link is refused, and a pipe that took a
    /// file's place does not hold anybody up.
    ///
    /// # Errors
    /// When it cannot be opened or read, or is not a regular file any more; of the
    /// kind [`io::ErrorKind::NotFound`] only when it is gone from the disk. A
    /// missing object of git's is another error, whose source is a [`RepoError`].
    pub fn read<'a>(&'a mut self, source: &Source<'a>) -> io::Result<Content<'a>> {
        match source.0 {
            Place::Disk(path) => self.file(path),
            Place::Memory(bytes) => Ok(judged(bytes, &mut self.converted)),
            Place::Blob(git, oid) => match objects::content(git, oid, MOST_OF_A_BLOB) {
                Ok(Some(bytes)) => {
                    self.object = bytes;
                    Ok(judged(&self.object, &mut self.converted))
                }
                Ok(None) => Ok(Content::TooLarge),
                Err(error) => Err(io::Error::other(error)),
            },
        }
    }

    fn file(&mut self, path: &Path) -> io::Result<Content<'_>> {
        if self.buffer.len() > KEPT {
            self.buffer.truncate(KEPT);
            self.buffer.shrink_to_fit();
        }
        self.converted = Vec::new();
        let mut file = open(path)?;
        let mut filled = 0;
        loop {
            if filled == self.buffer.len() {
                if filled > LARGEST {
                    return Ok(Content::TooLarge);
                }
                self.buffer.resize((filled * 2).min(LARGEST + 1), 0);
            }
            let Some(free) = self.buffer.get_mut(filled..) else { break };
            let first = filled == 0;
            match file.read(free) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            if first && is_binary(self.buffer.get(..filled).unwrap_or_default()) {
                return Ok(Content::Binary);
            }
        }
        Ok(judged(self.buffer.get(..filled).unwrap_or_default(), &mut self.converted))
    }
}

/// What bytes that were read in full turn out to hold.
fn judged<'a>(bytes: &'a [u8], converted: &'a mut Vec<u8>) -> Content<'a> {
    if is_binary(bytes) {
        return Content::Binary;
    }
    if bytes.len() > LARGEST {
        return Content::TooLarge;
    }
    match decode(bytes) {
        Cow::Borrowed(text) => Content::Text(text),
        Cow::Owned(text) => {
            *converted = text;
            Content::Text(converted)
        }
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// The text of bytes that were read elsewhere, by the same rules: without its
/// byte order mark, from UTF-16 and UTF-32, bad bytes replaced.
pub fn decoded(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&decode(bytes)).into_owned()
}

fn is_binary(bytes: &[u8]) -> bool {
    let start = bytes.get(..SNIFFED).unwrap_or(bytes);
    encoding::of(start).is_none() && memchr::memchr(0, start).is_some()
}

/// The bytes as UTF-8 without its byte order mark.
fn decode(bytes: &[u8]) -> Cow<'_, [u8]> {
    let start = bytes.get(..SNIFFED).unwrap_or(bytes);
    match encoding::of(start) {
        Some(wide) => Cow::Owned(wide.decode(bytes)),
        None => Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    }
}

#[cfg(unix)]
pub(super) fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).expect("written");
        match Reader::new().read(&Source::disk(&path)).expect("readable") {
            Content::Text(text) => format!("text {}", String::from_utf8_lossy(text)),
            Content::Binary => "binary".to_owned(),
            Content::TooLarge => "too large".to_owned(),
        }
    }

    #[test]
    fn text_and_other_data() {
        let cases: [(&[u8], &str); 17] = [
            (b"", "text "),
            (b"plain", "text plain"),
            (b"\xef\xbb\xbfmarked", "text marked"),
            (b"\xff\xfea\0\xe9\0", "text aé"),
            (b"\xfe\xff\0a\0\xe9", "text aé"),
            (b"\xff\xfea\0x", "text a"),
            (b"\xff\xfe\0\xd8", "text \u{fffd}"),
            (b"\xff\xfe\0\0a\0\0\0", "text a"),
            (b"\0\0\xfe\xff\0\0\0a", "text a"),
            (b"a\0b\0 \0\xe9\0", "text ab é"),
            (b"\0a\0b\0 \0c\0d", "text ab cd"),
            (b"a\0\0\0b\0\0\0c\0\0\0d\0\0\0", "text abcd"),
            (b"\x01\0\0\0\x02\0\0\0\x03\0\0\0", "binary"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", "binary"),
            (b"a\0b", "binary"),
            (b"caf\xe9!", "text caf\u{fffd}!"),
            (b"\xff\xfe", "text "),
        ];
        for (bytes, expected) in cases {
            assert_eq!(read(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn size_ends_at_the_limit() {
        assert_eq!(read(&vec![b'a'; LARGEST]).len(), "text ".len() + LARGEST);
        assert_eq!(read(&vec![b'a'; LARGEST + 1]), "too large");
        let mut binary = vec![b'a'; LARGEST + 1];
        binary[100] = 0;
        assert_eq!(read(&binary), "binary");
    }

    #[test]
    fn a_reader_forgets_the_file_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let (long, short) = (folder.path().join("long"), folder.path().join("short"));
        std::fs::write(&long, vec![b'a'; KEPT * 3]).expect("written");
        std::fs::write(&short, "b").expect("written");
        let mut reader = Reader::new();
        assert!(
            matches!(reader.read(&Source::disk(&long)), Ok(Content::Text(text)) if text.len() == KEPT * 3)
        );
        assert_eq!(reader.read(&Source::disk(&short)).expect("readable"), Content::Text(b"b"));
        assert!(reader.read(&Source::disk(&folder.path().join("none"))).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/etc/hostname", &link).expect("linked");
        assert!(Reader::new().read(&Source::disk(&link)).is_err());
    }
}
