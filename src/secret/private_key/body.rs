//! What stands below the first line of a key.

use std::sync::LazyLock;

use regex::Regex;

use crate::secret::placeholder::is_placeholder;

/// So much is looked at, in bytes.
const WINDOW: usize = 8 * 1024;

/// A body of so many characters is a key's.
const KEY: usize = 32;

/// Pieces of a key are as long as this, but for the last.
const PIECE: usize = 16;

/// A run of so many characters is a key's, whatever stands before it.
const ALONE: usize = 48;

/// Of a body that was cut off so little tells nothing.
const CUT_OFF: usize = 400;

/// Ends of lines, as the strings of a language, URLs and HTML have them.
static LINE_ENDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\\+(?:[nrt]|u000[ad]|x0[ad])|%0[ad]|&#(?:10|13|x[ad]);|<br\s*/?>").ok()
});

/// Headers within a key (RFC 1421, RFC 9580).
static HEADERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\b(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Subject):[^\n"']*"#).ok()
});

/// A body, its escapes read.
pub(super) struct Body {
    text: String,
    /// The runs that follow each other from its beginning.
    pub(super) joined: String,
    /// Where it ends at the latest, in the text that it is of.
    pub(super) end: usize,
}

impl Body {
    /// What follows a place, up to what ends a key.
    pub(super) fn behind(text: &str, from: usize) -> Self {
        let mut end = text.len().min(from + WINDOW);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let window = text.get(from..end).unwrap_or_default();
        let window = window.find("-----").and_then(|dashes| window.get(..dashes)).unwrap_or(window);
        let lines = match &*LINE_ENDS {
            Some(ends) => ends.replace_all(window, "\n"),
            None => window.into(),
        };
        let text = lines.replace("\\/", "/").replace("%2B", "+").replace("%2F", "/");
        let text = text.replace("%3D", "=");
        let bare =
            HEADERS.as_ref().map_or_else(|| text.clone(), |h| h.replace_all(&text, "").into());
        Self { joined: joined(&bare), text, end: from + window.len() }
    }

    /// Whether it is that of a key: long enough, and not cut off.
    pub(super) fn is_key(&self) -> bool {
        let all = || self.runs().map(str::len).filter(|length| *length >= PIECE).sum::<usize>();
        let cut = ["...", "…", "[snip", "<snip", "REDACTED", "redacted", "truncated"];
        let found = self.joined.len() >= KEY && is_mixed(&self.joined)
            || self.runs().any(|run| run.len() >= ALONE && is_mixed(run) && turns(run));
        found
            && !is_placeholder(&self.joined)
            && !(all() < CUT_OFF && cut.iter().any(|mark| self.text.contains(mark)))
    }

    /// Whether the first line holds something that is Base64 and no placeholder.
    pub(super) fn is_something(&self) -> bool {
        let marks = |c: char| c.is_whitespace() || "\"'`+,;#*/>|".contains(c);
        self.text
            .replace('\\', "\n")
            .lines()
            .map(|line| line.trim_matches(marks))
            .find(|line| !line.is_empty() && !line.contains(": "))
            .map(|line| line.split(marks).next().unwrap_or_default())
            .is_some_and(|body| {
                body.len() >= 4
                    && body.chars().all(|c| c.is_ascii_alphanumeric() || "=+/".contains(c))
                    && !is_placeholder(body)
            })
    }

    /// How many characters the runs have that follow each other.
    pub(super) fn length(&self) -> usize {
        self.joined.len()
    }

    /// Whether it says that a passphrase protects the key.
    pub(super) fn is_encrypted(&self) -> bool {
        /// How OpenSSH's keys begin, and go on without a passphrase.
        const OPENSSH: &str = "b3BlbnNzaC1rZXktdjEAAAAA";
        const OPEN: &str = "BG5vbmU";
        self.text.contains("4,ENCRYPTED")
            || self.joined.strip_prefix(OPENSSH).is_some_and(|rest| !rest.starts_with(OPEN))
    }

    fn runs(&self) -> impl Iterator<Item = &str> {
        runs(&self.text)
    }
}

/// The runs of letters that Base64 has.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let other = |c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c));
    text.split(other).filter(|run| run.len() > 2 && run.contains(|c: char| c.is_alphanumeric()))
}

/// The pieces from the beginning on, between which nothing but signs and the
/// letters before strings stand.
fn joined(text: &str) -> String {
    let mut joined = String::new();
    for run in runs(text) {
        joined.push_str(run);
        if run.len() < PIECE {
            break;
        }
    }
    joined
}

/// Whether capital and small letters and digits stand in it, as in Base64 of
/// random bytes, and it is not a path.
fn is_mixed(run: &str) -> bool {
    let has = |what: fn(&u8) -> bool| run.bytes().any(|b| what(&b));
    has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && run.matches('/').count() * 8 <= run.len()
}

/// Whether its letters change between capital, small and digit as no name does.
fn turns(run: &str) -> bool {
    let kind = |b: &u8| (b.is_ascii_uppercase(), b.is_ascii_digit());
    let bytes = run.as_bytes();
    let turns = bytes.windows(2).filter(|two| matches!(two, [a, b] if kind(a) != kind(b))).count();
    turns * 5 >= run.len() * 2
}
