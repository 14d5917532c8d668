//! What is not a real value: placeholders, and values that are not secrets.
//!
//! A value counts as a placeholder when it is made of nothing but filler and
//! the words that people write where a value should go. A random value that
//! happens to hold such a word does not, since the rest of it is not a word.

mod defaults;
mod words;

use super::names::names_pin;
use super::{names_secret, vendor_secret};

pub(crate) use defaults::{is_command, is_development_default};
pub(super) use words::all as known_words;

use words::{Said, say};

/// Whether a value only stands for a real one: empty, `changeme`, `<your-key>`,
/// `xxx`, `${VAR}`, `your-secret-key-here`, …
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = unquoted(value.trim());
    value.is_empty()
        || is_marked(value)
        || is_filler(value)
        || is_cut_off(value)
        || is_example_host(value)
        || has_placeholder_parts(value)
        || says_so(value)
}

/// Whether a private key with something in it begins in this text. A template
/// has `…` or the like below the header.
pub(crate) fn holds_private_key(text: &str) -> bool {
    text.match_indices("PRIVATE KEY").any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let header = before.rfind("-----BEGIN ").is_some_and(|from| {
            before.get(from + 11..).is_some_and(|kind| {
                kind.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ')
            })
        });
        let behind = text.get(at + "PRIVATE KEY".len()..).unwrap_or_default();
        let behind = behind.strip_prefix(" BLOCK").unwrap_or(behind);
        header && behind.strip_prefix("-----").is_some_and(is_key_body)
    })
}

/// Whether the first line below a key's header is Base64. Headers of its own
/// (RFC 1421, RFC 9580) may stand between, and line ends may be written out.
fn is_key_body(behind: &str) -> bool {
    let lines = behind.replace("\\r", "\n").replace("\\n", "\n").replace('\\', "\n");
    let marks = |c: char| c.is_whitespace() || "\"'`+,;#*/".contains(c);
    lines
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

/// Whether a variable of this name with this value holds a secret: its name
/// says so (`SECRET`, `KEY`, `PASSWORD`, `TOKEN`, `DSN`, …) or its value does (a
/// URL with a password, a vendor's token format), and it is not a placeholder.
pub(crate) fn holds_secret(name: &str, value: &str) -> bool {
    if is_command(value) {
        return false;
    }
    let value = unquoted(value.trim());
    if is_placeholder(value) || (is_plain(value) && !is_pin(name, value)) {
        return false;
    }
    match vendor_secret(value) {
        Some("private key") => return holds_private_key(value),
        Some(_) => return true,
        None => {}
    }
    if let Some(user_info) = url_user_info(value) {
        let password = user_info.split_once(':').map(|(_, password)| password);
        return match password {
            Some(password) => !is_placeholder(password),
            // a token alone, as in `https://TOKEN@host` and a Sentry DSN
            None => user_info.len() >= 16 && !is_placeholder(user_info),
        };
    }
    if let Some((_, password)) = value.split_once(':')
        && name.to_ascii_lowercase().ends_with("auth")
    {
        // `BASIC_AUTH=user:password`
        return password.len() >= 6 && !is_placeholder(password) && !is_address_or_path(value);
    }
    !is_address_or_path(value) && names_secret(name)
}

/// The password within a URL, if it is a real one.
pub(crate) fn url_password(value: &str) -> Option<&str> {
    let (_, password) = url_user_info(unquoted(value.trim()))?.split_once(':')?;
    (!is_placeholder(password) && !is_plain(password)).then_some(password)
}

/// Whether a number is one that lets somebody in: `ADMIN_PIN=4711`.
pub(crate) fn is_pin(name: &str, value: &str) -> bool {
    let value = value.trim();
    (4..=12).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_digit())
        && value.bytes().any(|b| Some(b) != value.bytes().next())
        && names_pin(name)
}

/// Switches and small numbers, which are not secrets whatever their name.
pub(crate) fn is_plain(value: &str) -> bool {
    const SWITCHES: &[&str] =
        &["true", "false", "yes", "no", "on", "off", "enabled", "disabled", "lax", "strict"];
    SWITCHES.iter().any(|switch| value.eq_ignore_ascii_case(switch))
        || (value.len() <= 5 && value.bytes().all(|b| b.is_ascii_digit()))
}

fn is_address_or_path(value: &str) -> bool {
    let scheme = value.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme));
    scheme || value.starts_with("./") || value.starts_with("../") || is_absolute_path(value)
}

/// `/run/secrets/key`, but not base64 that happens to begin with `/`.
fn is_absolute_path(value: &str) -> bool {
    value.strip_prefix('/').is_some_and(|rest| {
        !rest.is_empty()
            && rest.len() <= 200
            && rest.split('/').all(|part| {
                part.chars().all(|c| c.is_ascii_alphanumeric() || "._- ".contains(c))
                    && part.len() <= 24
            })
            && rest.chars().filter(|c| c.is_ascii_uppercase() || c.is_ascii_digit()).count() * 4
                < rest.len()
    })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
}

/// `user:password` of `scheme://user:password@host/…`.
fn url_user_info(value: &str) -> Option<&str> {
    let (scheme, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    // a password that is not percent-encoded may hold any of these
    let upto = authority.rfind('@').or_else(|| rest.rfind('@'))?;
    is_scheme(scheme).then(|| rest.get(..upto)).flatten().filter(|info| !info.is_empty())
}

/// Quotes around a value that its reader kept.
fn unquoted(value: &str) -> &str {
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
    brackets.iter().any(|(open, close)| within(open, close).is_some_and(is_wordy))
        || holds_gap(value, "<", ">")
        || holds_gap(value, "{{", "}}")
}

/// Whether a gap with a name stands anywhere in the value: `https://<host>/`.
fn holds_gap(value: &str, open: &str, close: &str) -> bool {
    value.match_indices(open).any(|(at, _)| {
        value
            .get(at + open.len()..)
            .and_then(|rest| rest.split_once(close))
            .is_some_and(|(inner, _)| is_wordy(inner.trim()))
    })
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
fn is_example_host(value: &str) -> bool {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host).trim_end_matches(['>', '.']);
    let host = host.to_ascii_lowercase();
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
    let Some((scheme, rest)) = value.split_once("://").filter(|(scheme, _)| is_scheme(scheme))
    else {
        return false;
    };
    if rest.is_empty() && scheme != "sqlite" {
        return true;
    }
    let password = url_user_info(value).map(|info| info.split_once(':').map_or(info, |(_, p)| p));
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit('@').next().unwrap_or(host).split(':').next().unwrap_or(host);
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
