//! One pattern: which are refused, and how one is built.

use std::borrow::Cow;

use globset::GlobBuilder;

use super::{tokens, walk, written};
use crate::model::miswritten;

/// Before a pattern that does not tell capital letters from small ones.
pub(super) const ANY_CASE: &str = "(?i)";

/// Refuses a pattern that cannot be meant as it is written, or cannot match.
pub(super) fn check(written: &str) -> Result<(), String> {
    let pattern = written.strip_prefix(ANY_CASE).unwrap_or(written);
    let say = |wrong| Err(format!("the pattern `{}` {wrong}", written::shown(pattern)));
    if let Some(wrong) = written::wrong(pattern) {
        return say(wrong);
    }
    if let Some(why) = refused(pattern) {
        return Err(why);
    }
    glob(written)?;
    let plain = plainly(pattern).0;
    walk::impossible(&tokens::read(&plain), &plain).map_or(Ok(()), say)
}

/// Builds one pattern by the rules of [`Globs`](super::Globs).
pub(super) fn glob(written: &str) -> Result<globset::Glob, String> {
    let any_case = written.strip_prefix(ANY_CASE);
    let pattern = any_case.unwrap_or(written);
    let (plain, at_root) = plainly(pattern);
    let anywhere = match at_root || plain.contains('/') {
        true => plain,
        false => Cow::Owned(format!("**/{plain}")),
    };
    built(&anywhere, pattern, any_case.is_some())
}

/// Builds a pattern without a slash, to be matched against names.
pub(super) fn name_glob(written: &str) -> Result<globset::Glob, String> {
    let any_case = written.strip_prefix(ANY_CASE);
    let pattern = any_case.unwrap_or(written);
    built(pattern, pattern, any_case.is_some())
}

/// Why a pattern cannot be meant as it is written.
fn refused(pattern: &str) -> Option<String> {
    if let Some(why) = miswritten(pattern) {
        return Some(why);
    }
    if pattern.starts_with('/') || pattern.split('/').any(|part| part == "..") {
        return Some(format!(
            "the pattern `{pattern}` leaves the repository; patterns are relative to its root"
        ));
    }
    let folder = pattern.strip_suffix('/').or_else(|| pattern.strip_suffix("/."));
    if let Some(folder) = folder.filter(|folder| !plainly(&format!("{folder}/.")).0.is_empty()) {
        return Some(format!(
            "the pattern `{pattern}` names a folder and matches no file; write `{}/**` for the files in it",
            folder.trim_end_matches("/**")
        ));
    }
    if plainly(pattern).0.is_empty() || pattern == "." {
        return Some(format!(
            "the pattern `{pattern}` names the top folder and matches no file; write `**` for the files in it"
        ));
    }
    if pattern.contains(ANY_CASE) {
        return Some(format!(
            "the pattern `{pattern}` is not understood: `{ANY_CASE}` at the very beginning is the one flag there is"
        ));
    }
    if let Some(rest) = pattern.strip_prefix('!') {
        return Some(format!(
            "the pattern `{pattern}` takes nothing out, as it would in a .gitignore; write `\\!{rest}` for a name that begins with `!`"
        ));
    }
    None
}

/// A pattern without the parts that are `.`, and whether it begins with one, so
/// that it is bound to the root.
pub(super) fn plainly(pattern: &str) -> (Cow<'_, str>, bool) {
    let at_root = pattern.starts_with("./");
    if !at_root && !pattern.contains("/./") && !pattern.ends_with("/.") {
        return (Cow::Borrowed(pattern), false);
    }
    let parts: Vec<&str> = pattern.split('/').filter(|part| *part != ".").collect();
    (Cow::Owned(parts.join("/")), at_root)
}

fn built(glob: &str, shown: &str, any_case: bool) -> Result<globset::Glob, String> {
    let glob = if any_case { both_cases(glob)? } else { Cow::Borrowed(glob) };
    GlobBuilder::new(&glob)
        .literal_separator(true)
        .empty_alternates(true)
        .case_insensitive(any_case)
        .build()
        .map_err(|error| format!("`{shown}` is not a valid pattern of paths: {}", error.kind()))
}

/// A pattern with both cases of each letter outside of ASCII, which the matcher
/// does not fold.
fn both_cases(glob: &str) -> Result<Cow<'_, str>, String> {
    if glob.is_ascii() {
        return Ok(Cow::Borrowed(glob));
    }
    let mut both = String::new();
    let mut in_brackets = false;
    for letter in glob.chars() {
        in_brackets = (in_brackets || letter == '[') && letter != ']';
        let (lower, upper) = (letter.to_lowercase().to_string(), letter.to_uppercase().to_string());
        if letter.is_ascii() || lower == upper {
            both.push(letter);
        } else if in_brackets {
            return Err(format!(
                "`{glob}` has `{letter}` within brackets, where `{ANY_CASE}` does not fold it; write `{{{lower},{upper}}}` in place of the brackets"
            ));
        } else {
            both.push_str(&format!("{{{lower},{upper}}}"));
        }
    }
    Ok(Cow::Owned(both))
}
