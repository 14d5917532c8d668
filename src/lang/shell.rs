//! Paths in commands that a person copies into a shell.

use crate::model::RepoPath;

/// A path as one word of a POSIX shell.
pub(crate) fn word(path: &RepoPath) -> String {
    let text = path.to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@%".contains(c);
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_each() {
        let cases = [
            ("a/b.txt", "a/b.txt"),
            ("-rf", "./-rf"),
            ("two words", "'two words'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("a;b", "'a;b'"),
            ("~", "'~'"),
        ];
        for (given, expected) in cases {
            assert_eq!(word(&RepoPath::new(given).expect(given)), expected);
        }
    }
}
