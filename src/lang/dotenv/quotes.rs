//! What quotes and escapes make of a value, and how readers differ on them.

const DOLLAR: &str = "docker compose and a shell expand or shorten the `$` in this value, python-dotenv keeps it; put the value in single quotes";
const BRACES_IN_SINGLE: &str =
    "python-dotenv expands `${…}` in single quotes too, docker compose and a shell do not";
const BACKTICK: &str = "backticks are part of the value for python-dotenv and docker compose, quotes for Node's dotenv, and run a command in a shell; use single quotes";
const SINGLE_ESCAPE: &str =
    "python-dotenv resolves `\\\\` and `\\'` in single quotes, docker compose and a shell do not";
const DOUBLE_ESCAPE: &str =
    "readers disagree on a backslash in this value; put the value in single quotes";

/// How readers differ on a value without quotes.
pub(super) fn plain(text: &str) -> Vec<&'static str> {
    let mut differs = Vec::new();
    if text.contains('`') {
        differs.push(BACKTICK);
    }
    if dollar_differs(text) {
        differs.push(DOLLAR);
    }
    differs
}

/// What stands in double quotes, with python-dotenv's escapes resolved.
pub(super) fn double(raw: &str) -> (String, Vec<&'static str>) {
    let mut differs = plain(raw);
    let resolve = |c| match c {
        '\\' | '\'' | '"' => Some(c),
        'a' => Some('\u{7}'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'v' => Some('\u{b}'),
        _ => None,
    };
    let (text, other) = unescape(raw, resolve, |c| !matches!(c, '\\' | '"' | 'n' | 'r' | 't'));
    if other {
        differs.push(DOUBLE_ESCAPE);
    }
    (text, differs)
}

/// What stands in single quotes.
pub(super) fn single(raw: &str) -> (String, Vec<&'static str>) {
    let mut differs = Vec::new();
    if braced(raw) {
        differs.push(BRACES_IN_SINGLE);
    }
    let resolve = |c| matches!(c, '\\' | '\'').then_some(c);
    let (text, other) = unescape(raw, resolve, |c| matches!(c, '\\' | '\''));
    if other {
        differs.push(SINGLE_ESCAPE);
    }
    (text, differs)
}

/// Resolves the escapes that `resolve` knows, makes line breaks `\n` as
/// Python's text mode does, and tells whether any escape is `disputed`.
fn unescape(
    raw: &str,
    resolve: impl Fn(char) -> Option<char>,
    disputed: impl Fn(char) -> bool,
) -> (String, bool) {
    let mut out = String::with_capacity(raw.len());
    let mut any = false;
    let mut rest = raw.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.peek().copied() {
                Some(next) => {
                    any |= disputed(next);
                    match resolve(next) {
                        Some(resolved) => {
                            rest.next();
                            out.push(resolved);
                        }
                        None => out.push('\\'),
                    }
                }
                None => out.push('\\'),
            },
            '\r' => {
                if rest.peek() == Some(&'\n') {
                    rest.next();
                }
                out.push('\n');
            }
            c => out.push(c),
        }
    }
    (out, any)
}

/// A `$` before a name or another `$`: docker compose expands `$NAME` and turns
/// `$$` into `$`, python-dotenv expands nothing but `${NAME}`.
fn dollar_differs(text: &str) -> bool {
    text.match_indices('$').any(|(at, _)| {
        text[at + 1..].starts_with(|c: char| c == '$' || c == '_' || c.is_ascii_alphabetic())
    })
}

/// `${NAME}` or `${NAME:-default}`.
fn braced(text: &str) -> bool {
    text.split_once("${").is_some_and(|(_, rest)| rest.contains('}'))
}
