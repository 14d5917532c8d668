//! What is not a real value: placeholders, and values that are not secrets.
//!
//! A value counts as a placeholder when it is made of nothing but filler and
//! the words that people write where a value should go. A random value that
//! happens to hold such a word does not, since the rest of it is not a word.

mod asking;
mod defaults;
mod made_up;
mod words;

use super::url;

pub(crate) use defaults::{is_command, is_development_default};
pub(super) use words::all as known_words;

use made_up::has_made_up;
use words::{Said, say};

/// Whether a value only stands for a real one: empty, `changeme`, `<your-key>`,
/// `xxx`, `${VAR}`, `your-secret-key-here`, …
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = unquoted(value.trim());
    if let Some(rest) = fallback(value) {
        return is_placeholder(rest);
    }
    if url::password(value).is_some_and(is_made_up) {
        return false;
    }
    value.is_empty()
        || is_marked(value)
        || is_filler(value)
        || is_cut_off(value)
        || is_example_host(value)
        || has_placeholder_parts(value)
        || says_so(value)
}

/// Whether a placeholder asks for another value, or says that none is there:
/// `changeme`, `<key>`, `none`. `password` and `secret` do not.
pub(crate) fn asks_for_value(value: &str) -> bool {
    let value = unquoted(value.trim());
    is_placeholder(value) && (say(value) != Said::Placeholder || asking::asks(value))
}

/// The part behind the sign of `${NAME:-rest}`, which counts when the variable is
/// not set (or, with `+`, when it is).
pub(crate) fn fallback(value: &str) -> Option<&str> {
    let inner = value.strip_prefix("${")?.strip_suffix('}')?;
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let rest = inner.get(end..)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    // more than one variable: `${A:-x}${B}`
    let closes =
        |rest: &&str| rest.find('}').is_none_or(|at| rest.find('{').is_some_and(|o| o < at));
    rest.strip_prefix(['-', '=', '+']).filter(|_| end > 0).filter(closes)
}

/// Whether somebody, or a machine, made it up to be a secret, whatever stands
/// around it: letters with digits among them.
fn is_made_up(password: &str) -> bool {
    !is_placeholder(password)
        && (has_made_up(password)
            || (password.len() >= 6
                && words::split(password).iter().any(|word| !words::is_known(word))
                && password.contains(|c: char| c.is_ascii_digit())
                && password.contains(|c: char| c.is_ascii_alphabetic())))
}

/// Quotes around a value that its reader kept.
pub(crate) fn unquoted(value: &str) -> &str {
    ['"', '\'', '`']
        .iter()
        .find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
        .trim()
}

/// Marked as a gap: `<…>`, `${…}`, `$NAME`, `{{…}}`, `%(…)s`, `[…]`, `__…__`, a comment.
fn is_marked(value: &str) -> bool {
    let within = |open: &str, close: &str| {
        value
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .filter(|inner| !inner.contains(open) && !inner.is_empty())
    };
    if within("${", "}").is_some()
        || within("$(", ")").is_some()
        || within("%(", ")s").is_some()
        || value.strip_prefix('$').is_some_and(is_variable)
        || value.starts_with("# ")
    {
        return true;
    }
    let brackets = [
        ("{", "}"),
        ("[", "]"),
        ("(", ")"),
        ("__", "__"),
        ("%", "%"),
        ("@@", "@@"),
        ("!!!", "!!!"),
    ];
    brackets.iter().any(|(open, close)| within(open, close).is_some_and(is_asked))
        || holds_gap(value, "<", ">", is_asked)
        || holds_gap(value, "{{", "}}", is_expression)
}

/// Whether a gap with a name stands anywhere in the value: `https://<host>/`.
fn holds_gap(value: &str, open: &str, close: &str, names: fn(&str) -> bool) -> bool {
    value.match_indices(open).any(|(at, _)| {
        value
            .get(at + open.len()..)
            .and_then(|rest| rest.split_once(close))
            .is_some_and(|(inner, _)| names(inner.trim()))
    })
}

/// What a template puts in: no string that somebody made up.
fn is_expression(text: &str) -> bool {
    !(text.is_empty() || text.contains(['"', '\'']) && has_made_up(text))
}

/// Words, none of which is a value in brackets.
fn is_asked(text: &str) -> bool {
    let words = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    (is_wordy(text) || text.contains(' ') && is_wordy(words)) && !has_made_up(text)
}

fn is_variable(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// A name or some words: letters first, then nothing but letters, digits and
/// what stands between words.
fn is_wordy(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic())
        && text.len() <= 80
        && text.chars().all(|c| c.is_alphanumeric() || " _-.'".contains(c))
}

/// The same character over and over, in groups or not: `xxx`, `XXXX-XXXX`,
/// `........`, `0000000`, or a value of which that is the better half.
fn is_filler(value: &str) -> bool {
    let is_gap = |c: char| "-_ .:/".contains(c);
    let mut solid = value.chars().filter(|&c| !is_gap(c)).map(|c| c.to_ascii_lowercase());
    let count = value.chars().count();
    let Some(first) = solid.next() else {
        // nothing but dots, dashes and the like
        return count >= 3 && !value.contains(['/', ':']);
    };
    let same: Option<usize> =
        solid.try_fold(1, |seen, c| if c == first { Some(seen + 1) } else { None });
    let enough = same.is_some_and(|seen| match first {
        '…' => true,
        'x' | '*' | '#' | '?' | '•' => seen >= 2,
        '0'..='9' => seen >= 6,
        _ => seen >= 4,
    });
    enough || mostly_one(value)
}

/// `AIzaSyXXXXXXXXXXXXXXXX`: a run of one filler character makes up half of it.
fn mostly_one(value: &str) -> bool {
    let mut longest = 0;
    let mut run = 0;
    let mut before = None;
    for c in value.chars().map(|c| c.to_ascii_lowercase()) {
        run = if before == Some(c) { run + 1 } else { 1 };
        before = Some(c);
        if "x*.#0•".contains(c) {
            longest = longest.max(run);
        }
    }
    longest >= 6 && longest * 2 >= value.chars().count()
}

/// `sk_live_51H...`: cut off, as documentation prints keys.
fn is_cut_off(value: &str) -> bool {
    value.ends_with("...") || value.ends_with('…')
}

/// Names that RFC 2606 and RFC 6761 keep out of use, so that no real value has
/// them: `smtp.example.com`, `you@example.org`, `https://shop.example`.
pub(crate) fn is_example_host(value: &str) -> bool {
    let host = url::host(value).trim_end_matches(['>', '.']).to_ascii_lowercase();
    ["example.com", "example.org", "example.net", "example.edu", "example", "invalid"].iter().any(
        |name| {
            host.strip_suffix(name).is_some_and(|before| {
                before.ends_with('.') || (before.is_empty() && name.contains('.'))
            })
        },
    )
}

/// A mailbox at a name that RFC 2606 and RFC 6761 keep out of use, or on this machine.
pub(crate) fn is_reserved_mailbox(value: &str) -> bool {
    const LOCAL: &[&str] = &["test", "localhost", "localdomain", "local"];
    let Some((user, host)) = value.split_once('@') else { return false };
    let plain = !user.is_empty() && user.chars().all(|c| c.is_alphanumeric() || "._+-".contains(c));
    let last = host.rsplit('.').next().unwrap_or(host).to_ascii_lowercase();
    let named = host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    plain && named && (is_example_host(host) || LOCAL.contains(&last.as_str()))
}

/// A vendor's prefix with a placeholder behind it, a URL whose password or host is one.
fn has_placeholder_parts(value: &str) -> bool {
    /// What vendors begin their keys with.
    const PREFIXES: &[&str] = &[
        "sk_test_",
        "sk_live_",
        "pk_test_",
        "pk_live_",
        "rk_test_",
        "rk_live_",
        "whsec_",
        "sk-ant-",
        "sk-proj-",
        "sk-",
        "ghp_",
        "gho_",
        "github_pat_",
        "glpat-",
        "xoxb-",
        "xoxp-",
        "gsk_",
        "AIzaSy",
        "AIza",
        "SG.",
        "AKIA",
        "hf_",
        "npm_",
        "pypi-",
        "re_",
        "price_",
        "prod_",
        "acct_",
        "key-",
    ];
    if let Some(rest) = PREFIXES.iter().find_map(|prefix| value.strip_prefix(prefix)) {
        return is_placeholder(rest);
    }
    let Some((scheme, rest)) = value.split_once("://").filter(|(scheme, _)| url::is_scheme(scheme))
    else {
        return false;
    };
    if rest.is_empty() && scheme != "sqlite" {
        return true;
    }
    let password = url::user_info(value).map(url::parts);
    let password = password.map(|(user, password)| password.unwrap_or(user));
    let host = url::host(value);
    password.is_some_and(|password| !password.starts_with("${") && is_placeholder(password))
        || host.split('.').any(|label| say(label) == Said::Placeholder)
        || (host.is_empty() && say(rest) == Said::Placeholder)
}

/// Made of the words that people write where a value should go.
fn says_so(value: &str) -> bool {
    if value.contains("://") || value.contains('@') && value.contains('.') {
        // an address is judged by its parts, a mail address by its local part
        let local = value.split_once('@').map(|(local, _)| local).filter(|l| !l.contains('/'));
        return local.is_some_and(|local| {
            say(local) == Said::Placeholder && words::split(local).iter().any(|w| w == "your")
        });
    }
    if let Some(path) = value.strip_prefix('/') {
        return path.starts_with("path/to") || path.starts_with("your");
    }
    say(value) == Said::Placeholder
}

#[cfg(test)]
mod tests;
