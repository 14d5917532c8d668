//! Finds the comments of a file: by a small lexer, and by the syntax tree where
//! Python nests code in strings.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::languages::{self, CSS, JAVASCRIPT, MARKUP, PHP, Quirk, Quote, Rules, Start, Syntax};
use crate::repo::SourceFile;

/// The byte ranges of a file's comments, in order of their beginning, without
/// the marks around them. A file of no known language is prose: all of it counts.
pub(super) fn of(file: &SourceFile) -> Vec<Range<usize>> {
    let text = file.text();
    match languages::of(file.path()) {
        Some(Syntax::Python(rules)) => match nests_code(text).then(|| file.python()).flatten() {
            Some(tree) => in_tree(tree),
            None => lex(text, rules),
        },
        Some(Syntax::Rules(rules)) => lex(text, rules),
        Some(Syntax::Markup) => {
            let mut found = in_markup(text);
            if let Some(rules) = languages::within_template(file.path()) {
                found.extend(lex(text, rules));
                found.sort_by_key(|range| (range.start, range.end));
            }
            found
        }
        None => std::iter::once(0..text.len()).collect(),
    }
}

/// Whether a Python file may hold strings within the code within a string
/// (PEP 701), which takes a parser. The others are a hundred times faster lexed.
fn nests_code(text: &str) -> bool {
    const STRINGS: &str =
        r#"(?i)\b(?:[ft]|r[ft]|[ft]r)(?:"""|'''|"[^"\n]*\{[^}"\n]*"|'[^'\n]*\{[^}'\n]*')"#;
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(STRINGS).ok());
    PATTERN.as_ref().is_none_or(|pattern| pattern.is_match(text))
}

fn in_tree(tree: &tree_sitter::Tree) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.kind() == "comment" {
            found.push(node.start_byte() + 1..node.end_byte());
        }
        if cursor.goto_first_child() || cursor.goto_next_sibling() {
            continue;
        }
        loop {
            if !cursor.goto_parent() {
                return found;
            }
            if cursor.goto_next_sibling() {
                break;
            }
        }
    }
}

/// What stands inside markup but is written in another language.
const WITHIN: [(&str, &str, &Rules); 4] = [
    ("<script", "</script", &JAVASCRIPT),
    ("<style", "</style", &CSS),
    ("<?php", "?>", &PHP),
    ("<?=", "?>", &PHP),
];

fn in_markup(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut lexer = Lexer::new(text, &MARKUP);
    while lexer.at < text.len() {
        if let Some((open, close, rules)) = WITHIN.iter().find(|(open, ..)| lexer.sees(open)) {
            let start = lexer.at + open.len();
            let end = lexer.find(start, close).unwrap_or(text.len());
            let inner = text.get(start..end).unwrap_or_default();
            // templates are still templates inside a script
            let template = lex(inner, &MARKUP);
            let mut inside = lex(inner, rules);
            inside.extend(template);
            inside.sort_by_key(|range| (range.start, range.end));
            found.extend(inside.into_iter().map(|range| range.start + start..range.end + start));
            lexer.at = end;
        } else if let Some(comment) = lexer.comment() {
            found.push(comment);
        } else {
            lexer.at += 1;
        }
    }
    found
}

/// The comments of a text by a language's rules.
fn lex(text: &str, rules: &Rules) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut lexer = Lexer::new(text, rules);
    while lexer.at < text.len() {
        match lexer.comment() {
            Some(comment) => found.push(comment),
            None => lexer.step(),
        }
    }
    found
}

struct Lexer<'a> {
    bytes: &'a [u8],
    rules: &'a Rules,
    at: usize,
    /// The word that ends the here-document begun on this line.
    here: Option<&'a [u8]>,
    /// Marks whose end was looked for in vain, and up to where: without this a
    /// hostile file would be searched again for each mark in it.
    endless: Vec<(&'static str, usize)>,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, rules: &'a Rules) -> Self {
        Self { bytes: text.as_bytes(), rules, at: 0, here: None, endless: Vec::new() }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn sees(&self, mark: &str) -> bool {
        self.rest().starts_with(mark.as_bytes())
    }

    fn find(&self, from: usize, mark: &str) -> Option<usize> {
        let rest = self.bytes.get(from..)?;
        memchr::memmem::find(rest, mark.as_bytes()).map(|at| from + at)
    }

    fn before(&self) -> Option<u8> {
        self.at.checked_sub(1).and_then(|at| self.bytes.get(at)).copied()
    }

    /// The end of the line around an offset.
    fn line_end(&self, from: usize) -> usize {
        self.find(from, "\n").unwrap_or(self.bytes.len())
    }

    fn counts(&self, start: Start) -> bool {
        match start {
            Start::Anywhere => true,
            Start::Word => self
                .before()
                .is_none_or(|byte| byte.is_ascii_whitespace() || b"([{,;:|&=".contains(&byte)),
            Start::Line => {
                let before = self.bytes.get(..self.at).unwrap_or_default();
                let other = before.iter().rev().find(|byte| !b" \t".contains(byte));
                other.is_none_or(|byte| *byte == b'\n')
            }
        }
    }

    /// Goes past the comment that begins here, if one does, and gives its range.
    fn comment(&mut self) -> Option<Range<usize>> {
        let rules = self.rules;
        if let Some((open, close)) = rules.block.iter().find(|(open, _)| self.sees(open)) {
            let start = self.at + open.len();
            // in markup an opening without an end is most likely text
            let must_end = rules.line.is_empty() && rules.quotes.is_empty();
            if must_end && self.is_endless(open) {
                return None;
            }
            let Some(end) = self.block_end(start, open, close) else {
                if must_end {
                    self.endless.push((open, self.bytes.len()));
                    return None;
                }
                self.at = self.bytes.len();
                return Some(start..self.at);
            };
            self.at = end + close.len();
            return Some(start..end);
        }
        let begins = |(mark, start): &&(&str, Start)| {
            self.sees(mark) && self.counts(*start) && !(*mark == "//" && self.is_in_address())
        };
        let (mark, _) = rules.line.iter().find(begins)?;
        let start = self.at + mark.len();
        let end = self.line_end(start);
        self.at = end;
        Some(start..end)
    }

    fn block_end(&self, from: usize, open: &str, close: &str) -> Option<usize> {
        if !self.rules.nested {
            return self.find(from, close);
        }
        let mut depth = 0_usize;
        let mut at = from;
        loop {
            let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
            if rest.starts_with(open.as_bytes()) {
                depth += 1;
                at += open.len();
            } else if !rest.starts_with(close.as_bytes()) {
                at += 1;
            } else if depth == 0 {
                return Some(at);
            } else {
                depth -= 1;
                at += close.len();
            }
        }
    }

    fn is_endless(&self, mark: &str) -> bool {
        self.endless.iter().any(|(known, until)| *known == mark && self.at < *until)
    }

    /// Looks for the end of what a mark begins here, and remembers a failure
    /// until the end of the line or of the file.
    fn ended(
        &mut self,
        mark: &'static str,
        lines: bool,
        look: impl FnOnce(&Self) -> Option<usize>,
    ) -> Option<usize> {
        if self.is_endless(mark) {
            return None;
        }
        let end = look(self);
        if end.is_none() {
            let until = if lines { self.bytes.len() } else { self.line_end(self.at) };
            self.endless.retain(|(known, _)| *known != mark);
            self.endless.push((mark, until));
        }
        end
    }

    /// `https://…` outside of quotes, as in JSX text and in style sheets.
    fn is_in_address(&self) -> bool {
        self.before() == Some(b':')
            && self.bytes.get(self.at + 2).is_some_and(|next| !next.is_ascii_whitespace())
    }

    /// Goes past one token that is no comment: a string, or one byte.
    fn step(&mut self) {
        let end = self.quirk().or_else(|| self.string());
        self.at = end.unwrap_or(self.at + 1).max(self.at + 1);
    }

    fn string(&mut self) -> Option<usize> {
        let mut quotes = self.rules.quotes.iter();
        let quote = quotes.find(|quote| self.sees(quote.mark) && self.counts(quote.start))?;
        let from = self.at + quote.mark.len();
        self.ended(quote.mark, quote.lines, |lexer| lexer.string_end(from, quote))
    }

    /// Where a string ends; none when it has no end, so that it is none.
    fn string_end(&self, from: usize, quote: &Quote) -> Option<usize> {
        let mut at = from;
        loop {
            let rest = self.bytes.get(at..)?;
            match rest.first()? {
                b'\\' if quote.escapes => at += 2,
                b'\n' if !quote.lines => return None,
                _ if !rest.starts_with(quote.mark.as_bytes()) => at += 1,
                // where a backslash means nothing, a mark is doubled
                byte if !quote.escapes && quote.mark.len() == 1 && rest.get(1) == Some(byte) => {
                    at += 2;
                }
                _ => return Some(at + quote.mark.len()),
            }
        }
    }

    fn quirk(&mut self) -> Option<usize> {
        let byte = *self.rest().first()?;
        match (self.rules.quirk, byte) {
            (Quirk::Shell, b'\\') => Some(self.at + 2),
            (Quirk::Shell, b'<') if self.sees("<<") => Some(self.here_document()),
            (Quirk::Shell, b'\n') => {
                let word = self.here.take()?;
                self.ended("<<", true, |lexer| lexer.here_end(word))
            }
            (Quirk::JavaScript, b'`') => self.ended("`", true, Self::template_end),
            (Quirk::JavaScript, b'/') if self.may_be_regex() => {
                self.ended("/", false, Self::regex_end)
            }
            (Quirk::Rust, b'\'') => self.rust_char(),
            (Quirk::Rust, b'r') if self.begins_raw() => self.ended("r", true, Self::raw_end),
            _ => None,
        }
    }

    /// Notes the word of `<<WORD`, `<<-WORD`, `<<'WORD'`; goes past the mark.
    fn here_document(&mut self) -> usize {
        if self.sees("<<<") {
            return self.at + 3;
        }
        let rest = self.rest().get(2..).unwrap_or_default();
        let skipped = rest.iter().take_while(|byte| b"-~ '\"\\".contains(byte)).count();
        let word = rest.get(skipped..).unwrap_or_default();
        let length = word.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        // `1 << 2` in arithmetic is no here-document
        if word.first().is_some_and(|first| !first.is_ascii_digit()) && length > 0 {
            self.here = word.get(..length);
        }
        self.at + 2 + skipped
    }

    /// Past the body of a here-document whose first line begins after this byte.
    fn here_end(&self, word: &[u8]) -> Option<usize> {
        let mut start = self.at + 1;
        while start < self.bytes.len() {
            let end = self.line_end(start);
            if self.bytes.get(start..end).is_some_and(|line| line.trim_ascii() == word) {
                return Some(end);
            }
            start = end + 1;
        }
        None
    }

    /// Past a template literal, with the code and the templates inside it.
    fn template_end(&self) -> Option<usize> {
        let mut at = self.at + 1;
        // for each template that is open, the braces open in its code
        let mut open: Vec<Option<usize>> = vec![None];
        while let (Some(state), Some(byte)) = (open.last_mut(), self.bytes.get(at)) {
            match (byte, &mut *state) {
                (b'\\', _) => at += 1,
                (b'`', None) => {
                    open.pop();
                }
                (b'`', Some(_)) => open.push(None),
                (b'$', None) if self.bytes.get(at + 1) == Some(&b'{') => {
                    *state = Some(0);
                    at += 1;
                }
                (b'{', Some(braces)) => *braces += 1,
                (b'}', Some(0)) => *state = None,
                (b'}', Some(braces)) => *braces -= 1,
                _ => {}
            }
            at += 1;
        }
        open.is_empty().then_some(at)
    }

    /// Whether a slash can begin a regular expression: after what cannot end a
    /// value, and not in the tags `</p>` and `<br/>`.
    fn may_be_regex(&self) -> bool {
        if self.sees("/>") {
            return false;
        }
        let before = self.bytes.get(..self.at).unwrap_or_default().trim_ascii_end();
        let word_start =
            before.iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |at| at + 1);
        match (before.last(), before.get(word_start..).unwrap_or_default()) {
            (None, _) => true,
            (_, b"return" | b"typeof" | b"case" | b"in" | b"of" | b"do" | b"else") => true,
            (Some(byte), _) => b"(,=:[!&|?{};+-*%>~^".contains(byte),
        }
    }

    fn regex_end(&self) -> Option<usize> {
        let mut in_class = false;
        let mut at = self.at + 1;
        loop {
            match self.bytes.get(at)? {
                b'\n' => return None,
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => return Some(at + 1),
                _ => {}
            }
            at += 1;
        }
    }

    /// Past `'x'` or `'\n'`; a lifetime is none.
    fn rust_char(&self) -> Option<usize> {
        let rest = self.rest();
        if rest.get(1) == Some(&b'\\') {
            let end = rest.iter().skip(3).take(10).position(|byte| *byte == b'\'')?;
            return Some(self.at + 3 + end + 1);
        }
        let end = rest.iter().skip(2).take(4).position(|byte| *byte == b'\'')?;
        // one character of up to four bytes
        let one = std::str::from_utf8(rest.get(1..2 + end)?).ok()?.chars().count() == 1;
        one.then_some(self.at + 2 + end + 1)
    }

    /// Whether `r"` or `r#"` begins here, and no word ends.
    fn begins_raw(&self) -> bool {
        let in_word = self
            .before()
            .is_some_and(|byte| byte != b'b' && (byte.is_ascii_alphanumeric() || byte == b'_'));
        !in_word && self.rest().get(1 + self.hashes()) == Some(&b'"')
    }

    fn hashes(&self) -> usize {
        self.rest().iter().skip(1).take_while(|byte| **byte == b'#').count()
    }

    /// Past `r"…"` and `r#"…"#`.
    fn raw_end(&self) -> Option<usize> {
        let hashes = self.hashes();
        let close = format!("\"{}", "#".repeat(hashes));
        self.find(self.at + hashes + 2, &close).map(|end| end + close.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RepoPath;

    /// `name | content | comments`, with `⏎` for a line break and `·` between comments.
    const CASES: &str = include_str!("../../../tests/data/comments.txt");

    #[test]
    fn comments_of_many_languages() {
        let mut count = 0;
        for case in CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let parts: Vec<&str> = case.split(" | ").collect();
            let [name, content, expected] = parts[..] else { panic!("three parts: {case}") };
            let content = content.replace('⏎', "\n");
            let file = SourceFile::new(RepoPath::new(name).expect(name), content.clone());
            let found: Vec<String> =
                of(&file).into_iter().map(|range| content[range].replace('\n', "⏎")).collect();
            let found: Vec<&str> = found.iter().map(|comment| comment.trim()).collect();
            assert_eq!(found.join("·"), expected.trim(), "{name}: {content}");
            if name == "a.py" && !nests_code(&content) {
                let tree = file.python().expect("a tree");
                assert_eq!(in_tree(tree), of(&file), "{content}");
            }
            count += 1;
        }
        assert!(count > 50);
    }

    #[test]
    fn a_hostile_file_takes_no_longer_than_another() {
        let size = 200_000;
        let cases = [
            ("a.html", "{#"),
            ("a.html", "<script>"),
            ("a.js", "`${"),
            ("a.js", "= /["),
            ("a.js", "\"\\"),
            ("a.js", "/*"),
            ("a.rs", "/*"),
            ("a.rs", "r#\""),
            ("a.sh", "<<A\n"),
            ("a.sh", "\\\"'"),
            ("a.ini", "x;"),
            ("a.php", "<?php '\\"),
            ("a.yaml", " '#"),
            ("a.py", "(["),
        ];
        for (name, part) in cases {
            let path = RepoPath::new(name).expect(name);
            let file = SourceFile::new(path, part.repeat(size / part.len()));
            let began = std::time::Instant::now();
            let _ = of(&file);
            // linear work takes far less, quadratic work far more
            assert!(began.elapsed().as_secs() < 10, "{name} {part}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_lexer(
            text in "([/*#'\"`\\\\{}<>!\\-\nrb=é$?%; ]|<script|</script|<<E|begin|TODO){0,40}",
            name in "a\\.(py|js|html|rs|sh|rb|php|yaml|sql|css|lua|yml\\.j2)",
        ) {
            let file = SourceFile::new(RepoPath::new(name).expect("a plain path"), text.clone());
            for range in of(&file) {
                proptest::prop_assert!(text.get(range).is_some());
            }
        }
    }
}
