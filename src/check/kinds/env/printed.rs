//! Whether a secret is printed in a document or a template of the repository.

use crate::facts::Facts;
use crate::model::{CheckError, Place, RepoPath};

/// Shorter values may be there by chance, in bytes.
const LEAST: usize = 8;
/// A larger file is told as unread, in bytes.
const LARGEST: usize = 32 * 1024 * 1024;

/// Where a value is printed, as far as could be seen.
#[derive(Default)]
pub(super) struct Printed {
    /// The place in a tracked document or template.
    pub(super) at: Option<Place>,
    /// The documents and templates that could not be read.
    pub(super) unread: Vec<(RepoPath, Option<String>)>,
}

/// Looks for a value in the tracked documents and templates.
pub(super) fn find(
    cx: &Facts<'_>,
    own: Option<&RepoPath>,
    value: &str,
) -> Result<Printed, CheckError> {
    let value = value.trim();
    if value.len() < LEAST {
        return Ok(Printed::default());
    }
    let searcher = memchr::memmem::Finder::new(value.as_bytes());
    let mut found = Printed::default();
    cx.tree.each_tracked(&|path| Some(path) != own && is_shared(path), |file| {
        cx.cancel.check()?;
        if found.at.is_some() {
            return Ok(());
        }
        let content = match file.content(LARGEST) {
            Ok(Some(content)) => content,
            Ok(None) | Err(_) => {
                found.unread.push((file.path.clone(), file.id()));
                return Ok(());
            }
        };
        if let Some(at) = searcher.find(&content) {
            let before = content.get(..at).unwrap_or_default();
            let line = memchr::memchr_iter(b'\n', before).count() + 1;
            let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
            let text = String::from_utf8_lossy(before.get(start..).unwrap_or_default());
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let column = number(text.chars().count() + 1);
            found.at = Some(Place::at(file.path.clone(), number(line), column));
        }
        Ok::<(), CheckError>(())
    })?;
    Ok(found)
}

/// Whether people read it, or copy it.
fn is_shared(path: &RepoPath) -> bool {
    let name = path.name().to_string_lossy().to_lowercase();
    let ends = [".md", ".rst", ".txt", ".adoc", ".html", ".ipynb"];
    let shared = ["readme", "example", "sample", "template", ".dist", "install", "tutorial"];
    let docs = path.as_path().components().any(|part| {
        part.as_os_str().to_str().is_some_and(|part| matches!(part, "docs" | "doc" | "wiki"))
    });
    docs || ends.iter().any(|end| name.ends_with(end))
        || shared.iter().any(|word| name.contains(word))
}
