//! Takes an env file apart the way python-dotenv's parser does.

use std::ops::Range;

use secrecy::SecretString;

use super::quotes::{double, plain, single};
use super::{EnvEntry, EnvFile, EnvProblem};

const BOM: &str = "the file begins with a byte order mark, which some readers take as part of the first name; save it as UTF-8 without one";
const NUL: &str = "there is a NUL character here, which no environment variable can hold";
const NO_EQUALS: &str = "no `=` follows this name, so no value is set; write `NAME=value`";
const YAML: &str = "`NAME: value` is YAML, and python-dotenv drops it; write `NAME=value`";
const NO_NAME: &str = "there is no name before the `=`; write `NAME=value`";
const NO_ASSIGNMENT: &str =
    "this line is not an assignment; write `NAME=value`, or `#` before a comment";
const UNCLOSED: &str =
    "the quote that opens this value is not closed, so readers drop the variable; close it";
const AFTER_QUOTE: &str = "text follows the closing quote, so python-dotenv drops the variable; quote the whole value, or put ` #` before a comment";
const SWALLOWED: &str = "the quote that opens here closes on a later line where text follows, so every line between is lost; close it on its own line";
const NAME_REFUSED: &str =
    "docker compose refuses a file with this name; use letters, digits and `_`";

const NAME: &str = "a shell takes no such name: letters, digits and `_` only, no digit first";

/// Reads a whole file.
pub(super) fn read(text: &str) -> EnvFile {
    let mut reader = Reader { text, at: 0, line: 1, line_start: 0, out: EnvFile::default() };
    if text.starts_with('\u{feff}') {
        reader.problem(BOM);
        reader.advance('\u{feff}'.len_utf8());
        // columns count what an editor shows
        reader.line_start = reader.at;
    }
    while reader.at < text.len() {
        reader.binding();
    }
    reader.nul_characters();
    reader.out
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The line of `at`, from 1.
    line: u32,
    /// The byte at which it begins.
    line_start: usize,
    out: EnvFile,
}

/// Where a key stands.
#[derive(Clone, Copy)]
struct Mark {
    line: u32,
    column: u32,
    line_start: usize,
}

impl Reader<'_> {
    /// One assignment, comment or blank stretch.
    fn binding(&mut self) {
        self.skip_while(is_space);
        if self.at == self.text.len() {
            return;
        }
        if self.peek() == Some('#') {
            return self.rest_of_line();
        }
        let start = self.mark();
        self.export();
        let mark = self.mark();
        let Some(key) = self.key() else {
            let message = if self.peek() == Some('=') { NO_NAME } else { NO_ASSIGNMENT };
            return self.fail(start, message);
        };
        self.skip_while(is_blank);
        if self.peek() != Some('=') {
            return self.no_value(start, &key);
        }
        self.advance(1);
        let before = self.at;
        self.skip_while(is_blank);
        let spaced = self.at > before;
        let Some(value) = self.value(spaced) else {
            return self.fail(mark, UNCLOSED);
        };
        if !self.only_comment_follows() {
            let message = if self.line > mark.line { SWALLOWED } else { AFTER_QUOTE };
            return self.fail(mark, message);
        }
        self.rest_of_line();
        self.keep(mark, key, value);
    }

    fn keep(&mut self, mark: Mark, key: String, mut value: Value) {
        if !is_shell_name(&key) {
            value.differs.push(NAME);
        }
        if !key.chars().all(|c| c.is_ascii_alphanumeric() || "_.-[]".contains(c)) {
            self.out.problems.push(mark.problem(NAME_REFUSED));
        }
        self.out.entries.push(EnvEntry {
            key,
            value: SecretString::from(value.text),
            line: mark.line,
            column: mark.column,
            value_span: value.span,
            line_start: mark.line_start,
            differs: value.differs,
        });
    }

    /// A name without `=`: harmless alone, dropped with what follows otherwise.
    fn no_value(&mut self, start: Mark, key: &str) {
        let alone = self.only_comment_follows();
        let message = match (key.contains(':'), alone) {
            (true, _) => YAML,
            (false, true) => NO_EQUALS,
            (false, false) if self.peek() == Some(':') => YAML,
            (false, false) => NO_ASSIGNMENT,
        };
        self.fail(start, message);
    }

    fn export(&mut self) {
        let rest = &self.text[self.at..];
        if let Some(after) = rest.strip_prefix("export")
            && after.starts_with(is_blank)
        {
            self.advance("export".len());
            self.skip_while(is_blank);
        }
    }

    fn key(&mut self) -> Option<String> {
        let rest = &self.text[self.at..];
        if let Some(inner) = rest.strip_prefix('\'') {
            let end = inner.find('\'').filter(|&end| end > 0)?;
            let key = inner[..end].to_owned();
            self.advance(end + 2);
            return Some(key);
        }
        let end = rest.find(|c| c == '=' || c == '#' || is_space(c)).unwrap_or(rest.len());
        let key = rest.get(..end).filter(|key| !key.is_empty())?.to_owned();
        self.advance(end);
        Some(key)
    }

    /// The value at this place; none when its quote is not closed.
    fn value(&mut self, spaced: bool) -> Option<Value> {
        match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            None | Some('\n' | '\r') => Some(Value::empty(self.at)),
            // a comment behind no value; versions before 1.2 took it as the value
            Some('#') if spaced => Some(Value::empty(self.at)),
            Some(_) => Some(self.unquoted()),
        }
    }

    fn quoted(&mut self, quote: char) -> Option<Value> {
        let inner = &self.text[self.at + 1..];
        let mut escaped = false;
        let end = inner.find(|c| {
            let closes = c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        })?;
        let raw = &inner[..end];
        let (text, differs) = if quote == '"' { double(raw) } else { single(raw) };
        let span = self.at..self.at + end + 2;
        self.advance(end + 2);
        Some(Value { text, span, differs })
    }

    fn unquoted(&mut self) -> Value {
        let rest = &self.text[self.at..];
        let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        let text = before_comment(line).trim_end_matches(is_space).to_owned();
        let differs = plain(&text);
        let span = self.at..self.at + text.len();
        self.advance(text.len());
        Value { text, span, differs }
    }

    /// Whether nothing but a comment stands between here and the line's end.
    fn only_comment_follows(&self) -> bool {
        let rest = self.text[self.at..].trim_start_matches(is_blank);
        rest.is_empty() || rest.starts_with(['#', '\n', '\r'])
    }

    fn fail(&mut self, mark: Mark, message: &'static str) {
        self.out.problems.push(mark.problem(message));
        self.rest_of_line();
    }

    fn nul_characters(&mut self) {
        if !self.text.contains('\0') {
            return;
        }
        let mut walk =
            Reader { text: self.text, at: 0, line: 1, line_start: 0, out: EnvFile::default() };
        let mut told = 0;
        while let Some(next) = self.text[walk.at..].find('\0') {
            walk.advance(next);
            if walk.line > told {
                self.out.problems.push(walk.mark().problem(NUL));
                told = walk.line;
            }
            walk.advance(1);
        }
        self.out.problems.sort_by_key(|problem| (problem.line, problem.column));
    }

    fn problem(&mut self, message: &'static str) {
        let problem = self.mark().problem(message);
        self.out.problems.push(problem);
    }

    fn mark(&self) -> Mark {
        let column = self.text[self.line_start..self.at].chars().count() + 1;
        let column = u32::try_from(column).unwrap_or(u32::MAX);
        Mark { line: self.line, column, line_start: self.line_start }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_while(&mut self, keep: fn(char) -> bool) {
        let rest = &self.text[self.at..];
        self.advance(rest.len() - rest.trim_start_matches(keep).len());
    }

    /// Goes to the start of the next line.
    fn rest_of_line(&mut self) {
        let rest = &self.text[self.at..];
        let end = match rest.find(['\n', '\r']) {
            Some(end) if rest[end..].starts_with("\r\n") => end + 2,
            Some(end) => end + 1,
            None => rest.len(),
        };
        self.advance(end);
    }

    /// Goes on by `bytes`, counting lines: `\n`, `\r\n` and `\r` each end one.
    fn advance(&mut self, bytes: usize) {
        let end = self.at + bytes;
        while let Some(next) = self.text[self.at..end].find(['\n', '\r']) {
            let pair = self.text[self.at + next..end].starts_with("\r\n");
            self.at += next + if pair { 2 } else { 1 };
            self.line = self.line.saturating_add(1);
            self.line_start = self.at;
        }
        self.at = end;
    }
}

impl Mark {
    fn problem(self, message: &'static str) -> EnvProblem {
        EnvProblem { line: self.line, column: self.column, message }
    }
}

struct Value {
    text: String,
    span: Range<usize>,
    differs: Vec<&'static str>,
}

impl Value {
    fn empty(at: usize) -> Self {
        Self { text: String::new(), span: at..at, differs: Vec::new() }
    }
}

/// A line up to the first white space that a `#` follows.
fn before_comment(line: &str) -> &str {
    for (at, _) in line.match_indices('#') {
        let before = &line[..at];
        let trimmed = before.trim_end_matches(is_space);
        if trimmed.len() < before.len() {
            return trimmed;
        }
    }
    line
}

fn is_shell_name(key: &str) -> bool {
    key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !key.starts_with(|c: char| c.is_ascii_digit())
}

/// White space to Python's `re`: that of Unicode and four separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn is_blank(c: char) -> bool {
    is_space(c) && c != '\n' && c != '\r'
}
