//! The answers of earlier searches, in the user's cache folder: names of files,
//! commits and blobs, never contents.
//!
//! An answer holds for one set of tips: names of objects are digests of all that
//! they reach. It is asked for by a digest of the tips, of what was asked, and of
//! this program, since another version may judge otherwise; only an answer
//! without gaps is kept, since what was missing may come without any ref moving.
//! Whatever is wrong with the folder or a file is as if there were none.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::wanted::{Held, HeldVersion, Holder, Nameless, Searched, TooLarge};
use crate::model::{CleanText, CommitId, Date, Digest, RepoPath};
use crate::repo::names::path_from_git;
use crate::repo::reader;

/// A longer answer is not kept, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// More files than this are not kept; the oldest go.
const MOST: usize = 256;

/// Where answers are kept: `$XDG_CACHE_HOME/gonogo/history` on Linux.
pub(super) fn folder() -> Option<PathBuf> {
    let user = directories::ProjectDirs::from("", "", "gonogo")?;
    Some(user.cache_dir().join("history"))
}

/// The place of one answer.
pub(super) struct Kept {
    folder: PathBuf,
    file: PathBuf,
    key: Digest,
}

impl Kept {
    /// The place for what is asked of a worktree of a repository, whose tips
    /// have this digest. A later answer to the same takes an earlier one's place.
    pub(super) fn at(
        folder: &Path,
        common: &Path,
        own: &Path,
        question: &[String],
        tips: &Digest,
    ) -> Self {
        let hex = |path: &Path| data_encoding::HEXLOWER.encode(path.as_os_str().as_encoded_bytes());
        let mut about = vec![hex(common), hex(own)];
        about.extend_from_slice(question);
        let about = Digest::of(about.iter().map(String::as_str));
        let program = program();
        let key = [about.as_str(), tips.as_str(), program.as_str()];
        let name = about.as_str().get(..32).unwrap_or("answer").to_owned();
        Self {
            folder: folder.to_path_buf(),
            file: folder.join(name + ".json"),
            key: Digest::of(key),
        }
    }

    /// The answer, when it was kept for these tips.
    pub(super) fn load(&self) -> Option<Searched> {
        if !is_own(&fs::symlink_metadata(&self.folder).ok()?) {
            return None;
        }
        let file = reader::open(&self.file).ok()?;
        let about = file.metadata().ok()?;
        if !about.is_file() || !is_own(&about) || about.len() > LARGEST {
            return None;
        }
        let mut text = String::new();
        file.take(LARGEST).read_to_string(&mut text).ok()?;
        let (sum, answer) = text.split_once('\n')?;
        if sum != Digest::of([self.key.as_str(), answer]).as_str() {
            return None;
        }
        serde_json::from_str::<Answer>(answer).ok()?.searched()
    }

    /// Keeps an answer, if it can.
    pub(super) fn store(&self, searched: &Searched) {
        let _ = self.write(searched);
    }

    fn write(&self, searched: &Searched) -> Option<()> {
        let answer = serde_json::to_string(&Answer::of(searched)).ok()?;
        if answer.len() as u64 + 100 > LARGEST {
            return None;
        }
        let sum = Digest::of([self.key.as_str(), &answer]);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder).ok()?;
        if !is_own(&fs::symlink_metadata(&self.folder).ok()?) {
            return None;
        }
        self.make_room();
        // made with mode 0600
        let mut file = tempfile::NamedTempFile::new_in(&self.folder).ok()?;
        writeln!(file, "{}", sum.as_str()).ok()?;
        file.write_all(answer.as_bytes()).ok()?;
        file.flush().ok()?;
        file.persist(&self.file).ok()?;
        Some(())
    }

    /// Removes the oldest files, left-over temporary ones included.
    fn make_room(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut files: Vec<_> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.metadata().ok()?.modified().ok()?, entry.path()))
            })
            .collect();
        files.sort();
        for (_, path) in files.iter().take(files.len().saturating_sub(MOST)) {
            let _ = fs::remove_file(path);
        }
    }
}

/// What nobody else can have written.
fn is_own(meta: &fs::Metadata) -> bool {
    meta.uid() == rustix::process::geteuid().as_raw() && meta.mode() & 0o022 == 0
}

/// Which program judges: builds of one version differ by their file.
fn program() -> String {
    let file = std::env::current_exe().and_then(fs::metadata).ok();
    let build = file.map(|meta| {
        let modified = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        (meta.len(), modified.map(|time| time.as_nanos()))
    });
    format!("{} {build:?}", env!("CARGO_PKG_VERSION"))
}

/// An answer as it is written. Paths are in hexadecimal, since they may be no
/// UTF-8.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    commits: usize,
    held: Vec<AnswerHeld>,
    /// Refs with blobs.
    nameless: Vec<(String, String)>,
    /// Paths with blobs.
    too_large: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerHeld {
    path: String,
    commits: usize,
    versions: Vec<AnswerVersion>,
    in_head: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerVersion {
    blob: String,
    commit: Option<(CommitId, Date)>,
    by_ref: Option<(String, String)>,
}

impl Answer {
    fn of(searched: &Searched) -> Self {
        let held = searched.held.iter().map(|held| {
            let versions = held.versions.iter().map(|version| {
                let (commit, by_ref) = match &version.origin {
                    Holder::Commit { id, date } => (Some((id.clone(), *date)), None),
                    Holder::Ref { name, object } => {
                        (None, Some((name.to_string(), object.clone())))
                    }
                };
                AnswerVersion { blob: version.blob.clone(), commit, by_ref }
            });
            let (path, versions) = (written(&held.path), versions.collect());
            AnswerHeld { path, commits: held.commits, versions, in_head: held.in_head }
        });
        let (nameless, too_large) = (searched.nameless.iter(), searched.too_large.iter());
        Self {
            commits: searched.commits,
            held: held.collect(),
            nameless: nameless.map(|one| (one.reference.to_string(), one.blob.clone())).collect(),
            too_large: too_large.map(|one| (written(&one.path), one.blob.clone())).collect(),
        }
    }

    fn searched(self) -> Option<Searched> {
        let held = self.held.into_iter().map(|held| {
            let versions = held.versions.into_iter().map(|version| {
                let origin = match (version.commit, version.by_ref) {
                    (Some((id, date)), None) => Holder::Commit { id, date },
                    (None, Some((name, object))) => {
                        Holder::Ref { name: CleanText::line(name), object }
                    }
                    _ => return None,
                };
                Some(HeldVersion { blob: version.blob, origin })
            });
            let (path, versions) = (read(&held.path)?, versions.collect::<Option<_>>()?);
            Some(Held { path, commits: held.commits, versions, in_head: held.in_head })
        });
        let nameless = self
            .nameless
            .into_iter()
            .map(|(reference, blob)| Nameless { reference: CleanText::line(reference), blob });
        let too_large = self.too_large.into_iter();
        let too_large = too_large.map(|(path, blob)| Some(TooLarge { path: read(&path)?, blob }));
        Some(Searched {
            commits: self.commits,
            held: held.collect::<Option<_>>()?,
            nameless: nameless.collect(),
            too_large: too_large.collect::<Option<_>>()?,
            unread: Vec::new(),
        })
    }
}

fn written(path: &RepoPath) -> String {
    data_encoding::HEXLOWER.encode(path.as_path().as_os_str().as_encoded_bytes())
}

fn read(path: &str) -> Option<RepoPath> {
    path_from_git(&data_encoding::HEXLOWER.decode(path.as_bytes()).ok()?)
}
