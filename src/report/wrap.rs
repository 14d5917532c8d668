//! Text in columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Breaks prose into lines of at most `width` columns, at spaces where there
/// are any. Line feeds stay.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut out = Vec::new();
    for line in text.trim_end().lines() {
        let text = line.trim_start_matches(' ');
        let mut current = " ".repeat((line.len() - text.len()).min(width / 2));
        for (index, word) in text.split(' ').enumerate() {
            let room = width.saturating_sub(current.width());
            if index > 0 && word.width() + 1 > room {
                out.push(std::mem::take(&mut current));
            } else if index > 0 {
                current.push(' ');
            }
            for c in word.chars() {
                if current.width() + c.width().unwrap_or(0) > width.max(1) {
                    out.push(std::mem::take(&mut current));
                }
                current.push(c);
            }
        }
        out.push(current);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("a\n\nb", 8), ["a", "", "b"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("  indented", 20), ["  indented"]);
    }
}
