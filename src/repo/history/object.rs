//! Git's objects as the bytes that they are: names, and what a commit, a tag
//! and a tree say.
//!
//! Nothing here goes through libgit2's parsers, since those believe
//! `info/grafts` and `shallow`: a commit's parents are the ones that it names.

use std::fmt;
use std::hash::{Hash, Hasher};

/// An object's name. Cheap to hash and compare.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Id([u8; 20]);

impl Id {
    /// Reads 20 bytes.
    pub(super) fn raw(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Reads 40 hexadecimal digits.
    pub(super) fn hex(digits: &[u8]) -> Option<Self> {
        let mut id = [0; 20];
        let length = data_encoding::HEXLOWER_PERMISSIVE.decode_len(digits.len()).ok()?;
        if length != id.len() {
            return None;
        }
        data_encoding::HEXLOWER_PERMISSIVE.decode_mut(digits, &mut id).ok()?;
        Some(Self(id))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Git writes it where there is no object.
    pub(super) fn is_zero(&self) -> bool {
        self.0 == [0; 20]
    }
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // in parts, which cost no call each
        let (parts, rest) = self.0.as_chunks();
        parts.iter().for_each(|part| state.write_u64(u64::from_le_bytes(*part)));
        if let Some(rest) = rest.first_chunk() {
            state.write_u32(u32::from_le_bytes(*rest));
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// What a commit says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Commit {
    pub(super) tree: Id,
    pub(super) parents: Vec<Id>,
    /// When it was committed, in seconds since 1970.
    pub(super) seconds: i64,
}

impl Commit {
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let mut lines = lines(text);
        let tree = Id::hex(lines.next()?.strip_prefix(b"tree ")?)?;
        let mut parents = Vec::new();
        let mut seconds = 0;
        for line in lines {
            if let Some(parent) = line.strip_prefix(b"parent ") {
                parents.push(Id::hex(parent)?);
            } else if let Some(committer) = line.strip_prefix(b"committer ") {
                seconds = moment(committer).unwrap_or(0);
            }
        }
        Some(Self { tree, parents, seconds })
    }
}

/// The lines before the first empty one. A signature makes many of them.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        (!line.is_empty()).then_some(line)
    })
}

/// `Ann <ann@example.com> 1700000000 +0100`
fn moment(person: &[u8]) -> Option<i64> {
    let end = memchr::memrchr(b'>', person)?;
    let text = std::str::from_utf8(person.get(end + 1..)?).ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// The object that an annotated tag names.
pub(super) fn tagged(text: &[u8]) -> Option<Id> {
    let line = text.split(|&byte| byte == b'\n').next()?;
    Id::hex(line.strip_prefix(b"object ")?)
}

/// What an entry of a tree is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Folder,
    /// Or a symbolic link.
    File,
    Submodule,
}

/// One entry of a tree.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a [u8],
    pub(super) id: Id,
}

/// The entries of a tree; the last one is none when the tree is malformed.
pub(super) struct Entries<'a>(&'a [u8]);

impl<'a> Entries<'a> {
    pub(super) fn of(tree: &'a [u8]) -> Self {
        Self(tree)
    }

    /// How many bytes are still to be read.
    pub(super) fn left(&self) -> usize {
        self.0.len()
    }

    fn read(&mut self) -> Option<Entry<'a>> {
        const FOLDER: &[u8] = b"40000";
        // a mode has at most seven digits
        let space = self.0.iter().take(8).position(|&byte| byte == b' ')?;
        let (mode, rest) = (self.0.get(..space)?, self.0.get(space + 1..)?);
        let end = memchr::memchr(0, rest)?;
        let name = rest.get(..end)?;
        let id = Id::raw(rest.get(end + 1..end + 21)?)?;
        let kind = match mode {
            FOLDER => Kind::Folder,
            b"100644" | b"100755" => Kind::File,
            _ => kind(mode)?,
        };
        self.0 = rest.get(end + 21..)?;
        Some(Entry { kind, name, id })
    }
}

/// What a mode other than the usual ones says; old trees have zeros
/// before it.
fn kind(mode: &[u8]) -> Option<Kind> {
    let bits = u32::from_str_radix(std::str::from_utf8(mode).ok()?, 8).ok()?;
    Some(match bits & 0o170_000 {
        0o040_000 => Kind::Folder,
        0o160_000 => Kind::Submodule,
        _ => Kind::File,
    })
}

impl<'a> Iterator for Entries<'a> {
    type Item = Option<Entry<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let entry = self.read();
        if entry.is_none() {
            self.0 = &[];
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn id(text: &str) -> Id {
        Id::hex(text.as_bytes()).expect("a name")
    }

    #[test]
    fn names_are_forty_digits() {
        assert_eq!(id(A).to_string(), A);
        assert_eq!(id(&A.to_uppercase()), id(A));
        for bad in ["", "aa", &A[1..], &format!("{A}a"), &A.replace('a', "g")] {
            assert_eq!(Id::hex(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn a_commit_names_its_tree_and_parents() {
        let text = format!(
            "tree {A}\nparent {B}\nparent {A}\nauthor x <y> 1 +0000\ncommitter A <> B> 7 +0100\n\nparent {B}\n"
        );
        let commit = Commit { tree: id(A), parents: vec![id(B), id(A)], seconds: 7 };
        assert_eq!(Commit::read(text.as_bytes()), Some(commit));
        let bare = Commit { tree: id(A), parents: vec![], seconds: 0 };
        assert_eq!(Commit::read(format!("tree {A}").as_bytes()), Some(bare));
        for bad in ["", "tree", "tree aa\n", &format!("tree {A}\nparent x\n")] {
            assert_eq!(Commit::read(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(tagged(format!("object {B}\ntype tree\n").as_bytes()), Some(id(B)));
        assert_eq!(tagged(b"type tree\n"), None);
    }

    #[test]
    fn a_tree_that_is_cut_ends_in_none() {
        let raw = [
            &b"100644 a\0"[..],
            id(A).bytes(),
            b"40000 b\0",
            id(B).bytes(),
            b"040000 c\0",
            id(A).bytes(),
            b"120000 d\0",
            id(A).bytes(),
            b"160000 e\0",
            id(B).bytes(),
        ]
        .concat();
        let seen: Vec<_> = Entries::of(&raw)
            .map(|entry| entry.map(|entry| (entry.kind, entry.name.to_vec())))
            .collect();
        let expected = [
            (Kind::File, "a"),
            (Kind::Folder, "b"),
            (Kind::Folder, "c"),
            (Kind::File, "d"),
            (Kind::Submodule, "e"),
        ];
        assert_eq!(seen, expected.map(|(kind, name)| Some((kind, name.as_bytes().to_vec()))));
        for cut in [1, 20, 21, 30] {
            let raw = &raw[..raw.len() - cut];
            assert_eq!(Entries::of(raw).last(), Some(None), "{cut}");
        }
    }
}
