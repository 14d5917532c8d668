//! What no table of marks can say of a language: here-documents, regular
//! expressions, templates, lifetimes, raw strings.

use super::languages::Quirk;
use super::lexer::Lexer;

impl<'a> Lexer<'a> {
    /// Where the peculiar thing ends that begins here, if one does.
    pub(super) fn quirk(&mut self) -> Option<usize> {
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
        // `1 << 2` in arithmetic is not a here-document
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
