//! One file on disk against a blob, as git would have it after its own
//! conversions. No filter program is run.

use std::io;

use git2::{AttrCheckFlags, AttrValue, ObjectType, Oid, Repository};
use sha2::{Digest as _, Sha256};

use super::attributes::{Own, OwnAttributes};
use super::lines::Value;

use crate::model::{CleanText, RepoPath};
use crate::repo::{Repo, RepoError, objects, reader};

/// What git converts is no larger, in bytes.
const MOST_CONVERTED: u64 = 256 * 1024 * 1024;

/// How a file compares with a blob.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// It is what the blob becomes in a work tree.
    Same,
    /// It is something else.
    Differs,
    /// A program stands between them, by its name in the attributes.
    Filtered(CleanText),
    /// It is something else, which attributes that git does not track may hide.
    Hidden(OwnAttributes),
}

/// Whether bytes are a blob's.
pub(super) fn is_blob(oid: Oid, bytes: &[u8]) -> Result<bool, RepoError> {
    let hashed = Oid::hash_object(ObjectType::Blob, bytes);
    Ok(hashed.map_err(RepoError::git("hash a file"))? == oid)
}

/// Compares a regular file of the work tree, which must be there. Where attributes
/// that git does not track concern it, only the tracked ones count.
pub(super) fn compare(
    repo: &Repo,
    git: &Repository,
    own: &Own,
    path: &RepoPath,
    oid: Oid,
) -> Result<Compared, RepoError> {
    let concerned = own.concerns(path);
    let values = match concerned {
        Some(_) => Values::Tracked(own),
        None => Values::All,
    };
    let compared = compare_by(repo, &Attributes { git, path, values }, oid)?;
    Ok(match (compared, concerned) {
        (Compared::Differs, Some(from)) => Compared::Hidden(from),
        (compared, _) => compared,
    })
}

fn compare_by(repo: &Repo, attributes: &Attributes<'_>, oid: Oid) -> Result<Compared, RepoError> {
    let Attributes { git, path, .. } = *attributes;
    let absolute = repo.root().join(path.as_path());
    let raw = Oid::hash_file(ObjectType::Blob, &absolute).map_err(|error| {
        RepoError::file("read", path.as_path())(io::Error::other(error.message().to_owned()))
    })?;
    if raw == oid {
        return Ok(Compared::Same);
    }
    if let Some(filter) = attributes.filter()? {
        let lfs = filter.as_str() == "lfs" && is_as_its_pointer_says(repo, git, path, oid);
        return Ok(if lfs { Compared::Same } else { Compared::Filtered(filter) });
    }
    let lines = attributes.lines()?;
    let ident = attributes.value("ident")? == Value::True;
    if lines == Lines::Kept && !ident {
        return Ok(Compared::Differs);
    }
    let failed = RepoError::file("read", path.as_path());
    let content = whole(&absolute).map_err(failed)?;
    let Some(mut content) = content else { return Ok(Compared::Differs) };
    if lines == Lines::Text || lines == Lines::Guessed && is_text(&content) {
        content = line_feeds(&content);
    }
    if ident {
        // after line ends, as git does; without it a file that was committed so is the same too
        if is_blob(oid, &content)? {
            return Ok(Compared::Same);
        }
        content = without_ident(&content);
    }
    Ok(if is_blob(oid, &content)? { Compared::Same } else { Compared::Differs })
}

fn whole(path: &std::path::Path) -> io::Result<Option<Vec<u8>>> {
    use std::io::Read as _;
    let file = reader::open(path)?;
    if file.metadata()?.len() > MOST_CONVERTED {
        return Ok(None);
    }
    let mut content = Vec::new();
    file.take(MOST_CONVERTED).read_to_end(&mut content)?;
    Ok(Some(content))
}

/// Whether git takes CRLF to LF on the way into the index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lines {
    Kept,
    Text,
    /// If it looks like text.
    Guessed,
}

/// What gitattributes(5) says of a file.
struct Attributes<'a> {
    git: &'a Repository,
    path: &'a RepoPath,
    values: Values<'a>,
}

/// Which files of attributes count.
enum Values<'a> {
    All,
    /// Those that git tracks.
    Tracked(&'a Own),
}

impl Attributes<'_> {
    fn value(&self, name: &str) -> Result<Value, RepoError> {
        if let Values::Tracked(own) = self.values {
            return own.tracked_value(self.git, self.path, name);
        }
        let flags = AttrCheckFlags::FILE_THEN_INDEX;
        let value = self.git.get_attr_bytes(self.path.as_path(), name, flags);
        Ok(match AttrValue::from_bytes(value.ok().flatten()) {
            AttrValue::True => Value::True,
            AttrValue::False => Value::False,
            AttrValue::Unspecified => Value::Unspecified,
            AttrValue::String(text) => Value::Text(text.as_bytes().into()),
            AttrValue::Bytes(bytes) => Value::Text(bytes.into()),
        })
    }

    /// The program or the encoding that stands between work tree and index. A
    /// filter that no program is configured for does nothing; Git LFS's is known
    /// without one.
    fn filter(&self) -> Result<Option<CleanText>, RepoError> {
        if let Value::Text(name) = self.value("filter")? {
            let text = String::from_utf8_lossy(&name);
            let configured = |key: &str| {
                let config = self.git.config();
                config.is_ok_and(|c| c.get_entry(&format!("filter.{text}.{key}")).is_ok())
            };
            if text == "lfs" || configured("clean") || configured("process") {
                return Ok(Some(CleanText::bytes(&name)));
            }
        }
        Ok(match self.value("working-tree-encoding")? {
            Value::Text(name) => Some(CleanText::bytes(&name)),
            _ => None,
        })
    }

    fn lines(&self) -> Result<Lines, RepoError> {
        let text = match self.value("text")? {
            // its name of old
            Value::Unspecified => self.value("crlf")?,
            value => value,
        };
        match text {
            Value::True => return Ok(Lines::Text),
            Value::False => return Ok(Lines::Kept),
            Value::Text(text) if *text == *b"auto" => return Ok(Lines::Guessed),
            Value::Text(text) if *text == *b"input" => return Ok(Lines::Text),
            _ => {}
        }
        if let Value::Text(end) = self.value("eol")?
            && matches!(&*end, b"lf" | b"crlf")
        {
            return Ok(Lines::Text);
        }
        let config = self.git.config().and_then(|config| config.get_string("core.autocrlf"));
        let config = config.unwrap_or_default();
        let on = git2::Config::parse_bool(config.as_str()).unwrap_or(false) && !config.is_empty();
        let guessed = on || config.eq_ignore_ascii_case("input");
        Ok(if guessed { Lines::Guessed } else { Lines::Kept })
    }
}

/// Whether git would take a content for text (convert.c of git): no NUL, no
/// carriage return alone, few other control characters.
fn is_text(content: &[u8]) -> bool {
    let (mut shown, mut control) = (0_usize, 0_usize);
    // a Ctrl-Z at the end is DOS's mark of it
    let content = content.strip_suffix(b"\x1a").unwrap_or(content);
    for (at, byte) in content.iter().enumerate() {
        match byte {
            0 => return false,
            b'\r' if content.get(at + 1) != Some(&b'\n') => return false,
            b'\r' | b'\n' => {}
            8 | b'\t' | 0x0c | 0x1b => shown += 1,
            ..32 | 127 => control += 1,
            _ => shown += 1,
        }
    }
    shown >> 7 >= control
}

/// CRLF as LF.
fn line_feeds(content: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(content.len());
    for (at, byte) in content.iter().enumerate() {
        if *byte != b'\r' || content.get(at + 1) != Some(&b'\n') {
            kept.push(*byte);
        }
    }
    kept
}

/// `$Id: …$` as `$Id$`.
fn without_ident(content: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = memchr::memmem::find(rest, b"$Id:") {
        let (before, from) = rest.split_at(at);
        kept.extend_from_slice(before);
        let line = from.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let after = line.get(4..).unwrap_or_default();
        match memchr::memchr(b'$', after) {
            Some(end) => {
                kept.extend_from_slice(b"$Id$");
                rest = from.get(4 + end + 1..).unwrap_or_default();
            }
            None => {
                kept.extend_from_slice(b"$Id:");
                rest = from.get(4..).unwrap_or_default();
            }
        }
    }
    kept.extend_from_slice(rest);
    kept
}

/// Whether a file holds what its Git LFS pointer in the index promises.
fn is_as_its_pointer_says(repo: &Repo, git: &Repository, path: &RepoPath, oid: Oid) -> bool {
    let compare = || -> Option<bool> {
        let blob = objects::content(git, oid, 1024).ok()??;
        let (digest, size) = pointer(std::str::from_utf8(&blob).ok()?)?;
        let absolute = repo.root().join(path.as_path());
        let mut file = reader::open(&absolute).ok()?;
        let meta = file.metadata().ok()?;
        if !meta.is_file() || meta.len() != size {
            return Some(false);
        }
        Some(sha256(&mut file).ok()? == digest)
    };
    compare().unwrap_or(false)
}

/// The SHA-256 and the size that a Git LFS pointer names (its spec, version 1).
fn pointer(text: &str) -> Option<(&str, u64)> {
    if !text.starts_with("version https://git-lfs.github.com/spec/v1\n") {
        return None;
    }
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    Some((value("oid sha256:")?, value("size ")?.parse().ok()?))
}

fn sha256(file: &mut impl io::Read) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(data_encoding::HEXLOWER.encode(&hasher.finalize())),
            Ok(count) => hasher.update(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
