//! What no table of marks can say of a language: here-documents, regular
//! expressions, templates, lifetimes, raw strings.

use std::ops::Range;

use super::lexer::Lexer;
use super::rules::Quirk;

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
            (Quirk::C, b'R') if self.sees("R\"") => self.ended("R", true, Self::raw_string_end),
            (Quirk::JavaScript, b'`') => {
                let known = !self.templates.is_empty();
                (known || self.ended("`", true, Self::template_end).is_some())
                    .then(|| self.template_text(self.at + 1))
            }
            (Quirk::JavaScript, b'{') => {
                let open = self.templates.last_mut()?;
                *open += 1;
                None
            }
            (Quirk::JavaScript, b'}') => match self.templates.last_mut()? {
                0 => {
                    self.templates.pop();
                    Some(self.template_text(self.at + 1))
                }
                open => {
                    *open -= 1;
                    None
                }
            },
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

    /// Past the text of a template literal, to its end or to the code in it.
    fn template_text(&mut self, from: usize) -> usize {
        let mut at = from;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at += 2,
                b'`' => return at + 1,
                b'$' if self.bytes.get(at + 1) == Some(&b'{') => {
                    self.templates.push(0);
                    return at + 2;
                }
                _ => at += 1,
            }
        }
        self.bytes.len()
    }

    /// Whether a slash can begin a regular expression: after what cannot end a
    /// value, and not in the tags `</p>` and `<br/>`.
    fn may_be_regex(&self) -> bool {
        if self.sees("/>") {
            return false;
        }
        let all = self.bytes.get(..self.at).unwrap_or_default();
        let before = all.trim_ascii_end();
        let word = last_word(before);
        match (before.last(), word) {
            (None, _) => true,
            (
                _,
                b"return" | b"typeof" | b"case" | b"in" | b"of" | b"do" | b"else" | b"void"
                | b"delete" | b"throw" | b"new" | b"await" | b"yield" | b"instanceof",
            ) => true,
            // `x++ / 2`
            (Some(b'+' | b'-'), _) => !(before.ends_with(b"++") || before.ends_with(b"--")),
            (Some(b')'), _) => follows_condition(before),
            // a block that ended, not an object
            (Some(b'}'), _) => all.get(before.len()..).is_some_and(|space| space.contains(&b'\n')),
            (Some(byte), _) => b"(,=:[!&|?{;*%>~^".contains(byte),
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

    /// Past `R"x(…)x"` of C++.
    fn raw_string_end(&self) -> Option<usize> {
        let rest = self.rest().get(2..)?;
        let length = rest.iter().take(17).position(|byte| *byte == b'(')?;
        let name = std::str::from_utf8(rest.get(..length)?).ok()?;
        let close = format!("){name}\"");
        self.find(self.at + 2 + length, &close).map(|end| end + close.len())
    }

    /// A comment that a tag of a template makes, and where it ends:
    /// `{% comment "x" %}…{% endcomment %}`, `{%- # … -%}`.
    pub(super) fn template_comment(&mut self) -> Option<(Range<usize>, usize)> {
        let tag_end = self.ended("{%", true, |lexer| lexer.find(lexer.at, "%}"))?;
        let start = self.at + 2;
        let tag = self.bytes.get(start..tag_end)?;
        let inner = tag.strip_prefix(b"-").unwrap_or(tag).trim_ascii_start();
        if inner.starts_with(b"#") {
            return Some((start + tag.len() - inner.len() + 1..tag_end, tag_end + 2));
        }
        let rest = inner.strip_prefix(b"comment")?;
        if rest.first().is_some_and(|next| !next.is_ascii_whitespace() && *next != b'-') {
            return None;
        }
        let close = self.ended("{% comment", true, |lexer| lexer.find(tag_end, "endcomment"))?;
        let text_end = self.bytes.get(tag_end..close)?;
        let text_end = memchr::memmem::rfind(text_end, b"{%").map_or(close, |at| tag_end + at);
        let end = self.find(close, "%}").map_or(self.bytes.len(), |end| end + 2);
        Some((tag_end + 2..text_end.max(tag_end + 2), end))
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

fn last_word(before: &[u8]) -> &[u8] {
    let start = before.iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    before.get(start..).unwrap_or_default()
}

/// Whether the parenthesis that ends here held a condition: `if (x) /re/.test(y)`.
fn follows_condition(before: &[u8]) -> bool {
    /// A longer condition is not looked through.
    const LONGEST: usize = 2000;
    let mut open = 0_usize;
    for (nth, byte) in before.iter().rev().take(LONGEST).enumerate() {
        match byte {
            b')' => open += 1,
            b'(' if open == 1 => {
                let outside = before.get(..before.len() - nth - 1).unwrap_or_default();
                let word = last_word(outside.trim_ascii_end());
                return matches!(word, b"if" | b"while" | b"for" | b"with");
            }
            b'(' => open -= 1,
            _ => {}
        }
    }
    false
}
