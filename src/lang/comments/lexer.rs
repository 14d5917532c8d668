//! A small lexer that tells comments from strings by a language's rules.

use std::ops::Range;

use super::rules::{Quirk, Quote, Rules, Start};

/// The comments of a text by a language's rules.
pub(super) fn lex(text: &str, rules: &Rules) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut lexer = Lexer::new(text, rules);
    let telling = telling(rules);
    let tells = |byte: &u8| telling.get(usize::from(*byte)).copied().unwrap_or(true);
    while let Some(next) = lexer.rest().iter().position(tells) {
        lexer.at += next;
        match lexer.comment() {
            Some(comment) => found.push(comment),
            None => lexer.step(),
        }
    }
    found
}

/// The bytes with which something begins that the lexer cares about; it goes
/// past all others at once.
fn telling(rules: &Rules) -> [bool; 256] {
    let line = rules.line.iter().map(|(mark, _)| *mark);
    let block = rules.block.iter().map(|(open, _)| *open);
    let quotes = rules.quotes.iter().map(|quote| quote.mark);
    let quirks = match rules.quirk {
        Quirk::None | Quirk::Markup => "",
        Quirk::C => "R",
        Quirk::Shell => "\\<\n",
        Quirk::JavaScript => "`/{}",
        Quirk::Rust => "'r",
    };
    let on_first_line = rules.block.iter().filter_map(|(open, _)| open.strip_prefix('\n'));
    let marks = line.chain(block).chain(quotes).chain(on_first_line);
    let first = marks.filter_map(|mark| mark.bytes().next());
    let mut telling = [false; 256];
    for byte in first.chain(quirks.bytes()) {
        if let Some(slot) = telling.get_mut(usize::from(byte)) {
            *slot = true;
        }
    }
    telling
}

pub(super) struct Lexer<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) rules: &'a Rules,
    pub(super) at: usize,
    /// The word that ends the here-document begun on this line.
    pub(super) here: Option<&'a [u8]>,
    /// For each JavaScript template that is open, the braces open in its code.
    pub(super) templates: Vec<usize>,
    /// Marks whose end was looked for in vain, and up to where: without this a
    /// hostile file would be searched again for each mark in it.
    endless: Vec<(&'static str, usize)>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, rules: &'a Rules) -> Self {
        Self {
            bytes: text.as_bytes(),
            rules,
            at: 0,
            here: None,
            templates: Vec::new(),
            endless: Vec::new(),
        }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn sees(&self, mark: &str) -> bool {
        self.rest().starts_with(mark.as_bytes())
    }

    pub(super) fn find(&self, from: usize, mark: &str) -> Option<usize> {
        let rest = self.bytes.get(from..)?;
        memchr::memmem::find(rest, mark.as_bytes()).map(|at| from + at)
    }

    pub(super) fn before(&self) -> Option<u8> {
        self.at.checked_sub(1).and_then(|at| self.bytes.get(at)).copied()
    }

    /// The end of the line around an offset.
    pub(super) fn line_end(&self, from: usize) -> usize {
        self.find(from, "\n").unwrap_or(self.bytes.len())
    }

    fn counts(&self, start: Start) -> bool {
        match start {
            Start::Anywhere => true,
            Start::Word => self
                .before()
                .is_none_or(|byte| byte.is_ascii_whitespace() || b"([{,;:|&=".contains(&byte)),
            Start::Spaced => self.before().is_none_or(|byte| byte.is_ascii_whitespace()),
            Start::Line => {
                let before = self.bytes.get(..self.at).unwrap_or_default();
                let other = before.iter().rev().find(|byte| !b" \t".contains(byte));
                other.is_none_or(|byte| *byte == b'\n')
            }
            Start::Make => {
                let before = self.bytes.get(..self.at).unwrap_or_default();
                let line = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
                let recipe = self.bytes.get(line) == Some(&b'\t');
                let escaped = self.before() == Some(b'\\');
                !escaped && (!recipe || self.counts(Start::Word))
            }
        }
    }

    /// Goes past the comment that begins here, if one does, and gives its range.
    pub(super) fn comment(&mut self) -> Option<Range<usize>> {
        let rules = self.rules;
        if rules.quirk == Quirk::Markup
            && self.sees("{%")
            && let Some((comment, end)) = self.template_comment()
        {
            self.at = end;
            return Some(comment);
        }
        let opens = |open: &str| {
            self.sees(open)
                || self.at == 0 && open.strip_prefix('\n').is_some_and(|open| self.sees(open))
        };
        if let Some((open, close)) = rules.block.iter().find(|(open, _)| opens(open)) {
            let open = if self.sees(open) { open } else { open.trim_start_matches('\n') };
            let start = self.at + open.len();
            // in markup an opening without an end is most likely text
            let must_end = rules.quirk == Quirk::Markup;
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
        let mut end = self.line_end(start);
        let continues = |end: usize| {
            let line = self.bytes.get(start..end).unwrap_or_default();
            rules.quirk == Quirk::C && line.strip_suffix(b"\r").unwrap_or(line).ends_with(b"\\")
        };
        while end < self.bytes.len() && continues(end) {
            end = self.line_end(end + 1);
        }
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
    pub(super) fn ended(
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

    /// Goes past one token that is not a comment: a string, or one byte.
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
        let first = *quote.mark.as_bytes().first()?;
        let mut at = from;
        loop {
            let rest = self.bytes.get(at..)?;
            // what lies between means nothing
            let next = match (quote.escapes, quote.lines) {
                (true, true) => memchr::memchr2(first, b'\\', rest),
                (true, false) => memchr::memchr3(first, b'\\', b'\n', rest),
                (false, true) => memchr::memchr(first, rest),
                (false, false) => memchr::memchr2(first, b'\n', rest),
            }?;
            at += next;
            let rest = rest.get(next..)?;
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
}
