//! What was open and selected, for each repository, kept in the user's state
//! folder. It is a convenience: whatever is wrong with it is as if there were none.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::Digest;

/// A file of it larger than this is not one of ours.
const LARGEST: u64 = 256 * 1024;

/// What was open and selected when the screen was left.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Memory {
    /// The selected item's id.
    pub(crate) item: Option<String>,
    /// The selected section's title, when no item was selected.
    pub(crate) section: Option<String>,
    /// The titles of the closed sections.
    pub(crate) closed: Vec<String>,
    /// The detail had the keys.
    pub(crate) in_detail: bool,
    /// The theme that was chosen by key: `dark`, `light` or `colourless`.
    pub(crate) theme: Option<String>,
    /// The mouse was switched off by key.
    pub(crate) mouse_off: bool,
}

impl Memory {
    /// Reads what is remembered of the repository with this root.
    pub(crate) fn load(root: &Path) -> Option<Self> {
        read(&place(&folder()?, root))
    }

    /// Remembers it. That it could not be kept is not a reason to bother anybody.
    pub(crate) fn store(&self, root: &Path) {
        if let Some(folder) = folder() {
            let _ = write(&place(&folder, root), self);
        }
    }
}

/// Where it is kept: `$XDG_STATE_HOME/gonogo/screen` on Linux.
fn folder() -> Option<PathBuf> {
    let user = directories::ProjectDirs::from("", "", "gonogo")?;
    let state = user.state_dir().unwrap_or_else(|| user.data_local_dir());
    Some(state.join("screen"))
}

fn place(folder: &Path, root: &Path) -> PathBuf {
    let digest = Digest::of([root.to_string_lossy().as_ref()]);
    let name = digest.as_str().get(..32).unwrap_or("repository").to_owned();
    folder.join(name + ".json")
}

fn read(path: &Path) -> Option<Memory> {
    let about = std::fs::metadata(path).ok()?;
    if !about.is_file() || about.len() > LARGEST {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn write(path: &Path, memory: &Memory) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut file, memory)?;
    file.flush()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = place(&folder.path().join("deep/er"), Path::new("/some/repository"));
        assert_eq!(read(&path), None);
        let memory = Memory { item: Some("env-ignored".into()), ..Memory::default() };
        write(&path, &memory).expect("written");
        assert_eq!(read(&path), Some(memory));
        assert_ne!(path, place(&folder.path().join("deep/er"), Path::new("/some/other")));
    }

    #[test]
    fn garbage_is_as_if_there_were_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.json");
        for garbage in [&b""[..], b"{", b"[1]", b"\xff\xfe", b"{\"item\": 7}"] {
            std::fs::write(&path, garbage).expect("written");
            assert_eq!(read(&path), None, "{garbage:?}");
        }
        std::fs::write(&path, b"{\"item\": \"a\", \"from a later version\": 1}").expect("written");
        assert_eq!(read(&path).and_then(|memory| memory.item).as_deref(), Some("a"));
        std::fs::create_dir(folder.path().join("y.json")).expect("made");
        assert_eq!(read(&folder.path().join("y.json")), None);
    }
}
