//! Text in columns: cutting and wrapping by display width, for text and screen.

use unicode_width::UnicodeWidthStr;

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, cut to so many columns with `mark` (one column) where something is missing.
pub(crate) fn cut(text: &str, columns: usize, mark: &str) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    if columns == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut used = 0;
    for cell in cells(text) {
        if used + cell.width() > columns - mark.width() {
            break;
        }
        used += cell.width();
        out.push_str(cell);
    }
    out.push_str(mark);
    out
}

/// The text, cut or filled with spaces to exactly so many columns.
pub(crate) fn fit(text: &str, columns: usize, mark: &str) -> String {
    let mut out = cut(text, columns, mark);
    let missing = columns.saturating_sub(out.width());
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// The text without its first columns.
pub(crate) fn skip(text: &str, columns: usize) -> String {
    let mut gone = 0;
    cells(text)
        .into_iter()
        .skip_while(|cell| {
            let skipped = gone < columns;
            gone += cell.width();
            skipped
        })
        .collect()
}

/// The lines of a text at most so many columns wide, broken at spaces where
/// there are any. Line feeds break; leading spaces of a line indent its
/// continuation too.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(4);
    let mut out = Vec::new();
    for line in text.trim_end_matches('\n').split('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let indent = if indent > columns / 2 { 0 } else { indent };
        wrap_line(line.trim_start_matches(' '), columns - indent, " ".repeat(indent), &mut out);
    }
    out
}

/// The lines of a text that goes on from column `used` and continues below from
/// column `hang`; none is wider than so many columns. What has no room on the
/// first line, which is then empty, begins below.
pub(crate) fn hanging(text: &str, used: usize, hang: usize, columns: usize) -> Vec<String> {
    let room = columns.saturating_sub(hang).max(4);
    let mut out = Vec::new();
    for line in text.trim_end_matches('\n').split('\n') {
        let taken = if out.is_empty() { used.saturating_sub(hang) } else { 0 };
        wrap_from(taken, line, room, String::new(), &mut out);
    }
    out
}

fn wrap_line(line: &str, columns: usize, indent: String, out: &mut Vec<String>) {
    wrap_from(0, line, columns, indent, out);
}

/// Wraps a line of which some columns are taken already.
fn wrap_from(mut used: usize, line: &str, columns: usize, indent: String, out: &mut Vec<String>) {
    let mut current = indent.clone();
    for word in line.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ').width();
        if used > 0 && used + bare > columns {
            out.push(std::mem::replace(&mut current, indent.clone()).trim_end().to_owned());
            used = 0;
        }
        if bare <= columns {
            current.push_str(word);
            used += word.width();
            continue;
        }
        for cell in cells(word) {
            if used + cell.width() > columns {
                out.push(std::mem::replace(&mut current, indent.clone()).trim_end().to_owned());
                used = 0;
            }
            used += cell.width();
            current.push_str(cell);
        }
    }
    out.push(current.trim_end().to_owned());
}

/// The text in pieces that stand in cells of their own: a letter with all that
/// combines with it and takes no column.
fn cells(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut whole = 0;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        let with = text.get(start..end).map_or(0, UnicodeWidthStr::width);
        // a letter that widens what came before begins a cell of its own
        if at > start && (with > whole || letter.is_ascii()) {
            out.extend(text.get(start..at));
            start = at;
            whole = text.get(start..end).map_or(0, UnicodeWidthStr::width);
        } else {
            whole = with;
        }
    }
    out.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_counts_columns() {
        let cases = [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("日本語", 4, "日…"),
            ("日本語", 5, "日本…"),
            ("e\u{301}a", 2, "e\u{301}a"),
            ("e\u{301}abc", 2, "e\u{301}…"),
            ("👩\u{200d}👩\u{200d}👧x", 3, "👩\u{200d}👩\u{200d}👧x"),
            ("👩\u{200d}👩\u{200d}👧xyz", 4, "👩\u{200d}👩\u{200d}👧x…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ];
        for (text, columns, expected) in cases {
            assert_eq!(cut(text, columns, "…"), expected, "{text} {columns}");
        }
        assert_eq!(fit("日本語", 4, "…"), "日… ");
        assert_eq!(fit("a", 3, "…"), "a  ");
        assert_eq!(cut("abcd", 3, ""), "abc");
        assert_eq!(skip("日本語", 2), "本語");
        assert_eq!(skip("abc", 9), "");
    }

    #[test]
    fn wrapping_breaks_at_spaces_and_long_words() {
        let cases: [(&str, usize, &[&str]); 7] = [
            ("one two three", 8, &["one two", "three"]),
            ("abcdefghij", 4, &["abcd", "efgh", "ij"]),
            ("a abcdefgh", 5, &["a", "abcde", "fgh"]),
            ("日本語日本", 5, &["日本", "語日", "本"]),
            ("a\n\nb\n", 5, &["a", "", "b"]),
            ("  two words", 7, &["  two", "  words"]),
            ("", 9, &[""]),
        ];
        for (text, columns, expected) in cases {
            assert_eq!(wrap(text, columns), expected, "{text:?}");
        }
    }

    #[test]
    fn text_hangs_below_what_stands_before_it() {
        let cases: [(&str, usize, usize, usize, &[&str]); 5] = [
            ("one two three", 6, 2, 10, &["one", "two", "three"]),
            ("one two three", 6, 2, 12, &["one", "two three"]),
            ("one two three", 9, 2, 11, &["", "one two", "three"]),
            ("one two", 20, 2, 11, &["", "one two"]),
            ("one", 0, 0, 11, &["one"]),
        ];
        for (text, used, hang, columns, expected) in cases {
            assert_eq!(hanging(text, used, hang, columns), expected, "{text:?} {used} {columns}");
        }
    }

    #[test]
    fn no_line_is_wider_than_asked_and_nothing_is_lost() {
        let text =
            "Flask signs sessions 日本語日本語日本語 with-a-very-long-word-in-it e\u{301}\u{301}";
        for columns in 4..40 {
            let lines = wrap(text, columns);
            for line in &lines {
                assert!(width(line) <= columns, "{columns}: {line:?}");
            }
            let letters = |text: &str| text.replace(' ', "");
            assert_eq!(letters(&lines.concat()), letters(text));
        }
    }
}
