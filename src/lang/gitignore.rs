//! Lines of a `.gitignore` (gitignore(5)).

/// Names of files that keep a folder in git, or say what of it stays out.
pub(crate) const KEEPERS: [&str; 4] = [".gitkeep", ".keep", ".gitignore", ".gitattributes"];

/// The line that names this path and no more than it must: what a backslash
/// quotes is quoted, and a folder ends in a slash.
pub(crate) fn line(path: &str, folder: bool) -> String {
    let mut line = String::new();
    for c in path.chars() {
        if "*?[\\".contains(c) || (line.is_empty() && "!#".contains(c)) {
            line.push('\\');
        }
        line.push(c);
    }
    if let Some(kept) = line.strip_suffix(' ') {
        line = format!("{kept}\\ ");
    }
    if folder {
        line.push('/');
    }
    line
}

/// The file with these lines at its end, with the line break that its last line
/// has; every other byte stays.
pub(crate) fn append(content: &[u8], lines: &[String]) -> Vec<u8> {
    let line_break: &[u8] = match content.iter().rposition(|&byte| byte == b'\n') {
        Some(at) if content.get(..at).is_some_and(|before| before.ends_with(b"\r")) => b"\r\n",
        _ => b"\n",
    };
    let mut out = content.to_vec();
    if !out.is_empty() && !out.ends_with(b"\n") {
        out.extend_from_slice(line_break);
    }
    for line in lines {
        out.extend_from_slice(line.as_bytes());
        out.extend_from_slice(line_break);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_they_should() {
        let cases = [
            (".env", false, ".env"),
            ("instance", true, "instance/"),
            ("config/prod.env", false, "config/prod.env"),
            ("#notes", false, "\\#notes"),
            ("!x#y", false, "\\!x#y"),
            ("a*[b]?", false, "a\\*\\[b]\\?"),
            ("end ", false, "end\\ "),
        ];
        for (path, folder, expected) in cases {
            assert_eq!(line(path, folder), expected);
        }
    }

    #[test]
    fn lines_are_added_as_the_file_writes_them() {
        let cases: [(&[u8], &[u8]); 6] = [
            (b"", b".env\n"),
            (b"a\n", b"a\n.env\n"),
            (b"a", b"a\n.env\n"),
            (b"a\r\nb\r\n", b"a\r\nb\r\n.env\r\n"),
            (b"a\r\nb", b"a\r\nb\r\n.env\r\n"),
            (b"a\r\nb\xff\n", b"a\r\nb\xff\n.env\n"),
        ];
        for (given, expected) in cases {
            assert_eq!(append(given, &[".env".to_owned()]), expected);
        }
    }
}
