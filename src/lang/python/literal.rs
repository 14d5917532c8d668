//! The value of one string literal.

use std::fmt;
use std::ops::Range;

use tree_sitter::Node;

use super::walk::children;

/// Values are kept to this length, in bytes: they are compared, not used.
const LONGEST: usize = 4096;

/// A constant text or bytes value. Its content is never printed.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Constant {
    /// The text; each byte of a bytes value is the character of that number.
    pub text: String,
    /// Whether it is bytes.
    pub bytes: bool,
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Constant(•••)")
    }
}

impl Constant {
    /// Appends another value; what exceeds the greatest length is dropped.
    pub(crate) fn push(&mut self, other: &Constant) {
        let room = LONGEST.saturating_sub(self.text.len());
        let end = other.text.floor_char_boundary(room);
        self.text.push_str(other.text.get(..end).unwrap_or_default());
        self.bytes |= other.bytes;
    }
}

/// Whether a string has `{…}` parts.
pub(crate) fn is_interpolated(string: Node<'_>) -> bool {
    let mut cursor = string.walk();
    string.named_children(&mut cursor).any(|child| child.kind() == "interpolation")
}

/// The bytes of the file between the quotes.
pub(crate) fn content_range(string: Node<'_>) -> Range<usize> {
    let parts = children(string);
    let start = parts
        .iter()
        .find(|part| part.kind() == "string_start")
        .map_or(string.start_byte(), Node::end_byte);
    let end = parts
        .iter()
        .rev()
        .find(|part| part.kind() == "string_end")
        .map_or(string.end_byte(), Node::start_byte);
    start..end.max(start)
}

/// The value of the text between two interpolations, or of a whole plain string.
pub(super) fn content(text: &str, string: Node<'_>, content: Node<'_>) -> Constant {
    decode(prefix(text, string), text.get(content.byte_range()).unwrap_or_default())
}

/// An empty value of the string's kind.
pub(super) fn empty(text: &str, string: Node<'_>) -> Constant {
    decode(prefix(text, string), "")
}

fn prefix<'t>(text: &'t str, string: Node<'_>) -> &'t str {
    let whole = text.get(string.byte_range()).unwrap_or_default();
    whole.split(['"', '\'']).next().unwrap_or_default()
}

fn decode(prefix: &str, raw: &str) -> Constant {
    let has = |letter: char| prefix.chars().any(|c| c.eq_ignore_ascii_case(&letter));
    let bytes = has('b');
    let mut out = String::new();
    let push = |out: &mut String, c: char| {
        if bytes && !c.is_ascii() {
            let mut buffer = [0; 4];
            out.extend(c.encode_utf8(&mut buffer).bytes().map(char::from));
        } else {
            out.push(c);
        }
    };
    let mut rest = raw.chars().peekable();
    while let Some(c) = rest.next() {
        if out.len() >= LONGEST {
            break;
        }
        // Python reads every kind of line end as a line feed
        if c == '\r' {
            rest.next_if_eq(&'\n');
            out.push('\n');
            continue;
        }
        if c != '\\' || has('r') {
            push(&mut out, c);
            continue;
        }
        let Some(escaped) = rest.next() else {
            out.push('\\');
            break;
        };
        match escaped {
            '\n' => {}
            '\r' => {
                rest.next_if_eq(&'\n');
            }
            '\\' | '\'' | '"' => out.push(escaped),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\u{b}'),
            '0'..='7' => {
                let mut value = escaped.to_digit(8).unwrap_or_default();
                for _ in 0..2 {
                    let Some(digit) = rest.peek().and_then(|c| c.to_digit(8)) else { break };
                    value = value * 8 + digit;
                    rest.next();
                }
                out.extend(char::from_u32(value));
            }
            'x' => out.extend(hex(&mut rest, 2)),
            'u' if !bytes => out.extend(hex(&mut rest, 4)),
            'U' if !bytes => out.extend(hex(&mut rest, 8)),
            other => {
                out.push('\\');
                push(&mut out, other);
            }
        }
    }
    Constant { text: out, bytes }
}

fn hex(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, digits: usize) -> Option<char> {
    let mut value = 0u32;
    for _ in 0..digits {
        let digit = rest.peek()?.to_digit(16)?;
        value = value.checked_mul(16)? + digit;
        rest.next();
    }
    char::from_u32(value)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes_are_resolved() {
        let cases = [
            ("", r"a\tb\n\\\'", "a\tb\n\\'"),
            ("r", r"a\tb", r"a\tb"),
            ("b", r#"_5#y2L"F4Q8z\n\xec]/"#, "_5#y2L\"F4Q8z\n\u{ec}]/"),
            ("B", "é", "\u{c3}\u{a9}"),
            ("u", r"\u00e9\U0001F600", "é😀"),
            ("", r"\101\0", "A\0"),
            ("", "a\\\r\nb\r\nc", "ab\nc"),
            ("", r"\q\", r"\q\"),
            ("", r"\xZZ", "ZZ"),
            ("b", r"\u00e9", r"\u00e9"),
        ];
        for (prefix, raw, expected) in cases {
            assert_eq!(decode(prefix, raw).text, expected, "{prefix} {raw}");
        }
    }

    #[test]
    fn a_value_is_never_printed_and_stays_short() {
        assert_eq!(format!("{:?}", decode("", "hunter2")), "Constant(•••)");
        assert!(decode("", &"x".repeat(1 << 20)).text.len() <= 4096);
    }
}
