//! Scripts that are Python code by their first line: `#!/usr/bin/env python3`.

use crate::facts::Facts;
use crate::lang::SourceFile;
use crate::model::{CheckError, RepoPath};
use crate::repo::decoded;

/// Larger scripts are written by a program, in bytes.
const LARGEST: usize = 1 << 20;

/// Shows each tracked one whose path passes.
///
/// # Errors
/// When the tracked files could not be listed.
pub(super) fn each(
    cx: &Facts<'_>,
    keep: &dyn Fn(&RepoPath) -> bool,
    see: &mut dyn FnMut(&SourceFile),
) -> Result<(), CheckError> {
    cx.tree.each_tracked(&|path| may_be_one(path) && keep(path), |file| {
        cx.cancel.check()?;
        if let Ok(Some(content)) = file.content(LARGEST)
            && is_python(&content)
        {
            see(&SourceFile::new(file.path.clone(), decoded(&content)));
        }
        Ok::<(), CheckError>(())
    })?;
    Ok(())
}

/// Whether a name leaves open what a file is.
fn may_be_one(path: &RepoPath) -> bool {
    let name = path.name().to_string_lossy();
    match path.extension() {
        None => name.len() <= 64 && !name.starts_with('.'),
        Some(ending) => ["cgi", "fcgi"].iter().any(|known| ending.eq_ignore_ascii_case(known)),
    }
}

/// Whether a text says that Python runs it.
fn is_python(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.starts_with(b"#!") && memchr::memmem::find(line, b"python").is_some()
}
