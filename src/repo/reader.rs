//! Reads many files through one buffer and tells text from other data.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// Larger files are not looked into, in bytes.
pub const LARGEST: usize = 8 * 1024 * 1024;

/// A NUL within so many bytes makes a file binary, as git has it (buffer.c of
/// git: `FIRST_FEW_BYTES`).
const SNIFFED: usize = 8000;

/// Buffers of this size are kept between files; larger ones are let go.
const KEPT: usize = 256 * 1024;

/// What a file turned out to hold.
#[derive(Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// Text in UTF-8 without its byte order mark; UTF-16 with a mark was
    /// converted. Bytes that are no UTF-8 may remain.
    Text(&'a [u8]),
    /// No text.
    Binary,
    /// More than [`LARGEST`] bytes of text.
    TooLarge,
}

/// Reads one file after the other, using its memory again.
#[derive(Debug)]
pub struct Reader {
    buffer: Vec<u8>,
    converted: Vec<u8>,
}

impl Reader {
    /// A reader with a buffer that most source files fit in.
    pub fn new() -> Self {
        Self { buffer: vec![0; KEPT / 4], converted: Vec::new() }
    }

    /// Reads a regular file; a symbolic link is refused, and a pipe that took a
    /// file's place does not hold anybody up.
    ///
    /// # Errors
    /// When it cannot be opened or read, or is no regular file any more.
    pub fn read(&mut self, path: &Path) -> io::Result<Content<'_>> {
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
        let bytes = self.buffer.get(..filled).unwrap_or_default();
        if is_binary(bytes) {
            return Ok(Content::Binary);
        }
        match Mark::of(bytes) {
            Mark::None => Ok(Content::Text(bytes)),
            Mark::Utf8 => Ok(Content::Text(bytes.get(3..).unwrap_or_default())),
            Mark::Utf16(order) => {
                self.converted = from_utf16(bytes.get(2..).unwrap_or_default(), order);
                Ok(Content::Text(&self.converted))
            }
        }
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// The text of bytes that were read elsewhere, by the same rules: without its
/// byte order mark, from UTF-16 where a mark says so, bad bytes replaced.
pub fn decoded(bytes: &[u8]) -> String {
    let text = match Mark::of(bytes) {
        Mark::None => bytes.into(),
        Mark::Utf8 => bytes.get(3..).unwrap_or_default().into(),
        Mark::Utf16(order) => {
            std::borrow::Cow::Owned(from_utf16(bytes.get(2..).unwrap_or_default(), order))
        }
    };
    String::from_utf8_lossy(&text).into_owned()
}

/// A byte order mark.
#[derive(Clone, Copy)]
enum Mark {
    None,
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
}

impl Mark {
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            // UTF-32, which nobody writes source in
            [0xff, 0xfe, 0, 0, ..] => Self::None,
            [0xff, 0xfe, ..] => Self::Utf16(u16::from_le_bytes),
            [0xfe, 0xff, ..] => Self::Utf16(u16::from_be_bytes),
            [0xef, 0xbb, 0xbf, ..] => Self::Utf8,
            _ => Self::None,
        }
    }
}

fn is_binary(bytes: &[u8]) -> bool {
    if matches!(Mark::of(bytes), Mark::Utf16(_)) {
        return false;
    }
    let start = bytes.get(..SNIFFED).unwrap_or(bytes);
    memchr::memchr(0, start).is_some()
}

fn from_utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Vec<u8> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let text: String = char::decode_utf16(pairs.iter().map(|pair| order(*pair)))
        .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.into_bytes()
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
        match Reader::new().read(&path).expect("readable") {
            Content::Text(text) => format!("text {}", String::from_utf8_lossy(text)),
            Content::Binary => "binary".to_owned(),
            Content::TooLarge => "too large".to_owned(),
        }
    }

    #[test]
    fn text_and_other_data() {
        let cases: [(&[u8], &str); 11] = [
            (b"", "text "),
            (b"plain", "text plain"),
            (b"\xef\xbb\xbfmarked", "text marked"),
            (b"\xff\xfea\0\xe9\0", "text aé"),
            (b"\xfe\xff\0a\0\xe9", "text aé"),
            (b"\xff\xfea\0x", "text a"),
            (b"\xff\xfe\0\xd8", "text \u{fffd}"),
            (b"\xff\xfe\0\0a\0\0\0", "binary"),
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
        assert!(matches!(reader.read(&long), Ok(Content::Text(text)) if text.len() == KEPT * 3));
        assert_eq!(reader.read(&short).expect("readable"), Content::Text(b"b"));
        assert!(reader.read(&folder.path().join("none")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/etc/hostname", &link).expect("linked");
        assert!(Reader::new().read(&link).is_err());
    }
}
