//! Everything from which the history is reached, read from git's own files:
//! libgit2 passes over a ref that it cannot read.
//!
//! That is: all refs but gonogo's ledger, symbolic ones and those of single
//! worktrees included; the `HEAD` of each worktree; every entry of the stash, as
//! its reflog has them, and what an interrupted rebase or merge has stashed; the
//! commits that `info/grafts` names; what the next commit brings in (`MERGE_HEAD`,
//! `CHERRY_PICK_HEAD`). Other reflogs, `ORIG_HEAD` and `FETCH_HEAD` do not count: they are this machine's memory of what no ref
//! holds any more, or not yet; no push or clone takes it along, and git
//! forgets it by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use super::object::Id;
use super::unread::{Gap, RefFault};
use crate::model::{CleanText, Digest, RepoPath};
use crate::repo::files::is_missing;

/// The one ref that is left out: it holds records, no code.
const LEDGER: &[u8] = b"refs/gonogo/ledger";

/// A ref is a few dozen bytes; what is longer is none.
const LONGEST: u64 = 4096;

/// Deeper than this no ref is nested.
const DEEPEST: usize = 64;

/// What stashes hide in while a rebase or a merge waits.
const STASHED: [&str; 3] = ["rebase-merge/autostash", "rebase-apply/autostash", "MERGE_AUTOSTASH"];

/// What the next commit brings in; of several commits each has a line.
const COMING: [&str; 2] = ["MERGE_HEAD", "CHERRY_PICK_HEAD"];

/// From where the history is reached.
#[derive(Debug, Default)]
pub(super) struct Tips {
    /// Names with the objects that they name, in order of name.
    pub(super) named: Vec<(Vec<u8>, Id)>,
    /// What `HEAD` names here.
    pub(super) head: Option<Id>,
    /// The commits at which a shallow clone ends.
    pub(super) shallow: BTreeSet<Id>,
    /// What stands in for another object, by `refs/replace`.
    pub(super) replaced: HashMap<Id, Vec<Id>>,
    /// What could not be read.
    pub(super) unread: BTreeSet<Gap>,
}

/// What a ref holds.
#[derive(Clone, Debug)]
enum Value {
    Direct(Id),
    Symbolic(Vec<u8>),
}

impl Tips {
    /// Reads them. `common` is the folder that all worktrees share, `own` the
    /// one of this worktree.
    pub(super) fn read(common: &Path, own: &Path) -> Self {
        let mut reading =
            Reading { common, refs: BTreeMap::new(), heads: Vec::new(), tips: Self::default() };
        // loose ones first: git packs a ref before it removes the loose one
        reading.loose(&common.join("refs"), b"refs", 0);
        reading.packed(&common.join("packed-refs"));
        reading.worktree(common, "");
        reading.others();
        reading.stash();
        reading.listed("shallow");
        reading.listed("info/grafts");
        reading.finish(own)
    }

    /// By what it is known whether anything has moved.
    pub(super) fn digest(&self) -> Digest {
        let named = self.named.iter().map(|(name, id)| {
            let name = data_encoding::HEXLOWER.encode(name);
            format!("{name} {id}")
        });
        let head = self.head.iter().map(|id| format!("HEAD {id}"));
        let shallow = self.shallow.iter().map(|id| format!("shallow {id}"));
        let lines: Vec<String> = named.chain(head).chain(shallow).collect();
        Digest::of(lines.iter().map(String::as_str))
    }
}

struct Reading<'a> {
    common: &'a Path,
    /// The refs of one worktree begin with `worktrees/<its name>/`.
    refs: BTreeMap<Vec<u8>, Value>,
    /// The `HEAD` of each worktree, with what its name begins with.
    heads: Vec<(String, Value)>,
    tips: Tips,
}

impl Reading<'_> {
    fn fault(&mut self, name: &[u8], why: RefFault) {
        self.tips.unread.insert(Gap::Ref { name: CleanText::bytes(name), why });
    }

    /// All files in a folder of refs.
    fn loose(&mut self, folder: &Path, name: &[u8], depth: usize) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => return,
            Err(_) => return self.fault(name, RefFault::Inaccessible),
        };
        for entry in entries {
            let Ok(entry) = entry else { return self.fault(name, RefFault::Inaccessible) };
            let file = entry.file_name();
            let file = file.as_encoded_bytes();
            // neither can be a ref (git-check-ref-format(1)); git passes over them
            if file.starts_with(b".") || file.ends_with(b".lock") {
                continue;
            }
            let name = [name, b"/", file].concat();
            let path = entry.path();
            match path.metadata() {
                Ok(meta) if meta.is_dir() && depth < DEEPEST => self.loose(&path, &name, depth + 1),
                Ok(meta) if meta.is_file() => self.one(&path, name),
                Err(error) if is_missing(&error) && !path.is_symlink() => {}
                // a folder without end, a pipe, a link that leads nowhere
                _ => self.fault(&name, RefFault::Junk),
            }
        }
    }

    fn one(&mut self, path: &Path, name: Vec<u8>) {
        match value(path) {
            Ok(Some(value)) => {
                self.refs.insert(name, value);
            }
            Ok(None) => self.fault(&name, RefFault::Junk),
            // packed in this moment
            Err(error) if is_missing(&error) => {}
            Err(_) => self.fault(&name, RefFault::Inaccessible),
        }
    }

    /// The refs that git has packed into one file, as far as no loose one has
    /// taken their place.
    fn packed(&mut self, path: &Path) {
        const FILE: &[u8] = b"packed-refs";
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if is_missing(&error) => return,
            Err(_) => return self.fault(FILE, RefFault::Inaccessible),
        };
        for line in lines(&text) {
            // a comment, or what a tag leads to
            if line.starts_with(b"#") || line.starts_with(b"^") {
                continue;
            }
            let id = line.get(..40).and_then(Id::hex);
            match (id, line.get(40..).and_then(|rest| rest.strip_prefix(b" "))) {
                (Some(id), Some(name)) if name.starts_with(b"refs/") => {
                    self.refs.entry(name.to_vec()).or_insert(Value::Direct(id));
                }
                _ => self.fault(FILE, RefFault::Junk),
            }
        }
    }

    /// The `HEAD` of a worktree, and what it has stashed on the way.
    fn worktree(&mut self, folder: &Path, prefix: &str) {
        for file in STASHED {
            let name = format!("{prefix}{file}").into_bytes();
            self.one(&folder.join(file), name);
        }
        for file in COMING {
            let name = format!("{prefix}{file}").into_bytes();
            let text = match fs::read(folder.join(file)) {
                Ok(text) => text,
                Err(error) if is_missing(&error) => continue,
                Err(_) => {
                    self.fault(&name, RefFault::Inaccessible);
                    continue;
                }
            };
            for line in lines(&text) {
                match Id::hex(line) {
                    Some(id) => self.tips.named.push((name.clone(), id)),
                    None => self.fault(&name, RefFault::Junk),
                }
            }
        }
        match value(&folder.join("HEAD")) {
            Ok(Some(value)) => self.heads.push((prefix.to_owned(), value)),
            Ok(None) => self.fault(format!("{prefix}HEAD").as_bytes(), RefFault::Junk),
            Err(error) if is_missing(&error) => {}
            Err(_) => self.fault(format!("{prefix}HEAD").as_bytes(), RefFault::Inaccessible),
        }
    }

    /// The linked worktrees, with the refs that are theirs alone.
    fn others(&mut self) {
        let entries = match fs::read_dir(self.common.join("worktrees")) {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => return,
            Err(_) => return self.fault(b"worktrees", RefFault::Inaccessible),
        };
        for entry in entries {
            let Ok(entry) = entry else { return self.fault(b"worktrees", RefFault::Inaccessible) };
            let prefix = format!("worktrees/{}/", entry.file_name().to_string_lossy());
            self.worktree(&entry.path(), &prefix);
            self.loose(&entry.path().join("refs"), format!("{prefix}refs").as_bytes(), 0);
        }
    }

    /// Each entry of the stash but the newest is in the reflog alone.
    fn stash(&mut self) {
        let text = match fs::read(self.common.join("logs/refs/stash")) {
            Ok(text) => text,
            Err(error) if is_missing(&error) => return,
            Err(_) => return self.fault(b"logs/refs/stash", RefFault::Inaccessible),
        };
        for (number, line) in lines(&text).rev().enumerate() {
            let name = format!("stash@{{{number}}}").into_bytes();
            match line.get(41..81).and_then(Id::hex) {
                Some(id) => self.tips.named.push((name, id)),
                None => self.fault(&name, RefFault::Junk),
            }
        }
    }

    /// The commits in `shallow` or in `info/grafts`. What a graft says of them
    /// is not believed, but all of them are looked at.
    fn listed(&mut self, file: &str) {
        let text = match fs::read(self.common.join(file)) {
            Ok(text) => text,
            Err(error) if is_missing(&error) => return,
            Err(_) => return self.fault(file.as_bytes(), RefFault::Inaccessible),
        };
        for line in lines(&text).filter(|line| !line.starts_with(b"#")) {
            for word in line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
                match Id::hex(word) {
                    Some(id) if file == "shallow" => {
                        self.tips.shallow.insert(id);
                    }
                    Some(id) => self.tips.named.push((file.into(), id)),
                    None => self.fault(file.as_bytes(), RefFault::Junk),
                }
            }
        }
    }

    fn finish(mut self, own: &Path) -> Tips {
        let refs = std::mem::take(&mut self.refs);
        for (name, value) in refs.iter().filter(|(name, _)| *name != LEDGER) {
            if let Some(id) = self.resolve(&refs, value, b"", name) {
                if let Some(original) = name.strip_prefix(b"refs/replace/").and_then(Id::hex) {
                    self.tips.replaced.entry(original).or_default().push(id);
                }
                self.tips.named.push((name.clone(), id));
            }
        }
        for (prefix, value) in std::mem::take(&mut self.heads) {
            let name = format!("{prefix}HEAD").into_bytes();
            let Some(id) = self.resolve(&refs, &value, prefix.as_bytes(), &name) else { continue };
            if self.common.join(&prefix).canonicalize().is_ok_and(|folder| folder == own) {
                self.tips.head = Some(id);
            }
            self.tips.named.push((name, id));
        }
        self.tips.named.sort();
        self.tips.named.dedup();
        self.tips
    }

    /// The object that a ref names in the end. None for one that names a ref
    /// that is not there: it holds nothing.
    fn resolve(
        &mut self,
        refs: &BTreeMap<Vec<u8>, Value>,
        value: &Value,
        prefix: &[u8],
        name: &[u8],
    ) -> Option<Id> {
        let mut value = value.clone();
        // git follows five
        for _ in 0..8 {
            let target = match value {
                Value::Direct(id) => return Some(id),
                Value::Symbolic(target) => target,
            };
            let known = refs.get(&[prefix, &target].concat()).or_else(|| refs.get(&target));
            value = match known {
                Some(value) => value.clone(),
                None if target.starts_with(b"refs/") => return None,
                None => self.beside(&target)?,
            };
        }
        self.fault(name, RefFault::Junk);
        None
    }

    /// A symbolic ref may name a file beside `HEAD`.
    fn beside(&mut self, target: &[u8]) -> Option<Value> {
        let path = std::str::from_utf8(target).ok().and_then(|path| RepoPath::new(path).ok());
        let Some(path) = path else {
            self.fault(target, RefFault::Junk);
            return None;
        };
        match value(&self.common.join(path.as_path())) {
            Ok(Some(value)) => Some(value),
            Err(error) if is_missing(&error) => None,
            _ => {
                self.fault(target, RefFault::Junk);
                None
            }
        }
    }
}

/// What a file of a ref holds; none when that is not a ref. Only a regular file is
/// opened, since a pipe would hold everything up.
fn value(path: &Path) -> io::Result<Option<Value>> {
    if !path.metadata()?.is_file() {
        return Ok(None);
    }
    let mut text = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut text)?;
    if let Some(target) = text.strip_prefix(b"ref:") {
        let target = target.trim_ascii();
        return Ok((!target.is_empty()).then(|| Value::Symbolic(target.to_vec())));
    }
    let ends = text.get(40).is_none_or(u8::is_ascii_whitespace);
    let id = text.get(..40).and_then(Id::hex).filter(|id| ends && !id.is_zero());
    Ok(id.map(Value::Direct))
}

fn lines(text: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty())
}
