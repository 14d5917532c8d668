//! Paths and patterns that cannot be meant as they are written: they would match
//! nothing, in silence.

/// Why a path or a pattern of paths cannot be meant as it is written, and what was
/// meant; nothing when it can.
pub fn miswritten(text: &str) -> Option<String> {
    let shown = super::CleanText::line(text);
    let mut letters = text.chars();
    if text.trim().is_empty() {
        return Some("an empty pattern matches nothing; name a file".to_owned());
    }
    if text.trim() != text {
        let meant = super::CleanText::line(text.trim());
        return Some(format!("`{shown}` begins or ends with a blank; write `{meant}`"));
    }
    if text.starts_with("~/") {
        return Some(format!(
            "`{shown}` leads to somebody's home folder; write the path from the repository's root"
        ));
    }
    let drive = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && matches!(letters.next(), Some('/' | '\\'));
    if drive {
        return Some(format!(
            "`{shown}` begins with a drive; write the path from the repository's root, with `/` between its parts"
        ));
    }
    if text.contains("//") {
        let mut meant = text.to_owned();
        while meant.contains("//") {
            meant = meant.replace("//", "/");
        }
        return Some(format!(
            "`{shown}` has an empty part; write `{}`",
            super::CleanText::line(meant)
        ));
    }
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        let escaped = (letter == '\\').then(|| rest.next());
        if escaped.is_some_and(|next| next.is_none_or(|next| !SPECIAL.contains(next))) {
            let meant = super::CleanText::line(text.replace('\\', "/"));
            return Some(format!(
                "`{shown}` has a `\\` that stands before no special character; the parts of a path are parted by `/`: `{meant}`"
            ));
        }
    }
    None
}

/// What a backslash takes the meaning from.
const SPECIAL: &str = "*?[]{}!\\,()";

#[cfg(test)]
mod tests {
    use super::miswritten;

    #[test]
    fn what_would_match_nothing_is_refused_with_what_was_meant() {
        let refused = [
            ("", "empty"),
            ("  ", "empty"),
            (" .env", "write `.env`"),
            (".env\n", "write `.env`"),
            ("~/.env", "home folder"),
            ("C:/shop/.env", "drive"),
            ("c:\\shop\\.env", "drive"),
            ("a//.env", "write `a/.env`"),
            ("a\\.env", "`a/.env`"),
            (".env\\", "parted by `/`"),
        ];
        for (text, words) in refused {
            let why = miswritten(text).unwrap_or_else(|| panic!("{text}"));
            assert!(why.contains(words), "{text}: {why}");
        }
        for good in [".env", "a/.env", "my file.txt", "a\\*", "\\!x", "~x", "a:b", "c:d", "[a]\\?"]
        {
            assert_eq!(miswritten(good), None, "{good}");
        }
    }
}
