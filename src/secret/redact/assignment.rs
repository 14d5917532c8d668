//! Values that are assigned to a name that says they are secret, in env files,
//! Python, YAML, JSON, shells and markup.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::secret::names_secret;

/// Without one of these no name says that its value is secret.
pub(super) const SIGN: &str =
    r"secret|passw|passphrase|passcode|pwd|pass|token|key|dsn|cred|salt|pepper|private|pat\b";

/// A name, and what stands between it and its value: a closing quote or
/// bracket, a type, then `=`, `:`, `=>`, a comma behind a quoted name, `>` of a
/// tag, or the blank behind an option.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?P<before> --? | < | \\?["'`] )?
        (?P<name> [A-Za-z_][A-Za-z0-9_.-]* )
        (?P<quote> \\?["'`] )? \s* \]? \s*
        (?P<sign> :\s*[A-Za-z_][\w.\[\]|,\ ]*\s*=[^=] | [:!=]?=[>=]? | : | , | > | \ )
        "#,
    )
    .ok()
});

/// The ranges of the values of all such assignments.
pub(super) fn find(line: &str) -> Vec<Range<usize>> {
    let Some(names) = NAME.as_ref() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(caught) = line.get(next..).and_then(|rest| names.captures(rest)) {
        let at = next;
        let part =
            |name: &str| caught.name(name).map(|m| (m.start() + at, m.end() + at, m.as_str()));
        let (Some((start, name_end, name)), Some((_, mut end, sign))) =
            (part("name"), part("sign"))
        else {
            break;
        };
        next = name_end;
        if !names_secret(name) {
            continue;
        }
        let before = part("before").map_or("", |(_, _, text)| text);
        let quoted = part("quote").is_some();
        let fits = match sign {
            "," => quoted,
            ">" => before == "<",
            " " => before.starts_with('-') && before.len() + name.len() > 3,
            _ => true,
        };
        // an annotation's sign took one character of the value
        if sign.len() > 2 && sign.starts_with(':') {
            end -= sign.chars().next_back().map_or(0, char::len_utf8);
        }
        if !fits {
            continue;
        }
        let site = Site {
            opens: opens(line, start),
            tight: end == name_end + 1 && !line.get(end..).unwrap_or_default().starts_with(' '),
            sign: sign.chars().next_back().filter(|_| sign.len() == 1).unwrap_or('='),
            quoted,
        };
        value(line, end, &site, &mut found);
    }
    found
}

/// How an assignment stands on its line.
struct Site {
    /// Nothing but an indent, `export`, `-`, `#` and the like stands before it.
    opens: bool,
    /// No blank stands around the sign.
    tight: bool,
    sign: char,
    /// The name is in quotes.
    quoted: bool,
}

/// Whether the name at `start` is the first thing on its line.
fn opens(line: &str, start: usize) -> bool {
    let before = line.get(..start).unwrap_or_default();
    let before = before.trim_end_matches(['"', '\'']).trim();
    ["", "export", "set", "setx", "env", "ENV", "ARG", "-", "-e", "#", "//", "+", "*", "--", "- -e"]
        .contains(&before)
        || before.trim_start_matches(['#', '-', '+', ' ']) == "export"
}

/// Adds what is secret of the value that begins at `at`.
fn value(line: &str, at: usize, site: &Site, found: &mut Vec<Range<usize>>) {
    let rest = line.get(at..).unwrap_or_default();
    let value = rest.trim_start_matches([' ', '\t']);
    let start = at + rest.len() - value.len();
    if value.is_empty() || is_reference(value) {
        return;
    }
    if literal_start(value).is_some() {
        return expression(line, start, found);
    }
    if site.sign == ',' {
        // another argument
        return;
    }
    let whole_line = site.opens && !site.quoted && (site.tight && site.sign == '=');
    let bracketed =
        !whole_line && value.starts_with(['(', '[', '{']) && value.contains(['"', '\'']);
    if bracketed || is_code(value, whole_line) {
        return expression(line, start, found);
    }
    let yaml = site.opens && site.sign == ':' && !site.quoted;
    let word = value.find(|c: char| c.is_whitespace() || "\"',;)}]".contains(c));
    let (word, behind) = value.split_at_checked(word.unwrap_or(value.len())).unwrap_or((value, ""));
    let end = if site.sign == '>' {
        value.find('<').unwrap_or(value.len())
    } else if (!whole_line && is_constant(word)) || (!yaml && is_variable(word, behind, site)) {
        return;
    } else if whole_line {
        value.len()
    } else if yaml {
        yaml_end(value)
    } else {
        word.len()
    };
    // a quote or bracket that opens the value and is taken as part of it
    let end = if end == 0 { value.len() } else { end };
    found.push(start..start + end);
}

/// Where a plain value of YAML ends: at a comment, or where the next key of a
/// mapping on one line begins.
fn yaml_end(value: &str) -> usize {
    let next_key = value.match_indices(", ").map(|(at, _)| at).find(|at| {
        let rest = value.get(at + 2..).unwrap_or_default();
        let key = rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        key.len() < rest.len() && key.starts_with(": ")
    });
    let comment = value.find(" #");
    [next_key, comment].into_iter().flatten().min().unwrap_or(value.len())
}

/// Masks every string of an expression but the keys by which something is
/// looked up: `os.environ.get("SECRET_KEY", "…")`.
fn expression(line: &str, start: usize, found: &mut Vec<Range<usize>>) {
    let mut at = start;
    let mut depth = 0usize;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(opening) = literal_start(rest) {
            let inner = at + opening.prefix + opening.quote.len();
            let text = line.get(inner..).unwrap_or_default();
            let length = closing(text, opening.quote);
            let before = line.get(start..at).unwrap_or_default();
            let text = text.get(..length).unwrap_or_default();
            if !text.is_empty() && !is_reference(text) && !looks_up(before) {
                found.push(inner..inner + length);
            }
            at =
                inner + length + opening.quote.len().min(line.len().saturating_sub(inner + length));
            continue;
        }
        let Some(c) = rest.chars().next() else { break };
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' | ';' if depth == 0 => break,
            '#' => break,
            _ => {}
        }
        at += c.len_utf8();
    }
}

struct Opening {
    /// The length of what stands before the quote: `b`, `rb`, `f`.
    prefix: usize,
    quote: &'static str,
}

/// Whether a string begins here.
fn literal_start(text: &str) -> Option<Opening> {
    let letters = text.bytes().take_while(|b| b"rRbBfFuU".contains(b)).count();
    if letters > 2 {
        return None;
    }
    let rest = text.get(letters..)?;
    ["\"\"\"", "'''", "\\\"", "\\'", "\"", "'", "`"]
        .into_iter()
        .find(|quote| rest.starts_with(quote))
        // `""` is an empty string, not the start of a long one
        .map(|quote| Opening { prefix: letters, quote })
}

/// The length of a string up to its closing quote, or to the line's end.
fn closing(text: &str, quote: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if !escaped && text.get(at..).is_some_and(|rest| rest.starts_with(quote)) {
            return at;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// Whether the string behind this is a key or the name of a variable.
fn looks_up(before: &str) -> bool {
    let before = before.trim_end();
    if let Some(object) = before.strip_suffix('[') {
        return object.ends_with(|c: char| c.is_alphanumeric() || "_)]".contains(c));
    }
    before.strip_suffix('(').is_some_and(|call| {
        let name = call.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next();
        matches!(
            name,
            Some("get" | "getenv" | "env" | "environ" | "config" | "pop" | "str" | "secret")
        )
    })
}

/// Whether something else stands for the value: `${NAME}`, `{{ name }}`, `<name>`.
fn is_reference(value: &str) -> bool {
    let value = value.trim();
    let within = |open: &str, close: &str| {
        value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(|inner| {
            !inner.is_empty()
                && inner.chars().all(|c| c.is_ascii_alphanumeric() || "_-. :?".contains(c))
        })
    };
    within("${", "}")
        || within("{{", "}}")
        || within("<", ">")
        || within("$((", "))")
        || value.strip_prefix('$').is_some_and(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        })
}

/// Whether the value is computed: an attribute, an element, a call. In an env
/// file's line only what reads the environment counts as code.
fn is_code(value: &str, strict: bool) -> bool {
    const HEADS: &[&str] = &[
        "os.",
        "self.",
        "cls.",
        "request.",
        "app.",
        "current_app.",
        "config.",
        "config[",
        "settings.",
        "env(",
        "env.",
        "environ",
        "getenv(",
        "os.environ",
        "secrets.",
        "hashlib.",
        "bcrypt.",
        "form.",
        "args.",
        "process.env",
        "session[",
        "session.",
        "data[",
        "kwargs[",
        "lambda",
        "await ",
        "not ",
        "user.",
        "this.",
        "req.",
        "$(",
    ];
    if HEADS.iter().any(|head| value.starts_with(head)) {
        return true;
    }
    if strict {
        return false;
    }
    let name = value.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
    let Some((name, rest)) = name.and_then(|end| value.split_at_checked(end)) else {
        return false;
    };
    let closes = match rest.chars().next() {
        Some('(') => rest.contains(')') || rest.trim_end() == "(",
        Some('[') => rest.contains(']'),
        _ => false,
    };
    closes && name.len() > 1 && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// Whether a bare word is a constant or a type.
fn is_constant(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "none",
        "null",
        "nil",
        "true",
        "false",
        "yes",
        "no",
        "str",
        "bytes",
        "string",
        "int",
        "bool",
        "text",
        "any",
        "optional",
        "required",
        "secretstr",
        "self",
        "{",
        "[",
        "(",
        "|",
        ">",
        "|-",
        ">-",
        "...",
        "{}",
        "[]",
        "()",
        "is",
        "in",
        "are",
        "and",
        "or",
        "if",
        "else",
        "todo",
        "column",
        "field",
    ];
    WORDS.iter().any(|constant| word.eq_ignore_ascii_case(constant))
}

/// Whether a bare word is another variable: `password=raw_password`. At the
/// start of a line only what an env file would not write is taken for one.
fn is_variable(word: &str, behind: &str, site: &Site) -> bool {
    let code = !site.opens || !site.tight || behind.starts_with([',', ')']);
    site.sign == '='
        && code
        && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        && names_secret(word)
}
