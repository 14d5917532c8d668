//! What people write in patterns that is meant for another language: shells,
//! regular expressions, lists in one text. Taken as a glob it matches nothing.

use std::borrow::Cow;

use crate::model::CleanText;

/// Bytes of one pattern.
const LONGEST: usize = 16_384;

/// A path as a pattern that matches it and nothing else.
pub(super) fn escape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if "*?[]{}\\,|!~^$()@+: '\"`".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether a text can be the path of one file that a person meant.
///
/// # Errors
/// What is wrong with it, to follow its name.
pub fn path_as_written(path: &str) -> Result<(), String> {
    let several = path.split_once('{').is_some_and(|(_, rest)| {
        rest.split('}').next().is_some_and(|inner| inner.contains(',') && rest.contains('}'))
    });
    if path.contains(['*', '?']) || several {
        return Err("takes no wildcard; name one file".to_owned());
    }
    if path.contains(char::is_control) {
        return Err("has a line break or another control character in it; write it on one line, without `|`".to_owned());
    }
    if path.trim() != path {
        return Err(format!("begins or ends with a space; write `{}`", shown(path.trim())));
    }
    if path.contains('\\') {
        return Err(format!(
            "has a backslash, which parts no folders; write `{}`",
            shown(&path.replace('\\', "/"))
        ));
    }
    // a path is put into its plain form, in which `a/../b` is `b`
    let plain: Vec<&str> = path.split('/').filter(|part| *part != "..").collect();
    match foreign(&plain.join("/")) {
        Some(wrong) if !path.starts_with('!') => Err(wrong),
        _ => Ok(()),
    }
}

/// What a pattern is called in a sentence.
pub(super) fn shown(pattern: &str) -> String {
    const MOST: usize = 60;
    let cut = match pattern.char_indices().nth(MOST) {
        Some((at, _)) => Cow::Owned(format!("{}…", &pattern[..at])),
        None => Cow::Borrowed(pattern),
    };
    CleanText::line(&cut).to_string()
}

/// What is wrong with the text of a pattern, to follow its name.
pub(super) fn wrong(pattern: &str) -> Option<String> {
    if pattern.len() > LONGEST {
        return Some(format!("is longer than {LONGEST} bytes; make it several"));
    }
    if pattern.contains(char::is_control) {
        return Some(
            "has a line break or another control character in it; write it on one line, in quotes, without `|`"
                .to_owned(),
        );
    }
    if pattern.contains("://") {
        return Some("is an address; name files of the repository".to_owned());
    }
    foreign(pattern).or_else(|| marks(pattern)).or_else(|| parts(pattern))
}

/// What begins in the way of a shell, of Windows or of `.gitignore`.
fn foreign(pattern: &str) -> Option<String> {
    let bytes = pattern.as_bytes();
    if let Some(rest) = pattern.strip_prefix('!') {
        return Some(format!(
            "begins with `!`, which turns nothing round here; leave files out by `exclude` where the kind has it (a name that begins so is written `\\!{}`)",
            shown(rest)
        ));
    }
    let home = pattern == "~" || pattern.starts_with("~/");
    let variable = pattern.strip_prefix('$').is_some_and(|rest| {
        let name = rest.split('/').next().unwrap_or_default();
        rest.contains('/')
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
    });
    if pattern.split('/').any(|part| part == "..") {
        return Some(
            "leaves the repository; patterns are relative to its root, without `..`".to_owned(),
        );
    }
    if home || variable {
        return Some("leaves the repository; patterns are relative to its root, and no variable of the shell is filled in".to_owned());
    }
    let drive = bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    if pattern.starts_with('/') || drive && matches!(bytes[2], b'/' | b'\\') {
        return Some("leaves the repository; patterns are relative to its root".to_owned());
    }
    let quoted = |quote: u8| {
        bytes.len() > 1 && bytes.first() == Some(&quote) && bytes.last() == Some(&quote)
    };
    if quoted(b'"') || quoted(b'\'') || quoted(b'`') {
        let inner = &pattern[1..pattern.len() - 1];
        return Some(format!("has quotes within quotes; write `{}`", shown(inner)));
    }
    None
}

/// Marks of other languages of patterns.
fn marks(pattern: &str) -> Option<String> {
    const EXPRESSION: &str =
        "looks like a regular expression, and a pattern of paths is a glob such as `*.py`";
    if pattern.starts_with('^') {
        return Some(
            format!("{EXPRESSION} (a name that begins with `^` is written `[\\^]…`)")
                .replace("[\\^]", "\\^"),
        );
    }
    if pattern.ends_with('$') && !pattern.ends_with("\\$") {
        return Some(format!("{EXPRESSION} (a name that ends in `$` is written `…\\$`)"));
    }
    let chars: Vec<char> = pattern.chars().collect();
    let (mut class, mut braces, mut at) = (None, 0_usize, 0);
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        if let Some(start) = class {
            match c {
                '[' if matches!(next, Some(':' | '.' | '=')) => {
                    return Some("has a class such as `[:alpha:]`, which is not known here; write `[A-Za-z]`".to_owned());
                }
                '/' if !matches!(chars[start + 1], '!' | '^') => {
                    return Some("has a `/` between `[` and `]`, where none is ever matched; write `{a/b,c}`".to_owned());
                }
                ']' if at > start + 1 + usize::from(matches!(chars[start + 1], '!' | '^')) => {
                    class = None
                }
                _ => {}
            }
            at += 1;
            continue;
        }
        match (c, next) {
            ('\\', Some(next)) if next.is_alphanumeric() || "._/-".contains(next) => {
                let parted = pattern.replace("\\\\", "/").replace('\\', "/");
                return Some(match next {
                    '.' | '/' => format!(
                        "has a backslash before `{next}`, which needs none; {}",
                        "a pattern of paths is a glob such as `*.py`, no regular expression"
                    ),
                    _ => format!(
                        "has a backslash, which parts no folders; write `{}`",
                        shown(&parted)
                    ),
                });
            }
            ('\\', _) => at += 1,
            ('[', Some(_)) => class = Some(at),
            ('{', _) => {
                braces += 1;
                let inner: String = chars[at + 1..].iter().take_while(|&&c| c != '}').collect();
                let range = inner.split_once("..").is_some_and(|(from, to)| {
                    !from.is_empty() && !to.is_empty() && !inner.contains([',', '{', '/'])
                });
                if range {
                    return Some(format!(
                        "has `{{{}}}`, which counts nothing here; write `{{1,2,3}}` or `[1-3]`",
                        shown(&inner)
                    ));
                }
            }
            ('}', _) => braces = braces.saturating_sub(1),
            ('|', _) => {
                return Some(
                    "has a `|`; write `{a,b}` for one of several (a name with it is written `\\|`)"
                        .to_owned(),
                );
            }
            ('@' | '!' | '+', Some('(')) if chars[at..].contains(&')') => {
                return Some(format!("has `{c}(…)`, which is not known here; write `{{a,b}}`"));
            }
            ('(', Some('?')) => {
                let flags: String = chars[at + 2..]
                    .iter()
                    .take_while(|c| c.is_ascii_alphabetic() || "-:".contains(**c))
                    .collect();
                let closed = chars.get(at + 2 + flags.len()) == Some(&')');
                if !flags.is_empty() && closed || flags == ":" {
                    return Some(
                        "has a flag other than `(?i)` at its beginning; only that one is known"
                            .to_owned(),
                    );
                }
            }
            _ => {}
        }
        at += 1;
    }
    several(&chars)
}

/// Several patterns in one text, parted by commas.
fn several(chars: &[char]) -> Option<String> {
    let (mut parts, mut depth, mut escaped) = (vec![String::new()], 0_usize, false);
    for &c in chars {
        let open = !std::mem::take(&mut escaped);
        match c {
            '\\' if open => escaped = true,
            '{' | '[' if open => depth += 1,
            '}' | ']' if open => depth = depth.saturating_sub(1),
            ',' if open && depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let alone = |part: &String| part.trim().contains(['.', '*', '/']);
    if parts.len() < 2 || !parts.iter().all(alone) {
        return None;
    }
    let list: Vec<String> = parts.iter().map(|part| format!("\"{}\"", part.trim())).collect();
    Some(format!(
        "holds several; write a list of them: [{}] (a comma in a name is written `\\,`)",
        shown(&list.join(", "))
    ))
}

/// `**` beside other text, where it would cross no folder.
fn parts(pattern: &str) -> Option<String> {
    if !pattern.contains('/') {
        return None;
    }
    let bytes = pattern.as_bytes();
    let mut from = 0;
    while let Some(found) = pattern[from..].find("**") {
        let at = from + found;
        let end = at + bytes[at..].iter().take_while(|&&b| b == b'*').count();
        let before = at.checked_sub(1).map(|i| bytes[i]);
        let after = bytes.get(end).copied();
        let free = matches!(before, None | Some(b'/' | b'{' | b','))
            && matches!(after, None | Some(b'/' | b'}' | b','))
            && end - at == 2;
        if !free && before != Some(b'\\') {
            let (start, rest) = (&pattern[..at], &pattern[end..]);
            let meant = match (
                start.is_empty() || start.ends_with('/'),
                rest.is_empty() || rest.starts_with('/'),
            ) {
                (true, false) => format!("{start}**/*{rest}"),
                (false, true) => format!("{start}*/**{rest}"),
                _ => format!("{start}*{rest}"),
            };
            return Some(format!(
                "has `**` beside other text, where it crosses no folders; write `{}`",
                shown(&meant)
            ));
        }
        from = end;
    }
    None
}
