//! What was open and selected, for each repository, kept in the user's state
//! folder. It is a convenience: whatever is wrong with it is as if there were none.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::model::Digest;
use crate::repo::StateFolder;

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
    pub(crate) fn load(state: &StateFolder, root: &Path) -> Option<Self> {
        serde_json::from_slice(&state.read(&name(root)).ok()??).ok()
    }

    /// Remembers it. That it could not be kept is not a reason to bother anybody.
    pub(crate) fn store(&self, state: &StateFolder, root: &Path) {
        if let Ok(bytes) = serde_json::to_vec(self) {
            let _ = state.write(&name(root), &bytes);
        }
    }
}

fn name(root: &Path) -> String {
    let digest = Digest::of([root.to_string_lossy().as_ref()]);
    format!("screen/{}.json", digest.as_str().get(..32).unwrap_or("repository"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = StateFolder::at(folder.path().join("deep/er"));
        let root = Path::new("/some/repository");
        assert_eq!(Memory::load(&state, root), None);
        let memory = Memory { item: Some("env-ignored".into()), ..Memory::default() };
        memory.store(&state, root);
        assert_eq!(Memory::load(&state, root), Some(memory));
        assert_eq!(Memory::load(&state, Path::new("/some/other")), None);
    }

    #[test]
    fn garbage_is_as_if_there_were_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = StateFolder::at(folder.path());
        let root = Path::new("/some/repository");
        for garbage in [&b""[..], b"{", b"[1]", b"\xff\xfe", b"{\"item\": 7}"] {
            state.write(&name(root), garbage).expect("written");
            assert_eq!(Memory::load(&state, root), None, "{garbage:?}");
        }
        let later = b"{\"item\": \"a\", \"from a later version\": 1}";
        state.write(&name(root), later).expect("written");
        assert_eq!(Memory::load(&state, root).and_then(|memory| memory.item).as_deref(), Some("a"));
    }
}
