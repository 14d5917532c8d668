//! Git LFS's pointers: what git holds in place of a file.

/// Whether a content is a pointer (Git LFS specification, version 1, and the names
/// of versions before).
pub(crate) fn is_pointer(content: &[u8]) -> bool {
    const LONGEST: usize = 1024;
    content.len() < LONGEST
        && [
            &b"version https://git-lfs.github.com/spec/"[..],
            b"version https://hawser.github.com/spec/",
        ]
        .iter()
        .any(|start| content.starts_with(start))
        && memchr::memmem::find(content, b"\noid sha256:").is_some()
}

#[cfg(test)]
mod tests {
    use super::is_pointer;

    #[test]
    fn pointers_are_told_from_files() {
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n";
        assert!(is_pointer(pointer));
        assert!(!is_pointer(b"SECRET_KEY=x\n"));
        assert!(!is_pointer(b"version https://git-lfs.github.com/spec/v1\n"));
    }
}
