//! Text from outside, made safe to show.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text in which nothing can move a cursor, change a colour or reorder letters.
///
/// Whatever comes from a repository, a checklist, a record or a command passes
/// through here where it enters the model, so that the screen and every report
/// show the same thing. Control characters become their visible pictures
/// (`␛` for escape), characters that reorder or hide text become `<U+202E>`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CleanText(String);

impl CleanText {
    /// One line: line breaks and tabs become visible too.
    pub fn line(text: impl AsRef<str>) -> Self {
        Self(clean(text.as_ref(), false))
    }

    /// Several lines: line feeds stay, a tab becomes four spaces.
    pub fn block(text: impl AsRef<str>) -> Self {
        Self(clean(text.as_ref(), true))
    }

    /// One line of bytes that should be UTF-8; other bytes become `U+FFFD`.
    pub fn bytes(bytes: &[u8]) -> Self {
        Self::line(String::from_utf8_lossy(bytes))
    }

    /// The safe text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for CleanText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for CleanText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl AsRef<str> for CleanText {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for CleanText {
    fn from(text: &str) -> Self {
        Self::line(text)
    }
}

impl From<String> for CleanText {
    fn from(text: String) -> Self {
        Self::line(text)
    }
}

impl Serialize for CleanText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CleanText {
    /// As [`CleanText::block`]: what is read from a record may have lines.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::block)
    }
}

fn clean(text: &str, block: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' if block => out.push('\n'),
            '\t' if block => out.push_str("    "),
            '\r' if block && rest.peek() == Some(&'\n') => {}
            '\0'..='\u{1f}' => out.push(picture(c as u32)),
            '\u{7f}' => out.push('␡'),
            c if is_deceptive(c) => out.push_str(&format!("<U+{:04X}>", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// The "control pictures" block of Unicode mirrors the C0 controls from U+2400.
fn picture(control: u32) -> char {
    char::from_u32(0x2400 + control).unwrap_or('\u{fffd}')
}

/// C1 controls, bidirectional marks and overrides, invisible and separating
/// characters, tags: the set of Unicode TR36 §2 and the "Trojan Source" paper.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::CleanText;

    #[test]
    fn controls_become_visible() {
        let cases = [
            ("plain", "plain"),
            ("\u{1b}[31mred", "␛[31mred"),
            ("a\nb\tc", "a␊b␉c"),
            ("admin\u{202e}txt", "admin<U+202E>txt"),
            ("zero\u{200b}width", "zero<U+200B>width"),
            ("\u{9b}31m", "<U+009B>31m"),
            ("\u{7f}", "␡"),
            ("naïve – 日本", "naïve – 日本"),
        ];
        for (given, expected) in cases {
            assert_eq!(CleanText::line(given).as_str(), expected, "{given:?}");
        }
    }

    #[test]
    fn a_block_keeps_its_lines() {
        let block = CleanText::block("one\r\n\ttwo\rthree\n");
        assert_eq!(block.as_str(), "one\n    two␍three\n");
    }

    #[test]
    fn text_that_is_read_is_made_safe_and_stays_as_it_is() {
        let read: CleanText = serde_json::from_str(r#""a\u001b[2J\nb\u202e""#).expect("text");
        assert_eq!(read.as_str(), "a␛[2J\nb<U+202E>");
        let written = serde_json::to_string(&read).expect("JSON");
        assert_eq!(serde_json::from_str::<CleanText>(&written).expect("text"), read);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        assert_eq!(CleanText::bytes(b"a\xffb").as_str(), "a\u{fffd}b");
    }
}
